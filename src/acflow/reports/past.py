"""What the tables of a report were at an instant that is over, and which of them nobody can take back.

A table that was read later than the instant is taken from its change log, with the counters of its daily snapshots. A
log is cut off at the instant. What has neither stays as it is if it only gives names, else the report is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from acflow.entities import ALL
from acflow.errors import ConfigError
from acflow.reports.assemble import Catalog, Rewind, tables_of
from acflow.reports.model import Report
from acflow.reports.tables import DATED, schemas

if TYPE_CHECKING:
    from acflow.engine import Warehouse

HISTORY, DAILY = "_history", "_daily"
COUNTERS: Mapping[str, frozenset[str]] = {entity.name: frozenset(entity.counters) for entity in ALL}


class PastUnknownError(ConfigError):
    """A report was asked for an instant of which nothing is kept."""


@dataclass(frozen=True, slots=True)
class Past:
    """How the tables of a report are taken back, and which stay as they are now."""

    rewinds: Mapping[str, Rewind]
    as_now: tuple[str, ...] = ()


def take_back(
    warehouse: "Warehouse", report: Report, as_of: datetime, there: Catalog, readings: Mapping[str, datetime]
) -> Past:
    """Return how a report's tables are taken back to an instant that lies before their readings.

    Raises:
        PastUnknownError: a table of the report cannot be taken back so far; the message says since when it could.

    """
    later = [name for name in tables_of(report) if name in there and readings.get(entity_of(name), as_of) > as_of]
    if not later:
        return Past({})
    versioned = [name for name in later if name not in DATED and f"{name}{HISTORY}" in there]
    unkept = [name for name in later if name not in DATED and name not in versioned]
    missing = [name for name in unkept if name not in report.as_now and name not in report.without]
    if missing:
        raise PastUnknownError(
            f"{report.name} cannot be answered as of {as_of:%Y-%m-%d %H:%M} UTC: what {_listed(missing)} held then is "
            f"not known, since no versions are kept. Name {_listed(missing)} in ACFLOW_HISTORY; it can be asked from "
            "the next reading on."
        )
    begins = {name: since for name, since in _began(warehouse, versioned).items() if name not in report.as_now}
    if late := {name: since for name, since in begins.items() if since is None or since > as_of}:
        since = max((moment for moment in late.values() if moment is not None), default=None)
        known = f"versions of {_listed(late)} are kept since {since:%Y-%m-%d %H:%M} UTC" if since else "none are kept"
        ask = f"Ask for {_whole_minute(since):%Y-%m-%dT%H:%M}Z or later" if since else "Read the account first"
        raise PastUnknownError(f"{report.name} cannot be answered as of {as_of:%Y-%m-%d %H:%M} UTC: {known}. {ask}.")
    rewinds = {name: Rewind(as_of, until=DATED[name]) for name in later if name in DATED}
    for name in versioned:
        if name in begins:
            daily = f"{name}{DAILY}" if f"{name}{DAILY}" in there else None
            rewinds[name] = Rewind(as_of, versions=f"{name}{HISTORY}", daily=daily, counters=COUNTERS[name])
    rewinds |= {name: Rewind(as_of, absent=True) for name in unkept if name in report.without}
    now = [name for name in later if name not in rewinds]
    return Past(rewinds, tuple(now))


def _whole_minute(moment: datetime) -> datetime:
    """Return the first whole minute that is not before an instant."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + timedelta(minutes=1)


def entity_of(table: str) -> str:
    """Return the entity whose reading brought the rows of a table."""
    for ending in (HISTORY, DAILY, "_deleted"):
        if table.endswith(ending) and table.removesuffix(ending) in COUNTERS:
            return table.removesuffix(ending)
    return table


def can_take_back(report: Report) -> tuple[str, ...]:
    """Return the tables of a report that can be taken back, by their versions if kept or by their dates."""
    names = [entity_of(name) for name in tables_of(report) if name in schemas() and not name.startswith("_")]
    return tuple(name for name in dict.fromkeys(names) if name not in (*report.as_now, *report.without))


def _began(warehouse: "Warehouse", names: Iterable[str]) -> dict[str, datetime | None]:
    """Return since when versions of each table are kept."""
    columns = [
        exp.select(exp.Min(this=exp.column("_valid_from", quoted=True)))
        .from_(exp.table_(f"{name}{HISTORY}", db=warehouse.dataset, quoted=True))
        .subquery()
        .as_(name, quoted=True)
        for name in names
    ]
    if not columns:
        return {}
    (row,) = warehouse.query(exp.select(*columns).sql(warehouse.dialect)).to_pylist()
    return {name: moment and moment.astimezone(UTC) for name, moment in row.items()}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
