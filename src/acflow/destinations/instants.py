"""Instants in the zone of those who look at them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

UTC = "UTC"


def zone_trouble(zone: str) -> str | None:
    """Say what is wrong with a zone; None if nothing is."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"There is no time zone {zone!r}. Name one such as Europe/Berlin."
    return None


def in_zone(column: pa.Array, zone: str) -> pa.Array:
    """Return instants as the clocks of a zone show them, without a zone; anything else as it is."""
    if not (pa.types.is_timestamp(column.type) and column.type.tz):
        return column
    if zone == UTC:
        return column.cast(pa.timestamp(column.type.unit))
    return pc.local_timestamp(column.cast(pa.timestamp(column.type.unit, zone)))
