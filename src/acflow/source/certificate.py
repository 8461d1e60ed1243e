"""The proof of completeness of one entity in one run. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from acflow.entities.model import Entity, EventSource
from acflow.source.read_stats import Counted


class Verdict(StrEnum):
    """What can be said of one entity after one run."""

    COMPLETE = "complete"  # all that the account promised came, and nothing changed meanwhile
    MOVED = "moved"  # the account changed while it was read; nothing that existed throughout is missing
    PARTIAL = "partial"  # it cannot be shown that everything came
    FORBIDDEN = "forbidden"  # the key may not read it, or the plan lacks it


LANDABLE = frozenset({Verdict.COMPLETE, Verdict.MOVED})
USUAL = 0.5  # the share of rows from which on a column counts as one that is filled
ENOUGH_ROWS = 20  # in fewer, a column may well be empty from one day to the next
SOURCES: Mapping[str, str] = {
    EventSource.REPORTS: "the campaign reports of version 3",
    EventSource.LEGACY: "the reports of version 1",
    EventSource.LISTS: "account-wide lists",
}
NULL = "null"  # the kind of JSON value that says nothing of what a field holds


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen while one entity was read.

    `promised_first` and `promised_last` are the account's own totals in its first and last answer, None if it gave
    none; `budget_share` is the part of the account's request budget that was used while this entity was read, None if
    there is no budget or the reading took less than a second; `kinds` are the fields that came, each with the kinds of
    JSON value in it; `error` says why reading stopped. `since` is the instant after which changes were read, None if
    all rows were; `empty` are columns without which rows say nothing, and which hold nothing in any row.
    """

    promised_first: int | None = None
    promised_last: int | None = None
    received: int = 0
    duplicates: int = 0
    moved: bool = False
    unproved: tuple[str, ...] = ()
    pages: int = 0
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    budget_share: float | None = None
    limited: int = 0
    rejects: int = 0
    kinds: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    forbidden: bool = False
    error: str | None = None
    since: datetime | None = None
    notes: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Per entity and run: what was promised, what came, and whether the table was replaced.

    `new_fields` came for the first time (or, in a first run, are not declared), `vanished_fields` came last time and no
    more, `retyped_fields` hold another kind of JSON value than the kinds told with them, which they held last time.
    `seen_fields` are all fields with their kinds, those included that a reading of changes need not have brought.
    `landed` tells whether the table now holds this reading; if not, `reason` holds the fact and the next step.
    `since` is the instant after which changes were read, None if all was; `gone` counts the rows found to be gone.
    `optional` is set where nobody named the entity and a run is whole without it.
    `counted` is how events compare with the counters of their campaigns.
    """

    entity: str
    verdict: Verdict
    promised_first: int | None
    promised_last: int | None
    received: int
    duplicates: int
    pages: int
    requests: int
    retries: int
    seconds: float
    budget_share: float | None
    limited: int
    rejects: int
    new_fields: tuple[str, ...]
    vanished_fields: tuple[str, ...]
    seen_fields: Mapping[str, tuple[str, ...]]
    retyped_fields: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    landed: bool = False
    reason: str | None = None
    previous_rows: int | None = None
    since: datetime | None = None
    gone: int = 0
    optional: bool = False
    counted: Counted | None = None

    @property
    def lacking(self) -> bool:
        """Whether the account has no such thing for us, and nobody asked for it by name."""
        return self.optional and self.verdict is Verdict.FORBIDDEN

    @property
    def stopped(self) -> bool:
        """Whether an error ended the reading of events early; what came of whole campaigns is kept."""
        return self.counted is not None and self.counted.stopped is not None

    @property
    def may_be_accepted(self) -> bool:
        """Whether the reading is proved and was kept from the table only because that would shrink."""
        return self.verdict in LANDABLE and self.reason is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the certificate as JSON values."""
        since = self.since and self.since.isoformat()
        return {**asdict(self), "verdict": self.verdict.value, "since": since}


