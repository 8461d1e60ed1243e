"""The tools side by side: how each is started, and where its rows end up."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from envs import HERE, python_of
from model import Job

LAUNCHERS = HERE / "launchers"
START_DATE = "2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to read an account that people use today, or ours."""

    name: str
    title: str
    env: str
    package: str
    lands: str  # what becomes of the rows, in the words of the table
    command: Callable[[Job, Path, str, str], list[str | Path]]
    kind: str  # how count_rows finds the rows
    output: str


def _acflow(job: Job, _folder: Path, _url: str, _key: str) -> list[str | Path]:
    return [python_of("acflow").parent / "acflow", "run", job.entity, "--json"]


def _dlt(job: Job, _folder: Path, _url: str, _key: str) -> list[str | Path]:
    return [python_of("dlt"), LAUNCHERS / "dlt_rest.py", job.entity]


def _singer(job: Job, folder: Path, url: str, key: str) -> list[str | Path]:
    config = {"api_url": url, "api_token": key, "start_date": START_DATE, "user_agent": "bench"}
    (folder / "config.json").write_text(json.dumps(config))
    return [python_of("singer"), LAUNCHERS / "singer_tap.py", "config.json", job.entity]


def _airbyte(page_size: int) -> Callable[[Job, Path, str, str], list[str | Path]]:
    def command(job: Job, folder: Path, url: str, key: str) -> list[str | Path]:
        (folder / "config.json").write_text(json.dumps({"url": url, "key": key, "page_size": page_size}))
        stream = {"name": job.entity, "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
        selected = {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
        (folder / "catalog.json").write_text(json.dumps({"streams": [selected]}))
        runner = python_of("airbyte").parent / "source-declarative-manifest"
        files: list[str | Path] = [
            "--config",
            "config.json",
            "--catalog",
            "catalog.json",
            "--manifest-path",
            LAUNCHERS / "airbyte.yaml",
        ]
        return [runner, "read", *files]

    return command


CDK = "airbyte-cdk"
TOOLS: tuple[Tool, ...] = (
    Tool("acflow", "acflow", "acflow", "acflow", "typed table", _acflow, "duckdb", "acflow.duckdb"),
    Tool("dlt", "dlt rest_api", "dlt", "dlt", "table", _dlt, "duckdb", "out.duckdb"),
    Tool("singer", "tap-activecampaign", "singer", "tap-activecampaign", "prints JSON", _singer, "messages", "stdout"),
    Tool("airbyte100", "Airbyte, pages of 100", "airbyte", CDK, "prints JSON", _airbyte(100), "messages", "stdout"),
    Tool("airbyte20", "Airbyte as published", "airbyte", CDK, "prints JSON", _airbyte(20), "messages", "stdout"),
)
BY_NAME = {tool.name: tool for tool in TOOLS}


def environment(job: Job, folder: Path, url: str, key: str) -> Mapping[str, str]:
    """Give all the same plain surroundings: no settings of the user's, a home of its own, nobody phoning home."""
    plain = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ACTIVECAMPAIGN_URL": url,
        "ACTIVECAMPAIGN_KEY": key,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }
    unpaced = {"BENCH_UNPACED": "1", "ACFLOW_PACE": "0"}  # every tool's own brake is off where the account has none
    return plain | (unpaced if job.rate is None else {})
