"""Statements that make and empty tables as dlt would, in any dialect."""

from typing import Any

JSON_TYPES = {"postgres": "JSONB"}  # json alone can be neither compared nor grouped there


def empty_table(table: str, dataset: str, columns: dict[str, Any], dialect: str) -> list[str]:
    """Return the statements that leave a table without rows, and make it if it is not there."""
    from sqlglot import exp

    target = exp.table_(table, db=dataset, quoted=True)
    definitions = [
        exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(_sql_type(hint, dialect)))
        for name, hint in columns.items()
    ]
    schema = exp.Schema(this=target, expressions=definitions)
    statements = [
        exp.Create(this=exp.Schema(this=exp.to_identifier(dataset, quoted=True)), kind="SCHEMA", exists=True),
        exp.Create(this=schema, kind="TABLE", exists=True),
        exp.delete(target),
    ]
    return [statement.sql(dialect) for statement in statements]


def truncated(table: str, dataset: str, dialect: str) -> str:
    """Return the statement that gives back the space of all rows of a table."""
    from sqlglot import exp

    return exp.TruncateTable(expressions=[exp.table_(table, db=dataset, quoted=True)]).sql(dialect)


def _sql_type(hint: dict[str, Any], dialect: str) -> str:
    """Return sqlglot's type for a dlt hint, the one that dlt itself would make."""
    kind = str(hint["data_type"])
    if kind == "timestamp":
        return "TIMESTAMPTZ" if hint["timezone"] else "TIMESTAMP"
    if kind == "decimal":
        return f"DECIMAL({hint['precision']}, {hint['scale']})"
    if kind == "json":
        return JSON_TYPES.get(dialect, "JSON")
    return {"text": "VARCHAR", "bool": "BOOLEAN"}.get(kind, kind.upper())
