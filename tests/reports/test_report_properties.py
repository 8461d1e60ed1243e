"""Every measure twice: by the report's SQL, and in plain Python over the same made-up rows."""

from collections.abc import Callable

import pytest
import reckoning
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_world import World, make
from reckoning import Result
from report_desk import duckdb_with, rows_of

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORLDS = st.builds(make, st.integers(0, 10**6), size=st.integers(1, 40), history=st.booleans(), log=st.booleans())
RECKONED: dict[str, tuple[tuple[str, ...], Callable[[World], Result]]] = {
    "campaign_performance": (("campaign_id",), reckoning.campaign_performance),
    "campaigns_by_type": (("type", "running"), reckoning.campaigns_by_type),
    "campaigns_by_month": (("month",), reckoning.campaigns_by_month),
    "list_growth": (("list_id", "day"), reckoning.list_growth),
    "engagement_tiers": (("tier",), reckoning.engagement_tiers),
    "forecast": (("bucket", "month", "currency"), reckoning.forecast),
    "velocity": (("cut", "name", "currency"), reckoning.velocity),
    "stage_conversion": (("stage",), reckoning.stage_conversion),
    "time_in_stage": (("stage",), reckoning.time_in_stage),
    "activity_gaps": (("owner", "currency"), reckoning.activity_gaps),
}


@pytest.mark.parametrize("name", RECKONED)
@FEW
@given(world=WORLDS)
def test_sql_and_plain_reckoning_agree(name: str, world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same rows by the same keys, with the same figures."""
    folder = tmp_path_factory.mktemp(name)
    keys, reckon = RECKONED[name]
    expected = reckon(world)
    found = {tuple(row[key] for key in keys): row for row in rows_of(duckdb_with(folder, **world), name)}
    if name == "velocity":
        found = {key: row for key, row in found.items() if key[0] == "all"}
    assert found.keys() == expected.keys()
    for key, line in expected.items():
        for column, value in line.items():
            assert _same(found[key][column], value), (key, column, found[key][column], value)


def _same(found: object, expected: object) -> bool:
    if found is None or expected is None or isinstance(expected, str):
        return found == expected
    return bool(float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-3))  # type: ignore[arg-type]
