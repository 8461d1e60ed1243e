"""A table looked at by groups: a question of one measure, its rows, its picture, and the flow that keeps it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from acflow.app.aggregate import COUNTS, aggregate
from acflow.app.conditions import Condition, to_sql
from acflow.app.rows import MEASURES, Group, Measure, Metric, RowsQuery, Unit, group_value

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.reports.figures.model import Chart

MOST_GROUPS = 500
MOST_BARS, MOST_PARTS = 30, 6
REST = "all others"
ADDED_UP = frozenset({Measure.COUNT, Measure.SUM})  # what parts of a whole have, so they may stand on one another
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
Row = Mapping[str, Any]
WORDS: Mapping[Measure, str] = {
    Measure.COUNT: "Number",
    Measure.COUNT_DISTINCT: "Number of different values",
    Measure.SUM: "Sum",
    Measure.AVG: "Average",
    Measure.MEDIAN: "Median",
    Measure.MIN: "Smallest",
    Measure.MAX: "Largest",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a table: one metric for each group, and for each part of it if `split` names a column."""

    table: str
    metric: Metric
    by: Group
    split: str = ""
    past: str = ""  # the day at whose end the rows were so, if it is over

    @property
    def groups(self) -> tuple[Group, ...]:
        """The columns of the answer that are no metric."""
        return (self.by, Group(self.split)) if self.split and self.split != self.by.column else (self.by,)

    @property
    def words(self) -> str:
        """The question as a title."""
        metric = self.metric
        what = f"{WORDS[metric.measure]} of {metric.column or 'rows'}"
        each = f"{self.by.unit} of {self.by.column}" if self.by.unit else self.by.column
        return f"{what} by {each}{f' and {self.split}' if len(self.groups) > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Explored:
    """The answer: its rows, what must be said along with them, and pictures where there is something to draw."""

    table: "pa.Table"
    notes: tuple[str, ...]
    charts: "Sequence[Chart]"
    cut_off: bool


def explore(project: "Project", question: Question, query: RowsQuery) -> Explored:
    """Answer a question about the rows that a query leaves.

    Raises:
        ConfigError: there is no such table or column, or a column has nothing of that measure or no time.

    """
    from acflow.reports.figures.numbers import in_locale

    answer = aggregate(project, question.table, question.groups, [question.metric], query=query, limit=MOST_GROUPS + 1)
    cut_off = answer.table.num_rows > MOST_GROUPS
    table = answer.table.slice(0, MOST_GROUPS)
    with in_locale(project.settings.locale):
        charts = _charts(question, table.to_pylist(), cut_off=cut_off)
    return Explored(table, answer.notes, charts, cut_off)


def _charts(question: Question, rows: Sequence[Row], *, cut_off: bool) -> list["Chart"]:
    """Return the pictures: one, or one for each currency, since amounts of several never stand on one another."""
    from acflow.flows.money import currency_of

    metric = question.metric
    drawable = [row for row in rows if isinstance(row[metric.name], int | float | Decimal)]
    groups = [group.name for group in question.groups]
    currency = None if metric.measure in COUNTS else currency_of(metric.column, question.table, groups)
    if currency is None or question.by.name == currency:
        return [_chart(question, drawable, cut_off=cut_off)] if drawable else []
    alone = replace(question, split="")
    codes = Counter(row[currency] for row in drawable)
    return [
        _chart(alone, [row for row in drawable if row[currency] == code], cut_off=cut_off, code=code or "")
        for code, _ in codes.most_common(MOST_PARTS)
    ]


