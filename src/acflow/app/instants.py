"""Instants of the record of runs, which is in UTC even where a database forgets that."""

from datetime import UTC, datetime


def in_utc(moment: datetime) -> datetime:
    """Return an instant with its zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def as_text(moment: datetime | None) -> str | None:
    """Return an instant as every front writes it: `2026-11-28T06:00:00Z`."""
    return f"{in_utc(moment).replace(tzinfo=None).isoformat(timespec='seconds')}Z" if moment else None
