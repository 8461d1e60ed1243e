"""Feeds and the HTTP API give programs the numbers that pages show, and nothing without a secret."""

import base64
import csv
import io
import json
import re

import httpx2
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acflow.app.exports import disarmed
from tests.web.page_harness import Pages


def made(company: Pages, client: httpx2.Client, **options: str) -> str:
    """Make a feed on its page, and return its address without an ending."""
    page = company.post(client, "/feeds", "/feeds", {"table": "open_deals", **options}).text
    found = re.search(r"<code>http://[^/]+(/feed/[^<]+)\.csv</code>", page)
    assert found
    return found[1]


def token(company: Pages, *scopes: str) -> str:
    """Make a token on its page."""
    with company.client() as client:
        fields = {"name": "test", "csrf": company.token(client, "/settings")}
        answer = client.post("/settings/tokens", data={**fields, "scope": list(scopes)})
        found = re.search(r"<code>(acf_[^<]+)</code>", answer.text)
        assert found
        return found[1]


def test_a_feed_gives_the_same_rows_in_every_format(company: Pages) -> None:
    """CSV, JSON, JSON Lines, Excel and Parquet; the second time it says that nothing has changed."""
    with company.client() as client:
        address = made(company, client)
        answer = client.get(f"{address}.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == 91
        assert answer.headers["content-encoding"] == "gzip"
        assert client.get(f"{address}.csv", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert client.head(f"{address}.csv").status_code == 200
        ids = [int(row["id"]) for row in rows]
        assert [row["id"] for row in client.get(f"{address}.json").json()] == ids
        assert [json.loads(line)["id"] for line in client.get(f"{address}.jsonl").text.splitlines()] == ids
        assert pq.read_table(io.BytesIO(client.get(f"{address}.parquet").content)).column("id").to_pylist() == ids
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}.xlsx").content)).active
        assert sheet is not None
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ids


def test_a_feed_is_nothing_without_its_secret(company: Pages) -> None:
    """Only hashes are kept; another table, another secret and one that was taken away find nothing."""
    with company.client() as client:
        address = made(company, client, columns="id, title", delimiter=";")
        assert client.get(f"{address}.csv").text.startswith("id;title")
        secret = address.split("/")[2]
        kept = (company.folder / ".acflow" / "feeds.json").read_text(encoding="utf-8")
        assert secret not in kept
        assert client.get(f"/feed/{secret}/contacts.csv").status_code == 404
        assert client.get(f"/feed/{secret}x/open_deals.csv").status_code == 404
        assert client.get(f"/feed/{secret}/open_deals.exe").status_code == 404
        assert client.get("/feed/-/open_deals.csv").status_code == 401
        basic = base64.b64encode(f"any:{secret}".encode()).decode()
        assert client.get("/feed/-/open_deals.csv", headers={"Authorization": f"Basic {basic}"}).status_code == 200
        feed = json.loads(kept)[-1]["id"]
        company.post(client, "/feeds", f"/feeds/{feed}/revoke")
        assert client.get(f"{address}.csv").status_code == 404


def test_a_spreadsheet_calculates_nothing_of_a_feed() -> None:
    """Formulas begin with an apostrophe; numbers and telephone numbers stay as they are."""
    texts = ["=cmd()", "+1+cmd", "-2", "@x", "+49 170 1234", "plain", None, "\t=1"]
    batch = pa.record_batch({"text": pa.array(texts, pa.string())})
    assert disarmed(batch).column(0).to_pylist() == [
        "'=cmd()",
        "'+1+cmd",
        "-2",
        "'@x",
        "+49 170 1234",
        "plain",
        None,
        "'\t=1",
    ]


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        ((), "/tables", 401),
        (("read",), "/tables", 200),
        (("read",), "/tables/deals/rows", 403),
        (("rows",), "/tables/deals/rows?limit=2", 200),
        (("rows",), "/tables/nothing/rows", 404),
        (("rows",), "/tables/deals/rows?where=amount:like:1", 400),
        (("rows",), "/tables/deals/rows?limit=0", 400),
        (("read",), "/flows/nothing", 404),
        (("read",), "/runs", 200),
        (("rows",), "/reports/pipeline", 200),
    ],
)
def test_the_api_asks_for_scopes_and_says_what_is_wrong(
    company: Pages, scopes: tuple[str, ...], path: str, status: int
) -> None:
    """Problems come as RFC 9457 has them, with a sentence."""
    headers = {"Authorization": f"Bearer {token(company, *scopes)}"} if scopes else {}
    with company.client(**headers) as client:
        answer = client.get(f"/api/v1{path}")
        assert answer.status_code == status
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]


def test_the_api_pages_by_key_and_agrees_with_the_page(company: Pages) -> None:
    """Each row comes once, whatever the order; the totals are those of the page; what is unchanged costs nothing."""
    with company.client(Authorization=f"Bearer {token(company, 'rows')}") as client:
        seen, after = list[int](), ""
        while True:
            more = f"&after={after}" if after else ""
            answer = client.get(f"/api/v1/tables/deals/rows?limit=150&sort=-amount{more}")
            seen += [row["id"] for row in answer.json()["rows"]]
            if not (after := answer.json()["next"]):
                break
        assert len(seen) == len(set(seen)) == 400
        assert "400 rows" in client.get("/data/deals").text
        tag = answer.headers["etag"]
        assert client.get("/api/v1/tables/deals/rows", headers={"If-None-Match": tag}).status_code == 304
        asked = client.post("/api/v1/query", json={"sql": "select count(*) as n from deals"})
        assert asked.json().get("rows") == [{"n": 400}], asked.text
        assert client.post("/api/v1/query", json={"sql": "drop table deals"}).status_code == 400


def test_the_api_describes_itself(company: Pages) -> None:
    """The OpenAPI document names every route and the problems of each."""
    with company.client() as client:
        document = client.get("/api/v1/openapi.json").json()
    assert {"/tables/{table}/rows", "/flows/{name}/run", "/reports/{name}", "/query"} <= document["paths"].keys()
    assert "401" in document["paths"]["/tables"]["get"]["responses"]
