"""What each table belongs to, and the removal of what no flow computes any more."""

from pathlib import Path

import pytest

from acflow.app.data import tables
from acflow.app.project import Project
from acflow.app.table_info import TableKind
from acflow.app.tables import remove_tables
from acflow.errors import ConfigError
from activecampaign_sandbox import make_world, running
from tests.run_harness import run_flows

FLOWS = """\
flows:
  stages: {entity: deals, group_by: [stage], metrics: {n: count(*)}}
  lists: {entity: lists, where: id > 1}
"""


def test_each_table_has_its_place_and_orphans_alone_can_go(tmp_path: Path) -> None:
    """A flow leaves its table behind when it is taken out of the file; what acflow did not make is not its to drop."""
    with running(make_world("small", contacts=0, deals=10)) as sandbox:
        env = {"ACTIVECAMPAIGN_URL": sandbox.url, "ACTIVECAMPAIGN_KEY": sandbox.key, "ACFLOW_PACE": "0"}
        path = tmp_path / "acflow.yaml"
        path.write_text(FLOWS, encoding="utf-8")
        project = Project.open(tmp_path, env)
        run_flows(project.settings, project.flow_file)
        project.warehouse().execute(["CREATE TABLE activecampaign.mine AS SELECT 1 AS id"])
        path.write_text("flows: {again: {entity: lists}}\n", encoding="utf-8")
        project = Project.open(tmp_path, env)
        run_flows(project.settings, project.flow_file)
        kinds = {info.name: (info.kind.value, info.belongs_to) for info in tables(project)}
        assert (
            kinds
            | {
                "deals": ("entity", "deals"),
                "deals_deleted": ("derived", "deals"),
                "deals_history": ("derived", "deals"),
                "deals_daily": ("derived", "deals"),
                "_readings": ("internal", None),
                "mine": ("other", None),
                "stages": ("orphan", "stages"),
                "lists_flow": ("orphan", "lists"),
            }
            == kinds
        )
        for name in ("deals", "_acflow", "nothing"):
            with pytest.raises(ConfigError, match="Nothing was removed"):
                remove_tables(project, ["stages", name])
        orphans = [info.name for info in tables(project) if info.kind is TableKind.ORPHAN]
        assert sorted(remove_tables(project, orphans)) == ["lists_flow", "stages"]
        assert not {"stages", "lists_flow"} & set(project.warehouse().tables())
        assert "mine" in project.warehouse().tables()
