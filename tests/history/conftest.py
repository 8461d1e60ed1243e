"""A project on a small world."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from activecampaign_sandbox import make_world, running
from tests.history.history_harness import Project


@pytest.fixture
def project_of(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """Return what makes a project on a small world of its own."""
    with ExitStack() as stack:

        def made(
            kind: str = "DuckDB",
            *,
            contacts: int = 250,
            deals: int = 60,
            offset: str = "",
            **given: Any,  # noqa: ANN401
        ) -> Project:
            world = make_world("small", contacts=contacts, deals=deals, offset=offset)
            return Project(world, stack.enter_context(running(world)), tmp_path, kind, **given)

        yield made
