"""Flows over all accounts: every row says whose it is, and no id of one account meets that of another."""

from pathlib import Path

import pyarrow as pa
import pytest

from acflow.app.accounts import choose, run_accounts
from acflow.app.flows import flow_detail, list_flows, preview_flow
from acflow.app.model import RunRequest
from acflow.app.pipeline import run
from acflow.app.project import Project
from acflow.app.reports import answer
from acflow.cli.app import start
from acflow.errors import ConfigError, OtherAccountError
from acflow.flows.compile_file import prepare_text
from acflow.flows.problems import FlowFileError
from acflow.load.metadata import OVER_ACCOUNTS
from acflow.load.owner import owner_of
from acflow.reports.options import Options
from tests.accounts.conftest import Agency
from tests.postgresql_harness import postgresql_database

ACCOUNTS = """\
accounts:
  north: {url: "https://north.api-us1.com", key: "${NORTH_KEY}"}
  south: {url: "https://south.api-us1.com", key: "${SOUTH_KEY}"}
flows:
"""


def rows(project: Project, sql: str) -> list[dict[str, object]]:
    """Return the rows of a question."""
    found: list[dict[str, object]] = project.warehouse().query(sql).to_pylist()
    return found


def mistakes(flows: str) -> list[str]:
    """Return what is wrong with flows of a project of two accounts."""
    try:
        prepare_text(ACCOUNTS + flows, env={})
    except FlowFileError as error:
        return [f"{problem.message} {problem.fix}" for problem in error.problems]
    return []


def test_every_table_has_the_account_in_front(agency: Agency) -> None:
    """Entities and the flows of each account alike; the rows are those of the accounts, to the last."""
    over = agency.project.of("")
    for table in ("deals", "contacts", "open_deals"):
        first, *rest = over.warehouse().columns(table)
        assert first == "_account"
        names = ", ".join(f'"{name}"' for name in rest)
        for account in ("north", "south"):
            own = agency.project.of(account).warehouse().query(f"select {names} from {table} order by id")  # noqa: S608
            rolled = f"select {names} from {table} where _account = '{account}' order by id"  # noqa: S608
            assert over.warehouse().query(rolled) == own


def test_joins_never_cross_accounts(agency: Agency) -> None:
    """Ids collide, so a join by the id alone would meet more: what the roll-up met is what the accounts meet alone."""
    over = agency.project.of("")
    joined = "from deals d left join contacts c on c.id = d.contact"
    alone = {
        account: rows(agency.project.of(account), f"select count(*) as deals, count(c.email) as met {joined}")[0]
        for account in ("north", "south")
    }
    careless = rows(over, f"select d._account, count(*) as deals {joined} group by all")
    assert sum(int(str(row["deals"])) for row in careless) > sum(int(str(row["deals"])) for row in alone.values())
    for flow in ("by_account", "in_sql"):
        found = {row.pop("_account"): row for row in rows(over, f"select * from {flow}")}  # noqa: S608
        assert found == alone
    met = rows(
        over,
        "select count(*) as n from deals_with_people p join contacts c "
        "on c.id = p.contact and c._account = p._account where c.email is distinct from p.email",
    )
    assert met == [{"n": 0}]
    assert list(over.warehouse().columns("deals_with_people")) == ["_account", "id", "contact", "email"]


@pytest.mark.parametrize("kind", ["inner", "left", "right", "full", "anti"])
def test_every_kind_of_join_stays_within_the_account(agency: Agency, kind: str) -> None:
    """Also where the left side has no row: its account comes from the right."""
    text = agency.project.flow_path.read_text(encoding="utf-8")
    text += f"  kind: {{over: accounts, join: {{left: deals, right: contacts, on: {{contact: id}}, type: {kind}}}}}\n"
    text += f"  one: {{join: {{left: deals, right: contacts, on: {{contact: id}}, type: {kind}}}}}\n"
    compiled = prepare_text(text, env=agency.project.variables).compiled
    assert next(iter(compiled["kind"].columns)) == "_account"
    expected = 0
    for account in ("north", "south"):
        own = agency.project.of(account)
        sql = compiled["one"].query.sql("duckdb").replace('"entities".', '"activecampaign".')
        expected += own.warehouse().query(f"select count(*) as n from ({sql})")["n"][0].as_py()  # noqa: S608
    sql = compiled["kind"].query.sql("duckdb").replace('"entities".', '"activecampaign".')
    found = rows(agency.project.of(""), f"select count(*) as n, count(_account) as known from ({sql})")  # noqa: S608
    assert found == [{"n": expected, "known": expected}]


