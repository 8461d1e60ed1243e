"""Query parameters that choose rows: what each compares with what."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from activecampaign_sandbox import clock
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.query import moment, whole_number
from activecampaign_sandbox.wire import Row


@dataclass(slots=True)
class Item:
    """A record, and the facts about it that the account knows but does not send: memberships, hidden values."""

    row: Row
    facts: dict[str, Any] = field(default_factory=dict)


Test = Callable[[Item], bool]
Comparison = Literal[">", ">=", "<"]
COMPARE: Mapping[Comparison, Callable[[Any, Any], bool]] = {">": operator.gt, ">=": operator.ge, "<": operator.lt}


class Filter(Protocol):
    """Makes the test for one value of a parameter, or None if that value selects nothing in particular."""

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:
        """Return the test; `given` are the other parameters of the request."""


@dataclass(frozen=True, slots=True)
class After:
    """Compares a date; rows that lack the field altogether (limited deals) pass."""

    name: str
    comparison: Comparison

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """A value that is no date is ignored."""
        bound, compare = moment(value, behaviour), self.compare(behaviour)
        if bound is None:
            return None

        def passes(item: Item) -> bool:
            if self.name not in item.row:
                return True
            when = clock.read(item.row[self.name])
            return when is not None and compare(when, bound)

        return passes

    def compare(self, behaviour: Behaviour) -> Callable[[Any, Any], bool]:
        """Return the comparison; whether the moment itself is after it is not the same everywhere."""
        if self.comparison == "<" or behaviour.after_includes == "as documented":
            return COMPARE[self.comparison]
        return COMPARE[">=" if behaviour.after_includes == "yes" else ">"]


@dataclass(frozen=True, slots=True)
class Id:
    """Compares the primary key: the keyset."""

    comparison: Comparison

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """What is no number counts as 0."""
        bound, compare = whole_number(value), COMPARE[self.comparison]
        return lambda item: compare(int(item.row["id"]), bound)


@dataclass(frozen=True, slots=True)
class Equal:
    """Compares a field's text."""

    name: str

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """An empty value is ignored."""
        return (lambda item: str(item.row.get(self.name, "")) == value) if value else None


@dataclass(frozen=True, slots=True)
class Contains:
    """Looks for text in any of some fields, in any case."""

    names: tuple[str, ...]
    prefix: bool = False

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """An empty value is ignored, as recorded."""
        wanted = value.casefold()

        def passes(item: Item) -> bool:
            texts = (str(item.row.get(name) or "").casefold() for name in self.names)
            return any(text.startswith(wanted) if self.prefix else wanted in text for text in texts)

        return passes if wanted else None


@dataclass(frozen=True, slots=True)
class Operator:
    """`filters[name][op]=`, as lists have it."""

    name: str
    operation: str

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Compare texts as they are."""
        tests: dict[str, Callable[[str, str], bool]] = {
            "eq": operator.eq,
            "neq": operator.ne,
            "lt": operator.lt,
            "lte": operator.le,
            "gt": operator.gt,
            "gte": operator.ge,
            "contains": operator.contains,
            "starts_with": str.startswith,
        }
        compare = tests[self.operation]
        return lambda item: compare(str(item.row.get(self.name) or ""), value)


@dataclass(frozen=True, slots=True)
class Value:
    """Bounds a deal's value: given in major units, kept in minor ones."""

    comparison: Literal[">=", "<="]

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Limited deals have no value and do not pass."""
        bound = whole_number(value) * 100

        def passes(item: Item) -> bool:
            cents = item.row.get("value")
            if cents is None:
                return False
            return int(cents) >= bound if self.comparison == ">=" else int(cents) <= bound

        return passes


@dataclass(frozen=True, slots=True)
class Among:
    """Looks an id up in a fact that holds many: forms, segments, tags."""

    fact: str

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """0 and nothing mean any."""
        return (lambda item: value in item.facts.get(self.fact, ())) if value not in {"", "0"} else None


@dataclass(frozen=True, slots=True)
class OnList:
    """`listid`, and `status` which means the status on that list, or on any list if none is named."""

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Facts hold the status by list; `status=-1` is any."""
        wanted, status = given.get("listid", ""), given.get("status", "-1")
        if wanted in {"", "0"} and status in {"", "-1"}:
            return None

        def passes(item: Item) -> bool:
            lists: Mapping[str, str] = item.facts.get("lists", {})
            statuses = list(lists.values()) if wanted in {"", "0"} else [lists[wanted]] if wanted in lists else []
            return status in statuses if status not in {"", "-1"} else bool(statuses)

        return passes


@dataclass(frozen=True, slots=True)
class Ids:
    """`ids[]`, once or more often, or comma-separated."""

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Only these."""
        wanted = set(value.split(","))
        return lambda item: str(item.row["id"]) in wanted


@dataclass(frozen=True, slots=True)
class NotId:
    """`exclude`: every row but one."""

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Everything else passes."""
        return lambda item: str(item.row["id"]) != value


@dataclass(frozen=True, slots=True)
class Without:
    """Leaves some kinds of rows out when the parameter is there, whatever its value."""

    name: str
    kinds: frozenset[str]

    def test(self, value: str, given: Mapping[str, str], behaviour: Behaviour) -> Test | None:  # noqa: ARG002
        """Every other kind passes."""
        return lambda item: item.row.get(self.name) not in self.kinds
