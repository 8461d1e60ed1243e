"""The columns of every table that a flow may be made of, as types of DuckDB's SQL."""

from collections.abc import Mapping

from acflow.entities import known_entities
from acflow.entities.types import columns_of
from acflow.flows.derived_tables import derived_tables
from acflow.flows.report_tables import report_schemas

Columns = Mapping[str, str]


def entity_schemas() -> dict[str, dict[str, str]]:
    """Return the columns of every entity that acflow reads, of the tables that a run makes from them, and of reports.

    Which custom fields there are depends on the account; the warehouse knows it once they have landed.
    """
    declared = {entity.name: columns_of(entity) for entity in known_entities()}
    derived = {name: dict(made.columns) for name, made in derived_tables().items()}
    return declared | derived | {name: dict(columns) for name, columns in report_schemas().items()}
