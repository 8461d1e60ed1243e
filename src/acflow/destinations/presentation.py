"""How people should see a column: as a share, an amount of its currency, a count, a key or an instant of their zone.

What a column holds follows from its name and its type, as this account's tables and reports have them; a destination's
`formats` overrules it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import pyarrow as pa

from acflow.entities import ALL
from acflow.entities.currency import exponent
from acflow.entities.model import Label, Type

CURRENCY = "currency"
SHARES = re.compile(r"(^|_)(share|rate|ctor|conversion|percentage)$|_(share|rate)_(of|by)_", re.IGNORECASE)
RATES_OF_MONEY = re.compile(r"exchange|currency|fx|^rate$", re.IGNORECASE)
KEYS = re.compile(r"(^|_)id$|^year$", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z]{3}")


class Shown(StrEnum):
    """What a column is to whoever looks at it; the words are those of a destination's `formats`."""

    PERCENT = "percent"
    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    KEY = "key"
    INSTANT = "instant"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Look:
    """How one column is shown; `currency` is the place of the column that holds the code of an amount's currency."""

    shown: Shown
    currency: int | None = None


def looks(schema: pa.Schema, formats: Mapping[str, str] | None = None) -> Sequence[Look]:
    """Return how each column is shown."""
    names = list(schema.names)
    chosen = formats or {}
    found = []
    for field in schema:
        currency = _currency_of(field.name, names)
        shown = Shown(chosen[field.name]) if field.name in chosen else _shown(field, currency)
        found.append(Look(shown, currency if shown is Shown.MONEY else None))
    return found


def currency_columns(schema_names: Sequence[str]) -> Mapping[str, str]:
    """Return the columns beside which one names a currency, each with that one."""
    names = list(schema_names)
    places = {name: _currency_of(name, names) for name in names}
    return {name: names[place] for name, place in places.items() if place is not None}


def money_format(code: str | None) -> str:
    """Return a spreadsheet's format for amounts of a currency: its digits by ISO 4217, and its code behind them."""
    places = exponent(code)
    digits = "#,##0" + (f".{'0' * places}" if places else "")
    return f'{digits} "{code.upper()}"' if code and CODE.fullmatch(code) else digits


def _shown(field: pa.Field, currency: int | None) -> Shown:
    kind = field.type
    if pa.types.is_timestamp(kind):
        return Shown.INSTANT if kind.tz else Shown.PLAIN
    if pa.types.is_integer(kind):
        return (
            Shown.KEY if field.name in _keys() or KEYS.search(field.name) or field.name.endswith("id") else Shown.COUNT
        )
    if pa.types.is_decimal(kind):
        return Shown.MONEY if currency is not None else Shown.NUMBER
    if pa.types.is_floating(kind):
        share = SHARES.search(field.name) and not RATES_OF_MONEY.search(field.name)
        return Shown.PERCENT if share else Shown.NUMBER
    return Shown.PLAIN


def _currency_of(name: str, names: Sequence[str]) -> int | None:
    """Return the place of the column that names an amount's currency: its own, as custom fields have, or any."""
    for candidate in (f"{name.removesuffix('_amount')}_{CURRENCY}", f"{name}_{CURRENCY}", CURRENCY):
        if candidate in names and candidate != name:
            return names.index(candidate)
    return None


@cache
def _keys() -> frozenset[str]:
    """Return the names of columns that hold keys or codes, which are no quantities."""
    coded = {column.of for entity in ALL for column in entity.columns if isinstance(column, Label)}
    keys = {column.name for entity in ALL for column in entity.columns if column.type in {Type.ID, Type.FOREIGN_KEY}}
    return frozenset(keys | coded)
