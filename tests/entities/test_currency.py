"""Decimals of currencies: a slip here is wrong by a factor of a hundred."""

import pytest

from acflow.entities.currency import EXPONENTS, exponent


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("usd", 2),
        ("eur", 2),
        ("mga", 2),
        ("jpy", 0),
        ("krw", 0),
        ("clp", 0),
        ("isk", 0),
        ("xof", 0),
        ("kwd", 3),
        ("tnd", 3),
        ("clf", 4),
        ("uyw", 4),
    ],
)
def test_known_currencies_have_their_decimals(code: str, decimals: int) -> None:
    """One of each kind, and those that look like their neighbours and are not."""
    assert decimals == exponent(code)


@pytest.mark.parametrize("code", ["JPY", "jpy", " Jpy "])
def test_case_and_blanks_do_not_matter(code: str) -> None:
    """Deals write the code in lower case, the totals beside them in upper case."""
    assert exponent(code) == 0


@pytest.mark.parametrize("code", [None, "", "zzz", "dollars"])
def test_unknown_codes_count_two_decimals(code: str | None) -> None:
    """A new currency must not stop a run, and nearly all have two."""
    assert exponent(code) == 2


def test_only_exceptions_are_listed() -> None:
    """A code with two decimals in the list would be noise, a misspelled one would never match."""
    assert not [code for code, decimals in EXPONENTS.items() if decimals == 2 or len(code) != 3 or not code.isupper()]
    assert len(EXPONENTS) == 26
