"""An assistant that speaks to acflow by the protocol's own client, over HTTP or by starting the command."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent

Talk = Callable[[Client], Awaitable[Any]]
PATIENCE = 240.0  # seconds that a loaded machine may take


def _run(speak: Callable[[], Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401
    """Talk in a thread of its own, since a browser that another test opened keeps the event loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(speak(), PATIENCE))).result()


def over_http(url: str, token: str, talk: Talk) -> Any:  # noqa: ANN401 - whatever was talked of
    """Talk to a served project."""

    async def speak() -> Any:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=PATIENCE, trust_env=False) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            return await talk(client)

    return _run(speak)


def over_stdio(folder: Path, env: Mapping[str, str], talk: Talk, *options: str) -> Any:  # noqa: ANN401
    """Start the command in a project's folder and talk to it."""

    async def speak() -> Any:  # noqa: ANN401
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "acflow", "mcp", *options], cwd=folder, env=dict(env)
        )
        async with Client(stdio_client(command)) as client:
            return await talk(client)

    return _run(speak)


async def ask(client: Client, tool: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Return the answer of a tool."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: object) -> str:
    """Return why a tool gives no answer."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text
