"""The firms, and who works for whom."""

from collections.abc import Sequence
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.names import FIRMS, plain
from activecampaign_sandbox.worlds.small.people import Person

Given = dict[int, dict[str, Any]]
JOBS = ("Owner", "Buyer", "Head of kitchen", "Bar manager", "Front of house", "Bookkeeper", "")


def account_rows(crowd: Sequence[Person]) -> Given:
    """Return the firms that somebody works for, made with their first contact."""
    first = {person.firm: person for person in reversed(crowd) if person.firm}
    return {
        firm: {
            "name": FIRMS[firm - 1],
            "accountUrl": f"https://{plain(FIRMS[firm - 1])}.example.com" if firm % 3 else None,
            "owner": str(2 + firm % 4),
            "createdTimestamp": clock.stamp(first[firm].created),
        }
        for firm in sorted(first)
    }


def account_contact_rows(random: Dice, crowd: Sequence[Person]) -> Given:
    """Return who works where, and as what."""
    workers = [person for person in crowd if person.firm]
    return {
        place: {
            "account": str(person.firm),
            "contact": str(person.key),
            "jobTitle": random.choice(JOBS),
            "createdTimestamp": clock.stamp(person.created),
        }
        for place, person in enumerate(workers, start=1)
    }
