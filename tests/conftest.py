"""What most tests need: a folder of their own, and settings for a sandbox."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from acflow.settings import Settings, load_settings
from activecampaign_sandbox import Running

# Whether a change may go in is no matter of chance, so properties try the same examples each time; `make fuzz` looks
# for new ones, and those that it finds belong beside the property as `@example`.
hypothesis.settings.register_profile("fixed", derandomize=True)
hypothesis.settings.register_profile("fuzz", derandomize=False, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

# The tests of a file go to one worker, which makes once what they share, and those of the served company likewise.
COMPANY = ("test_page_", "test_api", "test_mcp", "test_documents")
# But here each test stands alone, and some take so long that two workers should share them.
APART = ("test_month", "test_kill", "test_run_", "test_whole", "test_deletions", "test_purge", "test_serve_runs")
# What takes longest begins first, so that at the end no worker is left alone with it.
LONGEST = (
    *("test_month", "test_page_", "test_report_page", "test_run_examples", "test_cli_", "test_kill", "test_bad_days"),
    *("test_report_", "test_run_", "test_flow_reports", "test_serve_", "test_purge", "test_deletions", "test_awkward"),
)


def unit_of(nodeid: str) -> str:
    """Return what a test is given to a worker with."""
    path = nodeid.partition("::")[0]
    name = path.rpartition("/")[2]
    if name.startswith(COMPANY):
        return "the served company"
    return nodeid if name.startswith(APART) else path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""

    def place(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(LONGEST) if item.path.name.startswith(name)), len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist's own
    """Give each worker the next unit whenever it has hardly a test left."""
    from xdist.scheduler import LoadScopeScheduling

    class Units(LoadScopeScheduling):  # type: ignore[misc]  # a class without types
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return Units(config, log)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, without the settings of whoever runs the tests.

    The processes that tests start may keep compiled modules; without them each would spend seconds on compiling.
    """
    monkeypatch.chdir(tmp_path)
    for name in ("ACTIVECAMPAIGN_URL", "ACTIVECAMPAIGN_KEY", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[..., Settings]:
    """Return settings for a sandbox: no pace, little patience, everything in the test's own folder."""

    def settings(sandbox: Running, **given: Any) -> Settings:  # noqa: ANN401 - values are checked by the model
        defaults = {
            "url": sandbox.url,
            "key": sandbox.key,
            "pace": 0.0,
            "retry_patience": 3.0,
            "warehouse": f"duckdb:///{tmp_path / 'acflow.duckdb'}",
            "state": tmp_path / ".acflow",
            "warehouse_patience": 2.0,
        }
        return load_settings(**{**defaults, **given})

    return settings
