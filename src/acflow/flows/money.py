"""Which columns hold money, and where a query adds or orders money of several currencies.

Worked out from the compiled query of a flow, so it is the same for steps and for `sql:`. A column is money if it comes
from one that the API declares so, by whatever name; its currency stands in another column of the same rows.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, traverse_scope, walk_in_scope

from acflow.entities import ALL
from acflow.entities.model import Amount
from acflow.flows.relation import ENTITIES, FLOWS
from acflow.flows.report_tables import report_of

ADDING = (exp.Sum, exp.Avg, exp.Median, exp.Max, exp.Min)
NO_MONEY = (exp.Count, exp.Predicate, exp.Subquery, exp.ApproxDistinct)  # what they give is none, whatever they take


@dataclass(frozen=True, slots=True)
class Money:
    """The column that holds the currency of a money column, None if it was left behind; and where both come from."""

    currency: str | None
    origin: tuple[str, str]  # entity and its column of currencies


@dataclass(frozen=True, slots=True)
class Mixing:
    """A place where money of several currencies may meet, and the query that counts rows by `currency`."""

    what: str
    counts: exp.Query


Columns = Mapping[str, Money]
Source = exp.Table | Scope


def mixed(what: str, counts: Mapping[str, int], fix: str) -> str | None:
    """Say which currencies meet, with the rows of each; None if there is but one."""
    if len(counts) < 2:  # noqa: PLR2004 - one is no mixture
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = ", ".join(f"{count:,} {currency}" for currency, count in ranked)
    return f"{what} mixes {len(counts)} currencies ({rows} rows): {fix}"


def currency_of(column: str, table: str, columns: Container[str]) -> str | None:
    """Return the column that tells the currency of a money column of a table that is there, None if it is no money.

    A table that is no entity's, such as a flow's, is known by the names of amounts that all entities use.
    """
    tables = [table] if of_entity(table) else [entity.name for entity in ALL]
    currencies = (of_entity(name)[column].currency for name in tables if column in of_entity(name))
    return next((currency for currency in currencies if currency and currency in columns), None)


def _plain_entity(name: str) -> str:
    """Return the entity that a wide table, a history or a daily snapshot is about."""
    return name.removesuffix("_wide").removesuffix("_history").removesuffix("_daily")


def of_entity(name: str) -> Columns:
    """Return the money columns of an entity or a report: amounts, and the minor units that they are made from."""
    if report := report_of(name):
        return {each.name: Money(each.currency, (name, each.currency)) for each in report.columns if each.currency}
    amounts = [
        column
        for entity in ALL
        if entity.name == _plain_entity(name)
        for column in entity.derived
        if isinstance(column, Amount)
    ]
    money = {amount.name: Money(amount.currency, (name, amount.currency)) for amount in amounts}
    return money | {amount.of: money[amount.name] for amount in amounts}


def money_of(source: exp.Table, queries: Mapping[str, exp.Query]) -> Columns:
    """Return the money columns of an entity or of a flow, whose compiled query is among these."""
    if source.db == ENTITIES and (columns := of_entity(source.name)):
        return columns
    if source.db in {ENTITIES, FLOWS} and source.name in queries:  # among tables of all accounts are flows of each
        # A flow that is called like its entity reads that one, and not itself.
        others = {name: query for name, query in queries.items() if source.db == FLOWS or name != source.name}
        return analyse(queries[source.name], lambda inner: money_of(inner, others))[0]
    return {}


def analyse(
    query: exp.Query, money_of: Callable[[exp.Table], Columns], *, orders: bool = False
) -> tuple[Columns, list[Mixing]]:
    """Return the money columns that a query gives, and where in it money may be mixed; ORDER BY on wish."""
    outputs: dict[int, Columns] = {}
    mixings: list[Mixing] = []
    try:
        scopes = list(traverse_scope(query))
    except OptimizeError:
        return {}, []
    for scope in scopes:
        select = scope.expression
        if isinstance(select, exp.SetOperation):
            outputs[id(scope)] = outputs.get(id(scope.union_scopes[0]), {}) if scope.union_scopes else {}
        elif isinstance(select, exp.Select):
            reader = _Reader(
                scope, {name: _of(source, money_of, outputs) for name, source in scope.sources.items()}, query
            )
            mixings += reader.mixings(orders=orders)
            outputs[id(scope)] = reader.output()
    return (outputs.get(id(scopes[-1]), {}) if scopes else {}), mixings


def _of(source: Source, money_of: Callable[[exp.Table], Columns], outputs: Mapping[int, Columns]) -> Columns:
    return outputs.get(id(source), {}) if isinstance(source, Scope) else money_of(source)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One SELECT."""

    scope: Scope
    money: Mapping[str, Columns]  # by the alias of each source
    whole: exp.Query

    @property
    def select(self) -> exp.Select:
        select: exp.Select = self.scope.expression
        return select

    def find(self, expression: exp.Expression) -> tuple[exp.Column, Money] | None:
        """Return the first money column whose values an expression passes on."""
        for node in expression.walk(prune=lambda inner: isinstance(inner, NO_MONEY)):
            if isinstance(node, exp.Column) and node.find_ancestor(*NO_MONEY, exp.Select).__class__ not in NO_MONEY:
                for alias in [node.table] if node.table else list(self.money):
                    if money := self.money.get(alias, {}).get(node.name):
                        return node, money
        return None

    def output(self) -> Columns:
        """Return the money columns that the SELECT gives."""
        names = {
            (item.this if isinstance(item, exp.Alias) else item).sql(): item.alias_or_name
            for item in self.select.selects
        }
        given: dict[str, Money] = {}
        made = {
            column.sql(): item.alias
            for item in self.select.selects
            if isinstance(item, exp.Alias) and not item.find(*ADDING)
            for column in item.find_all(exp.Column)
            if column.name == item.alias
        }  # what `convert` or a formula has made of a column, under its name
        for item in self.select.selects:
            found = self.find(item)
            if found and not (self._sums(item) and not _apart(found[1], self._keys())):
                column, money = found
                given[item.alias_or_name] = replace(
                    money, currency=(names | made).get(self._currency(column, money).sql())
                )
        return given

    def mixings(self, *, orders: bool) -> Iterator[Mixing]:
        """Yield each aggregate, and each term of ORDER BY on wish, where currencies may meet."""
        for node in walk_in_scope(self.select):  # type: ignore[no-untyped-call]
            if isinstance(node, ADDING) and (found := self.find(node.this)):
                window = node.find_ancestor(exp.Window, exp.Select)
                keys = self._keys() if not isinstance(window, exp.Window) else window.args.get("partition_by") or []
                if not _apart(found[1], keys):
                    yield self._mixing(f"`{plain(node)}`", *found)
        terms = self.select.args["order"].expressions if orders and self.select.args.get("order") else []
        aliases = {item.alias: item.this for item in self.select.selects if isinstance(item, exp.Alias)}
        before: list[exp.Expression] = []
        for term in terms:
            value = aliases.get(term.this.name, term.this) if isinstance(term.this, exp.Column) else term.this
            if not self._sums(value) and (found := self.find(value)) and not _apart(found[1], before):
                yield self._mixing(f"the order by `{plain(term.this)}`", *found)
            before.append(term.this)

    def _sums(self, item: exp.Expression) -> bool:
        return item.find(*ADDING) is not None and item.find(exp.Window) is None

    def _keys(self) -> list[exp.Expression]:
        group = self.select.args.get("group")
        selects = self.select.selects
        keys: list[exp.Expression] = []
        for key in group.expressions if group else []:
            place = int(key.name) if isinstance(key, exp.Literal) and not key.is_string else 0
            item = selects[place - 1] if 0 < place <= len(selects) else key
            keys.append(item.this if isinstance(item, exp.Alias) else item)
        return keys

    def _currency(self, column: exp.Column, money: Money) -> exp.Column:
        """Return the column that holds the currency of another of the same rows."""
        return exp.column(money.currency or "", table=column.args.get("table"), quoted=True)

    def _mixing(self, what: str, column: exp.Column, money: Money) -> Mixing:
        if money.currency is None:
            entity, origin = money.origin
            return Mixing(what, _counts(exp.select().from_(exp.table_(entity, db=ENTITIES, quoted=True)), origin))
        counted = self.select.copy()
        for part in ("order", "limit", "offset", "having", "qualify", "distinct", "windows", "group"):
            counted.set(part, None)
        if self.select is not self.whole:
            counted.set("with", None)
        query = _counts(counted.where(column.copy().is_(exp.null()).not_()), self._currency(column, money))
        around = self.whole.args.get("with")
        if around is not None and self.select is not self.whole:
            query.set("with", around.copy())
        return Mixing(what, query)


def _apart(money: Money, keys: list[exp.Expression]) -> bool:
    """Whether rows of different currencies are kept apart by one of these keys."""
    wanted = (money.currency or "").lower()
    return bool(wanted) and any(isinstance(key, exp.Column) and key.name.lower() == wanted for key in keys)


def _counts(query: exp.Select, currency: exp.Column | str) -> exp.Query:
    column = exp.column(currency, quoted=True) if isinstance(currency, str) else currency
    named = exp.alias_(column.copy(), "currency", quoted=True)
    counted = exp.alias_(exp.Count(this=exp.Star()), "rows", quoted=True)
    return query.select(named, counted, append=False).group_by(column.copy())


def plain(expression: exp.Expression) -> str:
    """Write an expression as its author would."""
    bare = expression.transform(lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node)
    return bare.sql("duckdb").lower() if isinstance(expression, ADDING) else bare.sql("duckdb")
