"""What the flow file says of destinations: understood, or refused before anything is read."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from acflow.destinations import DESTINATIONS, Source, deliver, from_warehouse, parse_target
from acflow.destinations.registry import WORDS
from acflow.destinations.sheets import KEY_FILE
from acflow.engine import open_warehouse
from acflow.errors import ConfigError
from acflow.flows.spec import Delivery
from tests.destinations.deliver_harness import deals

MISTAKES: Mapping[str, tuple[dict[str, Any], str]] = {
    "no address": ({}, "needs an address"),
    "unknown word": ({"to": "a.csv", "shet": "x"}, r"shet says nothing about a destination. Did you mean sheet\?"),
    "unknown ending": ({"to": "out/deals.xls"}, r"out/deals.xls is no destination .* Did you mean \.xlsx\?"),
    "unknown scheme": ({"to": "sqlit://deals"}, r"Did you mean sqlite\?"),
    "no idea": ({"to": "deals"}, r"Use a file, such as out/deals.csv"),
    "unknown format": ({"to": "deals", "format": "cvs"}, r"cvs is no format of a file. Did you mean csv\?"),
    "unknown file system": ({"to": "sfpt://h/a.csv"}, r"no file system goes by sfpt://. Did you mean sftp\?"),
    "missing package": ({"to": "s3://bucket/a.csv"}, r"needs a package that is not here. .*s3fs"),
    "a web address": ({"to": "https://example.com/a.csv"}, "can be read and not written"),
    "a folder": ({"to": "folder.csv"}, "folder.csv is a folder"),
    "a file for a folder": ({"to": "file/deals.csv"}, r"file is a file, not a folder"),
    "a pipe": ({"to": "pipe.csv"}, "pipe.csv is no regular file"),
    "a pipe as a database": ({"to": "sqlite:///pipe.csv"}, "pipe.csv is no regular file"),
    "a socket": ({"to": "socket.csv"}, "socket.csv is no regular file"),
    "a device": ({"to": "/dev/null", "format": "csv"}, "/dev/null is no regular file"),
    "a link to a device": ({"to": "device.csv"}, "device.csv is no regular file"),
    "a NUL": ({"to": "a\0.csv"}, "holds a NUL character"),
    "a NUL in a URL": ({"to": "duckdb:///a%00.duckdb"}, "holds a NUL character"),
    "a mode that files lack": ({"to": "a.csv", "mode": "append"}, r"CSV cannot append: a.csv. Modes .*: replace"),
    "an option of others": ({"to": "a.parquet", "bom": True}, "bom means nothing to Parquet"),
    "a table in a file": ({"to": "a.xlsx", "table": "x"}, "table means nothing to Excel"),
    "a delimiter of nobody": ({"to": "a.csv", "delimiter": "x"}, "'x' is no delimiter of CSV"),
    "merge without a key": ({"to": "duckdb:///a.duckdb", "mode": "merge"}, "which columns tell rows apart"),
    "a key without merge": ({"to": "duckdb:///a.duckdb", "key": "id"}, "key is for merge alone"),
    "a database without a file": ({"to": "sqlite://"}, "names no file. Write it as sqlite:///"),
    "a database in a file": ({"to": "sqlite:///file/a.sqlite"}, "is a file, not a folder"),
    "a treatment of nobody": ({"to": "a.csv", "privacy": {"id": "hsah"}}, r"hsah is none. Did you mean hash\?"),
    "a key that is dropped": (
        {"to": "duckdb:///a.duckdb", "mode": "merge", "key": "id", "privacy": {"id": "drop"}},
        "id is the key and cannot be dropped. Hash it",
    ),
    "a table that is cut": ({"to": "postgresql://h/d", "table": "t" * 64}, "too long for a table of PostgreSQL"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    """Each by its own words, and nothing appears in the folder."""
    spec, said = MISTAKES[mistake]
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "device.csv").symlink_to("/dev/null")
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind("socket.csv")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ConfigError, match=said):
        parse_target(spec, name="deals", folder=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_no_password_is_printed() -> None:
    """A destination's address is shown in tables and messages."""
    target = parse_target({"to": "postgresql://ann:s3cret@server:5432/bi?sslkey=s3cret"}, name="deals")
    assert target.shown == "postgresql://server:5432/bi"
    assert "s3cret" not in repr(target)


