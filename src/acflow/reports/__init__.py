"""Reports: questions of marketing, sales and RevOps, answered by SQL over what has landed."""

from acflow.reports.model import Column, Format, Kpi, Report, Role
from acflow.reports.options import Basis, Options
from acflow.reports.past import PastUnknownError
from acflow.reports.registry import REPORTS, report
from acflow.reports.session import Answer, ReportSession, answer, land_report, run_report, sql_of

__all__ = [
    "REPORTS",
    "Answer",
    "Basis",
    "Column",
    "Format",
    "Kpi",
    "Options",
    "PastUnknownError",
    "Report",
    "ReportSession",
    "Role",
    "answer",
    "land_report",
    "report",
    "run_report",
    "sql_of",
]
