"""The SQL files, as texts.

A report reads tables, and parts: queries that several reports share. A part may be another one's text over another
table, so that one formula serves the newest readings and those of every day.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple


class Part(NamedTuple):
    """Where the text of a part stands, and which of its tables are others."""

    file: str
    instead: Mapping[str, str] = MappingProxyType({})


VARIANTS: Mapping[str, Part] = {
    "campaign_day_facts": Part("campaign_facts", {"campaign_rows": "campaign_day_rows"}),
    "campaign_message_facts": Part("campaign_facts", {"campaign_rows": "campaign_message_rows"}),
    "contact_tiers_then": Part("contact_tiers", {"tier_contacts": "tier_contacts_then"}),
}


def report(name: str) -> str:
    """Return the text of a report."""
    return _read(f"{name}.sql")


def part(name: str) -> Part | None:
    """Return where a part stands; None if there is none of that name."""
    found = VARIANTS.get(name, Part(name))
    return found if (files("acflow.reports") / "sql" / "parts" / f"{found.file}.sql").is_file() else None


def part_text(name: str) -> str:
    """Return the text of a part's file."""
    return _read(f"parts/{name}.sql")


def comment(text: str) -> str:
    """Return the comment that a text begins with, in one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


@cache
def _read(path: str) -> str:
    return (files("acflow.reports") / "sql" / path).read_text(encoding="utf-8")
