"""Answer a report from a warehouse, and say what the answer cannot know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acflow.errors import ConfigError
from acflow.reports.assemble import There, build, render, tables_of
from acflow.reports.model import Report
from acflow.reports.options import Options
from acflow.reports.tables import schemas

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.warehouse import Warehouse

IN_UTC = "SET TimeZone = 'UTC'"
# Columns that tell when an account was read, and dates that tell at least how new the rows are.
READINGS = ("campaigns_daily", "lists_daily", "forms_daily")
DATES = {"contacts": "udate", "deals": "mdate", "campaigns": "mdate", "forms": "udate", "lists": "udate"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a report, the instant they speak of, and what the reader must know about them.

    `left_out` are those of the notes that tell of rows which are there but do not count.
    """

    table: "pa.Table"
    as_of: datetime
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def run_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> "pa.Table":
    """Return the rows of a report.

    Raises:
        ConfigError: nothing has landed in the warehouse.
        WarehouseError: the warehouse cannot be opened or read.

    """
    return answer(warehouse, report, options).table


def answer(warehouse: "Warehouse", report: Report, options: Options | None = None) -> Answer:
    """Return the rows of a report with its instant and its notes; errors are those of `run_report`."""
    chosen = options or Options()
    there = landed(warehouse, tables_of(report))
    as_of, doubt = instant(warehouse, chosen)
    query = build(report, chosen, as_of, there, warehouse.dataset)
    table = _asked(warehouse, render(query, warehouse.dialect))
    limited = tuple(_limited(warehouse, there))
    return Answer(table, as_of, (*doubt, *_missing(report, there), *limited), limited)


def sql_of(warehouse: "Warehouse", report: Report, options: Options | None = None, dialect: str | None = None) -> str:
    """Return the SQL that answers a report in this warehouse, made to be read and pasted elsewhere."""
    chosen = options or Options()
    as_of, _ = instant(warehouse, chosen)
    query = build(report, chosen, as_of, landed(warehouse, tables_of(report)), warehouse.dataset)
    return render(query, dialect or warehouse.dialect, pretty=True)


def land_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> int:
    """Keep a report as a table named `report_…`, in place of an earlier one; return how many rows it has."""
    from sqlglot import exp

    chosen = options or Options()
    as_of, _ = instant(warehouse, chosen)
    query = build(report, chosen, as_of, landed(warehouse, tables_of(report)), warehouse.dataset)
    made, dialect = render(query, warehouse.dialect), warehouse.dialect
    table = exp.table_(report.table, db=warehouse.dataset, quoted=True).sql(dialect)
    if list(warehouse.columns(report.table)) == [column.name for column in report.columns]:
        # Views and grants on the table stay.
        statements = [f"DELETE FROM {table} WHERE TRUE", f"INSERT INTO {table} {made}"]  # noqa: S608 - written by sqlglot
    else:
        statements = [f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} AS {made}"]
    warehouse.execute([IN_UTC, *statements])
    counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table)
    return int(warehouse.query(counted.sql(dialect)).column("n")[0].as_py())


def landed(warehouse: "Warehouse", names: Iterable[str]) -> There:
    """Return the columns of those of the tables that the warehouse has."""
    return {name: warehouse.columns(name) for name in sorted(set(names).intersection(warehouse.tables()))}


def instant(warehouse: "Warehouse", options: Options) -> tuple[datetime, list[str]]:
    """Return the instant that reports speak of, and a remark if it is only a guess.

    It is that of the newest reading. Where no reading was dated, the newest change of any row stands for it, so that
    the same rows always give the same report.
    """
    if options.as_of is not None:
        return options.as_of, []
    if newest := _newest(warehouse, dict.fromkeys(READINGS, "_taken_at")):
        return newest, []
    if newest := _newest(warehouse, DATES):
        return newest, ["As of the newest change of any row, since no reading has left its date yet."]
    raise ConfigError(f"There is nothing to report on in {warehouse.url} yet. Run `acflow run` first.")


def _newest(warehouse: "Warehouse", dates: dict[str, str]) -> datetime | None:
    from sqlglot import exp

    found = []
    for table, column in dates.items():
        if column in warehouse.columns(table):
            newest = exp.select(exp.Max(this=exp.column(column, quoted=True)).as_("at"))
            asked = newest.from_(exp.table_(table, db=warehouse.dataset, quoted=True))
            found.append(_asked(warehouse, asked.sql(warehouse.dialect)).column("at")[0].as_py())
    return max((moment.astimezone(UTC) for moment in found if moment is not None), default=None)


def _asked(warehouse: "Warehouse", sql: str) -> "pa.Table":
    with warehouse.stream(sql) as reader:
        return reader.read_all()


def _missing(report: Report, there: There) -> list[str]:
    """Say which tables are missing, what that costs, and how to get them."""
    notes = []
    for name in tables_of(report):
        if name in there or name in {"_rejects", "deals_custom"}:
            continue
        cost = report.lost.get(name, "rows that need it are missing")
        notes.append(f"{name} is not in the warehouse: {cost}. {_how_to_get(name)}")
    return notes


def _how_to_get(name: str) -> str:
    entity, _, kept = name.rpartition("_")
    if kept in {"history", "daily"} and entity in schemas():
        return f"It grows with each `acflow run {entity}` that keeps history."
    return f"`acflow run {name}` brings it."


def _limited(warehouse: "Warehouse", there: There) -> list[str]:
    """Count the deals that are left out because the key's user may not see them."""
    from sqlglot import exp

    if "isDisabled" not in there.get("deals", {}):
        return []
    counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(
        exp.table_("deals", db=warehouse.dataset, quoted=True)
    )
    hidden = counted.where(exp.column("isDisabled", quoted=True))
    count = _asked(warehouse, hidden.sql(warehouse.dialect)).column("n")[0].as_py()
    if not count:
        return []
    return [f"{count:,} limited deals are left out: the key's user may not see them. An admin's key reads all."]
