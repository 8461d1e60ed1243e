"""The use cases, as functions over a `Project`; each front parses, calls one of them, and renders the result."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acflow.app.model import DeliveryResult, FlowResult, FlowStatus, Listener, Report, RunOptions
    from acflow.app.pipeline import run, run_flows

__all__ = [
    "DeliveryResult",
    "FlowResult",
    "FlowStatus",
    "Listener",
    "Report",
    "RunOptions",
    "run",
    "run_flows",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is exported
    """Import the rooms of a run only for who runs."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("acflow.app.pipeline" if name.startswith("run") else "acflow.app.model"), name)
