"""Which entities a run reads, and which of them come along with others."""

from collections.abc import Iterable

from acflow.entities import ALL, BY_DEFAULT
from acflow.entities.model import Entity

VALUES = {"contacts": "fieldValues", "deals": "dealCustomFieldData"}
"""Where the values of custom fields are kept, by what they belong to."""


def by_default(custom_fields: str) -> tuple[Entity, ...]:
    """Return what is read when nothing is named; the values of custom fields unless these are off."""
    wanted = set() if custom_fields == "off" else set(VALUES.values())
    return BY_DEFAULT + tuple(each for each in ALL if each.name in wanted)


def with_sideloads(entities: Iterable[Entity], custom_fields: str) -> tuple[Entity, ...]:
    """Return the same entities, with the values of custom fields to come along with what they belong to."""
    chosen = {entity.name: entity for entity in entities}
    if custom_fields == "auto":
        for owner, values in VALUES.items():
            if owner in chosen and values in chosen:
                chosen[owner] = chosen[owner].including(chosen.pop(values))
    return tuple(chosen.values())
