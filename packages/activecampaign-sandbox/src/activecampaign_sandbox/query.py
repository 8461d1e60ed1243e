"""The query string of a list: what to select, in which order, and which page of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from activecampaign_sandbox import clock
from activecampaign_sandbox.behaviour import Behaviour

Params = tuple[tuple[str, str], ...]
PAGING = frozenset({"limit", "offset"})
IDS = frozenset({"ids", "ids[]"})
SHAPING = frozenset({"include", "count_deals"})  # what rows look like, not which


def parse(query_string: bytes) -> Params:
    """Return names and values in the order of the query string; orders are applied in that order."""
    return tuple(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))


def whole_number(text: str) -> int:
    """Read a number as PHP does: what is none counts as 0."""
    try:
        return int(text)
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class Order:
    """One `orders[name]=ASC|DESC`."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A list request, read."""

    limit: int
    offset: int
    orders: tuple[Order, ...]
    filters: Params  # everything else, in order
    include: tuple[str, ...] = ()
    count_deals: bool = False

    @property
    def selection(self) -> tuple[object, ...]:
        """What decides which rows come and in which order, without the page."""
        return (self.orders, self.filters)


def read(params: Params, behaviour: Behaviour, default_limit: int | None = None) -> Query:
    """Read a list's parameters; a limit that is missing or no number above 0 means the default."""
    given = dict(params)
    wanted = whole_number(given.get("limit", ""))
    limit = min(wanted, behaviour.max_limit) if wanted > 0 else default_limit or behaviour.default_limit
    orders = tuple(
        Order(name[7:-1], value.upper() == "DESC")
        for name, value in params
        if name.startswith("orders[") and name.endswith("]")
    )
    ids = ",".join(value for name, value in params if name in IDS)
    others = tuple(
        (name, value) for name, value in params if name not in PAGING | IDS | SHAPING and not name.startswith("orders[")
    )
    filters = (*others, ("ids", ids)) if ids else others
    include = tuple(given["include"].split(",")) if behaviour.includes and given.get("include") else ()
    counting = given.get("count_deals", "").lower() in {"1", "true"}
    return Query(limit, max(0, whole_number(given.get("offset", ""))), orders, filters, include, counting)


def moment(text: str, behaviour: Behaviour) -> datetime | None:
    """Return the instant that a date filter names, or None if it names none."""
    text = text.strip().replace(" +", "+")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        local = behaviour.naive_dates == "account"
        when = (when - clock.offset_at(when.replace(tzinfo=UTC)) if local else when).replace(tzinfo=UTC)
    return when.replace(hour=0, minute=0, second=0, microsecond=0) if behaviour.date_step == "day" else when
