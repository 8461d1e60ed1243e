"""PostgreSQL on bad days: what each error says, who waits, and what readers see meanwhile."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from acflow.app.query import query
from acflow.engine import open_warehouse, shown
from acflow.errors import ConfigError, WarehouseBusyError, WarehouseError
from tests.load.warehouse_harness import DATASET, Harness, values
from tests.postgresql_harness import postgresql_server

SECRET = "geheim%40pa%2Fss"  # noqa: S105 - looked for in errors and files
PLAIN_SECRET = "geheim@pa/ss"  # noqa: S105 - the same, unquoted


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """Return an empty database."""
    return Harness("PostgreSQL", tmp_path)


def of_user(harness: Harness, name: str, password: str = SECRET) -> str:
    """Return the desk's URL with another user."""
    return harness.url.replace("postgres:@", f"{name}:{password}@", 1)


def failed(url: str, **given: Any) -> str:  # noqa: ANN401 - passed on
    """Return what is said of a warehouse that cannot be asked."""
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url, DATASET, **{"patience": 0.0, **given}).tables()
    for secret in (SECRET, PLAIN_SECRET):
        assert secret not in str(caught.value) + repr(caught.value)
    return str(caught.value)


def test_a_user_that_is_not_known_is_told(harness: Harness) -> None:
    """With the next step, and without the password."""
    assert "Check user and password" in failed(of_user(harness, "nobody"))


def test_a_database_that_is_not_there_is_told(harness: Harness) -> None:
    """A wrong name is not waited for."""
    began = time.monotonic()
    assert "Check the name of the database" in failed(harness.url.replace("/d", "/no_such_", 1), patience=60)
    assert time.monotonic() - began < 30


def test_a_server_that_does_not_run_is_waited_for_and_told() -> None:
    """Nothing listens there, for as long as patience lasts."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql://someone:{SECRET}@127.0.0.1:{unused.getsockname()[1]}/some"
        with pytest.raises(WarehouseBusyError, match="Check that the server runs"):
            open_warehouse(url, DATASET, patience=0.2).tables()
        assert "does not answer" in failed(url)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "127.0.0.1:port"])
def test_an_address_that_cannot_be_is_told(host: str) -> None:
    """Neither names that nobody knows nor ports that are none are waited for, and the password is not repeated."""
    with pytest.raises((WarehouseError, ConfigError)) as caught:
        open_warehouse(f"postgresql://someone:{SECRET}@{host}/some", DATASET, patience=60).tables()
    assert not any(secret in str(caught.value) for secret in (SECRET, PLAIN_SECRET))


def test_a_user_who_may_not_write_is_told_what_to_grant(harness: Harness, tmp_path: Path) -> None:
    """Both when asked beforehand and when a load is refused."""
    postgresql_server().psql("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN")
    reading = Harness("PostgreSQL", tmp_path / "other")
    poor = open_warehouse(of_user(reading, "reader"), DATASET, patience=1.0)
    with pytest.raises(WarehouseError, match="GRANT CREATE ON DATABASE"):
        poor.check()
    reading.warehouse = reading.loader.warehouse = poor
    with pytest.raises(WarehouseError, match="GRANT CREATE ON DATABASE") as caught:
        reading.land({"lists": [{"id": "1"}]})
    assert PLAIN_SECRET not in str(caught.value)
    harness.warehouse.check()


def test_the_password_is_in_no_file(harness: Harness, tmp_path: Path) -> None:
    """State and files on their way lie below the project's folder; none of it holds credentials."""
    harness.loader.warehouse = harness.warehouse = open_warehouse(of_user(harness, "postgres"), DATASET)
    harness.land({"lists": [{"id": "1", "name": "kept"}]})
    assert harness.table("lists").column("name").to_pylist() == ["kept"]
    harness.land({"lists": [{"id": "1"}]}, cut=True)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for secret in (SECRET, PLAIN_SECRET):
        assert not [path for path in files if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        (f"postgresql://me:{SECRET}@host:5432/db", "postgresql://me@host:5432/db"),
        (
            f"postgresql://host/db?user=me&password={SECRET}&sslmode=require",
            "postgresql://host/db?user=me&password=***&sslmode=require",
        ),
        ("postgresql:///db?host=/run/sockets", "postgresql:///db?host=/run/sockets"),
        ("duckdb:///a b.duckdb", "duckdb:///a b.duckdb"),
    ],
)
def test_a_printed_url_has_no_password(url: str, printed: str) -> None:
    """Wherever it stood."""
    assert shown(url) == printed


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE activecampaign.lists",
        "WITH gone AS (DELETE FROM lists RETURNING id) SELECT * FROM gone",
        "SELECT 1; DELETE FROM lists",
        "COPY lists TO PROGRAM 'cat'",
        "EXPLAIN ANALYZE DELETE FROM lists",
        "",
        "SELEC 1",
        "SELECT nix FROM lists",
        "SELECT 1/0",
        "SELECT 'open",
    ],
)
def test_a_question_cannot_change_anything(harness: Harness, sql: str) -> None:
    """Whatever is no plain reading of tables that are there is refused in words, and every row stays."""
    harness.land({"lists": [{"id": "1"}]})
    with pytest.raises(ConfigError) as caught:
        query(harness.warehouse, sql)
    assert "COPY (" not in str(caught.value)
    assert len(harness.table("lists")) == 1


