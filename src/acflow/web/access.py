"""Who may look at what is served: whoever sits at this machine, and whoever knows the token.

Hooks and tickets need neither, since their addresses hold a secret of their own.
"""

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from acflow.errors import Action, ConfigError
from acflow.source.protocol import is_loopback

SHORTEST = 16  # characters


@dataclass(frozen=True, slots=True)
class Access:
    """The rule of a server. Without a token it must listen on this machine alone."""

    token: str = ""
    people: bool = False  # whether people log in to the pages

    def check(self, host: str) -> None:
        """Refuse to listen where others could look.

        Raises:
            ConfigError: there is no token, or a short one.

        """
        fix = (
            "Set ACFLOW_SERVE_TOKEN in .env, for instance to what `openssl rand -hex 32` prints, or let people log in."
        )
        if not self.token and not self.people and not is_loopback(_url(host)):
            raise ConfigError(
                f"{host} can be reached by others, who could see what flows there are. {fix}",
                action=Action("set_up_people"),
            )
        if self.token and len(self.token) < SHORTEST:
            raise ConfigError(f"ACFLOW_SERVE_TOKEN has fewer than {SHORTEST} characters. {fix}")

    def allows(self, request: Request) -> bool:
        """Whether this request may read.

        Without a token it must ask for this machine by name, which a page of the web that was given the name of this
        machine's address does not.
        """
        if not self.token:
            return _is_here(f"http://{request.headers.get('host', '')}")
        given = request.headers.get("authorization", "").partition(" ")
        return given[0].lower() == "bearer" and hmac.compare_digest(given[2].encode(), self.token.encode())


def _is_here(url: str) -> bool:
    try:
        return is_loopback(url)
    except ValueError:  # half an address in brackets
        return False


def _url(host: str) -> str:
    return f"http://[{host}]" if ":" in host else f"http://{host}"
