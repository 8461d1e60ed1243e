"""What is told of a report, event by event."""

from dataclasses import replace

from acflow.app.model import DeliveryResult, FlowResult, FlowStatus, RunResult
from acflow.app.notices import Message, of_result
from acflow.entities import entity
from acflow.flows.file import load_flow_text
from acflow.source.certificate import Certificate, Reading, certify, guard, may_land

FILE = load_flow_text("""
flows:
  open: {entity: deals, where: status = 0}
  by_stage: {from: open, group_by: stage, metrics: {deals: count(*)}}
  lists: {entity: lists}
""")
LISTS = FlowResult("lists", FlowStatus.COMPUTED, rows=3)
OPEN = FlowResult("open", FlowStatus.COMPUTED, rows=8)
ANN = "ann@example.com"
KNOWN = {"id": ["string"], "title": ["string"]}


def certificate(name: str, *, before: int, now: int, seen: dict[str, list[str]] | None = None) -> Certificate:
    """Return what a run says of an entity whose table held so many rows."""
    reading = Reading(now, now, now, kinds={name: frozenset(kinds) for name, kinds in KNOWN.items()})
    proved = guard(certify(entity(name), reading, seen), before, max_shrink=0.5, accept_shrink=False)
    return replace(proved, landed=may_land(proved))


def told(certificates: list[Certificate], flows: list[FlowResult]) -> dict[str, Message]:
    """Return the messages of a report by their events."""
    report = RunResult("r1", tuple(certificates), flows=tuple(flows))
    return {message.event: message for message in of_result(report, FILE)}


def test_a_good_run_is_a_success_and_nothing_else() -> None:
    """Each flow with its rows, in one message."""
    messages = told([certificate("lists", before=3, now=3, seen=KNOWN)], [LISTS, OPEN])
    assert set(messages) == {"success"}
    assert messages["success"].as_dict() == {
        "event": "success",
        "run": "r1",
        "status": "ok",
        "flows": [
            {"name": "lists", "status": "computed", "rows": 3},
            {"name": "open", "status": "computed", "rows": 8},
        ],
        "entities": [],
        "message": "lists, open: all well.",
    }


def test_a_mixed_run_tells_both() -> None:
    """Who waits for one flow need not care for another; the reasons, which may quote data, stay here."""
    failed = FlowResult("by_stage", FlowStatus.FAILED, reason=f"could not convert {ANN}")
    messages = told([], [LISTS, failed])
    assert [flow["name"] for flow in messages["success"].flows] == ["lists"]
    assert [flow["name"] for flow in messages["failure"].flows] == ["by_stage"]
    assert ANN not in str(messages)


def test_a_destination_that_could_not_be_written_is_a_failure() -> None:
    """The flow was computed, but those who look at the file see the old one."""
    unwritten = replace(LISTS, deliveries=(DeliveryResult("out/x.csv", "csv", error="no space"),))
    assert set(told([], [unwritten])) == {"failure"}


def test_a_refused_row_drop_names_figures_and_all_flows_that_need_them() -> None:
    """Also the flows that need it through others."""
    blocked = [FlowResult(name, FlowStatus.BLOCKED) for name in ("open", "by_stage")]
    messages = told([certificate("deals", before=100, now=8, seen=KNOWN)], [*blocked, LISTS])
    assert set(messages) == {"success", "failure", "shrink"}
    assert [flow["name"] for flow in messages["shrink"].flows] == ["open", "by_stage"]
    assert messages["shrink"].entities == [{"entity": "deals", "rows_before": 100, "rows_now": 8}]
    assert set(told([certificate("deals", before=100, now=60, seen=KNOWN)], [LISTS])) == {"success"}


def test_fields_that_come_or_go_are_drift() -> None:
    """With their names, so that one can look which flow uses them."""
    messages = told([certificate("deals", before=9, now=9, seen={"id": ["number"], "colour": ["string"]})], [OPEN])
    assert messages["drift"].entities == [
        {"entity": "deals", "new_fields": ["title"], "vanished_fields": ["colour"], "retyped_fields": ["id"]},
    ]
    assert [flow["name"] for flow in messages["drift"].flows] == ["open"]
