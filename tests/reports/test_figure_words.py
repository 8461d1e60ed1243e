"""Numbers as people read them, and findings that follow from the numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.reports.figures import numbers
from acflow.reports.figures.findings import Point, joined, lead, trend


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (numbers.number(1234567), "1 234 567"),
        (numbers.number(-1234.5, 1), "-1 234.5"),
        (numbers.number(-0.004, 2), "0.00"),
        (numbers.percent(0.3125), "31.2 %"),
        (numbers.percent(Decimal("0.0005")), "0.0 %"),
        (numbers.money(Decimal("1234567.5"), "eur"), "1 234 567.50 EUR"),
        (numbers.money(1200, "jpy"), "1 200 JPY"),
        (numbers.money(Decimal("1.2345"), "kwd"), "1.234 KWD"),
        (numbers.short_money(1243000, "usd"), "1.24 M USD"),
        (numbers.short(950), "950"),
        (numbers.short(999_499), "999 k"),
        (numbers.short(999_999), "1.00 M"),
        (numbers.short(-31_460_000), "-31.5 M"),
        (numbers.short(0), "0"),
        (numbers.count(1, "deal"), "1 deal"),
        (numbers.count(1200, "reply", "replies"), "1 200 replies"),
        (numbers.month(date(2026, 9, 3)), "September 2026"),
    ],
)
def test_a_number_reads_the_same_everywhere(said: str, expected: str) -> None:
    """No comma, a point before decimals, spaces that do not break."""
    assert said.replace(numbers.SPACE, " ").replace(numbers.MINUS, "-") == expected
    assert " " not in said or said.isascii()


@given(st.integers(-(10**13), 10**13))
def test_a_short_number_is_the_long_one(value: int) -> None:
    """Shortening loses digits beyond the third, and nothing else."""
    text = numbers.short(value).replace(numbers.MINUS, "-")
    digits, _, word = text.rpartition(numbers.SPACE) if text[-1].isalpha() else (text, "", "")
    scale = {"": 1, "k": 10**3, "M": 10**6, "bn": 10**9}[word]
    back = Fraction(digits.replace(numbers.SPACE, "")) * scale
    assert abs(back - value) <= Fraction(abs(value), 190)


def test_a_trend_says_whence_and_where() -> None:
    """The title of a figure changes with its numbers."""
    rows = [Point("July 2026", 0.40, 900), Point("August 2026", 0.35, 900), Point("September 2026", 0.312, 900)]
    assert trend("Open rate", rows, steady=0.005) == (
        "Open rate fell to 31.2\u00a0% in September 2026, from 35.0\u00a0% in August 2026"
    )
    assert trend("Open rate", rows[::-1], steady=0.005) == (
        "Open rate rose to 40.0\u00a0% in July 2026, from 35.0\u00a0% in August 2026"
    )
    assert trend("Open rate", rows, steady=0.05) == "Open rate held at 31.2\u00a0% in September 2026"


def test_a_trend_trusts_neither_nothing_nor_noise() -> None:
    """A month without a denominator or with nine observations is no month to speak of."""
    rows = [Point("May", 0.4, 500), Point("June", 0.9, 9), Point("July", None, 0)]
    assert trend("Win rate", rows, steady=0.01) == "Win rate was 40.0\u00a0% in May"
    assert trend("Win rate", rows[1:], steady=0.01) is None


def test_the_largest_part_is_named_with_its_share() -> None:
    """A whole of nothing has no leader, and one part is all."""
    assert lead("open value", [("New", 1), ("Renewal", 3)]) == "Renewal holds 75\u00a0% of open value"
    assert lead("open value", [("New", Decimal(5))]) == "New holds all open value"
    assert lead("open value", [("New", 0)]) is None


def test_words_are_listed() -> None:
    """One, two or more."""
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
