"""How often a test does the same thing again.

In `make test` often enough to fail soon; in `make fuzz`, which runs what is marked `deep`, for as long as trust takes.
"""

import os
import random
from collections.abc import Iterator

import pytest

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "fixed")
deep = pytest.mark.deep


def times(usual: int, in_fuzz: int) -> int:
    """Return how often, by what the tests run for."""
    return in_fuzz if PROFILE == "fuzz" else usual


def moments(chance: random.Random, length: float, count: int) -> Iterator[tuple[int, float]]:
    """Yield 1, 2, … `count`, each with a random moment in its own part of a time, so that few leave no gap."""
    for number in range(1, count + 1):
        yield number, chance.uniform(number - 1, number) * length / count
