"""Databases for which this project has no account: what their drivers and the standard's catalogue promise.

Their statements are compiled and looked at by tests, and the code below runs in tests on a database that is here; the
databases themselves were never asked.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from copy import copy
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from acflow.engine.model import WarehouseKind
from acflow.engine.read_only import check_read_only
from acflow.engine.sql import PREFIX_MARK, filled
from acflow.engine.trouble import explain, parted, shown, without_secrets
from acflow.errors import ConfigError, WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa


ROWS_AT_ONCE = 4096
COLUMNS = """
SELECT column_name AS name, data_type AS type FROM information_schema.columns
WHERE table_schema = :dataset AND table_name = :table ORDER BY ordinal_position
"""
TABLES = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = :dataset ORDER BY table_name"
BIGQUERY_COLUMNS = """
SELECT column_name AS name, data_type AS type FROM `{dataset}`.INFORMATION_SCHEMA.COLUMNS
WHERE table_name = :table ORDER BY ordinal_position
"""
BIGQUERY_TABLES = "SELECT table_name AS name FROM `{dataset}`.INFORMATION_SCHEMA.TABLES ORDER BY table_name"
Connect = Callable[[str], Any]


def snowflake(url: str) -> Any:  # noqa: ANN401 - a connection of the standard's kind (PEP 249)
    """Connect to `snowflake://user:password@account/database?warehouse=…&role=…`."""
    parts = parted(url)
    return _driver("snowflake.connector", "snowflake").connect(
        account=parts.hostname,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.strip("/"),
        **dict(parse_qsl(parts.query)),
    )


def bigquery(url: str) -> Any:  # noqa: ANN401 - as above
    """Connect to bigquery://project, as whom Google's own environment says (GOOGLE_APPLICATION_CREDENTIALS)."""
    client = _driver("google.cloud.bigquery", "bigquery").Client(project=parted(url).netloc)
    return _driver("google.cloud.bigquery.dbapi", "bigquery").connect(client)


def clickhouse(url: str) -> Any:  # noqa: ANN401 - as above
    """Connect to clickhouse://user:password@host:9440/database?http_port=8443&secure=1, over HTTP."""
    parts = parted(url)
    options = dict(parse_qsl(parts.query))
    return _driver("clickhouse_connect.dbapi", "clickhouse").connect(
        host=parts.hostname,
        port=int(options.get("http_port", "8443")),
        username=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=parts.path.strip("/") or "default",
        secure=options.get("secure", "1") == "1",
    )


def redshift(url: str) -> Any:  # noqa: ANN401 - as above
    """Connect to redshift://user:password@host:5439/database, which speaks as PostgreSQL does."""
    return _driver("psycopg2", "redshift").connect("postgresql" + url.removeprefix("redshift"))


def motherduck(url: str) -> Any:  # noqa: ANN401 - as above
    """Connect to `motherduck:///database?motherduck_token=…`."""
    parts = parted(url)
    return _driver("duckdb", "motherduck").connect(f"md:{parts.path.strip('/')}?{parts.query}")


