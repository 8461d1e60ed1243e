"""dlt's destination for each kind of warehouse."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from dlt.common.destination import Destination


def _duckdb(connection: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    return dlt.destinations.duckdb(connection, replace_strategy="insert-from-staging", create_indexes=False)


def _postgres(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    from acflow.load.postgres import PostgreSQL, credentials_of

    return PostgreSQL(credentials_of(url), replace_strategy="insert-from-staging", create_indexes=False)


def _bigquery(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    return dlt.destinations.bigquery(project_id=urlsplit(url).netloc, replace_strategy="insert-from-staging")


def _motherduck(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    credentials = "md" + url.removeprefix(urlsplit(url).scheme)
    return dlt.destinations.motherduck(credentials, replace_strategy="insert-from-staging", create_indexes=False)


def _redshift(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    credentials = "postgresql" + url.removeprefix("redshift")
    return dlt.destinations.redshift(credentials, replace_strategy="insert-from-staging")


def _snowflake(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    return dlt.destinations.snowflake(url, replace_strategy="insert-from-staging")


def _clickhouse(url: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - whatever the warehouse connects with
    import dlt

    return dlt.destinations.clickhouse(url, replace_strategy="insert-from-staging")


DESTINATIONS: Mapping[str, Callable[[Any], "Destination[Any, Any]"]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "motherduck": _motherduck,
    "bigquery": _bigquery,
    "snowflake": _snowflake,
    "redshift": _redshift,
    "clickhouse": _clickhouse,
}
WITHOUT_PARQUET = frozenset({"redshift"})  # it reads Parquet from a bucket only
WITH_JSON = frozenset({"duckdb", "motherduck", "postgres"})  # the others' loaders refuse JSON within Parquet


def destination(loader: str, connection: Any) -> "Destination[Any, Any]":  # noqa: ANN401 - as above
    """Return the destination by dlt's name, on what the warehouse connects with."""
    return DESTINATIONS[loader](connection)
