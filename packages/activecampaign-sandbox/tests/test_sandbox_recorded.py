"""The helpers' rows as they were recorded: key by key, and in the types that went over the wire."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from activecampaign_sandbox import Life, World, make_world

RECORDED: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "golden" / "helper_keys.json").read_text()
)
GONE = {"users": {"cdate", "udate", "password_updated_utc_timestamp"}}  # of 2021; not sent in 2026
OF_SOME_ACCOUNTS = {
    "users": {"mfaEnabled"},
    "dealCustomFieldData": {"fieldCurrency"},
    "dealTasks": {"donedate", "duration"},
}
# What was recorded at another moment of a record's life, and numbers that the documentation shows.
ALSO = {"contactAutomations": {"remdate", "lastdate", "timespan"}, "dealCustomFieldData": {"fieldValue"}}
FREE = frozenset({"digits", "empty string", "instant", "local time", "zero date", "string"})
SPELLINGS = {
    "empty string": r"",
    "zero date": r"0000-00-00.*",
    "digits": r"-?\d+",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
    "local time": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
}


def kind(value: object) -> str:
    """Return what a value looks like on the wire, in the recordings' words."""
    if isinstance(value, str):
        return next((name for name, spelling in SPELLINGS.items() if re.fullmatch(spelling, value)), "string")
    names: dict[type, str] = {type(None): "null", bool: "flag", int: "integer", float: "fraction", list: "array"}
    return names.get(type(value), "object")


@pytest.fixture(scope="module")
def lived() -> World:
    """Return a company some days later, so that rows were written to."""
    world = make_world("small", contacts=150, deals=60)
    Life(world).days(3)
    return world


@pytest.mark.parametrize("entity", RECORDED)
def test_the_keys_are_those_that_were_recorded(lived: World, entity: str) -> None:
    """No more, and no fewer but those that are gone or that only some accounts have."""
    keys = set().union(*lived.rows(entity))
    known = set(RECORDED[entity]) - GONE.get(entity, set())
    assert keys <= known
    assert known - keys <= OF_SOME_ACCOUNTS.get(entity, set())


@pytest.mark.parametrize("entity", RECORDED)
def test_the_values_are_of_the_types_that_were_recorded(lived: World, entity: str) -> None:
    """A text stays a text, even where it is a number; whatever a text may say, others may only be what they were."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for row in lived.rows(entity):
        for name, value in row.items():
            seen[name].add(kind(value))
    odd: dict[str, Any] = {}
    for name, kinds in seen.items():
        recorded = set(RECORDED[entity][name])
        allowed = recorded | FREE if "string" in recorded else recorded
        known = not recorded <= {"null", "empty string"} and name not in ALSO.get(entity, set())
        if known and not kinds <= allowed:
            odd[name] = kinds - allowed
    assert odd == {}
