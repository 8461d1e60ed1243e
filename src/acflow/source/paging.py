"""Plans: which pages to ask for, and whether what came can be proved complete. Pure: no I/O, no clock.

A plan is asked for the next request, is given each page, and tells at the end what it saw. Several requests may be out
at the same time, and their answers may come in any order.
"""

from datetime import UTC, datetime
from typing import Protocol

from acflow.entities.model import CampaignEvents, Each, Entity, EventSource, Keyset, Nested, Offset
from acflow.source.events_plan import EventScope, EventsPlan
from acflow.source.keyset import KeysetPlan
from acflow.source.listed_events import ListedEventsPlan
from acflow.source.nested import NestedPlan
from acflow.source.offset import OffsetPlan
from acflow.source.per_parent import Filters, PerParentPlan
from acflow.source.protocol import Page, Request, Row
from acflow.source.read_stats import ReadStats


class Plan(Protocol):
    """The walk over one entity's pages."""

    entity: Entity
    stats: ReadStats
    done: bool

    def next(self, width: int) -> Request | None:
        """Return a request to send now, or None if none is ready; `width` may usefully be out at once."""

    def take(self, request: Request, page: Page) -> list[Row]:
        """Take a page and return its rows that are new."""


def make_plan(entity: Entity, since: datetime | None = None, scope: EventScope | None = None) -> Plan:
    """Return a fresh plan for an entity: for all its rows, or for those that changed after an instant.

    Only an entity with a cursor can be narrowed so; the instant is sent in UTC. Of events `scope` says which campaigns
    are asked, and by which reports.
    """
    if isinstance(entity.paging, CampaignEvents):
        scope = scope or EventScope()
        if scope.source is EventSource.LISTS:
            return ListedEventsPlan(entity, entity.paging, _plan)
        return EventsPlan(entity, entity.paging, scope, _plan)
    filters = (("filters[updated_after]", f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"),) if since else ()
    return _plan(entity, filters)


def _plan(entity: Entity, filters: Filters) -> Plan:
    if isinstance(entity.paging, Each):
        return PerParentPlan(entity, entity.paging, _plan)
    if isinstance(entity.paging, Nested):
        return NestedPlan(entity, entity.paging, _plan)
    if isinstance(entity.paging, Keyset):
        return KeysetPlan(entity, entity.paging, filters)
    assert isinstance(entity.paging, Offset)  # noqa: S101 - for the type checker: events have no plan without a scope
    return OffsetPlan(entity, entity.paging, filters)
