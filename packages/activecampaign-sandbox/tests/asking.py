"""A client that knows its sandbox."""

from collections.abc import Sequence
from contextlib import ExitStack

import httpx2

from activecampaign_sandbox import Behaviour, Fault, Running, World, running


class Client(httpx2.Client):
    """Sends the right key to the API; short of patience, so that a test that hangs fails."""

    def __init__(self, sandbox: Running) -> None:
        super().__init__(base_url=f"{sandbox.url}/api/3/", headers={"Api-Token": sandbox.key}, timeout=10)
        self.sandbox = sandbox


class Ask:
    """Serves worlds for the length of a test, and gives a client for each."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, world: World, behaviour: Behaviour | None = None, faults: Sequence[Fault] = ()) -> Client:
        """Serve a world and return a client for it."""
        sandbox = self._stack.enter_context(running(world, behaviour, faults))
        client = Client(sandbox)
        self._stack.enter_context(client)
        return client
