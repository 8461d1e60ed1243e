"""What those who sell did: the log of each deal, the tasks and the notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.deals import LEFT_SELLER, OPEN, Deal
from activecampaign_sandbox.worlds.small.people import DAY, Person
from activecampaign_sandbox.worlds.small.sales import stage_key

Given = dict[int, dict[str, Any]]
CALLS = (
    "Call after the samples",
    "Send the new price list",
    "Ask for the date of the tasting",
    "Visit",
    "Remind of offer",
)
SAID = (
    "Wants the herbal range first, the rest in spring.",
    "Price is fine, delivery is the question.",
    "Was on holiday; call again.",
    "Tasted six, liked four.",
    "Compares us with Brass Kettle.",
    "Needs smaller boxes for the rooms.",
)
CALLERS_SAID = ("Asked for a catalogue on paper.", "Complained about a broken pot; sent a new one.", "Moved house.")
FORGOTTEN = 0.3  # of the open deals, those for which nothing is planned
DONE, TO_DO = 1, 0


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do for a deal, made and due at these times."""

    key: int
    made: datetime
    due: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about a deal."""

    key: int
    made: datetime


@dataclass(slots=True)
class Desk:
    """The tasks and notes of one deal."""

    tasks: list[Task] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def times(self) -> list[datetime]:
        """Return when each was made."""
        return [*(task.made for task in self.tasks), *(note.made for note in self.notes)]

    @property
    def next_task(self) -> tuple[int, datetime] | None:
        """Return the task that is due next, by id, and when; it may be overdue."""
        open_tasks = [task for task in self.tasks if task.status == TO_DO]
        return min(((task.key, task.due) for task in open_tasks), key=lambda one: one[1], default=None)


def desks(random: Dice, found: Sequence[Deal], now: datetime) -> dict[int, Desk]:
    """Return what was done and noted for each deal; ids are counted through all deals."""
    rows: dict[int, Desk] = {}
    tasks = notes = 0
    for one in found:
        desk = rows[one.key] = Desk()
        end = one.closed or now
        for position, entered in one.path:
            for _ in range(random.randint(0, 1 + (position > 1))):
                tasks += 1
                made = _during(random, entered, end)
                desk.tasks.append(Task(tasks, made, made + 3 * DAY, DONE))
            if random.happens(0.4):
                notes += 1
                desk.notes.append(Note(notes, _during(random, entered, end)))
        if one.status == OPEN and not random.happens(FORGOTTEN):
            tasks += 1
            made = _during(random, one.path[-1][1], now)
            due = max(made + DAY, now + timedelta(seconds=round(86_400 * random.gauss(4, 7))))
            desk.tasks.append(Task(tasks, made, due, TO_DO))
    return rows


def _during(random: Dice, start: datetime, end: datetime) -> datetime:
    return (start + (end - start) * random.random() * 0.9).replace(microsecond=0)


def activity_rows(found: Sequence[Deal], desks_: Mapping[int, Desk]) -> Given:
    """Return the log of every deal in the order in which things happened."""
    happened = sorted(
        (entry for one in found for entry in _log(one, desks_[one.key])),
        key=lambda entry: (entry[0], entry[1]["d_id"], entry[1]["dataType"]),
    )
    return {place: {**given, "cdate": clock.stamp(when)} for place, (when, given) in enumerate(happened, start=1)}


def _log(one: Deal, desk: Desk) -> Iterator[tuple[datetime, dict[str, str]]]:
    """Yield what happened to a deal: a change names the field, the new value and the old one."""
    of = {"d_id": str(one.key), "userid": str(one.owner)}
    yield one.created, {**of, "dataType": "", "dataAction": "add"}
    if one.buyer:
        contact = {"dataId": str(one.buyer), "dataType": "contact", "dataAction": "add"}
        yield one.created + timedelta(seconds=1), {**of, **contact}
    stages = [str(stage_key(one.pipeline, position)) for position, _ in one.path]
    for before, after, (_, entered) in zip(stages, stages[1:], one.path[1:], strict=False):
        step = {"dataType": "d_stageid", "dataAction": after, "dataOldval": before}
        yield entered, {**of, "d_stageid": after, **step}
    if one.closed:
        end = {"dataType": "status", "dataAction": one.status, "dataOldval": OPEN}
        yield one.closed, {**of, **end}
    for task in desk.tasks:
        yield task.made, {**of, "dataId": str(task.key), "dataType": "task", "dataAction": "add", "isAddtask": "1"}
    for note in desk.notes:
        yield note.made, {**of, "dataId": str(note.key), "dataType": "note", "dataAction": "add"}


def task_rows(random: Dice, found: Sequence[Deal], desks_: Mapping[int, Desk]) -> Given:
    """Return the tasks."""
    return {
        task.key: {
            "reltype": "Deal",
            "relid": str(one.key),
            "title": random.choice(CALLS),
            "duedate": clock.stamp(task.due),
            "edate": clock.stamp(task.due + timedelta(minutes=15)),
            "status": task.status,
            "dealTasktype": str(1 + task.key % 3),
            "user": str(one.owner if one.owner != LEFT_SELLER else 1),
            "assignee": str(one.owner if one.owner != LEFT_SELLER else 1),
            "cdate": clock.stamp(task.made),
            "udate": clock.stamp(task.due if task.status == DONE else task.made),
        }
        for one in found
        for task in desks_[one.key].tasks
    }


def note_rows(random: Dice, found: Sequence[Deal], desks_: Mapping[int, Desk], crowd: Sequence[Person]) -> Given:
    """Return the notes about deals, and a few about contacts."""
    rows: Given = {
        note.key: {
            "reltype": "Deal",
            "relid": str(one.key),
            "userid": str(one.owner if one.owner != LEFT_SELLER else 1),
            "note": random.choice(SAID),
            "cdate": clock.stamp(note.made),
        }
        for one in found
        for note in desks_[one.key].notes
    }
    for person in crowd:
        if random.happens(0.01):
            given = {
                "reltype": "Subscriber",
                "relid": str(person.key),
                "userid": "1",
                "note": random.choice(CALLERS_SAID),
            }
            rows[len(rows) + 1] = {**given, "cdate": clock.stamp(person.created + timedelta(hours=2))}
    return rows