OPTIONS: Mapping[str, Any] = {
    "header": False,
    "bom": True,
    "delimiter": ";",
    "sheet": "S",
    "table": "t",
    "decimal": ".",
    "date_format": "%d.%m.%Y",
    "zone": "Europe/Berlin",
    "formats": {"a": "percent"},
}


def specs() -> Iterator[dict[str, Any]]:
    """Yield what the flow file may say, for each kind of destination, each of its modes and each of its options."""
    for kind in DESTINATIONS:
        for address in [f"out/deals{ending}" for ending in kind.endings] or [kind.example]:
            for mode in kind.modes:
                yield {"to": address, "mode": mode, **({"key": ["id"]} if mode == "merge" else {})}
            for option in sorted(kind.options & OPTIONS.keys()):
                yield {"to": address, option: OPTIONS[option]}
        if kind.endings:
            yield {"to": "out/deals", "format": kind.name, "privacy": {"email": "hash"}}


@pytest.mark.parametrize("spec", list(specs()), ids=str)
def test_what_the_flow_file_takes_can_be_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any]
) -> None:
    """Every word of a checked flow file means something here, and none is lost on the way."""
    (tmp_path / "key.json").touch()
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "key.json"))
    said = Delivery.model_validate(spec)
    target = parse_target(said.model_dump(), name="deals")
    for word, value in spec.items():
        if word != "format":
            given = getattr(target, word)
            assert (list(given) if word == "key" else given) == value
    assert target.kind == spec.get("format", target.kind)


def test_both_sides_know_the_same_words() -> None:
    """What the flow file may say of a destination means something to one, and the other way round."""
    assert set(WORDS) == set(Delivery.model_fields)


@pytest.mark.parametrize("kind", DESTINATIONS, ids=lambda kind: kind.name)
def test_each_kind_is_told_by_its_address(kind: Any) -> None:  # noqa: ANN401 - an id function cannot name its type
    """No ending or prefix belongs to two kinds."""
    others = {word for other in DESTINATIONS if other is not kind for word in (*other.endings, *other.prefixes)}
    assert kind.endings or kind.prefixes
    assert not others & {*kind.endings, *kind.prefixes}


def test_a_relative_path_begins_at_the_flow_file(tmp_path: Path) -> None:
    """Wherever the command was typed."""
    project = tmp_path / "project"
    project.mkdir()
    for to, path in (("out/a.csv", "out/a.csv"), ("sqlite:///out/a.sqlite", "out/a.sqlite")):
        target = parse_target({"to": to}, name="deals", folder=project)
        deliver(Source("deals", deals().schema, 4, deals().to_batches()), target)
        assert (project / path).is_file()


def test_a_warehouse_may_be_its_own_destination(tmp_path: Path) -> None:
    """It is closed before the first row is written, so a DuckDB file does not stand in its own way."""
    path = tmp_path / "acflow.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA activecampaign")
        connection.execute("CREATE TABLE activecampaign.deals AS SELECT range AS id FROM range(10000)")
    warehouse = open_warehouse(f"duckdb:///{path}", "activecampaign", patience=1.0)
    found = from_warehouse("deals", warehouse, "SELECT id FROM deals WHERE id > 4999 ORDER BY id DESC")
    delivered = deliver(found, parse_target({"to": f"duckdb:///{path}", "table": "bi.late"}, name="deals"))
    assert delivered.rows == 5000
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT min(id), max(id), count(*) FROM bi.late").fetchall() == [(5000, 9999, 5000)]
