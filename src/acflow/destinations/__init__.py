"""Results delivered where people look at them.

A delivery takes the place of the one before as a whole, or leaves it as it was.
"""

from acflow.destinations.model import Delivered, Delivery, Source, Target
from acflow.destinations.registry import DESTINATIONS, parse_target
from acflow.destinations.send import deliver, deliver_together, from_warehouse, group_by_target

__all__ = [
    "DESTINATIONS",
    "Delivered",
    "Delivery",
    "Source",
    "Target",
    "deliver",
    "deliver_together",
    "from_warehouse",
    "group_by_target",
    "parse_target",
]
