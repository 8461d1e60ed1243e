"""dlt's destination for each kind of warehouse."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlt.common.destination import Destination


def _duckdb(connection: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    return dlt.destinations.duckdb(connection, replace_strategy="insert-from-staging", create_indexes=False)


def _postgres(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    from acflow.load.postgres import PostgreSQL, credentials_of

    return PostgreSQL(credentials_of(url), replace_strategy="insert-from-staging", create_indexes=False)


DESTINATIONS: Mapping[str, Callable[[Any], "Destination[Any, Any]"]] = {"duckdb": _duckdb, "postgres": _postgres}


def destination(loader: str, connection: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - as above
    """Return the destination by dlt's name, on what the warehouse connects with."""
    return DESTINATIONS[loader](connection)
