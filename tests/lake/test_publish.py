"""One table of the lake: parts, types, several writers at once, and a kill in the middle."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable

from acflow.engine import Warehouse, open_warehouse
from acflow.lake.delta import entries_of
from acflow.lake.notes import Notes
from acflow.lake.parts import width
from acflow.lake.place import Lake
from acflow.lake.publish import Job, publish_table
from tests.lake.lake_harness import delta, in_lake, in_warehouse, paths
from tests.postgresql_harness import postgresql_database

KILLED = """
import os, sys
from pathlib import Path
from deltalake import DeltaTable
from tests.lake.test_publish import job_of, warehouse_of
DeltaTable.create_write_transaction = lambda *_, **__: os._exit(9)
from acflow.lake.publish import publish_table
folder = Path(sys.argv[1])
publish_table(job_of(folder, warehouse_of(folder)), "t")
"""
ODD = """
create table activecampaign.t as
select i as id, i % 3 = 0 as flag, (i * 1.5)::decimal(28,4) as amount,
    i / 7.0::double as share,
    date '2024-01-31' as day, timestamptz '2024-05-01 12:00:00.123456+02' as instant,
    timestamp '2024-05-01 12:00' as wall,
    null::varchar as nothing, '{"a": 1}'::json as doc, [i, 2] as list, {'a': i} as struct, 2::hugeint as huge,
    time '12:00' as hour, 'Ü' || i as text from range(5) r(i)
"""
IN_POSTGRESQL = """
create table activecampaign.t as select i::bigint as id, 'n' || i as name, (i * 1.5)::numeric(28,4) as amount,
    '2024-05-01 12:00+02'::timestamptz as instant, '{"a": 1}'::jsonb as doc, null::varchar as nothing
