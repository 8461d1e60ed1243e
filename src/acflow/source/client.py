"""The only network code: GET, one at a time per caller, under the account's pace.

The key goes into one header of one client, and is taken out of every error.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import httpx2
import stamina

from acflow.entities.model import CampaignEvents, Entity
from acflow.errors import (
    AcflowError,
    Action,
    ApiError,
    BadKeyError,
    BrokenAnswerError,
    ConfigError,
    ConnectionFailedError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    RetryableError,
    WrongServerError,
)
from acflow.source.campaign_reports import is_report, read_report_page
from acflow.source.pace import Pace
from acflow.source.protocol import (
    API,
    Answer,
    Page,
    Request,
    base_url,
    is_loopback,
    list_request,
    plain_key,
    read_json,
    read_page,
    server_date,
)
from acflow.source.shared_budget import budget_of
from acflow.source.transport import Deadline, bound, read_body
from acflow.source.wire_json import is_json

T = TypeVar("T")

TRUSTED_CLOCK = timedelta(days=1)  # two that differ by more cannot both be right
FIRST_YEAR = 2000  # a clock before it was never set
REFUSALS = 3  # a 403 is repeated twice before it is believed
SAME_AGAIN = 3  # an answer that is broken in the same way so often will always be
FAR_AWAY = 366 * 86_400.0  # seconds; a date beyond is not told
FAIR_PAUSE = 60.0  # seconds: a pause that the account may ask for, however little patience there is
PROBE_PATIENCE = 3.0  # seconds: a mistyped host should not be waited for


@contextmanager
def _undecodable(answer: Answer, seen: "Counter[int]") -> Iterator[None]:
    """Make an error final once the same body, which is no JSON though it begins so, has come again and again."""
    try:
        yield
    except BrokenAnswerError as error:
        if answer.body.lstrip().startswith(b"{") and not is_json(answer.body):
            seen[hash(answer.body)] += 1
        if SAME_AGAIN in seen.values():
            raise ApiError(f"{error}. It is the same each time; report this with the answer.") from None
        raise


class NoCookies(CookieJar):
    """Takes no cookie: ActiveCampaign sets one of a PHP session on each answer, which could pin us to a session."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leave them; even reading them costs a tenth of what an answer does."""


