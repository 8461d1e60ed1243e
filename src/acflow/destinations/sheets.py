"""Google Sheets through a service account.

The rows go into a hidden sheet first; one last request, which Google carries out as a whole or not at all, puts them
where they are looked at, so formulas and charts that refer to that sheet keep their hold.
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
"""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from acflow.destinations.buffered import Limits, spooled
from acflow.destinations.model import Delivered, Delivery, Destination, Source, Target
from acflow.destinations.spreadsheet import Grid, Spreadsheet
from acflow.engine.materialize import SYNCED_AT
from acflow.errors import ConfigError, DeliveryError

LIMITS = Limits("Google Sheets", rows=10_000_000, columns=18_278, characters=50_000)
CELLS = 10_000_000  # of a whole spreadsheet
LONGEST_TITLE = 100
ID = re.compile(r"(?:gsheets://|/spreadsheets/d/)([A-Za-z0-9_-]+)")
KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
GOOGLE = "https://sheets.googleapis.com"


def check(target: Target, name: str | None = None) -> None:
    """Refuse what needs a package or a key that is not here, and an address without a spreadsheet."""
    if find_spec("gspread") is None:
        raise ConfigError("Google Sheets needs the package gspread. Install acflow[sheets], then run again.")
    if not ID.search(target.to):
        raise ConfigError(f"{target.shown} names no spreadsheet. Copy the address from the browser.")
    if len(target.sheet or name or "") > LONGEST_TITLE:
        raise ConfigError(f"The name of a sheet has at most {LONGEST_TITLE} characters: {target.sheet or name}.")
    key = key_file(target)
    if not key.is_file():
        raise ConfigError(f"{key} is no key file. Download the service account's key as JSON, and name it there.")


def key_file(target: Target) -> Path:
    """Return the key file of the service account."""
    named = target.credentials or os.environ.get(KEY_FILE)
    if not named:
        raise ConfigError(f"Google Sheets needs a service account. Write credentials: key.json, or set {KEY_FILE}.")
    return target.folder / Path(named).expanduser()


def write(parcels: Sequence[Delivery], *, api: str = GOOGLE, first_wait: float = 2.0) -> list[Delivered]:
    """Write one flow into one sheet."""
    (parcel,) = parcels
    source, target = parcel.source, parcel.target
    if target.mode == "append":
        source = stamped(source)
    with spooled([replace(parcel, source=source)], LIMITS) as (copy,):
        _write_sheet(Spreadsheet.open(_id(target), key_file(target), api, first_wait), copy)
    return [Delivered(source.name, target.kind, target.shown, source.rows)]


def attempt(target: Target, name: str, patience: float, *, api: str = GOOGLE) -> None:  # noqa: ARG001 - any sheet
    """Log in and ask which sheets there are, once."""
    spreadsheet = Spreadsheet.open(_id(target), key_file(target), api, patience, attempts=1)
    spreadsheet.client.set_timeout(patience)
    spreadsheet.grids()


def _id(target: Target) -> str:
    found = ID.search(target.to)
    assert found  # noqa: S101 - the check refuses it
    return found[1]


def stamped(source: Source) -> Source:
    """Return the source with the time of this delivery in a last column."""
    if SYNCED_AT in source.schema.names:
        raise ConfigError(f"{source.name} has a column {SYNCED_AT}, which append adds itself. Rename it.")
    field = pa.field(SYNCED_AT, pa.timestamp("us", "UTC"))
    now = pa.scalar(datetime.now(UTC), field.type)
    batches = (batch.append_column(field, pa.repeat(now, batch.num_rows)) for batch in source.batches)
    return replace(source, schema=source.schema.append(field), batches=batches)


def _write_sheet(spreadsheet: Spreadsheet, parcel: Delivery) -> None:
    source, target = parcel.source, parcel.target
    title = target.sheet or source.name
    grids = spreadsheet.grids()
    for left in [grid for grid in grids if grid.title == Spreadsheet.stage_title(title)]:
        spreadsheet.remove(left)  # by a run that was killed
        grids.remove(left)
    old = next((grid for grid in grids if grid.title.lower() == title.lower()), None)
    adding = old is not None and target.mode == "append" and spreadsheet.has_header(old, source.schema.names)
    _check_room(source, target, grids, None if adding else old)
    stage = spreadsheet.stage(title, source, header=target.header and not adding)
    try:
        if old is None:
            spreadsheet.show(stage, source, title, header=target.header)
        elif adding:
            spreadsheet.put_below(stage, source, old)
        else:
            spreadsheet.put_instead(stage, source, old, header=target.header)
    except BaseException:
        spreadsheet.remove_if_there(stage)
        raise


def _check_room(source: Source, target: Target, grids: Sequence[Grid], old: Grid | None) -> None:
    """Refuse what would not fit beside its own copy, before anything is sent."""
    coming = (source.rows + target.header) * len(source.schema)
    there = sum(grid.rows * grid.columns for grid in grids)
    growing = max(coming - (old.rows * old.columns if old else 0), 0)
    if there + coming + growing > CELLS:
        raise DeliveryError(
            f"{source.name} has {coming:,} cells, which are needed twice for a moment, and {target.shown} already "
            f"holds {there:,} of the {CELLS:,} that Google allows. Nothing was written. "
            "Narrow the flow, or deliver it to a spreadsheet of its own or to a file."
        )


DESTINATION = Destination(
    name="sheets",
    sheets=True,
    title="Google Sheets",
    example="https://docs.google.com/spreadsheets/d/ID",
    write=write,
    check=check,
    prefixes=("gsheets://", "https://docs.google.com/spreadsheets/"),
    modes=("replace", "append"),
    attempt=attempt,
    options=frozenset({"sheet", "header", "credentials"}),
)
