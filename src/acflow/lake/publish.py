"""Publish one table of the warehouse: compare its parts with what was published last, write those that changed."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import stamina
from sqlglot import exp

from acflow.engine.sql import table as table_of
from acflow.errors import ConfigError
from acflow.lake.delta import Entry, add_action, copied, entries_of, remove_actions, schema_of, write_file
from acflow.lake.notes import Note, Notes
from acflow.lake.parts import Parts, parts_of, rows_of
from acflow.lake.place import Lake
from acflow.lake.result import PublishedTable
from acflow.lake.schema import ACCOUNT, PART, joint, plain_schema

if TYPE_CHECKING:
    from deltalake import DeltaTable
    from deltalake.transaction import AddAction, RemoveAction

    from acflow.engine import Warehouse

ATTEMPTS = 12  # others commit to the same table meanwhile; each attempt begins with what is there by then
APP = "acflow/"  # before the account, in the log's list of who wrote what last


@dataclass(frozen=True, slots=True)
class Job:
    """Who publishes what to where. `keep` is how long files of older versions stay.

    `over_accounts`: the tables go over several accounts, and have a column of their own that says which.
    """

    lake: Lake
    account: str
    source: "Warehouse"
    notes: Notes
    keep: timedelta
    over_accounts: bool = False

    @property
    def app(self) -> str:
        """How the log calls this account's writer."""
        return f"{APP}{self.account}"


@dataclass(slots=True)
class _Change:
    """What is to be committed in one entry of the log."""

    table: "DeltaTable"
    schema: pa.Schema
    new_columns: Sequence[pa.Field]
    retyped: Sequence[str]
    write: Sequence[int] = ()
    remove: Sequence[Entry] = ()
    others: Sequence[Entry] = ()  # files of other accounts, which take another type along
    added: list[Entry] = field(default_factory=list)

    @property
    def remark(self) -> str | None:
        said = [f"{', '.join(column.name for column in self.new_columns)} added"] if self.new_columns else []
        said += (
            [f"the type of {', '.join(self.retyped)} changed, so all of it was written anew"] if self.retyped else []
        )
        return "; ".join(said) or None


def publish_table(job: Job, name: str) -> PublishedTable:
    """Let a Delta table hold what the warehouse's table holds; readers see the version before until one commit.

    Raises:
        DeltaError: the store or the log refused; what was published before stays.
        ConfigError: the table cannot be published.

    """
    for attempt in _attempts():
        with attempt:
            return _published(job, name)
    raise AssertionError


def empty_table(job: Job, name: str) -> PublishedTable | None:
    """Take the account's rows out of a table that the warehouse has no more; None if there are none."""
    for attempt in _attempts():
        with attempt:
            table = job.lake.open(name)
            mine = _mine(job, table) if table else []
            if table is None or not mine:
                return None
            change = _Change(table, schema_of(table), (), (), remove=mine)
            _commit(job, name, change, Parts(None, {}, 0))
            return PublishedTable(name, table.version(), 0, parts_removed=len(mine))
    raise AssertionError


def purge_files(job: Job, name: str) -> None:
    """Remove every file of older versions, also those that other accounts' writers have replaced."""
    table = job.lake.open(name)
    if table is None:
        return
    if table.vacuum(0, dry_run=True, enforce_retention_duration=False):
        table.vacuum(0, dry_run=False, enforce_retention_duration=False)
    job.lake.sweep(name, job.account, timedelta())


def _attempts() -> Iterator[Any]:
    from deltalake.exceptions import CommitFailedError

    return iter(
        stamina.retry_context(on=CommitFailedError, attempts=ATTEMPTS, wait_initial=0.05, wait_max=2.0, timeout=120.0)
    )


def _published(job: Job, name: str) -> PublishedTable:
    ours = _columns(job, name)
    table = job.lake.open(name) or _created(job, name, ours)
    note, mine = job.notes.get(name), _mine(job, table)
    if note and note.stamp != table.transaction_version(job.app):
        note = None
    parts = parts_of(job.source, name, note.bits if note else None)
    change = _change_of(table, ours, mine)
    known = note.fingerprints if note and note.bits == parts.bits else None
    if known is not None and not change.retyped and _are_all_there(mine, known):
        change.write = [part for part, text in parts.fingerprints.items() if known.get(part) != text]
        touched = {*change.write, *(part for part in known if part not in parts.fingerprints)}
        change.remove = [entry for entry in mine if entry.part in touched]
    else:
        change.write, change.remove = list(parts.fingerprints), mine
    if change.retyped:
        kept = {entry.path for entry in mine}
        change.others = [entry for entry in entries_of(table) if entry.path not in kept]
    written, removed = len(change.write), len({entry.part for entry in change.remove} - set(change.write))
    if written or removed or change.remark:
        _write(job, name, change, parts)
        _commit(job, name, change, parts)
    elif note and not note.swept:
        swept = job.lake.sweep(name, job.account, job.keep)
        job.notes.keep(name, Note(note.stamp, note.bits, note.fingerprints, swept))
    return PublishedTable(name, table.version(), parts.rows, written, removed, change.remark)


