"""Which campaigns are asked for their events, and by which reports: what a run knows before it asks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from acflow.entities.campaigns import CAMPAIGNS
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
TRIED = (EventSource.REPORTS, EventSource.LEGACY)  # in this order: one takes a fiftieth of the other's requests
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
    source = _source(client, settings, events[0], states)
    since = datetime.combine(settings.events_since, time(), UTC) if settings.events_since else None
    return {
        entity.name: EventScope(source, settings.events_path, now, settings.events_days, since) for entity in events
    }


def _source(client: "Client", settings: "Settings", entity: Entity, states: Mapping[str, EventState]) -> EventSource:
    if settings.events_source != AUTO:
        return EventSource(settings.events_source)
    known = next((state.source for state in states.values()), None)
    return EventSource(known) if known else _tried(client, settings, entity)


def _tried(client: "Client", settings: "Settings", entity: Entity) -> EventSource:
    """Return the first source that answers for a campaign that counts something; the last one where none does."""
    assert isinstance(entity.paging, CampaignEvents)  # noqa: S101 - for the type checker
    newest = list_request(CAMPAIGNS, (("orders[sdate]", "DESC"),), limit=RECENT)
    rows = client.page(CAMPAIGNS, newest).rows
    counting = next((row for row in rows if str(row.get("uniqueopens", "0")) != "0"), None)
    if counting is None:
        return TRIED[-1]
    for source in TRIED:
        request = report_request(entity.paging, source, settings.events_path, int(counting["id"]), 1)
        with suppress(*NOT_THERE):
            if client.page(entity, request).rows:
                return source
    return TRIED[-1]
