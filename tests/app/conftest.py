"""A project in a folder that is not the working directory, which a run has filled from a made-up account."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from acflow.app.project import Project
from activecampaign_sandbox import Running, make_world, running
from tests.run_harness import run_flows

FILE = """\
account: {url: '${ACTIVECAMPAIGN_URL}', key: '${ACTIVECAMPAIGN_KEY}'}
flows:
  # What sales looks at.
  open_deals:
    description: Deals that are not closed yet.
    entity: deals
    where: status = 0
    columns: [id, title, amount, currency, stage, cdate]
    schedule: "0 6 * * *"
    deliver: out/open.csv
  by_stage: {from: open_deals, group_by: [stage], metrics: {deals: count(*)}}
  people: {entity: contacts, mode: merge}
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """A project, the account behind it, and the id of the run that filled it."""

    project: Project
    sandbox: Running
    run: str


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Yield a project after its first run; tests only read it."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    with running(make_world("small")) as sandbox:
        env = {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
        project = Project.open(folder, env)
        result = run_flows(project.settings, project.flow_file)
        yield Filled(project, sandbox, result.run)
