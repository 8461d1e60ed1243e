"""What became of the flows of a run, as a table and in words."""

from collections import Counter
from typing import TYPE_CHECKING

from acflow.cli import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acflow.app.model import FlowResult

WELL = ("computed", "unchanged")


def tell(flows: "Sequence[FlowResult]", *, quiet: bool) -> None:
    """Say what became of each flow and of its destinations; if quiet, only what went wrong."""
    if flows and not quiet:
        console.say()
        _show(flows)
        for flow in flows:
            for warning in flow.warnings:
                console.say(f"{flow.name}: {warning.rstrip('.')}.")
    for flow in flows:
        if flow.reason:
            console.say(f"{flow.name}: {flow.status.value}. {flow.reason}")
        for delivery in flow.deliveries:
            if delivery.error:
                console.say(f"{flow.name}: not delivered to {delivery.to}. {delivery.error}")


def _show(flows: "Sequence[FlowResult]") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for title in ("flow", "status", "rows", "seconds", "delivered"):
        table.add_column(title, justify="right" if title in {"rows", "seconds"} else "left", overflow="fold")
    for flow in flows:
        rows = "" if flow.rows is None else f"{flow.rows:,}"
        sent = ", ".join(each.to for each in flow.deliveries if each.error is None)
        style = None if flow.whole else "bold red"
        table.add_row(flow.name, flow.status.value, rows, f"{flow.seconds:.1f}", console.redact(sent), style=style)
    console.rich_console().print(table)


def summary(flows: "Sequence[FlowResult]") -> str:
    """Return how many flows there were of each status."""
    counted = Counter(flow.status.value for flow in flows)
    parts = [f"{counted[word]} {word}" for word in (*WELL, "failed", "blocked") if counted[word]]
    lost = sum(delivery.error is not None for flow in flows for delivery in flow.deliveries)
    if lost:
        parts.append(f"{lost} not delivered")
    many = "" if len(flows) == 1 else "s"
    return f"{len(flows)} flow{many}: {', '.join(parts)}"
