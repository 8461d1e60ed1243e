"""A table holds exactly what the account holds, whichever way it was read; what is gone of it stands beside."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from activecampaign_sandbox import Life, make_world, running
from tests.history.believed import DRIFTING, plain
from tests.history.history_harness import KINDS, Project

WAYS: dict[str, tuple[bool, ...]] = {"full": (False,), "incremental": (True,), "mixed": (True, False)}  # by changes?
READ = ("contacts", "deals", "contactLists", "fields", "fieldValues")
WIDE = ("contacts_custom", "contacts_wide")
ASIDE = {"sentcnt", "bounced_soft", "bounced_hard", *DRIFTING["contacts"], *DRIFTING["deals"]}  # no date tells of these
DAYS = {"DuckDB": 3, "PostgreSQL": 2}


def contents(project: Project, name: str) -> dict[int, dict[str, Any]]:
    """Return the rows of a table by id, with values as all databases write them."""
    rows = project.rows(f'SELECT * FROM "{name}"')  # noqa: S608 - our own names
    assert len({row["id"] for row in rows}) == len(rows), name
    return {
        row["id"]: {column: plain(value) for column, value in sorted(row.items()) if column not in ASIDE}
        for row in rows
    }


def lived(projects: dict[str, Project], life: Life, days: int) -> dict[str, set[int]]:
    """Read the account day by day, each project in its way; return what was deleted meanwhile, by entity."""
    gone: dict[str, set[int]] = {"contacts": set(), "deals": set()}
    for day in range(days):
        for way, by_changes in WAYS.items():
            projects[way].run(*READ, incremental=by_changes[day % len(by_changes)])
        life.day()
        for name, ids in gone.items():
            key = life.world.ids(name)[day * 2]
            life.world.delete(name, key)
            ids.add(key)
        if day == 1:
            life.world.delete("fieldValues", life.world.ids("fieldValues")[3])
            life.world.delete("contactLists", life.world.ids("contactLists")[4])
    for project in projects.values():
        project.run(*READ)
    return gone


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_days_give_the_same_tables_by_each_way_to_read(tmp_path: Path, kind: str) -> None:
    """In full, by changes, and now so, now so: equal tables, equal wide tables, and the same rows beside them."""
    world = make_world("small", contacts=60, deals=20)
    with running(world) as sandbox:
        projects = {way: Project(world, sandbox, tmp_path / way, kind) for way in WAYS}
        gone = lived(projects, Life(world, pace=0.5), DAYS[kind])
        for name in (*READ, *WIDE):
            tables = {way: contents(project, name) for way, project in projects.items()}
            assert name in WIDE or tables["full"].keys() == set(world.ids(name)), name
            assert tables["incremental"] == tables["full"], name
            assert tables["mixed"] == tables["full"], name
        for project, name in product(projects.values(), gone):
            deleted = contents(project, f"{name}_deleted").keys()
            assert deleted >= gone[name]
            assert not deleted & set(world.ids(name))
