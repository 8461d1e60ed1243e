"""What a report is: a question, the SQL that answers it, and a sentence for each column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from acflow.entities.types import BIGINT, BOOLEAN, DATE, DOUBLE, INSTANT, MONEY, TEXT
from acflow.reports import texts


class Role(StrEnum):
    """Who asks."""

    MARKETING = "marketing"
    SALES = "sales"
    REVOPS = "revops"


class Format(StrEnum):
    """What a column holds, which says how to print and how to draw it."""

    TEXT = "text"
    ID = "id"
    COUNT = "count"
    SHARE = "share"  # part of a whole, as a fraction: 0.25 is 25 per cent, and it never lies outside 0 to 1
    RATE = "rate"  # printed in per cent like a share, but it may exceed 1 or fall below 0
    NUMBER = "number"
    MONEY = "money"  # whole units of the currency that `Column.currency` names
    DAYS = "days"  # a duration
    HOURS = "hours"  # a duration
    DAY = "day"
    MONTH = "month"  # its first day
    INSTANT = "instant"  # stored in UTC, shown in the time zone of the report
    FLAG = "flag"

    @property
    def is_percentage(self) -> bool:
        """Whether people read it in per cent."""
        return self in {Format.SHARE, Format.RATE}

    @property
    def is_duration(self) -> bool:
        """Whether it is a length of time."""
        return self in {Format.DAYS, Format.HOURS}

    @property
    def is_numeric(self) -> bool:
        """Whether it is a quantity, so that it is aligned to the right and may be drawn."""
        return self in {Format.COUNT, Format.NUMBER, Format.MONEY} or self.is_percentage or self.is_duration


SQL_TYPES: Mapping[Format, str] = {
    Format.TEXT: TEXT.sql,
    Format.ID: BIGINT.sql,
    Format.COUNT: BIGINT.sql,
    Format.SHARE: DOUBLE.sql,
    Format.RATE: DOUBLE.sql,
    Format.NUMBER: DOUBLE.sql,
    Format.MONEY: MONEY.sql,
    Format.DAYS: DOUBLE.sql,
    Format.HOURS: DOUBLE.sql,
    Format.DAY: DATE.sql,
    Format.MONTH: DATE.sql,
    Format.INSTANT: INSTANT.sql,
    Format.FLAG: BOOLEAN.sql,
}


@dataclass(frozen=True, slots=True)
class Kpi:
    """How a measure is defined, for the page of definitions.

    `source` says whose definition it is, `differs` how ActiveCampaign's own reports differ, where that is known.
    """

    title: str
    formula: str
    fields: str
    edges: str
    source: str
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report.

    `currency` is the column whose code an amount of money is in; None for all that is no money. `formerly` is the name
    that the column had in the previous minor version.
    """

    name: str
    kind: Format
    description: str
    kpi: Kpi | None = None
    formerly: str = ""

    @property
    def currency(self) -> str | None:
        """The column of the same report that holds the currency of this amount."""
        return "currency" if self.kind is Format.MONEY else None


NAMES = frozenset({"dealGroups", "dealStages", "users", "accounts"})


@dataclass(frozen=True)
class Report:
    """One question and its answer.

    `lost` says, by table, what is not known where that table is missing; a table that `fallback_for` names is not
    missed where the one behind it is there. As of a day that is over, the tables `as_now` may stay as they are, since
    they only give names, and those in `without` are left out; every other one must be known of that day.
    """

    name: str
    role: Role
    columns: tuple[Column, ...]
    lost: Mapping[str, str] = field(default_factory=dict)
    fallback_for: Mapping[str, str] = field(default_factory=dict)
    as_now: frozenset[str] = NAMES
    without: frozenset[str] = frozenset({"deals_custom"})

    @cached_property
    def sql(self) -> str:
        """The SQL as it is written, in DuckDB's dialect, over tables, shared parts and options."""
        return texts.report(self.name)

    @cached_property
    def question(self) -> str:
        """The question in plain words: the first comment of the SQL."""
        return texts.comment(self.sql)

    @property
    def table(self) -> str:
        """The table that holds the report, where it is kept."""
        return f"report_{self.name}"
