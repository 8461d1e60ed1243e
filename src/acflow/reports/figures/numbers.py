"""Numbers as the reader's own country writes them; Babel knows how.

The locale holds for the block that `in_locale` opens and for nobody else. Sentences stay English, days are ISO 8601.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from acflow.entities.currency import exponent
from acflow.entities.text import shorten

if TYPE_CHECKING:
    from babel import Locale

SPACE = "\u00a0"  # does not break, so that no line ends in the middle of an amount
NAMELESS = "without a name"
NOTHING = "\u2013"  # what stands where there is no number
DEFAULT = "en_US"
DIGITS = 3  # that count in a shortened number
TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)")  # between a currency's letters and its amount
FRACTION = re.compile(r"0(?:\.[0#]+)?(?![0#.,])")  # the end of each number in a pattern of CLDR, such as #,##0.###
CENTS_MATTER = 100  # below this amount a heading writes cents, if there are any
CUT_CODE = 12  # characters of what stands where a currency's code should
_chosen: ContextVar[str] = ContextVar("locale", default=DEFAULT)


@contextmanager
def in_locale(name: str) -> Iterator[None]:
    """Write numbers as this locale does, such as de_DE, until the block ends.

    Raises:
        ValueError: there is no such locale.

    """
    token = _chosen.set(str(_parsed(name)))
    try:
        yield
    finally:
        _chosen.reset(token)


def chosen_locale() -> str:
    """Return the name of the locale that holds now."""
    return _chosen.get()


def number(value: float | Decimal, places: int = 0) -> str:
    """Return a number in groups of digits."""
    from babel.numbers import format_decimal

    locale = _locale()
    return str(format_decimal(_rounded(value, places), _pattern(locale.decimal_formats[None], places), locale))


def percent(share: float | Decimal, places: int = 1) -> str:
    """Return a share (0 to 1) in percent."""
    from babel.numbers import format_percent

    locale = _locale()
    exact = _rounded(Decimal(str(share)) * 100, places).scaleb(-2)
    return str(format_percent(exact, _pattern(locale.percent_formats[None], places), locale))


def money(amount: float | Decimal, currency: str) -> str:
    """Return an amount in full, with as many decimals as its currency has by ISO 4217."""
    return _money(amount, currency, exponent(currency))


def short_money(amount: float | Decimal, currency: str) -> str:
    """Return an amount with three digits that count, as a heading has it: $37.9k."""
    exact = Decimal(str(amount))
    if not _code(currency):
        return short(exact)
    if abs(exact) < _first_step():
        return _money(exact, currency, exponent(currency) if abs(exact) < CENTS_MATTER and exact % 1 else 0)
    from babel.numbers import format_compact_currency

    text = format_compact_currency(_three_digits(exact), _code(currency), locale=_locale(), fraction_digits=DIGITS - 1)
    return _english(TOUCHING.sub(SPACE, text))


def short(value: float | Decimal) -> str:
    """Return a number with three digits that count: 950, 1.24M, 31.5k."""
    exact = Decimal(str(value))
    if abs(exact) < _first_step():
        return number(exact)
    from babel.numbers import format_compact_decimal

    text = format_compact_decimal(_three_digits(exact), locale=_locale(), fraction_digits=DIGITS - 1)
    return _english(text)


def count(how_many: int, singular: str, plural: str | None = None) -> str:
    """Return a number and its noun: 1 deal, 2 deals."""
    return f"{number(how_many)}{SPACE}{singular if how_many == 1 else plural or singular + 's'}"


def signed(value: float | Decimal) -> str:
    """Return a change as a whole number with its sign."""
    text = number(value)
    return f"+{text}" if _rounded(value, 0) > 0 else text


def signed_percent(share: float | Decimal, places: int = 1) -> str:
    """Return a change as a share, with its sign."""
    text = percent(share, places)
    return f"+{text}" if _rounded(Decimal(str(share)) * 100, places) > 0 else text


def month(day: date) -> str:
    """Return a month by its English name."""
    return f"{day:%B %Y}"


def minute(at: datetime) -> str:
    """Return an instant to the minute, in UTC as all are."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def quoted(text: str | None, most: int = 40) -> str:
    """Return a name from the account as part of a sentence, cut where it would drown it."""
    return f"“{shorten(text or '', most) or NAMELESS}”"


def currency_name(code: str | None) -> str:
    """Return a currency's code as words have it."""
    return _code(code or "") or "no currency"


def of_all(shown: int, there: int, what: str = "campaigns") -> str:
    """Return how many of a number of things are shown."""
    return f"all {number(there)} {what}" if shown == there else f"{number(shown)} of {number(there)} {what}"


def axis_locale(name: str) -> Mapping[str, Any]:
    """Return the locale's habits in the words of d3-format, for the axes of charts."""
    locale = _parsed(name)
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    percents = locale.percent_formats[None]
    secondary = percents.grouping[1]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3] if secondary == 3 else [3, *[secondary] * 5],  # noqa: PLR2004 - digits of most countries' groups
        "currency": ["", ""],
        "percent": percents.suffix[0],
    }


def axis_amounts() -> str:
    """Return Vega's expression for the label of an axis of amounts, shortened as `short` does it."""
    label = "format(datum.value, ',~r')"
    for least, divisor, word in _steps(_chosen.get()):
        shown = f"format(datum.value / {divisor}, ',~r') + '{_english('0' + word)[1:]}'"
        label = f"abs(datum.value) >= {least} ? {shown} : {label}"
    return label


def _locale() -> "Locale":
    return _parsed(_chosen.get())


@cache
def _parsed(name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError(f"There is no locale {name!r}. Name one such as en_US or de_DE.") from None


def _rounded(value: float | Decimal, places: int) -> Decimal:
    """Return the value with so many places; what rounds to nothing loses its sign."""
    exact = Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, Context(prec=60)) + 0


def _three_digits(exact: Decimal) -> Decimal:
    return Context(prec=DIGITS, rounding=ROUND_HALF_EVEN).plus(exact).quantize(Decimal(1), context=Context(prec=60))


def _pattern(pattern: Any, places: int) -> str:  # noqa: ANN401 - a pattern of Babel
    return FRACTION.sub(f"0.{'0' * places}" if places else "0", pattern.pattern)


def _money(amount: float | Decimal, currency: str, places: int) -> str:
    from babel.numbers import format_currency

    code, locale, exact = _code(currency), _locale(), _rounded(amount, places)
    if not code:
        return number(exact, places)
    pattern = _pattern(locale.currency_formats["standard"], places)
    return TOUCHING.sub(SPACE, format_currency(exact, code, pattern, locale, currency_digits=False))


def _code(currency: str) -> str:
    return shorten(currency, CUT_CODE).upper()


def _english(text: str) -> str:
    """Write a thousand as people of finance do; CLDR has a capital K."""
    return re.sub(r"(?<=\d)K", "k", text) if _locale().language == "en" else text


def _first_step() -> int:
    return _steps(_chosen.get())[0][0]


@cache
def _steps(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return from which number on a locale shortens by which divisor and word; Germany does not shorten thousands."""
    steps: dict[int, tuple[int, int, str]] = {}
    for magnitude, pattern in sorted(_parsed(name).compact_decimal_formats["short"]["other"].items(), key=_magnitude):
        if pattern.pattern != "0":
            divisor = int(magnitude) // 10 ** (pattern.pattern.count("0") - 1)
            steps.setdefault(divisor, (int(magnitude), divisor, pattern.suffix[0].replace("'", "")))
    return tuple(steps.values())


def _magnitude(item: tuple[str, object]) -> int:
    return int(item[0])
