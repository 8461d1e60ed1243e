"""The columns of every table that a flow may be made of, as types of DuckDB's SQL."""

from collections.abc import Mapping

from acflow.entities import ALL
from acflow.entities.types import columns_of
from acflow.flows.derived_tables import derived_tables

Columns = Mapping[str, str]


def entity_schemas() -> dict[str, dict[str, str]]:
    """Return the columns of every entity that acflow reads, and of the tables that a run makes from them.

    Which custom fields there are depends on the account; the warehouse knows it once they have landed.
    """
    declared = {entity.name: columns_of(entity) for entity in ALL}
    return declared | {name: dict(derived.columns) for name, derived in derived_tables().items()}
