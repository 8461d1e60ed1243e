"""The reports of a project: ready questions, their answers, and documents to send to somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acflow.app.flows import known_dialect
from acflow.app.runs import landed_certificates, newest_certificates
from acflow.errors import AcflowError, ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.reports import Answer, Options, Report, Role
    from acflow.reports.document.model import Document
    from acflow.reports.figures.model import Chart
    from acflow.settings import Settings

EVERY = "all"


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report that was kept as a table."""

    table: str
    rows: int


def list_reports(role: "Role | None" = None) -> "list[Report]":
    """Return the reports, of one role or of all."""
    from acflow.reports import REPORTS

    return [report for report in REPORTS if role in {None, report.role}]


def report_options(
    project: "Project", as_of: datetime | None = None, texts: Mapping[str, str] | None = None, /, **given: object
) -> "Options":
    """Return the options of reports: those of the settings, before them `texts` by name, before both what is given.

    `given` are values as `Options` has them, None for what is not given. A day without time begins in the
    time zone of the report.

    Raises:
        ConfigError: there is no such option, or it takes no such value.

    """
    from acflow.reports.option_parsing import READERS, options_of

    named = {name: READERS[name](name, text) for name, text in (texts or {}).items() if name in READERS}
    if unknown := sorted((texts or {}).keys() - READERS.keys()):
        raise ConfigError(f"Reports have no option {unknown[0]!r}. Options: {', '.join(READERS)}.")
    options = options_of(
        project.settings.report_options, **named | {name: value for name, value in given.items() if value is not None}
    )
    return replace(options, as_of=as_of)


def day_of(text: str) -> datetime | None:
    """Return the day that a text names; None for an empty one.

    Raises:
        ConfigError: it is no day.

    """
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{text!r} is no day. Write it as 2026-11-28.") from None


def explain(name: str, column: str | None = None) -> list[dict[str, Any]]:
    """Return what the columns of a report mean, or one of them, and how their measures are defined.

    Raises:
        ConfigError: there is no such report, or no such column in it.

    """
    from acflow.flows.problems import suggest
    from acflow.reports import report

    known = {each.name: each for each in report(name).columns}
    if column is not None and column not in known:
        raise ConfigError(f"{name} has no column {column!r}. {suggest(column, known, 'columns')}".strip())
    return [
        {
            "column": each.name,
            "kind": each.kind.value,
            "meaning": each.description,
            "currency_column": each.currency,
            "definition": asdict(each.kpi) if each.kpi else None,
        }
        for each in known.values()
        if column in {None, each.name}
    ]


def answer(project: "Project", name: str, options: "Options | None" = None) -> "Answer":
    """Return the rows of a report, the instant they speak of, and what the reader must know about them.

    Raises:
        ConfigError: there is no such report, or nothing in the warehouse to report on.

    """
    from acflow.reports import answer as answered
    from acflow.reports import report

    return answered(project.reader(), report(name), options or report_options(project))


def report_sql(project: "Project", name: str, options: "Options | None" = None, dialect: str | None = None) -> str:
    """Return the SQL that answers a report here, or in the dialect of another database."""
    from acflow.reports import report, sql_of

    return sql_of(project.reader(), report(name), options or report_options(project), known_dialect(dialect))


def document(
    project: "Project", roles: "Sequence[Role]" = (), *, title: str | None = None, options: "Options | None" = None
) -> "Document":
    """Return the report document of these roles, or of all: figures, the numbers under them, what they stand on."""
    from acflow.reports import Role
    from acflow.reports.document.build import build

    newest = newest_certificates(project)
    return build(
        project.reader(),
        list(roles) or list(Role),
        account=title or urlsplit(project.settings.url).hostname or "ActiveCampaign",
        certificates=landed_certificates(project),
        refused=[certificate for certificate in newest if not certificate["landed"]],
        options=options or report_options(project),
        locale=project.settings.locale,
    )


def charts(project: "Project", figure: str, options: "Options | None" = None) -> "Sequence[Chart]":
    """Return the charts of one figure, each to stand alone; none where there is nothing to see."""
    from acflow.reports.document.build import charts as drawn
    from acflow.reports.figures.registry import figure as figure_named

    chosen = options or report_options(project)
    return drawn(project.reader(), figure_named(figure), chosen, project.settings.locale)


def keep_as_tables(project: "Project", names: Sequence[str] = (), options: "Options | None" = None) -> list[KeptReport]:
    """Keep reports, or all, as tables of the warehouse named `report_…`."""
    from acflow.reports import REPORTS, ReportSession, report

    chosen = [report(name) for name in names] if names else REPORTS
    warehouse = project.warehouse()
    with warehouse.held(new=False, sealed=True):
        session = ReportSession.open(warehouse, options or report_options(project))
        return [KeptReport(each.table, session.land(each)) for each in chosen]


def wanted_reports(settings: "Settings") -> "Sequence[Report]":
    """Return the reports that the settings name, for each run to keep.

    Raises:
        ConfigError: there is no report of such a name, or an option of theirs is wrong.

    """
    if not settings.reports.strip():
        return ()
    from acflow.reports import REPORTS, report
    from acflow.reports.option_parsing import options_of

    options_of(settings.report_options)
    names = [name for part in settings.reports.split(",") if (name := part.strip())]
    return REPORTS if EVERY in names else tuple(report(name) for name in dict.fromkeys(names))


def entities_of_reports(settings: "Settings") -> dict[str, list[str]]:
    """Return the entities that these reports are made of, each with the reports."""
    from acflow.flows.derived_tables import read_for

    made_of: dict[str, list[str]] = {}
    for report in wanted_reports(settings):
        for name in read_for(report.table):
            made_of.setdefault(name, []).append(report.name)
    return made_of


def keep_wanted(settings: "Settings", reports: "Sequence[Report]") -> list[str]:
    """Keep these reports as tables, and say which could not be kept; what the run loaded stands either way."""
    if not reports:
        return []
    from acflow.app.prepare import flow_warehouse
    from acflow.reports import ReportSession
    from acflow.reports.option_parsing import options_of

    warehouse, remarks = flow_warehouse(settings), []
    try:
        with warehouse.held(new=False, sealed=True):
            session = ReportSession.open(warehouse, options_of(settings.report_options))
            for report in reports:
                try:
                    session.land(report)
                except AcflowError as error:
                    remarks.append(f"Report {report.name} was not kept; the next run tries again. {error}")
    except AcflowError as error:
        return [f"No report was kept. {error}"]
    return remarks


def as_dict(report: "Report") -> dict[str, Any]:
    """Return what a report is as JSON values."""
    return {"report": report.name, "role": report.role.value, "question": report.question}
