"""Money in flows: columns know that they are money, and one currency can be made of several."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from acflow.flows.money import analyse, money_of
from acflow.flows.problems import FlowFileError
from acflow.flows.render import render
from activecampaign_sandbox import make_world
from tests.flows.flow_harness import PLACES, Harness
from tests.flows.run_harness import harness, of

FLOWS = """
flows:
  open_deals: {entity: deals, columns: [id, {worth: amount}, {unit: currency}, contact, stage]}
  nameless: {from: open_deals, columns: [id, worth]}
  fx: {sql: "select 'USD' as currency, 2.0 as rate"}
  twice: {sql: "select 'usd' as currency, 2.0 as rate union all select 'usd', 3.0"}
  a: %s
"""
MIXED: Mapping[str, tuple[str, str]] = {
    "a sum": ("{from: open_deals, metrics: {n: sum(worth)}}", "`sum(worth)`"),
    "an average of minor units": ("{entity: deals, group_by: stage, metrics: {n: avg(value)}}", "`avg(value)`"),
    "a sum of what was made of it": ("{from: open_deals, metrics: {n: sum(worth * 2)}}", "`sum(worth * 2)`"),
    "a currency left behind": ("{from: nameless, metrics: {n: sum(worth)}}", "`sum(worth)`"),
    "behind a join": (
        "{join: {left: open_deals, right: contacts, on: {contact: id}}, metrics: {n: sum(worth)}}",
        "`sum(worth)`",
    ),
    "sql": ("{sql: 'select contact, sum(amount) as n from deals group by contact'}", "`sum(amount)`"),
    "sums of sums": (
        (
            '{sql: "with s as (select stage, currency, sum(amount) as n from deals group by all) '
            'select stage, sum(n) as n from s group by stage"}'
        ),
        "`sum(n)`",
    ),
    "the largest first": (
        "{sql: 'select id, amount from deals order by amount desc limit 3'}",
        "the order by `amount`",
    ),
    "rates that lack one": (
        "{from: open_deals, convert: {to: usd, rates: {gbp: 0.8}}, metrics: {n: sum(worth)}}",
        "`sum(worth)`",
    ),
    "two rates for one currency": (
        "{from: open_deals, convert: {to: eur, rates: twice}, metrics: {n: sum(worth)}}",
        "`sum(worth)`",
    ),
}
PURE = {
    "by currency": "{from: open_deals, group_by: [unit], metrics: {n: sum(worth)}}",
    "counts": "{from: open_deals, metrics: {n: count(worth)}}",
    "a condition": "{entity: deals, metrics: {n: sum(case when amount > 3 then 1 else 0 end)}}",
    "one currency": "{from: open_deals, where: unit = 'eur', metrics: {n: sum(worth)}}",
    "windows by currency": "{sql: 'select id, sum(amount) over (partition by currency) as n from deals'}",
    "sorted by currency first": "{sql: 'select id from deals order by currency, amount desc'}",
    "converted": "{from: open_deals, convert: {to: EUR, rates: {usd: 0.9}}, metrics: {n: sum(worth)}}",
    "converted by a flow": "{from: open_deals, convert: {to: eur, rates: fx}, metrics: {n: sum(worth)}}",
}


def mixed(flow: str) -> list[tuple[str, dict[str, int]]]:
    """Return where the flow `a` mixes currencies, with the rows of each."""
    this = Harness()
    ready = this.compute(FLOWS % flow)
    queries = {name: compiled.query for name, compiled in ready.compiled.items()}
    _, mixings = analyse(queries["a"], lambda source: money_of(source, queries), orders="sql" in flow)
    counts = [
        {str(row[0]): int(row[1]) for row in this.connection.execute(render(each.counts, "duckdb", PLACES)).fetchall()}
        for each in mixings
    ]
    return [(each.what, rows) for each, rows in zip(mixings, counts, strict=True) if len(rows) > 1]


@pytest.mark.parametrize("case", MIXED)
def test_currencies_that_meet_are_counted(case: str) -> None:
    """Wherever in the flow, whatever the columns are called by then."""
    flow, what = MIXED[case]
    ((said, counts),) = mixed(flow)
    assert said == what
    assert counts.keys() == {"eur", "usd"}


@pytest.mark.parametrize("case", PURE)
def test_currencies_that_are_kept_apart_are_not_told(case: str) -> None:
    """Nor is what counts, compares or converts."""
    assert mixed(PURE[case]) == []


def test_money_is_converted() -> None:
    """Amounts in their own places, minor units by the decimals of each currency, and the currency says the new one."""
    this = Harness(
        {
            "deals": [
                {"id": 1, "value": 1000, "amount": Decimal(10), "currency": "usd"},
                {"id": 2, "value": 1000, "amount": Decimal(1000), "currency": "jpy"},
                {"id": 3, "value": 1000, "amount": Decimal(1), "currency": "kwd"},
                {"id": 4, "value": 1000, "amount": Decimal(10), "currency": "eur"},
                {"id": 5, "value": 1000, "amount": Decimal(10), "currency": "chf"},
                {"id": 6, "value": None, "amount": None, "currency": "usd"},
            ]
        }
    )
    this.compute("""
        flows:
          a:
            entity: deals
            columns: [id, value, amount, currency]
            convert: {to: EUR, rates: {USD: 0.9, jpy: 0.006, kwd: 3}}
            sort: [id]
    """)
    assert this.rows("a") == [
        (1, 900, Decimal("9.0000"), "eur"),
        (2, 600, Decimal("6.0000"), "eur"),
        (3, 300, Decimal("3.0000"), "eur"),
        (4, 1000, Decimal("10.0000"), "eur"),
        (5, 1000, Decimal("10.0000"), "chf"),
        (6, None, None, "eur"),
    ]


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        ("{entity: contacts, convert: {to: eur, rates: {usd: 1}}}", "no money with a currency here"),
        ("{from: nameless, convert: {to: eur, rates: {usd: 1}}}", "no money with a currency here"),
        ("{entity: deals, convert: {to: euro, rates: {usd: 1}}}", "convert.to"),
        ("{entity: deals, convert: {to: eur, rates: {usd: 0}}}", "convert.rates"),
        ("{entity: deals, convert: {to: eur, rates: {usd: .inf}}}", "convert.rates"),
        ("{entity: deals, convert: {to: eur, rates: contacts}}", "has no columns `currency` and `rate`"),
        ("{entity: deals, convert: {to: eur, rates: fxx}}", "unknown flow or entity `fxx`"),
        ("{entity: deals, convert: {to: eur, rates: a}}", "a circle"),
    ],
)
def test_a_conversion_that_cannot_be_is_refused(flow: str, said: str) -> None:
    """Before anything is read, with the place."""
    with pytest.raises(FlowFileError, match=said):
        Harness().compute(FLOWS % flow)


def test_a_run_tells_of_currencies_and_of_rows_that_a_join_multiplied(tmp_path: Path) -> None:
    """With the counts and the two ways out."""
    world = make_world("small", seed=7, contacts=10, deals=6)
    for number, currency in enumerate(("usd", "eur", "jpy")):
        world.insert("deals", {"title": f"d{number}", "value": "1000", "currency": currency, "status": "0"})
    flows = """
  total: {entity: deals, metrics: {n: sum(amount)}}
  largest: {entity: deals, columns: [id, amount, currency], sort: [-amount], limit: 50}
  twins: {append: [deals, deals2]}
  deals2: {entity: deals, columns: [id, amount, currency]}
  doubled: {join: {left: deals, right: twins, on: id}, columns: [id, amount, currency]}
  sums: {from: doubled, group_by: currency, metrics: {n: sum(amount)}}
"""
    with harness(world, tmp_path) as this:
        report = this.run(flows)
    total, largest, sums = (" ".join(of(report, name).warnings) for name in ("total", "largest", "sums"))
    assert "`sum(amount)` mixes" in total
    assert "jpy" in total
    assert "group by the currency, or turn them into one with `convert`" in total
    assert "the order by `amount` mixes" in largest
    assert "`sum(amount)` may count rows of deals more than once, as the join of doubled multiplies them" in sums
