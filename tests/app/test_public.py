"""`import acflow`: what it offers is what its page says, and it costs nothing until it is used."""

import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import acflow
from tests.app.conftest import Filled

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
HEAVY = ("duckdb", "pyarrow", "dlt", "sqlglot", "sqlalchemy", "pydantic", "httpx2")


def test_the_page_names_all_that_there_is() -> None:
    """And nothing more: whoever relies on another name relies on an accident."""
    names = set(re.findall(r"^\| `acflow\.(\w+)", PAGE, re.MULTILINE))
    assert names == set(acflow.__all__)
    assert all(hasattr(acflow, name) for name in names)
    methods = set(re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE))
    assert methods == {name for name in vars(acflow.Project) if not name.startswith("_")} - {"folder"}


def test_importing_it_loads_no_engine() -> None:
    """So that a script which only may use it does not wait."""
    code = f"import acflow, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_answers_are_arrow_tables(filled: Filled) -> None:
    """From a folder that is not the working directory."""
    project = acflow.open(filled.project.folder, filled.project.env)
    counted = project.query("select count(*) as n from open_deals")
    assert isinstance(counted, pa.Table)
    listed = {flow.name: flow.rows for flow in project.flows()}
    assert counted.column("n").to_pylist() == [listed["open_deals"]]
    assert project.report("win_rate", options={"days": "3650"}).num_rows > 0


def test_what_the_page_shows_runs(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letter for letter."""
    for name, value in filled.project.env.items():
        monkeypatch.setenv(name, value)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(code, {"FOLDER": filled.project.folder})  # noqa: S102 - our own page
