"""What joins are warned of, with the counts that the warehouse gives."""

from sqlglot import exp

from acflow.flows.joins import JoinCheck
from acflow.flows.materialize import Materializer
from acflow.flows.relation import ENTITIES, FLOWS


def warnings_of(materializer: Materializer, name: str, rows: int) -> tuple[str, ...]:
    """Count what multiplied and what found no match in the joins of a flow; add what compiling has noted.

    A condition that no row meets is often a word that is spelled in another way.
    """
    compiled, spec = materializer.compiled[name], materializer.file.flows[name].join
    said = list(compiled.notes)
    if not rows and materializer.file.flows[name].where is not None:
        said += _nothing_left(materializer, name)
    if spec is not None:
        for check in compiled.checks:
            said += _fan_out(materializer, check)
            said += _unmatched(materializer, check) if spec.type in {"left", "inner", "full"} else []
    return tuple(said)


def _nothing_left(materializer: Materializer, name: str) -> list[str]:
    tables = [each for each in materializer.compiled[name].query.find_all(exp.Table) if each.db in {ENTITIES, FLOWS}]
    counted = [exp.select(exp.Count(this=exp.Star()).as_("n")).from_(each.copy()) for each in tables]
    found = [materializer.warehouse.query(materializer.sql(query)).column("n")[0].as_py() for query in counted]
    of = " and ".join(f"{n:,} rows of {each.name}" for n, each in zip(found, tables, strict=True))
    return [f"`where` left nothing of {of}"] if any(found) else []


def _fan_out(materializer: Materializer, check: JoinCheck) -> list[str]:
    if check.fan_out is None:
        return []
    found = materializer.warehouse.query(materializer.sql(check.fan_out)).to_pylist()[0]
    if not found["keys"]:
        return []
    columns = ", ".join(right for _, right in check.on)
    keys, rows = found["keys"], found["extra_rows"]
    stand = "1 key stands" if keys == 1 else f"{keys:,} keys stand"
    more = "1 row" if rows == 1 else f"{rows:,} rows"
    return [f"{stand} more than once in {check.right} ({columns}), so {check.left} got {more} more"]


def _unmatched(materializer: Materializer, check: JoinCheck) -> list[str]:
    found = materializer.warehouse.query(materializer.sql(check.unmatched)).to_pylist()[0]
    if not found["unmatched"]:
        return []
    said = f"{found['unmatched']:,} of {found['left_rows']:,} rows of {check.left} have no match in {check.right}"
    return [said + (f", {found['without_key']:,} of them for want of a key" if found["without_key"] else "")]
