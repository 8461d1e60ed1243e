"""What a report is: a question, the SQL that answers it, and a sentence for each column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

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
    SHARE = "share"  # a ratio, as a fraction: 0.25 is 25 per cent
    NUMBER = "number"
    MONEY = "money"  # whole units of the row's currency
    DAYS = "days"
    DAY = "day"
    MOMENT = "moment"  # an instant, in UTC
    FLAG = "flag"


SQL_TYPES: Mapping[Format, str] = {
    Format.TEXT: "VARCHAR",
    Format.ID: "BIGINT",
    Format.COUNT: "BIGINT",
    Format.SHARE: "DOUBLE",
    Format.NUMBER: "DOUBLE",
    Format.MONEY: "DECIMAL(28, 4)",
    Format.DAYS: "DOUBLE",
    Format.DAY: "DATE",
    Format.MOMENT: "TIMESTAMP WITH TIME ZONE",
    Format.FLAG: "BOOLEAN",
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
    """One column of a report."""

    name: str
    kind: Format
    description: str
    kpi: Kpi | None = None


@dataclass(frozen=True)
class Report:
    """One question and its answer.

    `lost` says, by table, what is not known where that table is missing; a table that `spared` names is not missed
    where the one behind it is there.
    """

    name: str
    role: Role
    columns: tuple[Column, ...]
    lost: Mapping[str, str] = field(default_factory=dict)
    fallback_for: Mapping[str, str] = field(default_factory=dict)

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
