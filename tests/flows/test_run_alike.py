"""Expressions mean the same in every warehouse, or are refused before anything is read."""

import json
from pathlib import Path
from textwrap import indent

import pytest

from acflow.errors import ConfigError
from acflow.flows.compile_file import prepare_text
from acflow.flows.render import render
from activecampaign_sandbox import make_world
from tests.flows.run_harness import harness
from tests.load.warehouse_harness import MAKERS

ROWS = """
    select * from (values
      (1, 'Big_deal 50%', '2024-01-07 04:05:06+00'::timestamptz, 7.25::decimal(18,2)),
      (2, 'big, "other" 50\\_', '2024-12-30 23:59:59+00'::timestamptz, -2.5::decimal(18,2)),
      (3, '12', '2025-01-01 12:00:00+00'::timestamptz, 1200::decimal(18,2)),
      (4, '4.6', null, null),
      (5, null, '2023-02-28 13:10:00+00'::timestamptz, 0::decimal(18,2))
    ) v(id, title, cdate, amount)
"""
ALIKE = (
    r"""strftime(cdate, 'month %m of YYYY: "%B" %-d.%-m.%y, %I:%M:%S %p \ %j %b %a %A %H %T %x 100%%')""",
    "strftime(cdate, '%G-W%V-%u')",
    "strftime(cdate at time zone 'Europe/Rome', '%c')",
    "year(cdate) * 100 + month(cdate)",
    "[day(cdate), hour(cdate), minute(cdate), week(cdate), quarter(cdate)]",
    "[dayofweek(cdate), isodow(cdate), dayofyear(cdate), weekofyear(cdate)]",
    "dayname(cdate) || monthname(cdate)",
    "date_add(cdate, interval 1 month)",
    "cdate < today()",
    "try_cast(title as integer)",
    "try_cast(title as decimal(18,1))",
    "try_cast(title as date)",
    r"title like '%50\_'",
    r"title like '%50\_' escape '\'",
    r"title ilike 'BIG\_%'",
    "regexp_matches(title, '^big', 'i')",
    "amount / 3",
    "amount / 0",
    "id // 2",
    "(0 - id) % 3",
    "round(amount, -1)",
    "cast(amount as integer)",
    "concat(title, null) || concat_ws('-', title, null, id)",
    "greatest(amount, null, 5)",
)


def test_expressions_give_the_same_in_every_warehouse(tmp_path: Path) -> None:
    """Dates in words, parts of dates, casts that may fail, patterns, divisions."""
    formula = {f"e{index}": text for index, text in enumerate(ALIKE)}
    flows = {
        "given": {"sql": ROWS},
        "made": {"from": "given", "formula": formula},
        "sums": {"from": "given", "group_by": "title", "metrics": {"n": "count_if(amount > 1)"}},
    }
    found = []
    for kind in MAKERS:
        (tmp_path / kind).mkdir()
        with harness(make_world("empty"), tmp_path / kind, kind) as at:
            report = at.run(indent(json.dumps(flows, indent=1), " "))
            assert report.exit_code == 0, report.flows
            found.append((at.rows("made"), at.rows("sums", "title, n")))
    for ours, theirs in zip(found[0][0], found[1][0], strict=True):
        for text, one, other in zip(("id", "title", "cdate", "amount", *ALIKE), ours, theirs, strict=True):
            assert one == other, (text, one, other)
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize("text", ["strftime(cdate, '%U')", "strftime(cdate, title)", "regexp_matches(title, 'x', 's')"])
def test_what_postgres_would_do_otherwise_is_refused(text: str) -> None:
    """Never is there another figure without a word."""
    ready = prepare_text(json.dumps({"flows": {"a": {"entity": "deals", "formula": {"n": text}}}}), env={})
    with pytest.raises(ConfigError, match="cannot be written in the SQL of postgres"):
        render(ready.compiled["a"].query, "postgres")
