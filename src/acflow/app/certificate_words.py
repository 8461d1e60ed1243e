"""A certificate in plain words, for people who have never heard of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acflow.source.certificate import LANDABLE


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """What became of one entity in one run, in one sentence and a few figures."""

    entity: str
    verdict: str
    landed: bool
    sentence: str
    rows: int
    promised: int | None
    requests: int
    seconds: float
    notes: tuple[str, ...]
    needed: bool = True
    may_be_accepted: bool = False  # proved, and kept from its table only since that would shrink


def in_words(certificate: Mapping[str, Any]) -> CertificateInfo:
    """Return a certificate, as the record of runs keeps it, for people."""
    return CertificateInfo(
        entity=certificate["entity"],
        verdict=certificate["verdict"],
        landed=certificate["landed"],
        sentence=_sentence(certificate),
        rows=certificate["received"],
        promised=certificate["promised_last"],
        requests=certificate["requests"],
        seconds=certificate["seconds"],
        notes=tuple(_notes(certificate)),
        needed=not certificate.get("optional", False),
        may_be_accepted=certificate["verdict"] in LANDABLE and bool(certificate["reason"]),
    )


def _sentence(certificate: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one for each way in which a reading ends
    rows, promised, entity = certificate["received"], certificate["promised_last"], certificate["entity"]
    if certificate["reason"]:
        return str(certificate["reason"])
    if not certificate["landed"]:
        return "Read, but not loaded: the run was cut off before. The old table stays; run again."
    if certificate.get("counted"):
        return _events(rows, entity, certificate["counted"])
    if certificate.get("since"):
        return f"{rows:,} {entity} changed since the last reading; all of them are here."
    if promised is None:
        return f"{rows:,} {entity} came. The account gives no total, so it was read until nothing new came."
    if certificate["verdict"] == "moved":
        return f"All {rows:,} {entity} are here. The account changed while it was read; nothing is missing."
    return f"All {promised:,} {entity} that the account says it has are here."


def _events(rows: int, entity: str, counted: Mapping[str, Any]) -> str:
    of = f"{rows:,} {entity} of {counted['campaigns']:,} campaigns are here"
    if not counted["short"]:
        return f"All {of}: no campaign counts more contacts than came."
    return f"{of}: {counted['came']:,} of the {counted['promised']:,} contacts that the campaigns count."


def _notes(certificate: Mapping[str, Any]) -> Sequence[str]:
    notes = list(certificate["notes"])
    if certificate["duplicates"]:
        notes.append(f"{certificate['duplicates']:,} rows came twice and were kept once")
    if certificate["new_fields"]:
        notes.append(f"new fields, kept as text: {', '.join(certificate['new_fields'])}")
    if certificate["vanished_fields"]:
        notes.append(f"fields that came last time and no more: {', '.join(certificate['vanished_fields'])}")
    return notes