def _are_all_there(mine: Sequence[Entry], known: Mapping[int, str]) -> bool:
    """Whether the lake holds the rows that were published; somebody else may have deleted some."""
    rows = {part: int(text.partition("-")[0]) for part, text in known.items()}
    held: dict[int, int] = {}
    for entry in mine:
        held[entry.part] = held.get(entry.part, 0) + entry.rows
    return rows == held


def _columns(job: Job, name: str) -> pa.Schema:
    """Return the columns of the lake's table: the account and the part, then those of the warehouse in plain types."""
    place = table_of(name, job.source.dataset, job.source.dialect)
    with job.source.stream(exp.select("*").from_(place).limit(0).sql(job.source.dialect)) as rows:
        columns = list(plain_schema(rows.schema))
    names = {column.name for column in columns}
    taken = names & ({PART} if job.over_accounts else {PART, ACCOUNT})
    if taken:
        raise ConfigError(
            f"{name} has a column `{taken.pop()}`, which the lake needs for itself. Give it another name."
        )
    front = [] if ACCOUNT in names else [pa.field(ACCOUNT, pa.string())]
    return pa.schema([*front, pa.field(PART, pa.int64()), *columns])


def _created(job: Job, name: str, columns: pa.Schema) -> "DeltaTable":
    """Make an empty table; whoever comes second takes that of the first."""
    from deltalake import DeltaTable

    by = [PART] if columns.names[0] == PART else [ACCOUNT, PART]
    return DeltaTable.create(
        job.lake.address(name), columns, mode="ignore", partition_by=by, storage_options=job.lake.options
    )


def _mine(job: Job, table: "DeltaTable") -> list[Entry]:
    """Return the account's files; a table that is not parted by accounts is of whoever goes over all of them."""
    mine = {job.account, None} if job.over_accounts else {job.account}
    return [entry for entry in entries_of(table) if entry.account in mine]


def _change_of(table: "DeltaTable", ours: pa.Schema, mine: Sequence[Entry]) -> _Change:
    before = plain_schema(schema_of(table))
    schema = joint(before, ours, alone=len(mine) == len(entries_of(table)))
    retyped = [field.name for field in before if schema.field(field.name).type != field.type]
    return _Change(table, schema, list(schema)[len(before) :], retyped)


def _write(job: Job, name: str, change: _Change, parts: Parts) -> None:
    """Write the files, which nobody sees before the commit."""
    files = job.lake.files(name)
    account = job.account if ACCOUNT in change.table.metadata().partition_columns else None
    for part in change.write:
        with job.source.stream(rows_of(job.source, name, parts.bits, part)) as rows:
            change.added += filter(None, [write_file(files, job.account, account, part, rows, change.schema)])
    for entry in change.others:
        change.added += filter(None, [copied(files, job.account, entry, change.schema)])


def _commit(job: Job, name: str, change: _Change, parts: Parts) -> None:
    """Let readers see the change, by one entry of the log, and note what is published."""
    from deltalake import CommitProperties, Transaction

    stamp, table = time.time_ns(), change.table
    adds: list[AddAction | RemoveAction] = [add_action(entry) for entry in change.added]
    properties = CommitProperties(app_transactions=[Transaction(job.app, stamp)])
    by = table.metadata().partition_columns
    try:
        _widen(change)
        if change.retyped:
            table.create_write_transaction(adds, "overwrite", change.schema, by, commit_properties=properties)
        else:
            actions = [*adds, *remove_actions(change.remove)]
            table.create_write_transaction(actions, "append", change.schema, by, commit_properties=properties)
    except BaseException:
        files = job.lake.files(name)
        for entry in change.added:
            with contextlib.suppress(OSError):
                files.delete_file(entry.path)
        raise
    table.update_incremental()
    note = Note(stamp, parts.bits, parts.fingerprints)
    job.notes.keep(name, note)
    if job.lake.sweep(name, job.account, job.keep):
        job.notes.keep(name, Note(note.stamp, note.bits, note.fingerprints, swept=True))


def _widen(change: _Change) -> None:
    """Add columns by an entry of its own, in which no row changes; a change of types brings its columns along."""
    from deltalake import Field, TableFeatures
    from deltalake import Schema as DeltaSchema

    altered = [change.schema.field(name) for name in change.retyped]
    if any(pa.types.is_timestamp(column.type) and not column.type.tz for column in [*change.new_columns, *altered]):
        change.table.alter.add_feature(TableFeatures.TimestampWithoutTimezone, allow_protocol_versions_increase=True)
    if change.new_columns and not change.retyped:
        fields: list[Field] = DeltaSchema.from_arrow(pa.schema(list(change.new_columns))).fields
        change.table.alter.add_columns(fields)
