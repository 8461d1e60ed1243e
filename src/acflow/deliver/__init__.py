"""Results delivered where people look at them.

A delivery takes the place of the one before as a whole, or leaves it as it was.
"""

from acflow.deliver.model import Delivered, Parcel, Source, Target
from acflow.deliver.registry import DESTINATIONS, parse_target
from acflow.deliver.send import by_place, deliver, deliver_together, from_warehouse

__all__ = [
    "DESTINATIONS",
    "Delivered",
    "Parcel",
    "Source",
    "Target",
    "by_place",
    "deliver",
    "deliver_together",
    "from_warehouse",
    "parse_target",
]
