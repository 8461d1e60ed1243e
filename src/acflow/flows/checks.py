"""What can only be seen in the whole file: names that mean nothing, circles, two flows that write to one place."""

from collections.abc import Iterable
from posixpath import normpath

from acflow.flows.draft import Draft
from acflow.flows.plan import Use, circles, resolve, uses_of
from acflow.flows.problems import Path, nearest, suggest
from acflow.flows.spec import FLOW_NAME, Delivery
from acflow.flows.text import VARIABLE

SECRETS = frozenset({"password", "slack", "teams"})


def check_names(draft: Draft, entities: Iterable[str]) -> None:
    """Note every unknown flow or entity, every circle and every clash of destinations in the draft."""
    known = tuple(entities)
    graph: dict[str, list[str]] = {}
    for name, flow in draft.file.flows.items():
        graph[name] = []
        for use in uses_of(name, flow):
            target = resolve(use, draft.names, known)
            if target is None:
                _report_unknown(draft, use, known)
                draft.broken.add(name)
            elif target[1]:
                graph[name].append(target[0])
    for circle in circles(graph):
        path = ("flows", circle[0])
        text = f"a circle: {' -> '.join(circle)}."
        draft.document.report(
            path, text, "Let one of them start from an entity.", at=draft.document.place(path, key=True)
        )
        draft.broken.update(circle)
    _check_appends(draft)
    _check_destinations(draft)


def check_receivers(draft: Draft) -> None:
    """Note documents of flows that there are not, e-mails without a server, and secrets that stand in the file."""
    file, document = draft.file, draft.document
    for name, spec in file.documents.items():
        path: Path = ("documents", name)
        if not FLOW_NAME.fullmatch(name):
            fix = "Use letters, digits and _: it becomes the name of a file."
            document.report(path, f"`{name}` cannot name a document.", fix, at=document.place(path, key=True))
        if spec.flow is not None and spec.flow not in draft.names:
            fix = suggest(spec.flow, draft.names, "flows")
            document.report((*path, "flow"), f"unknown flow `{spec.flow}`.", fix)
    receivers = [*file.notify, *(receiver for spec in file.documents.values() for receiver in spec.send)]
    if file.mail is None and any(receiver.email for receiver in receivers) and "mail" not in (document.data or {}):
        document.report((), "e-mails are to be sent, but no server is named.", "Add `mail:` with host and from.")
    for place, raw in document.raw.items():
        written_down = place[0] in {"mail", "notify", "documents"} and place[-1] in SECRETS
        if written_down and raw and not VARIABLE.fullmatch(raw):
            fix = "Write ${NAME} here, and the secret behind NAME= in .env or in the environment."
            document.report(place, f"`{place[-1]}` is a secret, which this file must not hold.", fix)


def _report_unknown(draft: Draft, use: Use, entities: tuple[str, ...]) -> None:
    if use.entity:
        message, fix = f"unknown entity `{use.name}`.", suggest(use.name, entities, "entities")
        if use.name in draft.names and nearest(use.name, entities) is None:
            fix = f"`{use.name}` is a flow; write `from: {use.name}`."
    else:
        message = f"unknown flow or entity `{use.name}`."
        fix = suggest(use.name, [*draft.names, *entities], "flows and entities")
    draft.document.report(use.path, message, fix)


def _check_appends(draft: Draft) -> None:
    for name, flow in draft.file.flows.items():
        for index, used in enumerate(flow.append or []):
            if used in (flow.append or [])[:index]:
                path = ("flows", name, "append", index)
                draft.document.report(path, f"`{used}` stands twice.", "Its rows would come twice; remove one.")


def _check_destinations(draft: Draft) -> None:
    """Two flows may share a workbook or a database, but neither a sheet, a table nor a whole file."""
    taken: dict[tuple[str, str], str] = {}
    for name, flow in draft.file.flows.items():
        for index, delivery in enumerate(flow.deliver):
            spot = _spot(name, delivery)
            if spot in taken:
                path, fix = ("flows", name, "deliver", index), "Give each its own file, sheet or table."
                draft.document.report(path, f"the same place as a destination of `{taken[spot]}`.", fix)
            taken.setdefault(spot, name)


def _spot(name: str, delivery: Delivery) -> tuple[str, str]:
    kind = delivery.kind
    place = normpath(delivery.to) if kind.is_file else delivery.to
    return place, (delivery.sheet or delivery.table or name).lower() if kind.shared or not kind.is_file else ""
