"""The reports in words: what docs/kpis.md says, made from the declarations."""

from collections.abc import Iterable, Sequence

from acflow.reports.assemble import tables_of
from acflow.reports.model import Kpi, Report, Role
from acflow.reports.past import can_take_back
from acflow.reports.registry import REPORTS

TITLES = {Role.MARKETING: "Marketing", Role.SALES: "Sales", Role.REVOPS: "RevOps"}


def index() -> str:
    """Return a table of all reports with their questions."""
    rows = [(f"[{one.name}](#{one.name})", TITLES[one.role], one.question) for one in REPORTS]
    return "\n" + _table(("report", "for", "question"), rows) + "\n\n"


def kpis() -> str:
    """Return how each measure is defined, once, with the reports that show it."""
    shown: dict[Kpi, list[str]] = {}
    for one in REPORTS:
        for column in one.columns:
            if column.kpi:
                shown.setdefault(column.kpi, []).append(f"`{column.name}` in {one.name}")
    return "\n" + "\n".join(_kpi(kpi, where) for kpi, where in shown.items()) + "\n"


def columns() -> str:
    """Return every report with a sentence for each of its columns."""
    parts = []
    for one in REPORTS:
        rows = [(f"`{each.name}`", each.kind.value, each.description) for each in one.columns]
        lost = [f"- Without `{table}`: {cost}." for table, cost in one.lost.items()]
        more = "\n".join([*lost, _past(one)]) + "\n\n"
        parts.append(f"### {one.name}\n\n{one.question}\n\n{more}{_table(('column', 'kind', 'meaning'), rows)}\n")
    return "\n" + "\n".join(parts) + "\n"


def renamed() -> str:
    """Return the columns that had another name in the previous minor version."""
    rows = [
        (f"`{column.formerly}`", f"`{column.name}`", report.name)
        for report in REPORTS
        for column in report.columns
        if column.formerly
    ]
    return "\n" + _table(("until 0.1", "now", "report"), rows) + "\n\n"


def _past(report: Report) -> str:
    """Say how a report is answered as of a day that is over."""
    needed = [f"`{name}`" for name in can_take_back(report)]
    names = sorted(report.as_now & set(tables_of(report)))
    kept = f"; {', '.join(f'`{name}`' for name in names)} only give names and stay as they are" if names else ""
    return f"- As of a day that is over it needs what these held then: {', '.join(needed)}{kept}."


def _kpi(kpi: Kpi, where: Sequence[str]) -> str:
    facts = [
        f"- **Formula** {kpi.formula}.",
        f"- **Fields** {kpi.fields}.",
        f"- **Edge cases** {kpi.edges}",
        f"- **Source** {kpi.source}.",
        *([f"- **In ActiveCampaign's own reports** {kpi.differs}"] if kpi.differs else []),
        f"- **Shown as** {', '.join(where)}.",
    ]
    return f"### {kpi.title}\n\n" + "\n".join(facts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
