"""DuckDB's own word on a query: an empty database with the known tables says what comes out, or what is wrong."""

import re
from collections.abc import Mapping
from functools import cache

import duckdb
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError

from acflow.flows.function_hints import advice
from acflow.flows.problems import SqlMistakeError
from acflow.flows.sqltypes import DIALECT, TypeFamily, data_type, kind

TYPES_CLASH = re.compile(r"argument types '(.+?)\((.*?)\)'|function call \"(.+?)\((.*?)\)\"")
NO_FUNCTION = re.compile(
    r"Function with name \"?(\w+)\"? (?:does not exist!(?:\s*Did you mean \"([^\"]+)\"\?)?|is not in the catalog)"
)


GROWING = (exp.Repeat, exp.Pad, exp.Space, exp.GenerateSeries, exp.Anonymous, exp.Format)
GROWING_NAMES = frozenset({"list_resize", "array_resize", "printf", "format", "bitstring", "range", "bar"})


class EmptyWarehouseInferrer:
    """Tables without rows, in memory. It can open no file and reach no network, so neither can a query under test."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={"enable_external_access": "false", "threads": 1, "autoload_known_extensions": "false"},
        )
        self._connection.execute("SET TimeZone = 'UTC'")

    def declare(self, table: exp.Table, columns: Mapping[str, str]) -> None:
        """Make an empty table, in place of one of the same name."""
        if table.db:
            schema = exp.Create(this=exp.table_(table.db, quoted=True), kind="SCHEMA", exists=True)
            self._connection.execute(schema.sql(DIALECT))
        fields = ", ".join(_field(name, sql_type) for name, sql_type in columns.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE {table.sql(DIALECT)} ({fields})")

    def columns(self, query: exp.Query) -> list[tuple[str, str]]:
        """Return name and type of each column that a query gives; raises SqlMistakeError."""
        try:
            sql = without_growth(query).sql(DIALECT, unsupported_level=ErrorLevel.RAISE)
            rows = self._connection.execute(f"DESCRIBE {sql}").fetchall()
        except UnsupportedError as error:
            raise SqlMistakeError(f"DuckDB's SQL cannot say this: {error}") from None
        except duckdb.Error as error:
            raise _translate(error) from None
        for row in rows:
            _refuse_strange(str(row[1]))
        return [(str(row[0]), str(row[1])) for row in rows]

    def close(self) -> None:
        """Forget it all."""
        self._connection.close()


def without_growth(query: exp.Query) -> exp.Query:
    """Return a query of the same types in which nothing that can be worked out beforehand makes long texts and lists.

    DuckDB works out `repeat('x', 4000000000)` while it only describes the query, outside its limit of memory.
    """
    if not query.find(*GROWING):
        return query
    tamed = query.copy()
    for node in list(tamed.find_all(*GROWING)):
        if (isinstance(node, exp.Anonymous) and node.name.lower() not in GROWING_NAMES) or node.find(exp.Column):
            continue
        for literal in list(node.find_all(exp.Literal)):
            literal.replace(exp.Literal.string("1") if literal.is_string else exp.Literal.number(1))
    return tamed


@cache
def _refuse_strange(sql_type: str) -> None:
    try:
        duckdb.sqltype(str(data_type(sql_type).sql(DIALECT)))
    except (SqlglotError, ValueError, duckdb.Error):
        fix = "Turn it into another type: `cast(… as …)`."
        raise SqlMistakeError(f"a column of type {sql_type} cannot be kept.", fix) from None


@cache
def _field(name: str, sql_type: str) -> str:
    """Write a column of a table; the same few hundred come again and again."""
    return exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=data_type(sql_type)).sql(DIALECT)


def _translate(error: duckdb.Error) -> SqlMistakeError:
    text = str(error)
    if found := TYPES_CLASH.search(text):
        function, types = found[1] or found[3], found[2] or found[4]
        given = " and ".join(_words(name) for name in types.split(", ")) if types else "nothing"
        return SqlMistakeError(
            f"`{function}` does not take {given}.", "Cast one with `cast(… as …)`, or use another column."
        )
    if found := NO_FUNCTION.search(text):
        near = f"Did you mean `{found[2]}`?" if found[2] else ""
        return SqlMistakeError(f"there is no function `{found[1]}`.", advice(found[1].lower()) or near)
    first = text.splitlines()[0].partition("Error: ")[2] or text.splitlines()[0]
    return SqlMistakeError(f"{first[0].lower()}{first[1:].rstrip('.! ')}.")


def _words(sql_type: str) -> str:
    """Name a type of an error message in plain words."""
    if sql_type.endswith("_LITERAL"):
        return {"STRING": "text", "INTEGER": "a whole number"}.get(sql_type.removesuffix("_LITERAL"), sql_type)
    try:
        named = kind(sql_type)
    except (SqlglotError, ValueError):
        return sql_type
    return sql_type if named is TypeFamily.OTHER else named.value
