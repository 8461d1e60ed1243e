"""From the account's own log to the share of the budget that a tool used."""

from collections.abc import Sequence
from dataclasses import dataclass

from model import BUDGET, Traffic

OK = 200
LIMITED = (429, 503)


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the account's log; `at` is when it arrived, in seconds of any clock."""

    at: float
    path: str
    status: int


def traffic(log: Sequence[Request], entity: str) -> Traffic:
    """Count, and measure the pace of the entity's own pages that were granted."""
    pages = sorted(r.at for r in log if r.status == OK and r.path.rstrip("/").endswith(f"/{entity}"))
    limited = sum(r.status in LIMITED for r in log)
    return Traffic(len(log), limited, len(pages), steady(pages), share(pages))


def steady(pages: Sequence[float]) -> float | None:
    """Share of the budget from the first full second to the last page.

    A full second is one that holds as many pages as the account grants. Who never fills one is measured from the
    first page.
    """
    full = (i for i in range(len(pages) - BUDGET + 1) if pages[i + BUDGET - 1] - pages[i] <= 1)
    return share(pages[next(full, 0) :])


def share(pages: Sequence[float]) -> float | None:
    """Pages per second between the first and the last, over the budget; None if there is nothing to measure."""
    if len(pages) <= BUDGET:
        return None
    return (len(pages) - 1) / (pages[-1] - pages[0]) / BUDGET
