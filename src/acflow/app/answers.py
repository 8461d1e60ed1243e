"""Answers of reports that are made ahead: every report in its default settings, once for each generation.

They are made by a process of their own, since answering and drawing take seconds and memory that who serves pages
should not pay, and kept as files beside the published copies, so that they outlive a restart.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acflow.app.publishing import generation_of
from acflow.errors import AcflowError

if TYPE_CHECKING:
    from acflow.app.figures import Drawn
    from acflow.app.project import Project
    from acflow.reports import Report

FOLDER, DONE = "answers", "done"
POLITE = 5  # what the process adds to its niceness: who clicks goes first


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in short: its finding, its first headline number, its first figure for a telephone, its rows, its day.

    `old` is whether its oldest data, which are of `data_as_of`, are more than a day behind.
    """

    finding: str
    label: str
    value: str
    beside: str
    figure: str
    rows: int
    data_as_of: datetime
    old: bool


def answers_folder(project: "Project") -> Path:
    """Return where the answers to what is loaded now are, or will be; it changes with all that changes an answer."""
    from acflow import __version__

    settings = project.settings
    seen = (generation_of(settings), settings.report_options, settings.locale, __version__)
    return settings.state / FOLDER / sha256(repr(seen).encode()).hexdigest()[:16]


def are_made(project: "Project") -> bool:
    """Whether every answer that can be made is there."""
    return (answers_folder(project) / DONE).exists()


def make_answers(project: "Project") -> None:
    """Answer every report, those with figures first, and forget the answers of earlier generations.

    Raises:
        ConfigError: there is nothing in the warehouse to report on.

    """
    from acflow.app.figures import draw_reports
    from acflow.app.reports import list_reports, report_options
    from acflow.reports.figures.registry import FIGURES

    project.reader()  # a warehouse that somebody else has changed is published anew by this, as another generation
    folder = answers_folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    drawn, known = {figure.report for figure in FIGURES}, list_reports()
    for batch in ([r for r in known if r.name in drawn], [r for r in known if r.name not in drawn]):
        for name, answer in draw_reports(project, batch, report_options(project)).items():
            keep_answer(folder, name, answer)
    (folder / DONE).touch()
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def made_answer(project: "Project", report: "Report") -> "Drawn | None":
    """Return the answer of a report in its default settings, None if it was not made ahead."""
    from acflow.app.figures import Drawn, DrawnChart
    from acflow.reports.figures.model import Chart, Headline

    path = answers_folder(project) / f"{report.name}.json"
    try:
        held = json.loads(path.read_bytes())
        table = _table(path.with_suffix(".arrow"))
    except (OSError, ValueError):
        return None
    charts = [
        DrawnChart(
            Chart(**part["chart"] | {"keys": tuple(Headline(**key) for key in part["chart"]["keys"])}),
            part["wide"],
            part["narrow"],
        )
        for part in held["charts"]
    ]
    as_of = datetime.fromisoformat(held["data_as_of"])
    return Drawn(charts, table, held["cells"], as_of, held["old"], held["notes"], held["sql"])


def summaries(project: "Project") -> Mapping[str, Summary]:
    """Return the reports in short, by name, as far as they were made ahead."""
    found = {}
    for path in sorted(answers_folder(project).glob("*.json")):
        with suppress(OSError, ValueError, KeyError):  # an earlier version left other answers
            found[path.stem] = _summary(json.loads(path.read_bytes()))
    return found


def _summary(held: Mapping[str, Any]) -> Summary:
    first = held["charts"][0] if held["charts"] else None
    key = first["chart"]["keys"][0] if first and first["chart"]["keys"] else {"label": "", "value": "", "beside": ""}
    return Summary(
        finding=first["chart"]["title"] if first else "",
        label=key["label"],
        value=key["value"],
        beside=key["beside"],
        figure=first["narrow"] if first else "",
        rows=held["rows"],
        data_as_of=datetime.fromisoformat(held["data_as_of"]),
        old=held["old"],
    )


def keep_answer(folder: Path, name: str, answer: "Drawn") -> None:
    import pyarrow as pa

    held = {
        "charts": [asdict(chart) for chart in answer.charts],
        "cells": answer.cells,
        "rows": answer.rows,
        "data_as_of": answer.data_as_of.isoformat(),
        "old": answer.old,
        "notes": list(answer.notes),
        "sql": answer.sql,
    }
    rows = folder / f"{name}.arrow"
    with pa.OSFile(str(rows), "wb") as file, pa.ipc.new_file(file, answer.table.schema) as writer:
        writer.write_table(answer.table)
    part = folder / f"{name}.part"
    part.write_text(json.dumps(held), encoding="utf-8")
    part.rename(folder / f"{name}.json")  # last: who finds it finds the rows too


def _table(path: Path) -> Any:  # noqa: ANN401 - an Arrow table, which has no types
    import pyarrow as pa

    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
        return reader.read_all()


def start_making(project: "Project") -> "subprocess.Popen[bytes]":
    """Start the process that makes the answers; it ends by itself."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "acflow.app.answers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin  # noqa: S101 - it is a pipe
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(pickle.dumps(project.reopened()))
    return process


def main(read: Callable[[], bytes]) -> int:
    """Make the answers of a project that comes on stdin."""
    with suppress(AttributeError, OSError):
        os.nice(POLITE)
    try:
        make_answers(pickle.loads(read()))  # noqa: S301 - from the process that started this one
    except AcflowError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer.read))
