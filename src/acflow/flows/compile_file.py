"""A flow file made ready to run: read, checked, ordered and compiled, or refused with every mistake in it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from acflow.flows.catalog import Columns, entity_schemas
from acflow.flows.checks import check_names
from acflow.flows.compile import CompiledFlow, compile_draft
from acflow.flows.file import draft, read_text
from acflow.flows.plan import Plan
from acflow.flows.spec import FlowFile


@dataclass(frozen=True, slots=True)
class ReadyFlows:
    """What the file says, what uses what, and the SQL of each flow, in the order of the run."""

    file: FlowFile
    plan: Plan
    compiled: Mapping[str, CompiledFlow]


def prepare_flows(
    path: Path, *, schemas: Mapping[str, Columns] | None = None, env: Mapping[str, str] | None = None
) -> ReadyFlows:
    """Read and compile a flow file; raises FlowFileError with all mistakes.

    `schemas` are the columns of the entities as they have landed; by default those that are declared.
    """
    return prepare_text(read_text(path), file=str(path), schemas=schemas, env=env)


def prepare_text(
    text: str,
    *,
    file: str = "acflow.yaml",
    schemas: Mapping[str, Columns] | None = None,
    env: Mapping[str, str] | None = None,
) -> ReadyFlows:
    """Compile the text of a flow file; see `prepare_flows`."""
    from acflow.flows.describe import EmptyWarehouseInferrer

    known = entity_schemas() if schemas is None else schemas
    found = draft(text, file, known, os.environ if env is None else env)
    check_names(found, known)
    warehouse = EmptyWarehouseInferrer()
    try:
        plan, compiled = compile_draft(found, known, warehouse)
    finally:
        warehouse.close()
    found.raise_problems()
    return ReadyFlows(found.file, plan, compiled)
