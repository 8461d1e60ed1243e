"""Numbers as people read them, and findings that follow from the numbers."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.errors import ConfigError
from acflow.reports.figures import numbers
from acflow.reports.figures.findings import Point, joined, lead, trend
from acflow.settings import load_settings


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda: numbers.number(1234567), "1,234,567"),
        (lambda: numbers.number(-1234.5, 1), "-1,234.5"),
        (lambda: numbers.number(-0.004, 2), "0.00"),
        (lambda: numbers.percent(0.3125), "31.2%"),
        (lambda: numbers.percent(0.263), "26.3%"),
        (lambda: numbers.percent(Decimal("0.0005")), "0.0%"),
        (lambda: numbers.signed_percent(0.087), "+8.7%"),
        (lambda: numbers.signed_percent(-0.0001), "0.0%"),
        (lambda: numbers.signed(-3), "-3"),
        (lambda: numbers.money(Decimal("1234567.5"), "eur"), "€1,234,567.50"),
        (lambda: numbers.money(1200, "jpy"), "¥1,200"),
        (lambda: numbers.money(Decimal("1.2345"), "kwd"), "KWD 1.234"),
        (lambda: numbers.money(5, "a/b"), "A/B 5.00"),
        (lambda: numbers.money(5, ""), "5.00"),
        (lambda: numbers.short_money(37_900, "usd"), "$37.9k"),
        (lambda: numbers.short_money(1243000, "usd"), "$1.24M"),
        (lambda: numbers.short_money(37_900, "kwd"), "KWD 37.9k"),
        (lambda: numbers.short_money(380, "usd"), "$380"),
        (lambda: numbers.short_money(Decimal("0.4"), "usd"), "$0.40"),
        (lambda: numbers.short(950), "950"),
        (lambda: numbers.short(999_499), "999k"),
        (lambda: numbers.short(999_999), "1M"),
        (lambda: numbers.short(-31_460_000), "-31.5M"),
        (lambda: numbers.short(0), "0"),
        (lambda: numbers.count(1, "deal"), "1 deal"),
        (lambda: numbers.count(1200, "reply", "replies"), "1,200 replies"),
        (lambda: numbers.month(date(2026, 9, 3)), "September 2026"),
    ],
)
def test_numbers_read_as_in_the_united_states_unless_said_otherwise(written: Callable[[], str], expected: str) -> None:
    """Symbols, groups and points; spaces do not break."""
    assert written().replace(numbers.SPACE, " ") == expected
    assert " " not in written() or written().isascii()


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de_DE", ["1.234.567", "26,3 %", "1.234,50 €", "37.900 $", "1,24 Mio. $"]),
        ("fr-FR", ["1 234 567", "26,3 %", "1 234,50 €", "37,9 k $US", "1,24 M $US"]),
        ("ja_JP", ["1,234,567", "26.3%", "€1,234.50", "$3.79万", "$124万"]),
        ("en_IN", ["12,34,567", "26.3%", "€1,234.50", "$37.9k", "$12.4L"]),
    ],
)
def test_numbers_read_as_in_the_readers_country(locale: str, expected: list[str]) -> None:
    """Every country has its own groups, points, places of symbols and words for large numbers."""
    with numbers.in_locale(locale):
        written = [
            numbers.number(1234567),
            numbers.percent(0.263),
            numbers.money(Decimal("1234.5"), "eur"),
            numbers.short_money(37_900, "usd"),
            numbers.short_money(1_240_000, "usd"),
        ]
    assert [re.sub(r"[\u00a0\u202f]", " ", text) for text in written] == expected
    assert numbers.chosen_locale() == "en_US"


def test_a_country_that_nobody_knows_is_refused() -> None:
    """By its name, with an example."""
    with pytest.raises(ValueError, match="no locale 'xx_YY'"), numbers.in_locale("xx_YY"):
        pass
    with pytest.raises(ConfigError, match="ACFLOW_LOCALE"):
        load_settings(locale="nowhere")


@given(st.integers(-(10**13), 10**13))
def test_a_short_number_is_the_long_one(value: int) -> None:
    """Shortening loses digits beyond the third, and nothing else."""
    text = numbers.short(value)
    digits, word = (text[:-1], text[-1]) if text[-1].isalpha() else (text, "")
    scale = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}[word]
    back = Fraction(digits.replace(",", "")) * scale
    assert abs(back - value) <= Fraction(abs(value), 190)


def test_a_trend_says_whence_and_where() -> None:
    """The title of a figure changes with its numbers."""
    rows = [Point("July 2026", 0.40, 900), Point("August 2026", 0.35, 900), Point("September 2026", 0.312, 900)]
    assert trend("Open rate", rows, steady=0.005) == (
        "Open rate fell to 31.2% in September 2026, from 35.0% in August 2026"
    )
    assert trend("Open rate", rows[::-1], steady=0.005) == (
        "Open rate rose to 40.0% in July 2026, from 35.0% in August 2026"
    )
    assert trend("Open rate", rows, steady=0.05) == "Open rate held at 31.2% in September 2026"


def test_a_trend_holds_the_last_step_against_the_year() -> None:
    """Where both lead the same way, or the year does not move, one is enough."""
    rows = [Point("August", 0.30, 900), Point("September", 0.35, 900)]
    ends = {0.4: ", but fell from 40.0% a year before", 0.2: "", 0.351: "", None: ""}
    for value, end in ends.items():
        before = {"September": Point("last September", value, 900)}
        assert trend("Rate", rows, steady=0.005, year_before=before) == (
            f"Rate rose to 35.0% in September, from 30.0% in August{end}"
        )
    thin = {"September": Point("last September", 0.4, 9)}
    assert "but" not in (trend("Rate", rows, steady=0.005, year_before=thin) or "")
    held = trend("Rate", rows, steady=0.1, year_before={"September": Point("last September", 0.6, 900)})
    assert held == "Rate held at 35.0% in September, but fell from 60.0% a year before"


def test_a_trend_trusts_neither_nothing_nor_noise() -> None:
    """A month without a denominator or with nine observations is no month to speak of."""
    rows = [Point("May", 0.4, 500), Point("June", 0.9, 9), Point("July", None, 0)]
    assert trend("Win rate", rows, steady=0.01) == "Win rate was 40.0% in May"
    assert trend("Win rate", rows[1:], steady=0.01) is None


def test_the_largest_part_is_named_with_its_share() -> None:
    """A whole of nothing has no leader, and one part is all."""
    assert lead("open value", [("New", 1), ("Renewal", 3)]) == "Renewal holds 75% of open value"
    assert lead("open value", [("New", Decimal(5))]) == "New holds all open value"
    assert lead("open value", [("New", 0)]) is None


def test_words_are_listed() -> None:
    """One, two or more."""
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
