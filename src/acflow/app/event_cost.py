"""What events will cost, worked out from the campaigns' counters before any of their reports is asked for."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acflow.app.event_scopes import event_scopes
from acflow.engine import open_warehouse
from acflow.entities.model import CampaignEvents, Entity, EventSource
from acflow.load.event_state import EventState, event_states
from acflow.source.campaign_reports import page_size
from acflow.source.events_plan import EventScope, part_of
from acflow.source.protocol import PAGE_SIZE, Row, list_request, row_ids

if TYPE_CHECKING:
    from acflow.settings import Settings
    from acflow.source.client import Client


@dataclass(frozen=True, slots=True)
class EventCost:
    """Rows that may come, the requests that they take, how it is read, and what these figures rest on."""

    rows: int
    requests: int
    how: str
    of: str


def event_costs(client: "Client", settings: "Settings", entities: Iterable[Entity]) -> Mapping[str, EventCost]:
    """Return the cost of each of the entities whose rows are events; the account's campaigns are listed for it."""
    events = [entity for entity in entities if isinstance(entity.paging, CampaignEvents)]
    if not events:
        return {}
    states, now = _states(settings, client.url), client.now()
    scopes = event_scopes(client, settings, events, states, now)
    campaigns = list(_campaigns(client, events[0]))
    return {
        entity.name: _cost(client, entity, scopes[entity.name], states.get(entity.name), campaigns) for entity in events
    }


def _states(settings: "Settings", account: str) -> Mapping[str, EventState]:
    warehouse = open_warehouse(settings.warehouse, settings.dataset, patience=settings.warehouse_patience)
    with warehouse.held(new=False):
        return {name: state for name, state in event_states(warehouse).items() if state.account == account}


def _campaigns(client: "Client", entity: Entity) -> Iterator[Row]:
    assert isinstance(entity.paging, CampaignEvents)  # noqa: S101 - for the type checker
    owner, offset = entity.paging.owner, 0
    while rows := client.page(owner, list_request(owner, (("offset", str(offset)),))).rows:
        yield from rows
        offset += len(rows)
        if len(rows) < PAGE_SIZE:
            return


def _cost(
    client: "Client", entity: Entity, scope: EventScope, state: EventState | None, campaigns: Sequence[Row]
) -> EventCost:
    events = entity.paging
    assert isinstance(events, CampaignEvents)  # noqa: S101 - for the type checker
    listing = math.ceil(len(campaigns) / PAGE_SIZE) + 1
    if scope.source is EventSource.LISTS:
        lists = [*events.listed, *([events.links] if events.links else [])]
        totals = [client.first_rows(listed, 1).total or 0 for listed in lists]
        requests = listing + sum(math.ceil(total / PAGE_SIZE) + 1 for total in totals)
        return EventCost(sum(totals[: len(events.listed)]), requests, "full", "the lists' own counts")
    if state and state.source == scope.source.value:
        scope = replace(scope, known=state.counters)
    counts = [
        part_of(events, key, row).promised
        for key, row in zip(row_ids(events.owner, campaigns), campaigns, strict=True)
        if scope.asks(events, key, row)
    ]
    size = page_size(events, scope.source)
    pages = len(counts) if events.by_link else sum(count // size + 1 for count in counts)
    pages = min(pages, scope.requests or pages)
    how = "full" if scope.known is None else "recent and moved campaigns"
    return EventCost(sum(counts), listing + pages, how, "the campaigns' counters")
