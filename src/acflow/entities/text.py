"""Text from the account as it can be drawn, printed and sent: anybody who fills in a form may have written it.

What XML cannot hold ends a chart, a PDF or a workbook; what steers the direction of writing turns a whole sentence
round; and a character that people see as one may be several code points, which must not be cut apart.
https://www.w3.org/TR/xml/#charsets and https://unicode.org/reports/tr29/
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

ELLIPSIS = "…"
JOINER = "\u200d"  # makes one picture of two, and means nothing at an end
LONGEST_CLUSTER = 12  # code points; a family with skin tones has eleven, a letter under a tower of accents hundreds
UNSAFE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # embeddings and overrides of the direction of writing
    "\ud800-\udfff\ufdd0-\ufdef"  # halves of pairs, and code points that never become characters
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)


def clean(text: str) -> str:
    """Return the text with a blank for each character that XML, a terminal or a reader cannot take."""
    return text if text.isascii() and text.isprintable() else UNSAFE.sub(" ", text)


def clean_deep(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return lists and mappings with every text in them cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean_deep(key): clean_deep(part) for key, part in value.items()}
    return [clean_deep(part) for part in value] if isinstance(value, list | tuple) else value


def shorten(text: str, most: int) -> str:
    """Return clean text on one line, at most so many letters wide; an ideograph or an emoji is two. `…` is the rest."""
    line = " ".join(clean(text).split())
    if line.isascii():
        return line if len(line) <= most else line[: most - 1].rstrip() + ELLIPSIS
    clusters = [cluster[:LONGEST_CLUSTER].rstrip(JOINER) or " " for cluster in _grapheme().findall(line)]
    ends = list(accumulate(2 if east_asian_width(cluster[0]) in "WF" else 1 for cluster in clusters))
    if not ends or ends[-1] <= most:
        return "".join(clusters)
    room = sum(end < most for end in ends)
    return "".join(clusters[:room]).rstrip() + ELLIPSIS


@cache
def _grapheme() -> Any:  # noqa: ANN401 - a pattern of regex, which has no types
    import regex

    return regex.compile(r"\X")
