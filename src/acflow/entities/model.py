"""What an entity is: its fields, where it is read, and how its pages are walked.

Declarations only: nothing here reads the network or imports a heavy module.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """How a field is stored; the words after the dash say what the wire may hold."""

    ID = "id"  # bigint - a number in a string
    FOREIGN_KEY = "foreign key"  # bigint - "0", "" and null all mean none
    INTEGER = "integer"  # bigint - a count or a code, as string or number
    NUMBER = "number"  # double
    BOOLEAN = "boolean"  # 0/1 as string or number, true/false; a count above 0 is true
    TIMESTAMP = "timestamp with time zone"  # ISO 8601 with offset, kept as UTC instant; zero dates are null
    LOCAL_TIMESTAMP = "timestamp"  # Y-m-d H:M:S, kept as written, an offset left off; zero dates are null
    DATE = "date"  # Y-m-d; zero dates are null
    MONEY = "decimal"  # major units of a currency, four decimal places
    TEXT = "text"  # anything; objects and arrays become their JSON text
    JSON = "json"  # object or array, kept as JSON text


class Evidence(StrEnum):
    """How it is known that the API sends a field."""

    RECORDED = "recorded"  # seen in an answer of a real account
    DOCUMENTED = "documented"  # shown in ActiveCampaign's own reference of the API, and not yet seen
    CLAIMED = "claimed"  # told by software that reads real accounts, without an answer to look at
    DECLARED = "declared"  # said by the flow file of a project


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an entity that the API sends.

    `spelled` names the key that the API really uses, where the field reference has another word for it; a key that goes
    by the reference's word is taken first. `aliases` are keys of other dialects of the API: the same record may be
    written in another one where it comes along with another entity. `evidence` is that of the entity unless the field
    has one of its own.
    """

    name: str
    type: Type
    description: str
    spelled: str | None = None
    evidence: Evidence | None = None
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key under which the value may come; where several hold something, the first counts."""
        return (self.name, *((self.spelled,) if self.spelled else ()), *self.aliases)

    @property
    def wire_name(self) -> str:
        """The key to look for in a row of the API."""
        return self.spelled or self.name


@dataclass(frozen=True, slots=True)
class Label:
    """A column that spells out a code: `status` 1 of a deal is "won". Unknown codes give null."""

    name: str
    of: str
    labels: Mapping[int, str]
    description: str
    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True)
class Amount:
    """A column that turns minor units into major ones by the currency's ISO 4217 exponent."""

    name: str
    of: str
    currency: str
    description: str
    type: Type = Type.MONEY


@dataclass(frozen=True, slots=True)
class Keyset:
    """Pages by id: `orders[id]=ASC&id_greater=…&id_less=…`; only contacts have it.

    https://developers.activecampaign.com/reference/pagination
    """

    order: str = "id"
    greater: str = "id_greater"
    less: str = "id_less"


@dataclass(frozen=True, slots=True)
class Offset:
    """Pages by offset, in `orders[<order>]=ASC` if the endpoint has an order that only appends."""

    order: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """The keys of a list, asked for once for each record of another: `contacts?formid=…` for each of the forms.

    `columns` are for the key of the owner and of what it owns; `counter` is the field by which the owner itself counts.
    """

    owner: "Entity"
    listed: "Entity"
    parameter: str
    columns: tuple[str, str]
    counter: str


class EventSource(StrEnum):
    """Where events come from; each account offers some of these."""

    REPORTS = "reports"  # the campaign reports of version 3
    LEGACY = "legacy"  # those of version 1, which they are to replace
    LISTS = "lists"  # account-wide lists


@dataclass(frozen=True, slots=True)
class CampaignEvents:
    """What contacts did with campaigns, asked for once for each campaign that counts any.

    `counters` are the fields by which a campaign counts the contacts, the last reading of `moving` tells whether a
    campaign is worth asking again. `least` counts those contacts of which there is no doubt, where a campaign tells
    them. `report` is the name of the report in version 3, `action` the one in version 1; the rows of one that is
    `by_link` are links, with the contacts within.

    `listed` are account-wide lists with the same events, the second of which are prefetches. Where `links` are named,
    clicks and opens share a list, and are told apart by their links. Of a list with other rows too, `chosen` are the
    values that those of events have.
    """

    owner: "Entity"
    counters: tuple[str, ...]
    moving: tuple[str, ...]
    report: str | None = None
    action: str | None = None
    least: str | None = None
    by_link: bool = False
    listed: tuple["Entity", ...] = ()
    links: "Entity | None" = None
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[EventSource, ...]:
        """Where they can be read."""
        offered = {
            EventSource.REPORTS: self.report,
            EventSource.LEGACY: self.action,
            EventSource.LISTS: self.listed,
        }
        return tuple(source for source, offer in offered.items() if offer)


