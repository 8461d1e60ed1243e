"""What happens to campaigns: they are written, sent, and opened for weeks, which moves no date."""

from datetime import timedelta

from activecampaign_sandbox import clock
from activecampaign_sandbox.events.mailing import LEFT_EACH_DAY
from activecampaign_sandbox.life.scene import Scene, Steps, delete, insert, number, update
from activecampaign_sandbox.wire import Row
from activecampaign_sandbox.worlds.dice import Dice

SENT, DRAFT = "5", "0"
MAILING_DAYS = frozenset({1, 3})  # Tuesday and Thursday
ALIVE = timedelta(days=21)


def sendings(scene: Scene) -> Steps:
    """Send a campaign to a list on mailing days; write a draft now and then, and throw some away."""
    now = scene.world.clock()
    if now.weekday() in MAILING_DAYS and scene.world.ids("lists"):
        mailing = scene.world.get("lists", scene.one("lists"))
        readers = str(mailing.get("active_subscribers", "0"))
        amount = {"send_amt": readers, "total_amt": readers}
        sent = {"status": SENT, "sdate": clock.stamp(now), "ldate": clock.stamp(now + timedelta(minutes=20)), **amount}
        message = yield insert("messages", {"subject": f"What is new on {now:%A}"})
        campaign = yield insert("campaigns", {"name": f"News of {now:%Y-%m-%d}", "message_id": message, **sent})
        yield insert("campaignMessages", {"campaign": campaign, "message": message, **amount})
        yield insert("campaignLists", {"campaign": campaign, "list": mailing["id"], "list_amt": readers})
    for _ in scene.times(0.3):
        yield insert("campaigns", {"name": f"Draft of day {scene.day}", "status": DRAFT})
    drafts = [row["id"] for row in scene.world.rows("campaigns") if row.get("status") == DRAFT]
    for draft in scene.dice.sample(drafts, min(len(drafts), len(scene.times(0.2)))):
        yield delete("campaigns", draft)


def readings(scene: Scene) -> Steps:
    """Open and click recent campaigns, less each day; only the counters tell."""
    for row in scene.world.rows("campaigns"):
        counts = counted(row, scene)
        if counts and any(number(row, name) < count for name, count in counts.items()):
            grown = {name: str(max(number(row, name), count)) for name, count in counts.items()}
            yield update("campaigns", row["id"], grown)
            for one in scene.belonging("campaignMessages", "campaign", row["id"]):
                known = {name: count for name, count in grown.items() if name in one}
                yield update("campaignMessages", one["id"], known)


def counted(row: Row, scene: Scene) -> dict[str, int]:
    """Return what the counters of a campaign have come to by now; nothing of one that is not recent.

    Each is a share of those before it, so that nobody clicks what was not opened.
    """
    sent = clock.read(row.get("sdate"))
    if row.get("status") != SENT or sent is None or scene.world.clock() - sent > ALIVE:
        return {}
    chance = Dice(f"reading {row['id']}")
    days = (scene.world.clock() - sent) / timedelta(days=1)
    reached = number(row, "send_amt") * (1 - LEFT_EACH_DAY**days)
    unique = reached * chance.uniform(0.25, 0.5)
    clicking = unique * chance.uniform(0.05, 0.25)
    return {
        "opens": int(unique * 1.6),
        "uniqueopens": int(unique),
        "verified_opens": int(unique * 1.1),
        "verified_unique_opens": int(unique * 0.7),
        "subscriberclicks": int(clicking),
        "uniquelinkclicks": int(clicking * 1.2),
        "linkclicks": int(clicking * 1.5),
        "unsubscribes": int(reached * chance.uniform(0.001, 0.01)),
        "hardbounces": int(reached * 0.004),
        "softbounces": int(reached * 0.01),
    }


MAILING = (sendings, readings)
