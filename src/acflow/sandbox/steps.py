"""Changes and faults as plain data, for those who cannot hand over a function: other processes, files."""

from collections.abc import Mapping
from typing import Any

from acflow.sandbox.faults import Fault
from acflow.sandbox.world import World


def carry_out(world: World, step: Mapping[str, Any]) -> str | None:
    """Carry out {"do": "insert" | "update" | "delete", "entity": …, "id": …, "row": {…}}; an insert returns the id."""
    entity = step["entity"]
    if step["do"] == "insert":
        return world.insert(entity, step.get("row", {}))
    if step["do"] == "update":
        world.update(entity, step["id"], step["row"])
    elif step["do"] == "delete":
        world.delete(entity, step["id"], tombstone=step.get("tombstone", False))
    else:
        raise ValueError(f"{step['do']!r} is none of insert, update, delete")
    return None


def fault_of(given: Mapping[str, Any]) -> Fault:
    """Make a fault of its fields; what `change` and `change-after` do is given as {"mutate": [step, …]}."""
    steps = tuple(given.get("mutate", ()))

    def action(world: World) -> None:
        for step in steps:
            carry_out(world, step)

    plain = {name: value for name, value in given.items() if name != "mutate"}
    return Fault(**plain, action=action if steps else None)
