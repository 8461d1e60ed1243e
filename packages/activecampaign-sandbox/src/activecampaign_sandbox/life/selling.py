"""What happens to deals: they are opened, moved, revalued, won, lost, taken out of sight, and deleted."""

from datetime import timedelta
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.life.scene import LOST, OPEN, WON, Scene, Step, Steps, delete, insert, number, update
from activecampaign_sandbox.limits import limited
from activecampaign_sandbox.wire import Row

LOOKS = 400  # deals among which those out of sight are looked for
CHANCES = (10, 25, 40, 60, 80, 90)


def openings(scene: Scene) -> Steps:
    """Open deals in the first stage of a pipeline."""
    for _ in scene.times(2):
        pipeline = scene.one("dealGroups")
        stages = _stages(scene, pipeline)
        contact, owner = scene.one("contacts"), scene.one("users", "1")
        given = {
            "title": f"Order of {clock.digits(scene.world.clock())}",
            "contact": contact,
            "owner": owner,
            "group": pipeline,
            "stage": stages[0] if stages else "0",
            "value": str(scene.dice.randint(50, 9_000) * 100),
            "currency": scene.world.get("dealGroups", pipeline)["currency"] if pipeline != "0" else "usd",
            "percent": "10",
        }
        deal = yield insert("deals", given)
        yield from _describe(scene, deal, given["currency"])


def moves(scene: Scene) -> Steps:
    """Move deals to the next stage, or back, revalue them, hand them over, and expect them at another date."""
    for deal in scene.some("deals", 10):
        row = scene.world.get("deals", deal)
        if not limited(row) and row.get("status") == OPEN:
            yield update("deals", deal, scene.pick((_moved, _moved, _revalued, _handed, _dated))(scene, row))


def endings(scene: Scene) -> Steps:
    """Win and lose deals, and open few of them again."""
    for deal in scene.some("deals", 5):
        row = scene.world.get("deals", deal)
        if limited(row):
            continue
        if row.get("status") == OPEN:
            status = WON if scene.dice.happens(0.45) else LOST
            yield update("deals", deal, {"status": status, "edate": clock.digits(scene.world.clock())})
        elif scene.dice.happens(0.05):
            yield update("deals", deal, {"status": OPEN})


def details(scene: Scene) -> Steps:
    """Add notes and tasks, get tasks done, change custom values."""
    for deal in scene.some("deals", 2):
        yield insert("notes", {"owner": {"type": "deal", "id": deal}, "note": f"Called on day {scene.day}."})
    for deal in scene.some("deals", 2):
        due = clock.stamp(scene.world.clock() + timedelta(days=scene.dice.randint(1, 9)))
        yield insert("dealTasks", {"owner": {"type": "deal", "id": deal}, "title": "Call", "duedate": due})
    for task in scene.some("dealTasks", 2):
        yield update("dealTasks", task, {"status": 1})
    for datum in scene.some("dealCustomFieldData", 2):
        row = scene.world.get("dealCustomFieldData", datum)
        yield update(
            "dealCustomFieldData", datum, _value(scene, str(row.get("customFieldId")), row.get("fieldCurrency", "usd"))
        )


def sights(scene: Scene) -> Steps:
    """Take deals out of sight of the key's user, change some that are, and bring others back."""
    for deal in scene.some("deals", 1):
        if not limited(scene.world.get("deals", deal)):
            yield {"do": "limit", "id": deal}
    looked_at = scene.world.sample("deals", LOOKS, scene.dice)
    unseen = [deal for deal in looked_at if limited(scene.world.get("deals", deal))]
    for deal in scene.dice.sample(unseen, min(len(unseen), len(scene.times(0.5)))):
        yield update("deals", deal, {"title": f"Changed on day {scene.day}", "value": str(scene.day * 1_000)})
    for deal in scene.dice.sample(unseen, min(len(unseen), len(scene.times(0.8)))):
        yield {"do": "unlimit", "id": deal}


