"""Reports that a run keeps as tables when all else is done."""

from typing import TYPE_CHECKING

from acflow.app.prepare import flow_warehouse
from acflow.errors import AcflowError
from acflow.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acflow.reports import Report

EVERY = "all"


def wanted_reports(settings: Settings) -> "Sequence[Report]":
    """Return the reports that the settings name.

    Raises:
        ConfigError: there is no report of such a name, or an option of theirs is wrong.

    """
    if not settings.reports.strip():
        return ()
    from acflow.reports import REPORTS, report
    from acflow.reports.option_parsing import options_of

    options_of(settings.report_options)
    names = [name for each in settings.reports.split(",") if (name := each.strip())]
    return REPORTS if EVERY in names else tuple(report(name) for name in dict.fromkeys(names))


def keep_reports(settings: Settings, reports: "Sequence[Report]") -> list[str]:
    """Keep these reports as tables, and say which could not be kept; what the run landed stands either way."""
    if not reports:
        return []
    from acflow.reports import ReportSession
    from acflow.reports.option_parsing import options_of

    try:
        session = ReportSession.open(flow_warehouse(settings), options_of(settings.report_options))
    except AcflowError as error:
        return [f"No report was kept. {error}"]
    told = []
    for each in reports:
        try:
            session.land(each)
        except AcflowError as error:
            told.append(f"Report {each.name} was not kept; `acflow reports land {each.name}` tries again. {error}")
    return told
