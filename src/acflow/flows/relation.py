"""Rows on their way through a flow: where they stand, which columns they have, and the steps so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlglot import exp

from acflow.flows.expression import Frame
from acflow.flows.problems import Path, SqlMistakeError
from acflow.flows.sqltypes import MOMENTS, NUMBERS, data_type, kind
from acflow.flows.text import Document

# Logical schemas; `render` puts the real ones in their place.
ENTITIES, FLOWS = "entities", "flows"

# Whole numbers that only DuckDB has; a sum of bigints is one.
WIDE = frozenset({"HUGEINT", "UHUGEINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT"})


class SchemaInferrer(Protocol):
    """What knows the columns that a query gives: `describe.EmptyWarehouse`."""

    def declare(self, table: exp.Table, columns: Mapping[str, str]) -> None:
        """Make a table known."""

    def columns(self, query: exp.Query) -> list[tuple[str, str]]:
        """Return name and type of each column, or raise SqlMistakeError."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows that can be read: a table or an earlier step. `unique` are columns that tell every row apart."""

    table: exp.Table
    columns: Mapping[str, str]
    unique: tuple[str, ...] | None = None

    @property
    def alias(self) -> str:
        """The name under which its columns stand."""
        return self.table.alias_or_name

    @property
    def frame(self) -> Frame:
        """Its columns, for expressions."""
        return Frame(self.alias, self.columns)

    def aliased(self, alias: str) -> "Relation":
        """Return the same rows under another name."""
        table = self.table.copy()
        table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
        return Relation(table, self.columns, self.unique)

    def select(self, *items: exp.Expression) -> exp.Select:
        """Return a SELECT of these items from here."""
        query: exp.Select = exp.select(*items).from_(self.table.copy())
        return query

    def pass_on(self, names: Sequence[str] | None = None) -> list[exp.Expression]:
        """Return columns to select as they are."""
        return [self.frame.column(name) for name in names or self.columns]


def table(name: str, schema: str | None = None) -> exp.Table:
    """Return a table by its exact name."""
    return exp.table_(name, db=schema, quoted=True)


def named(value: exp.Expression, name: str) -> exp.Expression:
    """Return a column of a SELECT, named unless it has that name already."""
    if isinstance(value, exp.Column) and value.name == name:
        return value
    item: exp.Expression = exp.alias_(value, name, quoted=True)
    return item


def stable_type(sql_type: str) -> str:
    """Return a type that every warehouse has."""
    return "BIGINT" if sql_type in WIDE else sql_type


def stable(value: exp.Expression, sql_type: str) -> exp.Expression:
    """Fix the type of a computed number or moment, which else would differ from one warehouse to the next."""
    if sql_type not in WIDE and isinstance(value, exp.Column | exp.Literal | exp.Cast | exp.Count):
        return value
    if kind(sql_type) in NUMBERS.union(MOMENTS):
        return exp.Cast(this=value, to=data_type(stable_type(sql_type)))
    return value


@dataclass
class Builder:
    """The steps of one flow, each a SELECT over the one before, and where to report what is wrong."""

    name: str
    describer: SchemaInferrer
    document: Document
    steps: list[tuple[str, exp.Query]] = field(default_factory=list)
    failed: bool = False
    lost: set[str] = field(default_factory=set)

    def path(self, *parts: str | int) -> Path:
        """Return a path in the file, below this flow."""
        return ("flows", self.name, *parts)

    def report(self, path: Path, mistake: SqlMistakeError) -> None:
        """Note a mistake where it stands; the flow has no SQL then."""
        self.failed = True
        at = self.document.inside(path, mistake.line, mistake.column) if mistake.line else None
        self.document.report(path, mistake.message, mistake.fix, at=at)

    def give_up(self, column: str) -> tuple[exp.Expression, str]:
        """Stand in for a column that has a mistake, so that what uses it is not called a mistake too."""
        self.lost.add(column.lower())
        return exp.cast(exp.null(), "VARCHAR"), "VARCHAR"

    def gave_up(self, column: str) -> bool:
        """Whether a column has a mistake already."""
        return column.lower() in self.lost

    def add(
        self, step: str, query: exp.Query, columns: Mapping[str, str], unique: tuple[str, ...] | None = None
    ) -> Relation:
        """Add a step and return its rows. A name with a leading _ clashes with no flow."""
        taken = sum(1 for name, _ in self.steps if name.rstrip("_0123456789") == f"_{step}")
        label = f"_{step}_{taken + 1}" if taken else f"_{step}"
        self.steps.append((label, query))
        self.describer.declare(table(label), columns)
        return Relation(table(label), columns, unique)

    def types(self, query: exp.Query) -> list[str]:
        """Return the types of a query over what is declared."""
        return [sql_type for _, sql_type in self.describer.columns(query)]

    def query(self) -> exp.Query:
        """Return the last step, with all before as its CTEs."""
        *before, (_, last) = self.steps
        query = last.copy()
        for name, step in before:
            query = query.with_(exp.to_identifier(name, quoted=True), as_=step.copy(), copy=False)
        return query
