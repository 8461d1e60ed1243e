"""What can be asked of a project: each question has one answer, whichever front asks it."""

from datetime import UTC, datetime

import pytest

from acflow.app import account, data, doctor, drift, entities, flows, reports, runs
from acflow.app.project import Project
from acflow.app.rows import Filter, Operator, RowsQuery, Sort
from acflow.errors import ConfigError
from tests.app.conftest import Filled

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_paths_begin_in_the_folder_of_the_project(filled: Filled) -> None:
    """Two projects can be open in one process, wherever that was started."""
    folder = filled.project.folder
    assert (folder / "acflow.duckdb").exists()
    assert (folder / ".acflow" / "ledger.sqlite").exists()
    assert (folder / "out" / "open.csv").exists()


def test_a_project_is_its_folder_and_its_environment_alone(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process happens to have in its environment says nothing to a project that was given one."""
    monkeypatch.setenv("ACFLOW_DATASET", "elsewhere")
    assert Project.open(filled.project.folder, filled.project.env).settings.dataset == "activecampaign"
    assert Project.open(filled.project.folder).settings.dataset == "elsewhere"


def test_a_list_of_flows_tells_how_each_stands(filled: Filled) -> None:
    """Where rows come from, when it runs, what became of it, how well it is proved, and how old it is."""
    listed = {flow.name: flow for flow in flows.list_flows(filled.project, now=NOON)}
    assert list(listed) == ["open_deals", "by_stage", "people"]
    deals, started = listed["open_deals"], runs.detail(filled.project).run.started_at
    assert (deals.source, deals.schedule, deals.destinations) == ("entity deals", "0 6 * * *", ("out/open.csv",))
    assert deals.next_run == datetime(2026, 5, 2, 6, tzinfo=UTC)
    assert (deals.status, deals.run, deals.verdict) == ("computed", filled.run, "complete")
    assert deals.rows == data.count(filled.project, "open_deals")
    assert deals.last_run == deals.data_as_of == listed["by_stage"].data_as_of == started
    assert deals.as_dict()["next_run"] == "2026-05-02T06:00:00Z"


def test_a_flow_in_detail_tells_its_words_columns_and_neighbours(filled: Filled) -> None:
    """An editor begins with these."""
    detail = flows.flow_detail(filled.project, "open_deals")
    assert detail.spec["where"] == "status = 0"
    assert detail.text.startswith("open_deals:\n  description: Deals that are not closed yet.\n")
    assert list(detail.columns) == ["id", "title", "amount", "currency", "stage", "cdate"]
    assert (detail.entities, detail.used_by) == (("deals",), ("by_stage",))
    assert [run.status for run in detail.runs] == ["computed"]


def test_the_sql_and_a_preview_of_a_flow_need_no_run(filled: Filled) -> None:
    """Both are worked out from what has been loaded."""
    assert "GROUP BY" in flows.flow_sql(filled.project, "by_stage", "postgres")
    with flows.preview_flow(filled.project, "by_stage", 2) as reader:
        assert reader.read_all().column_names == ["stage", "deals"]
    with pytest.raises(ConfigError, match="Did you mean `by_stage`"):
        flows.flow_sql(filled.project, "by_stages")


def test_a_run_is_found_by_its_beginning(filled: Filled) -> None:
    """Its certificates and the results of its flows come with it."""
    detail = runs.detail(filled.project, filled.run[:12])
    assert (detail.run.id, detail.run.status) == (filled.run, "ok")
    assert {certificate["entity"] for certificate in detail.certificates} >= {"deals", "contacts"}
    assert {flow.name for flow in detail.flows if flow.whole} == {"open_deals", "by_stage", "people"}
    assert [run.id for run in runs.history(filled.project)] == [filled.run]
    assert runs.history(filled.project, before=filled.run) == []
    with pytest.raises(ConfigError, match="No run begins"):
        runs.detail(filled.project, "1999")


def test_tables_say_what_they_belong_to(filled: Filled) -> None:
    """So that one sees which are the account's, and which are made of them."""
    known = {table.name: table for table in data.tables(filled.project)}
    assert (known["deals"].kind, known["open_deals"].kind) == ("entity", "flow")
    assert known["deals_history"].kind == "derived"
    assert known["deals"].as_of == runs.detail(filled.project).run.started_at
    assert known["open_deals"].description == "Deals that are not closed yet."
    assert known["open_deals"].rows == data.count(filled.project, "open_deals")


def test_columns_bring_their_meaning_from_where_they_were_declared(filled: Filled) -> None:
    """Also those that a flow takes over by their names."""
    declared = {field.name: field.meaning for field in entities.fields("deals")}
    for table in ("deals", "open_deals"):
        columns = {column.name: column.meaning for column in data.columns(filled.project, table)}
        assert columns["title"] == declared["title"] != ""


@pytest.mark.parametrize("column", ["amount", "cdate", "title", "id", "stage", "isDisabled", "owner", "nextdate"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_row_once_and_in_order(filled: Filled, column: str, descending: bool) -> None:
    """However many rows have the same value, or none."""
    query = RowsQuery(columns=("id",), sort=(Sort(column, descending),), limit=211)
    paged: list[int] = []
    after: str | None = None
    while True:
        page = data.rows(filled.project, "deals", RowsQuery(query.columns, sort=query.sort, limit=211, after=after))
        paged += page.table.column("id").to_pylist()
        after = page.next
        if after is None:
            break
    with data.stream(filled.project, "deals", query) as reader:
        assert paged == reader.read_all().column("id").to_pylist()
    assert len(paged) == len(set(paged)) == data.count(filled.project, "deals")


def test_a_table_without_a_key_has_pages_too(filled: Filled) -> None:
    """They go by number."""
    first = data.rows(filled.project, "by_stage", RowsQuery(sort=(Sort("stage"),), limit=1))
    second = data.rows(filled.project, "by_stage", RowsQuery(sort=(Sort("stage"),), limit=1, after=first.next))
    assert first.table.column("stage").to_pylist() < second.table.column("stage").to_pylist()


def test_search_and_conditions_leave_what_they_say(filled: Filled) -> None:
    """The same rows on the page, in the count, and in the facets."""
    everything = data.rows(filled.project, "deals", RowsQuery(limit=500)).table.to_pylist()
    some = everything[3]["title"]
    found = data.rows(filled.project, "deals", RowsQuery(search=some.upper())).table.to_pylist()
    assert {row["id"] for row in found} >= {everything[3]["id"]}
    query = RowsQuery(filters=(Filter("currency", Operator.IS, ("usd",)), Filter("amount", Operator.ABOVE, ("100.5",))))
    expected = [row for row in everything if row["currency"] == "usd" and (row["amount"] or 0) > 100.5]
    assert data.count(filled.project, "deals", query) == len(expected) > 0
    facets = data.facets(filled.project, "deals", "currency", query)
    assert [(facet.value, facet.rows) for facet in facets] == [("usd", len(expected))]
    empty = RowsQuery(filters=(Filter("amount", Operator.EMPTY),))
    assert data.count(filled.project, "deals", empty) == sum(row["amount"] is None for row in everything)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (RowsQuery(sort=(Sort("titel"),)), "Did you mean `title`"),
        (RowsQuery(filters=(Filter("amount", Operator.ABOVE, ("much",)),)), "much"),
        (RowsQuery(after="nonsense"), "no cursor"),
        (RowsQuery(limit=0), "1 to 1000 rows"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_next_step(filled: Filled, query: RowsQuery, words: str) -> None:
    """A page shows the sentence as it is."""
    with pytest.raises(ConfigError, match=words):
        data.rows(filled.project, "deals", query)


def test_texts_from_outside_stay_texts(filled: Filled) -> None:
    """Whatever stands in a search or a condition, it is compared and not carried out."""
    hostile = "'; DROP TABLE deals; --"
    condition = Filter("title", Operator.CONTAINS, (hostile,))
    assert data.count(filled.project, "deals", RowsQuery(search=hostile, filters=(condition,))) == 0
    assert data.count(filled.project, "deals") > 0


def test_a_report_is_answered_from_its_options_as_texts(filled: Filled) -> None:
    """An address or a form has nothing but texts."""
    options = reports.report_options(filled.project, None, {"basis": "sends", "tiers": "5,10,20"})
    assert (options.basis.value, options.tiers) == ("sends", (5, 10, 20))
    assert reports.answer(filled.project, "win_rate", options).table.num_rows > 0
    with pytest.raises(ConfigError, match="no option"):
        reports.report_options(filled.project, None, {"base": "sends"})


def test_the_account_is_looked_at_without_a_run(filled: Filled) -> None:
    """Whose key it is, what it sees, and the first rows of an entity."""
    assert account.probe(filled.project.settings).username
    diagnosis = doctor.diagnose(filled.project)
    assert diagnosis.exit_code == 0
    assert {access.entity: access.visible for access in diagnosis.entities}["deals"] is True
    first = account.first_rows(filled.project, "deals", 3)
    assert (first.table.num_rows, first.total) == (3, data.count(filled.project, "deals"))


def test_the_story_of_each_field_begins_with_the_first_run(filled: Filled) -> None:
    """Nothing drifted yet."""
    stories = drift.drift(filled.project, "deals")
    assert {story.first_seen.run for story in stories} == {filled.run}
    assert not any(story.gone or story.back or story.retyped for story in stories)


def test_a_project_that_never_ran_says_so(tmp_path: str) -> None:
    """No list is empty without a word, and nothing is made by asking."""
    project = Project.open(tmp_path, {})
    with pytest.raises(ConfigError, match="No run has been made here yet"):
        runs.history(project)
    assert runs.last_flow_runs(project) == {}
    assert [flow.status for flow in flows.list_flows(project)] == [None] * 6
    assert list(project.folder.iterdir()) == []
