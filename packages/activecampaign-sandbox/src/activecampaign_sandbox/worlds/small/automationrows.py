"""The rows of automations, and of the scores that the account keeps."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.small.automations import AUTOMATIONS, STEPS, Entry
from activecampaign_sandbox.worlds.small.people import DAY
from activecampaign_sandbox.worlds.small.steps import step_key

Given = dict[int, dict[str, Any]]
SCORES = (
    ("contact", "Reads us", "+1 for every mail opened, -10 after 90 days without any"),
    ("contact", "Buys", "+20 for every order"),
    ("deal", "Worth a visit", "+10 if the firm is within an hour's drive"),
)
RUNNING, STOPPED = "1", "2"


def automation_rows(entries: Sequence[Entry], now: datetime) -> Given:
    """Return the automations; their counters agree with who entered and left."""
    entered = Counter(entry.automation for entry in entries)
    left = Counter(entry.automation for entry in entries if entry.left)
    return {
        key: {
            "name": one.name,
            "cdate": clock.stamp(now - one.age * DAY),
            "mdate": clock.stamp(now - one.age * DAY / 2),
            "userid": str(1 + key % 2),
            "status": RUNNING if one.running else STOPPED,
            "entered": str(entered[key]),
            "exited": str(left[key]),
        }
        for key, one in enumerate(AUTOMATIONS, start=1)
    }


def entry_rows(entries: Sequence[Entry], now: datetime) -> Given:
    """Return who is, or was, in which automation."""
    return {place: _entry(entry, now) for place, entry in enumerate(entries, start=1)}


def _entry(entry: Entry, now: datetime) -> dict[str, Any]:
    given: dict[str, Any] = {
        "contact": str(entry.person.key),
        "seriesid": str(entry.automation),
        "adddate": clock.stamp(entry.added),
        "totalElements": STEPS,
    }
    if entry.left:
        done: dict[str, Any] = {"completedElements": STEPS, "completed": 1, "completeValue": 100, "status": "2"}
        done["lastblock"] = str(step_key(entry.automation, STEPS))
        return {**given, **done, "remdate": clock.stamp(entry.left), "lastdate": clock.stamp(entry.left)}
    share = (now - entry.added) / (AUTOMATIONS[entry.automation - 1].days * 1.4 * DAY)
    steps = min(STEPS - 1, int(STEPS * share))
    last = {"lastdate": clock.stamp(entry.added)} if steps else {}
    last["lastblock"] = str(step_key(entry.automation, steps))
    return {**given, **last, "completedElements": steps, "completeValue": 100 * steps // STEPS}


def score_rows(now: datetime) -> Given:
    """Return the rules of the scores."""
    return {
        key: {"reltype": of, "name": name, "descript": rule, "cdate": clock.stamp(now - (600 - key) * DAY)}
        for key, (of, name, rule) in enumerate(SCORES, start=1)
    }
