"""What the warehouse remembers of campaigns whose events are in it: how each counted them, and where they came from.

It is written in the transaction in which the rows are, so that what is remembered as read is there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from acflow.engine import Warehouse
from acflow.engine.materialize import new_table, replaced_rows, written
from acflow.engine.sql import table
from acflow.entities.types import TEXT, ColumnType

CAMPAIGN_READINGS = "_campaign_readings"
COLUMNS: Mapping[str, ColumnType] = {"entity": TEXT, "account": TEXT, "source": TEXT, "counters": TEXT}


@dataclass(frozen=True, slots=True)
class EventState:
    """The counters of each campaign as they were when its events were read, by its id."""

    entity: str
    account: str
    source: str
    counters: dict[int, tuple[int, ...]] = field(default_factory=dict)


def event_states(warehouse: Warehouse) -> dict[str, EventState]:
    """Return what is remembered, by entity."""
    from sqlglot import exp

    if not warehouse.columns(CAMPAIGN_READINGS):
        return {}
    source = table(CAMPAIGN_READINGS, warehouse.dataset, warehouse.dialect)
    rows = warehouse.query(exp.select("*").from_(source).sql(warehouse.dialect)).to_pylist()
    return {row["entity"]: EventState(**{**row, "counters": _read(row["counters"])}) for row in rows}


def _read(text: str) -> dict[int, tuple[int, ...]]:
    return {int(campaign): tuple(counters) for campaign, counters in json.loads(text).items()}


def save_event_state_sql(warehouse: Warehouse, state: EventState) -> list[str]:
    """Return the statements that remember this of an entity, in place of what was remembered before."""
    from sqlglot import exp

    dataset, dialect = warehouse.dataset, warehouse.dialect
    target = table(CAMPAIGN_READINGS, dataset, dialect)
    texts = (state.entity, state.account, state.source, json.dumps(state.counters, separators=(",", ":")))
    row = [exp.Literal.string(text) for text in texts]
    replaced = replaced_rows(target, exp.column("entity", quoted=True).eq(state.entity), list(COLUMNS), [row])
    return [*new_table(CAMPAIGN_READINGS, dataset, COLUMNS, dialect), *written(replaced, dialect)]
