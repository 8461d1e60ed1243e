"""An imitation of the ActiveCampaign API, to test, try out and measure what reads it.

It listens on this machine unless told otherwise, and needs no account. See MANUAL.md for what it does not know.
"""

from activecampaign_sandbox.app import Record
from activecampaign_sandbox.behaviour import KEY, Behaviour
from activecampaign_sandbox.faults import Fault, chaos
from activecampaign_sandbox.life import Life
from activecampaign_sandbox.make import WORLDS, make_world
from activecampaign_sandbox.server import Running, running, serve
from activecampaign_sandbox.specs import read_faults
from activecampaign_sandbox.steps import fault_of
from activecampaign_sandbox.world import World

__version__ = "0.1.0"

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
    "read_faults",
    "running",
    "serve",
]
