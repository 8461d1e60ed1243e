"""Read entities to their end, certify them, and land those that are proved: as new tables, or as changes of the old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from acflow.app.events import Step
from acflow.app.history import WIDE, job_of
from acflow.app.model import RunOptions
from acflow.app.refresh import Refresh
from acflow.app.run_context import Account, RunContext
from acflow.app.subscribers import Subscribers
from acflow.engine import count_rows, rows_by_id
from acflow.engine.sql import filled_rows
from acflow.entities.choice import with_sideloads
from acflow.entities.lists import LISTS
from acflow.entities.model import Entity, Type
from acflow.errors import AcflowError, RefusedTablesError
from acflow.load.job import LoadJob, rejects_of
from acflow.load.loader import Loader
from acflow.load.owner import check_owner, claim_sql
from acflow.load.staging_files import EntityStaging, StagingFiles, carry_over, give_back_memory
from acflow.source.certificate import (
    Certificate,
    Filled,
    Reading,
    certify,
    emptied,
    guard,
    may_land,
    with_gone,
)
from acflow.source.decode import NULL
from acflow.source.events_plan import EventsPlan
from acflow.source.protocol import Row
from acflow.source.reader import UNREADABLE, EntityRead, Reader, unreadable
from acflow.source.sideloads import SideloadPlan


def read_and_land(
    context: RunContext,
    account: Account,
    entities: Sequence[Entity],
    options: RunOptions,
    optional: frozenset[str] = frozenset(),
) -> tuple[tuple[Certificate, ...], Mapping[str, Sequence[int]]]:
    """Return a certificate for each entity, with what became of its table, and for values the records they belong to.

    The latter where only changes were read, and where the wide table was up to the values before.

    An `optional` one that does not come along with another is not worth requests of its own.
    """
    warehouse = account.warehouse
    entities = with_sideloads(entities, context.settings.custom_fields)
    with warehouse.held(reading=True):
        refresh = Refresh(account, context.settings, options)
        for entity in entities:
            refresh.choose(entity)
        refresh.choose_campaigns(entities)
        sideloaded = [entity.sideloaded for entity in entities if entity.sideloaded]
        columns = {entity.name: warehouse.columns(entity.name) for entity in (*entities, *sideloaded)}
    with StagingFiles(context.settings.state / "spool", context.run, columns.__getitem__) as spool:
        reading = _Reading(context, account, refresh, spool, Subscribers(account.client))
        entity_reads = reading.read(entities, optional)
        context.enter(Step.LOAD)
        with account.loader.locked(), warehouse.held():
            certificates = [reading.judge(entity_read) for entity_read in entity_reads]
            context.ledger.keep(
                context.run, certificates
            )  # should this process die, it is known what it was about to land
            give_back_memory()
            landed = reading.land(certificates)
            context.ledger.keep(context.run, landed)  # so that it is known however the run goes on
            return landed, reading.owners_of(landed)


@dataclass(slots=True)
class _Reading:
    """One run over the entities."""

    context: RunContext
    account: Account
    refresh: Refresh
    spool: StagingFiles
    subscribers: Subscribers
    _notes: dict[str, str] = field(default_factory=dict)

    def read(self, entities: Sequence[Entity], optional: frozenset[str]) -> list[EntityRead]:
        """Read the entities; where changes leave something open and all costs little, read all."""
        reader = Reader(self.account.client, self._take, self.context.watch, self.context.cancel.raise_if_cancelled)
        entity_reads = reader.read(entities, self.refresh.since, optional, self.refresh.scopes)
        narrowed = [
            entity_read
            for entity_read in entity_reads
            if entity_read.entity.cursor and entity_read.entity.name in self.refresh.since
        ]
        with self.account.warehouse.held(reading=True):
            again = [entity_read.entity for entity_read in narrowed if self._left_open(entity_read)]
        for entity in again:
            for each in (entity, entity.sideloaded) if entity.sideloaded else (entity,):
                self.spool.forget(each)
                del self.refresh.since[each.name]
        anew = {entity_read.entity.name: entity_read for entity_read in reader.read(again, optional=optional)}
        for entity_read in entity_reads:
            if entity_read.entity.name in anew:
                anew[entity_read.entity.name].requests += entity_read.requests
            if entity_read.entity.name == LISTS.name and (counted := self.subscribers.requests):
                entity_read.requests += counted
                self._notes[LISTS.name] = (
                    f"the account sends no counts of subscribers; {counted:,} requests counted them"
                )
        return [anew.get(entity_read.entity.name, entity_read) for entity_read in entity_reads]

    def _take(self, entity: Entity, rows: list[Row]) -> None:
        """Take the rows of one page."""
        self.spool.add(entity, self.subscribers.filled(rows) if entity.name == LISTS.name else rows)

    def _left_open(self, entity_read: EntityRead) -> bool:
        """Whether changes were not enough and all is to be read at once; otherwise note what they left open."""
        if entity_read.error is not None:
            return False
        try:
            missed, cheap = self.refresh.missed(entity_read, self.spool.of(entity_read.entity))
        except AcflowError as error:
            entity_read.error = error
            return False
        if missed and not cheap:
            sweep = self.refresh.next_sweep(self.refresh.known[entity_read.entity.name])
            self._notes[entity_read.entity.name] = (
                f"{missed}; the next full reading, from {sweep:%Y-%m-%d %H:%M} UTC, tells"
            )
        return cheap and missed is not None

    def judge(self, entity_read: EntityRead) -> Certificate:
        """Close the spool of a walk and return its certificate, guarded against replacing good data by less."""
        entity, warehouse, ledger = entity_read.entity, self.account.warehouse, self.context.ledger
        kept = self.spool.of(entity)
        try:
            self._complete(entity_read, kept)
        except UNREADABLE as error:
            entity_read.error = unreadable(entity, error)
        kept.close()
        reading = self._reading(entity_read, kept)
        return guard(
            certify(entity, reading, ledger.seen_fields(entity.name)),
            count_rows(warehouse, entity.name),
            lost=self._lost(entity_read, kept),
            max_shrink=self.context.settings.max_shrink,
            accept_shrink=self.refresh.options.accepts_shrink(entity.name),
        )

    def _complete(self, entity_read: EntityRead, kept: EntityStaging) -> None:
        """Write what is waiting, and what stays though it did not come."""
        if isinstance(entity_read.plan, SideloadPlan):
            kept.owners = sorted(entity_read.plan.owners)
            self._keep_unseen(entity_read.plan, kept)
        if isinstance(entity_read.plan, EventsPlan):
            if entity_read.error and entity_read.plan.proved:
                entity_read.plan.close(str(entity_read.error))
            kept.counters = entity_read.plan.proved
            kept.owners = sorted({*kept.counters, *entity_read.plan.gone})
            kept.unfinished = bool(entity_read.plan.stats.counted and entity_read.plan.stats.counted.unfinished)
        kept.flush()
        if entity_read.error is None:
            carry_over(kept, rows_by_id(self.account.warehouse, kept.entity.name, kept.close_full()))

    def _keep_unseen(self, plan: SideloadPlan, kept: EntityStaging) -> None:
        """Keep what is known of records that the key lost sight of, where all else is replaced."""
        if plan.silent and plan.entity.belongs_to and plan.entity.name not in self.refresh.since:
            name, column = plan.entity.name, plan.entity.belongs_to
            rows = rows_by_id(self.account.warehouse, name, sorted(plan.silent), column)
            if rows is not None:
                kept.write_old(rows)

    def _reading(self, entity_read: EntityRead, kept: EntityStaging) -> Reading:
        stats, note = entity_read.plan.stats, self._notes.get(entity_read.entity.name)
        since = self.refresh.since.get(entity_read.entity.name)
        return Reading(
            promised_first=stats.first_total,
            promised_last=stats.last_total,
            received=stats.received,
            duplicates=stats.duplicates,
            moved=stats.moved,
            unproved=tuple(stats.unproved),
            pages=entity_read.pages,
            requests=entity_read.requests,
            retries=entity_read.retries,
            seconds=(entity_read.ended or entity_read.started) - entity_read.started,
            budget_share=entity_read.budget_share(self.context.settings.pace),
            limited=kept.limited_rows,
            rejects=kept.rejects.rows,
            kinds=kept.kinds,
            forbidden=entity_read.forbidden,
            error=str(entity_read.error) if entity_read.error else None,
            since=since,
            notes=tuple(said for said in (note, self.account.client.clock_doubt if since else None) if said),
            empty=_empty(entity_read, kept),
            counted=stats.counted,
        )

    def _lost(self, entity_read: EntityRead, kept: EntityStaging) -> tuple[str, ...]:
        """Return the columns that were filled and hardly are any more, where all rows were read."""
        entity, shrink = entity_read.entity, self.context.settings.max_shrink
        if entity_read.error is not None or entity.name in self.refresh.since:
            return ()
        columns = {f.name: f.type is Type.TEXT for f in entity.wire_fields if f.name != entity.key}
        now = Filled(entity_read.plan.stats.received, kept.filled)
        return emptied(filled_rows(self.account.warehouse, entity.name, columns), now, shrink)

    def owners_of(self, certificates: Sequence[Certificate]) -> Mapping[str, Sequence[int]]:
        """Return the records to which all values that have landed belong, by the values' entity."""
        narrowed = [each.entity for each in certificates if each.landed and each.entity in self.refresh.since]
        return {name: self.spool.entities[name].owners for name in narrowed if WIDE.get(name) in self.refresh.known}

    def land(self, certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
        """Load what may land, with its history; return the certificates with what became of each."""
        proved = [self.spool.entities[c.entity] for c in certificates if may_land(c)]
        loader = self.account.loader
        refused: dict[str, str] = {}
        gone: Mapping[str, int] = {}
        with loader.locked():
            check_owner(loader.warehouse, loader.account, renamed_from=self.refresh.options.renamed_from)
            if claim := claim_sql(loader.warehouse, loader.account):
                loader.warehouse.execute(claim)
            if proved:
                rejects = rejects_of(proved)
                jobs = [job_of(self.context, self.account, self.refresh, kept) for kept in proved]
                gone, refused = _landed([*jobs, *([rejects] if rejects else [])], loader)
        told = [
            replace(with_gone(each, gone.get(each.entity, 0)), reason=refused.get(each.entity, each.reason))
            for each in certificates
        ]
        return tuple(replace(certificate, landed=may_land(certificate)) for certificate in told)


def _empty(entity_read: EntityRead, kept: EntityStaging) -> tuple[str, ...]:
    """Return the columns without which the rows that came say nothing, and which none of them fills."""
    entity = entity_read.entity
    if not entity_read.plan.stats.received or not kept.kinds:
        return ()
    if all(kinds <= NULL for key, kinds in kept.kinds.items() if key != entity.key):
        return ("any field but the id",)
    return tuple(name for name in entity.essential if not kept.filled[name])


def _landed(jobs: list[LoadJob], loader: Loader) -> tuple[Mapping[str, int], dict[str, str]]:
    """Load what may land; return how many rows of each entity are gone, and why the warehouse refused others."""
    try:
        return loader.land(jobs), {}
    except RefusedTablesError as error:
        return {}, {table: f"{why} The old table stays." for table, why in error.refused.items()}