def _driver(module: str, extra: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise ConfigError(
            f"This warehouse needs packages that are not installed. Install them with: pip install 'acflow[{extra}]'"
        ) from None


CONNECT: Mapping[str, Connect] = {
    "snowflake": snowflake,
    "bigquery": bigquery,
    "clickhouse": clickhouse,
    "redshift": redshift,
    "motherduck": motherduck,
}

CLOUDS = (
    WarehouseKind(
        name="MotherDuck",
        schemes=("motherduck", "md"),
        dialect="duckdb",
        loader="motherduck",
        example="motherduck:///database?motherduck_token=…",
        run_here=False,
        install="acflow[motherduck]",
        remark="DuckDB as a service; the same SQL and types.",
    ),
    WarehouseKind(
        name="BigQuery",
        schemes=("bigquery",),
        dialect="bigquery",
        loader="bigquery",
        example="bigquery://project",
        run_here=False,
        install="acflow[bigquery]",
        remark="Credentials come from `GOOGLE_APPLICATION_CREDENTIALS`. A reader may find a table empty while it is "
        "replaced. JSON is kept as text.",
        transactions=False,
    ),
    WarehouseKind(
        name="Snowflake",
        schemes=("snowflake",),
        dialect="snowflake",
        loader="snowflake",
        example="snowflake://user:password@account/database?warehouse=name&role=name",
        run_here=False,
        install="acflow[snowflake]",
        remark="Names keep their case, so quote them. JSON is kept as text.",
    ),
    WarehouseKind(
        name="Redshift",
        schemes=("redshift",),
        dialect="redshift",
        loader="redshift",
        example="redshift://user:password@host:5439/database",
        run_here=False,
        install="acflow[redshift]",
        remark="Rows go as INSERT statements, so large tables take long; names lose their case. JSON is kept as text.",
    ),
    WarehouseKind(
        name="ClickHouse",
        schemes=("clickhouse",),
        dialect="clickhouse",
        loader="clickhouse",
        example="clickhouse://user:password@host:9440/database?http_port=8443&secure=1",
        run_here=False,
        install="acflow[clickhouse]",
        remark="Without schemas, so tables are named `activecampaign___contacts`; without transactions, so a reader "
        "may find a table empty while it is replaced. JSON is kept as text.",
        schemas=False,
        transactions=False,
    ),
)


class CloudWarehouse:
    """A database behind a driver of the standard's kind (https://peps.python.org/pep-0249)."""

    def __init__(self, kind: "WarehouseKind", url: str, dataset: str, connect: Connect | None = None) -> None:
        self._secret, self._connect = url, connect or CONNECT[kind.loader]
        self.url, self.dataset = shown(url), dataset
        self.kind, self.dialect = kind, kind.dialect

    def at(self, dataset: str) -> "CloudWarehouse":
        """Return the same database, seen at another dataset."""
        place = copy(self)  # nothing is held
        place.dataset = dataset
        return place

    @contextmanager
    def connect(self) -> Iterator[Any]:
        """Connect for a moment.

        Raises:
            ConfigError: the driver is not installed.
            WarehouseError: the database refused.

        """
        try:
            with closing(self._connect(self._secret)) as connection, closing(connection.cursor()) as cursor:
                yield cursor
                if self.kind.transactions:
                    connection.commit()
        except (ConfigError, WarehouseError):
            raise
        except Exception as error:  # noqa: BLE001 - each driver has errors of its own
            raise self.explain(error) from None

    def query(self, sql: str) -> "pa.Table":
        """Return the rows of one reading statement."""
        with self.stream(sql) as reader:
            return reader.read_all()

    @contextmanager
    def stream(self, sql: str) -> "Iterator[pa.RecordBatchReader]":
        """Yield the rows of one reading statement; tables go by their names with the dataset before them."""
        import pyarrow as pa
        from sqlglot import exp, parse
        from sqlglot.errors import SqlglotError

        try:
            statements = parse(sql, dialect=self.dialect)
        except SqlglotError as error:
            raise ConfigError(f"The statement cannot be understood. {error}") from None
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise ConfigError("Give one statement that reads, such as SELECT. Nothing was done.")
        with self.connect() as cursor:
            cursor.execute(sql)
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            table = pa.Table.from_pylist(rows) if rows else pa.table({name: pa.nulls(0) for name in names})
        yield table.to_reader(ROWS_AT_ONCE)

    def stream_untrusted(
        self,
        sql: str,
        seconds: float,  # noqa: ARG002 - whoever started this process ends it in time
        opened: "Callable[[], None]",
    ) -> "AbstractContextManager[pa.RecordBatchReader]":
        """Yield the rows of SQL that somebody typed; the rights of the user in the URL are what bounds it."""
        statement = check_read_only(sql, self.dialect)
        opened()
        return self.stream(statement)

    def identity(self) -> Hashable:
        """Return the address, the only thing by which all of these can be told apart."""
        return self.url

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their SQL types, in order; empty if there is no such table."""
        if self.dataset not in self._datasets():
            return {}
        template = BIGQUERY_COLUMNS if self.dialect == "bigquery" else COLUMNS
        return {row["name"]: row["type"] for row in self._catalogue(template, table=self._prefix + table)}

    def tables(self) -> list[str]:
        """Return the names of the tables in the dataset, dlt's own left out."""
        if self.dataset not in self._datasets():
            return []
        template = BIGQUERY_TABLES if self.dialect == "bigquery" else TABLES
        names = [row["name"].removeprefix(self._prefix) for row in self._catalogue(template)]
        return sorted(name for name in names if not name.startswith("_dlt"))

    def catalogue(self) -> dict[str, list[str]]:
        """Return the names of the columns of every table in the dataset, dlt's own tables left out."""
        return {name: list(self.columns(name)) for name in self.tables()}

    @property
    def _prefix(self) -> str:
        return f"{self.dataset}{PREFIX_MARK}" if not self.kind.schemas else ""

    def _datasets(self) -> set[str]:
        if not self.kind.schemas:
            return {self.dataset}
        found = self._catalogue("SELECT schema_name AS name FROM information_schema.schemata")
        return {row["name"] for row in found}

    def _catalogue(self, template: str, **values: str) -> list[dict[str, Any]]:
        where = parted(self._secret).path.strip("/") or "default" if not self.kind.schemas else self.dataset
        given = {"dataset": where} | values
        sql = filled(template.replace("{dataset}", self.dataset), self.dialect, **given)
        return [{name.lower(): value for name, value in row.items()} for row in self.query(sql).to_pylist()]

    def execute(self, statements: Sequence[str]) -> None:
        """Carry out these statements, in one transaction where the database has such."""
        with self.connect() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def dry_run(self, before: Sequence[str], statements: Sequence[str]) -> list[str]:  # noqa: ARG002
        """Try nothing: most of these could not take it back."""
        return []

    def locked(self) -> AbstractContextManager[None]:
        """Lock nothing: these have no lock that ends with its holder. Let one machine alone run at a time."""
        return nullcontext()

    def held(
        self,
        *,
        reading: bool = False,  # noqa: ARG002
        new: bool = True,  # noqa: ARG002
        sealed: bool = False,  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        """Do nothing: each question has a connection of its own."""
        return nullcontext()

    @property
    def secret_url(self) -> str:
        """The URL with its password, for a loader to connect with."""
        return self._secret

    def checkpoint(self) -> None:
        """Leave the space of what was replaced to the database."""

    def rewrite(self, tables: Sequence[str]) -> bool:  # noqa: ARG002 - they keep deleted rows by rules of their own
        """Return False: how long a service remembers is its own affair."""
        return False

    def allow_more_memory(self) -> bool:
        """Return False: a service's memory is not ours to give."""
        return False

    def check(self) -> None:
        """Raise WarehouseError unless it answers; rights to write show with the first load."""
        with self.connect():
            pass

    def explain(self, error: BaseException) -> WarehouseError:
        """Return our error for one of the database's or the loader's, without any password."""
        return explain(WarehouseError(without_secrets(str(error), self._secret)), self.url)
