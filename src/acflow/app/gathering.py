"""What goes over several accounts stands on copies: each table of every account in one, with `_account` in front.

The copies lie in the warehouse of the roll-ups and are made anew by each run that needs them, from what every account
last proved. An account that could not be read keeps its rows of before.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlglot import exp

from acflow.app.events import Remark, Step
from acflow.app.lake import purge_lake
from acflow.app.publishing import publish_again, reader_of
from acflow.app.run_context import project_lock
from acflow.engine import Warehouse, open_warehouse
from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.materialize import WarehouseTarget, Write, build
from acflow.engine.sql import ACCOUNT_COLUMN, literal, quoted
from acflow.engine.sql import table as table_of
from acflow.errors import OtherAccountError
from acflow.flows.account_tables import AccountTables
from acflow.flows.accounts import settings_of
from acflow.flows.catalog import entity_schemas
from acflow.flows.materialize import STAGE
from acflow.flows.schemas import landed_schemas
from acflow.flows.spec import FlowFile
from acflow.flows.sqltypes import TypeFamily, column_type, data_type, kind
from acflow.load.metadata import ACCOUNT, LAYOUT, NEWEST_LAYOUT, OVER_ACCOUNTS, save_metadata_sql
from acflow.load.owner import owner_of
from acflow.settings import Settings

if TYPE_CHECKING:
    from acflow.app.run_context import RunContext


def readers(settings: Settings, file: FlowFile) -> dict[str, Warehouse]:
    """Return what is asked about each account, by its name."""
    found = {}
    for name, account in file.accounts.items():
        own = settings_of(settings, name, account)
        opened = open_warehouse(own.warehouse, own.dataset, patience=own.warehouse_patience, memory=own.flow_memory)
        found[name] = reader_of(own, opened)
    return found


def landed_anywhere(settings: Settings, file: FlowFile) -> dict[str, dict[str, str]]:
    """Return the columns of every entity in any of the accounts; where these differ, in a type that takes all."""
    schemas = entity_schemas()
    for warehouse in readers(settings, file).values():
        with warehouse.held(reading=True):
            landed = landed_schemas(warehouse)
        for name, columns in landed.items():
            known = schemas[name]
            known |= {
                column: column_type(known[column], sql_type) if column in known else sql_type
                for column, sql_type in columns.items()
            }
    return schemas


def gather(
    context: "RunContext", warehouse: Warehouse, file: FlowFile, tables: AccountTables, names: Sequence[str]
) -> None:
    """Copy these tables of every account into the warehouse of the roll-ups, each as a whole or not at all.

    Raises:
        OtherAccountError: it holds the tables of an account.

    """
    owner = owner_of(warehouse)
    if owner not in {None, OVER_ACCOUNTS}:
        raise OtherAccountError(
            f"The dataset {warehouse.dataset} of {warehouse.url} holds the data of {owner}, and not what goes over all "
            "accounts. Nothing was written. Name another `warehouse:` in acflow.yaml, or let the account have this one "
            "under its new name: docs/accounts.md tells how."
        )
    context.enter(Step.GATHER, names)
    sources = readers(context.settings, file)
    with warehouse.held(), _attached(warehouse, sources) as schemas:
        for name in names:
            context.cancel.raise_if_cancelled()
            held = {account: reader.columns(tables.places[name]) for account, reader in sources.items()}
            if lacking := [account for account, columns in held.items() if not columns]:
                context.emit(Remark(f"{', '.join(lacking)}: no {name} yet."))
            there = {account: columns for account, columns in held.items() if columns}
            if there:
                query = _union(warehouse.dialect, tables, name, there, schemas)
                build(WarehouseTarget(warehouse), Write(name), query, STAGE, warehouse.dataset)
        noted = {ACCOUNT: OVER_ACCOUNTS, LAYOUT: str(NEWEST_LAYOUT)}
        warehouse.execute(save_metadata_sql(warehouse, noted))


def drop_copies(settings: Settings, file: FlowFile) -> tuple[list[str], list[str]]:
    """Drop what a run makes anew of the accounts: copies and roll-ups. Return those, and the roll-ups that only grow.

    So nothing of a person who was erased from an account is left here, in the file's free space or a published copy
    either; what other runs have appended or merged is for its owner to look at.
    """
    warehouse = open_warehouse(
        settings.warehouse, settings.dataset, patience=settings.warehouse_patience, memory=settings.flow_memory
    )
    if owner_of(warehouse) != OVER_ACCOUNTS:
        return [], []
    with project_lock(settings):
        with warehouse.locked():
            there = [name for name in warehouse.tables() if not name.startswith("_")]
            growing = [name for name in there if name in file.flows and file.flows[name].mode != "replace"]
            gone = [name for name in there if name not in growing]
            places = [table_of(name, warehouse.dataset, warehouse.dialect) for name in gone]
            warehouse.execute([exp.Drop(this=place, kind="TABLE").sql(warehouse.dialect) for place in places])
            warehouse.rewrite(warehouse.tables())
        publish_again(settings, warehouse)
        purge_lake(settings, file)
    return gone, growing


def _union(
    dialect: str,
    tables: AccountTables,
    name: str,
    held: Mapping[str, Mapping[str, str]],
    schemas: Mapping[str, exp.Table],
) -> str:
    """Return the rows of one table in all accounts that have it."""
    selects = [
        _select(dialect, account, tables.columns[name], columns, _within(schemas[account], tables.places[name]))
        for account, columns in held.items()
    ]
    return " UNION ALL ".join(select.sql(dialect) for select in selects)


def _select(
    dialect: str, account: str, wanted: Mapping[str, str], held: Mapping[str, str], source: exp.Table
) -> exp.Select:
    items: list[exp.Expression] = [exp.cast(exp.Literal.string(account), "VARCHAR").as_(ACCOUNT_COLUMN, quoted=True)]
    for name, sql_type in list(wanted.items())[1:]:
        column: exp.Expression = exp.column(name, quoted=True) if name in held else exp.null()
        same = held.get(name) == sql_type if dialect == "duckdb" else kind(sql_type) is TypeFamily.JSON
        if name not in held or not same:
            column = exp.Cast(this=column, to=data_type(sql_type))
        items.append(column.as_(name, quoted=True))
    return exp.select(*items).from_(source)


def _within(schema: exp.Table, name: str) -> exp.Table:
    placed = schema.copy()
    placed.set("this", exp.to_identifier(name, quoted=True))
    return placed


@contextmanager
def _attached(warehouse: Warehouse, sources: Mapping[str, Warehouse]) -> Iterator[dict[str, exp.Table]]:
    """Yield a table in the schema of each account, as this warehouse reaches it; files are opened meanwhile."""
    if not isinstance(warehouse, DuckDBWarehouse):
        yield {name: table_of("", source.dataset, source.dialect) for name, source in sources.items()}
        return
    files = {name: source for name, source in sources.items() if isinstance(source, DuckDBWarehouse)}
    there = {name: source for name, source in files.items() if source.path.exists()}
    attached = []
    try:
        for name, source in there.items():
            warehouse.execute([f"ATTACH {literal(str(source.path))} AS {quoted(_alias(name))} (READ_ONLY)"])
            attached.append(name)
        yield {
            name: exp.table_("", db=source.dataset, catalog=_alias(name), quoted=True) for name, source in files.items()
        }
    finally:
        for name in attached:
            warehouse.execute([f"DETACH {quoted(_alias(name))}"])


def _alias(name: str) -> str:
    return f"account_{name}"
