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

# These begin first, so that at the end no worker is left alone with one of them.
LONGEST = ("test_month.py", "test_cli_docs.py", "test_report_page.py", "test_page_newcomer.py")
# Tests that share what takes long to make: by the beginning of their names, which worker makes it, once for all.
TOGETHER = {
    **dict.fromkeys(("tests/web/test_page_", "tests/web/test_api", "tests/web/test_mcp"), "a served company"),
    "tests/web/test_documents.py": "a served company",
    "tests/load/test_conformance.py": "the life of an account",
}


def unit_of(nodeid: str) -> str:
    """Return what a test is given to a worker with: itself, or what it shares with others."""
    return next((name for begin, name in TOGETHER.items() if nodeid.startswith(begin)), nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, then with what goes to one worker."""
    items.sort(key=lambda item: 0 if item.path.name in LONGEST else 1 if unit_of(item.nodeid) != item.nodeid else 2)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist's own
    """Give each worker the next test, or all that share something, whenever it has but one left."""
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
