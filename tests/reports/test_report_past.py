"""Reports of a day that is over, of tables that are behind, and in the account's own time zone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acflow.engine import Warehouse
from acflow.reports import REPORTS, Answer, Options, PastUnknownError, ReportSession, Role, answer, report
from acflow.reports.document.build import build
from acflow.reports.figures.model import Chart
from acflow.reports.past import can_take_back
from tests.reports.report_harness import NOW, Row, duckdb_with

READ = NOW - timedelta(hours=1)
BEGAN = NOW - timedelta(days=60) + timedelta(seconds=30)


def readings(**later: datetime) -> list[Row]:
    """Return when tables were read: an hour ago, if nothing else is given."""
    names = dict.fromkeys(("deals", "users", "contacts", "campaigns", "lists", "contactLists"), READ) | later
    return [{"entity": name, "read_at": moment} for name, moment in names.items()]


def deal(key: int, status: int = 0, amount: int = 100, **more: Any) -> Row:  # noqa: ANN401 - any column
    """Return a deal."""
    known = {"id": key, "status": status, "amount": amount, "currency": "usd", "group": 1, "stage": 1, "percent": 50}
    return {**known, "cdate": NOW - timedelta(days=90), "mdate": NOW - timedelta(days=1), **more}


def version(row: Row, begins: datetime, ends: datetime | None = None) -> Row:
    """Return a version of a row."""
    return {**row, "_valid_from": begins, "_valid_to": ends}


def lived(folder: Path) -> Warehouse:
    """Return a warehouse in which one deal was won, one came, one grew and one was deleted ten days ago."""
    turn = NOW - timedelta(days=10)
    won, grown, came = deal(1, 1), deal(2, amount=900), deal(3, cdate=turn)
    history = [
        version(deal(1), BEGAN, turn),
        version(won, turn),
        version(deal(2), BEGAN, turn),
        version(grown, turn),
        version(came, turn),
        version(deal(4), BEGAN, turn),
    ]
    return duckdb_with(folder, deals=[won, grown, came], deals_history=history, _readings=readings(), users=[{"id": 1}])


def pipeline(warehouse: Warehouse, moment: datetime) -> tuple[int, int]:
    """Return the open deals and their value as the pipeline tells them of an instant."""
    rows = answer(warehouse, report("pipeline"), Options(as_of=moment)).table.to_pylist()
    return sum(row["deals"] for row in rows), int(sum(row["amount"] for row in rows))


def test_a_day_that_is_over_is_answered_from_the_versions_of_that_day(tmp_path: Path) -> None:
    """Three were open then, worth 300; now two are, worth 1,000. The clock alone would have changed nothing."""
    warehouse = lived(tmp_path)
    assert pipeline(warehouse, NOW) == (2, 1000)
    assert pipeline(warehouse, NOW - timedelta(days=11)) == (3, 300)
    past = answer(warehouse, report("win_rate"), Options(as_of=NOW - timedelta(days=11)))
    assert past.table.num_rows == 0, "nothing had been won by then"
    assert past.data_as_of == NOW - timedelta(days=11)
    assert any("users: names as they are now" in note for note in past.notes)


def test_an_instant_before_the_first_version_is_refused_with_the_first_that_can_be_asked(tmp_path: Path) -> None:
    """The answer would be a guess; the instant that is named instead is answered."""
    warehouse = lived(tmp_path)
    with pytest.raises(PastUnknownError, match=r"versions of deals are kept since 2026-04-16 12:00 UTC") as refused:
        answer(warehouse, report("pipeline"), Options(as_of=BEGAN - timedelta(days=1)))
    assert "Ask for 2026-04-16T12:01Z or later" in str(refused.value)
    assert pipeline(warehouse, datetime(2026, 4, 16, 12, 1, tzinfo=UTC)) == (3, 300)


def test_a_table_without_versions_is_refused_with_what_keeps_them(tmp_path: Path) -> None:
    """Contacts have none unless somebody asked for them."""
    warehouse = duckdb_with(tmp_path, contacts=[{"id": 1, "cdate": BEGAN}], _readings=readings())
    with pytest.raises(PastUnknownError, match="Name contacts in ACFLOW_HISTORY"):
        answer(warehouse, report("account_growth"), Options(as_of=NOW - timedelta(days=3)))
    assert answer(warehouse, report("account_growth"), Options(as_of=NOW)).table.num_rows == 1


def test_counters_of_a_day_come_from_its_snapshot(tmp_path: Path) -> None:
    """They make no versions: 400 had been sent by then, 1,000 are by now."""
    mail = {"id": 1, "name": "May", "type": "single", "status": 5, "total_amt": 1000, "sdate": BEGAN, "cdate": BEGAN}
    days = [
        {"day": moment.date(), "_taken_at": moment, "id": 1, "send_amt": sent, "total_amt": 1000}
        for moment, sent in ((NOW - timedelta(days=20), 100), (NOW - timedelta(days=9), 400), (READ, 1000))
    ]
    warehouse = duckdb_with(
        tmp_path,
        campaigns=[{**mail, "send_amt": 1000}],
        campaigns_history=[version({**mail, "send_amt": 1}, BEGAN)],
        campaigns_daily=days,
        _readings=readings(),
    )
    sent = [
        answer(warehouse, report("campaigns_by_type"), Options(as_of=moment)).table.to_pylist()[0]["sends"]
        for moment in (NOW - timedelta(days=8), NOW)
    ]
    assert sent == [400, 1000]


def test_a_log_is_cut_off_at_the_day_asked_for(tmp_path: Path) -> None:
    """What the log of activities tells of later has not happened yet."""
    turn = NOW - timedelta(days=10)
    moves = [
        {"id": 1, "deal": 1, "cdate": turn, "dataType": "d_stageid", "dataAction": "2", "dataOldval": "1"},
        {"id": 2, "deal": 2, "cdate": BEGAN, "dataType": "d_stageid", "dataAction": "2", "dataOldval": "1"},
    ]
    rows = [deal(1, stage=2), deal(2, stage=2)]
    warehouse = duckdb_with(
        tmp_path,
        deals=rows,
        deals_history=[version({**rows[0], "stage": 1}, BEGAN, turn), version(rows[0], turn), version(rows[1], BEGAN)],
        dealActivities=moves,
        dealStages=[{"id": key, "title": f"Stage {key}", "group": 1, "order": key} for key in (1, 2)],
        _readings=readings(dealActivities=READ),
    )

    def advanced(moment: datetime) -> object:
        found: Answer = answer(warehouse, report("stage_conversion"), Options(as_of=moment))
        return found.table.to_pylist()[0]["advanced"]

    assert (advanced(NOW - timedelta(days=11)), advanced(NOW)) == (1, 2)


def test_every_report_declares_what_it_can_take_back() -> None:
    """Each has tables of its subject; those that only give names are apart."""
    assert can_take_back(report("pipeline")) == ("dealActivities", "deals")
    assert all(can_take_back(each) for each in REPORTS)


def test_a_report_says_of_when_its_oldest_table_is(tmp_path: Path) -> None:
    """Deals of today beside users of last week: a warning, with the command that brings them up to date."""
    old = NOW - timedelta(days=8)
    warehouse = duckdb_with(tmp_path, deals=[deal(1)], users=[{"id": 1}], _readings=readings(users=old))
    found = answer(warehouse, report("pipeline"))
    assert (found.as_of, found.data_as_of) == (READ, old)
    (note,) = [note for note in found.notes if "Not all data" in note]
    assert note == (
        "Not all data are of 2026-06-15: users on 2026-06-07 at the latest. Reading them again brings them up to date."
    )
    fresh = answer(duckdb_with(tmp_path, deals=[deal(1)], users=[{"id": 1}], _readings=readings()), report("pipeline"))
    assert not [note for note in fresh.notes if "Not all data" in note]


def test_figures_and_numbers_say_of_which_day_their_data_are(tmp_path: Path) -> None:
    """A picture always, a number on top where a day and more lies between."""

    def pipeline(deals: datetime) -> Chart:
        warehouse = duckdb_with(tmp_path, deals=[deal(1)], users=[{"id": 1}], _readings=readings(deals=deals))
        made = build(warehouse, [Role.SALES], account="Larkspur", certificates=())
        return next(chart for chart in made.charts if chart.name.startswith("pipeline"))

    fresh, late = pipeline(READ), pipeline(NOW - timedelta(days=3))
    assert fresh.subtitle.endswith("; as of 2026-06-15")
    assert late.subtitle.endswith("; as of 2026-06-12")
    assert not any("Data of" in key.caution for key in fresh.keys)
    assert late.keys
    assert all(key.caution.endswith("Data of 2026-06-12") for key in late.keys)


def test_data_health_does_not_blame_the_account_for_tables_that_are_behind(tmp_path: Path) -> None:
    """The contact of a new deal is missing only because contacts were read before it came."""
    tables: dict[str, list[Row]] = {"deals": [deal(1, contact=9)], "contacts": [{"id": 1, "email": "a@x.org"}]}

    def findings(read: list[Row]) -> dict[str, Any]:
        rows = answer(duckdb_with(tmp_path, **tables, _readings=read), report("data_health")).table.to_pylist()
        return {row["finding"]: row["affected"] for row in rows}

    missing, behind = "deals whose contact is not there", "tables read more than a day before the newest"
    together, apart = findings(readings()), findings(readings(contacts=NOW - timedelta(days=3)))
    assert (together[missing], together[behind]) == (1, 0)
    assert (apart.get(missing), apart[behind]) == (None, 1)


def test_days_are_those_of_the_accounts_first_user(tmp_path: Path) -> None:
    """At two in the morning in Greenwich it is still May in Chicago; a zone that is named goes before."""
    users = [{"id": 2, "localZoneid": "Asia/Tokyo"}, {"id": 1, "localZoneid": "America/Chicago"}]
    made = datetime(2026, 6, 1, 2, tzinfo=UTC)
    warehouse = duckdb_with(tmp_path, contacts=[{"id": 1, "cdate": made}], users=users, _readings=readings())
    own = answer(warehouse, report("account_growth"))
    assert own.options.zone == "America/Chicago"
    assert [row["month"].month for row in own.table.to_pylist()] == [5]
    named = answer(warehouse, report("account_growth"), Options(zone="Europe/Berlin"))
    assert [row["month"].month for row in named.table.to_pylist()] == [6]


def test_a_day_without_zone_begins_on_the_clock_of_the_report(tmp_path: Path) -> None:
    """Midnight in Chicago is five in Greenwich in summer; a zone that there is not counts as none."""
    users = [{"id": 1, "localZoneid": "Middle-earth/Shire"}, {"id": 2, "localZoneid": "America/Chicago"}]
    day = datetime(2026, 6, 20)  # noqa: DTZ001 - a day as somebody types it
    session = ReportSession.open(duckdb_with(tmp_path, users=users, deals=[]), Options(as_of=day))
    assert session.as_of.astimezone(UTC) == datetime(2026, 6, 20, 5, tzinfo=UTC)
