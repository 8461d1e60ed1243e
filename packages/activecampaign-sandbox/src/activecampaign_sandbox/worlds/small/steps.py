"""What the automations consist of, step by step; where each contact stands in them; and the goals that they reached."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.small.automations import AUTOMATIONS, STEPS, Entry
from activecampaign_sandbox.worlds.small.mail import Campaign
from activecampaign_sandbox.worlds.small.people import DAY

Given = dict[int, dict[str, Any]]
GOALS = {2: "Basket was paid", 3: "Review was written", 6: "First trade order"}  # by automation
REACHES = 3  # every so many who got through reached the goal


def step_key(automation: int, place: int) -> int:
    """Return the id of a step: of the entry for 0, of the last for STEPS."""
    return automation * 100 + place


def block_rows(campaigns: Mapping[int, Campaign], now: datetime) -> Given:
    """Return the steps of each automation: its start, its mails with pauses between, its goal and its end."""
    mails: dict[str, list[int]] = {}
    for key, campaign in campaigns.items():
        mails.setdefault(str(campaign.given.get("seriesid", "0")), []).append(key)
    found: Given = {}
    for number, automation in enumerate(AUTOMATIONS, start=1):
        kinds = _kinds(mails.get(str(number), []), goal=GOALS.get(number, ""))
        for place, (kind, params) in enumerate(kinds):
            made = clock.stamp(now - automation.age * DAY)
            found[step_key(number, place)] = {
                "automation": str(number),
                "parent": str(step_key(number, place - 1)) if place else "0",
                "ordernum": str(place),
                "type": kind,
                "params": params,
                "cdate": made,
                "mdate": made,
            }
    return found


def _kinds(mails: Sequence[int], goal: str) -> list[tuple[str, dict[str, Any]]]:
    """Return as many steps as an automation has elements, behind its start."""
    kinds: list[tuple[str, dict[str, Any]]] = [("start", {"starts": ["1"]})]
    for mail in sorted(mails):
        kinds += [("send", {"campaignid": mail, "sendtype": "imm"}), ("wait", {"waittime": 3, "waitdurt": "day"})]
    last: list[tuple[str, dict[str, Any]]] = [("goal", {"name": goal, "position": "below"})] if goal else []
    last.append(("end", {}))
    kinds = kinds[: STEPS + 1 - len(last)]
    fill = STEPS + 1 - len(kinds) - len(last)
    return kinds + [("addtag", {"tagIds": ["1"]})] * fill + last


def goal_rows(now: datetime) -> Given:
    """Return the goals of those automations that have one: the step before the last."""
    return {
        key: {
            "seriesid": str(number),
            "blockid": str(step_key(number, STEPS - 1)),
            "name": name,
            "cdate": clock.stamp(now - AUTOMATIONS[number - 1].age * DAY),
        }
        for key, (number, name) in enumerate(GOALS.items(), start=1)
    }


def reached_rows(entries: Sequence[Entry]) -> Given:
    """Return who reached the goal of an automation: every third of those who got through it."""
    goals = {number: key for key, number in enumerate(GOALS, start=1)}
    through = [(run, entry) for run, entry in enumerate(entries, start=1) if entry.left and entry.automation in goals]
    found: Given = {}
    for run, entry in through[::REACHES]:
        assert entry.left  # noqa: S101 - chosen by it
        found[len(found) + 1] = {
            "goalid": str(goals[entry.automation]),
            "seriesid": str(entry.automation),
            "subscriberid": str(entry.person.key),
            "subscriberseriesid": str(run),
            "timespan": str(int((entry.left - entry.added).total_seconds())),
            "tstamp": clock.stamp(entry.left),
        }
    return found
