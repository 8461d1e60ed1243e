"""What joins are warned of, with the counts that the warehouse gives."""

from acflow.flows.joins import JoinCheck
from acflow.flows.keep import Keeper


def warnings_of(keeper: Keeper, name: str) -> tuple[str, ...]:
    """Count what multiplied and what found no match in the joins of a flow; add what compiling has noted."""
    compiled, spec = keeper.compiled[name], keeper.file.flows[name].join
    said = list(compiled.notes)
    if spec is not None:
        for check in compiled.checks:
            said += _fan_out(keeper, check)
            said += _unmatched(keeper, check) if spec.type in {"left", "inner", "full"} else []
    return tuple(said)


def _fan_out(keeper: Keeper, check: JoinCheck) -> list[str]:
    if check.fan_out is None:
        return []
    found = keeper.warehouse.query(keeper.sql(check.fan_out)).to_pylist()[0]
    if not found["keys"]:
        return []
    columns = ", ".join(right for _, right in check.on)
    keys, rows = found["keys"], found["extra_rows"]
    stand = "1 key stands" if keys == 1 else f"{keys:,} keys stand"
    more = "1 row" if rows == 1 else f"{rows:,} rows"
    return [f"{stand} more than once in {check.right} ({columns}), so {check.left} got {more} more"]


def _unmatched(keeper: Keeper, check: JoinCheck) -> list[str]:
    found = keeper.warehouse.query(keeper.sql(check.unmatched)).to_pylist()[0]
    if not found["unmatched"]:
        return []
    said = f"{found['unmatched']:,} of {found['left_rows']:,} rows of {check.left} have no match in {check.right}"
    return [said + (f", {found['without_key']:,} of them for want of a key" if found["without_key"] else "")]
