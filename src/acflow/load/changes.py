"""What changed since the last reading, merged into a table: loaded beside it, then moved in one transaction."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.engine.sql import AT_ONCE, DELETED_AT, table
from acflow.load.tables import columns_like

CHANGES = "_changes_"
LOADER = "_dlt"


def changes_table(entity: str) -> str:
    """Return the name of the table that holds changes until they are merged."""
    return f"{CHANGES}{entity}"


def own_columns(warehouse: Warehouse, name: str) -> dict[str, str]:
    """Return the columns of a table and their types, without the loader's."""
    return {column: kind for column, kind in warehouse.columns(name).items() if not column.startswith(LOADER)}


def merge_sql(warehouse: Warehouse, entity: str, present: AbstractSet[str], rejects: str | None) -> list[str]:
    """Return the statements that put the changes of an entity in the place of the rows with their ids.

    `present` are the columns that the reading brought; what the others held before stays. The values that did not
    convert in earlier readings of the same rows are forgotten in the table of `rejects`.
    """
    dataset, dialect = warehouse.dataset, warehouse.dialect
    target, stage = table(entity, dataset, dialect), table(changes_table(entity), dataset, dialect)
    known, came = own_columns(warehouse, entity), own_columns(warehouse, changes_table(entity))
    kept = [name for name in came if name in known and name not in present and name != DELETED_AT]
    ids = exp.select(_column("id")).from_(stage)
    statements: list[exp.Expression | str] = [*columns_like(warehouse, entity, came, known)]
    if kept:
        old = exp.select(*(_column(name) for name in ("id", *kept))).from_(target).subquery("o")
        values = {_column(name): exp.column(name, "o", quoted=True) for name in kept}
        same = exp.column("id", changes_table(entity), quoted=True).eq(exp.column("id", "o", quoted=True))
        statements.append(exp.update(stage, values, where=same, from_=exp.From(this=old)))
    if rejects:
        ours = _column("entity").eq(entity)
        earlier = _column("run").neq(rejects)
        statements.append(exp.delete(table("_rejects", dataset, dialect), where=exp.and_(ours, earlier, _in(ids))))
    columns = [exp.to_identifier(name, quoted=True) for name in came]
    rows = exp.select(*(_column(name) for name in came)).from_(stage)
    statements += [
        exp.delete(target, where=_in(ids)),
        exp.insert(rows, target, columns=columns),
        exp.Drop(this=stage, kind="TABLE"),
    ]
    return [each if isinstance(each, str) else each.sql(dialect) for each in statements]


def delete_sql(warehouse: Warehouse, entity: str, belongs_to: str, owners: Sequence[int]) -> list[str]:
    """Return the statements that take away what belongs to these records; what still does comes in again."""
    target = table(entity, warehouse.dataset, warehouse.dialect)
    parts = [owners[start : start + AT_ONCE] for start in range(0, len(owners), AT_ONCE)]
    return [exp.delete(target, where=_column(belongs_to).isin(*part)).sql(warehouse.dialect) for part in parts]


def orphaned(warehouse: Warehouse, entity: str, belongs_to: str, owner: str) -> list[str]:
    """Return the statements that take away what belongs to records that are gone."""
    if DELETED_AT not in warehouse.columns(owner):
        return []
    gone = exp.not_(_column(DELETED_AT).is_(exp.null()))
    ids = exp.select(_column("id")).from_(table(owner, warehouse.dataset, warehouse.dialect)).where(gone)
    target = table(entity, warehouse.dataset, warehouse.dialect)
    return [exp.delete(target, where=_column(belongs_to).isin(query=ids)).sql(warehouse.dialect)]


def _in(ids: exp.Select) -> exp.Expression:
    return _column("id").isin(query=ids)


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
