"""The HTTP API under `/api/v1`: the same use cases as the pages, for programs."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from acflow.web.site import Site


class LazyApi:
    """The API, made with its first request: what it is built with takes half a second to import."""

    def __init__(self, site: "Site") -> None:
        """Take what its routes work with."""
        self._site = site
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._app is None:
            from acflow.web.v1.api import make_api

            self._app = make_api(self._site)
        await self._app(scope, receive, send)
