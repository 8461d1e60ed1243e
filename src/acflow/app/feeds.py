"""Feeds: stable addresses under which a spreadsheet or a BI tool finds the newest rows of one table.

Only hashes of the secrets are kept; an address is shown once, when it is made.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acflow.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project

FILE = "feeds.json"
SECRET_BYTES = 32  # so many by chance need neither salt nor a slow hash
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `digest` is that of its secret; texts that a spreadsheet would calculate are disarmed unless `raw`."""

    id: str
    table: str
    digest: str
    made_at: str
    delimiter: str = ","
    bom: bool = False
    raw: bool = False
    columns: tuple[str, ...] = ()
    drop: tuple[str, ...] = field(default=())


def list_feeds(state: Path) -> list[Feed]:
    """Return the feeds, in the order in which they were made."""
    try:
        kept = json.loads((state / FILE).read_text(encoding="utf-8"))
        return [_feed(each) for each in kept]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{state / FILE} could not be read: {error}. Remove it and make the feeds anew.") from None


def _feed(kept: dict[str, Any]) -> Feed:
    return Feed(**kept | {"columns": tuple(kept.get("columns", ())), "drop": tuple(kept.get("drop", ()))})


def make_feed(state: Path, table: str, **options: Any) -> tuple[Feed, str]:  # noqa: ANN401 - fields of Feed
    """Make a feed of a table; return it and its secret, which is not kept."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    feed = Feed(secrets.token_hex(4), table, _hash(secret), made_at, **options)
    _write(state, [*list_feeds(state), feed])
    return feed, secret


def revoke_feed(state: Path, feed_id: str) -> bool:
    """Take a feed away; return whether there was one."""
    feeds = list_feeds(state)
    kept = [feed for feed in feeds if feed.id != feed_id]
    if len(kept) != len(feeds):
        _write(state, kept)
    return len(kept) != len(feeds)


def feed_of(state: Path, secret: str, table: str) -> Feed | None:
    """Return the feed of a secret and a table. How long it takes tells nothing of how near a guess was."""
    given, result = _hash(secret), None
    for feed in list_feeds(state):
        if hmac.compare_digest(feed.digest, given) and feed.table == table:
            result = feed
    return result


def write_rows(project: "Project", feed: Feed, form: str) -> Iterator[bytes]:
    """Yield the rows of a feed in one of the formats.

    Raises:
        ConfigError: there is no such table now.

    """
    from acflow.app.exports import csv_lines, json_lines, parquet_file, xlsx_file

    with _reading(project, feed) as reader:
        schema = reader.schema
        if form == "csv":
            yield from csv_lines(schema, reader, delimiter=feed.delimiter, bom=feed.bom, raw=feed.raw)
        elif form == "xlsx":
            yield from xlsx_file(feed.table, schema, reader)
        elif form == "parquet":
            yield from parquet_file(schema, reader)
        else:
            yield from json_lines(reader, array=form == "json")


@contextmanager
def _reading(project: "Project", feed: Feed) -> "Iterator[pa.RecordBatchReader]":
    """Yield the rows: of a table, or of a report that is no table, which is answered now."""
    from acflow.app.data import columns, stream, table_named
    from acflow.app.rows import RowsQuery

    report = unkept_reports(project).get(feed.table)
    if report is not None:
        from acflow.app.reports import answer

        table = answer(project, report).table
        yield table.select(list(_wanted(feed, table.column_names))).to_reader()
        return
    name = table_named(project, feed.table)
    known = [column.name for column in columns(project, name) if not column.name.startswith("_dlt")]
    with stream(project, name, RowsQuery(columns=_wanted(feed, known))) as reader:
        yield reader


def unkept_reports(project: "Project") -> dict[str, str]:
    """Return the reports that are not kept as tables, by the name that their table would have."""
    from acflow.app.reports import list_reports

    kept = set(project.reader().tables())
    return {report.table: report.name for report in list_reports() if report.table not in kept}


def _wanted(feed: Feed, known: "Sequence[str]") -> tuple[str, ...]:
    wanted = [name for name in feed.columns if name in known] or known
    return tuple(name for name in wanted if name not in feed.drop)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _write(state: Path, feeds: list[Feed]) -> None:
    from acflow.app.files import write_whole

    state.mkdir(parents=True, exist_ok=True)
    write_whole(state / FILE, json.dumps([asdict(feed) for feed in feeds], indent=1), mode=0o600)
