"""Answer a report from a warehouse, and say what the answer cannot know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from acflow.engine.sql import ACCOUNT_COLUMN
from acflow.entities import ALL
from acflow.errors import Action, ConfigError
from acflow.reports.assemble import Catalog, build, tables_of
from acflow.reports.model import Report
from acflow.reports.options import Options, is_zone
from acflow.reports.past import Past, entity_of, take_back
from acflow.reports.sql_template import written_sql
from acflow.reports.tables import schemas

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from acflow.engine import Warehouse

STALE = timedelta(days=1)
SILENT = frozenset({"_rejects", "_readings", "deals_custom"})  # not missed: they come with others, if at all
STAGE = "_new"  # one report is kept after the other, so one is enough
# Columns that tell when an account was read, and dates that tell at least how new the rows are.
READINGS = {"_readings": "read_at", **dict.fromkeys(("campaigns_daily", "lists_daily", "forms_daily"), "_taken_at")}
DATES = {"contacts": "udate", "deals": "mdate", "campaigns": "mdate", "forms": "udate", "lists": "udate"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a report, the instant they speak of, and what the reader must know about them.

    `data_as_of` is the oldest reading of the tables that the report rests on; `options` are those that were applied,
    with the time zone that was chosen. `left_out` are those of the notes that speak of rows which are there but do not
    count.
    """

    table: "pa.Table"
    as_of: datetime
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    data_as_of: datetime | None = None
    options: Options = field(default_factory=Options)

    @property
    def oldest(self) -> datetime:
        """The instant that all of the rows are of at least."""
        return self.data_as_of or self.as_of

    @property
    def is_old(self) -> bool:
        """Whether some of the data are more than a day older than the instant that the rows speak of."""
        return self.as_of - self.oldest > STALE


@dataclass(frozen=True, slots=True)
class ReportSession:
    """Several reports asked of one warehouse with the same options: what it has and of when is looked up once.

    `readings` says when each entity was read, `doubt` if the instant is only a guess, `limited` how many deals are left
    out because of rights. The time zone of the options is known by then.
    """

    warehouse: "Warehouse"
    options: Options
    there: Catalog
    as_of: datetime
    readings: Mapping[str, datetime]
    doubt: tuple[str, ...]
    limited: tuple[str, ...]

    @classmethod
    def open(cls, warehouse: "Warehouse", options: Options | None = None) -> Self:
        """Look at the warehouse.

        Raises:
            ConfigError: nothing has been loaded into it, or tables of several accounts, whose ids collide.
            WarehouseError: it cannot be opened or read.

        """
        there = warehouse.catalogue()
        if any(ACCOUNT_COLUMN in there.get(entity.name, ()) for entity in ALL):
            raise ConfigError("These are tables of several accounts, and a report speaks of one. Choose an account.")
        chosen = _with_zone(warehouse, options or Options(), there)
        as_of, doubt = _instant(warehouse, chosen, there)
        readings = _readings(warehouse, there)
        return cls(warehouse, chosen, there, as_of, readings, doubt, _limited(warehouse, there))

    def answer(self, report: Report) -> Answer:
        """Return the rows of a report with its instant and its notes.

        Raises:
            PastUnknownError: the instant is over, and what a table of the report held then is not known.

        """
        past = self._past(report)
        with self.warehouse.stream(self._sql(report, past)) as reader:
            table = reader.read_all()
        notes, limited = self._notes(report, past), self._limited(report)
        return Answer(table, self.as_of, notes, limited, self.data_as_of(report), self.options)

    def notes(self, report: Report) -> tuple[str, ...]:
        """Return what a reader of the report must know of its rows."""
        return self._notes(report, self._past(report))

    def _notes(self, report: Report, past: Past) -> tuple[str, ...]:
        return (*self.doubt, *_missing(report, self.there), *self._ages(report, past), *self._limited(report))

    def _limited(self, report: Report) -> tuple[str, ...]:
        return self.limited if "deals" in tables_of(report) else ()

    def unknown(self, report: Report, reason: str) -> Answer:
        """Return the answer to a report that cannot be answered: no rows, and why."""
        import pyarrow as pa

        table = pa.table({column.name: pa.nulls(0) for column in report.columns})
        return Answer(table, self.as_of, (reason,), options=self.options)

    def data_as_of(self, report: Report) -> datetime:
        """Return the oldest reading of the tables that a report rests on, or the instant asked for if that is over."""
        read = self._read(report)
        return min(*read.values(), self.as_of) if read else self.as_of

    def sql(self, report: Report, dialect: str | None = None, *, pretty: bool = False) -> str:
        """Return the SQL that answers a report here."""
        return self._sql(report, self._past(report), dialect, pretty=pretty)

    def query(self, report: Report, dataset: str | None = None) -> "exp.Select":
        """Return the SELECT that answers a report here, over the tables of another schema if one is named."""
        return self._query(report, self._past(report), dataset)

    def _past(self, report: Report) -> Past:
        return take_back(self.warehouse, report, self.as_of, self.there, self.readings)

    def _sql(self, report: Report, past: Past, dialect: str | None = None, *, pretty: bool = False) -> str:
        dialect, dataset = dialect or self.warehouse.dialect, self.warehouse.dataset
        options, as_of, there = self.options, self.as_of, self.there
        return written_sql(report, options, as_of, there, dataset, past.rewinds, dialect, pretty=pretty)

    def _query(self, report: Report, past: Past, dataset: str | None = None) -> "exp.Select":
        where = dataset or self.warehouse.dataset
        return build(report, self.options, self.as_of, self.there, where, past.rewinds)

    def _read(self, report: Report) -> Mapping[str, datetime]:
        """Return when the tables of a report were read."""
        entities = dict.fromkeys(entity_of(name) for name in tables_of(report) if name in self.there)
        return {name: self.readings[name] for name in entities if name in self.readings}

    def _ages(self, report: Report, past: Past) -> Iterator[str]:
        """Say which tables are behind the others, and which are not of the day that was asked for."""
        if past.as_now:
            yield f"{', '.join(past.as_now)}: names as they are now, since those of that day are not kept."
        read = {name: moment for name, moment in self._read(report).items() if moment <= self.as_of}
        yield from ages_in_words(read)

    def land(self, report: Report) -> int:
        """Keep a report as a table named `report_…`, in place of an earlier one; return how many rows it has."""
        from acflow.engine.materialize import WarehouseTarget, Write, build

        target = WarehouseTarget(self.warehouse)
        build(target, Write(report.table), self.sql(report), STAGE)
        return target.count(report.table)


