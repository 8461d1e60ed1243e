"""JSON as the API writes it: every number with all its digits, and the records' relation URLs left out.

A double holds 15 digits. So whole numbers become Python's, of any length, and all others stay the text that they came
as; nothing here ever makes a float.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

MANY_DIGITS = 1_000  # beyond, Python takes too long to read a number, or refuses to
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINKS, OPENS = b'"links"', re.compile(rb"\s*:\s*\{")
LEFT_OUT = "~ relation URLs ~"  # stands in place of a record's `links`, to be told from links of another kind


class Number:
    """A number that is no whole one, or a very long one, as it was written.

    It is no dataclass, as msgspec would write its fields.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text


_DECODER: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder(float_hook=Number)


def loads(text: bytes | str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value; half of a surrogate pair becomes a replacement character.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.

    """
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _loads_odd(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, error)


def _loads_odd(text: bytes, error: Exception) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read what the fast decoder refuses and is JSON all the same."""
    try:
        said = json.loads(
            text.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "surrogatepass"),
            parse_float=Number,
            parse_int=lambda digits: int(digits) if len(digits) < MANY_DIGITS else Number(digits),
            parse_constant=_refuse,
        )
    except ValueError:
        raise error from None
    return _without_surrogates(said)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _without_surrogates(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def dumps(value: Any) -> str:  # noqa: ANN401 - whatever `loads` returns
    """Return compact JSON text of what was read, each number as it was written."""
    return msgspec.json.encode(value, enc_hook=_raw).decode()


def _raw(value: object) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} is no value of JSON")


def is_json(text: bytes | str) -> bool:
    """Tell whether a text is JSON itself."""
    try:
        loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def loads_lean(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value with a mark in place of the relation URLs of its records, which are half of what it weighs.

    They are cut out of the bytes before these are decoded. Within a JSON text every quote is escaped, so the word
    stands in none; should a URL hold a brace, or the object another one, what is left is no JSON any more. And if one
    of the cuts was not in a record of a list at the top, it was something else. Then the answer is read as it came.
    """
    lean, cuts = _cut_links(body)
    if not cuts:
        return loads(body)
    try:
        said = loads(lean)
    except ValueError:
        return loads(body)
    return said if cuts == _marked(said) else loads(body)


def _cut_links(body: bytes) -> tuple[bytes, int]:
    pieces, start, cuts = [], 0, 0
    while (at := body.find(LINKS, start)) >= 0:
        value = at + len(LINKS)
        opens = OPENS.match(body, value)
        end = body.find(b"}", opens.end()) if opens else -1
        if end < 0:
            pieces.append(body[start:value])
            start = value
            continue
        pieces += (body[start:value], b':"', LEFT_OUT.encode(), b'"')
        start = end + 1
        cuts += 1
    pieces.append(body[start:])
    return b"".join(pieces), cuts


def _marked(said: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    """Count the records at the top whose links were left out."""
    lists = [value for value in said.values() if isinstance(value, list)] if isinstance(said, Mapping) else []
    return sum(
        [row.get("links") for row in rows if isinstance(row, dict)].count(LEFT_OUT) for rows in lists if len(rows)
    )