@pytest.mark.parametrize(
    ("sql", "crosses"),
    [
        ("select d.id from deals d join contacts c on c.id = d.contact", True),
        ("select d.id from deals d, contacts c where c.id = d.contact", True),
        ("select d.id from deals d cross join contacts c", True),
        ("select id from deals where contact in (select id from contacts)", True),
        ("select d.id from deals d where exists (select 1 from contacts c where c.id = d.contact)", True),
        ("with c as (select * from contacts) select d.id from deals d join c on c.id = d.contact", True),
        ("select d.id from deals d join contacts c on c.id = d.contact and c._account = d._account", False),
        ("select d.id from deals d join contacts c on c._account = d._account where c.id = d.contact", False),
        ("select d.id from deals d join contacts c using (_account, id)", False),
        ("select id from deals where (_account, contact) in (select _account, id from contacts)", False),
        ("select a.id from deals a join deals b on a.id = b.id and a._account <> b._account", False),
        ("with t as (select count(*) as n from deals) select d.id, t.n from deals d cross join t", False),
        ("select _account, count(*) as n from deals group by all union all select 'all', count(*) from deals", False),
    ],
)
def test_sql_that_mixes_accounts_is_refused(sql: str, *, crosses: bool) -> None:
    """A condition on both sides' `_account` is asked for, whatever it says."""
    said = mistakes(f'  asked: {{over: accounts, sql: "{sql}"}}\n')
    assert bool(said) is crosses
    assert all("_account" in text for text in said)


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        ("  a: {entity: deals}\n  b: {from: a, over: accounts}\n  c: {from: b}\n", "`b` is over all accounts"),
        ("  b: {report: win_rate, over: accounts}\n", "a report is of one account"),
        ("  a: {entity: deals, deliver: out.csv}\n", "every account would write to this one place"),
        ("  a: {entity: deals}\ndocuments: {d: {flow: a, send: {folder: out}}}\n", "every account would write to this"),
        (
            "  a: {entity: deals}\ndocuments: {d: {report: all, send: [{folder: out}]}}\n",
            "every account would write to",
        ),
        ("  b: {from: deals, over: accounts}\ndocuments: {d: {flow: b, send: {folder: out}}}\n", ""),
        ("  a: {entity: deals, deliver: {to: 'x.csv', table: t}}\n", "only a database has tables"),
        ("  deals: {entity: deals, limit: 1}\n  b: {entity: deals, over: accounts}\n", "the flow `deals` changes this"),
        ("  b: {from: dealz, over: accounts}\n", "unknown flow or entity `dealz`"),
        ("  b: {from: deals, over: accounts, columns: [titel]}\n", "unknown column `titel`"),
        ("  b: {from: deals, over: accounts, mode: merge, key: [title]}\n", ""),
    ],
)
def test_mistakes_are_told(flows: str, said: str) -> None:
    """With the whole file, before anything is read."""
    found = mistakes(flows)
    assert any(said in text for text in found) if said else not found


def test_over_accounts_without_accounts_is_a_mistake() -> None:
    """It would be a flow over nothing."""
    with pytest.raises(FlowFileError, match="there are no accounts here to go over"):
        prepare_text("flows:\n  b: {from: deals, over: accounts}\n", env={})


def test_merge_tells_rows_apart_by_account_too() -> None:
    """Whether the key is that of the entity or one that the file names."""
    compiled = prepare_text(
        f"{ACCOUNTS}  a: {{from: deals, over: accounts, mode: merge}}\n"
        "  b: {from: deals, over: accounts, mode: merge, key: title}\n",
        env={},
    ).compiled
    assert compiled["a"].key == ("_account", "id")
    assert compiled["b"].key == ("_account", "title")


def test_reports_over_accounts_by_way_of_a_flow() -> None:
    """A report is of one account; a flow of it may be rolled up."""
    compiled = prepare_text(
        f"{ACCOUNTS}  rate: {{report: win_rate}}\n  all_rates: {{from: rate, over: accounts}}\n", env={}
    )
    assert list(compiled.compiled["all_rates"].columns)[:2] == [
        "_account",
        next(iter(compiled.compiled["rate"].columns)),
    ]


def test_roll_ups_are_listed_previewed_and_delivered_like_any_flow(agency: Agency) -> None:
    """By the project over all accounts."""
    over = agency.project.of("")
    listed = {flow.name: flow.rows for flow in list_flows(over)}
    assert list(listed) == ["all_open", "deals_with_people", "by_account", "in_all", "in_sql"]
    delivered = (over.folder / "out" / "all.csv").read_text(encoding="utf-8").splitlines()
    assert delivered[0].startswith("_account,id,")
    assert len(delivered) - 1 == listed["all_open"]
    with preview_flow(over, "by_account", 5) as reader:
        assert pa.Table.from_batches(list(reader)).num_rows == 2
    assert flow_detail(over, "all_open").columns["_account"] == "VARCHAR"


