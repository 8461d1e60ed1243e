"""A run: read the account, prove it, land it, compute the flows, deliver them."""

from acflow.run.desk import project_lock
from acflow.run.model import DeliveryResult, FlowResult, FlowStatus, Listener, Report, Wishes
from acflow.run.story import run, run_flows

__all__ = [
    "DeliveryResult",
    "FlowResult",
    "FlowStatus",
    "Listener",
    "Report",
    "Wishes",
    "project_lock",
    "run",
    "run_flows",
]
