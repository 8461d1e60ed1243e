"""The measures of what contacts did with campaigns once more, in plain Python, without looking at the SQL."""

from collections import Counter
from datetime import timedelta

from tests.reports.oracle_audience import by_mail, tier_of
from tests.reports.oracle_mail import measured
from tests.reports.plain import SINCE, Result, alive, grouped, ratio
from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

DAY = timedelta(days=1)


def acts(world: World) -> list[tuple[Row, bool]]:
    """Return what was done by people themselves, and whether it was a click."""
    proxied = {row["id"] for row in world["contacts"] if row["mpp_tracking"]}
    done = [(row, True) for row in alive(world, "campaignClicks")]
    for row in alive(world, "campaignOpens"):
        fetched = row["prefetched"] if row["prefetched"] is not None else row["contact"] in proxied
        if not fetched:
            done.append((row, False))
    return done


def reader_tiers(world: World) -> Result:
    """Return how many contacts read how lately and how often."""
    members, done = grouped(by_mail(world), lambda row: (row["contact"],)), acts(world)
    cells: Counter[tuple[str, str]] = Counter()
    clickers: Counter[tuple[str, str]] = Counter()
    for contact in alive(world, "contacts"):
        if tier_of(contact, members.get((contact["id"],), [])) == "unmailable":
            continue
        mine = [(row, click) for row, click in done if row["contact"] == contact["id"]]
        lately = [(row, click) for row, click in mine if row["last_at"] >= SINCE]
        campaigns = len({row["campaign"] for row, _ in lately})
        recency = "never"
        if mine:
            silent = NOW - max(row["last_at"] for row, _ in mine)
            bounds = ((7, "recent"), (28, "engaged"), (58, "disengaged"))
            recency = next((name for days, name in bounds if silent <= days * DAY), "inactive")
        frequency = "none" if not campaigns else "1" if campaigns == 1 else "2 to 4" if campaigns < 5 else "5 and more"
        cells[recency, frequency] += 1
        clickers[recency, frequency] += any(click for _, click in lately)
    everybody = sum(cells.values())
    return {
        cell: {"contacts": count, "share": count / everybody, "clickers": clickers[cell]}
        for cell, count in cells.items()
    }


def delays(world: World) -> list[tuple[int, Row, float]]:
    """Return campaign, opening and seconds between sending and opening, of mail that is sent once."""
    sent = {
        row["id"]: row for row in alive(world, "campaigns") if measured(row)["counts"] and not measured(row)["running"]
    }
    return [
        (row["campaign"], row, (row["last_at"] - began).total_seconds())
        for row in alive(world, "campaignOpens")
        if not row["prefetched"]
        and row["campaign"] in sent
        and (began := sent[row["campaign"]]["sdate"])
        and began >= SINCE
        and row["last_at"] >= began
    ]


def open_delays(world: World) -> Result:
    """Return when mail is opened, by hours and by days."""
    found = delays(world)
    result: Result = {}
    for unit, seconds, most in (("hour", 3600, 24), ("day", 86400, 14)):
        places = Counter(int(late // seconds) for _, _, late in found)
        for place, opens in places.items():
            if place < most:
                until = sum(count for other, count in places.items() if other <= place)
                result[unit, place] = {
                    "opens": opens,
                    "share": opens / len(found),
                    "share_until_then": until / len(found),
                }
    return result


def send_hours(world: World) -> Result:
    """Return how much of the mail of each hour is opened within a day."""
    campaigns = {row["id"]: row for row in alive(world, "campaigns")}
    quick = grouped((row for _, row, late in delays(world) if late < 86400), lambda row: (row["campaign"],))
    hours: dict[int, list[tuple[Row, int]]] = {}
    for (key,), openings in quick.items():
        row = campaigns[key]
        if measured(row)["base"] and NOW - row["sdate"] >= DAY:
            people = len({opening["contact"] for opening in openings})
            hours.setdefault(row["sdate"].hour, []).append((measured(row), people))
    return {
        (hour,): {
            "campaigns": len(mine),
            "sends": sum(row["sends"] for row, _ in mine),
            "openers": sum(people for _, people in mine),
            "opened_in_a_day": ratio(sum(people for _, people in mine), sum(row["base"] for row, _ in mine)),
            "low_sample": sum(row["sends"] for row, _ in mine) < 100,
        }
        for hour, mine in hours.items()
    }


def link_clicks(world: World) -> Result:
    """Return who clicked each link."""
    clicks = alive(world, "campaignClicks")
    result: Result = {}
    for row in alive(world, "campaigns"):
        sent = row["ldate"] or row["sdate"]
        mine = [click for click in clicks if click["campaign"] == row["id"]]
        people = {click["contact"] for click in mine}
        for (link,), same in grouped(mine, lambda click: (click["link"],)).items():
            if sent and sent >= SINCE:
                clickers = len({click["contact"] for click in same})
                result[row["id"], link] = {
                    "clickers": clickers,
                    "clicks": sum(click["times"] for click in same),
                    "share_of_clickers": ratio(clickers, len(people)),
                    "click_rate": ratio(clickers, measured(row)["base"]),
                }
    return result


def mail_domains(world: World) -> Result:
    """Return what became of mail at each provider."""
    domains = {row["id"]: (row["email_domain"] or "").strip().lower() for row in alive(world, "contacts")}
    pairs: dict[str, set[tuple[int, int]]] = {name: set() for name in ("sent", "hard", "soft", "opened", "clicked")}
    for row in alive(world, "campaignSends"):
        if row["sent_at"] >= SINCE:
            pairs["sent"].add((row["contact"], row["campaign"]))
    for row in alive(world, "campaignBounces"):
        kind = row["type"] or {"5": "hard", "4": "soft"}.get((row["code"] or " ")[0], "none")
        if row["bounced_at"] >= SINCE:
            pairs.setdefault(kind, set()).add((row["contact"], row["campaign"]))
    for row, click in acts(world):
        if row["last_at"] >= SINCE:
            pairs["clicked" if click else "opened"].add((row["contact"], row["campaign"]))
    result: Result = {}
    for domain in {name for name in domains.values() if name}:
        of = {kind: [pair for pair in found if domains.get(pair[0]) == domain] for kind, found in pairs.items()}
        contacts = {contact for found in of.values() for contact, _ in found}
        if contacts:
            sends = len(of["sent"]) or None
            result[domain,] = {
                "contacts": len(contacts),
                "sends": sends,
                "hard_bounces": len(of["hard"]),
                "bounce_rate": ratio(len(of["hard"]) + len(of["soft"]), sends),
                "opens": len(of["opened"]),
                "open_rate": ratio(len(of["opened"]), sends),
                "clicks": len(of["clicked"]),
                "low_sample": (sends or 0) < 100,
            }
    return result
