"""The SQL of flows tried in the warehouse itself before anything is read: DuckDB knows functions that others lack.

Flows are made from empty tables that only this session sees, in a transaction that is taken back.
"""

import re
from collections.abc import Mapping

from sqlglot import exp

from acflow.engine import Warehouse
from acflow.errors import AcflowError, ConfigError
from acflow.flows.catalog import Columns
from acflow.flows.compile import CompiledFlow
from acflow.flows.draft import Draft
from acflow.flows.plan import Plan
from acflow.flows.problems import Path
from acflow.flows.relation import ENTITIES, FLOWS
from acflow.flows.render import Places, render
from acflow.flows.report_tables import WITH_OPTIONS
from acflow.flows.sqltypes import data_type

OURS = "pg_temp"
FUNCTION = re.compile(r"function (\w+)\(")


def dry_run(
    draft: Draft, plan: Plan, compiled: Mapping[str, CompiledFlow], schemas: Mapping[str, Columns], warehouse: Warehouse
) -> None:
    """Note each flow that the warehouse would not understand; one that uses such a flow is left out without a word."""
    if warehouse.dialect == "duckdb":
        return  # that has been asked already
    names = {(ENTITIES, name): f"entity_{index}" for index, name in enumerate(plan.entities())}
    names |= {(FLOWS, name): f"flow_{index}" for index, name in enumerate(compiled)}
    made = [_table(names[ENTITIES, name], schemas[name], warehouse.dialect) for name in plan.entities()]
    order, statements = [], []
    for name in (each for each in plan.order() if each in compiled):
        try:
            query = render(_placed(compiled[name].query, names), warehouse.dialect, Places(OURS, OURS), pretty=False)
        except ConfigError as error:
            draft.document.report(("flows", name), str(error))
            continue
        order.append(name)
        statements.append(f"CREATE TEMPORARY TABLE {names[FLOWS, name]} AS {query} WITH NO DATA")
    try:
        answers = warehouse.dry_run(made, statements)
    except AcflowError:  # it may not make temporary tables; the run tells what is wrong with it
        return
    lost: set[str] = set()
    for name, wrong in zip(order, answers, strict=False):
        if lost & set(plan.needs[name].flows):
            lost.add(name)
        elif wrong:
            lost.add(name)
            _report(draft, name, f"{warehouse.dialect} says: {wrong.partition(' LINE ')[0].rstrip('.')}.")


def _table(name: str, columns: Columns, dialect: str) -> str:
    fields = [
        exp.ColumnDef(this=exp.to_identifier(each, quoted=True), kind=data_type(columns[each])) for each in columns
    ]
    return f"CREATE TEMPORARY TABLE {name} ({', '.join(field.sql(dialect) for field in fields)})"


def _placed(query: exp.Query, names: Mapping[tuple[str, str], str]) -> exp.Query:
    placed = query.copy()
    for table in placed.find_all(exp.Table):
        if real := names.get((table.db, table.name.partition(WITH_OPTIONS)[0])):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(real, quoted=True))
    return placed


def _report(draft: Draft, name: str, wrong: str) -> None:
    path: Path = ("flows", name)
    if found := FUNCTION.search(wrong):
        texts = draft.file.flows[name].model_dump(exclude_none=True, include={"where", "formula", "metrics", "sql"})
        path = (*path, *_holding(texts, found[1]))
    draft.document.report(path, wrong, "DuckDB has more than this warehouse; write it in another way.")


def _holding(texts: Mapping[str, object], word: str) -> Path:
    """Return the path of the text that a word stands in."""
    for key, text in texts.items():
        if isinstance(text, Mapping):
            if inner := _holding(text, word):
                return (key, *inner)
        elif word in str(text).lower():
            return (key,)
    return ()
