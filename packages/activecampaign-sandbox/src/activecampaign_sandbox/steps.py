"""Changes and faults as plain data, for those who cannot hand over a function: other processes, files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from activecampaign_sandbox.faults import Fault
from activecampaign_sandbox.world import World


def carry_out(world: World, step: Mapping[str, Any]) -> str | None:
    """Carry out {"do": "insert" | …, "entity": …, "id": …, "row": {…}}; an insert returns the id."""
    kind = step["do"]
    if kind == "insert":
        return world.insert(step["entity"], step.get("row", {}), step.get("facts"))
    if kind not in STEPS:
        raise ValueError(f"{kind!r} is none of insert, {', '.join(STEPS)}")
    STEPS[kind](world, step)
    return None


Step = Callable[[World, Mapping[str, Any]], object]
STEPS: Mapping[str, Step] = {
    "update": lambda world, step: world.update(step["entity"], step["id"], step["row"]),
    "delete": lambda world, step: world.delete(step["entity"], step["id"], tombstone=step.get("tombstone", False)),
    "limit": lambda world, step: world.limit_deal(step["id"]),
    "unlimit": lambda world, step: world.unlimit_deal(step["id"]),
    "advance": lambda world, step: world.advance(**step["by"]),
    "set-clock": lambda world, step: world.set_clock(datetime.fromisoformat(step["to"])),
    "rename-key": lambda world, step: world.rename_key(step["entity"], step["key"], step["to"]),
    "remove-key": lambda world, step: world.remove_key(step["entity"], step["key"]),
    "add-key": lambda world, step: world.add_key(step["entity"], step["key"], step.get("value")),
    "retype-key": lambda world, step: world.retype_key(step["entity"], step["key"], step.get("to")),
}


def fault_of(given: Mapping[str, Any]) -> Fault:
    """Make a fault of its fields; what `change` and `change-after` do is given as {"mutate": [step, …]}."""
    steps = tuple(given.get("mutate", ()))

    def action(world: World) -> None:
        for step in steps:
            carry_out(world, step)

    plain = {name: value for name, value in given.items() if name != "mutate"}
    return Fault(**plain, action=action if steps else None)
