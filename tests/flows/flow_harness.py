"""A desk to try flows on: a real DuckDB in memory with a few rows of each entity, and the flows computed in order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
from sqlglot import exp

from acflow.flows.catalog import entity_schemas
from acflow.flows.compile_file import ReadyFlows, prepare_text
from acflow.flows.problems import FlowFileError, Problem
from acflow.flows.relation import table
from acflow.flows.render import Places, render
from acflow.flows.report_tables import report_of, report_schemas

PLACES = Places(entities="landed", flows="results")

CONTACTS: list[dict[str, Any]] = [
    {"id": 1, "email": "ada@example.com", "firstName": "Ada", "lastName": "Byron", "deleted": False, "sentcnt": 9},
    {"id": 2, "email": "bo@example.com", "firstName": "Bo", "lastName": None, "deleted": False, "sentcnt": 4},
    {"id": 3, "email": "cy@example.com", "firstName": "Cy", "lastName": "Twombly", "deleted": True, "sentcnt": 0},
]


def deal(number: int, title: str, cents: int | None, currency: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a deal that the key may see; it is open if nothing else is said."""
    amount = None if cents is None else Decimal(cents) / 100
    known = {"id": number, "title": title, "value": cents, "amount": amount, "currency": currency}
    return {**known, "status": 0, "status_label": "open", "isDisabled": False, **more}


def campaign(number: int, name: str, sdate: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a campaign that is through."""
    return {"id": number, "name": name, "type": "single", "status": 5, "sdate": sdate, **more}


DEALS = [
    deal(10, "Small", 100, "eur", contact=1, stage=1),
    deal(11, "Large", 900, "eur", contact=1, stage=2),
    deal(12, "Won", 500, "usd", contact=2, stage=2, status=1, status_label="won"),
    deal(13, "Lost dog", 500, "usd", contact=99, stage=2),
    deal(14, "Nobody's", None, "usd", stage=1),
]
CAMPAIGNS = [
    campaign(1, "May", "2026-05-02 10:00:00+00", send_amt=100, uniqueopens=40),
    campaign(2, "May too", "2026-05-31 23:30:00+00", send_amt=300, uniqueopens=60),
    campaign(3, "June", "2026-06-01 00:10:00+00", send_amt=50, uniqueopens=5),
    campaign(4, "Split", None, type="split", send_amt=0, uniqueopens=0),
]
LISTS: list[dict[str, Any]] = [{"id": 1, "name": "News", "private": False, "cdate": "2026-01-01 00:00:00+00"}]
ROWS = {"contacts": CONTACTS, "deals": DEALS, "campaigns": CAMPAIGNS, "lists": LISTS}


class Harness:
    """Entities in one schema and flows in another, as a warehouse may have them."""

    def __init__(self, rows: Mapping[str, list[dict[str, Any]]] | None = None) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self.connection.execute("SET TimeZone = 'America/New_York'; CREATE SCHEMA landed; CREATE SCHEMA results")
        for name, columns in entity_schemas().items():
            self._create(name, columns)
            for row in (ROWS if rows is None else rows).get(name, []):
                names = ", ".join(f'"{column}"' for column in row)
                marks = ", ".join("?" for _ in row)
                self.connection.execute(f'INSERT INTO landed."{name}" ({names}) VALUES ({marks})', list(row.values()))  # noqa: S608

    def _create(self, name: str, columns: Mapping[str, str]) -> None:
        fields = ", ".join(f'"{column}" {sql_type}' for column, sql_type in columns.items())
        self.connection.execute(f'CREATE TABLE IF NOT EXISTS landed."{name}" ({fields})')

    def compute(self, text: str, env: Mapping[str, str] | None = None) -> ReadyFlows:
        """Compute every flow of a file as a table."""
        ready = prepare_text(text, env=env or {})
        for name, flow in ready.compiled.items():
            for node in flow.query.find_all(exp.Table):
                if report := report_of(node.name):  # without rows: whole runs tell what reports hold
                    self._create(node.name, report_schemas()[report.table])
            target = table(name, "results").sql("duckdb")
            self.connection.execute(f"CREATE OR REPLACE TABLE {target} AS {render(flow.query, 'duckdb', PLACES)}")
        return ready

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """Return the rows of a flow in the order in which they were kept."""
        return self.connection.execute(f'SELECT * FROM results."{name}"').fetchall()  # noqa: S608

    def columns(self, name: str) -> list[tuple[str, str]]:
        """Return the names and types that the warehouse made of a flow."""
        return [(row[0], row[1]) for row in self.connection.execute(f'DESCRIBE results."{name}"').fetchall()]

    def ask(self, query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a query of sqlglot
        """Return the answer of a compiled query, row by row."""
        result = self.connection.execute(render(query, "duckdb", PLACES))
        names = [str(column[0]) for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def problems(text: str, env: Mapping[str, str] | None = None) -> list[Problem]:
    """Return every mistake of a file; none if it is sound."""
    try:
        prepare_text(text, env=env or {})
    except FlowFileError as error:
        return error.problems
    return []


def only(text: str, env: Mapping[str, str] | None = None) -> Problem:
    """Return the one mistake of a file that has one."""
    (problem,) = problems(text, env)
    return problem