class Client:
    """Reads one account.

    `retry_patience` is how many seconds one request may be repeated before its error is final; `connections` bounds the
    requests in flight.
    """

    def __init__(  # noqa: PLR0913
        self,
        url: str,
        key: str,
        *,
        pace: float = 5.0,
        timeout: float = 60.0,
        retry_patience: float = 300.0,
        connections: int = 32,
    ) -> None:
        self.url = base_url(url)
        self._origin = self.url.removesuffix(API)
        self._key = plain_key(key)
        self.pace = Pace(pace, budget_of(self._origin) if pace else None)
        self._clock_ahead = timedelta()
        self.clock_doubt: str | None = None
        self.retry_patience = retry_patience
        self._timeout, self._deadline = timeout, Deadline()
        try:
            self._http = httpx2.Client(
                headers={
                    "Api-Token": self._key,
                    "Accept": "application/json",
                    "Accept-Encoding": "gzip",
                    "User-Agent": "acflow",
                },
                cookies=NoCookies(),
                timeout=timeout,
                follow_redirects=False,  # a redirect would carry the key to another host
                trust_env=not is_loopback(url),  # a proxy has no business between us and the sandbox
                limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            )
            bound(self._http, self._deadline)
        except (ValueError, ImportError) as error:
            raise ConfigError(f"The proxy that HTTPS_PROXY or ALL_PROXY names cannot be used: {error}") from None
        except OSError as error:
            raise ConfigError(
                f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {error}."
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def _send(self, request: Request) -> Answer:
        slot = self.pace.wait()
        started = time.monotonic()

        def trace(event: str, _: Any) -> None:  # noqa: ANN401 - httpcore's events
            if event == "http11.send_request_headers.complete":
                self.pace.left(slot)

        extensions = {"trace": trace} if self.pace.per_second else {}
        self._deadline.at = started + self._timeout
        try:
            query = f"?{urlencode(request.params)}" if request.params else ""  # half the price of the library's own way
            with self._http.stream("GET", f"{self._origin}{request.where}{query}", extensions=extensions) as reply:
                body = read_body(reply)
        except httpx2.TimeoutException:
            raise ConnectionFailedError(f"No answer from {self.url} within {self._timeout:g} s.") from None
        except httpx2.ConnectError as error:
            raise ConnectionFailedError(
                f"No connection to {self.url}: {error}. Check the address and the network.",
            ) from None
        except httpx2.TransportError as error:
            raise ConnectionFailedError(f"The connection to {self.url} broke: {error}") from None
        self._compare_clocks(reply.headers)
        return Answer(reply.status_code, reply.headers, body, time.monotonic() - started)

    def _compare_clocks(self, headers: Mapping[str, str]) -> None:
        """Take note of the account's clock, unless it is so far from ours that one of them is wrong.

        Then the earlier of the two counts: what is read twice costs time, what is passed over is lost. A sandbox lives
        at a time of its own and says so.
        """
        theirs, ours = server_date(headers), datetime.now(UTC)
        if theirs is None or theirs.year < FIRST_YEAR:
            return
        ahead = theirs - ours
        simulated = "x-simulated-clock" in headers and is_loopback(self.url)
        self.clock_doubt = (
            None
            if simulated or abs(ahead) <= TRUSTED_CLOCK
            else f"the account's clock says {theirs:%Y-%m-%d %H:%M} UTC and this machine's {ours:%Y-%m-%d %H:%M}; "
            "the earlier counts"
        )
        self._clock_ahead = ahead if self.clock_doubt is None else min(ahead, timedelta())

    def fetch(
        self,
        request: Request,
        read: Callable[[Request, Answer], T],
        *,
        patience: float | None = None,
        on_retry: Callable[[RetryableError], None] = lambda _: None,
    ) -> T:
        """Ask, read, and repeat while repeating may help, for `patience` seconds at most.

        Raises:
            ForbiddenError: refused three times running.
            ApiError: what the last attempt meant, once patience is at its end or the account asks for more of it.

        """
        patience = self.retry_patience if patience is None else patience
        refusals = 0
        seen: Counter[int] = Counter()  # how often each body came that is no JSON though it begins so

        def attempt() -> T:
            nonlocal refusals
            try:
                answer = self._send(request)
                with _undecodable(answer, seen):
                    result = read(request, answer)
            except RetryableError as error:
                self._redact(error)
                on_retry(error)
                if isinstance(error, RateLimitedError):
                    self._pause(error, patience)
                refusals += isinstance(error, RefusedError)
                if refusals == REFUSALS:
                    raise ForbiddenError(
                        f"The key has no right to {request.where} ({error}). Use an admin's key."
                    ) from None
                raise
            self.pace.good()
            return result

        try:
            try:
                return attempt()
            except RetryableError:
                if not patience:
                    raise
                return self._repeat(attempt, patience)
        except AcflowError as error:
            self._redact(error)
            raise

    def _redact(self, error: AcflowError) -> None:
        """Take the key out: an answer that echoes the request must not carry it into a log or a ledger."""
        error.args = tuple(str(arg).replace(self._key, "***") for arg in error.args)

    def _pause(self, error: RateLimitedError, patience: float) -> None:
        """Make the whole account wait, unless it asks for more than anybody would wait for."""
        if error.retry_after is not None and error.retry_after > max(FAIR_PAUSE, patience):
            until = self.now() + timedelta(seconds=min(error.retry_after, FAR_AWAY))
            raise ApiError(
                f"{error} It asks to be left alone for {error.retry_after:,.0f} s, until {until:%Y-%m-%d %H:%M} UTC. "
                "Run again then, or raise ACFLOW_RETRY_PATIENCE."
            ) from None
        self.pace.pause(error.retry_after)

    def now(self) -> datetime:
        """Return the account's own clock in UTC, as far as its last answer can be believed; ours until it has answered.

        `clock_doubt` says in words why it is not.
        """
        return datetime.now(UTC) + self._clock_ahead

    @staticmethod
    def _repeat(attempt: Callable[[], T], patience: float) -> T:
        for again in stamina.retry_context(
            on=RetryableError,
            attempts=None,
            timeout=patience,
            wait_initial=0.1,
            wait_max=20.0,
            wait_jitter=1.0,
        ):
            with again:
                return attempt()
        raise AssertionError("unreachable: the loop returns or raises")

    def page(
        self,
        entity: Entity,
        request: Request,
        on_retry: Callable[[RetryableError], None] = lambda _: None,
    ) -> Page:
        """Read one page of an entity."""
        if isinstance(entity.paging, CampaignEvents) and is_report(request):
            return self.fetch(request, read_report_page, on_retry=on_retry)
        return self.fetch(request, lambda asked, answer: read_page(entity, asked, answer), on_retry=on_retry)

    def raw(self, request: Request) -> bytes:
        """Return what the API says, untouched, once it is JSON."""

        def read(asked: Request, answer: Answer) -> bytes:
            read_json(asked, answer)
            return answer.body

        return self.fetch(request, read)

    def probe(self) -> dict[str, Any]:
        """Return the key's user: the cheap check of address and key.

        Raises:
            BadKeyError: the account refused the key.
            WrongServerError: something else answers there.
            ConnectionFailedError: nothing answers there.

        """
        try:
            said = self.fetch(Request("users/me"), read_json, patience=PROBE_PATIENCE)
        except ForbiddenError:
            raise BadKeyError(
                f"{self.url} refused the key. Copy URL and key from the same account (Settings, Developer).",
                action=Action("connect"),
            ) from None
        except (NotFoundError, BrokenAnswerError) as error:
            raise WrongServerError(
                f"What answers at {self.url} is not the ActiveCampaign API ({error}). "
                "Copy the URL from ActiveCampaign: Settings, Developer.",
            ) from None
        user = said.get("user")
        if not isinstance(user, dict):
            raise WrongServerError(
                f"What answers at {self.url} is not the ActiveCampaign API (no user in /users/me). "
                "Copy the URL from ActiveCampaign: Settings, Developer.",
            )
        return user

    def first_rows(self, entity: Entity, limit: int) -> Page:
        """Return the first rows of an entity, in the API's own order."""
        return self.page(entity, list_request(entity, limit=limit))
