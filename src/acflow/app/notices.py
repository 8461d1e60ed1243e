"""What others are told of a run: counts and names of flows, entities and fields, never a value of the data."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acflow.app.files import FOR_OWNER_ALONE, write_whole
from acflow.app.model import FlowResult, RunResult
from acflow.errors import AcflowError
from acflow.flows.catalog import entity_schemas
from acflow.flows.plan import make_plan
from acflow.flows.receivers import Event
from acflow.flows.spec import FlowFile
from acflow.source.certificate import LANDABLE, Certificate

if TYPE_CHECKING:
    from acflow.app.documents import DocumentResult
    from acflow.app.project import Project

TOLD = "stale.json"  # in the state folder: the flows that somebody has been told of
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell. `run` is None if none has begun."""

    event: Event
    run: str | None
    status: str
    flows: Sequence[Facts]
    message: str
    entities: Sequence[Facts] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the message as JSON values."""
        return {
            "event": self.event,
            "run": self.run,
            "status": self.status,
            "flows": list(self.flows),
            "entities": list(self.entities),
            "message": self.message,
        }


def of_account(project: "Project", messages: Iterable[Message]) -> list[Message]:
    """Return messages that say which account they are about, where there are several."""
    if not project.accounts:
        return list(messages)
    name = project.account or "All accounts"
    return [replace(message, message=f"{name}: {message.message}") for message in messages]


def of_result(result: RunResult, file: FlowFile) -> Iterator[Message]:
    """Return what a run that came to its end has to tell."""
    well = [flow for flow in result.flows if flow.whole]
    badly = [flow for flow in result.flows if not flow.whole]
    if well:
        yield Message("success", result.run, result.status, _flows(well), f"{_names(well)}: all well.")
    shrunk = [each for each in result.certificates if _shrunk(each)]
    unread = [each for each in result.certificates if not (each.landed or each.lacking or _shrunk(each))]
    if badly or unread:
        names = ", ".join(dict.fromkeys([*(flow.name for flow in badly), *(each.entity for each in unread)]))
        said = f"{names}: not done, what was there stays. Run {result.run} says why."
        entities: list[Facts] = [
            {"entity": c.entity, "verdict": c.verdict.value, "rows_now": c.received} for c in unread
        ]
        yield Message("failure", result.run, result.status, _flows(badly), said, entities)
    if shrunk:
        facts: list[Facts] = [
            {"entity": c.entity, "rows_before": c.previous_rows, "rows_now": c.received} for c in shrunk
        ]
        said = f"{_entities(shrunk)}: far fewer rows than before, so the old table stays. Look at the account."
        yield Message("shrink", result.run, result.status, _needing(shrunk, result, file), said, facts)
    if drifted := [c for c in result.certificates if c.new_fields or c.vanished_fields or c.retyped_fields]:
        facts = [
            {
                "entity": c.entity,
                "new_fields": list(c.new_fields),
                "vanished_fields": list(c.vanished_fields),
                "retyped_fields": list(c.retyped_fields),
            }
            for c in drifted
        ]
        said = f"{_entities(drifted)}: the account sends other fields than before."
        yield Message("drift", result.run, result.status, _needing(drifted, result, file), said, facts)


def of_error(error: BaseException, wanted: Sequence[str]) -> Message:
    """Return what is told of a run that ended before any flow did.

    The error's own words may quote what the account or the database said, so only its kind goes out.
    """
    known = isinstance(error, AcflowError)
    kind = (type(error).__doc__ or "").splitlines()[0] if known else "Something unexpected went wrong."
    flows = [{"name": name, "status": "failed", "rows": None} for name in wanted]
    said = f"{', '.join(wanted)}: not done. {kind} The list of runs and the log of the service say more."
    return Message("failure", None, "failed", flows, said)


def of_stale(names: Sequence[str]) -> Message:
    """Return what is told of flows that are long overdue."""
    flows = [{"name": name, "status": "stale", "rows": None} for name in names]
    return Message("stale", None, "stale", flows, f"{', '.join(names)}: overdue by more than two intervals.")


def of_document(result: "DocumentResult") -> Message:
    """Return what is told of a document that some of its receivers have not got."""
    missing = ", ".join(sent.receiver for sent in result.failures)
    said = f"The document {result.name} did not reach {missing}. The list of documents says why."
    return Message("failure", None, "failed", (), said)


def newly_stale(state: Path, stale: Sequence[str]) -> list[str]:
    """Return the flows of these that nobody has been told of yet; those that are no longer stale may be told of again.

    What was told is kept in the state folder, so that neither a restart nor another process says it twice.
    """
    path = state / TOLD
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = []
    if sorted(told) != sorted(stale):
        state.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(sorted(stale)), mode=FOR_OWNER_ALONE)
    return [name for name in stale if name not in told]


def _shrunk(certificate: Certificate) -> bool:
    """Whether a proved reading was kept out because the table would have lost too many rows."""
    before = certificate.previous_rows or 0
    return certificate.verdict in LANDABLE and not certificate.landed and certificate.received < before


def _flows(results: Sequence[FlowResult]) -> list[Facts]:
    return [{"name": flow.name, "status": flow.status.value, "rows": flow.rows} for flow in results]


def _needing(certificates: Sequence[Certificate], result: RunResult, file: FlowFile) -> list[Facts]:
    """Return the flows of a run that need one of the entities."""
    plan = make_plan(file, entity_schemas())
    needing = {name for each in certificates for name in plan.dependents_of_entity(each.entity)}
    return _flows([flow for flow in result.flows if flow.name in needing])


def _names(results: Sequence[FlowResult]) -> str:
    return ", ".join(flow.name for flow in results)


def _entities(certificates: Sequence[Certificate]) -> str:
    return ", ".join(each.entity for each in certificates)
