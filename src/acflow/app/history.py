"""What follows the landing of an entity in one transaction: its changes go in, its history and its cursor move on."""

from acflow.app.refresh import Refresh
from acflow.app.run_context import Account, RunContext
from acflow.engine import DELETED_AT
from acflow.entities.choice import VALUES
from acflow.load.changes import changes_table, delete_sql, merge_sql, orphaned, own_columns
from acflow.load.history import LoadedTable, history_sql
from acflow.load.loader import REJECTS_TABLE
from acflow.load.staging_files import EntityStaging
from acflow.load.state import Bookmark, save_bookmark_sql

OWNER = {values: owner for owner, values in VALUES.items()}


def keep_history(context: RunContext, account: Account, refresh: Refresh, spool: EntityStaging) -> None:
    """Merge what was loaded beside the table, keep the change log and the snapshot, and note how far this reading went.

    A kill before the end leaves the cursor where it was, and the next run does it all again.
    """
    entity, warehouse = spool.entity, account.warehouse
    swept, brought = entity.name not in refresh.since, spool.columns
    with_history = entity.name in context.history
    remembers = entity.cursor is not None or entity.belongs_to is not None or with_history
    if swept and not remembers:
        return
    known = refresh.known.get(entity.name)
    if known is None or known.account != account.client.url:
        known = Bookmark(entity.name, account.client.url, refresh.now, refresh.now, refresh.now)
    columns, statements = own_columns(warehouse, entity.name), []
    if not swept and entity.belongs_to:
        statements += delete_sql(warehouse, entity.name, entity.belongs_to, spool.owners)
        statements += orphaned(warehouse, entity.name, entity.belongs_to, OWNER[entity.name])
    if not swept and spool.rows:
        columns |= own_columns(warehouse, changes_table(entity.name))
        rejects = context.run if warehouse.columns(REJECTS_TABLE) else None
        statements += merge_sql(warehouse, entity.name, brought, rejects)
    if with_history:
        marked = columns.pop(DELETED_AT, None) is not None
        fresh = brought - known.fields if known.fields else frozenset()
        landed = LoadedTable(warehouse, entity, refresh.now, columns, brought, fresh, marked=marked)
        statements += history_sql(landed, days=context.settings.history_days)
    if remembers:
        statements += save_bookmark_sql(warehouse, known.after(refresh.now, brought, swept=swept))
    account.loader.apply(statements)
