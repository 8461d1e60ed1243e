"""The order of flows: topological for every graph, circles by name, and who suffers when something fails."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.errors import ConfigError
from acflow.flows.file import load_flow_text
from acflow.flows.plan import Needs, Plan, circles, make_plan

FILE = """
flows:
  late: {from: middle}
  middle: {join: {left: early, right: contacts, on: id}}
  early: {entity: deals}
  alone: {entity: lists}
  asked: {sql: select e.id from EARLY e join forms on forms.id = e.id}
"""


@pytest.fixture
def plan() -> Plan:
    """Return the plan of a file whose flows stand in the wrong order."""
    return make_plan(load_flow_text(FILE, env={}), ("contacts", "deals", "lists", "forms"))


def test_flows_come_after_what_they_need_and_else_as_in_the_file(plan: Plan) -> None:
    """The file's order holds wherever needs leave a choice."""
    assert plan.order() == ("early", "middle", "late", "alone", "asked")


def test_only_what_is_wanted_and_needed_runs(plan: Plan) -> None:
    """Asking for one flow reads the entities behind it and no others."""
    assert plan.order(["late"]) == ("early", "middle", "late")
    assert plan.entities(["late"]) == ("deals", "contacts")
    assert plan.entities(["asked"]) == ("deals", "forms")
    assert plan.entities() == ("deals", "contacts", "lists", "forms")


def test_a_failure_takes_its_dependents_and_nothing_else(plan: Plan) -> None:
    """By name, for flows as well as for entities that could not be read."""
    assert plan.dependents("middle") == ("late",)
    assert plan.dependents("early") == ("middle", "late", "asked")
    assert plan.dependents("late") == ()
    assert plan.dependents_of_entity("contacts") == ("middle", "late")
    assert plan.dependents_of_entity("lists") == ("alone",)


def test_an_unknown_flow_is_told_with_the_nearest_name(plan: Plan) -> None:
    """`acflow run midle` should not be a guess."""
    with pytest.raises(ConfigError, match=r"no flow `midle`\. Did you mean `middle`\?"):
        plan.order(["midle"])


def test_circles_are_told_once_each() -> None:
    """Two circles that share nothing are two mistakes."""
    needs = {"a": ["b"], "b": ["a"], "c": ["c"], "d": ["a", "c"], "e": ["unknown"]}
    assert circles(needs) == [("a", "b", "a"), ("c", "c")]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Needs]:
    """Draw a graph without circles, whose names stand in any order."""
    count = draw(st.integers(1, 9))
    names = draw(st.permutations([f"f{index}" for index in range(count)]))
    needs = {}
    for index, name in enumerate(names):
        used = draw(st.lists(st.sampled_from(names[:index]), unique=True)) if index else []
        needs[name] = Needs(tuple(used), (f"e{draw(st.integers(0, 2))}",))
    shuffled = draw(st.permutations(names))
    return {name: needs[name] for name in shuffled}


@given(graphs(), st.data())
def test_every_flow_comes_after_its_needs(needs: Mapping[str, Needs], data: st.DataObject) -> None:
    """Whatever is wanted, in whatever graph: needs first, each once, and nothing that is not needed."""
    plan = Plan(needs)
    wanted = data.draw(st.lists(st.sampled_from(sorted(needs)), min_size=1, unique=True))
    order = plan.order(wanted)
    assert len(order) == len(set(order))
    assert set(wanted) <= set(order)
    assert all(order.index(used) < order.index(name) for name in order for used in needs[name].flows)
    needed = set(wanted).union(*(needs[name].flows for name in order))
    assert set(order) == needed
    assert circles({name: need.flows for name, need in needs.items()}) == []


@given(graphs(), st.data())
def test_dependents_are_those_that_need_it(needs: Mapping[str, Needs], data: st.DataObject) -> None:
    """A flow depends on another if and only if running it would run the other."""
    plan = Plan(needs)
    failed = data.draw(st.sampled_from(sorted(needs)))
    expected = {name for name in needs if name != failed and failed in plan.order([name])}
    assert set(plan.dependents(failed)) == expected


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), unique=True)))
def test_each_circle_is_one_and_without_them_there_is_an_order(graph: dict[str, list[str]]) -> None:
    """What is called a circle is one, and what has none can be ordered."""
    found = circles(graph)
    for circle in found:
        assert circle[0] == circle[-1]
        assert all(used in graph[name] for name, used in pairwise(circle))
    if not found:
        flows = {name: Needs(tuple(used for used in uses if used in graph), ()) for name, uses in graph.items()}
        assert set(Plan(flows).order()) == set(graph)
