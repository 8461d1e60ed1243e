"""Answer a report from a warehouse, and say what the answer cannot know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from acflow.errors import ConfigError
from acflow.reports.assemble import Catalog, build, render, tables_of
from acflow.reports.model import Report
from acflow.reports.options import Options
from acflow.reports.tables import schemas

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.engine import Warehouse

IN_UTC = "SET TimeZone = 'UTC'"
# Columns that tell when an account was read, and dates that tell at least how new the rows are.
READINGS = {"_readings": "read_at", **dict.fromkeys(("campaigns_daily", "lists_daily", "forms_daily"), "_taken_at")}
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


@dataclass(frozen=True, slots=True)
class ReportSession:
    """Several reports asked of one warehouse with the same options: what it has and of when is looked up once.

    `doubt` tells if the instant is only a guess, `limited` how many deals are left out because of rights.
    """

    warehouse: "Warehouse"
    options: Options
    there: Catalog
    as_of: datetime
    doubt: tuple[str, ...]
    limited: tuple[str, ...]

    @classmethod
    def open(cls, warehouse: "Warehouse", options: Options | None = None) -> Self:
        """Look at the warehouse.

        Raises:
            ConfigError: nothing has landed in it.
            WarehouseError: it cannot be opened or read.

        """
        chosen = options or Options()
        there = warehouse.catalogue()
        as_of, doubt = _instant(warehouse, chosen, there)
        return cls(warehouse, chosen, there, as_of, doubt, _limited(warehouse, there))

    def answer(self, report: Report) -> Answer:
        """Return the rows of a report with its instant and its notes."""
        with self.warehouse.stream(self.sql(report)) as reader:
            table = reader.read_all()
        limited = self.limited if "deals" in tables_of(report) else ()
        return Answer(table, self.as_of, (*self.doubt, *_missing(report, self.there), *limited), limited)

    def sql(self, report: Report, dialect: str | None = None, *, pretty: bool = False) -> str:
        """Return the SQL that answers a report here."""
        query = build(report, self.options, self.as_of, self.there, self.warehouse.dataset)
        return render(query, dialect or self.warehouse.dialect, pretty=pretty)

    def land(self, report: Report) -> int:
        """Keep a report as a table named `report_…`, in place of an earlier one; return how many rows it has."""
        from sqlglot import exp

        made, dialect = self.sql(report), self.warehouse.dialect
        table = exp.table_(report.table, db=self.warehouse.dataset, quoted=True).sql(dialect)
        if list(self.there.get(report.table, ())) == [column.name for column in report.columns]:
            # Views and grants on the table stay.
            statements = [f"DELETE FROM {table} WHERE TRUE", f"INSERT INTO {table} {made}"]  # noqa: S608 - written by sqlglot
        else:
            statements = [f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} AS {made}"]
        self.warehouse.execute([IN_UTC, *statements])
        counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table)
        return int(self.warehouse.query(counted.sql(dialect)).column("n")[0].as_py())


def run_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> "pa.Table":
    """Return the rows of a report; errors are those of `ReportSession.open`."""
    return answer(warehouse, report, options).table


def answer(warehouse: "Warehouse", report: Report, options: Options | None = None) -> Answer:
    """Return the rows of a report with its instant and its notes; errors are those of `ReportSession.open`."""
    return ReportSession.open(warehouse, options).answer(report)


def sql_of(warehouse: "Warehouse", report: Report, options: Options | None = None, dialect: str | None = None) -> str:
    """Return the SQL that answers a report in this warehouse, under its question, to be read and pasted elsewhere."""
    session = ReportSession.open(warehouse, options)
    head = f"-- {report.question} As of {session.as_of:%Y-%m-%d %H:%M} UTC."
    return f"{head}\n{session.sql(report, dialect, pretty=True)}"


def land_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> int:
    """Keep a report as a table named `report_…`, in place of an earlier one; return how many rows it has."""
    return ReportSession.open(warehouse, options).land(report)


def _instant(warehouse: "Warehouse", options: Options, there: Catalog) -> tuple[datetime, tuple[str, ...]]:
    """Return the instant that reports speak of, and a remark if it is only a guess.

    It is that of the newest reading. Where no reading was dated, the newest change of any row stands for it, so that
    the same rows always give the same report.
    """
    if options.as_of is not None:
        return options.as_of, ()
    if newest := _newest(warehouse, READINGS, there):
        return newest, ()
    if newest := _newest(warehouse, DATES, there):
        return newest, ("As of the newest change of any row, since no reading has left its date yet.",)
    raise ConfigError(f"There is nothing to report on in {warehouse.url} yet. Run `acflow run` first.")


def _newest(warehouse: "Warehouse", dates: Mapping[str, str], there: Catalog) -> datetime | None:
    """Return the newest of these columns, all asked for at once."""
    from sqlglot import exp

    asked = [
        exp.select(exp.Max(this=exp.column(column, quoted=True)))
        .from_(exp.table_(table, db=warehouse.dataset, quoted=True))
        .subquery()
        .as_(table, quoted=True)
        for table, column in dates.items()
        if column in there.get(table, ())
    ]
    if not asked:
        return None
    found = warehouse.query(exp.select(*asked).sql(warehouse.dialect)).to_pylist()[0].values()
    return max((moment.astimezone(UTC) for moment in found if moment is not None), default=None)


def _missing(report: Report, there: Catalog) -> list[str]:
    """Say which tables are missing, what that costs, and how to get them."""
    notes = []
    for name in tables_of(report):
        if name in there or name in {"_rejects", "deals_custom"} or report.fallback_for.get(name) in there:
            continue
        cost = report.lost.get(name, "rows that need it are missing")
        notes.append(f"{name} is not in the warehouse: {cost}. {_how_to_get(name)}")
    return notes


def _how_to_get(name: str) -> str:
    entity, _, kept = name.rpartition("_")
    if kept in {"history", "daily"} and entity in schemas():
        return f"It grows with each `acflow run {entity}` that keeps history."
    return f"`acflow run {name}` brings it."


def _limited(warehouse: "Warehouse", there: Catalog) -> tuple[str, ...]:
    """Count the deals that are left out because the key's user may not see them."""
    from sqlglot import exp

    columns = there.get("deals", ())
    if "isDisabled" not in columns:
        return ()
    counted = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(
        exp.table_("deals", db=warehouse.dataset, quoted=True)
    )
    hidden = counted.where(exp.column("isDisabled", quoted=True))
    if "_deleted_at" in columns:
        hidden = hidden.where(exp.column("_deleted_at", quoted=True).is_(exp.null()))
    count = warehouse.query(hidden.sql(warehouse.dialect)).column("n")[0].as_py()
    if not count:
        return ()
    told = "1 limited deal is" if count == 1 else f"{count:,} limited deals are"
    return (f"{told} left out: the key's user may not see {'it' if count == 1 else 'them'}. An admin's key reads all.",)
