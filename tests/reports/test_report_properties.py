"""Every measure twice: by the report's SQL, and in plain Python over the same made-up rows."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from acflow.reports import REPORTS, Format, report
from tests.reports import oracle_audience as audience
from tests.reports import oracle_events as events
from tests.reports import oracle_mail as mail
from tests.reports import oracle_revops as revops
from tests.reports import oracle_sales as sales
from tests.reports import oracle_stages as stages
from tests.reports.plain import Result
from tests.reports.random_world import World, make
from tests.reports.report_harness import duckdb_with, rows_of

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# What a world is made of, since the rows themselves are too many to be shown.
WORLDS = st.fixed_dictionaries(
    {"seed": st.integers(0, 10**6), "size": st.integers(1, 40), "history": st.booleans(), "log": st.booleans()}
)
DIMENSION = ("dimension", "name", "currency")
ORACLES: dict[str, tuple[tuple[str, ...], Callable[[World], Result]]] = {
    "campaign_performance": (("campaign_id",), mail.campaign_performance),
    "campaigns_by_month": (("month",), mail.campaigns_by_month),
    "campaigns_by_type": (("type", "running"), mail.campaigns_by_type),
    "campaigns_by_list": (("list_id",), mail.campaigns_by_list),
    "split_tests": (("campaign_id", "message_id"), mail.split_tests),
    "same_age": (("campaign_id", "age"), mail.same_age),
    "list_health": (("list_id",), audience.list_health),
    "list_growth": (("list_id", "day"), audience.list_growth),
    "account_growth": (("month",), audience.account_growth),
    "engagement_tiers": (("tier",), audience.engagement_tiers),
    "tier_movement": (("from_tier", "to_tier"), audience.tier_movement),
    "proxy_opens": (("month",), mail.proxy_opens),
    "reader_tiers": (("recency", "frequency"), events.reader_tiers),
    "open_delays": (("unit", "after"), events.open_delays),
    "send_hours": (("hour",), events.send_hours),
    "link_clicks": (("campaign_id", "link_id"), events.link_clicks),
    "mail_domains": (("domain",), events.mail_domains),
    "pipeline": (("pipeline", "stage", "owner", "probability_band", "currency"), sales.pipeline),
    "forecast": (("bucket", "month", "currency"), sales.forecast),
    "forecast_coverage": (("currency",), sales.forecast_coverage),
    "forecast_accuracy": (("month", "currency"), sales.forecast_accuracy),
    "win_rate": (DIMENSION, sales.win_rate),
    "deal_size": (DIMENSION, sales.deal_size),
    "sales_cycle": (DIMENSION, sales.sales_cycle),
    "velocity": (DIMENSION, sales.velocity),
    "stage_conversion": (("stage",), stages.stage_conversion),
    "time_in_stage": (("stage",), stages.time_in_stage),
    "slippage": (("pipeline", "currency"), sales.slippage),
    "activity_gaps": (("owner", "currency"), sales.activity_gaps),
    "deals_with_contacts": (("deal_id",), sales.deals_with_contacts),
    "unified": (("contact_id",), revops.unified),
    "segment_audit": (("segment_id",), mail.segment_audit),
    "form_funnel": (("form_id", "currency"), revops.form_funnel),
    "data_health": (("finding", "entity"), revops.data_health),
}


@FEW
@example(
    of={"seed": 30, "size": 1, "history": False, "log": False}
)  # no contact that there is, in a table that was read
@given(of=WORLDS)
def test_sql_and_oracle_agree(of: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same rows by the same keys, with the same figures; and a share is a part of a whole."""
    world = make(**of)
    warehouse = duckdb_with(tmp_path_factory.mktemp("world"), **world)
    with warehouse.held():
        for name, (keys, oracle) in ORACLES.items():
            rows = rows_of(warehouse, name)
            found = {tuple(row[key] for key in keys): row for row in rows}
            expected = oracle(world)
            assert found.keys() == expected.keys(), name
            for key, line in expected.items():
                for column, value in line.items():
                    assert _same(found[key][column], value), (name, key, column, found[key][column], value)
            shares = [column.name for column in report(name).columns if column.kind is Format.SHARE]
            outside = [row for row in rows for column in shares if not 0 <= (row[column] or 0) <= 1]
            assert outside == [], (name, shares)


@FEW
@given(of=WORLDS)
def test_the_days_of_a_list_add_up(of: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Active before + new - unsubscribed - bounced - deleted = active, on every list and day."""
    world = make(**of)
    rows = rows_of(duckdb_with(tmp_path_factory.mktemp("lists"), **world), "list_growth")
    for before, row in pairwise(rows):
        moves = [row[name] for name in ("new", "unsubscribed", "bounced", "deleted")]
        if None not in moves:
            assert row["net"] == moves[0] - sum(moves[1:]), row
        if before["list_id"] == row["list_id"] and None not in {before["active"], row["active"]}:
            assert before["active"] + row["net"] == row["active"], (before, row)


def test_no_report_is_left_out() -> None:
    """A new one comes with its oracle."""
    assert list(ORACLES) == [each.name for each in REPORTS]


def _same(found: object, expected: object) -> bool:
    if found is None or expected is None or isinstance(expected, str | date):
        return found == expected
    return bool(float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-3))  # type: ignore[arg-type]
