"""Reads several entities at once under the account's one budget.

Requests wait for their answers in threads; everything else, plans, decoding and writing, happens in the caller's
thread, so none of it needs a lock.
"""

import math
import time
from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from acflow.entities.model import Entity
from acflow.errors import AcflowError, ApiError, ContractError, ForbiddenError, NotFoundError, RetryableError
from acflow.source.client import Client
from acflow.source.events_plan import EventScope
from acflow.source.nested import NestedPlan
from acflow.source.paging import Plan, make_plan
from acflow.source.protocol import Page, Request, Row
from acflow.source.sideloads import SideloadPlan

MOST_OUT = 24  # requests in flight; 5 a second keep 8 busy at 1.5 s each
UNPACED_OUT = 3  # without a budget the processor is the limit, and more threads would only wait for it
FIRST_LATENCY = 0.5  # seconds, until the account has shown its own
CHECK_EVERY = 0.5  # seconds; an account may ask for a pause of minutes
HEADROOM = 1.3  # answers come late now and then; the budget should not notice

MOST_BARREN = 1_000  # pages in a row without a new row, beside as many as came before: a list may be read twice
# What a page can do to those who take it; pyarrow's errors are of these kinds too.
UNREADABLE = (AcflowError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError)

Sink = Callable[[Entity, list[Row]], None]


