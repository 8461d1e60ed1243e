"""After the long tables have landed: name the fields, make the wide tables, and join them to their entities."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from acflow.custom.model import OWNERS, CustomField, Owner
from acflow.custom.objects import RECORDS, ObjectKind, object_kinds, records_of
from acflow.custom.registry import known_fields, registry_sql, seen
from acflow.engine.sql import table
from acflow.load.job import Part, load_job_of, rejects_of
from acflow.load.loader import Loader
from acflow.load.staging_files import StagingFiles
from acflow.load.state import Bookmark
from acflow.source.decode import ColumnBuffer

if TYPE_CHECKING:
    from sqlglot import exp

    from acflow.engine import Warehouse

# Columns of custom fields. PostgreSQL and Redshift allow 1,600 in a table; but a row of PostgreSQL must fit a page of
# 8,160 bytes, of which each text that is moved out of it takes 18. https://www.postgresql.org/docs/current/limits.html
MOST_COLUMNS = {"postgres": 400, "redshift": 1500}
MOST_CHANGED = 20_000  # records; with more, to make the whole table anew is as quick


@dataclass(frozen=True, slots=True)
class Widened:
    """What became of an entity's custom fields: how many there are, the records that have any, and the rejects.

    Fields `without` a column are more than a table of the warehouse can hold. `table` is that of a custom object.
    """

    entity: str
    fields: int
    records: int
    rejects: int
    without: int = 0
    table: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        said = (
            f"{self.fields} columns of {self.table}: {self.records:,} records"
            if self.table
            else f"{self.fields} custom fields of {self.entity}: {self.records:,} records in {self.entity}_custom"
        )
        if self.rejects:
            said += f", {self.rejects:,} values would not convert and stand in _rejects"
        if self.without:
            said += f"; {self.without:,} fields are more than a table of this warehouse can hold, and have no column"
        return f"{said}."


def widen(  # noqa: PLR0913 - where to read, where to write, and what has come
    reading: "Warehouse",
    loader: Loader,
    folder: Path,
    *,
    run: str,
    landed: Collection[str],
    now: datetime,
    changed: Mapping[str, Sequence[int]] | None = None,
) -> list[Widened]:
    """Bring the registry, the wide tables and the views up to what has landed; return what was made anew.

    `reading` is the warehouse with room to sort, `folder` where files may lie until they are loaded, `landed` the
    tables that this run has replaced or filled, `now` the instant of the run. `changed` names, by table of values, the
    records to which all that came belongs; where it names none, all of the table may be new.

    Raises:
        WarehouseError: the database refused; the old tables are whole.

    """
    made = []
    for owner in OWNERS:
        if not {owner.entity, owner.fields, owner.values} & set(landed):
            continue
        fields = _named(loader.warehouse, owner, now) if owner.fields in landed else known_fields(reading, owner.entity)
        if not fields or not reading.columns(owner.values):
            continue
        known, fields = len(fields), _fitting(fields, reading.dialect)
        only = (changed or {}).get(owner.values)
        if only is not None and (len(only) > MOST_CHANGED or not _fits(reading, owner, fields)):
            only = None
        if {owner.fields, owner.values} & set(landed) and only != []:
            done = _widened(reading, loader, folder, owner, fields, run, now, only)
            made.append(replace(done, without=known - len(fields)))
        renew_view(loader.warehouse, owner)
    if RECORDS in landed:
        made += [_object_table(reading, loader, folder, kind, run, now) for kind in object_kinds(reading)]
    return made


def _object_table(  # noqa: PLR0913, PLR0917 - it is the meeting point
    reading: "Warehouse", loader: Loader, folder: Path, kind: ObjectKind, run: str, now: datetime
) -> Widened:
    """Make the table of a kind of custom object anew."""
    with StagingFiles(folder / kind.entity.name, run) as folder_of_run, loader.locked():
        spool = folder_of_run.of(kind.entity)
        for rows in records_of(reading, kind):
            collected = ColumnBuffer(kind.entity)
            collected.add(rows)
            spool.take(collected)
        spool.close()
        rejects = rejects_of([spool])
        job = load_job_of(
            spool,
            at=now,
            whole=True,
            present=frozenset(spool.schema.names),
            part=None,
            keeps_deleted=False,
            bookmark=Bookmark(kind.entity.name, loader.account, now, now, now),
        )
        loader.land([job, rejects] if rejects else [job])
        fields = len(kind.columns) + len(kind.ties)
        return Widened(kind.entity.name, fields, spool.rows, spool.rejects.rows, table=kind.entity.name)


def _named(warehouse: "Warehouse", owner: Owner, now: datetime) -> tuple[CustomField, ...]:
    """Take note of the fields that there are now."""
    from sqlglot import exp

    before = known_fields(warehouse)
    mine = [field for field in before if field.entity == owner.entity]
    names = ["id", owner.title, owner.type, owner.tag, owner.default_currency, owner.known_id]
    query = exp.select(*(exp.column(name, quoted=True) for name in names if name))
    found = warehouse.query(query.from_(_table(warehouse, owner.fields)).sql(warehouse.dialect)).to_pylist()
    fields = seen(owner, found, mine, warehouse.columns(owner.entity), now)
    everything = [*(field for field in before if field.entity != owner.entity), *fields]
    kinds = {field.field_id: field.kind for field in fields}
    dropped: list[str] = []
    if any(kinds[old.field_id] is not old.kind for old in mine):  # with the registry, or the table would never fit it
        dropped = [_dropped(warehouse, owner.wide, "VIEW"), _dropped(warehouse, owner.custom, "TABLE")]
    warehouse.execute([*registry_sql(everything, warehouse.dataset, warehouse.dialect), *dropped])
    return fields


def _fitting(fields: tuple[CustomField, ...], dialect: str) -> tuple[CustomField, ...]:
    """Return the fields for which a table has room: those that the account still has go first, older ones before."""
    room = MOST_COLUMNS.get(dialect)
    if room is None:
        return fields
    chosen: list[CustomField] = []
    for custom_field in sorted(fields, key=lambda each: (not each.present, each.field_id)):
        room -= len(custom_field.columns)
        if room < 0:
            break
        chosen.append(custom_field)
    return tuple(sorted(chosen, key=lambda each: each.field_id))


def _fits(warehouse: "Warehouse", owner: Owner, fields: Sequence[CustomField]) -> bool:
    """Whether the wide table has a column for everything that the fields may bring."""
    return {name for field in fields for name in field.columns} <= warehouse.columns(owner.custom).keys()


def _widened(  # noqa: PLR0913, PLR0917 - it is the meeting point
    reading: "Warehouse",
    loader: Loader,
    folder: Path,
    owner: Owner,
    fields: Sequence[CustomField],
    run: str,
    now: datetime,
    only: Sequence[int] | None,
) -> Widened:
    """Make the wide table anew from the long one, or of `only` some records."""
    from acflow.custom.pivot import turned, whole_records, wide_entity

    entity = wide_entity(owner, fields)
    with StagingFiles(folder / owner.custom, run) as folder_of_run, loader.locked():
        spool = folder_of_run.of(entity)
        with reading.stream(_long(reading, owner, only).sql(reading.dialect)) as batches:
            for part in whole_records(batches):
                spool.take(turned(entity, fields, part))
        spool.close()
        rejects = rejects_of([spool])
        part = None if only is None else Part(entity.key, tuple(only))
        up_to_date = Bookmark(owner.custom, loader.account, now, now, now)
        job = load_job_of(
            spool,
            at=now,
            whole=only is None,
            present=frozenset(spool.schema.names),
            part=part,
            keeps_deleted=False,
            bookmark=up_to_date,
        )
        loader.land([job, rejects] if rejects else [job])
        return Widened(owner.entity, sum(field.present for field in fields), spool.rows, spool.rejects.rows)


def _long(warehouse: "Warehouse", owner: Owner, only: Sequence[int] | None) -> "exp.Select":
    """Return the values by record, all or of `only` some, the newest of each record and field first."""
    from sqlglot import exp

    record, key = exp.column(owner.record, quoted=True), exp.column("id", quoted=True)
    currency: exp.Expression = exp.column(owner.currency, quoted=True) if owner.currency else exp.Literal.string("")
    query = exp.select(
        record.as_("record"),
        exp.column(owner.field, quoted=True).as_("field"),
        exp.column(owner.value, quoted=True).as_("value"),
        exp.cast(currency, "VARCHAR").as_("currency"),
    )
    there = exp.and_(record.is_(exp.null()).not_(), exp.column(owner.field, quoted=True).is_(exp.null()).not_())
    if only is not None:
        there = exp.and_(there, record.isin(*only))
    return query.from_(_table(warehouse, owner.values)).where(there).order_by(record.copy(), key.desc())


def renew_view(warehouse: "Warehouse", owner: Owner) -> None:
    """Make the view of the entity with its custom columns; its columns are those of this moment."""
    from sqlglot import exp

    own = [name for name in warehouse.columns(owner.entity) if not name.startswith("_dlt")]
    custom = [name for name in warehouse.columns(owner.custom) if name != "id" and not name.startswith("_dlt")]
    if not own:
        return
    columns = [
        exp.column(name, table=alias, quoted=True) for alias, names in (("e", own), ("c", custom)) for name in names
    ]
    joined = exp.column("id", table="e", quoted=True).eq(exp.column("id", table="c", quoted=True))
    query = exp.select(*columns).from_(_table(warehouse, owner.entity).as_("e", quoted=True))
    query = query.join(_table(warehouse, owner.custom).as_("c", quoted=True), on=joined, join_type="left")
    view = exp.Create(this=_table(warehouse, owner.wide), kind="VIEW", expression=query)
    warehouse.execute([_dropped(warehouse, owner.wide, "VIEW"), view.sql(warehouse.dialect)])


def _dropped(warehouse: "Warehouse", name: str, kind: str) -> str:
    from sqlglot import exp

    return exp.Drop(this=_table(warehouse, name), kind=kind, exists=True).sql(warehouse.dialect)


def _table(warehouse: "Warehouse", name: str) -> "exp.Table":
    return table(name, warehouse.dataset, warehouse.dialect)
