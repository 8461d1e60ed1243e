"""What acflow's run of flows costs beside the same SQL typed into DuckDB: a wide join and an aggregate of it.

Run: .venv/bin/python bench/flows.py [CONTACTS] [DEALS]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from acflow.app.pipeline import carry_out, plan_flows
from acflow.entities import ENTITIES
from acflow.entities.types import columns_of
from acflow.flows.file import load_flow_text
from acflow.settings import load_settings

CONTACTS, DEALS = 1_000_000, 200_000
PAIRS = 3
FLOWS = """
flows:
  joined: {join: {left: contacts, right: deals, on: {id: contact}, type: left}}
  by_stage: {from: joined, group_by: [stage, currency], metrics: {deals: count(deals_id), amount: sum(amount)}}
"""
TYPED = """
CREATE OR REPLACE TABLE activecampaign.joined AS
  SELECT c.*, d.* FROM activecampaign.contacts c LEFT JOIN activecampaign.deals d ON c.id = d.contact;
CREATE OR REPLACE TABLE activecampaign.by_stage AS
  SELECT stage, currency, count(id_1) AS deals, sum(amount) AS amount
  FROM activecampaign.joined GROUP BY stage, currency;
"""
# As full as an account's: names and dates everywhere, most counters and texts of contacts empty.
VALUES = {
    "BIGINT": "range % 1000",
    "VARCHAR": "CASE WHEN range % 3 = 0 THEN 'text ' || (range * 7919 % 100000) END",
    "BOOLEAN": "range % 2 = 0",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(range * 61)",
    "DECIMAL(28,4)": "CAST(range % 100000 AS DECIMAL(28,4))",
}


def fill(path: Path, contacts: int, deals: int) -> None:
    """Make the landed tables."""
    own = {"id": "range + 1", "contact": f"1 + range * 31 % {contacts}", "stage": "range % 12"}
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA activecampaign")
        for entity in ENTITIES:
            rows = {"contacts": contacts, "deals": deals}.get(entity.name, 0)
            columns = columns_of(entity)
            values = ", ".join(
                f'CAST({own.get(name, VALUES.get(kind, "NULL"))} AS {kind}) AS "{name}"'
                for name, kind in columns.items()
            )
            connection.execute(
                f"CREATE TABLE activecampaign.{entity.name} AS SELECT {values} FROM range({rows})"  # noqa: S608
            )


def typed(path: Path) -> None:
    """Carry out the same SQL in a plain session."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(TYPED)


def ours(path: Path) -> None:
    """Run the flows, from the check of the file to the ledger."""
    settings = load_settings(warehouse=f"duckdb:///{path}", state=path.parent / "state")
    result = carry_out(settings, plan_flows(settings, load_flow_text(FLOWS, env={}), read=False))
    if result.exit_code:
        raise SystemExit(f"The run failed: {result.flows}")


def measured(way: Callable[[Path], None], path: Path) -> tuple[float, float]:
    """Return the seconds on the clock and of the processors, all threads together."""
    clock, processors = time.perf_counter(), time.process_time()
    way(path)
    return time.perf_counter() - clock, time.process_time() - processors


def main() -> None:
    """Measure both ways in turn, each on a file of its own, and print the median of the ratios."""
    contacts, deals = [int(size) for size in sys.argv[1:3]] or [CONTACTS, DEALS]
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        files = Path(name) / "typed.duckdb", Path(name) / "ours.duckdb"
        for path in files:
            fill(path, contacts, deals)
        for _ in range(PAIRS):
            plain, acflow = measured(typed, files[0]), measured(ours, files[1])
            ratios.append([one / other for one, other in zip(acflow, plain, strict=True)])
            print(
                f"DuckDB {plain[0]:.1f} s ({plain[1]:.1f} s of processors), "
                f"acflow {acflow[0]:.1f} s ({acflow[1]:.1f} s): "
                f"{ratios[-1][0]:.2f} x ({ratios[-1][1]:.2f} x)"
            )
    clock, processors = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"{contacts:,} contacts, {deals:,} deals: {clock:.2f} x on the clock, {processors:.2f} x of processors")


if __name__ == "__main__":
    main()