@dataclass(frozen=True, slots=True)
class Nested:
    """A list below each record of another: `automations/7/blocks` for each of the automations.

    `column` is for the key of the owner, which the rows need not tell. Where two owners may use the same id, that moves
    to the column `inner`, and the key of a row is made of both.
    """

    owner: "Entity"
    column: str
    inner: str | None = None


@dataclass(frozen=True)
class Entity:
    """One kind of record.

    `documented` are the fields of the public field reference, in its order, which helpers have none of; `fields` all
    others that the API is known to send. `params` are parameters of every request. `light` helpers take a request or
    two whatever the size of the account. `dropped` are keys that never reach a warehouse: relation URLs and
    credentials. `cursor` is the field that the server's `filters[updated_after]` follows, None where there is no such
    filter. `counters` count what happens around a record and mostly move no date; `noise` are fields whose change says
    nothing about the record itself, such as dates of the last write. Neither makes a version of the record's history.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    paging: Keyset | Offset | Each | CampaignEvents | Nested
    documented: tuple[Field, ...] = ()
    evidence: Evidence = Evidence.RECORDED
    light: bool = False
    small: bool = False  # takes a request or two as well, and yet is read only when named
    endpoint: str | None = None  # path below /api/3/ where the name is not that; `{}` is the owner's key
    rows_key: str | None = None  # key of the rows in an answer where it is not the path's last word
    text_key: str | None = None  # the text that a record without a number is known by; its id is made of it
    text_column: str | None = None  # the column that the text moves to
    shortened: frozenset[str] = frozenset()  # addresses kept up to their `?`, behind which may stand a secret
    lowered: frozenset[str] = frozenset()  # codes that come in upper and in lower case and mean the same
    params: tuple[tuple[str, str], ...] = ()
    sideloaded: "Entity | None" = None  # what its pages bring along
    belongs_to: str | None = None  # the column that names the record which may bring it along
    essential: tuple[str, ...] = ()  # columns that every table of it holds something in; without them it says nothing
    derived: tuple[Label | Amount, ...] = ()
    dropped: frozenset[str] = frozenset({"links"})
    cursor: str | None = None
    counters: frozenset[str] = frozenset()
    noise: frozenset[str] = frozenset()
    interest: tuple[str, ...] = ()  # columns that people look for, the first of them first, where not all find room
    limited: str | None = None  # the flag that marks a row the key may not see in full
    quirks: tuple[str, ...] = field(default=())

    @property
    def path(self) -> str:
        """Path below /api/3/; that of a nested list has `{}` for the owner's key."""
        if isinstance(self.paging, CampaignEvents):
            return (
                f"{self.paging.owner.path}/…/{self.paging.report}" if self.paging.report else self.paging.listed[0].path
            )
        return self.paging.listed.path if isinstance(self.paging, Each) else self.endpoint or self.name

    @property
    def owner(self) -> "Entity | None":
        """The entity for each record of which the list is asked once; None where it is a list of its own."""
        return self.paging.owner if isinstance(self.paging, Each | Nested | CampaignEvents) else None

    def below(self, key: str) -> "Entity":
        """Return the nested list of one owner, as an entity that is read by offset."""
        return replace(self, endpoint=self.path.format(key), paging=Offset())

    @property
    def key(self) -> str:
        """Name of the primary key."""
        return "id"

    def including(self, other: "Entity") -> "Entity":
        """Return the same entity, asked to bring the rows of another along; their keys on each row are no column."""
        params = (*self.params, ("include", other.path))
        return replace(self, params=params, sideloaded=other, dropped=self.dropped | {other.path})

    def known_by(self, field: Field) -> Evidence:
        """How it is known that the API sends the field."""
        return field.evidence or self.evidence

    @cached_property
    def wire_fields(self) -> tuple[Field, ...]:
        """Every field that is read from a row, documented ones first."""
        return self.documented + self.fields

    @cached_property
    def columns(self) -> tuple[Field | Label | Amount, ...]:
        """Every column of the table in its order: documented, derived, then the rest; a helper's derived ones last."""
        return self.documented + self.derived + self.fields if self.documented else self.fields + self.derived

    @cached_property
    def known_keys(self) -> frozenset[str]:
        """Every key of a row that acflow knows what to do with."""
        return frozenset(key for f in self.wire_fields for key in f.keys) | self.dropped