def ages_in_words(read: Mapping[str, datetime]) -> Iterator[str]:
    """Say which tables are more than a day behind the newest, by when each was read."""
    newest = max(read.values(), default=datetime.min.replace(tzinfo=UTC))
    behind = {name: moment for name, moment in read.items() if newest - moment > STALE}
    if behind:
        ages = ", ".join(f"{name} on {moment:%Y-%m-%d}" for name, moment in behind.items())
        yield f"Not all data are of {newest:%Y-%m-%d}: {ages} at the latest. Reading them again brings them up to date."


def run_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> "pa.Table":
    """Return the rows of a report; errors are those of `ReportSession.open` and `ReportSession.answer`."""
    return answer(warehouse, report, options).table


def answer(warehouse: "Warehouse", report: Report, options: Options | None = None) -> Answer:
    """Return the rows of a report with its instant and its notes; errors are those of `ReportSession.open`."""
    with warehouse.held(reading=True):
        return ReportSession.open(warehouse, options).answer(report)


def sql_of(warehouse: "Warehouse", report: Report, options: Options | None = None, dialect: str | None = None) -> str:
    """Return the SQL that answers a report in this warehouse, under its question, to be read and pasted elsewhere."""
    with warehouse.held(reading=True):
        session = ReportSession.open(warehouse, options)
        sql = session.sql(report, dialect, pretty=True)
    head = f"-- {report.question} As of {session.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    return f"{head}\n{sql}"


def land_report(warehouse: "Warehouse", report: Report, options: Options | None = None) -> int:
    """Keep a report as a table named `report_…`, in place of an earlier one; return how many rows it has."""
    with warehouse.held(new=False, sealed=True):
        return ReportSession.open(warehouse, options).land(report)


def _instant(warehouse: "Warehouse", options: Options, there: Catalog) -> tuple[datetime, tuple[str, ...]]:
    """Return the instant that reports speak of, and a remark if it is only a guess.

    It is that of the newest reading. Where no reading was dated, the newest change of any row stands for it, so that
    the same rows always give the same report.
    """
    if options.as_of is not None:
        return options.as_of if options.as_of.tzinfo else options.as_of.replace(tzinfo=options.clock), ()
    if newest := _newest(warehouse, READINGS, there):
        return newest, ()
    if newest := _newest(warehouse, DATES, there):
        return newest, ("As of the newest change of any row, since no reading has left its date yet.",)
    raise ConfigError(f"There is nothing to report on in {warehouse.url} yet.", action=Action("run"))


def zone_of(warehouse: "Warehouse", options: Options | None = None) -> str:
    """Return the time zone that days and months of this account are those of."""
    return _with_zone(warehouse, options or Options(), warehouse.catalogue()).zone or "UTC"


def _with_zone(warehouse: "Warehouse", options: Options, there: Catalog) -> Options:
    """Return the options with a time zone: that of the account's first user, unless another was chosen.

    The account says no zone of its own; the first user is whoever opened it.
    """
    from sqlglot import exp

    if options.zone or not {"id", "localZoneid"} <= set(there.get("users", ())):
        return options
    users = exp.table_("users", db=warehouse.dataset, quoted=True)
    zones = exp.select(exp.column("localZoneid", quoted=True).as_("zone")).from_(users)
    ordered = zones.order_by(exp.column("id", quoted=True)).sql(warehouse.dialect)
    for row in warehouse.query(ordered).to_pylist():
        if row["zone"] and is_zone(row["zone"]):
            return replace(options, zone=row["zone"])
    return options


def _readings(warehouse: "Warehouse", there: Catalog) -> dict[str, datetime]:
    """Return when each entity was read last."""
    from sqlglot import exp

    if not {"entity", "read_at"} <= set(there.get("_readings", ())):
        return {}
    columns = [exp.column(name, quoted=True) for name in ("entity", "read_at")]
    query = exp.select(*columns).from_(exp.table_("_readings", db=warehouse.dataset, quoted=True))
    rows = warehouse.query(query.sql(warehouse.dialect)).to_pylist()
    return {row["entity"]: row["read_at"].astimezone(UTC) for row in rows if row["read_at"]}


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
        if name in there or name in SILENT or name.endswith("_deleted") or report.fallback_for.get(name) in there:
            continue
        cost = report.lost.get(name, "rows that need it are missing")
        notes.append(f"{name} is not in the warehouse: {cost}. {_how_to_get(name)}")
    return notes


def _how_to_get(name: str) -> str:
    entity, _, kept = name.rpartition("_")
    if kept in {"history", "daily"} and entity in schemas():
        return f"It grows with each reading of {entity} that keeps history."
    return f"Reading {name} brings it."


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
    deals = "1 limited deal is" if count == 1 else f"{count:,} limited deals are"
    return (
        f"{deals} left out: the key's user may not see {'it' if count == 1 else 'them'}. An admin's key reads all.",
    )
