"""What must hold whatever the file says: what is asked for comes, and nonsense is refused and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acflow.flows.catalog import entity_schemas
from acflow.flows.render import render
from tests.flows.flow_harness import PLACES, Harness, problems

SCHEMAS = entity_schemas()
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VOCABULARY = """
    select from deals contacts where id title amount = 1 'x' ( ) , * and or not sum count over group by as with ; --
    null case when then end :: date cast union all join on using limit "group" . [ ] { } -> + - /* */ $1 ? :
    not nosuch lower( array_concat( get_type( try_cast( strftime( '%Y' cdate && #1 :: [] interval
    drop table into exists in order desc having qualify distinct values lateral unnest pivot exclude columns interval
"""
WORDS = st.sampled_from(VOCABULARY.split())


@pytest.fixture(scope="module")
def harness() -> Harness:
    """Return a desk with the rows of `flow_harness`."""
    return Harness()


@st.composite
def picks(draw: st.DrawFn) -> tuple[str, list[Any], list[str]]:
    """Draw an entity, some of its columns, some of them under new names, and the names that must come out."""
    entity = draw(st.sampled_from(sorted(SCHEMAS)))
    chosen = draw(st.lists(st.sampled_from(list(SCHEMAS[entity])), min_size=1, max_size=6, unique=True))
    columns: list[Any] = []
    names: list[str] = []
    for index, column in enumerate(chosen):
        new = draw(st.sampled_from([column, f"{column} {index}", f'"{index}"', f"Ünï{index}", "select" * (index == 0)]))
        columns.append(column if new in {column, ""} else {new: column})
        names.append(new or column)
    return entity, columns, names


@SLOW
@given(picks())
def test_the_columns_asked_for_are_those_that_come(harness: Harness, drawn: tuple[str, list[Any], list[str]]) -> None:
    """Any choice, any order, any name: exactly those columns, with the types that were promised."""
    entity, columns, names = drawn
    ready = harness.compute(
        json.dumps({"flows": {"a_flow": {"entity": entity, "columns": columns}}}, ensure_ascii=False)
    )
    assert [name for name, _ in harness.columns("a_flow")] == names
    assert harness.columns("a_flow") == list(ready.compiled["a_flow"].columns.items())


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a flow over an entity with any of the steps."""
    entity = draw(st.sampled_from(sorted(SCHEMAS)))
    names = list(SCHEMAS[entity])
    name = st.sampled_from(names)
    flow: dict[str, Any] = {"from": entity}
    if draw(st.booleans()):
        flow["where"] = f'"{draw(name)}" is not null'
    if draw(st.booleans()):
        names = draw(st.lists(name, min_size=1, unique=True))
        flow["columns"] = names
    if draw(st.booleans()):
        flow["formula"] = {"made": f'"{names[0]}" is null', "twice": "not made"}
        names = [*names, "made", "twice"]
    if draw(st.booleans()):
        keys = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        flow |= {"group_by": keys} if keys else {}
        flow["metrics"] = {"n_rows": "count(*)", "most": f'max("{names[-1]}")'}
        names = [*keys, "n_rows", "most"]
    if draw(st.booleans()):
        flow["distinct"] = True
    if draw(st.booleans()):
        flow["sort"] = [draw(st.sampled_from(["", "-"])) + draw(st.sampled_from(names))]
    if draw(st.booleans()):
        flow["limit"] = draw(st.integers(1, 5))
    return flow


@SLOW
@given(flows(), flows(), st.sampled_from(["inner", "left", "right", "full", "anti"]))
def test_flows_of_any_steps_run_and_combine(
    harness: Harness, one: dict[str, Any], two: dict[str, Any], kind: str
) -> None:
    """Whatever is computed can be appended and joined, and every table is as it was promised."""
    shared = {"join": {"left": "a_one", "right": "a_two", "on": "", "type": kind}}
    file: dict[str, Any] = {"flows": {"a_one": one, "a_two": two, "both": {"append": ["a_one", "a_two"]}}}
    ready = harness.compute(json.dumps(file))
    common = [
        column
        for column, sql_type in ready.compiled["a_one"].columns.items()
        if ready.compiled["a_two"].columns.get(column) == sql_type and sql_type != "JSON"
    ]
    if common:
        shared["join"]["on"] = common[0]
        ready = harness.compute(json.dumps({"flows": {**file["flows"], "shared": shared}}))
        for check in ready.compiled["shared"].checks:
            harness.ask(check.unmatched)
            if check.fan_out is not None:
                harness.ask(check.fan_out)
    for name, flow in ready.compiled.items():
        assert harness.columns(name) == list(flow.columns.items())
        assert harness.connection.execute(render(flow.query, "duckdb", PLACES)).fetchall() == harness.rows(name)


@SLOW
@given(st.lists(WORDS, max_size=12).map(" ".join), st.sampled_from(["where", "sql", "formula", "metrics"]))
def test_nonsense_is_refused_and_never_breaks(text: str, key: str) -> None:
    """Words of SQL in any order either mean something or are a mistake of the file; there is no third."""
    flow: dict[str, Any] = {"sql": text} if key == "sql" else {"entity": "deals"}
    if key != "sql":
        flow[key] = text if key == "where" else {"made": text}
    found = problems(json.dumps({"flows": {"a_flow": flow}}))
    assert {problem.key.split(".")[1] for problem in found} <= {"a_flow"}


@SLOW
@given(st.text(alphabet=st.sampled_from("flows: {}[]abc\n\t-&*!|>'\"#%@`,?0~"), max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Every text is a flow file or a list of mistakes."""
    assert all(problem.message for problem in problems(text))
