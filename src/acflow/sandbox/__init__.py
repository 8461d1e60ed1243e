"""An imitation of the ActiveCampaign API for tests, demonstrations, measurements, and for trying acflow out.

It listens on this machine only and shares no code with the reader. See docs/sandbox.md for what it does not know.
"""

from acflow.sandbox.app import Record
from acflow.sandbox.behaviour import KEY, Behaviour
from acflow.sandbox.faults import Fault, chaos
from acflow.sandbox.life import Life
from acflow.sandbox.make import WORLDS, make_world
from acflow.sandbox.server import Running, running, serve
from acflow.sandbox.steps import fault_of
from acflow.sandbox.world import World

__all__ = [
    "KEY",
    "WORLDS",
    "Behaviour",
    "Fault",
    "Life",
    "Record",
    "Running",
    "World",
    "chaos",
    "fault_of",
    "make_world",
    "running",
    "serve",
]
