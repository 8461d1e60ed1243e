"""Verdicts, and what may replace what."""

import pytest

from acflow.entities import entity
from acflow.source.certificate import Filled, Reading, Verdict, certify, emptied, guard, may_land

DEALS = entity("deals")
KEYS = {"id": ("string",), "title": ("null", "string")}


def as_sets(fields: dict[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Return fields as a reading tells them."""
    return {name: set(kinds) for name, kinds in fields.items()}


@pytest.mark.parametrize(
    ("reading", "verdict"),
    [
        (Reading(10, 10, 10), Verdict.COMPLETE),
        (Reading(None, None, 10), Verdict.COMPLETE),
        (Reading(0, 0, 0), Verdict.COMPLETE),
        (Reading(10, 9, 9, moved=True), Verdict.MOVED),
        (Reading(10, 10, 11), Verdict.MOVED),
        (Reading(10, 10, 9), Verdict.PARTIAL),
        (Reading(10, 10, 10, unproved=("rows around position 99 kept moving",)), Verdict.PARTIAL),
        (Reading(10, 10, 10, error="The server failed."), Verdict.PARTIAL),
        (Reading(10, 10, 10, empty=("contact",)), Verdict.PARTIAL),
        (Reading(error="No right.", forbidden=True), Verdict.FORBIDDEN),
    ],
)
def test_a_verdict_follows_from_what_was_seen(reading: Reading, verdict: Verdict) -> None:
    """Promise, receipt, movement and errors decide it; one that cannot land says why and what to do."""
    certificate = certify(DEALS, reading, None)
    assert certificate.verdict is verdict
    assert may_land(certificate) == (verdict in {Verdict.COMPLETE, Verdict.MOVED})
    assert may_land(certificate) == (certificate.reason is None)


@pytest.mark.parametrize("error", ["404: /api/3/deals is not there", "The key has no right. Use an admin's key."])
def test_an_error_and_what_follows_from_it_are_sentences(error: str) -> None:
    """Errors end as the account's own words do, with or without a full stop."""
    reason = certify(DEALS, Reading(error=error, forbidden=True), None).reason
    assert reason == f"{error.removesuffix('.')}. The old table stays."


def test_fields_that_come_and_go_are_told() -> None:
    """Against the last run, or in a first run against what is declared."""
    moody = KEYS | {"mood": ("string",)}
    first = certify(DEALS, Reading(1, 1, 1, kinds=as_sets(moody)), None)
    assert (first.new_fields, first.vanished_fields) == (("mood",), ())
    later = certify(DEALS, Reading(1, 1, 1, kinds=as_sets(KEYS)), moody)
    assert (later.new_fields, later.vanished_fields) == ((), ("mood",))


def test_what_broke_off_makes_no_field_vanish() -> None:
    """Rows that did not come may have had it."""
    broken = certify(DEALS, Reading(9, 9, 1, kinds={"id": {"string"}}, error="The server failed."), KEYS)
    assert (broken.vanished_fields, broken.seen_fields) == ((), KEYS)


@pytest.mark.parametrize(
    ("before", "now", "retyped"),
    [
        (("string",), {"number"}, True),
        (("string",), {"number", "string"}, True),
        (("number", "string"), {"number"}, False),
        (("string",), {"null"}, False),
        (("null",), {"string"}, False),
        (("null", "string"), {"object", "null"}, True),
    ],
)
def test_fields_that_hold_another_kind_of_value_are_told(
    before: tuple[str, ...], now: set[str], *, retyped: bool
) -> None:
    """A kind that was not there last time; null is of every kind."""
    certificate = certify(DEALS, Reading(1, 1, 1, kinds={"title": now}), {"title": before})
    said = tuple(kind for kind in before if kind != "null")
    assert certificate.retyped_fields == ({"title": said} if retyped else {})


def test_an_empty_answer_makes_no_field_vanish() -> None:
    """Without rows there are no keys to miss, and what was seen stays known."""
    certificate = certify(DEALS, Reading(0, 0, 0), KEYS)
    assert (certificate.vanished_fields, certificate.seen_fields) == ((), KEYS)


@pytest.mark.parametrize(
    ("previous", "received", "accept", "lands"),
    [
        (None, 0, False, True),
        (0, 0, False, True),
        (100, 50, False, True),
        (100, 49, False, False),
        (100, 0, False, False),
        (100, 0, True, True),
    ],
)
def test_a_table_does_not_shrink_by_more_than_half(
    previous: int | None,
    received: int,
    accept: bool,
    lands: bool,
) -> None:
    """Unless the user says that it is right."""
    certificate = certify(DEALS, Reading(received, received, received), None)
    assert may_land(guard(certificate, previous, max_shrink=0.5, accept_shrink=accept)) is lands


def test_no_word_of_the_user_lands_a_reading_without_proof() -> None:
    """Accepting a smaller table is not accepting a broken one."""
    certificate = certify(DEALS, Reading(100, 100, 99), None)
    assert not may_land(guard(certificate, 100, max_shrink=0.5, accept_shrink=True))


@pytest.mark.parametrize(
    ("rows", "before", "now", "lost"),
    [
        (100, 100, 0, True),
        (100, 100, 49, True),
        (100, 100, 51, False),
        (100, 60, 20, True),
        (100, 40, 0, False),
        (10, 10, 0, False),
    ],
)
def test_a_column_that_most_rows_filled_does_not_empty_unnoticed(
    rows: int, before: int, now: int, *, lost: bool
) -> None:
    """As rows are guarded, by the same share; one that few rows fill, or a small table, may well change."""
    found = emptied(Filled(rows, {"email": before, "phone": 1}), Filled(100, {"email": now}), 0.5)
    assert found == (("email",) if lost else ())
    certificate = guard(certify(DEALS, Reading(9, 9, 9), None), 9, max_shrink=0.5, accept_shrink=False, lost=found)
    assert may_land(certificate) is not lost
    assert may_land(guard(certify(DEALS, Reading(9, 9, 9), None), 9, max_shrink=0.5, accept_shrink=True, lost=found))
