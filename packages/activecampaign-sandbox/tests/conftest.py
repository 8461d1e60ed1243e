"""Clients for sandboxes, and the worlds that tests only read."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from activecampaign_sandbox import World, make_world
from asking import Ask


@pytest.fixture(scope="session")
def small() -> World:
    """Return the small world; only for tests that change nothing."""
    return make_world("small")


@pytest.fixture(scope="session")
def large() -> World:
    """Return the large world at full size; only for tests that change nothing."""
    return make_world("large")


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Return what serves worlds for the length of the test."""
    with ExitStack() as stack:
        yield Ask(stack)
