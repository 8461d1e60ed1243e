"""What happened in the company, before any of it is written down in rows."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small import automations, deals, desk, mail, people, plan, reading, tags


@dataclass(frozen=True, slots=True)
class Story:
    """People, mail and deals as they came about; nothing changes it any more."""

    seed: int
    now: datetime
    crowd: list[people.Person]
    campaigns: dict[int, mail.Campaign]
    entries: list[automations.Entry]
    tagged: list[tuple[datetime, int, int]]
    deals: list[deals.Deal]
    desks: dict[int, desk.Desk]

    def dice(self, name: str) -> Dice:
        """Return the chance of one kind of row."""
        return Dice(f"{name} {self.seed}")

    @property
    def mailed(self) -> dict[int, int]:
        """Return the campaign of each mailing, by the mailing's place."""
        return {campaign.place: key for key, campaign in self.campaigns.items() if campaign.place}


@lru_cache(maxsize=2)
def tell(seed: int, now: datetime, count: int, deal_count: int) -> Story:
    """Let the company live until now."""
    crowd = people.people(seed, now, count)
    mailings = plan.mailings(now)
    tallies = reading.read_mail(Dice(f"mail {seed}"), crowd, mailings, now)
    entries, sendings = automations.walked(Dice(f"automations {seed}"), crowd, now)
    sent = list(zip(mailings, tallies, strict=True))
    campaigns = mail.campaigns(Dice(f"campaigns {seed}"), now, crowd, sent, sendings)
    tagged = tags.given_tags(Dice(f"tags {seed}"), crowd, now)
    found = deals.deals(seed, now, crowd, deal_count)
    return Story(seed, now, crowd, campaigns, entries, tagged, found, desk.desks(Dice(f"desk {seed}"), found, now))
