"""A run: read the account, prove it, land it, compute the flows, deliver them."""

from acflow.run.model import DeliveryResult, FlowResult, FlowStatus, Listener, Report, Wishes
from acflow.run.story import run, run_flows

__all__ = [
    "DeliveryResult",
    "FlowResult",
    "FlowStatus",
    "Listener",
    "Report",
    "Wishes",
    "run",
    "run_flows",
]
