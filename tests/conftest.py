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

LONGEST = ("test_month.py", "test_cli_docs.py", "test_report_page.py", "test_page_newcomer.py")
COSTLY = {"company", "life"}  # fixtures that take long to make, so one worker makes each, for all that use it


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that at the end no worker is left alone with it."""

    def place(item: pytest.Item) -> int:
        shared = sorted(COSTLY.intersection(getattr(item, "fixturenames", ())))
        for name in shared:
            item.add_marker(pytest.mark.xdist_group(name))
        return 0 if item.path.name in LONGEST else 1 if shared else 2

    items.sort(key=place)


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
