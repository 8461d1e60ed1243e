"""Erase a person: from every table of the warehouse, from what lies in the state folder, and from deleted bytes."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acflow.app.events import OnEvent, ignore
from acflow.app.lake import purge_lake
from acflow.app.prepare import flow_warehouse
from acflow.app.publishing import publish_again
from acflow.app.run_context import project_lock
from acflow.engine.materialize import inserted_values, new_table, truncated
from acflow.engine.sql import table
from acflow.entities.types import BIGINT, INSTANT, TEXT, ColumnType
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from acflow.engine import Warehouse
    from acflow.load.erase import Erasure, Person
    from acflow.settings import Settings

LEFT_BY_RUNS = ("spool", "load", "dlt", "tmp")  # rows on their way, if a run was killed; the next run reads them again
RECORD: Mapping[str, ColumnType] = {
    "purged_at": INSTANT,
    "contact": TEXT,
    "rows": BIGINT,
    "tables": TEXT,
}


@dataclass(frozen=True, slots=True)
class Purged:
    """What was erased, rows by table; where the person is named still; whether deleted bytes are gone."""

    rows: Mapping[str, int]
    still: Mapping[str, int]
    rewritten: bool


def purge(
    settings: "Settings",
    contact: str,
    agreed: "Callable[[Mapping[str, int]], bool]",
    on_event: OnEvent = ignore,
) -> Purged | None:
    """Erase a contact, named by id or address, if what is found is `agreed` to; return None if it is not.

    What was delivered, other databases, backups and the account itself are out of reach.

    Raises:
        ConfigError: no table holds that contact.
        DeliveryError: the lake could not be rewritten; the warehouse was, and purging again does the rest.
        WarehouseError: the database refused; after a refusal all rows are as they were, and purging again is safe.

    """
    from acflow.load.erase import erase_sql, erasure_of, named_still, person_of

    warehouse = flow_warehouse(settings)
    with project_lock(settings, on_event):
        with warehouse.locked():
            person = person_of(warehouse, contact)
            found = erasure_of(warehouse, person)
            if found.rows and not agreed(found.rows):
                return None
            tidied = (
                [*erase_sql(warehouse, found), *_recorded(settings, warehouse, person, found)] if found.rows else []
            )
            warehouse.execute([*tidied, *_staged(warehouse)])
            for name in LEFT_BY_RUNS:
                shutil.rmtree(settings.state / name, ignore_errors=True)
            # Also where nothing is found: the last time may have been cut off here.
            rewritten = warehouse.rewrite([*found.rows, *warehouse.tables()])
        publish_again(settings, warehouse)
        purge_lake(settings)
        if not found.rows:
            raise ConfigError(f"No table of {warehouse.dataset} holds a contact {contact}. Nothing was erased.")
        return Purged(found.rows, named_still(warehouse, person), rewritten)


def _staged(warehouse: "Warehouse") -> list[str]:
    """Return the statements that empty the tables which a load swaps from; a killed run leaves rows there."""
    from acflow.load.prepare import staging

    place = staging(warehouse)
    return [truncated(name, place.dataset, place.dialect) for name in place.tables()]


def _recorded(settings: "Settings", warehouse: "Warehouse", person: "Person", found: "Erasure") -> list[str]:
    """Return the statements that note the erasure: who, only as a hash that nobody can turn back."""
    import pyarrow as pa
    from sqlglot import exp

    from acflow.destinations.privacy import hashed, privacy_key
    from acflow.load.erase import PURGES
    from acflow.load.state import instant

    key = privacy_key(settings.state, settings.privacy_key)
    who = hashed(pa.array([str(each) for each in person.ids] or list(person.texts), pa.string()), key).to_pylist()
    target = table(PURGES, warehouse.dataset, warehouse.dialect)
    texts = (exp.Literal.string(",".join(who)), exp.convert(sum(found.rows.values())))
    values = [instant(datetime.now(UTC)), *texts, exp.Literal.string(json.dumps(found.rows))]
    return [
        *new_table(PURGES, warehouse.dataset, RECORD, warehouse.dialect),
        inserted_values(target, list(RECORD), values).sql(warehouse.dialect),
    ]
