"""Read entities to their end, certify them, and land those that are proved: as new tables, or as changes of the old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from acflow.api.beside import BesidePlan
from acflow.api.protocol import Row
from acflow.api.reader import Reader, Walk
from acflow.certificate import Certificate, Reading, certify, guard, may_land
from acflow.custom.model import OWNERS
from acflow.entities.choice import along
from acflow.entities.lists import LISTS
from acflow.entities.model import Entity
from acflow.errors import AcflowError, RefusedTablesError
from acflow.load.changes import CHANGES, changes_table
from acflow.load.landing import Lander, Landing, landing_of, rejects_of
from acflow.load.readings import forget
from acflow.load.spool import EntitySpool, Spool, carry_over, give_back_memory
from acflow.run.desk import Account, Desk
from acflow.run.keeping import keep_history
from acflow.run.model import Listener, Wishes
from acflow.run.refresh import Refresh
from acflow.run.subscribers import Subscribers
from acflow.warehouse import count_rows, rows_by_id
from acflow.warehouse.sql import AT_ONCE, ids_where

WIDE = {owner.values: owner.custom for owner in OWNERS}


def read_and_land(  # noqa: PLR0913, PLR0917 - it is the meeting point of the run
    desk: Desk,
    account: Account,
    entities: Sequence[Entity],
    wishes: Wishes,
    listener: Listener,
    optional: frozenset[str] = frozenset(),
) -> tuple[tuple[Certificate, ...], Mapping[str, Sequence[int]]]:
    """Return a certificate for each entity, with what became of its table, and for values the records they belong to.

    The latter where only changes were read, and where the wide table was up to the values before.

    An `optional` one that does not come along with another is not worth requests of its own.
    """
    refresh = Refresh(account, desk.settings, wishes)
    entities = along(entities, desk.settings.custom_fields)
    for entity in entities:
        refresh.choose(entity)
    with Spool(desk.settings.state / "spool", desk.run, account.warehouse.columns) as spool:
        reading = _Reading(desk, account, refresh, spool, listener, Subscribers(account.client))
        walks = reading.read(entities, optional)
        listener.said("Landing")
        with account.lander.locked(), account.warehouse.held():
            certificates = [reading.judge(walk) for walk in walks]
            desk.ledger.keep(desk.run, certificates)  # should this process die, it is known what it was about to land
            give_back_memory()
            landed = reading.land(certificates)
            return landed, reading.owners_of(landed)


@dataclass(slots=True)
class _Reading:
    """One run over the entities."""

    desk: Desk
    account: Account
    refresh: Refresh
    spool: Spool
    listener: Listener
    subscribers: Subscribers
    _notes: dict[str, str] = field(default_factory=dict)

    def read(self, entities: Sequence[Entity], optional: frozenset[str]) -> list[Walk]:
        """Read the entities; where changes leave something open and all costs little, read all."""
        reader = Reader(self.account.client, self._take, self.listener.walked)
        walks = reader.read(entities, self.refresh.since, optional)
        narrowed = [walk for walk in walks if walk.entity.cursor and walk.entity.name in self.refresh.since]
        again = [walk.entity for walk in narrowed if self._left_open(walk)]
        for entity in again:
            for each in (entity, entity.beside) if entity.beside else (entity,):
                self.spool.forget(each)
                del self.refresh.since[each.name]
        anew = {walk.entity.name: walk for walk in reader.read(again, optional=optional)}
        for walk in walks:
            if walk.entity.name in anew:
                anew[walk.entity.name].requests += walk.requests
            if walk.entity.name == LISTS.name and (counted := self.subscribers.requests):
                walk.requests += counted
                self._notes[LISTS.name] = (
                    f"the account sends no counts of subscribers; {counted:,} requests counted them"
                )
        return [anew.get(walk.entity.name, walk) for walk in walks]

    def _take(self, entity: Entity, rows: list[Row]) -> None:
        """Take the rows of one page."""
        self.spool.add(entity, self.subscribers.filled(rows) if entity.name == LISTS.name else rows)

    def _left_open(self, walk: Walk) -> bool:
        """Whether changes were not enough and all is to be read at once; otherwise note what they left open."""
        if walk.error is not None:
            return False
        try:
            missed, cheap = self.refresh.missed(walk, self.spool.of(walk.entity))
        except AcflowError as error:
            walk.error = error
            return False
        if missed and not cheap:
            sweep = self.refresh.next_sweep(self.refresh.known[walk.entity.name])
            self._notes[walk.entity.name] = f"{missed}; the next full reading, from {sweep:%Y-%m-%d %H:%M} UTC, tells"
        return cheap and missed is not None

    def judge(self, walk: Walk) -> Certificate:
        """Close the spool of a walk and return its certificate, guarded against replacing good data by less."""
        entity, warehouse, ledger = walk.entity, self.account.warehouse, self.desk.ledger
        kept, gone = self.spool.of(entity), 0
        if isinstance(walk.plan, BesidePlan):
            kept.owners = sorted(walk.plan.owners)
            self._keep_unseen(walk.plan, kept)
        if walk.error is None:
            carry_over(kept, rows_by_id(warehouse, entity.name, kept.close_full()))
            gone = self._write_gone(walk, kept) if self.refresh.marks_gone(entity) else 0
        kept.close()
        reading = self._reading(walk, kept, gone)
        return guard(
            certify(entity, reading, ledger.seen_fields(entity.name)),
            count_rows(warehouse, entity.name),
            max_shrink=self.desk.settings.max_shrink,
            accept_shrink=self.refresh.wishes.accepts_shrink(entity.name),
        )

    def _keep_unseen(self, plan: BesidePlan, kept: EntitySpool) -> None:
        """Keep what is known of records that the key lost sight of, where all else is replaced."""
        if plan.silent and plan.entity.belongs_to and plan.entity.name not in self.refresh.since:
            name, column = plan.entity.name, plan.entity.belongs_to
            rows = rows_by_id(self.account.warehouse, name, sorted(plan.silent), column)
            if rows is not None:
                kept.write_old(rows)

    def _write_gone(self, walk: Walk, kept: EntitySpool) -> int:
        """Put the rows that did not come beside those that did, with a mark; return how many had none before."""
        warehouse, name, came = self.account.warehouse, walk.entity.name, walk.plan.tally.ids
        gone = [key for key in ids_where(warehouse, name) if key not in came]
        before = len(gone) - len(ids_where(warehouse, name, alive=True, among=gone))
        for start in range(0, len(gone), AT_ONCE):
            rows = rows_by_id(warehouse, name, gone[start : start + AT_ONCE])
            if rows is not None:
                kept.write_gone(rows, self.refresh.now)
        return len(gone) - before

    def _reading(self, walk: Walk, kept: EntitySpool, gone: int) -> Reading:
        tally, note = walk.plan.tally, self._notes.get(walk.entity.name)
        return Reading(
            promised_first=tally.first_total,
            promised_last=tally.last_total,
            received=tally.received,
            duplicates=tally.duplicates,
            moved=tally.moved,
            unproved=tuple(tally.unproved),
            pages=walk.pages,
            requests=walk.requests,
            retries=walk.retries,
            seconds=(walk.ended or walk.started) - walk.started,
            budget_share=walk.budget_share(self.desk.settings.pace),
            limited=kept.limited_rows,
            rejects=kept.rejects.rows,
            kinds=kept.kinds,
            forbidden=walk.forbidden,
            error=str(walk.error) if walk.error else None,
            since=self.refresh.since.get(walk.entity.name),
            gone=gone,
            notes=(note,) if note else (),
        )

    def owners_of(self, certificates: Sequence[Certificate]) -> Mapping[str, Sequence[int]]:
        """Return the records to which all values that have landed belong, by the values' entity."""
        narrowed = [each.entity for each in certificates if each.landed and each.entity in self.refresh.since]
        return {name: self.spool.entities[name].owners for name in narrowed if WIDE.get(name) in self.refresh.known}

    def _wide_behind(self, spools: Sequence[EntitySpool]) -> None:
        """Note that wide tables are not up to what lands now; one that a kill leaves so is made anew next time."""
        for wide in (WIDE[kept.entity.name] for kept in spools if kept.entity.name in WIDE):
            self.account.warehouse.execute(forget(self.account.warehouse, wide))

    def land(self, certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
        """Load what may land, and keep its history; return the certificates with what became of each."""
        proved = [self.spool.entities[c.entity] for c in certificates if may_land(c)]
        lander, since = self.account.lander, self.refresh.since
        changed = [kept for kept in proved if kept.entity.name in since and kept.rows]
        whole = [kept for kept in proved if kept.entity.name not in since]
        refused: dict[str, str] = {}
        with lander.locked():  # what is loaded beside a table is merged before another run loads there
            self._wide_behind([kept for kept in proved if kept in whole or kept.owners])
            if loaded := whole + changed:
                beside = [landing_of(kept, changes_table(kept.entity.name)) for kept in changed]
                rejects = rejects_of(loaded)
                refused = _landed(
                    [*(landing_of(kept) for kept in whole), *beside, *([rejects] if rejects else [])], lander
                )
                lander.prune_rejects([kept.entity for kept in whole if kept.entity.name not in refused], self.spool.run)
            for kept in proved:
                if kept.entity.name not in refused:
                    keep_history(self.desk, self.account, self.refresh, kept)
        certificates = [replace(each, reason=refused.get(each.entity, each.reason)) for each in certificates]
        return tuple(replace(certificate, landed=may_land(certificate)) for certificate in certificates)


def _landed(landings: list[Landing], lander: Lander) -> dict[str, str]:
    """Load what may land; return by entity why the warehouse refused it."""
    try:
        lander.land(landings)
    except RefusedTablesError as error:
        return {table.removeprefix(CHANGES): f"{why} The old table stays." for table, why in error.refused.items()}
    return {}
