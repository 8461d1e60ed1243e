"""The SQL of a page of rows: search, conditions, order, and the place where the page before ended. Pure.

Pages go by key, not by offset, so that the thousandth costs as much as the first. Where a table has no key there is
nothing to go by, and its pages do go by offset.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from acflow.engine.sql import table as table_of
from acflow.errors import ConfigError
from acflow.flows.problems import suggest

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.engine import Warehouse

KEY = "id"
MOST_ROWS = 1000  # of a page
TEXT_TYPES = ("VARCHAR", "TEXT", "CHAR", "STRING", "CHARACTER VARYING")
UNORDERED = ("JSON", "STRUCT", "MAP", "LIST", "BLOB")


class Operator(StrEnum):
    """How a condition compares a column with its values."""

    IS = "is"
    IS_NOT = "is_not"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"
    CONTAINS = "contains"
    BEGINS = "begins"
    EMPTY = "empty"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition; `is` and `is_not` may name several values, `empty` and `filled` take none."""

    column: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """A column to sort by; what is empty comes last."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """What is wanted of a table: columns (all if none is named), rows, their order, and how many of them.

    `search` is a text that any column with text must hold, whatever the case; `after` is the cursor of a page. With
    `as_of` it is the table as it was then, where its versions are kept.
    """

    columns: tuple[str, ...] = ()
    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int = 50
    after: str | None = None
    as_of: datetime | None = None


class Measure(StrEnum):
    """What is worked out of the values of a column; `count` without a column counts rows."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure of a column."""

    measure: Measure
    column: str = ""

    @property
    def name(self) -> str:
        """The column of the answer that holds it."""
        return f"{self.measure}_{self.column}" if self.column else "rows"


