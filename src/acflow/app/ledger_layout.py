"""What earlier versions left in the ledger, brought into the layout of this one, step by step.

The ledger notes its layout in a table of its own; one without a note is the first, whose certificates are as old as
may be. See docs/decisions/0018-steps-instead-of-alembic.md.
"""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, insert, inspect, select, update

from acflow.errors import LedgerError

# What a certificate or the result of a flow is taken to say where it was written before the word was there.
CERTIFICATE: dict[str, Any] = {"retyped_fields": {}, "since": None, "gone": 0, "optional": False}
FLOW: dict[str, Any] = {"warnings": [], "deliveries": [], "hash": None, "code": 0}


_UPGRADING = threading.Lock()  # a page and the scheduler of one process open a ledger at the same moment


def upgrade(engine: Engine, metadata: MetaData) -> None:
    """Make the tables of a new ledger, or bring those of an old one up to date.

    Raises:
        LedgerError: a newer version has written it.

    """
    layout = Table("layout", MetaData(), Column("version", Integer, nullable=False))
    with _UPGRADING, engine.begin() as connection:
        there = inspect(connection).get_table_names()
        layout.create(connection, checkfirst=True)
        version = connection.execute(select(layout.c.version)).scalar()
        if version == len(STEPS):
            return
        if (version or 0) > len(STEPS):
            raise LedgerError(
                f"The record of runs was written by a newer acflow (layout {version}; this one knows {len(STEPS)}). "
                "Upgrade acflow here, then run again."
            )
        metadata.create_all(connection)
        for step in STEPS[version or 0 :] if "runs" in there else ():
            step(connection, metadata)
        if version is None:
            connection.execute(insert(layout).values(version=len(STEPS)))
        else:
            connection.execute(update(layout).values(version=len(STEPS)))


def say_all(connection: Connection, metadata: MetaData) -> None:
    """Give each certificate and each result of a flow every word of today; fields that were a list have no kinds."""
    for name, words in (("certificates", CERTIFICATE), ("flows", FLOW)):
        table = metadata.tables[name]
        keys = list(table.primary_key.columns)
        for row in connection.execute(select(*keys, table.c.content)).mappings().all():
            content = {**words, **row["content"]}
            if isinstance(seen := content.get("seen_fields"), list):
                content["seen_fields"] = {field: [] for field in seen}
            if content != row["content"]:
                same = [key == row[key.name] for key in keys]
                connection.execute(update(table).where(*same).values(content=content))


STEPS: tuple[Callable[[Connection, MetaData], None], ...] = (say_all,)
