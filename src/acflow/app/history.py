"""What an entity's reading becomes: the table, its history and how far the reading went, all in one transaction."""

from acflow.app.refresh import Refresh
from acflow.app.run_context import Account, RunContext
from acflow.custom.model import OWNERS
from acflow.entities.choice import VALUES
from acflow.entities.model import CampaignEvents
from acflow.load.job import LoadJob, Part, Versions, load_job_of
from acflow.load.staging_files import EntityStaging
from acflow.load.state import Bookmark

OWNER = {values: owner for owner, values in VALUES.items()}
WIDE = {owner.values: owner.custom for owner in OWNERS}


def job_of(context: RunContext, account: Account, refresh: Refresh, spool: EntityStaging) -> LoadJob:
    """Return the job of an entity that has been read as a whole, or of what changed in it."""
    entity, name = spool.entity, spool.entity.name
    whole, brought = name not in refresh.since and not spool.unfinished, spool.columns
    with_history = name in context.history
    known = refresh.known.get(name)
    if known is None or known.account != account.client.url:
        known = Bookmark(name, account.client.url, refresh.now, refresh.now, refresh.now)
    events = isinstance(entity.paging, CampaignEvents)
    remembers = entity.cursor is not None or entity.belongs_to is not None or with_history or events
    fresh = brought - known.fields if known.fields else frozenset()
    part = Part(entity.belongs_to, tuple(spool.owners), OWNER[name]) if entity.belongs_to and not whole else None
    state = refresh.event_state(spool) if events else None
    if state and not whole:
        part = Part("campaign", tuple(spool.owners))
    return load_job_of(
        spool,
        at=refresh.now,
        whole=whole,
        part=part,
        versions=Versions(fresh, context.settings.history_days) if with_history else None,
        bookmark=known.after(refresh.now, refresh.cursor, brought, swept=whole) if remembers else None,
        event_state=state,
        outdated=WIDE.get(name) if whole or spool.owners else None,
    )
