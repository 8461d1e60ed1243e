"""How long every report takes over an account of a million contacts with a year of history, in DuckDB.

Run: .venv/bin/python bench/reports.py [CONTACTS] [DEALS] [CAMPAIGNS]
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from acflow.engine import open_warehouse
from acflow.reports import REPORTS, Options, ReportSession
from acflow.reports.tables import schemas

CONTACTS, DEALS, CAMPAIGNS = 1_000_000, 200_000, 2_000
ALL, EACH = 20.0, 3.0  # seconds: the goals
THREADS = 2
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DATASET = "activecampaign"
START = "TIMESTAMPTZ '2025-06-15 12:00:00+00'"
MADE = f"{START} - to_seconds(range * 7919 % 63072000)"  # in the two years before the year of history
LATER = f"{START} + to_seconds(range * 7919 % 31536000)"
CAMPAIGN = {
    "id": "range + 1", "name": "'Campaign ' || range", "type": "['single', 'split', 'responder'][1 + range % 3]",
    "status": "5", "seriesid": "CASE WHEN range % 10 = 0 THEN 1 END", "segmentid": "range % 300", "cdate": MADE,
    "sdate": LATER, "trackreads": "true", "tracklinks": "'all'", "send_amt": "5000 + range",
    "total_amt": "5000 + range",
    "uniqueopens": "1500 + range % 900", "opens": "3000", "verified_unique_opens": "900", "subscriberclicks": "200",
    "uniquelinkclicks": "250", "linkclicks": "300", "hardbounces": "range % 50", "softbounces": "20",
    "unsubscribes": "range % 9", "userid": "1 + range % 20",
}  # fmt: skip
DEAL = {
    "id": "range + 1", "title": "'Deal ' || range", "status": "range % 3", "currency": "['usd', 'eur'][1 + range % 2]",
    "value": "range % 1000000", "amount": "CAST(range % 10000 AS DECIMAL(28, 4))", "group": "1 + range % 5",
    "stage": "1 + range % 5 + 5 * (range // 5 % 6)", "owner": "1 + range % 40", "contact": "1 + range * 31 % 1000000",
    "percent": "range % 4 * 25", "cdate": LATER, "mdate": f"{LATER} + to_days(30)", "isDisabled": "false",
    "edate": f"CAST({LATER} + to_days(60) AS TIMESTAMP)", "activitycount": "range % 5",
}  # fmt: skip
CONTACT = {
    "id": "range + 1", "email": "'c' || range || '@example.com'", "firstName": "'Name ' || range % 5000",
    "lastName": "'Family ' || range % 9000", "orgid": "range % 20000", "cdate": MADE, "udate": LATER,
    "last_open_date": f"CASE WHEN range % 3 = 0 THEN CAST({LATER} AS TIMESTAMP) END", "mpp_tracking": "range % 2 = 0",
    "bounced_hard": "range % 50 = 0", "deleted": "false",
}  # fmt: skip
VERSION = {"_valid_from": f"{START} + to_days(CAST(v * 90 AS INTEGER))"}


def fill(path: Path, contacts: int, deals: int, campaigns: int) -> None:
    """Make every table that reports read, by SQL."""
    day = f"{START} + to_days(CAST(v + 1 AS INTEGER))"
    reading = {"day": f"CAST({day} AS DATE)", "_taken_at": day}
    ends = {"_valid_to": f"CASE WHEN v < 3 THEN {START} + to_days(CAST(v * 90 + 90 AS INTEGER)) END"}
    moved = {
        "stage": "1 + range % 5 + 5 * ((range // 5 + v) % 6)",
        "status": "CASE WHEN v = 3 THEN range % 3 ELSE 0 END",
    }
    member = {
        "id": "range + 1",
        "contact": f"1 + range % {contacts}",
        "list": "1 + range % 12",
        "status": "1 + range % 2",
    }
    dates = {"sdate": MADE, "udate": f"CASE WHEN range % 2 = 1 THEN {LATER} END", "form": "range % 40"}
    tables: dict[str, tuple[dict[str, str], int, int]] = {
        "contacts": (CONTACT, contacts, 1),
        "deals": (DEAL, deals, 1),
        "campaigns": (CAMPAIGN, campaigns, 1),
        "campaigns_daily": (CAMPAIGN | reading, campaigns, 365),
        "deals_history": (DEAL | moved | VERSION | ends, deals, 4),
        "lists": ({"id": "range + 1", "name": "'List ' || range", "active_subscribers": "1000"}, 12, 1),
        "lists_daily": ({"id": "range + 1", "active_subscribers": "1000 + v"} | reading, 12, 365),
        "contactLists": (member | dates, contacts, 1),
        "campaignLists": ({"id": "range + 1", "campaign": "range + 1", "list": "1 + range % 12"}, campaigns, 1),
        "campaignMessages": (
            CAMPAIGN | {"campaign": f"1 + range % {campaigns}", "message": "range + 1"},
            2 * campaigns,
            1,
        ),
        "segments": ({"id": "range + 1", "name": "'Segment ' || range"}, 300, 1),
        "forms": ({"id": "range + 1", "name": "'Form ' || range", "entries": "9", "contacts": "3"}, 40, 1),
        "users": ({"id": "range + 1", "firstName": "'User ' || range"}, 40, 1),
        "dealGroups": ({"id": "range + 1", "title": "'Pipeline ' || range"}, 5, 1),
        "dealStages": (
            {"id": "range + 1", "title": "'Stage'", "group": "1 + range % 5", "order": "1 + range // 5"},
            30,
            1,
        ),
        "accounts": ({"id": "range + 1", "name": "'Firm ' || range"}, 20_000, 1),
    }
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"SET TimeZone = 'UTC'; CREATE SCHEMA {DATASET}")
        for name, (given, rows, versions) in tables.items():
            values = ", ".join(
                f'CAST({given.get(each, "NULL")} AS {kind}) AS "{each}"' for each, kind in schemas()[name].items()
            )
            source = f"range({rows}) CROSS JOIN (SELECT range AS v FROM range({versions}))"  # noqa: S608
            connection.execute(f'CREATE TABLE {DATASET}."{name}" AS SELECT {values} FROM {source}')  # noqa: S608


def main() -> None:
    """Time each report once, from its SQL to its rows in memory, as a run or a document asks for all of them."""
    contacts, deals, campaigns = [int(size) for size in sys.argv[1:4]] or [CONTACTS, DEALS, CAMPAIGNS]
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "reports.duckdb"
        fill(path, contacts, deals, campaigns)
        began, worked = time.perf_counter(), time.process_time()
        warehouse = open_warehouse(f"duckdb:///{path}", DATASET, memory=1024, threads=THREADS)
        sitting = ReportSession.open(warehouse, Options(as_of=NOW))
        for one in REPORTS:
            started, busy = time.perf_counter(), time.process_time()
            rows = sitting.answer(one).table.num_rows
            spent[one.name] = time.perf_counter() - started
            print(f"{one.name:<24}{rows:>10,} rows{spent[one.name]:>8.2f} s", end="", flush=True)
            print(f"{time.process_time() - busy:>8.2f} s CPU")
        whole, cpu = time.perf_counter() - began, time.process_time() - worked
    slow = ", ".join(name for name, seconds in spent.items() if seconds > EACH)
    print(f"{'all':<24}{whole:>23.2f} s{cpu:>8.2f} s CPU, goal {ALL:g} s; slower than {EACH:g} s: {slow or 'none'}")


if __name__ == "__main__":
    main()