def _chart(question: Question, rows: Sequence[Row], *, cut_off: bool, code: str | None = None) -> "Chart":
    from acflow.reports.figures import charts
    from acflow.reports.figures.model import Chart
    from acflow.reports.figures.numbers import currency_name

    if question.by.unit or len(question.groups) > 1:
        parts, values = _parts(question, rows)
        draw = charts.columns if question.metric.measure in ADDED_UP else charts.lines
        spec = draw(values, parts, scale=charts.amounts())
        shown = f"the latest {MOST_GROUPS} groups" if cut_off and question.by.unit else "every group"
    else:
        spec = charts.bars(list(_bars(question, rows[:MOST_BARS])))
        shown = f"the {MOST_BARS} largest groups" if len(rows) > MOST_BARS else "every group"
    zone = f"; days are those of {question.by.zone}" if question.by.unit else ""
    zone += f"; as it was at the end of {question.past}" if question.past else ""
    title = question.words if code is None else f"{question.words}, in {currency_name(code)}"
    name = "-".join(filter(None, (question.table, "explored", code)))
    return Chart(name, title, f"Of {question.table}; {shown}{zone}", spec)


def _bars(question: Question, rows: Sequence[Row]) -> Iterator[Row]:
    from acflow.reports.figures import charts
    from acflow.reports.figures.numbers import short

    name = question.metric.name
    labels = charts.apart([_label(row[question.by.name]) for row in rows])
    for label, row in zip(labels, rows, strict=True):
        yield {"label": label, "value": float(row[name]), "says": short(row[name])}


def _parts(question: Question, rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
    """Return the largest parts, and the values of each group in its order; small parts that add up stand together."""
    name, by, unit = question.metric.name, question.by.name, question.by.unit
    adds_up = question.metric.measure in ADDED_UP
    split = question.groups[1].name if len(question.groups) > 1 else None
    sizes: dict[str, float] = {}
    for row in rows:
        part = _label(row[split]) if split else ""
        sizes[part] = sizes.get(part, 0.0) + abs(float(row[name]))
    largest = sorted(sizes, key=lambda part: -sizes[part])[:MOST_PARTS]
    days = [row[by] for row in rows if row[by] is not None]
    whens = _steps(min(days), max(days), unit) if unit and days and adds_up else []
    added: dict[tuple[str, str], float] = {(_when(day, unit), largest[0]): 0.0 for day in whens}
    for row in sorted(rows, key=lambda row: (row[by] is None, row[by])) if unit else rows:
        part = _label(row[split]) if split else ""
        if part in largest or adds_up:
            spot = (_when(row[by], unit), part if part in largest else REST)
            added[spot] = added.get(spot, 0.0) + float(row[name])
    parts = [*largest, *([REST] if any(part == REST for _, part in added) else [])]
    return parts, [{"when": when, "part": part, "value": value} for (when, part), value in added.items()]


def _steps(first: date, last: date, unit: Unit) -> Iterator[date]:
    """Yield the first day of each stretch of time, also of those without a row."""
    from acflow.reports.figures.periods import later

    for _ in range(MOST_GROUPS):
        yield first
        if first >= last:
            return
        first = first + timedelta(days=DAYS[unit]) if unit in DAYS else later(first, MONTHS[unit])


def _when(value: object, unit: Unit | None) -> str:
    if not isinstance(value, date):
        return _label(value)
    shown = {
        Unit.MONTH: f"{value:%Y-%m}",
        Unit.QUARTER: f"{value.year} Q{(value.month + 2) // 3}",
        Unit.YEAR: f"{value.year}",
    }
    return shown.get(unit, _label(value)) if unit else _label(value)


def _label(value: object) -> str:
    return "(empty)" if value is None else str(value)


def flow_of(question: Question, conditions: Sequence[Condition], types: Mapping[str, str]) -> dict[str, Any]:
    """Return what a flow says that keeps the answer up to date; `types` are those of DuckDB."""
    metric = question.metric
    column: exp.Expression = exp.column(metric.column, quoted=True) if metric.column else exp.Star()
    if metric.measure is Measure.COUNT_DISTINCT:
        column = exp.Distinct(expressions=[column])
    measured = MEASURES.get(metric.measure, exp.Count)(this=column)
    flow: dict[str, Any] = {"where": to_sql(conditions, dict(types))} if conditions else {}
    if question.by.unit:
        value = group_value(question.by, types[question.by.column], "duckdb")
        flow["formula"] = {question.by.name: value.sql("duckdb")}
    groups = [group.name for group in question.groups]
    return flow | {"group_by": groups, "metrics": {metric.name: measured.sql("duckdb")}}
