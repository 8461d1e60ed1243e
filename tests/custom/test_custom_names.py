"""Names of columns for custom fields, from whatever users call them."""

import string

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.custom.naming import RESERVED, free_name, slug
from acflow.custom.pivot import as_list

MONEY = ("", "_amount", "_currency")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Forecasted Close Date", "forecasted_close_date"),
        ("  Größe (cm) ", "grosse_cm"),
        ("1st order", "field_1st_order"),
        ("_deleted_at", "deleted_at"),
        ("さくら", "さくら"),
        ("x" * 300, "x" * 40),
        ("%", ""),
        ("", ""),
    ],
)
def test_a_title_becomes_a_plain_name(title: str, name: str) -> None:
    """Small letters, digits and underscores, as one would write it in SQL."""
    assert name == slug(title)


def test_a_name_that_is_taken_gets_the_number_of_the_field() -> None:
    """The number is the field's own, so the name does not depend on what other fields there are."""
    assert free_name("Email", 7, ("",), {"email"}) == "email_7"
    assert free_name("%", 7, ("",), set()) == "field_7"
    assert free_name("Budget", 7, MONEY, {"budget_amount"}) == "budget_7"
    assert free_name("Budget", 7, MONEY, {"budget", "budget_7_currency"}) == "budget_7_"


@pytest.mark.parametrize("word", ["null", "Select", "TRUE", "order", "user", "pivot"])
def test_a_word_of_sql_is_no_name(word: str) -> None:
    """`select null from contacts_wide` would give nothing for ever, and say so to nobody."""
    assert free_name(word, 7, ("",), set()) == f"{word.lower()}_7"


def test_the_words_of_the_database_are_all_known() -> None:
    """DuckDB tells its reserved words; a new version may bring new ones."""
    found = duckdb.sql("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'").fetchall()
    assert {word for (word,) in found} <= RESERVED


@given(st.lists(st.text(max_size=60) | st.sampled_from(["a", "A", "a_amount", "a 2", "é"]), max_size=40))
def test_no_two_fields_ever_share_a_column(titles: list[str]) -> None:
    """Whatever the titles, each field finds names of its own that any warehouse can bear."""
    taken: set[str] = set()
    for number, title in enumerate(titles, 1):
        endings = MONEY if number % 2 else ("",)
        name = free_name(title, number, endings, taken)
        columns = {(name + ending).casefold() for ending in endings}
        assert not columns & taken
        assert all(len(column.encode()) <= 63 for column in columns)
        assert not name[0].isdigit()
        assert not set(name) & set(string.punctuation + string.whitespace) - {"_"}
        taken |= columns


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("||one||two||", '["one","two"]'),
        ("||one||", '["one"]'),
        ('["one","two"]', '["one","two"]'),
        ("[one", '["[one"]'),
        ("one", '["one"]'),
        ("||||", None),
        ("[VIP]", '["[VIP]"]'),
        ("[VIP]||[1]||", '["[VIP]","[1]"]'),
        ("[1]", '["[1]"]'),
        ("[12345678901234567890]", '["[12345678901234567890]"]'),
        ('["a","b"]', '["a","b"]'),
        ("[]", None),
        ("", None),
        (None, None),
    ],
)
def test_choices_become_an_array_whichever_way_they_came(text: str | None, chosen: str | None) -> None:
    """Contacts and deals write the same in two ways, and each has its own way to write nothing."""
    assert as_list(text) == chosen
