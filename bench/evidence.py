"""What a run left behind: rows in its output, requests in the account's log. Prints JSON.

Runs in its own process, so that the bench stays small; see child.py for why that matters.
"""

import json
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from traffic import Request, traffic

PATIENCE = 60  # seconds that the server may take to write down a hundred thousand requests


def main(question: str) -> None:
    """Answer with rows, distinct ids, those missing of the ids that stayed throughout, and the traffic."""
    asked: dict[str, Any] = json.loads(question)
    file, entity = Path(asked["file"]), asked["entity"]
    read = in_duckdb if asked["kind"] == "duckdb" else in_messages
    rows, ids = count(read(file, entity) if file.exists() else ())
    found = {"rows": rows, "distinct": len(ids), "missing": len(set(asked["stayed"]) - ids)}
    print(json.dumps(found | {"traffic": asdict(traffic(log(asked["url"]), entity))}))


def count(read: Iterable[int]) -> tuple[int, set[int]]:
    """Count ids, and keep each once."""
    rows, ids = 0, set()
    for identity in read:
        rows += 1
        ids.add(identity)
    return rows, ids


def log(url: str) -> list[Request]:
    """Fetch every request that the account saw, oldest first."""
    with urllib.request.urlopen(f"{url}/_sandbox/log", timeout=PATIENCE) as answer:  # noqa: S310 - loopback
        return [Request(line["time"], line["path"], line["status"]) for line in json.load(answer)]


def in_duckdb(file: Path, table: str) -> Iterator[int]:
    """Read the ids of the one table of that name, whatever schema it landed in."""
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(
            "select schema_name from duckdb_tables() where table_name = ? and schema_name not like '%staging%'", [table]
        ).fetchall()
        if found:
            rows = connection.execute(f'select cast(id as bigint) from "{found[0][0]}"."{table}"')  # noqa: S608
            while batch := rows.fetchmany(10_000):
                yield from (identity for (identity,) in batch)


def in_messages(file: Path, stream: str) -> Iterator[int]:
    """Read the ids of a stream among the messages that Airbyte and Singer print, one to a line."""
    import orjson

    with file.open("rb") as lines:
        for line in lines:
            if b'"RECORD"' not in line[:32]:
                continue
            try:
                message = orjson.loads(line)
            except orjson.JSONDecodeError:  # the last line of a run that was cut off
                continue
            record = message["record"]
            if stream == message.get("stream", record.get("stream")):
                yield int(record["data"]["id"] if "data" in record else record["id"])


if __name__ == "__main__":
    main(sys.argv[1])