from generate_series(-5, 70000) as s(i)
"""


def warehouse_of(folder: Path, name: str = "w", patience: float = 5.0) -> Warehouse:
    """Return a DuckDB warehouse in a folder."""
    return open_warehouse(f"duckdb:///{folder / name}.duckdb", "activecampaign", patience=patience, memory=128)


def job_of(folder: Path, source: Warehouse, account: str = "north", keep: int = 7) -> Job:
    """Return who publishes what to where."""
    lake = Lake(str(folder / "lake"))
    return Job(lake, account, source, Notes(folder / account, lake.url), timedelta(days=keep))


@pytest.fixture
def numbers(tmp_path: Path) -> Callable[..., Warehouse]:
    """Return a warehouse whose table `t` has so many rows."""

    def made(rows: int = 10, name: str = "w") -> Warehouse:
        warehouse = warehouse_of(tmp_path, name)
        warehouse.execute(
            [
                "create schema if not exists activecampaign",
                f"create or replace table activecampaign.t as select i as id, 'n' || i as name from range({rows}) r(i)",  # noqa: S608
            ]
        )
        return warehouse

    return made


def test_only_parts_that_changed_get_new_files(tmp_path: Path, numbers: Callable[..., Warehouse]) -> None:
    """A row that changed, one that is new, a part whose rows are all gone, and nothing at all."""
    source, lake = numbers(200_000), tmp_path / "lake"
    job = job_of(tmp_path, source)
    assert publish_table(job, "t").parts_written == 4
    before = {entry.part: entry.path for entry in entries_of(delta(lake, "t"))}
    assert not publish_table(job, "t").changed
    source.execute(["update activecampaign.t set name = null where id = 70000"])
    assert publish_table(job, "t").parts_written == 1
    after = {entry.part: entry.path for entry in entries_of(delta(lake, "t"))}
    assert {part for part in before if before[part] != after[part]} == {1}
    source.execute(
        ["delete from activecampaign.t where id >= 196608", "insert into activecampaign.t values (null, 'x')"]
    )
    done = publish_table(job, "t")
    assert (done.parts_written, done.parts_removed) == (1, 1)
    assert in_lake(lake, "t") == in_warehouse(source, "t")
    source.execute(["update activecampaign.t set name = case id when 1 then 'n2' when 2 then 'n1' else name end"])
    assert publish_table(job, "t").parts_written == 1, "values that changed places are a change"


def test_without_its_notes_or_with_rows_deleted_by_others_everything_is_written(
    tmp_path: Path, numbers: Callable[..., Warehouse]
) -> None:
    source = numbers()
    job = job_of(tmp_path, source)
    publish_table(job, "t")
    job.notes.forget("t")
    assert publish_table(job, "t").changed
    assert not publish_table(job, "t").changed
    DeltaTable(str(tmp_path / "lake" / "t")).delete("id = 3")
    assert publish_table(job, "t").changed
    assert in_lake(tmp_path / "lake", "t") == in_warehouse(source, "t")


def test_parts_hold_about_as_many_rows_however_sparse_keys_are() -> None:
    assert width(1_000_000, 1_000_000, None) == 16
    assert width(1_000, 4_000_000_000, None) >= 32, "else a thousand files of one row each"
    assert width(0, 1, None) == 16
    assert width(1_000_000, 3_000_000, 16) == 16, "a width that is about right stays"
    assert width(1_000_000, 30_000_000, 16) == 21


def test_every_type_comes_through(tmp_path: Path) -> None:
    """In the types that all readers know: what is none of them is the text that deliveries have of it."""
    source = warehouse_of(tmp_path)
    source.execute(["create schema activecampaign", ODD])
    publish_table(job_of(tmp_path, source), "t")
    kinds = {field.name: str(field.type) for field in delta(tmp_path / "lake", "t").schema().fields}
    assert kinds["instant"] == 'PrimitiveType("timestamp")'
    assert kinds["wall"] == 'PrimitiveType("timestamp_ntz")'
    assert kinds["amount"] == 'PrimitiveType("decimal(28,4)")'
    assert list(kinds)[:3] == ["_account", "_part", "id"]
    as_text = ("doc", "list", "struct", "hour")
    lake = {row["id"]: row for row in in_lake(tmp_path / "lake", "t")}
    for row in in_warehouse(source, "t"):
        there = lake[row["id"]]
        assert {name: there[name] for name in row if name not in as_text} == {
            name: value for name, value in row.items() if name not in as_text
        }
    assert (lake[4]["list"], lake[4]["struct"], lake[4]["hour"]) == ("[4,2]", '{"a":4}', "12:00:00")


def test_columns_are_added_and_never_dropped(tmp_path: Path, numbers: Callable[..., Warehouse]) -> None:
    source, lake = numbers(), tmp_path / "lake"
    job = job_of(tmp_path, source)
    publish_table(job, "t")
    source.execute(["alter table activecampaign.t add column seen timestamp default timestamp '2024-01-01'"])
    assert publish_table(job, "t").remark == "seen added"
    assert in_lake(lake, "t") == in_warehouse(source, "t")
    source.execute(["alter table activecampaign.t drop column name"])
    publish_table(job, "t")
    assert {row["name"] for row in in_lake(lake, "t")} == {None}


def test_another_type_rewrites_the_table_in_one_commit(tmp_path: Path, numbers: Callable[..., Warehouse]) -> None:
    source, lake = numbers(), tmp_path / "lake"
    job = job_of(tmp_path, source)
    publish_table(job, "t")
    version = delta(lake, "t").version()
    source.execute(["alter table activecampaign.t alter name type bigint using 7"])
    done = publish_table(job, "t")
    assert done.remark == "the type of name changed, so all of it was written anew"
    assert delta(lake, "t").version() == version + 1
    assert in_lake(lake, "t") == in_warehouse(source, "t")


def test_accounts_of_different_types_meet_in_one_that_holds_both(
    tmp_path: Path, numbers: Callable[..., Warehouse]
) -> None:
    """And it stays so: whoever publishes next does not turn the column back."""
    lake, north, south = tmp_path / "lake", numbers(name="north"), numbers(name="south")
    north.execute(["alter table activecampaign.t alter name type bigint using 7"])
    jobs = [job_of(tmp_path, north, "north"), job_of(tmp_path, south, "south")]
    for job in jobs:
        publish_table(job, "t")
    for job in jobs:
        assert not publish_table(job, "t").changed
    assert {row["name"] for row in in_lake(lake, "t", "north")} == {"7"}
    assert in_lake(lake, "t", "south") == in_warehouse(south, "t")
    north.execute(["update activecampaign.t set name = 8"])
    assert publish_table(jobs[0], "t").remark is None
    assert {row["name"] for row in in_lake(lake, "t", "north")} == {"8"}


def test_four_accounts_write_one_table_at_once(tmp_path: Path, numbers: Callable[..., Warehouse]) -> None:
    """From the first commit, which makes the table, to changes of each; no row of another is touched."""
    sources = {name: numbers(100 + place, name) for place, name in enumerate(("a", "b", "c", "d"))}
    jobs = [job_of(tmp_path, source, name) for name, source in sources.items()]
    for change in range(3):
        with ThreadPoolExecutor(len(jobs)) as pool:
            assert all(done.changed for done in pool.map(lambda job: publish_table(job, "t"), jobs))
        for name, source in sources.items():
            assert in_lake(tmp_path / "lake", "t", name) == in_warehouse(source, "t")
            source.execute([f"update activecampaign.t set name = '{change}' where id < 10"])  # noqa: S608


def test_a_kill_before_the_commit_leaves_the_version_before_whole(
    tmp_path: Path, numbers: Callable[..., Warehouse]
) -> None:
    source, lake = numbers(), tmp_path / "lake"
    job = job_of(tmp_path, source)
    publish_table(job, "t")
    before, kept = in_lake(lake, "t"), paths(lake, "t")
    source.execute(["update activecampaign.t set name = 'new'"])
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False
    )
    assert killed.returncode == 9
    assert len(list((lake / "t").rglob("*.parquet"))) > len(kept), "it had written its files"
    assert in_lake(lake, "t") == before
    publish_table(job_of(tmp_path, source, keep=0), "t")
    assert in_lake(lake, "t") == in_warehouse(source, "t")
    there = {str(path.relative_to(lake / "t")) for path in (lake / "t").rglob("*.parquet")}
    assert there == paths(lake, "t"), "and what the killed one left is gone"


def test_postgresql_is_published_too(tmp_path: Path) -> None:
    """A row's change is seen there as well, in the part that it belongs to."""
    source = open_warehouse(postgresql_database(tmp_path), "activecampaign", patience=5.0, memory=128)
    source.execute(["create schema activecampaign", IN_POSTGRESQL])
    job, lake = job_of(tmp_path, source), tmp_path / "lake"
    assert publish_table(job, "t").parts_written == 3
    assert in_lake(lake, "t") == in_warehouse(source, "t")
    source.execute(["update activecampaign.t set name = 'other' where id = 69999"])
    assert publish_table(job, "t").parts_written == 1
    assert not publish_table(job, "t").changed
    assert in_lake(lake, "t") == in_warehouse(source, "t")
