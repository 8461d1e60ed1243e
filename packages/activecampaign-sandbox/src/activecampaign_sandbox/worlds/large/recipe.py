"""What the generated table needs to know of a kind of row, and the templates that rows are poured into."""

import re
from collections.abc import Sequence
from typing import Protocol

from activecampaign_sandbox.endpoints import Endpoint
from activecampaign_sandbox.wire import Row, encode
from activecampaign_sandbox.worlds.large.places import Ids

MARK = re.compile(r'"@(\w+)(\??)@"')
KEY = 918_273_645  # stands for the id while a template is made
NEVER = -1


class Recipe(Protocol):
    """How to make the rows of one endpoint from their index."""

    endpoint: Endpoint
    ids: Ids

    def bodies(self, indexes: Sequence[int]) -> list[bytes]:
        """Return rows as JSON."""

    def moment(self, index: int, name: str) -> int:
        """Return a date of a row in seconds since 1970; `NEVER` if rows like it lack that field."""

    def money(self, index: int) -> tuple[str, int] | None:
        """Return currency and value in minor units, for rows that have them."""

    def facts(self, index: int) -> dict[str, object]:
        """Return what the account knows but does not send."""


def mark(fields: Sequence[str]) -> dict[str, str]:
    """Return what to fill a row with so that `template` finds its fields; a name with ? may be null."""
    return {name.rstrip("?"): f"@{name}@" for name in fields}


def template(row: Row, fields: Sequence[str]) -> tuple[str, str, str]:
    """Cut a row's JSON into three: up to its links, the links, and the rest.

    In the first and the last, `%s` stands for the marked fields, quoted unless they may be null; they must come in the
    order of `fields`. In the links, `#` stands for the id.
    """
    text = encode(row).decode().replace("%", "%%")
    before, links, after = re.split(r'("links":\{.*?\})', text)
    found = [name + bare for name, bare in MARK.findall(before + after)]
    if found != list(fields):
        raise ValueError(f"The template holds {found}, not {fields}")
    before, after = (MARK.sub(lambda found: "%s" if found[2] else '"%s"', part) for part in (before, after))
    return before, links.replace("%%", "%").replace(str(KEY), "#"), after


def spread(index: int, salt: int) -> int:
    """Return a number below 2 to the 32 that depends on the index without showing it."""
    return (index * 2_654_435_761 + salt * 40_503) * 2_246_822_519 >> 7 & 0xFFFF_FFFF