def certify(entity: Entity, reading: Reading, seen_before: Mapping[str, Sequence[str]] | None) -> Certificate:
    """Judge a reading. `seen_before` are the fields of the last run that saw this entity, None if there was none."""
    verdict, reason = _judge(entity, reading)
    known = entity.known_keys if seen_before is None else seen_before.keys()
    before = seen_before or {}
    whole = bool(reading.kinds) and reading.since is None and verdict in LANDABLE  # a few rows need not have every key
    return Certificate(
        entity=entity.name,
        verdict=verdict,
        promised_first=reading.promised_first,
        promised_last=reading.promised_last,
        received=reading.received,
        duplicates=reading.duplicates,
        pages=reading.pages,
        requests=reading.requests,
        retries=reading.retries,
        seconds=round(reading.seconds, 3),
        budget_share=reading.budget_share,
        limited=reading.limited,
        rejects=reading.rejects,
        new_fields=tuple(sorted(reading.kinds.keys() - known)),
        vanished_fields=tuple(sorted(before.keys() - reading.kinds.keys())) if whole else (),
        seen_fields=_seen(reading, {} if whole else before),
        retyped_fields=_retyped(reading, before),
        notes=(*reading.notes, *_notes(reading)),
        reason=reason,
        since=reading.since,
        counted=reading.counted,
    )


