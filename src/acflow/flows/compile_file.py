"""A flow file made ready to run: read, checked, ordered and compiled, or refused with every mistake in it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from acflow.flows.account_tables import account_tables
from acflow.flows.accounts import check_accounts, over_accounts
from acflow.flows.catalog import Columns, entity_schemas
from acflow.flows.checks import check_names
from acflow.flows.compile import CompiledFlow, compile_draft
from acflow.flows.draft import Draft
from acflow.flows.file import draft, read_text
from acflow.flows.plan import Plan, make_plan
from acflow.flows.relation import SchemaInferrer
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
    check_accounts(found)
    warehouse = EmptyWarehouseInferrer()
    try:
        plan, compiled = _compiled(found, known, warehouse)
    finally:
        warehouse.close()
    found.raise_problems()
    return ReadyFlows(found.file, plan, compiled)


def _compiled(
    whole: Draft, schemas: Mapping[str, Columns], describer: SchemaInferrer
) -> tuple[Plan, dict[str, CompiledFlow]]:
    """Compile all flows; what goes over several accounts is made of tables that have a column more."""
    if not whole.file.accounts:
        return compile_draft(whole, schemas, describer)
    over = Draft(over_accounts(whole.file), whole.document, whole.broken)
    tables = account_tables(over, schemas, describer)
    compiled = dict(tables.compiled) | compile_draft(over, tables.columns, describer, tables.keys, tables.compiled)[1]
    return make_plan(whole.file, schemas), compiled
