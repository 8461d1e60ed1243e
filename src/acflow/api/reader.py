"""Reads several entities at once under the account's one budget.

Requests wait for their answers in threads; everything else, plans, decoding and writing, happens in the caller's
thread, so none of it needs a lock.
"""

import gc
import math
import time
from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue

from acflow.api.beside import BesidePlan
from acflow.api.client import Client
from acflow.api.paging import Plan, make_plan
from acflow.api.protocol import Page, Request, Row
from acflow.entities.model import Entity
from acflow.errors import AcflowError, ContractError, ForbiddenError, NotFoundError, RetryableError

MOST_OUT = 24  # requests in flight; 5 a second keep 8 busy at 1.5 s each
UNPACED_OUT = 3  # without a budget the processor is the limit, and more threads would only wait for it
FIRST_LATENCY = 0.5  # seconds, until the account has shown its own
HEADROOM = 1.3  # answers come late now and then; the budget should not notice

Sink = Callable[[Entity, list[Row]], None]


@dataclass(slots=True)
class Walk:
    """One entity being read: its plan and what it cost so far. Times are seconds of the monotonic clock."""

    plan: Plan
    started: float
    requests: int = 0
    pages: int = 0
    retries: int = 0
    out: int = 0
    ended: float | None = None
    error: AcflowError | None = None
    waiting_for: str | None = None  # what the last answer went wrong with, while it is repeated
    first_full_second: tuple[float, int] | None = None
    last_sent: tuple[float, int] | None = None
    beside: "Walk | None" = None  # the walk of what this one's pages bring along

    @property
    def entity(self) -> Entity:
        """What is being read."""
        return self.plan.entity

    @property
    def over(self) -> bool:
        """True once nothing more will be asked."""
        return self.error is not None or self.plan.done

    @property
    def forbidden(self) -> bool:
        """True if the key may not read it, or the plan lacks it."""
        return isinstance(self.error, ForbiddenError | NotFoundError)

    def budget_share(self, per_second: float) -> float | None:
        """Share of the budget used from the first full second to the last request; None if it was too short to say.

        Both ends are sendings, so that each request counts with the pause before it.
        """
        if not per_second or self.first_full_second is None or self.last_sent is None:
            return None
        (start, before), (end, after) = self.first_full_second, self.last_sent
        return round((after - before) / (per_second * (end - start)), 4) if end - start >= 1 else None


@dataclass(frozen=True, slots=True)
class Retried:
    """Word from a thread that its request is being repeated."""

    error: RetryableError


@dataclass(slots=True)
class Reader:
    """Walks over entities; `sink` gets the new rows of each page, `progress` is told after each page."""

    client: Client
    sink: Sink
    progress: Callable[[Walk], None] = lambda _: None
    _latency: float = FIRST_LATENCY
    _done: "SimpleQueue[tuple[Walk, Request, Page | Retried | BaseException]]" = field(default_factory=SimpleQueue)
    _out: int = 0
    _optional: Container[str] = ()

    def read(
        self,
        entities: Iterable[Entity],
        since: Mapping[str, datetime] | None = None,
        optional: Container[str] = (),
    ) -> list[Walk]:
        """Read the entities to their ends. An entity that fails ends alone; its error stands in its walk.

        `since` names entities of which only the rows that changed after an instant are asked for. What is to come
        beside another entity has a walk of its own; where the account does not bring it along, its own list is read,
        unless it is `optional`.
        """
        since = since or {}
        walks = [Walk(make_plan(entity, since.get(entity.name)), time.monotonic()) for entity in entities]
        for walk in list(walks):
            if walk.entity.beside:
                walk.beside = Walk(BesidePlan(walk.entity.beside, walk.entity), walk.started)
                walks.append(walk.beside)
        self._optional = optional
        pool = ThreadPoolExecutor(MOST_OUT, thread_name_prefix="acflow-get")
        gc.disable()  # pages hold no cycles, and looking for some takes a tenth of the processor's time
        try:
            while any(not walk.over or walk.out for walk in walks):
                self._fill(pool, walks)
                self._receive()
        finally:
            gc.enable()
            pool.shutdown(wait=False, cancel_futures=True)
        return walks

    def _width(self) -> int:
        """How many requests may usefully be out: the budget's rate times the time that an answer takes."""
        if not self.client.pace.per_second:
            return UNPACED_OUT
        return min(MOST_OUT, math.ceil(self.client.pace.per_second * self._latency * HEADROOM) + 2)

    def _fill(self, pool: ThreadPoolExecutor, walks: list[Walk]) -> None:
        """Send what may be sent, one request of each entity in turn."""
        width = self._width()
        ready = [walk for walk in walks if not walk.over]
        while ready and self._out < width:
            walk = ready.pop(0)
            request = walk.plan.next(width)
            if request is not None:
                self._out += 1
                walk.out += 1
                walk.requests += 1
                pool.submit(self._ask, walk, request)
                ready.append(walk)

    def _ask(self, walk: Walk, request: Request) -> None:
        def again(error: RetryableError) -> None:
            self._done.put((walk, request, Retried(error)))

        try:
            self._done.put((walk, request, self.client.page(walk.entity, request, again)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises or keeps it
            self._done.put((walk, request, error))

    def _receive(self) -> None:
        walk, request, result = self._done.get()
        if isinstance(result, Retried):
            walk.retries += 1
            walk.requests += 1
            walk.waiting_for = str(result.error)
            self.progress(walk)
            return
        self._out -= 1
        walk.out -= 1
        if isinstance(result, Page):
            if walk.error is None:
                self._take(walk, request, result)
        elif not isinstance(result, AcflowError):
            raise result
        elif walk.error is None:
            walk.error = result
        self._clock(walk)

    def _take(self, walk: Walk, request: Request, page: Page) -> None:
        self._latency += 0.2 * (page.seconds - self._latency)
        walk.pages += 1
        walk.waiting_for = None
        try:
            rows = walk.plan.take(request, page)
            if rows:
                self.sink(walk.entity, rows)
            self._take_beside(walk, request, page)
        except AcflowError as error:
            walk.error = error
        except (ValueError, TypeError, ArithmeticError) as error:  # pyarrow's own errors are of these kinds too
            walk.error = ContractError(
                f"A page of {walk.entity.name} holds what cannot be taken: {error}. Report this; nothing was changed."
            )
        else:
            self.progress(walk)

    def _take_beside(self, walk: Walk, request: Request, page: Page) -> None:
        """Take what the page brought along; if it should have and did not, read its own list instead."""
        side = walk.beside
        if side is None or not isinstance(side.plan, BesidePlan) or side.error:
            return
        rows = side.plan.take(request, page)
        if rows:
            self.sink(side.entity, rows)
        if side.plan.refused and (side.entity.name in self._optional or side.plan.tally.received):
            side.error = NotFoundError(
                f"The account does not send {side.entity.name} beside {walk.entity.name}. Name them, or set "
                "ACFLOW_CUSTOM_FIELDS=values, to read their own list."
            )
        elif side.plan.refused:
            side.plan = make_plan(side.entity)

    def _clock(self, walk: Walk) -> None:
        now, pace = time.monotonic(), self.client.pace
        if walk.first_full_second is None and now - walk.started >= 1:
            walk.first_full_second = pace.last_sent, pace.sent
        if walk.over and not walk.out:
            walk.ended = now
            walk.last_sent = pace.last_sent, pace.sent
            side = walk.beside
            if side and isinstance(side.plan, BesidePlan) and not side.over:
                side.error, side.ended = walk.error, now
                side.plan.close(walk.plan.tally)
