"""Assistants ask by the Model Context Protocol, and get the figures that pages, API and feeds give."""

import asyncio
import csv
import io
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from mcp import Client

from activecampaign_sandbox import Running
from tests.cli.cli_harness import acflow, environment
from tests.web.mcp_harness import ask, over_http, over_stdio, refusal
from tests.web.page_harness import Pages
from tests.web.test_page_feeds import made, token

READ = {
    "list_entities", "list_tables", "describe_table", "list_flows", "list_reports", "explain_measure", "run_report",
    "aggregate", "list_runs", "get_run", "get_certificate",
}  # fmt: skip
ROWS, RUN = {"read_rows", "query"}, {"run_flow", "get_job"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


async def names(client: Client) -> set[str]:
    """Return the tools that there are."""
    return {tool.name for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize(
    ("scopes", "tools"),
    [(("read",), READ), (("read", "rows"), READ | ROWS), (("rows",), ROWS), (("read", "run"), READ | RUN)],
)
def test_a_token_shows_the_tools_of_its_scopes(company: Pages, scopes: tuple[str, ...], tools: set[str]) -> None:
    """What a token does not allow is not there, and is not done when it is called all the same."""

    async def talk(client: Client) -> tuple[set[str], str]:
        hidden = min((READ | ROWS | RUN) - tools)
        return await names(client), await refusal(client, hidden, flow="contacts", table="contacts", sql="select 1")

    seen, refused = over_http(company.url, token(company, *scopes), talk)
    assert seen == tools
    assert "Unknown tool" in refused


def test_every_answer_says_of_when_it_is(company: Pages) -> None:
    """With the generation, what was proved, and the cautions; of an entity, a flow, a report, SQL and a list."""

    async def talk(client: Client) -> list[Any]:
        return [
            await ask(client, "list_tables"),
            await ask(client, "describe_table", table="open_deals"),
            await ask(client, "run_report", report="pipeline"),
            await ask(client, "aggregate", table="deals", metrics=["count"]),
            await ask(client, "query", sql="with d as (select * from DEALS) select count(*) as n from d"),
            await ask(client, "get_certificate", entity="deals"),
        ]

    answers = over_http(company.url, token(company, "read", "rows"), talk)
    with company.client(Authorization=f"Bearer {token(company, 'read')}") as client:
        tables = {table["name"]: table for table in client.get("/api/v1/tables").json()}
        generation = client.get("/api/v1/tables").headers["etag"].strip('"')
    assert [answer["generation"] for answer in answers] == [generation] * len(answers)
    assert all(answer["data_as_of"] for answer in answers)
    assert answers[3]["data_as_of"] == answers[4]["data_as_of"] == tables["deals"]["as_of"]
    assert answers[1]["data_as_of"] == tables["open_deals"]["as_of"]
    assert {answer["verdict"] for answer in answers if answer is not answers[2]} == {"complete"}
    assert answers[2]["notes"], "the report has cautions, which are part of the answer"
    assert answers[5]["data"]["words"]["sentence"].startswith("All 400 deals")


def test_page_api_feed_and_assistant_give_equal_figures(company: Pages) -> None:
    """Of the same report and of the same table: every value of every row."""
    secret = token(company, "read", "rows")

    async def talk(client: Client) -> tuple[Any, Any]:
        report = await ask(client, "run_report", report="pipeline", limit=1000)
        return report, await ask(client, "read_rows", table="open_deals", limit=1000, sort="id")

    report, rows = over_http(company.url, secret, talk)
    with company.client(Authorization=f"Bearer {secret}") as client:
        of_api = client.get("/api/v1/reports/pipeline").json()["rows"]
        of_page = list(csv.DictReader(io.StringIO(client.get("/reports/sales/pipeline.csv").text)))
        feed = client.get(f"{made(company, client, table='report_pipeline')}.json").json()
        assert report["data"]["rows"] == of_api
        assert len(of_page) == len(feed) == len(of_api) > 3
        for column in of_api[0]:
            figures = [_figure(row[column]) for row in of_api]
            assert [_figure(row[column] or None) for row in of_page] == figures, column
            assert [_figure(row[column]) for row in feed] == figures, column
        api_rows = client.get("/api/v1/tables/open_deals/rows?limit=1000&sort=id").json()["rows"]
        page_rows = list(csv.DictReader(io.StringIO(client.get("/data/open_deals.csv?sort=id").text)))
        feed_rows = sorted(client.get(f"{made(company, client)}.json").json(), key=lambda row: int(row["id"]))
    assert rows["data"]["rows"] == api_rows
    for column in ("id", "amount", "stage", "contact"):
        figures = [_figure(row[column]) for row in api_rows]
        assert [_figure(row[column] or None) for row in page_rows] == figures
        assert [_figure(row[column]) for row in feed_rows] == figures


def _figure(value: object) -> object:
    """Return a value so that 12.50, "12.5" and 12.5 are the same, and so are the ways to write an instant."""
    text = str(value).lower().removesuffix("z").removesuffix("+00:00").replace("t00:00:00", "")
    try:
        return Decimal(text).normalize()
    except ArithmeticError:
        return text


def test_an_assistant_counts_without_seeing_people(company: Pages) -> None:
    """Groups and totals agree with SQL; without the scope for rows, addresses are masked."""

    async def talk(client: Client) -> tuple[Any, Any, Any, str, str]:
        where = [{"column": "status_label", "operator": "is", "values": ["open"]}]
        by_stage = await ask(
            client, "aggregate", table="deals", group_by=["stage"], metrics=["count", "sum:amount"], where=where
        )
        people = await ask(client, "aggregate", table="contacts", group_by=["email"], metrics=["count"], limit=5)
        distinct = await ask(client, "aggregate", table="deals", metrics=["count_distinct:currency", "median:amount"])
        wrong = await refusal(client, "aggregate", table="deals", metrics=["sum:title"])
        unknown = await refusal(client, "aggregate", table="deals", metrics=["count"], group_by=["stagee"])
        return by_stage, people, distinct, wrong, unknown

    by_stage, people, distinct, wrong, unknown = over_http(company.url, token(company, "read"), talk)
    sql = "select stage, count(*) as rows, sum(amount) as s from deals where status_label = 'open' group by stage"
    with company.client(Authorization=f"Bearer {token(company, 'rows')}") as client:
        asked = client.post("/api/v1/query", json={"sql": sql}).json()["rows"]
    expected = {row["stage"]: (row["rows"], _figure(row["s"])) for row in asked}
    assert {row["stage"]: (row["rows"], _figure(row["sum_amount"])) for row in by_stage["data"]["rows"]} == expected
    assert len(people["data"]["rows"]) == 5
    assert people["truncated"]
    assert all("***@" in row["email"] for row in people["data"]["rows"])
    assert set(distinct["data"]["rows"][0]) == {"count_distinct_currency", "median_amount"}
    assert "title" in wrong
    assert "`stage`" in unknown


@pytest.mark.parametrize("table", ["deals", "open_deals"])
def test_an_assistant_is_told_of_amounts_that_mix_currencies(company: Pages, table: str) -> None:
    """A sum of dollars, euros and yen is of no currency; kept apart, or of one, nothing needs to be said."""
    usd = [{"column": "currency", "operator": "is", "values": ["usd"]}]

    async def talk(client: Client) -> list[list[str]]:
        asked = [
            await ask(client, "aggregate", table=table, metrics=["count", "sum:amount"], group_by=["stage"]),
            await ask(client, "aggregate", table=table, metrics=["sum:amount"], group_by=["stage", "currency"]),
            await ask(client, "aggregate", table=table, metrics=["sum:amount"], where=usd),
            await ask(client, "aggregate", table=table, metrics=["count"]),
        ]
        return [answer["notes"] for answer in asked]

    mixed, *apart = over_http(company.url, token(company, "read"), talk)
    (note,) = mixed
    assert note.startswith("`sum_amount` mixes 3 currencies (")
    assert " usd" in note
    assert note.endswith("group by `currency`")
    assert apart == [[], [], []]


def test_an_assistant_that_may_start_runs_starts_one(company: Pages) -> None:
    """It is told how far the run is, and the run stands in the list."""

    async def talk(client: Client) -> tuple[Any, Any]:
        job = (await ask(client, "run_flow", flow="by_stage"))["data"]
        while job["state"] in {"waiting", "running"}:
            await asyncio.sleep(0.2)
            job = (await ask(client, "get_job", handle=job["handle"]))["data"]
        return job, await ask(client, "get_run", run=job["run"])

    job, run = over_http(company.url, token(company, "read", "run"), talk)
    assert job["state"] == "done"
    assert run["data"]["status"] == "ok"
    assert "by_stage" in {flow["name"] for flow in run["data"]["flows"]}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer acf_guessed"}, 401),
        ({"Authorization": "Basic acf_guessed"}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_nobody_else_speaks_to_the_server(company: Pages, headers: dict[str, str], status: int) -> None:
    """No token, a guessed one, another name of this machine, a page of the web: each is refused before anything."""
    allowed = {"Authorization": f"Bearer {token(company, 'read')}"} if status != 401 else {}
    with httpx2.Client(base_url=company.url, timeout=90, trust_env=False) as client:
        answer = client.post("/mcp", json=PING, headers=allowed | headers)
        assert answer.status_code == status
        assert answer.json()["detail"]
        assert client.get("/mcp", headers=headers).status_code == status


def test_a_token_that_was_taken_away_says_nothing_more(company: Pages) -> None:
    """Also where the server of its scopes is open already."""
    secret = token(company, "read")
    assert over_http(company.url, secret, names) == READ
    kept = sorted((company.folder / ".acflow" / "tokens.json").read_text(encoding="utf-8").split('"id": "')[1:])
    assert kept
    with company.client() as client:
        page = client.get("/settings").text
        last = page.rsplit("/settings/tokens/", 1)[1].split("/")[0]
        company.post(client, "/settings", f"/settings/tokens/{last}/revoke")
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.post("/mcp", json=PING, headers=headers).status_code == 401


def test_an_assistant_starts_acflow_by_itself(company: Pages, company_account: Running) -> None:
    """On stdin and stdout it has the same figures; it may start runs only if the command says so."""

    async def talk(client: Client) -> tuple[set[str], Any, Any]:
        rows = await ask(client, "query", sql="select count(*) as n from contacts")
        return await names(client), rows, await ask(client, "run_report", report="pipeline")

    env = environment(company_account)
    seen, rows, report = over_stdio(company.folder, env, talk)
    assert seen == READ | ROWS
    with company.client(Authorization=f"Bearer {token(company, 'rows')}") as client:
        asked = client.post("/api/v1/query", json={"sql": "select count(*) as n from contacts"}).json()
        assert rows["data"]["rows"] == asked["rows"]
        assert report["data"]["rows"] == client.get("/api/v1/reports/pipeline").json()["rows"]


def test_an_assistant_that_started_acflow_runs_a_flow(company: Pages, company_account: Running) -> None:
    """With the scope for it; schedules that are due are left to `acflow serve`."""

    async def talk(client: Client) -> tuple[set[str], Any]:
        job = (await ask(client, "run_flow", flow="by_stage"))["data"]
        while job["state"] in {"waiting", "running"}:
            await asyncio.sleep(0.2)
            job = (await ask(client, "get_job", handle=job["handle"]))["data"]
        return await names(client), job

    seen, job = over_stdio(company.folder, environment(company_account), talk, "--scope", "read", "--scope", "run")
    assert seen == READ | RUN
    assert job["state"] == "done"
    wrong = acflow("mcp", "--scope", "write", folder=company.folder, env=environment(company_account))
    assert wrong.code == 2
    assert "Scopes: read, rows, run" in wrong.err
