"""Every report, once."""

import difflib

from acflow.errors import Action, ConfigError
from acflow.reports import events, marketing, revops, sales
from acflow.reports.model import Report

REPORTS: tuple[Report, ...] = (*marketing.REPORTS, *events.REPORTS, *sales.REPORTS, *revops.REPORTS)


def report(name: str) -> Report:
    """Return the report of that name, or say which name was probably meant."""
    by_name = {each.name: each for each in REPORTS}
    known = name.strip().lower().replace("-", "_").removeprefix("report_")
    if known in by_name:
        return by_name[known]
    near = difflib.get_close_matches(known, by_name, n=1, cutoff=0.4)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(f"There is no report {name!r}.{guess}", action=Action("list_reports"))
