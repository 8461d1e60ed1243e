"""`convert:` turns money of several currencies into one, by rates that stand in the file or in a flow."""

from collections.abc import Mapping

from sqlglot import exp

from acflow.entities.currency import DEFAULT_EXPONENT, EXPONENTS, exponent
from acflow.flows.money import Columns
from acflow.flows.problems import SqlMistakeError
from acflow.flows.relation import Builder, Relation, named
from acflow.flows.spec import Convert
from acflow.flows.sqltypes import NUMBERS, TypeFamily, kind

MONEY = "DECIMAL(28, 4)"
RATE, CURRENCY = "rate", "currency"
RATES = "_rates"


def convert(builder: Builder, spec: Convert, relation: Relation, money: Columns, rates: Relation | None) -> Relation:
    """Return the rows with their money in one currency; what has no rate stays as it is, in its own currency.

    So nothing is lost, and a sum over what is left in several currencies still warns.
    """
    worths = {name: worth.currency for name, worth in money.items() if name in relation.columns}
    known = {name: currency for name, currency in worths.items() if currency}
    if not known:
        fix = "Keep an amount and its currency among the `columns`."
        builder.report(builder.path("convert"), SqlMistakeError("there is no money with a currency here.", fix))
        return relation
    query = relation.select()
    factors: dict[str, exp.Expression] = {}
    for number, currency in enumerate(dict.fromkeys(known.values())):
        code = exp.Lower(this=relation.frame.column(currency))
        if isinstance(spec.rates, str):
            found = _rates(builder, spec.rates, rates)
            if found is None:
                return relation
            alias = f"{RATES}_{number}"
            same = exp.EQ(this=code, expression=exp.column(CURRENCY, table=alias, quoted=True))
            query = query.join(found.subquery(exp.to_identifier(alias, quoted=True)), on=same, join_type="left")
            rate: exp.Expression = exp.column(RATE, table=alias, quoted=True)
        else:
            rate = _case(code, {name: str(value) for name, value in spec.rates.items()}, None)
        factors[currency] = _case(code.copy(), {spec.to: "1"}, rate)
    items = []
    for name, sql_type in relation.columns.items():
        column, unit = relation.frame.column(name), known.get(name)
        if name in factors:
            target = exp.Literal.string(spec.to)
            items.append(named(exp.case().when(factors[name].copy().is_(exp.null()), column).else_(target), name))
        elif unit:
            items.append(named(_worth(column, sql_type, factors[unit], relation.frame.column(unit), spec.to), name))
        else:
            items.append(column)
    return builder.add("converted", query.select(*items), relation.columns, relation.unique)


def _worth(
    column: exp.Expression, sql_type: str, factor: exp.Expression, currency: exp.Expression, to: str
) -> exp.Expression:
    """Return money in the new currency, in the type it had; whole numbers are minor units."""
    turned = exp.Mul(this=exp.cast(column, MONEY), expression=factor.copy())
    if kind(sql_type) is TypeFamily.INTEGER:
        parts = {code.lower(): str(10 ** max(DEFAULT_EXPONENT - places, 0)) for code, places in EXPONENTS.items()}
        parts |= {
            code.lower(): f"0.{'0' * (places - 3)}1" for code, places in EXPONENTS.items() if places > DEFAULT_EXPONENT
        }
        in_cents = exp.Mul(this=turned, expression=_case(exp.Lower(this=currency), parts, exp.Literal.number(1)))
        places = exponent(to) - DEFAULT_EXPONENT
        scale = exp.Literal.number(str(10**places) if places >= 0 else f"0.{'0' * (-places - 1)}1")
        turned = exp.Mul(this=in_cents, expression=scale)
    whole = exp.Round(this=turned, decimals=exp.Literal.number(0 if kind(sql_type) is TypeFamily.INTEGER else 4))
    return exp.Coalesce(this=exp.cast(whole, sql_type, dialect="duckdb"), expressions=[column.copy()])


def _case(value: exp.Expression, results: Mapping[str, str], otherwise: exp.Expression | None) -> exp.Expression:
    chosen = exp.case(value)
    for word, result in results.items():
        chosen = chosen.when(exp.Literal.string(word.lower()), exp.Literal.number(result))
    return chosen.else_(otherwise) if otherwise is not None else chosen


def _rates(builder: Builder, name: str, rates: Relation | None) -> exp.Select | None:
    """Return one rate for each currency of a flow; a currency with two different ones has none."""
    wrong = ""
    if rates is None:
        wrong = f"the flow `{name}` of rates is not known"
    elif CURRENCY not in rates.columns or RATE not in rates.columns or kind(rates.columns[RATE]) not in NUMBERS:
        wrong = f"`{name}` has no columns `{CURRENCY}` and `{RATE}`, a number"
    if wrong or rates is None:
        fix = "A rate says how much one unit is worth in the new currency."
        builder.report(builder.path("convert", "rates"), SqlMistakeError(f"{wrong}.", fix))
        return None
    code, rate = exp.Lower(this=rates.frame.column(CURRENCY)), exp.cast(rates.frame.column(RATE), "DECIMAL(28, 10)")
    least, most = exp.Min(this=rate), exp.Max(this=rate.copy())
    one = exp.case().when(exp.EQ(this=least, expression=most), least.copy())
    return rates.select(named(code, CURRENCY), named(one, RATE)).group_by(code.copy())
