"""How entities are found by name, and what it costs to know them."""

import subprocess
import sys

import pytest

from acflow.entities import ALIASES, ALL, BY_DEFAULT, ENTITIES, HELPERS, entity
from acflow.entities.model import Entity
from acflow.errors import ConfigError


@pytest.mark.parametrize("known", ALL, ids=lambda known: known.name)
def test_every_entity_is_found_by_its_name(known: Entity) -> None:
    """The name a user types is the name in the declaration."""
    assert entity(known.name) is known


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("contact", "contacts"),
        ("Deals", "deals"),
        ("campagins", "campaigns"),
        (" lists ", "lists"),
        ("froms", "forms"),
        ("dealgroups", "dealGroups"),
        ("pipeline", "pipelines"),
        ("contacttags", "contactTags"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_name(typed: str, meant: str) -> None:
    """The message names the mistake and the probable word."""
    with pytest.raises(ConfigError) as refused:
        entity(typed)
    assert repr(typed) in str(refused.value)
    assert f"Did you mean {meant}?" in str(refused.value)


def test_a_name_like_no_other_gets_the_whole_list() -> None:
    """A wild guess would lead astray, so the message lists what there is."""
    with pytest.raises(ConfigError) as refused:
        entity("xyzzy")
    assert "Did you mean" not in str(refused.value)
    assert all(each.name in str(refused.value) for each in ALL)


def test_the_words_of_the_interface_are_understood() -> None:
    """Users see pipelines and stages; only the API speaks of deal groups."""
    assert {alias: entity(alias).name for alias in ALIASES} == {"pipelines": "dealGroups", "stages": "dealStages"}


def test_a_run_of_everything_reads_the_six_and_the_light_helpers() -> None:
    """What may have a row per contact is read only when named."""
    assert ENTITIES + tuple(helper for helper in HELPERS if helper.light) == BY_DEFAULT
    assert len({each.name for each in ALL}) == len(ALL) >= 65


def test_knowing_the_entities_loads_nothing_but_ourselves() -> None:
    """Help and completion list entities and must not pay for a library."""
    modules = "acflow.entities, acflow.entities.document, acflow.entities.currency"
    code = f"import sys; before = set(sys.modules); import {modules}; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    roots = {name.partition(".")[0] for name in loaded}
    assert "acflow" in roots
    assert not {root for root in roots - {"acflow"} if root not in sys.stdlib_module_names}