def test_money_of_several_currencies_warns_across_accounts_too(agency: Agency) -> None:
    """Also where it comes from a flow of each account."""
    assert agency.result.roll_ups is not None
    assert agency.result.roll_ups.result is not None
    (total,) = (flow for flow in agency.result.roll_ups.result.flows if flow.name == "in_all")
    assert any("group by the currency" in warning for warning in total.warnings)


def test_a_report_is_never_answered_from_tables_of_several_accounts(agency: Agency) -> None:
    """Ids collide there, so its figures would be wrong; nor is one kept as a table by a run of the roll-ups."""
    over = agency.project.of("")
    with pytest.raises(ConfigError, match="a report speaks of one"):
        answer(over, "win_rate", Options())
    run(Project.open(over.folder, {**over.env, "ACFLOW_REPORTS": "win_rate"}), RunRequest(("by_account",)))
    assert not [table for table in over.warehouse().tables() if table.startswith("report_")]


def test_unchanged_roll_ups_are_left_alone(agency: Agency) -> None:
    """As any flow, by what they are made of."""
    request = RunRequest(("by_account",), only_changed=True, read=False)
    run(agency.project.of(""), request)
    result = run(agency.project.of(""), request)
    assert {flow.status.value for flow in result.flows} == {"unchanged"}


def test_the_warehouse_of_roll_ups_takes_the_place_of_no_account(agency: Agency, tmp_path: Path) -> None:
    """A project of one account that became one of several keeps that account's tables."""
    assert owner_of(agency.project.of("").warehouse()) == OVER_ACCOUNTS
    env, north = dict(agency.project.env), agency.sandboxes["north"]
    (tmp_path / "acflow.yaml").write_text("flows:\n  lists: {entity: lists}\n", encoding="utf-8")
    single = Project.open(tmp_path, env, url=north.url, key=north.key)
    run(single)
    text = "accounts:\n  north: {url: '${NORTH_URL}', key: '${NORTH_KEY}'}\n"
    text += "flows:\n  all_lists: {from: lists, over: accounts}\n"
    (tmp_path / "acflow.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(OtherAccountError, match=r"holds the data of http://127\.0\.0\.1.*docs/accounts.md"):
        run(Project.open(tmp_path, env))


def test_a_person_erased_from_an_account_is_in_no_copy(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in a roll-up, a published copy, or the free space of a file."""
    monkeypatch.chdir(agency.project.folder)
    for name, value in agency.project.env.items():
        monkeypatch.setenv(name, value)
    over, north = agency.project.of(""), agency.project.of("north")
    email = str(rows(north, "select email from contacts order by id desc limit 1")[0]["email"])
    assert rows(over, f"select _account from contacts where email = '{email}'")  # noqa: S608
    assert start(["purge", email, "--account", "north", "--yes"]) == 0
    left = [path for path in agency.project.folder.rglob("*.duckdb") if email.encode() in path.read_bytes()]
    assert left == []
    run(over, RunRequest(read=False))
    assert rows(over, f"select _account from contacts where email = '{email}'") == []  # noqa: S608


def test_in_a_server_each_account_is_a_schema_beside_that_of_the_roll_ups(agency: Agency, tmp_path: Path) -> None:
    """One PostgreSQL for all, with the same rows."""
    text = """\
accounts:
  north: {url: "${NORTH_URL}", key: "${NORTH_KEY}"}
  south: {url: "${SOUTH_URL}", key: "${SOUTH_KEY}"}
read: [deals, contacts]
flows:
  met:
    over: accounts
    join: {left: deals, right: contacts, on: {contact: id}, type: inner}
    columns: [id, email]
"""
    (tmp_path / "acflow.yaml").write_text(text, encoding="utf-8")
    env = {**agency.project.env, "ACFLOW_WAREHOUSE": postgresql_database(tmp_path), "ACFLOW_HISTORY": ""}
    project = Project.open(tmp_path, env)
    result = run_accounts(project, RunRequest(), choose(project), lambda *_: None)
    assert [(run.account, run.exit_code) for run in result.runs] == [("north", 0), ("south", 0), ("all", 0)]
    met = project.of("").warehouse().query("select _account, id, email from met order by _account, id").to_pylist()
    for name in ("north", "south"):
        own = project.of(name).warehouse()
        assert own.dataset == f"activecampaign_{name}"
        joined = "select d.id, c.email from deals d join contacts c on c.id = d.contact order by d.id"
        alone = [{"_account": name, **row} for row in own.query(joined).to_pylist()]
        assert [row for row in met if row["_account"] == name] == alone
