"""Requests to send and answers to read, without any I/O.

https://developers.activecampaign.com/reference/overview
"""

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from acflow.entities.model import Entity
from acflow.errors import (
    ApiError,
    BrokenAnswerError,
    ConfigError,
    ContractError,
    GatewayError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ServerError,
    WrongServerError,
)
from acflow.source import wire_json
from acflow.source.wire_json import Number

PAGE_SIZE = 100  # the documented maximum; the API gives 20 unless asked
LONGEST_ID = 18  # digits; more would not fit a bigint
PRINTABLE = re.compile(r"[!-~]+")
LOGIN = re.compile(r"//[^/@]*@")  # a name and a password before a host
PAGES = re.compile(r"/+((api|app|admin)(/.*)?)?$")  # what may follow the host of an account
OVER_BUDGET = frozenset({429, 503})  # 503 is how old gateways say it
NOT_NOW = frozenset({408, 425})  # the two other refusals that any client may repeat
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Row = dict[str, Any]


API, LEGACY = "/api/3", "/admin"  # version 3, and version 1, whose reports have no twin in the other for sure


@dataclass(frozen=True, slots=True)
class Request:
    """One GET, below /api/3/ unless it has another `root`.

    `entity` is what the answer is a list of, where that is not what the plan is about.
    """

    path: str
    params: tuple[tuple[str, str], ...] = ()
    root: str = API
    entity: Entity | None = field(default=None, compare=False, repr=False)

    @property
    def where(self) -> str:
        """The path as people know it."""
        return f"{self.root}/{self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: headers by lower-case name, the body undecoded, seconds from sending to the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one list answer, the account's own count (None if it gives none), and how long the answer took.

    `sideloaded` are the rows that were asked to come along, None if the answer has no list of them.
    """

    rows: list[Row]
    total: int | None
    seconds: float = 0.0
    sideloaded: Sequence[Row] | None = None


def base_url(url: str) -> str:
    """Return the address of the API below which paths are asked, without a trailing slash.

    Accepts what people copy from Settings, Developer, with or without /api/3, with or without a slash; or from the
    browser, with the path of a page of ActiveCampaign.

    Raises:
        ConfigError: it is no URL, or it would send the key unencrypted over a network.

    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        told = repr(url) if "." in url or ":" in url else "What is given, perhaps the key,"
        raise ConfigError(
            f"{told} is no address of an account. Copy the URL from ActiveCampaign: Settings, Developer; "
            "it looks like https://name.api-us1.com",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(f"The account's URL may hold only a scheme and a host. Use https://{parts.hostname}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(
            f"{url!r} would send the key unencrypted. Use https://{parts.hostname} "
            "(plain http is for the sandbox on this machine only).",
        )
    return f"{parts.scheme}://{parts.netloc}{PAGES.sub('', parts.path)}{API}"


def plain_key(key: str) -> str:
    """Return the key without blanks around it.

    Raises:
        ConfigError: no header could carry it; the message does not repeat it, as an error of someone else's would.

    """
    key = key.strip(" \t\r\n")
    if key and not PRINTABLE.fullmatch(key):
        raise ConfigError("The key holds blanks or characters that no key has. Copy it again: Settings, Developer.")
    return key


def is_loopback(url: str) -> bool:
    """Tell whether the URL stays on this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """Return the server's clock at the time of the answer, in UTC."""
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; it may hold seconds or a date."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def message_of(body: bytes) -> str:
    """Return the text of an error answer, whatever of the six known shapes it has, or ''."""
    try:
        said = wire_json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    problems = said.get("errors", said.get("message", ""))
    if isinstance(problems, str):
        return problems
    if not isinstance(problems, list):
        return ""
    texts = (
        " ".join(str(p[k]) for k in ("title", "detail") if p.get(k)) if isinstance(p, dict) else str(p)
        for p in problems
    )
    return "; ".join(text for text in texts if text)


def check_status(request: Request, answer: Answer) -> None:
    """Raise what a status other than 200 means.

    https://developers.activecampaign.com/reference/errors and /reference/rate-limits
    """
    status, where = answer.status, request.where
    if status in {200, 201}:  # the reference shows tasks with 201
        return
    said = message_of(answer.body)
    saying = f": {said}" if said else ""
    wait = retry_after(answer.headers, server_date(answer.headers) or datetime.now(UTC))
    if status in OVER_BUDGET:
        raise RateLimitedError(f"{status} on {where}: the account's request budget is spent.", retry_after=wait)
    if status in NOT_NOW and wait is not None:
        raise RateLimitedError(f"{status} on {where}: the account asks for a pause.", retry_after=wait)
    if status >= 500 or status in NOT_NOW:  # noqa: PLR2004
        raise ServerError(f"{status} on {where}: the server failed{saying}")
    if status in {401, 403}:
        if "cf-mitigated" in answer.headers or answer.body.lstrip().startswith(b"<"):
            raise GatewayError(
                f"{status} with a web page on {where}: a firewall or bot check before the API answered, not the API. "
                "Let this machine's address through, or run from another."
            )
        raise RefusedError(f"{status} on {where}{saying}")
    if status == 404:  # noqa: PLR2004
        raise NotFoundError(f"404: {where} does not exist on this account{saying}")
    if 300 <= status < 400:  # noqa: PLR2004
        target = urlsplit(answer.headers.get("location", "")).hostname or "another address"
        raise WrongServerError(
            f"{where} redirects to {target}. Copy the API URL from ActiveCampaign: Settings, Developer.",
        )
    raise ApiError(f"{status} on {where}{saying}")


def read_json(request: Request, answer: Answer, loads: Callable[[bytes], Any] = wire_json.loads) -> dict[str, Any]:
    """Return the JSON object of a good answer, or raise what the answer means."""
    check_status(request, answer)
    where = request.where
    if not answer.body.strip():
        raise BrokenAnswerError(f"200 with an empty body on {where}")
    try:
        said = loads(answer.body)
    except RecursionError:
        raise ContractError(f"{where} answered with JSON that is nested too deeply. Report this.") from None
    except ValueError as error:
        raise BrokenAnswerError(f"No valid JSON on {where}: {error}") from None
    if not isinstance(said, dict):
        raise BrokenAnswerError(f"{where} answered with a JSON {type(said).__name__}, not an object")
    return said


def read_total(meta: object) -> int | None:
    """Return `meta.total`, which is a string, an int or absent depending on endpoint and year."""
    total = meta.get("total") if isinstance(meta, dict) else None
    try:
        count = int(float(total.text)) if isinstance(total, Number) else int(str(total))
    except (ValueError, OverflowError):
        return None
    return count if 0 <= count < 10**LONGEST_ID else None  # what no account can hold is no count


def read_page(entity: Entity, request: Request, answer: Answer) -> Page:
    """Turn one answer into a page, or raise what it means.

    The rows stand under the last word of the path, or the entity's own key: sideloaded collections may come first, and
    one that holds nothing may be written in any of PHP's ways. Whatever else stands under its key is as good as none.

    Raises:
        RetryableError: repeat the same request.
        ApiError: repeating cannot help.
        ContractError: the rows are not what a list of records looks like.

    """
    entity = request.entity or entity
    last = request.path.rpartition("/")[2]
    key = entity.rows_key or last
    loads = wire_json.loads_lean if "links" in entity.dropped else wire_json.loads
    said = read_json(request, answer, loads)
    key = key if key in said else last
    if key not in said:
        raise BrokenAnswerError(f"200 without {key!r} on {request.where}: {message_of(answer.body)}")
    rows = records(said[key])
    if rows is None:
        raise ContractError(f"{request.where}: {key!r} is no list of records. Report this with the answer.")
    _prepare(entity, rows)
    sideloaded = said.get(entity.sideloaded.path) if entity.sideloaded else None
    named = entity.sideloaded is not None and entity.sideloaded.path in said
    beside = () if named and not sideloaded else records(sideloaded)
    return Page(rows, read_total(said.get("meta")), answer.seconds, beside)


def records(rows: object) -> list[Row] | None:
    """Return the records of a list, None if it is none."""
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _prepare(entity: Entity, rows: list[Row]) -> None:
    """Give a number to records known by a text, write codes in one case, and cut off what addresses may hide."""
    if entity.text_key and entity.text_column:
        for row in rows:
            text = row.pop(entity.text_key, None)
            row[entity.text_column] = text
            row[entity.key] = number_of(text) if isinstance(text, str) and text else None
    for name in entity.lowered:
        for row in rows:
            if isinstance(code := row.get(name), str):
                row[name] = code.lower()
    for name in entity.shortened:
        for row in rows:
            if isinstance(address := row.get(name), str):
                row[name] = LOGIN.sub("//", address.partition("?")[0])


def number_of(text: str) -> int:
    """Return the number by which a record goes that the API knows by a text: always the same, of 18 digits at most."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % int("9" * LONGEST_ID)


def joined_key(owner: int, owned: int, room: int = 10**12) -> int:
    """Return the key of a row that is told apart by two: the first and the second behind it, where both find room."""
    key = owner * room + owned
    return key if owned < room and key < 10**LONGEST_ID * 9 else number_of(f"{owner}/{owned}")


def row_ids(entity: Entity, rows: Sequence[Row]) -> list[int]:
    """Return the primary keys of rows.

    Raises:
        ContractError: one is missing or no whole number; without it nothing can be proved.

    """
    return [_whole(entity, row.get(entity.key)) for row in rows]


def _whole(entity: Entity, key: object) -> int:
    if isinstance(key, str):
        digits = key.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID:
            return int(key)
    elif isinstance(key, int) and not isinstance(key, bool) and abs(key) < 10**LONGEST_ID:
        return key
    raise ContractError(f"A record of {entity.name} has no usable id: {key!r}. Report this; nothing was changed.")


def list_request(entity: Entity, params: Sequence[tuple[str, str]] = (), limit: int = PAGE_SIZE) -> Request:
    """Return the request for one page of an entity."""
    return Request(entity.path, (("limit", str(limit)), *entity.params, *params), entity=entity)
