"""A run: read the account, prove it, land it, compute the flows, deliver them."""

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
