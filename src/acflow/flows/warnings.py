"""What joins are warned of, with the counts that the warehouse gives."""

from contextlib import suppress

from sqlglot import exp

from acflow.errors import AcflowError
from acflow.flows.joins import JoinCheck
from acflow.flows.materialize import Materializer
from acflow.flows.money import Columns, Mixing, analyse, mixed, money_of, plain
from acflow.flows.relation import ENTITIES, FLOWS
from acflow.flows.sql_joins import multiplied_sums


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
    said += _multiplied_sums(materializer, name)
    said += _multiplied_in_sql(materializer, name)
    said += _mixed_currencies(materializer, name)
    return (*said, *materializer.report_notes(name))


def _mixed_currencies(materializer: Materializer, name: str) -> list[str]:
    """Tell where the flow adds or orders money of several currencies, with the rows of each."""
    spec = materializer.file.flows[name]
    columns, mixings = _money(materializer, name)
    ordered = [term.removeprefix("-").strip() for term in spec.sort or []]
    for index, column in enumerate(ordered):
        money = columns.get(column)
        if money and money.currency and money.currency not in ordered[:index]:
            currency = exp.column(money.currency, quoted=True)
            counts = exp.select(currency.as_("currency"), exp.Count(this=exp.Star()).as_("rows"))
            result = counts.from_(exp.table_(name, db=FLOWS, quoted=True)).group_by(currency.copy())
            mixings = [*mixings, Mixing(f"the order by `{column}`", result)]
    return [text for mixing in mixings if (text := _mixed(materializer, mixing))]


def _money(materializer: Materializer, name: str) -> tuple[Columns, list[Mixing]]:
    queries = {flow: compiled.query for flow, compiled in {**materializer.of_each, **materializer.compiled}.items()}
    orders = materializer.file.flows[name].sql is not None
    return analyse(queries[name], lambda source: money_of(source, queries), orders=orders)


def _mixed(materializer: Materializer, mixing: Mixing) -> str | None:
    with suppress(AcflowError):  # a query that cannot be counted in this way is not worth the flow
        found = materializer.warehouse.query(materializer.sql(mixing.counts)).to_pylist()
        counts = {str(row["currency"]): row["rows"] for row in found if row["currency"]}
        return mixed(mixing.what, counts, "group by the currency, or turn them into one with `convert`")
    return None


def _multiplied_sums(materializer: Materializer, name: str) -> list[str]:
    """Tell which sums count rows that a join has multiplied, in this flow or in one that it reads."""
    sums = [node for node in materializer.compiled[name].query.find_all(exp.Sum, exp.Avg) if node.find(exp.Column)]
    said = []
    for source in [name, *_read_by(materializer, name)] if sums else []:
        for check in materializer.compiled[source].checks:
            if _fan_out(materializer, check):
                texts = ", ".join(dict.fromkeys(f"`{plain(node)}`" for node in sums))
                said.append(
                    f"{texts} may count rows of {check.left} more than once, as the join of {source} multiplies them: "
                    f"sum before the join, or join what is unique by its key"
                )
    return said


def _multiplied_in_sql(materializer: Materializer, name: str) -> list[str]:
    """Tell which sums of hand-written SQL count rows that its own joins multiply."""
    if materializer.file.flows[name].sql is None:
        return []
    said = []
    for multiplied in multiplied_sums(materializer.compiled[name].query):
        (found,) = materializer.warehouse.query(materializer.sql(multiplied.keys)).to_pylist()
        if found["keys"]:
            stand = "1 key stands" if found["keys"] == 1 else f"{found['keys']:,} keys stand"
            said.append(
                f"`{plain(multiplied.node)}` counts rows of {multiplied.table} more than once, as {stand} more than "
                f"once in {multiplied.other} ({', '.join(multiplied.columns)}): sum before the join, or join what is "
                "unique by its key"
            )
    return list(dict.fromkeys(said))


def _read_by(materializer: Materializer, name: str) -> list[str]:
    """Return the flows whose rows reach this one."""
    tables = materializer.compiled[name].query.find_all(exp.Table)
    direct = list(dict.fromkeys(source.name for source in tables if source.db == FLOWS))
    return direct + [far for near in direct for far in _read_by(materializer, near)]


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
