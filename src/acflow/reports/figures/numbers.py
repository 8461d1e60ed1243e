"""Numbers as people read them, the same in every country: no comma at all, a point before decimals, ISO currencies.

The space inside a number does not break, so that no line ends in the middle of an amount.
"""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from acflow.entities.currency import exponent

SPACE = "\u00a0"
MINUS = "\u2212"
NAMELESS = "without a name"
NOTHING = "\u2013"  # what stands where there is no number
STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
LOCALE = {"decimal": ".", "thousands": SPACE, "grouping": [3], "currency": ["", ""], "percent": f"{SPACE}%"}
"""The same habits for the axes of charts, in the words of d3-format."""


def number(value: float | Decimal, places: int = 0) -> str:
    """Return a number in groups of three digits."""
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, ROUND_HALF_EVEN)
    text = f"{abs(rounded):,.{places}f}".replace(",", SPACE)
    return f"{MINUS}{text}" if rounded < 0 else text


def percent(share: float | Decimal, places: int = 1) -> str:
    """Return a share (0 to 1) in percent."""
    return f"{number(Decimal(str(share)) * 100, places)}{SPACE}%"


def money(amount: float | Decimal, currency: str) -> str:
    """Return an amount in full, with as many decimals as its currency has."""
    return f"{number(amount, exponent(currency))}{SPACE}{currency.upper()}"


def short_money(amount: float | Decimal, currency: str) -> str:
    """Return an amount with three digits that count, as a heading has it."""
    return f"{short(amount)}{SPACE}{currency.upper()}"


def short(value: float | Decimal) -> str:
    """Return a number with three digits that count: 950, 1.24 k, 31.5 M."""
    exact = Decimal(str(value))
    for size, (step, word) in enumerate(STEPS):
        # 999 999 is 1 M and not 1 000 k, so what rounds up belongs to the next step.
        if abs(exact) >= step - (step / 2000 if size < len(STEPS) else 0):
            scaled = exact / step
            places = 2 if abs(scaled) < Decimal("9.995") else 1 if abs(scaled) < Decimal("99.95") else 0
            return f"{number(scaled, places)}{SPACE}{word}"
    return number(exact)


def count(how_many: int, one: str, more: str | None = None) -> str:
    """Return a number and its noun: 1 deal, 2 deals."""
    return f"{number(how_many)}{SPACE}{one if how_many == 1 else more or one + 's'}"


def month(day: date) -> str:
    """Return a month by its English name."""
    return f"{day:%B %Y}"


def minute(at: datetime) -> str:
    """Return an instant to the minute, in UTC as all are."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def signed_percent(share: float | Decimal, places: int = 1) -> str:
    """Return a change as a share, with its sign."""
    text = percent(share, places)
    return text if text.startswith(MINUS) or not text.strip(f"0.{SPACE}%") else f"+{text}"


def quoted(text: str | None, most: int = 40) -> str:
    """Return a name from the account as part of a sentence, cut where it would drown it."""
    name = " ".join((text or "").split()) or NAMELESS
    return f"“{name if len(name) <= most else name[: most - 1].rstrip() + '…'}”"


def of_all(shown: int, there: int, what: str = "campaigns") -> str:
    """Return how many of a number of things are shown."""
    return f"all {number(there)} {what}" if shown == there else f"{number(shown)} of {number(there)} {what}"