def test_questions_are_answered_in_plain_types(harness: Harness) -> None:
    """Sums keep their places, instants are in UTC, and what Arrow cannot say is null or text."""
    harness.land(
        {"deals": [{"id": "1", "value": "150", "currency": "usd"}, {"id": "2", "value": "5", "currency": "jpy"}]}
    )
    sql = "SELECT sum(amount) AS a, avg(amount) AS b, sum(value) AS c, 'NaN'::numeric AS d, '{}'::json AS e FROM deals"
    with harness.warehouse.stream(sql) as reader:
        (row,) = values(reader.read_all())
    assert (str(row["a"]), float(row["b"]), row["c"], row["d"], row["e"]) == ("6.5000", 3.25, 155, None, "{}")
    with harness.warehouse.stream("EXPLAIN SELECT * FROM deals") as reader:
        assert "Seq Scan" in str(reader.read_all())
    with harness.warehouse.stream("SELECT * FROM deals WHERE id > 9") as reader:
        assert reader.read_all().schema.field("amount").type.scale == 4


def test_readers_see_all_old_rows_or_all_new_ones(harness: Harness) -> None:
    """Asked without pause while tables are replaced, the answer is never less, and nobody waits for the load."""
    counts: list[int] = []
    errors: list[Exception] = []
    done = threading.Event()
    harness.land({"contacts": [{"id": str(key), "lastName": "0"} for key in range(3000)]})

    def read() -> None:
        while not done.is_set():
            try:
                found = harness.warehouse.query('SELECT "lastName" AS name, count(*) AS rows FROM contacts GROUP BY 1')
                counts.extend(found.column("rows").to_pylist())
            except Exception as error:  # noqa: BLE001 - the test says which
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for generation in range(1, 4):
            harness.land({"contacts": [{"id": str(key), "lastName": str(generation)} for key in range(3000)]})
    finally:
        done.set()
        reader.join()
    assert errors == []
    assert set(counts) == {3000}


def test_views_and_grants_outlive_a_replace(harness: Harness) -> None:
    """What an analyst built on a table is still there after the next run."""
    harness.land({"lists": [{"id": "1", "name": "old"}]})
    postgresql_server().psql("DROP ROLE IF EXISTS analyst; CREATE ROLE analyst")
    harness.warehouse.execute(
        [
            "CREATE VIEW activecampaign.mine AS SELECT name FROM activecampaign.lists",
            f"GRANT SELECT ON {DATASET}.lists TO analyst",
        ]
    )
    harness.land({"lists": [{"id": "1", "name": "new"}]})
    assert harness.table("mine").column("name").to_pylist() == ["new"]
    may = harness.warehouse.query("SELECT has_table_privilege('analyst', 'lists', 'SELECT') AS may")
    assert may.column("may").to_pylist() == [True]
    harness.warehouse.execute([f"REVOKE ALL ON {DATASET}.lists FROM analyst"])


def test_a_load_that_was_cut_off_is_finished_by_the_next_run(harness: Harness) -> None:
    """A package that is whole is certified data; once the database takes it, it is loaded before anything new."""
    harness.land({"lists": [{"id": "1", "name": "old"}]})
    harness.land({"lists": [{"id": "1", "name": "new"}]}, cut=True)
    assert harness.table("lists").column("name").to_pylist() == ["old"]
    assert "Finished" in str(harness.loader.recover_pending())
    assert harness.table("lists").column("name").to_pylist() == ["new"]
