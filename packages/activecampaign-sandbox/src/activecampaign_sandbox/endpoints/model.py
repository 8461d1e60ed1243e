"""How one path of the API differs from the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from activecampaign_sandbox.filters import Filter, Id

Total = Literal["string", "int", "absent"]
Grade = Literal["recorded", "documented", "claimed", "guessed"]


@dataclass(frozen=True)
class Endpoint:
    """One list of records and its single records.

    `total` is how meta.total is written; `before` are sideloaded collections that come before the records, `around`
    those beside a single record, `include` those that `include=` adds. `created` is the date that a new record gets,
    `touched` the date that an update moves: both in UTC if `utc`, the latter with a wrong offset if `mislabelled`.
    `counters` are fields whose changes move no date, `flips` what null turns into with the first write. `parents` are
    the fields that name the record which this one belongs to, by that record's path; it goes when that goes, unless it
    `outlives` it.
    """

    path: str
    singular: str
    missing: str  # what a 404 calls the record
    total: Total = "string"
    orders: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    keyset: bool = False
    default_limit: int | None = None  # where it is not everybody's 20
    before: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    own_order: str | None = None  # field of the default order; None is a shuffle
    created: str | None = "cdate"
    touched: str | None = "udate"
    utc: bool = False
    mislabelled: bool = False
    counters: frozenset[str] = frozenset()
    flips: Mapping[str, str] = field(default_factory=dict)
    list_only: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    outlives: bool = False
    grade: Grade = "recorded"


NEVER, NEVER_DAY = "0000-00-00 00:00:00", "0000-00-00"
OPERATIONS = ("eq", "neq", "lt", "lte", "gt", "gte", "contains", "starts_with")

KEYSET: Mapping[str, Filter] = {"id_greater": Id(">"), "id_less": Id("<")}
