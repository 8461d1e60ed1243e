"""The measures of e-mail once more, in plain Python over rows: slow, short, and written without looking at the SQL.

Each function returns what the rows of a report must hold, by the columns that tell rows apart.
"""

import math
from datetime import timedelta
from typing import Any

from tests.reports.plain import Result, alive, grouped, month_of, ratio, total
from tests.reports.random_world import World
from tests.reports.report_harness import NOW, Row

RUNNING = {"responder", "recurring", "reminder", "activerss"}


def measured(row: Row) -> Row:
    """Return the base quantities of a campaign's counters."""
    sent, planned = row["send_amt"], row["total_amt"]
    sends = sent or (planned if row["type"] == "responder" else 0)
    bounced = (row["hardbounces"] or 0) + (row["softbounces"] or 0)
    delivered = max(sends - bounced, 0)
    counts = sends > 0 and row["status"] not in {0, 7}
    signs = ("total_amt", "uniqueopens", "opens", "linkclicks", "uniquelinkclicks", "subscriberclicks")
    active = bounced > 0 or any(row.get(name) for name in signs)
    opens, links = counts and row["trackreads"] is not False, counts and row["tracklinks"] != "none"
    people = row["uniquelinkclicks"] if row["subscriberclicks"] is None else row["subscriberclicks"]
    return {
        "id": row["id"],
        "counts": counts,
        "unknown": sends == 0 and row["status"] not in {0, 7} and active,
        "running": bool(row.get("seriesid")) or row["type"] in RUNNING,
        "month": month_of(row["ldate"] or row["sdate"]),
        "sends": sends,
        "delivered": delivered,
        "base": (delivered or None) if counts else None,
        "bounces": bounced,
        "opens": row["uniqueopens"] if opens else None,
        "verified": row["verified_unique_opens"] if opens else None,
        "clickers": people if links else None,
        "unsubscribes": row["unsubscribes"] if counts else None,
    }


def campaign_performance(world: World) -> Result:
    """Return the main rates of each campaign."""
    found: Result = {}
    for row in alive(world, "campaigns"):
        each = measured(row)
        sends = each["sends"] if each["counts"] else None
        found[row["id"],] = {
            "sends": each["sends"],
            "base": each["base"],
            "open_rate": ratio(each["opens"], each["base"]),
            "verified_open_rate": ratio(each["verified"], each["base"]),
            "click_rate": ratio(each["clickers"], each["base"]),
            "ctor": ratio(each["clickers"], each["opens"]),
            "bounce_rate": ratio(each["bounces"], sends),
            "unsubscribe_rate": ratio(row["unsubscribes"], sends),
        }
    return found


def summed(rows: list[Row]) -> Row:
    """Return ratios of sums of measured campaigns, each with its sign where it has one."""

    def of(name: str, *known: str) -> Any:  # noqa: ANN401 - a number
        return total(
            None if row[name] is None else row.get("sign", 1) * row[name]
            for row in rows
            if row["counts"] and all(row[other] is not None for other in known)
        )

    def gained(mine: list[Row], name: str) -> int:
        return sum(row.get("sign", 1) * row[name] for row in mine if row["counts"])

    by_id = grouped(rows, lambda row: (row["id"],))
    return {
        "campaigns": sum(gained(mine, "sends") > 0 for mine in by_id.values()),
        "campaigns_without_sends": sum(
            gained(mine, "sends") <= 0 and sum(row.get("sign", 1) for row in mine if row["unknown"]) > 0
            for mine in by_id.values()
        ),
        "sends": of("sends"),
        "open_rate": ratio(of("opens"), of("base", "opens")),
        "verified_open_rate": ratio(of("verified"), of("base", "verified")),
        "click_rate": ratio(of("clickers"), of("base", "clickers")),
        "ctor": ratio(of("clickers", "opens"), of("opens", "clickers")),
        "bounce_rate": ratio(of("bounces"), of("sends")),
        "unsubscribe_rate": ratio(of("unsubscribes"), of("sends")),
    }


def campaigns_by_type(world: World) -> Result:
    """Return the rates of each kind of campaign."""
    kinds = {row["id"]: row["type"] for row in alive(world, "campaigns")}
    rows = [row for row in map(measured, alive(world, "campaigns")) if row["counts"] or row["unknown"]]
    by_kind = grouped(rows, lambda row: (kinds[row["id"]], row["running"]))
    return {key: summed(rows) for key, rows in by_kind.items()}


def campaigns_by_month(world: World) -> Result:
    """Return the rates of each month: one-off mail by its month, the rest by what its counters gained."""
    now = {row["id"]: row for row in alive(world, "campaigns")}
    rows = [row for row in map(measured, now.values()) if not row["running"] and row["month"]]
    readings = [row for row in world.get("campaigns_daily", []) if row["id"] in now]
    began = min((row["_taken_at"] for row in readings), default=None)
    for key, found in grouped(readings, lambda row: (row["id"],)).items():
        campaign = now[key[0]]
        if not measured(campaign)["running"]:
            continue
        days = sorted(found, key=lambda row: row["day"])
        before = days[0] if began and campaign["cdate"] < began else None
        for month, of_month in grouped(days, lambda row: (month_of(row["day"]),)).items():
            if before:
                rows.append({**measured({**campaign, **before}), "month": month[0], "sign": -1})
            before = max(of_month, key=lambda row: row["day"])
            rows.append({**measured({**campaign, **before}), "month": month[0]})
    by_month = grouped([row for row in rows if row["counts"] or row["unknown"]], lambda row: (row["month"],))
    return {key: summed(rows) for key, rows in by_month.items()}


