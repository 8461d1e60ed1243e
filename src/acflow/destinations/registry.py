"""Every kind of destination, and the way from the words of a flow file to one of them."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, get_args

from acflow.destinations import csvfile, duckdbfile, excel, jsonlines, parquet, postgres, sheets, sqlite
from acflow.destinations.model import Destination, Target, Treatment
from acflow.destinations.suggest import meant
from acflow.errors import ConfigError

DESTINATIONS: tuple[Destination, ...] = (
    csvfile.DESTINATION,
    excel.DESTINATION,
    parquet.DESTINATION,
    jsonlines.DESTINATION,
    duckdbfile.DESTINATION,
    sqlite.DESTINATION,
    postgres.DESTINATION,
    sheets.DESTINATION,
)
FORMATS = tuple(kind.name for kind in DESTINATIONS if kind.endings)
WORDS = (
    *("to", "mode", "key", "format", "sheet", "table", "header", "bom", "delimiter", "decimal", "date_format", "zone"),
    *("formats", "credentials", "privacy"),
)
EVERYWHERE = ("to", "mode", "format", "privacy")  # what no kind of destination refuses


def destination(name: str) -> Destination:
    """Return a kind by its name."""
    return next(kind for kind in DESTINATIONS if kind.name == name)


def parse_target(spec: Mapping[str, Any], *, name: str | None = None, folder: Path | None = None) -> Target:
    """Return a destination from what the flow file says of it; `name` is the flow's, `folder` where paths begin.

    Raises:
        ConfigError: it is no destination, or nothing could be written there.

    """
    given = {word: value for word, value in spec.items() if value is not None}
    for word in given:
        if word not in WORDS:
            raise ConfigError(f"{word} says nothing about a destination. {meant(word, WORDS)}")
    address = str(given.pop("to", ""))
    kind = _kind(address, given.pop("format", None))
    key = given.pop("key", ())
    target = Target(
        kind=kind.name,
        to=address,
        folder=folder or Path.cwd(),
        key=(key,) if isinstance(key, str) else tuple(key),
        **given,
    )
    _check_words(kind, target)
    _check_privacy(target)
    kind.check(target, name)
    return target


def _kind(address: str, file_format: str | None) -> Destination:
    if "\0" in address or "%00" in address:
        raise ConfigError("The address of a destination holds a NUL character, which no name can. Take it out.")
    if not address:
        raise ConfigError("A destination needs an address. Write to: out/deals.csv.")
    if file_format not in {None, *FORMATS}:
        raise ConfigError(f"{file_format} is no format of a file. {meant(str(file_format), FORMATS)}")
    if kind := destination_of(address, file_format):
        return kind
    raise ConfigError(f"{Target(kind='', to=address).shown} is no destination that acflow knows. {guess(address)}")


def destination_of(address: str, file_format: str | None = None) -> Destination | None:
    """Return the kind that an address means, None if it tells none; a format goes before the ending of a file."""
    for kind in DESTINATIONS:
        if address.lower().startswith(kind.prefixes):
            return kind
    if file_format is not None:
        return destination(file_format)
    ending = ending_of(address)
    return next((kind for kind in DESTINATIONS if ending in kind.endings), None)


def ending_of(address: str) -> str:
    """`.csv.gz` of `out/deals.csv.gz`."""
    path = PurePosixPath(address.partition("?")[0].replace("\\", "/").lower())
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def guess(address: str) -> str:
    """Say what an address of no kind was probably meant to be."""
    ending, scheme = ending_of(address), address.partition("://")[0].lower()
    if ending:
        return meant(ending, (ending for kind in DESTINATIONS for ending in kind.endings))
    schemes = [kind.example.partition("://")[0] for kind in DESTINATIONS if kind.prefixes]
    if scheme != address.lower():
        return meant(scheme, schemes)
    return f"Use a file, such as {DESTINATIONS[0].example}, or the URL of a database or a Google sheet."


def _check_words(kind: Destination, target: Target) -> None:
    """Refuse a word that means nothing to this kind, rather than pass over it."""
    if target.mode not in kind.modes:
        choice = ", ".join(kind.modes)
        raise ConfigError(f"{kind.title} cannot {target.mode}: {target.shown}. Modes of this destination: {choice}.")
    usual = Target(kind="", to="")
    for word in (word for word in WORDS if hasattr(usual, word) and word not in EVERYWHERE):
        if word not in kind.options and getattr(target, word) != getattr(usual, word):
            raise ConfigError(f"{word} means nothing to {kind.title}: {target.shown}. Leave it out.")


def _check_privacy(target: Target) -> None:
    """Refuse a treatment that there is not, and to drop what rows are told apart by."""
    for column, treatment in target.privacy.items():
        if treatment not in get_args(Treatment):
            raise ConfigError(f"privacy: {column}: {treatment} is none. {meant(treatment, get_args(Treatment))}")
        if treatment == "drop" and column in target.key:
            raise ConfigError(f"{target.shown}: {column} is the key and cannot be dropped. Hash it instead.")
