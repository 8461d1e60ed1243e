"""How the sandbox answers where ActiveCampaign's behaviour is unknown, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple, TypeVar, get_args, get_type_hints

KEY = "sandbox-key-that-opens-nothing-5f0d"  # distinctive, so that a leak into a log or file can be searched for

T = TypeVar("T")


def switch(default: T, meaning: str) -> T:
    """Declare a switch with what it means, for the manual."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One switch per thing that a client may not rely on.

    The defaults are what was recorded or documented; where nothing is known, they are the likeliest guess.
    """

    latency: float = switch(0.0, "Seconds before each answer; requests wait beside each other, not in line.")
    jitter: float = switch(0.0, "Up to so many seconds more, drawn from the seed.")
    seed: int = switch(1, "Where the jitter begins.")

    rate: int | None = switch(None, "Requests per window that the account allows; none allows all.")
    window: Literal["sliding", "fixed"] = switch("sliding", "Whether the window is the last second or the clock's.")
    window_seconds: float = switch(1.0, "Length of the window.")
    rate_status: Literal[429, 503] = switch(429, "Status of a request over the budget.")
    retry_after: int | None = switch(1, "Seconds in Retry-After; none sends no such header.")
    rejected_count: bool = switch(False, "Whether a refused request uses up budget too.")

    default_limit: int = switch(20, "Rows of a page when nothing is asked.")
    max_limit: int = switch(100, "Rows of a page at most.")
    totals: Mapping[str, Literal["string", "int", "absent"]] = field(
        default_factory=dict,
        metadata={"meaning": "How `meta.total` is written, by path, where it is not as recorded."},
    )
    keyset_total: Literal["filtered", "all"] = switch("filtered", "What `meta.total` counts beside `id_greater`.")
    keyset_everywhere: bool = switch(False, "Whether order by id, `id_greater` and `id_less` work beyond contacts.")
    default_order: Literal["own", "id"] = switch("own", "Order when none is asked: as recorded, not by id; or by id.")
    unknown_parameter: Literal["ignored", "refused"] = switch("ignored", "What happens to filters nobody knows.")
    date_step: Literal["second", "day"] = switch("second", "How finely `filters[updated_after]` looks.")
    after_includes: Literal["as documented", "yes", "no"] = switch(
        "as documented", "Whether the moment itself is after it; documented for deals, and not for contacts."
    )
    naive_dates: Literal["account", "utc"] = switch("account", "Zone of a filter's date that names none.")
    segment_asks: int = switch(1, "So many answers to `?segmentid=` are empty while its query runs.")

    field_meta_paged: bool = switch(False, "Whether `dealCustomFieldMeta` has pages; else each answer has all rows.")
    task_status: Literal[200, 201] = switch(200, "Status of a page of `dealTasks`; 201 is documented.")
    not_in_plan: tuple[str, ...] = switch((), "Paths that the account's plan lacks, such as `accounts`.")
    plan_status: Literal[403, 404] = switch(403, "Status for what the plan lacks.")

    includes: bool = switch(True, "Whether `include=` brings other records along.")
    stubs_name: bool = switch(True, "Whether a deal that may not be seen in full names what a request includes.")
    values_touch: bool = switch(True, "Whether a custom value or a firm moves the date of its contact or deal.")
    deal_log: bool = switch(True, "Whether what happens to a deal is logged in `dealActivities`.")

    refusal: Literal["message", "errors", "empty"] = switch("message", "Body of the 403 for a wrong key.")
    missing_form: Literal[403, 404] = switch(403, "Status for a form that is not there.")
    forms_differ: bool = switch(True, "Whether list and single answer disagree about the same form.")
    cookies: bool = switch(True, "Whether answers set cookies.")
    clock_ahead: float = switch(
        0.0, "Seconds by which the `Date` header is ahead of the account's time; then nothing says that it is imitated."
    )
    chunked: bool = switch(False, "Whether answers come in chunks, without a length.")
    audiences: bool = switch(False, "Whether the account has segments of the second kind.")
    me: bool = switch(True, "Whether `/users/me` answers.")

    legacy: Literal["on", "refused", "off"] = switch(
        "on", "Whether version 1 answers, refuses with a page of XML and 200, or is not there."
    )
    legacy_key: Literal["header", "query", "either"] = switch("header", "Where version 1 looks for the key.")
    legacy_nothing: Literal["json", "empty"] = switch(
        "json", "What version 1 answers beyond the last row: that nothing is returned, or an empty body."
    )
    legacy_repeats: bool = switch(
        False, "Whether version 1 passes over `page` and gives the first one again and again."
    )
    campaign_reports: bool = switch(
        False, "Whether the campaign reports of version 3 are there, at a guessed path: campaigns/1/reports/opens."
    )
    nested_clicks: Literal["own", "all"] = switch(
        "own", "Whether the contacts within a link are those of the message that was asked for, or of all."
    )
    isread: Literal["text", "int", "bool"] = switch("text", "How `isread` of an opened mail is written in `linkData`.")

    @property
    def selecting(self) -> tuple[object, ...]:
        """Return the switches that decide which rows a query selects, and in which order."""
        return (self.keyset_everywhere, self.default_order, self.date_step, self.after_includes, self.naive_dates)


class Switch(NamedTuple):
    """A switch, for the manual."""

    name: str
    default: str
    others: str
    meaning: str


def switches() -> list[Switch]:
    """Return every switch with its default and its other values."""
    hints, usual = get_type_hints(Behaviour), Behaviour()
    found = []
    for one in fields(Behaviour):
        default = getattr(usual, one.name)
        choices = (True, False) if hints[one.name] is bool else get_args(hints[one.name])
        others = [_word(value) for value in choices if isinstance(value, str | int) and value != default]
        found.append(Switch(one.name, _word(default), ", ".join(others), one.metadata["meaning"]))
    return found


def _word(value: object) -> str:
    words = {None: "none", True: "yes", False: "no", (): "none"}
    if value is None or isinstance(value, bool | tuple):
        return words[value]
    return "as recorded" if isinstance(value, Mapping) else str(value)
