"""Parquet, here and behind a URL."""

from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.local import LocalFileSystem

from acflow.destinations import deliver, parse_target
from acflow.destinations.atomic_file import upload
from tests.destinations.deliver_harness import BrokenError, breaking, deals, source


def test_types_and_values_stay(tmp_path: Path) -> None:
    """What the warehouse knew, the file knows; lists and structs too."""
    table = deals().append_column("tags", pa.array([["a"], [], None, ["b", None]]))
    path = tmp_path / "out" / "deals.parquet"
    deliver(source(table), parse_target({"to": str(path)}, name="deals"))
    assert pq.read_table(path).equals(table)


def test_small_batches_become_large_groups(tmp_path: Path) -> None:
    """A group for each batch would make the file slow to read."""
    table = pa.table({"id": range(150_000)})
    path = tmp_path / "ids.parquet"
    deliver(source(table, batch=1_000), parse_target({"to": str(path)}, name="ids"))
    groups = pq.ParquetFile(path).metadata
    assert (groups.num_rows, groups.num_row_groups) == (150_000, 3)


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl", "xlsx"])
def test_any_file_goes_to_any_file_system(ending: str) -> None:
    """What breaks off leaves the file there as it was."""
    target = parse_target({"to": f"memory://bucket/{ending}/deals.{ending}"}, name="deals")
    deliver(source(deals()), target)
    system = fsspec.filesystem("memory")
    before = system.cat_file(f"/bucket/{ending}/deals.{ending}")
    with pytest.raises(BrokenError):
        deliver(breaking(deals()), target)
    assert system.cat_file(f"/bucket/{ending}/deals.{ending}") == before
    assert len(system.ls(f"/bucket/{ending}")) == 1


class Cut(LocalFileSystem):  # type: ignore[misc]  # a class of a package without types
    """A server far away that goes down in the middle of an upload."""

    def put_file(self, lpath: str, rpath: str, **_: object) -> None:
        Path(rpath).write_bytes(Path(lpath).read_bytes()[:3])
        raise ConnectionResetError


def test_where_uploads_show_early_another_name_comes_first(tmp_path: Path) -> None:
    """What is cut off is not taken for the new file, nor left lying about."""
    part, there = tmp_path / "part", tmp_path / "there" / "deals.csv"
    part.write_text("new rows")
    upload(LocalFileSystem(), part, str(there), whole=False)
    with pytest.raises(ConnectionResetError):
        upload(Cut(), part, str(there), whole=False)
    assert there.read_text() == "new rows"
    assert list(there.parent.iterdir()) == [there]
