"""Values of custom fields on their way from an account: along with their owners, or from a list of their own."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from acflow.app.model import RunOptions
from acflow.engine import open_warehouse
from acflow.entities import BY_DEFAULT, entity
from acflow.entities.choice import VALUES, by_default, with_sideloads
from acflow.settings import Settings
from acflow.source.certificate import Certificate
from activecampaign_sandbox import Behaviour, Fault, Running, World, make_world, running
from tests.run_harness import run

NAMES = ("contacts", "deals", *VALUES.values())
CONTACTS, DEALS, PER_RECORD = 230, 120, 4

SettingsOf = Callable[..., Settings]


@pytest.fixture(scope="module")
def world() -> World:
    """Return an account with several pages of everything."""
    world = make_world("empty")
    for number in range(1, 1 + CONTACTS):
        world.insert("contacts", {"email": f"c{number}@example.com"})
        for field in range(1, 1 + PER_RECORD):
            world.insert("fieldValues", {"contact": str(number), "field": str(field), "value": f"{number} {field}"})
    for number in range(1, 1 + DEALS):
        world.insert("deals", {"title": f"Deal {number}", "contact": "1"})
        for field in range(1, 1 + PER_RECORD):
            world.insert("dealCustomFieldData", {"dealId": number, "customFieldId": field, "fieldValue": f"{field}"})
    return world


def read(account: Running, settings: Settings, **given: Any) -> tuple[dict[str, Certificate], Counter[str]]:  # noqa: ANN401 - as run takes it
    """Run; return the certificates, and how often each list was asked for."""
    account.requests.clear()
    report = run(settings, [entity(name) for name in NAMES], **given)
    asked = Counter(each.path.rsplit("/", 1)[-1] for each in account.requests)
    del asked["me"]
    return {each.entity: each for each in report.certificates}, asked


def landed(settings: Settings) -> list[dict[str, Any]]:
    """Return the values of contacts that have landed, in order."""
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    found: list[dict[str, Any]] = warehouse.query(
        'SELECT id, contact, field, value FROM "fieldValues" ORDER BY id'
    ).to_pylist()
    return found


def test_values_come_along_at_no_request_more(world: World, settings_of: SettingsOf) -> None:
    """The same rows land either way; along with their owners they cost nothing, and are proved by the keys named."""
    found, costs = [], []
    for how in ("auto", "values"):
        with running(world) as account:
            settings = settings_of(account, custom_fields=how, dataset=how)
            certificates, asked = read(account, settings)
        assert {name: (c.verdict.value, c.received, c.landed) for name, c in certificates.items()} == {
            name: ("complete", len(world.rows(name)), True) for name in NAMES
        }
        assert certificates["fieldValues"].promised_last == CONTACTS * PER_RECORD
        found.append(landed(settings))
        costs.append(asked)
    assert found[0] == found[1]
    along_with, apart = costs
    assert set(along_with) == {"contacts", "deals"}
    assert {name: apart[name] for name in along_with} == dict(along_with)
    assert apart["fieldValues"] >= CONTACTS * PER_RECORD / 100
    assert apart["dealCustomFieldData"] >= DEALS * PER_RECORD / 100


def test_an_account_that_brings_nothing_along_is_asked_for_the_lists(world: World, settings_of: SettingsOf) -> None:
    """Whoever named the values gets them, by the dearer way, in the same run."""
    with running(world, Behaviour(includes=False)) as account:
        certificates, asked = read(account, settings_of(account))
        assert landed(settings_of(account))[-1]["value"] == f"{CONTACTS} {PER_RECORD}"
    assert {c.verdict.value for c in certificates.values()} == {"complete"}
    assert asked["fieldValues"] >= CONTACTS * PER_RECORD / 100


def test_lists_that_nobody_named_are_not_read_at_a_price(world: World, settings_of: SettingsOf) -> None:
    """A run of everything takes values that come along; where none do, it says so and asks for nothing more."""
    with running(world, Behaviour(includes=False)) as account:
        certificates, asked = read(account, settings_of(account), optional=frozenset(VALUES.values()))
    assert set(asked) == {"contacts", "deals"}
    assert {name: c.lacking for name, c in certificates.items()} == {
        "contacts": False,
        "deals": False,
        "fieldValues": True,
        "dealCustomFieldData": True,
    }
    assert "ACFLOW_CUSTOM_FIELDS=values" in str(certificates["fieldValues"].reason)


def test_values_of_owners_that_were_not_read_whole_prove_nothing(world: World, settings_of: SettingsOf) -> None:
    """What was to come along with contacts ends as the contacts do, and the old tables stay."""
    with running(world, faults=[Fault("forbidden", path="contacts", count=None)]) as account:
        certificates, _ = read(account, settings_of(account))
    assert {name: c.landed for name, c in certificates.items()} == {
        "contacts": False,
        "fieldValues": False,
        "deals": True,
        "dealCustomFieldData": True,
    }


def test_a_deal_that_went_out_of_sight_keeps_its_custom_values(settings_of: SettingsOf) -> None:
    """It names none any more, in a reading of all and in one of changes; what was known stays, in both tables."""
    world = make_world("empty")
    field = int(world.insert("dealCustomFieldMeta", {"fieldLabel": "Tea", "fieldType": "text"}))
    deals = [world.insert("deals", {"title": f"Deal {number}"}) for number in range(3)]
    for deal in deals:
        world.insert("dealCustomFieldData", {"dealId": int(deal), "customFieldId": field, "fieldValue": f"Of {deal}"})
    names = ("deals", "dealCustomFieldMeta", "dealCustomFieldData")
    with running(world, Behaviour(stubs_name=False)) as account:
        settings = settings_of(account)
        warehouse = open_warehouse(settings.warehouse, settings.dataset)
        for incremental in (frozenset[str](), frozenset[str](), frozenset({"all"})):
            report = run(settings, [entity(name) for name in names], options=RunOptions(incremental=incremental))
            assert all(each.landed for each in report.certificates)
            found = warehouse.query("SELECT id, tea FROM deals_wide ORDER BY id").to_pylist()
            assert found == [{"id": int(deal), "tea": f"Of {deal}"} for deal in deals]
            assert len(warehouse.query('SELECT id FROM "dealCustomFieldData"')) == len(deals)
            world.limit_deal(deals[0])


def test_a_list_without_pages_is_no_list_with_repeats(settings_of: SettingsOf) -> None:
    """The fields of deals come whole with each answer; to be told of rows that came twice would alarm for nothing."""
    world = make_world("empty")
    for number in range(7):
        world.insert("dealCustomFieldMeta", {"fieldLabel": f"Field {number}"})
    with running(world) as account:
        report = run(settings_of(account), [entity("dealCustomFieldMeta")])
    [certificate] = report.certificates
    assert (certificate.verdict.value, certificate.received, certificate.duplicates) == ("complete", 7, 0)


def test_what_a_run_reads_depends_on_the_setting() -> None:
    """Values come along where their owners are read too, and in every run of everything unless switched off."""
    assert by_default("off") == BY_DEFAULT
    assert {each.name for each in by_default("auto")} - {each.name for each in BY_DEFAULT} == set(VALUES.values())
    chosen = [entity(name) for name in NAMES]
    assert [each.name for each in with_sideloads(chosen, "auto")] == ["contacts", "deals"]
    assert with_sideloads(chosen, "values") == tuple(chosen)
    assert with_sideloads(chosen[2:], "auto") == tuple(chosen[2:])
