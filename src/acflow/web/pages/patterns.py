"""`/patterns`: every part that pages are made of, once."""

from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from acflow.web.render import Page, respond

WORDS = ("complete", "moved", "fresh", "stale", "partial", "forbidden", "failed", "running", "waiting", "")


@dataclass(frozen=True)
class PatternsPage(Page):
    """Parts to look at."""

    template: ClassVar[str] = "patterns.html"
    words: tuple[str, ...]


def patterns(request: Request) -> Response:
    """Show them."""
    return respond(request, PatternsPage("Patterns", WORDS))


ROUTES = (Route("/patterns", patterns),)
