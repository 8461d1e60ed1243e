"""One desk per kind of warehouse that runs here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.warehouse_harness import MAKERS, Harness


@pytest.fixture(params=MAKERS)
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    """Return an empty warehouse of each kind."""
    opened = Harness(request.param, tmp_path)
    yield opened
    opened.close()
