"""How the sandbox answers where ActiveCampaign's behaviour is unknown, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

KEY = "sandbox-key-that-opens-nothing-5f0d"  # distinctive, so that a leak into a log or file can be searched for


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One switch per thing that a client may not rely on.

    The defaults are what was recorded or documented; where nothing is known, they are the likeliest guess.
    """

    latency: float = 0.0  # seconds before each answer; requests wait beside each other, not in line
    jitter: float = 0.0  # up to so many seconds more, drawn from the seed
    seed: int = 1

    rate: int | None = None  # requests per window that the account allows; None allows all
    window: Literal["sliding", "fixed"] = "sliding"
    window_seconds: float = 1.0
    rate_status: Literal[429, 503] = 429
    retry_after: int | None = 1  # seconds in Retry-After; None sends no such header
    rejected_count: bool = False  # whether a refused request uses up budget too

    default_limit: int = 20
    max_limit: int = 100
    totals: Mapping[str, Literal["string", "int", "absent"]] = field(default_factory=dict)  # by path, over the recorded
    keyset_total: Literal["filtered", "all"] = "filtered"  # meta.total of an answer to id_greater
    keyset_everywhere: bool = False  # whether orders[id], id_greater and id_less work beyond contacts
    default_order: Literal["own", "id"] = "own"  # own: as recorded, by anything but id
    unknown_parameter: Literal["ignored", "refused"] = "ignored"
    date_step: Literal["second", "day"] = "second"  # how finely filters[updated_after] looks
    naive_dates: Literal["account", "utc"] = "account"  # zone of a filter's date that names none
    segment_asks: int = 1  # so many answers to ?segmentid= are empty, because its query is still running

    refusal: Literal["message", "errors", "empty"] = "message"  # body of the 403 for a wrong key; empty has no type
    missing_form: Literal[403, 404] = 403
    forms_differ: bool = True  # list and single show the same form with other options and entries
    cookies: bool = True
    chunked: bool = False  # no Content-Length
    audiences: bool = False  # whether the account has segments of the second kind
    me: bool = True  # whether /users/me answers at all

    @property
    def selecting(self) -> tuple[object, ...]:
        """Return the switches that decide which rows a query selects, and in which order."""
        return (self.keyset_everywhere, self.default_order, self.date_step, self.naive_dates)
