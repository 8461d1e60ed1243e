"""Which campaigns are asked for their events, and by which reports: what a run knows before it asks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from acflow.entities.campaigns import CAMPAIGNS
from acflow.entities.events import CAMPAIGN_OPENS, EVENTS, LINK_DATA
from acflow.entities.model import CampaignEvents, Entity, EventSource
from acflow.errors import ContractError, ForbiddenError, NotFoundError
from acflow.load.event_state import EventState
from acflow.source.campaign_reports import report_request
from acflow.source.events_plan import EventScope
from acflow.source.protocol import list_request

if TYPE_CHECKING:
    from acflow.settings import Settings
    from acflow.source.client import Client

AUTO = "auto"
TRIED = tuple(EventSource)  # in this order: reports of version 3 take a fiftieth of the requests of version 1
RECENT = 20  # campaigns among which one is looked for that counts something
NOT_THERE = (ForbiddenError, NotFoundError, ContractError)


def event_scopes(
    client: "Client", settings: "Settings", events: Sequence[Entity], states: Mapping[str, EventState], now: datetime
) -> Mapping[str, EventScope]:
    """Return a scope for each of the entities, whose rows are events, as if all campaigns were to be read anew.

    The account is tried once for where they come from, unless that is set, or known from `states` of earlier readings.
    """
    if not events:
        return {}
    since = datetime.combine(settings.events_since, time(), UTC) if settings.events_since else None
    preferred = _source(client, settings, events, states)
    return {
        entity.name: EventScope(
            source, settings.events_path, now, settings.events_days, since, requests=settings.events_requests
        )
        for entity in events
        if (source := _offered(entity, preferred))
    }


def _offered(entity: Entity, preferred: EventSource) -> EventSource:
    """Return where an entity is read: not every source has all kinds of events."""
    assert isinstance(entity.paging, CampaignEvents)  # noqa: S101 - for the type checker
    return preferred if preferred in entity.paging.sources else entity.paging.sources[-1]


def _source(
    client: "Client", settings: "Settings", events: Sequence[Entity], states: Mapping[str, EventState]
) -> EventSource:
    """Return the source that is set, or was chosen by an earlier reading of what several have, or answers now."""
    if settings.events_source != AUTO:
        return EventSource(settings.events_source)
    several = {entity.name for entity in EVENTS if all(_offered(entity, source) is source for source in TRIED)}
    if known := next((state.source for name, state in states.items() if name in several), None):
        return EventSource(known)
    if not several & {entity.name for entity in events}:
        return EventSource.LEGACY
    return _tried(client, settings)


def _tried(client: "Client", settings: "Settings") -> EventSource:
    """Return the first source that answers for a campaign that counts something; version 1 where none does."""
    events = CAMPAIGN_OPENS.paging
    assert isinstance(events, CampaignEvents)  # noqa: S101 - for the type checker
    newest = list_request(CAMPAIGNS, (("orders[sdate]", "DESC"),), limit=RECENT)
    rows = client.page(CAMPAIGNS, newest).rows
    counting = next((row for row in rows if str(row.get("uniqueopens", "0")) != "0"), None)
    if counting is None:
        return EventSource.LEGACY
    for source in (EventSource.REPORTS, EventSource.LEGACY):
        request = report_request(events, source, settings.events_path, int(counting["id"]), 1)
        with suppress(*NOT_THERE):
            if client.page(CAMPAIGN_OPENS, request).rows:
                return source
    with suppress(*NOT_THERE):
        if client.page(LINK_DATA, list_request(LINK_DATA, limit=1)).rows:
            return EventSource.LISTS
    return EventSource.LEGACY