def dismissals(scene: Scene) -> Steps:
    """Delete deals for good, those out of sight too."""
    for deal in scene.some("deals", 0.4):
        yield delete("deals", deal)


def firms(scene: Scene) -> Steps:
    """Found firms, rename them, and let them hire people."""
    for _ in scene.times(0.5):
        yield insert("accounts", {"name": f"Firm {scene.dice.randrange(10**6)}"})
    for account in scene.some("accounts", 0.3):
        yield update("accounts", account, {"name": f"Firm {scene.dice.randrange(10**6)}"})
    for contact in scene.some("contacts", 0.7):
        if scene.world.ids("accounts"):
            yield insert("accountContacts", {"contact": contact, "account": scene.one("accounts")})


def _stages(scene: Scene, pipeline: str) -> list[str]:
    """Return the stages of a pipeline in their order."""
    rows = scene.belonging("dealStages", "group", pipeline)
    return [row["id"] for row in sorted(rows, key=lambda row: number(row, "order"))]


def _moved(scene: Scene, row: Row) -> Row:
    stages = _stages(scene, str(row.get("group")))
    if str(row.get("stage")) not in stages:
        return {"stage": stages[0]} if stages else {"percent": "5"}
    step = -1 if scene.dice.happens(0.1) else 1
    place = max(0, min(len(stages) - 1, stages.index(str(row.get("stage"))) + step))
    return {"stage": stages[place], "percent": str(CHANCES[min(place, len(CHANCES) - 1)])}


def _revalued(scene: Scene, row: Row) -> Row:
    return {"value": str(int(number(row, "value") * scene.dice.choice((0.5, 0.9, 1.1, 2))) // 100 * 100)}


def _handed(scene: Scene, _: Row) -> Row:
    return {"owner": scene.one("users", "1")}


def _dated(scene: Scene, _: Row) -> Row:
    return {"edate": clock.digits(scene.world.clock() + timedelta(days=scene.dice.randint(3, 60)))}


def _describe(scene: Scene, deal: str, currency: str) -> Steps:
    for field in scene.some("dealCustomFieldMeta", 2):
        given = {"dealId": int(deal), "customFieldId": int(field), **_value(scene, field, currency)}
        yield insert("dealCustomFieldData", given)


def _value(scene: Scene, field: str, currency: str) -> dict[str, Any]:
    """Return a value as a custom field of deals of this kind holds it: text, array or number."""
    known = scene.world.has("dealCustomFieldMeta", field)
    metum = scene.world.get("dealCustomFieldMeta", field) if known else {"fieldType": "text", "fieldOptions": None}
    options = metum["fieldOptions"] if isinstance(metum["fieldOptions"], list) else []
    kind = metum["fieldType"]
    if kind == "currency":
        return {"fieldValue": scene.dice.randint(1, 9_999) * 10, "fieldCurrency": currency}
    if kind in {"multiselect", "checkbox"}:
        return {"fieldValue": scene.dice.sample(options, min(2, len(options)))}
    if kind in {"dropdown", "radio"} and options:
        return {"fieldValue": scene.pick(options)}
    texts = {
        "number": f"{scene.dice.randint(1, 99)}.5",
        "date": f"{scene.world.clock() + timedelta(days=scene.dice.randint(1, 90)):%Y-%m-%d}",
        "datetime": clock.stamp(scene.world.clock()),
    }
    return {"fieldValue": texts.get(str(kind), f"told on day {scene.day}")}


def stage_added(scene: Scene) -> Step:
    """Return the step that gives a pipeline one more stage."""
    pipeline = scene.one("dealGroups", "1")
    order = str(1 + len(_stages(scene, pipeline)))
    return insert("dealStages", {"group": pipeline, "title": f"Stage {order}", "order": order})


SELLING = (openings, moves, endings, details, sights, dismissals, firms)
