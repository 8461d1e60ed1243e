"""The headline figures of several accounts beside each other, from the tables of each."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from acflow.errors import AcflowError, ConfigError
from acflow.reports import ReportSession, Role, report
from acflow.reports.comparison import KPIS, Measured, Standing, findings, measured, standings
from acflow.reports.figures.numbers import in_locale
from acflow.reports.rows import python_rows

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.reports import Options

AT_ONCE = 8  # accounts that are asked at the same time: it is computing and no waiting
Figures = dict[str, dict[str | None, Measured]]  # by KPI and currency


@dataclass(frozen=True, slots=True)
class Comparison:
    """How accounts stand in each figure, and what that says in sentences.

    Monthly figures are of the month that begins with `month`; the others of the last `days`. `lacking` says which
    accounts could not be compared, and why.
    """

    standings: tuple[Standing, ...]
    findings: tuple[str, ...]
    month: date
    days: int
    lacking: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "month": self.month.isoformat(),
            "days": self.days,
            "standings": [standing.as_dict() for standing in self.standings],
            "findings": list(self.findings),
            "lacking": dict(self.lacking),
        }


def compare_accounts(
    project: "Project",
    names: Sequence[str],
    options_of: "Callable[[Project], Options]",
    roles: Sequence[Role] = (Role.MARKETING, Role.SALES),
) -> Comparison:
    """Compare accounts by the headline figures of some roles.

    Raises:
        ConfigError: of none of them anything has landed.

    """
    lacking: dict[str, str] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="account") as pool:
        opened = dict(zip(names, pool.map(lambda name: _opened(project.of(name), options_of), names), strict=True))
        sessions = {name: session for name, session in opened.items() if isinstance(session, ReportSession)}
        lacking |= {name: error for name, error in opened.items() if isinstance(error, str)}
        if not sessions:
            raise ConfigError("Of none of these accounts anything has landed. Run acflow for them first.")
        month = _month_before(max(_local(session) for session in sessions.values()).date())
        for name, session in list(sessions.items()):
            if _local(session).date() < _month_after(month):
                lacking[name] = f"its data end on {_local(session):%Y-%m-%d}, before the month that is compared."
                del sessions[name]
        figures = dict(
            zip(sessions, pool.map(lambda name: _figures(sessions[name], month, roles), sessions), strict=True)
        )
    ranked: list[Standing] = []
    said: list[str] = []
    with in_locale(project.of("").settings.locale):
        for kpi in (kpi for kpi in KPIS if kpi.role in roles):
            now = {name: pair[0].get(kpi.column, {}) for name, pair in figures.items()}
            before = {name: pair[1].get(kpi.column, {}) for name, pair in figures.items()}
            of_it = standings(kpi, now, before)
            ranked += of_it
            said += findings(kpi, of_it)
    days = next(iter(sessions.values())).options.days if sessions else 0
    return Comparison(tuple(ranked), tuple(said), month, days, lacking)


def _opened(project: "Project", options_of: "Callable[[Project], Options]") -> ReportSession | str:
    try:
        return ReportSession.open(project.reader(), options_of(project))
    except AcflowError as error:
        return str(error)


def _figures(session: ReportSession, month: date, roles: Sequence[Role]) -> tuple[Figures, Figures]:
    """Return the figures of now and of before, by what is known of both today."""
    now: Figures = {}
    before: Figures = {}
    earlier = replace(session, as_of=session.as_of - timedelta(days=session.options.days), readings={})
    answers: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for kpi in (kpi for kpi in KPIS if kpi.role in roles):
        for past in (False,) if kpi.monthly else (False, True):
            if (kpi.report, past) not in answers:
                answers[kpi.report, past] = []
                with suppress(AcflowError):  # a report that rests on nothing says nothing of this account
                    table = (earlier if past else session).answer(report(kpi.report)).table
                    answers[kpi.report, past] = list(python_rows(table))
        rows = answers[kpi.report, False]
        now[kpi.column] = measured(kpi, rows, month)
        before[kpi.column] = (
            measured(kpi, rows, _month_before(month))
            if kpi.monthly
            else measured(kpi, answers[kpi.report, True], month)
        )
    return now, before


def _local(session: ReportSession) -> datetime:
    return session.as_of.astimezone(session.options.clock)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
