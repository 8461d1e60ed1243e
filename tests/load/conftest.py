"""One desk per kind of warehouse that runs here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from warehouse_desk import MAKERS, Desk


@pytest.fixture(params=MAKERS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Return an empty warehouse of each kind."""
    opened = Desk(request.param, tmp_path)
    yield opened
    opened.close()
