"""The tables that a flow over several accounts may be made of: those of the account and its flows, with `_account`."""

from collections.abc import Mapping
from dataclasses import dataclass

from acflow.engine.sql import ACCOUNT_COLUMN
from acflow.flows.catalog import Columns
from acflow.flows.compile import CompiledFlow, compile_draft
from acflow.flows.derived_tables import key_of
from acflow.flows.draft import Draft
from acflow.flows.materialize import table_of
from acflow.flows.relation import SchemaInferrer
from acflow.flows.report_tables import report_schemas
from acflow.flows.spec import FlowFile

Key = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class AccountTables:
    """Tables by the name that flows use: their columns, their keys, and what each is called in an account."""

    columns: Mapping[str, Columns]
    keys: Mapping[str, Key]
    places: Mapping[str, str]
    compiled: Mapping[str, CompiledFlow]  # the flows of each account among them


def account_tables(over: Draft, schemas: Mapping[str, Columns], describer: SchemaInferrer) -> AccountTables:
    """Work out the tables from the columns of entities in any account; mistakes in the flows of each are noted."""
    each = Draft(over.file.model_copy(update={"flows": over.file.flows_of_each}), over.document, over.broken)
    compiled = compile_draft(each, schemas, describer)[1]
    columns: dict[str, Columns] = {name: known for name, known in schemas.items() if name not in report_schemas()}
    keys: dict[str, Key] = {name: key_of(name, known) for name, known in columns.items()}
    places = {name: name for name in columns}
    for name, flow in compiled.items():
        columns[name], keys[name] = flow.columns, _key(each.file, name, flow)
        places[name] = table_of(name, each.file, flow)
    return AccountTables(
        columns={name: {ACCOUNT_COLUMN: "VARCHAR"} | dict(known) for name, known in columns.items()},
        keys={name: (ACCOUNT_COLUMN, *key) for name, key in keys.items() if key is not None},
        places=places,
        compiled=compiled,
    )


def _key(file: FlowFile, name: str, flow: CompiledFlow) -> Key:
    return None if file.flows[name].mode == "append" else flow.key  # what was appended may hold the same rows again
