"""What else a change brings about in an account: dates that move with it, counters, lists of ids, entries in logs.

Pure: each function says what is to be written, and the world writes it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.limits import limited
from activecampaign_sandbox.wire import Row

Look = Callable[[str, str], Item | None]
ACTIVE, REMOVED = "1", "91"
LOGGED = {"d_stageid": "stage", "status": "status", "userid": "owner", "value": "value"}  # by what the log calls them


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one record: before and after, None where it was not there yet or is no more."""

    entity: str
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """Return the record as it is, or was at last."""
        return self.after or self.before or {}

    def of(self, name: str) -> tuple[Any, Any]:
        """Return a field before and after."""
        return (self.before or {}).get(name), (self.after or {}).get(name)


@dataclass(frozen=True, slots=True)
class Write:
    """Something to be written: to a record that is there, or without a key to a new one.

    `touch` says that its date moves as with any write.
    """

    entity: str
    key: str | None
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    touch: bool = False


def effects(change: Change, look: Look, behaviour: Behaviour) -> Iterator[Write]:
    """Yield what a change brings about; nothing is written to records that are not there."""
    for write in EFFECTS.get(change.entity, _nothing)(change, look, behaviour):
        if write.key is None or look(write.entity, write.key):
            yield write


def _nothing(_: Change, __: Look, ___: Behaviour) -> Iterator[Write]:
    yield from ()


def _counted(entity: str, key: str, steps: Mapping[str, int], look: Look) -> Iterator[Write]:
    """Yield counters moved by some steps; one that an account does not have or does not count stays."""
    item = look(entity, key)
    row = item.row if item else {}
    moved = {name: int(row[name]) + step for name, step in steps.items() if step and str(row.get(name)).isdecimal()}
    if moved:
        yield Write(entity, key, {name: str(max(0, count)) for name, count in moved.items()})


def _tagged(change: Change, look: Look, _: Behaviour) -> Iterator[Write]:
    """Move the contact's date and, when the tag is given rather than taken, the tag's."""
    contact, tag = str(change.row.get("contact")), str(change.row.get("tag"))
    item = look("contacts", contact)
    others = [one for one in (item.facts.get("tags", ()) if item else ()) if one != tag]
    yield Write("contacts", contact, facts={"tags": [*others, tag] if change.after else others}, touch=True)
    if change.before is None or change.after is None:
        yield from _counted("tags", tag, {"subscriber_count": 1 if change.after else -1}, look)
    if change.after:
        yield Write("tags", tag, touch=True)


def _joined(change: Change, look: Look, _: Behaviour) -> Iterator[Write]:
    """Move the contact's date and the list's counters, but none of the list's dates."""
    contact, mailing = str(change.row.get("contact")), str(change.row.get("list"))
    was, now = change.of("status")
    item = look("contacts", contact)
    lists = {name: status for name, status in (item.facts.get("lists", {}) if item else {}).items() if name != mailing}
    yield Write("contacts", contact, facts={"lists": lists if now is None else {**lists, mailing: now}}, touch=True)
    steps = {
        "active_subscribers": (now == ACTIVE) - (was == ACTIVE),
        "non_deleted_subscribers": (now not in {None, REMOVED}) - (was not in {None, REMOVED}),
    }
    yield from _counted("lists", mailing, steps, look)


def _automated(change: Change, look: Look, _: Behaviour) -> Iterator[Write]:
    left = change.of("remdate")[0] is None and change.of("remdate")[1] is not None
    if change.after:
        steps = {"entered": int(change.before is None), "exited": int(left)}
        yield from _counted("automations", str(change.row.get("automation")), steps, look)


def _valued(change: Change, _: Look, behaviour: Behaviour) -> Iterator[Write]:
    """Move the date of the contact or deal, which nobody knows for sure."""
    if behaviour.values_touch and change.entity == "fieldValues":
        yield Write("contacts", str(change.row.get("contact")), touch=True)
    if behaviour.values_touch and change.entity == "dealCustomFieldData":
        yield Write("deals", str(change.row.get("dealId")), touch=True)


def _listed(parent: str, field_of_child: str, ids: str) -> Callable[[Change, Look, Behaviour], Iterator[Write]]:
    """Keep the ids of what belongs to a record within that record."""

    def keep(change: Change, look: Look, behaviour: Behaviour) -> Iterator[Write]:
        owner, own = str(change.row.get(field_of_child)), str(change.row["id"])
        item = look(parent, owner)
        known = item.row.get(ids) if item else None
        if isinstance(known, list):
            others = [one for one in known if one != own]
            touch = parent == "contacts" and behaviour.values_touch
            yield Write(parent, owner, {ids: [*others, own] if change.after else others}, touch=touch)

    return keep


def _dealt(change: Change, _: Look, behaviour: Behaviour) -> Iterator[Write]:
    """Log what happened to a deal.

    The entries of an addition are documented; that a change is logged under its field, with the new value as action,
    is claimed for the status and guessed for the rest.
    """
    if not behaviour.deal_log or change.after is None or limited(change.after):
        return
    key, user = str(change.after["id"]), str(change.after.get("owner", "1"))
    if change.before is None:
        yield Write("dealActivities", None, {"deal": key, "userid": user})
        contact = str(change.after.get("contact"))
        if contact not in {"0", "None"}:
            went = {"deal": key, "userid": user, "dataType": "contact", "dataId": contact}
            yield Write("dealActivities", None, went)
        return
    for kind, name in LOGGED.items():
        was, now = change.of(name)
        if was != now and was is not None and now is not None:
            stage = {"d_stageid": str(now)} if name == "stage" else {}
            entry = {"dataType": kind, "dataAction": str(now), "dataOldval": str(was), **stage}
            yield Write("dealActivities", None, {"deal": key, "userid": user, **entry})


def _noted(change: Change, look: Look, behaviour: Behaviour) -> Iterator[Write]:
    """Log that a deal got a note or a task."""
    if not behaviour.deal_log or change.before or change.row.get("reltype") != "Deal":
        return
    deal, kind = str(change.row.get("relid")), "note" if change.entity == "notes" else "task"
    if look("deals", deal):
        yield Write("dealActivities", None, {"deal": deal, "dataType": kind, "dataId": str(change.row["id"])})


EFFECTS: Mapping[str, Callable[[Change, Look, Behaviour], Iterator[Write]]] = {
    "contactTags": _tagged,
    "contactLists": _joined,
    "contactAutomations": _automated,
    "fieldValues": _valued,
    "dealCustomFieldData": _valued,
    "accountContacts": _listed("contacts", "contact", "accountContacts"),
    "fieldOptions": _listed("fields", "field", "options"),
    "fieldRels": _listed("fields", "field", "relations"),
    "dealStages": _listed("dealGroups", "group", "stages"),
    "deals": _dealt,
    "notes": _noted,
    "dealTasks": _noted,
}
