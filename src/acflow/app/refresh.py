"""What is to be read of an entity: all of it, or what changed since the last time, and whether that was enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from acflow.app.event_scopes import event_scopes
from acflow.app.model import RunOptions
from acflow.app.run_context import Account
from acflow.engine import count_rows
from acflow.engine.sql import ids_where
from acflow.entities.model import CampaignEvents, Entity, EventSource
from acflow.load.event_state import EventState, event_states
from acflow.load.staging_files import EntityStaging
from acflow.load.state import Bookmark, bookmarks
from acflow.settings import Settings
from acflow.source.events_plan import EventScope
from acflow.source.protocol import PAGE_SIZE, base_url, list_request
from acflow.source.reader import EntityRead

OVERLAP = timedelta(hours=48)  # the account's index of changes lags, and some of its dates are off by hours
CHEAP = 100  # requests: a full reading that costs no more is made as soon as rows are missed
TICK = timedelta(microseconds=1)
ASTRAY = timedelta(days=1)  # no clock that is right is ahead of another by more


@dataclass(slots=True)
class Refresh:
    """One run's choice between all and changes.

    `now` is the account's own clock when the reading began, or ours where that one is far ahead: a cursor from a clock
    that is wrong would pass over what changes until then. `cursor` is never later than our own clock.
    """

    account: Account
    settings: Settings
    options: RunOptions
    now: datetime = field(init=False)
    cursor: datetime = field(init=False)
    known: dict[str, Bookmark] = field(init=False)
    since: dict[str, datetime] = field(default_factory=dict)
    scopes: dict[str, EventScope] = field(default_factory=dict)
    states: dict[str, EventState] = field(init=False)

    def __post_init__(self) -> None:
        """Look at the clock, and at what earlier readings have left."""
        self.known = {
            name: replace(bookmark, account=self.account.client.url)
            if self.options.renamed_from and bookmark.account == base_url(self.options.renamed_from)
            else bookmark
            for name, bookmark in bookmarks(self.account.warehouse).items()
        }
        ours, now = self.options.clock(), self.account.client.now()
        if now - ours > ASTRAY:
            now = ours
        believable = [each.read_at + TICK for each in self.known.values() if each.read_at - now <= ASTRAY]
        self.now = max([now, *believable])  # a clock may be set back, history may not
        self.cursor = min(self.now, ours)
        self.states = {
            name: state
            for name, state in event_states(self.account.warehouse).items()
            if state.account == self.account.client.url
        }

    def choose(self, entity: Entity) -> None:
        """Decide how an entity, and what comes along with it, is read, which `since` then tells."""
        if entity.cursor is None or self.options.sweep or not self.options.reads_changes(entity.name):
            return
        together = (entity, entity.sideloaded) if entity.sideloaded else (entity,)
        known = [self.known[each.name] for each in together if each.name in self.known]
        there = all(self.account.warehouse.columns(each.name) for each in together)
        if len(known) < len(together) or not there or any(each.account != self.account.client.url for each in known):
            return
        if any(max(each.cursor, each.swept_at) > self.now for each in known):
            return  # noted by a clock that was wrong
        if all(self.now < self.next_sweep(each) for each in known):
            cursor = min(each.cursor for each in known)  # one may have been read without the other
            self.since |= dict.fromkeys((each.name for each in together), min(cursor, self.now) - OVERLAP)

    def choose_campaigns(self, entities: Sequence[Entity]) -> None:
        """Decide which campaigns are asked for events, and by which reports."""
        events = [entity for entity in entities if isinstance(entity.paging, CampaignEvents)]
        scopes = event_scopes(self.account.client, self.settings, events, self.states, self.now)
        for name, scope in scopes.items():
            state, known = self.states.get(name), self.known.get(name)
            self.scopes[name] = scope
            if scope.source is EventSource.LISTS or self.options.sweep:
                continue
            if state and known and state.source == scope.source.value:
                self.scopes[name] = replace(scope, known=state.counters)
                self.since[name] = known.read_at

    def event_state(self, spool: EntityStaging) -> EventState:
        """Return what is to be remembered of the campaigns whose events a spool holds."""
        name, url = spool.entity.name, self.account.client.url
        scope = self.scopes[name]
        old, known = self.states.get(name), scope.known or {}
        if spool.unfinished and old and old.source == scope.source.value:
            known = old.counters  # also where all were to be read again
        before = {key: counters for key, counters in known.items() if key not in spool.owners}
        return EventState(name, url, scope.source.value, {**before, **spool.counters})

    def next_sweep(self, known: Bookmark) -> datetime:
        """Return when all rows are to be read again."""
        return known.swept_at + self.settings.sweep_every

    def missed(self, entity_read: EntityRead, spool: EntityStaging) -> tuple[str | None, bool]:
        """Return what the changes of an entity cannot account for, None if nothing, and whether to read all at once.

        The account's own count is asked for; and a deal that is hidden shows up among the changes each time, so one
        that does not is hidden no more, while its date may be old.
        """
        warehouse, name = self.account.warehouse, entity_read.entity.name
        limited = spool.close_full()
        came = {int(key) for key in entity_read.plan.stats.ids}
        known = count_rows(warehouse, name) or 0
        held = known + len(came) - len(ids_where(warehouse, name, among=sorted(came)))
        total = self.account.client.page(entity_read.entity, list_request(entity_read.entity, limit=1)).total
        entity_read.requests += 1
        said = None
        if total is not None and total != held:
            many, verb = abs(held - total), "are gone" if total < held else "did not come with the changes"
            said = f"by the account's own count {many:,} rows {verb}"
        elif entity_read.entity.limited:
            hidden = ids_where(warehouse, name, flag=entity_read.entity.limited)
            if seen := set(hidden) - set(limited):
                said = f"{len(seen):,} rows that were limited may be seen again"
        return said, math.ceil((held if total is None else total) / PAGE_SIZE) <= CHEAP
