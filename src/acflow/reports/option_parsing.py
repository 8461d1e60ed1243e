"""The options of reports as people write them: `basis=sends zone=Europe/Berlin rates=usd:0.9 into=eur`."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from acflow.errors import ConfigError
from acflow.reports.options import Basis, Options


def options_of(text: str, **given: object) -> Options:
    """Return the options that a text names, the others by default; what is given and not None goes before the text.

    Raises:
        ConfigError: there is no such option, or it takes no such value.

    """
    wished: dict[str, Any] = {}
    for each in text.split():
        name, _, value = each.partition("=")
        if name not in READERS:
            near = difflib.get_close_matches(name, READERS, n=1, cutoff=0.4)
            guess = f" Did you mean {near[0]}?" if near else ""
            raise ConfigError(f"Reports have no option {name!r}.{guess} Options: {', '.join(READERS)}.")
        wished[name] = READERS[name](name, value)
    return replace(Options(), **wished | {name: value for name, value in given.items() if value is not None})


def options_from(values: Mapping[str, object], text: str = "") -> Options:
    """Return the options of a text, and before them those of a mapping as YAML has it: `{days: 90, rates: {usd: 0.9}}`.

    Raises:
        ConfigError: there is no such option, or it takes no such value.

    """
    words = [f"{name}={_written(value)}" for name, value in values.items()]
    return options_of(" ".join([text, *words]))


def _written(value: object) -> str:
    """Return a value as it is written in one word."""
    if isinstance(value, Mapping):
        return ",".join(f"{code}:{number}" for code, number in value.items())
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def basis(name: str, text: str) -> Basis:
    """Return what e-mail rates are shares of."""
    try:
        return Basis(text.lower())
    except ValueError:
        raise ConfigError(f"{name} takes {', '.join(Basis)}; not {text!r}.") from None


def tiers(name: str, text: str) -> tuple[int, int, int]:
    """Return the days of inactivity that separate the tiers."""
    try:
        recent, engaged, disengaged = (int(part) for part in text.split(","))
    except ValueError:
        raise ConfigError(f"{name} takes three numbers of days, as in 7,28,58; not {text!r}.") from None
    return recent, engaged, disengaged


def amount(name: str, text: str, between: str = "=") -> tuple[str, Decimal]:
    """Return a currency and the number that goes with it."""
    code, _, number = text.partition(between)
    try:
        return code.strip().lower(), Decimal(number)
    except InvalidOperation:
        raise ConfigError(f"{name} takes a currency and a number, as in usd{between}0.9; not {text!r}.") from None


def _amounts(name: str, text: str) -> dict[str, Decimal]:
    return dict(amount(name, each, ":") for each in text.split(",") if each)


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"{name} takes a whole number, not {text!r}.") from None


def _plain(_: str, text: str) -> str:
    return text


READERS: Mapping[str, Callable[[str, str], object]] = {
    "basis": basis,
    "zone": _plain,
    "days": _whole,
    "recent_days": _whole,
    "minimum_sends": _whole,
    "tiers": tiers,
    "rates": _amounts,
    "into": _plain,
    "targets": _amounts,
}
