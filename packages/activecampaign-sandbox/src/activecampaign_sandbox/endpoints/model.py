"""How one path of the API differs from the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from activecampaign_sandbox.endpoints.template import Template
from activecampaign_sandbox.filters import Filter, Id
from activecampaign_sandbox.wire import Row

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

    `rows` is the key of the records in an answer where it is not the path's last word, `below` the word under which
    they stand below a parent, there with `below_keys` if these differ, and with pages and a total if `pages_below`.
    What is not `listed` is there only below others, or `within` another: `customObjects/records/7`. `keyed` is how the
    API knows a record. `template` is a fresh record.
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
    rows: str | None = None
    below: str | None = None
    below_keys: Mapping[str, str] = field(default_factory=dict)
    pages_below: bool = False
    listed: bool = True
    within: str | None = None
    keyed: Literal["number", "name", "uuid"] = "number"
    template: Template | None = None

    @property
    def collection(self) -> str:
        """The key of the records in an answer."""
        return self.rows or self.path.rpartition("/")[2]

    def sent(self, row: Row) -> Row:
        """Return a record as the API knows it: without the number that tells it apart here, where that has none."""
        if self.keyed == "number":
            return row
        uuid = {"id": row["uuid"]} if self.keyed == "uuid" else {}
        return {**uuid, **{name: value for name, value in row.items() if name not in {"id", "uuid"}}}

    def sent_below(self, row: Row) -> Row:
        """Return a record as it is sent below a parent."""
        sent = self.sent(row)
        return {name: sent[source] for name, source in self.below_keys.items()} if self.below_keys else sent


NEVER, NEVER_DAY = "0000-00-00 00:00:00", "0000-00-00"
OPERATIONS = ("eq", "neq", "lt", "lte", "gt", "gte", "contains", "starts_with")

KEYSET: Mapping[str, Filter] = {"id_greater": Id(">"), "id_less": Id("<")}
