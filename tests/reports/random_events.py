"""What contacts did with campaigns, made by dice for the worlds of `random_world`."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from tests.reports.report_harness import NOW, Row

DOMAINS = ("example.com", "Example.com ", "mail.test", "", None)


def events(seed: int, contacts: Sequence[Row], campaigns: Sequence[Row]) -> dict[str, list[Row]]:
    """Return a table of each kind; now and then of somebody or something that is not there."""
    random = Random(f"events {seed}")
    for person in contacts:
        person["email_domain"] = random.choice(DOMAINS)
    found: dict[str, list[Row]] = {
        name: [] for name in ("campaignSends", "campaignOpens", "campaignClicks", "campaignBounces")
    }
    for campaign in campaigns:
        began = campaign["sdate"] or campaign["cdate"]
        for contact in random.sample(range(1, len(contacts) + 3), min(len(contacts), random.randrange(6))):
            row = {"campaign": campaign["id"], "contact": contact, "source": "legacy"}
            gone = {"_deleted_at": NOW if random.random() < 0.05 else None}
            at = began + timedelta(seconds=random.randrange(-3600, random.choice((9_000, 100_000, 4_000_000))))
            found["campaignSends"].append({**row, **gone, "sent_at": began})
            if random.random() < 0.7:
                prefetched = random.choice((None, None, True, False))
                found["campaignOpens"].append({**row, **gone, "last_at": at, "times": 2, "prefetched": prefetched})
            for link in random.sample((1, 2, 3), random.choice((0, 0, 1, 2))):
                more = {"link": link, "url": f"https://example.com/{link}", "times": random.randrange(1, 4)}
                found["campaignClicks"].append({**row, **gone, **more, "last_at": at})
            if random.random() < 0.2:
                kind = random.choice(("hard", "soft", None))
                bounce = {"type": kind, "code": random.choice(("5.1.1", "4.2.2", None)), "bounced_at": at}
                found["campaignBounces"].append({**row, **gone, **bounce})
    return {name: [{"id": place, **row} for place, row in enumerate(rows, start=1)] for name, rows in found.items()}
