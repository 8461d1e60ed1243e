"""What there is to read of an account, and what its fields mean."""

from dataclasses import asdict, dataclass
from typing import Any

from acflow.entities import entity, known_entities
from acflow.entities.model import Entity


@dataclass(frozen=True, slots=True)
class EntityInfo:
    """An entity in words: when it is read and what a refresh reads of it, its cost, how it is known, what it holds."""

    name: str
    columns: int
    read: str
    refresh: str
    cost: str
    known_from: str
    description: str
    quirks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"quirks": list(self.quirks)}


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A column of an entity: its type, how it is known, and its meaning."""

    entity: str
    name: str
    type: str
    known_from: str
    meaning: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def list_entities() -> list[EntityInfo]:
    """Return every entity."""
    return [_info(known) for known in known_entities()]


def entity_info(name: str) -> EntityInfo:
    """Return one entity; ConfigError if there is none of that name."""
    return _info(entity(name))


def fields(name: str | None = None) -> list[FieldInfo]:
    """Return the fields of an entity, or of all; ConfigError if there is none of that name."""
    from acflow.entities.document import columns

    chosen = known_entities() if name is None else (entity(name),)
    return [FieldInfo(known.name, *column) for known in chosen for column in columns(known)]


def _info(known: Entity) -> EntityInfo:
    from acflow.entities.document import cost, refreshed, when_read

    return EntityInfo(
        name=known.name,
        columns=len(known.columns),
        read=when_read(known),
        refresh=refreshed(known),
        cost=cost(known),
        known_from=known.evidence.value,
        description=known.description,
        quirks=tuple(known.quirks),
    )
