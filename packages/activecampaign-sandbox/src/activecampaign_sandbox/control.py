"""Steering and looking in from outside, under a prefix of its own: /_sandbox/."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activecampaign_sandbox.app import Sandbox
from activecampaign_sandbox.life import Life
from activecampaign_sandbox.steps import carry_out, fault_of

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
        return await _trying(request, lambda given: carry_out(sandbox.world, given))

    async def live(request: Request) -> Response:
        return await _trying(request, lambda given: _live(sandbox, **given))

    async def fault(request: Request) -> Response:
        return await _trying(request, lambda given: sandbox.script.add(fault_of(given)))

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
            Route(f"{PREFIX}live", live, methods=["POST"]),
            Route(f"{PREFIX}faults", fault, methods=["POST"]),
            Route(f"{PREFIX}faults", calm, methods=["DELETE"]),
        ],
    )


def _live(sandbox: Sandbox, days: int = 1, **life: Any) -> None:  # noqa: ANN401 - seed, pace, quiet
    Life(sandbox.world, **life).days(days)


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
