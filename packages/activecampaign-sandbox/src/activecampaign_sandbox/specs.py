"""Faults as they are written on the command line or in a file."""

import json
from pathlib import Path
from typing import Any

from activecampaign_sandbox.faults import Fault, chaos
from activecampaign_sandbox.steps import fault_of


def read_faults(specs: list[str]) -> list[Fault]:
    """Return the faults of all specs; each is a JSON file with a list of them, or `KIND:name=value,…`.

    Raises:
        ValueError: one of them says nothing that the sandbox could do.

    """
    faults: list[Fault] = []
    for spec in specs:
        try:
            faults += _of_file(Path(spec)) if Path(spec).is_file() else _of_text(spec)
        except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
            raise ValueError(
                f"--faults {spec}: {error}. MANUAL.md of the sandbox lists what can be scripted."
            ) from None
    return faults


def _of_file(path: Path) -> list[Fault]:
    read = json.loads(path.read_text(encoding="utf-8"))
    return [fault_of(given) for given in (read if isinstance(read, list) else [read])]


def _of_text(spec: str) -> list[Fault]:
    kind, _, rest = spec.partition(":")
    pairs = [part.partition("=") for part in rest.split(",") if part]
    if half := next((name for name, equals, _ in pairs if not equals), None):
        raise ValueError(f"{half!r} is no name=value")
    given = {name.strip(): _value(value) for name, _, value in pairs}
    if kind == "chaos":
        return chaos(**given)
    return [fault_of({"kind": kind, **given})]


def _value(text: str) -> Any:  # noqa: ANN401 - a number, a word or nothing
    try:
        return json.loads(text)
    except ValueError:
        return None if text == "none" else text