def campaigns_by_list(world: World) -> Result:
    """Return the rates of each list; a campaign counts on every list that it went to, once."""
    ties = {(row["list"], row["campaign"]) for row in alive(world, "campaignLists")}
    known = {row["id"]: row for row in map(measured, alive(world, "campaigns")) if row["counts"] or row["unknown"]}
    found: Result = {}
    for of in {of for of, campaign in ties if campaign in known}:
        mine = {campaign for each, campaign in ties if each == of and campaign in known}
        shared = {key for each, key in ties if each != of and key in mine and known[key]["counts"]}
        found[of,] = {**summed([known[key] for key in mine]), "shared_campaigns": len(shared)}
    return found


def split_tests(world: World) -> Result:
    """Return the rates of each message of a split test, and whether it beats the others beyond chance."""
    campaigns = {row["id"]: row for row in alive(world, "campaigns") if row["type"] == "split"}
    ties = [row for row in alive(world, "campaignMessages") if row["campaign"] in campaigns]
    known = {row["id"]: measured({**campaigns[row["campaign"]], **row, "verified_unique_opens": None}) for row in ties}
    found: Result = {}
    for row in ties:
        each = known[row["id"]]
        rivals = [known[one["id"]] for one in ties if one["campaign"] == row["campaign"] and one is not row]
        tops = [top for one in rivals if (top := wilson(one, 1)) is not None]
        low = wilson(each, -1)
        found[row["campaign"], row["message"]] = {
            "sends": each["sends"],
            "open_rate": ratio(each["opens"], each["base"]),
            "click_rate": ratio(each["clickers"], each["base"]),
            "ctor": ratio(each["clickers"], each["opens"]),
            "unsubscribe_rate": ratio(row["unsubscribes"], each["sends"]) if each["counts"] else None,
            "significantly_better": low > max(tops) if tops and low is not None else None,
        }
    return found


def wilson(each: Row, side: int) -> float | None:
    """Return an end of Wilson's interval, as it stands in textbooks."""
    rate, n, z = ratio(each["opens"], each["base"]), each["base"], 1.96
    if rate is None or rate > 1:
        return None
    spread = z * math.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return float((rate + z**2 / (2 * n) + side * spread) / (1 + z**2 / n))


def same_age(world: World) -> Result:
    """Return each campaign as its first reading within a day after an age shows it."""
    readings = grouped(world.get("campaigns_daily", []), lambda row: (row["id"],))
    alive_ones = alive(world, "campaigns")
    seen = [row["_taken_at"] for each in alive_ones for row in readings.get((each["id"],), [])]
    found: Result = {}
    for row in alive_ones:
        each, sent = measured(row), row["sdate"]
        if each["running"] or not each["counts"] or not seen or sent is None or sent < min(seen):
            continue
        for age, hours in (("24 h", 24), ("48 h", 48), ("7 d", 168)):
            due = sent + timedelta(hours=hours)
            mine = [one for one in readings.get((row["id"],), []) if due <= one["_taken_at"] < due + timedelta(days=1)]
            then = min(mine, key=lambda one: one["_taken_at"], default=None)
            if due <= NOW:
                found[row["id"], age] = _aged(measured({**row, **then})) if then else dict.fromkeys(AGED)
    return found


AGED = ("sends", "open_rate", "verified_open_rate", "click_rate", "ctor")


def _aged(then: Row) -> Row:
    rates = [ratio(then[name], then["base"]) for name in ("opens", "verified", "clickers")]
    return dict(zip(AGED, (then["sends"], *rates, ratio(then["clickers"], then["opens"])), strict=True))


def proxy_opens(world: World) -> Result:
    """Return what campaigns tell of Apple's proxy, by month."""
    rows = [row for row in map(measured, alive(world, "campaigns")) if row["counts"] and not row["running"]]
    known = [row for row in rows if row["month"] and row["opens"] is not None and row["verified"] is not None]
    found: Result = {}
    for key, mine in grouped(known, lambda row: (row["month"],)).items():
        opens, verified, base = (total(row[name] for row in mine) for name in ("opens", "verified", "base"))
        found[key] = {
            "campaigns": len(mine),
            "proxy_opens": opens - verified,
            "proxy_share": ratio(opens - verified, opens),
            "open_rate": ratio(opens, base),
            "verified_open_rate": ratio(verified, base),
        }
    return found


def segment_audit(world: World) -> Result:
    """Return what became of each segment, those that campaigns name but that are gone among them."""
    segments = {row["id"]: row for row in alive(world, "segments")}
    uses = grouped([row for row in alive(world, "campaigns") if row["segmentid"]], lambda row: (row["segmentid"],))
    found: Result = {}
    for key in segments.keys() | {key for (key,) in uses}:
        mine = uses.get((key,), [])
        sent = [each for each in map(measured, mine) if each["counts"]]
        idle = "automation" if segments.get(key, {}).get("seriesid") else "never used"
        state = "used" if sent else "planned" if mine else idle
        moments = [row["ldate"] or row["sdate"] for row in mine if measured(row)["counts"]]
        rates = summed(sent)
        found[key,] = {
            "state": state if key in segments else "missing",
            "campaigns": len(mine),
            "sent_campaigns": len(sent),
            "last_used_at": max((moment for moment in moments if moment), default=None),
            **{name: rates[name] for name in ("sends", "open_rate", "click_rate", "unsubscribe_rate")},
        }
    return found