class Unit(StrEnum):
    """A stretch of time that instants and days are put together by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Group:
    """A column to group by: each value is a group, or each stretch of time, as the clock of a zone shows it."""

    column: str
    unit: Unit | None = None
    zone: str = "UTC"

    @property
    def name(self) -> str:
        """The column of the answer that holds it: the first day of a stretch of time."""
        return f"{self.column}_{self.unit}" if self.unit else self.column


@dataclass(frozen=True, slots=True)
class RowsSql:
    """The SQL of what is wanted of one table. `types` are its columns with their SQL types."""

    warehouse: "Warehouse"
    name: str
    types: Mapping[str, str]
    query: RowsQuery

    def __post_init__(self) -> None:
        """Refuse columns that there are not, and an order that cannot be."""
        named = [*self.query.columns, *(sort.column for sort in self.query.sort)]
        named += [condition.column for condition in self.query.filters]
        for column in named:
            self._check(column)
        for sort in self.query.sort:
            if any(word in self.types[sort.column].upper() for word in UNORDERED):
                raise ConfigError(f"{sort.column} holds {self.types[sort.column]}, which has no order to sort by.")

    def _check(self, column: str) -> None:
        if column not in self.types:
            fix = suggest(column, self.types, "columns")
            raise ConfigError(f"There is no column `{column}` in {self.name}. {fix}".strip())

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that are wanted."""
        return self.query.columns or tuple(self.types)

    @property
    def order(self) -> tuple[Sort, ...]:
        """The order, down to the key, if the table has one, so that it is the same each time."""
        wanted = {sort.column: sort for sort in reversed(self.query.sort)}
        ordered = tuple(dict.fromkeys(wanted[sort.column] for sort in self.query.sort))
        return ordered if KEY in wanted or KEY not in self.types else (*ordered, Sort(KEY))

    def page(self) -> str:
        """Return the SQL of a page, with one row more where there is one; beside what is shown it holds the order."""
        if not 0 < self.query.limit <= MOST_ROWS:
            raise ConfigError(f"A page has 1 to {MOST_ROWS} rows, not {self.query.limit}.")
        place = _unpacked(self.query.after)
        columns = dict.fromkeys((*self.shown, *(sort.column for sort in self.order)))
        select = self._select([_column(name) for name in columns]).limit(self.query.limit + 1)
        if KEY not in self.types:
            select = select.offset(int(place.get("offset", 0)))
        elif values := place.get("after"):
            select = select.where(self._behind(values))
        return self._sql(self._ordered(select))

    def following(self, page: "pa.Table") -> str:
        """Return the cursor of the page behind one that `page` gave."""
        if KEY not in self.types:
            return _packed({"offset": int(_unpacked(self.query.after).get("offset", 0)) + page.num_rows})
        last = page.slice(page.num_rows - 1).to_pylist()[0]
        return _packed({"after": [_text(last[sort.column]) for sort in self.order]})

    def all(self, limit: int | None = None) -> str:
        """Return the SQL of all rows that are wanted, or of the first ones, whatever the page."""
        select = self._ordered(self._select([_column(name) for name in self.shown]))
        return self._sql(select if limit is None else select.limit(limit))

    def count(self) -> str:
        """Return the SQL of the number of `rows`."""
        return self._sql(self._select([exp.Count(this=exp.Star()).as_("rows")]))

    def facets(self, column: str, limit: int) -> str:
        """Return the SQL of the most frequent values of a column: each `value` as text, and its `rows`."""
        self._check(column)
        value = exp.cast(_column(column), exp.DataType.Type.TEXT).as_("value")
        select = self._select([value, exp.Count(this=exp.Star()).as_("rows")]).group_by(_column(column))
        order = (exp.column("rows").desc(), exp.Ordered(this=exp.column("value"), nulls_first=False))
        return self._sql(select.order_by(*order).limit(limit))

    def grouped(self, by: Sequence[Group], metrics: Sequence[Metric], limit: int) -> str:
        """Return the SQL of metrics for each combination of groups: the latest stretches of time, or the largest."""
        for name in (*(group.column for group in by), *(metric.column for metric in metrics if metric.column)):
            self._check(name)
        names = [*(group.name for group in by), *(metric.name for metric in metrics)]
        if not metrics or len(set(names)) < len(names):
            raise ConfigError("Name at least one metric, and each metric and column once.")
        groups = [self._grouping(group) for group in by]
        measured = [self._measured(metric).as_(metric.name, quoted=True) for metric in metrics]
        shown = [term.as_(group.name, quoted=True) for group, term in zip(by, groups, strict=True)]
        select = self._select([*shown, *measured]).group_by(*(term.copy() for term in groups))
        first = next((group.name for group in by if group.unit), metrics[0].name)
        order = [exp.Ordered(this=_column(first), desc=True, nulls_first=False)]
        order += [exp.Ordered(this=_column(group.name), nulls_first=False) for group in by if group.name != first]
        return self._sql(select.order_by(*order).limit(limit))

    def _grouping(self, group: Group) -> exp.Expression:
        return group_value(group, self.types[group.column], self.warehouse.dialect)

    def _measured(self, metric: Metric) -> exp.Expression:
        if not metric.column:
            if metric.measure is not Measure.COUNT:
                raise ConfigError(f"{metric.measure} needs a column. Only count does without, and counts rows.")
            return exp.Count(this=exp.Star())
        column = _column(metric.column)
        if metric.measure is Measure.COUNT_DISTINCT:
            return exp.Count(this=exp.Distinct(expressions=[column]))
        if metric.measure in NUMERIC and not exp.DataType.build(
            self.types[metric.column], dialect=self.warehouse.dialect
        ).is_type(*exp.DataType.NUMERIC_TYPES):
            kind = self.types[metric.column]
            raise ConfigError(f"{metric.column} holds {kind}, of which there is no {metric.measure}. Take a number.")
        return MEASURES[metric.measure](this=column)

    def _sql(self, select: exp.Select) -> str:
        return select.sql(self.warehouse.dialect)

    def _select(self, columns: Sequence[exp.Expression]) -> exp.Select:
        """Select from the rows that search and conditions leave."""
        source = table_of(self.name, self.warehouse.dataset, self.warehouse.dialect)
        conditions = [self._condition(condition) for condition in self.query.filters]
        if self.query.search:
            conditions.append(self._search(self.query.search))
        if self.query.as_of:
            at = exp.cast(exp.Literal.string(self.query.as_of.astimezone(UTC).isoformat(sep=" ")), "TIMESTAMPTZ")
            ends = _column("_valid_to")
            conditions += [_column("_valid_from") <= at, exp.or_(ends.is_(exp.null()), _column("_valid_to") > at)]
        return exp.select(*columns).from_(source).where(*conditions)

    def _search(self, text: str) -> exp.Expression:
        texts = [name for name, kind in self.types.items() if kind.upper().startswith(TEXT_TYPES) or name == KEY]
        return exp.or_(*(_holds(_column(name), text) for name in texts)) if texts else exp.false()

    def _condition(self, condition: Filter) -> exp.Expression:
        column, values = _column(condition.column), condition.values
        if condition.operator in {Operator.EMPTY, Operator.FILLED}:
            empty = column.is_(exp.null())
            return empty if condition.operator is Operator.EMPTY else empty.not_()
        if not values:
            raise ConfigError(f"The condition on {condition.column} has no value.")
        if condition.operator is Operator.CONTAINS:
            return exp.or_(*(_holds(column, value) for value in values))
        if condition.operator is Operator.BEGINS:
            return exp.or_(*(_place_of(column, value).eq(1) for value in values))
        typed = [self._typed(condition.column, value) for value in values]
        if condition.operator is Operator.IS:
            return column.isin(*typed)
        if condition.operator is Operator.IS_NOT:
            return exp.or_(column.isin(*typed).not_(), _column(condition.column).is_(exp.null()))
        return exp.or_(*(COMPARISONS[condition.operator](this=column.copy(), expression=value) for value in typed))

    def _typed(self, column: str, value: str) -> exp.Expression:
        kind = exp.DataType.build(self.types[column], dialect=self.warehouse.dialect)
        return exp.cast(exp.Literal.string(value), kind)

    def _ordered(self, select: exp.Select) -> exp.Select:
        terms = [exp.Ordered(this=_column(sort.column), desc=sort.descending, nulls_first=False) for sort in self.order]
        return select.order_by(*terms) if terms else select

    def _behind(self, values: Sequence[str | None]) -> exp.Expression:
        """Return the condition of rows that come behind one with these values, where empty ones are last."""
        if len(values) != len(self.order):
            raise ConfigError("The cursor is of a page in another order. Begin with the first page.")
        condition: exp.Expression = exp.false()
        for sort, value in reversed(list(zip(self.order, values, strict=True))):
            column = _column(sort.column)
            if value is None:
                condition = exp.and_(column.is_(exp.null()), condition)
                continue
            typed = self._typed(sort.column, value)
            comparison = (exp.LT if sort.descending else exp.GT)(this=column, expression=typed)
            further = exp.or_(comparison, _column(sort.column).is_(exp.null()))
            condition = exp.or_(further, exp.and_(_column(sort.column).eq(typed.copy()), condition))
        return condition


