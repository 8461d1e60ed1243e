"""Steering and looking in from outside, under a prefix of its own: /_sandbox/."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acflow.sandbox.app import Sandbox
from acflow.sandbox.faults import Fault
from acflow.sandbox.world import World

PREFIX = "/_sandbox/"


def control(sandbox: Sandbox) -> Starlette:
    """Return the application below /_sandbox/."""

    async def state(_: Request) -> Response:
        return JSONResponse(state_of(sandbox))

    async def log(_: Request) -> Response:
        return JSONResponse([record.as_dict() for record in sandbox.requests])

    async def reset(_: Request) -> Response:
        sandbox.world.reset()
        sandbox.script.clear()
        sandbox.requests.clear()
        sandbox.behave(sandbox.behaviour)
        return JSONResponse(state_of(sandbox))

    async def behave(request: Request) -> Response:
        return await _trying(request, lambda given: sandbox.behave(replace(sandbox.behaviour, **given)))

    async def mutate(request: Request) -> Response:
        return await _trying(request, lambda given: _mutate(sandbox.world, given))

    async def fault(request: Request) -> Response:
        return await _trying(request, lambda given: sandbox.script.add(_fault(given)))

    async def calm(_: Request) -> Response:
        sandbox.script.clear()
        return JSONResponse({})

    return Starlette(
        routes=[
            Route(f"{PREFIX}state", state),
            Route(f"{PREFIX}log", log),
            Route(f"{PREFIX}reset", reset, methods=["POST"]),
            Route(f"{PREFIX}behaviour", behave, methods=["POST"]),
            Route(f"{PREFIX}mutate", mutate, methods=["POST"]),
            Route(f"{PREFIX}faults", fault, methods=["POST"]),
            Route(f"{PREFIX}faults", calm, methods=["DELETE"]),
        ],
    )


def state_of(sandbox: Sandbox) -> dict[str, Any]:
    """Return what the server holds and how it behaves."""
    return {
        "world": sandbox.world.name,
        "now": sandbox.world.clock().isoformat(),
        "rows": {path: len(table) for path, table in sandbox.world.tables.items()},
        "requests": len(sandbox.requests),
        "behaviour": asdict(sandbox.behaviour),
        "faults": [
            {f.name: getattr(fault, f.name) for f in fields(fault) if f.name != "action"}
            for fault in sandbox.script.faults
        ],
        "key": sandbox.key,
    }


async def _trying(request: Request, action: Callable[[Mapping[str, Any]], object]) -> Response:
    try:
        given = await request.json()
        done = action(given)
    except (KeyError, TypeError, ValueError, json.JSONDecodeError) as error:
        return JSONResponse({"message": f"{type(error).__name__}: {error}"}, 400)
    return JSONResponse({"id": done} if isinstance(done, str) else {})


def _mutate(world: World, given: Mapping[str, Any]) -> str | None:
    """Carry out {"do": "insert" | "update" | "delete", "entity": …, "id": …, "row": {…}}."""
    entity = given["entity"]
    if given["do"] == "insert":
        return world.insert(entity, given.get("row", {}))
    if given["do"] == "update":
        world.update(entity, given["id"], given["row"])
    elif given["do"] == "delete":
        world.delete(entity, given["id"])
    else:
        raise ValueError(f"{given['do']!r} is none of insert, update, delete")
    return None


def _fault(given: Mapping[str, Any]) -> Fault:
    """Make a fault of its fields; a change is given as {"mutate": [what /_sandbox/mutate takes, …]}."""
    steps = given.get("mutate", ())

    def action(world: World) -> None:
        for step in steps:
            _mutate(world, step)

    fields_given = {name: value for name, value in given.items() if name != "mutate"}
    return Fault(**fields_given, action=action if steps else None)