@dataclass(slots=True)
class EntityRead:
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
    sideloaded: "EntityRead | None" = None  # the walk of what this one's pages bring along
    good: set[str] = field(default_factory=set)  # the paths that have answered well
    barren: int = 0  # pages since the last one that brought a new row

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
    """Reads entities; `sink` gets the new rows of each page, `progress` is called after each page.

    `check` is called all the time, also while answers are waited for; what it raises ends the reading.
    """

    client: Client
    sink: Sink
    progress: Callable[[EntityRead], None] = lambda _: None
    check: Callable[[], None] = lambda: None
    _latency: float = FIRST_LATENCY
    _done: "SimpleQueue[tuple[EntityRead, Request, Page | Retried | BaseException]]" = field(
        default_factory=SimpleQueue
    )
    _out: int = 0
    _optional: Container[str] = ()

    def read(
        self,
        entities: Iterable[Entity],
        since: Mapping[str, datetime] | None = None,
        optional: Container[str] = (),
        scopes: Mapping[str, EventScope] | None = None,
    ) -> list[EntityRead]:
        """Read the entities to their ends. An entity that fails ends alone; its error stands in its walk.

        `since` names entities of which only the rows that changed after an instant are asked for, `scopes` those whose
        rows are events, with the campaigns that are asked for them. What is to come
        beside another entity has a walk of its own; where the account does not bring it along, its own list is read,
        unless it is `optional`.
        """
        since, scopes = since or {}, scopes or {}
        entity_reads = [
            EntityRead(make_plan(entity, since.get(entity.name), scopes.get(entity.name)), time.monotonic())
            for entity in entities
        ]
        for entity_read in list(entity_reads):
            if entity_read.entity.sideloaded:
                entity_read.sideloaded = EntityRead(
                    SideloadPlan(entity_read.entity.sideloaded, entity_read.entity), entity_read.started
                )
                entity_reads.append(entity_read.sideloaded)
        self._optional = optional
        pool = ThreadPoolExecutor(MOST_OUT, thread_name_prefix="acflow-get")
        try:
            while any(not entity_read.over or entity_read.out for entity_read in entity_reads):
                self._fill(pool, entity_reads)
                if self._out:
                    self._receive()
                else:
                    self._give_up(entity_reads)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return entity_reads

    def _width(self) -> int:
        """How many requests may usefully be out: the budget's rate times the time that an answer takes."""
        if not self.client.pace.per_second:
            return UNPACED_OUT
        return min(MOST_OUT, math.ceil(self.client.pace.per_second * self._latency * HEADROOM) + 2)

    def _fill(self, pool: ThreadPoolExecutor, entity_reads: list[EntityRead]) -> None:
        """Send what may be sent, one request of each entity in turn."""
        width = self._width()
        ready = [entity_read for entity_read in entity_reads if not entity_read.over]
        while ready and self._out < width:
            entity_read = ready.pop(0)
            request = entity_read.plan.next(width)
            if request is not None:
                self._out += 1
                entity_read.out += 1
                entity_read.requests += 1
                pool.submit(self._ask, entity_read, request)
                ready.append(entity_read)

    def _give_up(self, entity_reads: list[EntityRead]) -> None:
        """End what neither asks nor is over: nothing would ever wake it."""
        for entity_read in entity_reads:
            if not entity_read.over:
                entity_read.error = ContractError(
                    f"The answers on {entity_read.entity.name} contradict each other, so there is no end to their "
                    "reading. Report this; nothing was changed."
                )
                self._clock(entity_read)

    def _ask(self, entity_read: EntityRead, request: Request) -> None:
        def again(error: RetryableError) -> None:
            self._done.put((entity_read, request, Retried(error)))

        try:
            self._done.put((entity_read, request, self.client.page(entity_read.entity, request, again)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises or keeps it
            self._done.put((entity_read, request, error))

    def _receive(self) -> None:
        self.check()
        try:
            entity_read, request, result = self._done.get(timeout=CHECK_EVERY)
        except Empty:
            return
        if isinstance(result, Retried):
            entity_read.retries += 1
            entity_read.requests += 1
            entity_read.waiting_for = str(result.error)
            self.progress(entity_read)
            return
        self._out -= 1
        entity_read.out -= 1
        if isinstance(result, Page):
            if entity_read.error is None:
                entity_read.good.add(request.path)
                self._take(entity_read, request, result)
        elif not isinstance(result, Exception):
            raise result
        elif isinstance(result, NotFoundError) and isinstance(entity_read.plan, NestedPlan) and not entity_read.error:
            entity_read.error = entity_read.plan.lack(request, result)
        elif entity_read.error is None:
            entity_read.error = _meaning(entity_read, request, result)
        self._clock(entity_read)

    def _take(self, entity_read: EntityRead, request: Request, page: Page) -> None:
        self._latency += 0.2 * (page.seconds - self._latency)
        entity_read.pages += 1
        entity_read.waiting_for = None
        try:
            rows = entity_read.plan.take(request, page)
            self._look_for_an_end(entity_read, rows)
            if rows:
                self.sink(entity_read.entity, rows)
        except UNREADABLE as error:
            entity_read.error = _meaning(entity_read, request, error)
        else:
            self._take_sideloaded(entity_read, request, page)
            self.progress(entity_read)

    def _look_for_an_end(self, entity_read: EntityRead, rows: list[Row]) -> None:
        """Stop where page after page brings nothing: the plans end by themselves where accounts keep to their word."""
        entity_read.barren = 0 if rows or entity_read.entity.owner else entity_read.barren + 1
        if entity_read.barren > MOST_BARREN + entity_read.pages // 2 and not entity_read.over:
            raise ContractError(
                f"The last {entity_read.barren:,} pages of {entity_read.entity.name} brought nothing new, and the "
                "account still counts more. Report this; nothing was changed."
            )

    def _take_sideloaded(self, entity_read: EntityRead, request: Request, page: Page) -> None:
        """Take what the page brought along; if it should have and did not, read its own list instead.

        Whatever is wrong with it costs nothing but itself.
        """
        side = entity_read.sideloaded
        if side is None or not isinstance(side.plan, SideloadPlan) or side.error:
            return
        try:
            rows = side.plan.take(request, page)
            if rows:
                self.sink(side.entity, rows)
        except UNREADABLE as error:
            side.error = _meaning(side, request, error)
            return
        if side.plan.refused:
            self._read_own_list(side, entity_read.entity)

    def _read_own_list(self, side: EntityRead, owner: Entity) -> None:
        """Read by itself what does not come along, without what has come so far; what is optional is not worth it."""
        before = side.plan.stats.ids
        if side.entity.name not in self._optional:
            side.plan = make_plan(side.entity)
            side.plan.stats.ids |= before
            return
        lacking = ApiError if before else NotFoundError
        side.error = lacking(
            f"The account does not send {side.entity.name} beside {'all ' if before else ''}{owner.name}. Name them, "
            "or set ACFLOW_CUSTOM_FIELDS=values, to read their own list."
        )

    def _clock(self, entity_read: EntityRead) -> None:
        now, pace = time.monotonic(), self.client.pace
        if entity_read.first_full_second is None and now - entity_read.started >= 1:
            entity_read.first_full_second = pace.last_sent, pace.sent
        if entity_read.over and not entity_read.out:
            entity_read.ended = now
            entity_read.last_sent = pace.last_sent, pace.sent
            side = entity_read.sideloaded
            if side and isinstance(side.plan, SideloadPlan) and not side.over:
                side.error, side.ended = entity_read.error, now
                side.plan.close(entity_read.plan.stats)


def _meaning(entity_read: EntityRead, request: Request, error: Exception) -> AcflowError:
    """Return what an error says of an entity.

    A refusal after good answers is no missing right: rights do not change from one page to the next.
    """
    if isinstance(error, ForbiddenError | NotFoundError) and request.path in entity_read.good:
        refused = "refused again and again" if isinstance(error, ForbiddenError) else "not found"
        return ApiError(
            f"{request.where} was {refused} after it had answered well. That is no missing right; perhaps a "
            "firewall before the API stepped in."
        )
    return unreadable(entity_read.entity, error)


def unreadable(entity: Entity, error: Exception) -> AcflowError:
    """Return what an error that its rows have caused says of an entity."""
    if isinstance(error, AcflowError):
        return error
    return ContractError(
        f"A page of {entity.name} holds what cannot be taken: {error}. Report this; nothing was changed."
    )