def group_value(group: Group, type_name: str, dialect: str) -> exp.Expression:
    """Return what tells a group from others: the column's value, or the first day of the stretch of time.

    Raises:
        ConfigError: the column holds no time.

    """
    column = _column(group.column)
    if group.unit is None:
        return column
    kind = exp.DataType.build(type_name, dialect=dialect)
    if not kind.is_type(*exp.DataType.TEMPORAL_TYPES):
        raise ConfigError(f"{group.column} holds {type_name}, no date to take the {group.unit} of.")
    aware = kind.is_type(exp.DataType.Type.TIMESTAMPTZ)
    local = exp.AtTimeZone(this=column, zone=exp.Literal.string(group.zone)) if aware else column
    return exp.cast(exp.func("DATE_TRUNC", exp.Literal.string(group.unit), local, dialect="duckdb"), "DATE")


COMPARISONS = {
    Operator.BELOW: exp.LT,
    Operator.AT_MOST: exp.LTE,
    Operator.ABOVE: exp.GT,
    Operator.AT_LEAST: exp.GTE,
}

MEASURES: Mapping[Measure, type[exp.AggFunc]] = {
    Measure.COUNT: exp.Count,
    Measure.SUM: exp.Sum,
    Measure.AVG: exp.Avg,
    Measure.MEDIAN: exp.Median,
    Measure.MIN: exp.Min,
    Measure.MAX: exp.Max,
}
NUMERIC = frozenset({Measure.SUM, Measure.AVG, Measure.MEDIAN})


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _holds(column: exp.Column, text: str) -> exp.Expression:
    return exp.GT(this=_place_of(column, text), expression=exp.Literal.number(0))


def _place_of(column: exp.Column, text: str) -> exp.Expression:
    """Return where in a column, as text, another text begins, whatever the case; 0 if nowhere."""
    lower = exp.Lower(this=exp.cast(column.copy(), exp.DataType.Type.TEXT))
    return exp.StrPosition(this=lower, substr=exp.Literal.string(text.lower()))


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever a warehouse holds
    """Return a value so that a cast in SQL gives it back."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _packed(place: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _unpacked(cursor: str | None) -> dict[str, Any]:
    if not cursor:
        return {}
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        offset, after = place.get("offset", 0), place.get("after", [])
        if isinstance(offset, int) and offset >= 0 and all(value is None or isinstance(value, str) for value in after):
            return dict(place)
    except (ValueError, AttributeError, TypeError):
        pass
    raise ConfigError("This is no cursor of a page. Begin with the first page.")
