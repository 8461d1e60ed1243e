"""What people do, and what is done to them: they come, change, are tagged, leave lists, and are deleted."""

from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.life.scene import Scene, Steps, delete, insert, number, update
from activecampaign_sandbox.worlds.small.names import DOMAINS, FIRST, LAST

WORDS = ("Assam", "Earl Grey", "Rooibos", "Sencha", "by post", "at the fair", "asked twice", "")
CHOICES = ("dropdown", "radio", "multiselect", "checkbox", "listbox")
UNSUBSCRIBED, BOUNCED = "2", "3"


def newcomers(scene: Scene) -> Steps:
    """Sign people up: by a form, to a list, and with something told about themselves."""
    for _ in scene.times(6):
        first, last = scene.pick(FIRST), scene.pick(LAST)
        email = f"{first.lower()}.{scene.dice.randrange(10**9)}@{scene.pick(DOMAINS)}"
        form = scene.one("forms")
        facts = {} if form == "0" else {"forms": [form]}
        contact = yield insert("contacts", {"email": email, "firstName": first, "lastName": last}, **facts)
        if form != "0":
            counts = scene.world.get("forms", form)
            yield update("forms", form, {name: number(counts, name) + 1 for name in ("entries", "contacts")})
        yield from _join(scene, contact, form)
        yield from _tell(scene, contact)


def edits(scene: Scene) -> Steps:
    """Correct what is known of contacts, sometimes to what it was already."""
    for contact in scene.some("contacts", 8):
        row = scene.world.get("contacts", contact)
        changes = (
            {"phone": f"+1555{scene.dice.randrange(10**7):07d}"},
            {"lastName": scene.pick(LAST)},
            {"firstName": row.get("firstName", "")},
        )
        yield update("contacts", contact, scene.pick(changes))


def tagging(scene: Scene) -> Steps:
    """Give tags and take them away."""
    for contact in scene.some("contacts", 8):
        tag = scene.one("tags")
        if tag not in {row["tag"] for row in scene.belonging("contactTags", "contact", contact)}:
            yield insert("contactTags", {"contact": contact, "tag": tag})
    for tagged in scene.some("contactTags", 3):
        yield delete("contactTags", tagged)


def lists(scene: Scene) -> Steps:
    """Let people join further lists, leave some, come back, and become unreachable."""
    for contact in scene.some("contacts", 4):
        yield from _join(scene, contact, "0")
    for member in scene.some("contactLists", 6):
        row = scene.world.get("contactLists", member)
        left = {"status": UNSUBSCRIBED, "unsubreason": scene.pick(("too many mails", "")), "campaign": None}
        back = {"status": "1", "sdate": clock.stamp(scene.world.clock())}
        yield update("contactLists", member, left if row.get("status") == "1" else back)
    for member in scene.some("contactLists", 0.7):
        yield update("contactLists", member, {"status": BOUNCED})
        person = number(scene.world.get("contactLists", member), "contact")
        day = clock.stamp(scene.world.clock())[:10]
        if scene.world.has("contacts", person):
            yield update("contacts", str(person), {"bounced_hard": "1", "bounced_date": day})


def telling(scene: Scene) -> Steps:
    """Give, change and clear custom values."""
    for contact in scene.some("contacts", 5):
        yield from _tell(scene, contact)
    for value in scene.some("fieldValues", 5):
        field = number(scene.world.get("fieldValues", value), "field")
        cleared = scene.dice.happens(0.15)
        if scene.world.has("fields", field):
            yield update("fieldValues", value, {"value": "" if cleared else _answer(scene, str(field))})


def automations(scene: Scene) -> Steps:
    """Lead people into automations and through them."""
    for contact in scene.some("contacts", 4):
        if scene.world.ids("automations"):
            yield insert("contactAutomations", {"contact": contact, "automation": scene.one("automations")})
    for entry in scene.some("contactAutomations", 4):
        if scene.world.get("contactAutomations", entry).get("remdate") is None:
            now = clock.stamp(scene.world.clock())
            done = {"completedElements": 3, "completed": 1, "completeValue": 100}
            yield update("contactAutomations", entry, {"status": "2", "remdate": now, **done})


def departures(scene: Scene) -> Steps:
    """Delete contacts for good."""
    for contact in scene.some("contacts", 1.5):
        yield delete("contacts", contact)


def silence(scene: Scene) -> Steps:
    """Open mails, and rewrite rows as the vendor does: changes of contacts that move no `udate`."""
    if not scene.quiet:
        return
    now = scene.world.clock()
    for contact in scene.some("contacts", 20):
        sent = number(scene.world.get("contacts", contact), "sentcnt") + 1
        yield update("contacts", contact, {"sentcnt": str(sent), "last_open_date": clock.stamp(now)})
    if scene.day % 10 == 0:
        for contact in scene.some("contacts", 40):
            yield update("contacts", contact, {"updated_timestamp": clock.digits(now)})


def _join(scene: Scene, contact: str, form: str) -> Steps:
    mailing = scene.one("lists")
    member_of = {row["list"] for row in scene.belonging("contactLists", "contact", contact)}
    if mailing not in member_of | {"0"}:
        yield insert("contactLists", {"contact": contact, "list": mailing, "form": None if form == "0" else form})


def _tell(scene: Scene, contact: str) -> Steps:
    known = {row["field"] for row in scene.belonging("fieldValues", "contact", contact)}
    for field in scene.some("fields", 1.5):
        if field not in known:
            yield insert("fieldValues", {"contact": contact, "field": field, "value": _answer(scene, field)})


def _answer(scene: Scene, field: str) -> str:
    """Return a value as a field of this kind holds it."""
    row = scene.world.get("fields", field)
    if row["type"] in CHOICES:
        options = [str(one["value"]) for one in scene.belonging("fieldOptions", "field", field)] or list(WORDS)
        if row["type"] in {"dropdown", "radio"}:
            return scene.pick(options)
        return "||".join(("", *scene.dice.sample(options, min(2, len(options))), ""))
    answers: dict[str, Any] = {
        "date": f"{scene.dice.randint(1960, 2026)}-{scene.dice.randint(1, 12):02d}-{scene.dice.randint(1, 28):02d}",
        "datetime": clock.stamp(scene.world.clock()),
        "number": str(scene.dice.randint(1, 40)),
    }
    return str(answers.get(row["type"], scene.pick(WORDS)))


CROWD = (newcomers, edits, tagging, lists, telling, automations, departures, silence)
