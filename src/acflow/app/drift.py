"""How the fields that an account sends came, went and changed: a story per field, told by the certificates."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text
from acflow.entities import entity

if TYPE_CHECKING:
    from acflow.app.project import Project

NOTHING = ["null"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A run, and when it was."""

    run: str
    at: datetime


@dataclass(slots=True)
class FieldStory:
    """One field of one entity.

    `kinds` are the kinds of JSON value that it holds now or held last, `kinds_before` those until `retyped`, None if
    they never changed. `new` tells whether it came later than the entity's first run, or is none that acflow declares.
    `gone` is the run that missed it, `back` the one that saw it again; a reading of changes, or of no rows, misses
    nothing.
    """

    entity: str
    field: str
    kinds: list[str]
    first_seen: Moment
    last_seen: Moment
    new: bool
    gone: Moment | None = None
    back: Moment | None = None
    retyped: Moment | None = None
    kinds_before: list[str] | None = None

    @property
    def drifted(self) -> bool:
        """Whether it is not as it was in the first run."""
        return self.new or any((self.gone, self.back, self.retyped))

    def as_dict(self) -> dict[str, Any]:
        """Return the story as JSON values."""
        moments = {
            word: moment and {"run": moment.run, "at": as_text(moment.at)}
            for word in ("first_seen", "last_seen", "gone", "back", "retyped")
            for moment in (getattr(self, word),)
        }
        return asdict(self) | moments | {"drifted": self.drifted}

    def see(self, when: Moment, certificate: Mapping[str, Any]) -> None:
        """Go on with a run that saw the field."""
        self.last_seen = when
        if self.gone:
            self.gone, self.back = None, when
        if was := certificate["retyped_fields"].get(self.field):
            self.retyped, self.kinds_before = when, list(was)
        came = list(certificate["seen_fields"][self.field])
        self.kinds = came if came != NOTHING else self.kinds


def drift(project: "Project", name: str | None = None) -> list[FieldStory]:
    """Return the story of each field of one entity or of all, of those too that never changed.

    Raises:
        ConfigError: there is no such entity, or no run has been made here yet.

    """
    only = None if name is None else entity(name).name
    with project.ledger() as ledger:
        return [story for story in stories(ledger.all_certificates()) if only in {None, story.entity}]


def stories(certificates: Iterable[Mapping[str, Any]]) -> list[FieldStory]:
    """Return the story of each field by entity and name; `certificates` come oldest first, with `run` and `at`."""
    known: dict[tuple[str, str], FieldStory] = {}
    for certificate in certificates:
        owner, when = certificate["entity"], Moment(certificate["run"], certificate["at"])
        for name, kinds in certificate["seen_fields"].items():
            if (owner, name) in known:
                known[owner, name].see(when, certificate)
            else:
                new = name in certificate["new_fields"]
                known[owner, name] = FieldStory(owner, name, list(kinds), when, when, new)
        for name in certificate["vanished_fields"]:
            if (owner, name) in known:
                known[owner, name].gone = when
    return [known[key] for key in sorted(known)]
