"""What can only be seen in the whole file: names that mean nothing, circles, two flows that write to one place."""

from collections.abc import Iterable
from posixpath import normpath

from acflow.flows.destination import DestinationKind
from acflow.flows.draft import Draft
from acflow.flows.plan import Use, circles, resolve, uses_of
from acflow.flows.problems import nearest, suggest
from acflow.flows.spec import Delivery


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
    shared = (
        delivery.kind is not DestinationKind.FILE or delivery.to.lower().endswith(".xlsx") or delivery.format == "xlsx"
    )
    place = normpath(delivery.to) if delivery.kind is DestinationKind.FILE else delivery.to
    return place, (delivery.sheet or delivery.table or name).lower() if shared else ""
