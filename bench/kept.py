"""Results on disk: written after every run, so that an interrupted bench is not lost, and read by the next one."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from model import Job, Ran, Result, Traffic


def load(file: Path) -> dict[str, Result]:
    """Read what earlier runs left, by label; nothing if it was written by another version of the bench."""
    try:
        return {result.job.label: result for result in map(_result, json.loads(file.read_text()))}
    except (FileNotFoundError, TypeError, KeyError, ValueError):
        return {}


def save(file: Path, results: Iterable[Result]) -> None:
    """Write all of them, or leave the file as it was."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps([result.as_json() for result in results], indent=1))
    beside.replace(file)


def _result(line: dict[str, Any]) -> Result:
    counts = {name: line[name] for name in ("rows", "distinct", "missing", "failure")}
    return Result(Job(**line["job"]), Ran(**line["ran"]), Traffic(**line["traffic"]), **counts)
