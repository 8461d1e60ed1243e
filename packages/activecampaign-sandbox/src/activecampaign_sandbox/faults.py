"""Days on which things go wrong, on a script or by chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Literal

from activecampaign_sandbox.query import Params
from activecampaign_sandbox.wire import Reply, html, message
from activecampaign_sandbox.world import World

Kind = Literal[
    "rate-limited",
    "unavailable",
    "error",
    "forbidden",
    "no-feature",
    "firewall",
    "not-found",
    "truncated",
    "empty",
    "html",
    "slow",
    "cut",
    "reset",
    "down",
    "change",
    "change-after",
]
KINDS: Mapping[Kind, str] = {
    "rate-limited": "429, with `retry_after` (seconds or a date) or, if that is none, without",
    "unavailable": "503 with a gateway's page, with `retry_after` or without",
    "error": "`status` (500, 502, 504, …) with a gateway's page",
    "forbidden": "403: no permission",
    "no-feature": "403: the plan lacks it",
    "firewall": "403 with a web page and `cf-mitigated`: a bot check before the API",
    "not-found": "404",
    "truncated": "200 whose JSON stops in the middle, though it is delivered as if complete",
    "empty": "200 with nothing in it",
    "html": "200 with a page instead of JSON",
    "slow": "a good answer, `seconds` later",
    "cut": "the connection closes in the middle of a good answer",
    "reset": "the connection is reset before any answer",
    "down": "the same, and connections are refused from then on",
    "change": "rows are inserted, changed or deleted before the answer is made",
    "change-after": "the same, after the answer is made",
}
HARMLESS: tuple[Kind, ...] = ("rate-limited", "unavailable", "error", "truncated", "empty", "cut", "reset")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens to the requests from number `at` (1 is the first) of those that match `path`.

    `count` requests are hit, all later ones if it is None, each with `chance`. `path` is a pattern below /api/3/ such
    as "contacts", "deals*" or "*"; a text as `at` is short for that path. `params` must be among the request's.
    """

    kind: Kind
    at: int | str = 1
    count: int | None = 1
    path: str = "*"
    params: Mapping[str, str] = field(default_factory=dict)
    chance: float = 1.0
    seed: int = 1
    status: int = 500
    retry_after: float | str | None = 1
    seconds: float = 1.0
    action: Callable[[World], object] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}. There are: {', '.join(KINDS)}")
        if self.kind.startswith("change") and self.action is None:
            raise ValueError(f"A fault of kind {self.kind!r} needs an action")

    @property
    def pattern(self) -> str:
        """Return the pattern of paths below /api/3/."""
        return self.at if isinstance(self.at, str) else self.path

    @property
    def first(self) -> int:
        """Return the number of the first matching request that is hit."""
        return self.at if isinstance(self.at, int) else 1

    def matches(self, path: str, params: Params) -> bool:
        """Tell whether a request is of those that this fault counts."""
        return fnmatchcase(path, self.pattern) and self.params.items() <= dict(params).items()

    def reply(self) -> Reply | None:
        """Return the answer that this fault gives instead of the good one, if any."""
        if self.kind == "rate-limited":
            return message(429, "Too Many Requests", **_retry_after(self.retry_after))
        if self.kind == "unavailable":
            page = html(503, "Service Temporarily Unavailable")
            return Reply(
                503, page.body, {"Retry-After": str(self.retry_after)} if self.retry_after else {}, 0, page.content_type
            )
        simple = {
            "error": html(self.status, "Bad Gateway" if self.status == 502 else "Error"),  # noqa: PLR2004
            "forbidden": message(403, "You don't have permission to access this resource"),
            "no-feature": message(403, "Forbidden"),
            "firewall": replace(html(403, "Just a moment..."), headers={"cf-mitigated": "challenge"}),
            "not-found": message(404, "Not Found"),
            "empty": Reply(200, b""),
            "html": html(200, "One moment"),
        }
        return simple.get(self.kind)


def _retry_after(seconds: float | str | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry_After": str(seconds)}


def chaos(chance: float, seed: int = 1, kinds: Sequence[Kind] = HARMLESS) -> list[Fault]:
    """Return faults that hit every request with the given chance, one kind or another."""
    each = chance / len(kinds)
    return [Fault(kind, count=None, chance=each, seed=seed * 1000 + n, status=502) for n, kind in enumerate(kinds)]


class Script:
    """Counts requests against the faults and says which of them strike."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._faults: list[tuple[Fault, Random]] = []
        self._seen: list[int] = []
        self._struck: list[int] = []
        for fault in faults:
            self.add(fault)

    @property
    def faults(self) -> list[Fault]:
        """Return the faults in their order."""
        return [fault for fault, _ in self._faults]

    def add(self, fault: Fault) -> None:
        """Put a fault behind the others; its requests count from now on."""
        self._faults.append((fault, Random(fault.seed)))  # noqa: S311 - chaos is repeatable on purpose
        self._seen.append(0)
        self._struck.append(0)

    def clear(self) -> None:
        """End all trouble."""
        self._faults.clear()
        self._seen.clear()
        self._struck.clear()

    def strikes(self, path: str, params: Params) -> list[Fault]:
        """Count a request and return the faults that hit it."""
        hit = []
        for n, (fault, random) in enumerate(self._faults):
            if not fault.matches(path, params):
                continue
            self._seen[n] += 1
            due = self._seen[n] >= fault.first and (fault.count is None or self._struck[n] < fault.count)
            if due and (fault.chance >= 1 or random.random() < fault.chance):
                self._struck[n] += 1
                hit.append(fault)
        return hit