def _seen(reading: Reading, before: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the fields that came, and those that may be there all the same, with their kinds."""
    return {
        name: tuple(sorted({*before.get(name, ()), *reading.kinds.get(name, ())}))
        for name in sorted(before.keys() | reading.kinds.keys())
    }


def _retyped(reading: Reading, before: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the fields that hold a kind which they did not hold, with what they held; nothing and something agree."""
    held = {name: tuple(kind for kind in kinds if kind != NULL) for name, kinds in before.items()}
    return {name: was for name, was in sorted(held.items()) if was and reading.kinds.get(name, set()) - {NULL, *was}}


def _judge(entity: Entity, reading: Reading) -> tuple[Verdict, str | None]:
    if reading.error and reading.counted is None:
        said = reading.error if reading.error.endswith(".") else f"{reading.error}."
        if reading.forbidden:
            return Verdict.FORBIDDEN, f"{said} The old table stays."
        return Verdict.PARTIAL, f"{said} The old table stays; run again."
    if reading.counted:
        return _judge_events(entity, reading, reading.counted)
    missing = (reading.promised_last or 0) - reading.received
    if reason := _unproved(entity, reading, missing):
        return Verdict.PARTIAL, reason
    if reading.moved or (reading.promised_last is not None and missing < 0):
        return Verdict.MOVED, None
    return Verdict.COMPLETE, None


def _judge_events(entity: Entity, reading: Reading, counted: Counted) -> tuple[Verdict, str | None]:
    """Judge events, which are kept campaign by campaign: those that are not proved stand in the way of no other."""
    if reason := _unproved(entity, reading, 0):
        return Verdict.PARTIAL, reason
    if counted.promised and not counted.came:
        return Verdict.PARTIAL, (
            f"{counted.campaigns:,} campaigns count {counted.promised:,} contacts, and none came by "
            f"{SOURCES[counted.source]}. The old table stays; see that the key's user may see reports of campaigns."
        )
    if counted.unproved or counted.unfinished:
        return Verdict.PARTIAL, None
    return Verdict.MOVED if reading.moved else Verdict.COMPLETE, None


def _unproved(entity: Entity, reading: Reading, missing: int) -> str | None:
    if reading.unproved:
        return f"{'; '.join(reading.unproved)}. The old table stays; run again at a quieter time."
    if reading.empty:
        return (
            f"{reading.received:,} {entity.name} came, and none with a value of {' or '.join(reading.empty)}: they are "
            "written in a way that acflow does not know, or cut short. The old table stays; report this."
        )
    if missing > 0:
        return (
            f"The account says it holds {reading.promised_last:,} {entity.name}, but {missing:,} of them did not come, "
            "read twice. The old table stays; run again."
        )
    return None


def _notes(reading: Reading) -> tuple[str, ...]:
    notes = []
    if reading.limited:
        notes.append(f"{reading.limited:,} rows are limited: the key's user may not see them in full")
    if reading.rejects:
        notes.append(f"{reading.rejects:,} values would not convert; they stand in _rejects")
    if reading.counted:
        return (*notes, *_event_notes(reading.counted))
    if reading.promised_first is None and not reading.error:
        notes.append("the account gave no total to compare with; read until nothing new came")
    return tuple(notes)


def _event_notes(counted: Counted) -> tuple[str, ...]:
    others = f"; {counted.others:,} others have nothing new" if counted.others else ""
    asked = f"asked of {counted.campaigns:,} campaigns by {SOURCES[counted.source]}{others}"
    notes = [f"from {SOURCES[counted.source]}" if counted.source == EventSource.LISTS else asked]
    if counted.short:
        worst = ", ".join(f"campaign {one.campaign} {one.came:,} of {one.promised:,}" for one in counted.worst)
        more = ", …" if counted.short > len(counted.worst) else ""
        notes.append(
            f"{counted.short:,} of {counted.campaigns:,} campaigns count more contacts than came, {counted.came:,} of "
            f"{counted.promised:,} in all: {worst}{more}; deleted contacts, prefetches and robots may be counted and "
            "not listed"
        )
    if counted.unproved:
        notes.append(
            f"{counted.unproved:,} of {counted.campaigns:,} campaigns are not proved: not even half of what they count "
            "came, asked twice, or pages repeated; the next run asks them again"
        )
    if counted.left:
        why = f"the reading stopped ({counted.stopped.rstrip('.')})" if counted.stopped else "its requests were spent"
        notes.append(f"{counted.left:,} campaigns are left for the next run, as {why}")
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows a table has, and how many of them hold something in each column."""

    rows: int
    values: Mapping[str, int]

    def share(self, column: str) -> float:
        """Return the part of the rows that hold something in a column."""
        return self.values.get(column, 0) / self.rows if self.rows else 0.0


def emptied(before: Filled | None, now: Filled, max_shrink: float) -> tuple[str, ...]:
    """Return the columns that most rows held something in, and of which more than `max_shrink` have lost it."""
    if before is None or not now.rows or before.rows < ENOUGH_ROWS:
        return ()
    usual = {column: share for column in before.values if (share := before.share(column)) >= USUAL}
    return tuple(column for column, share in usual.items() if now.share(column) < share * (1 - max_shrink))


def guard(
    certificate: Certificate,
    previous_rows: int | None,
    *,
    max_shrink: float,
    accept_shrink: bool,
    lost: Sequence[str] = (),
) -> Certificate:
    """Decide whether a reading may replace a table that now holds `previous_rows` rows (None: there is no table).

    Only a complete or moved reading may, and only if the table would not shrink by more than `max_shrink` (0 to 1),
    nor its columns: `lost` are those that did.
    """
    certificate = replace(certificate, previous_rows=previous_rows)
    some = certificate.since or (certificate.counted and certificate.counted.unfinished)
    if certificate.verdict not in LANDABLE or accept_shrink or not previous_rows or some:
        return certificate
    if certificate.received < previous_rows * (1 - max_shrink):
        return replace(
            certificate,
            reason=(
                f"The table holds {previous_rows:,} rows and the account now shows {certificate.received:,}; the old "
                f"table stays. If that is right, accept in the next run that {certificate.entity} shrink."
            ),
        )
    if lost:
        return replace(
            certificate,
            reason=(
                f"Most rows held something in {', '.join(lost)}, and now they do not; the old table stays. "
                f"If that is right, accept in the next run that {certificate.entity} shrink."
            ),
        )
    return certificate


def with_gone(certificate: Certificate, gone: int) -> Certificate:
    """Return the certificate with the number of rows that the table lost as the account has them no more."""
    if not gone:
        return certificate
    note = f"{gone:,} rows are gone from the account and moved to {certificate.entity}_deleted"
    return replace(certificate, gone=gone, notes=(note, *certificate.notes))


def may_land(certificate: Certificate) -> bool:
    """Tell whether the reading may replace the table."""
    return (certificate.verdict in LANDABLE or certificate.counted is not None) and certificate.reason is None
