"""Custom fields in data flows: a table like any other, once the account's fields are known."""

from collections.abc import Callable

import pytest

from acflow.engine import open_warehouse
from acflow.errors import ConfigError
from acflow.flows.file import load_flow_text
from acflow.settings import Settings
from activecampaign_sandbox import Running, World, make_world, running
from tests.run_harness import run_flows

FLOWS = """
flows:
  born:
    join: {left: contacts, right: contacts_custom, on: {id: id}, type: left}
    where: birthday >= date '1990-01-01'
    columns: [email, birthday]
  budgets: {sql: "select currency, sum(budget_amount) as amount from deals join deals_custom using (id) group by all"}
"""


@pytest.fixture
def world() -> World:
    """Return an account with a date on a contact, and money on a deal."""
    world = make_world("empty")
    world.insert("contacts", {"email": "ada@example.com"})
    world.insert("contacts", {"email": "bob@example.com"})
    world.insert("fields", {"title": "Birthday", "type": "date"})
    world.insert("fieldValues", {"contact": "1", "field": "1", "value": "1990-02-28"})
    world.insert("fieldValues", {"contact": "2", "field": "1", "value": "1970-01-01"})
    world.insert("deals", {"title": "Tea", "contact": "1", "currency": "usd"})
    world.insert("dealCustomFieldMeta", {"fieldLabel": "Budget", "fieldType": "currency"})
    world.insert("dealCustomFieldData", {"dealId": 1, "customFieldId": 1, "fieldValue": 10050, "fieldCurrency": "usd"})
    return world


def read_what_a_file_needs(account: Running, settings: Settings) -> set[str]:
    """Run the flows, and return the lists that were read."""
    account.requests.clear()
    report = run_flows(settings, load_flow_text(FLOWS))
    assert report.exit_code == 0, report
    return {each.path.rsplit("/", 1)[-1] for each in account.requests} - {"me"}


def test_flows_stand_on_custom_fields(world: World, settings_of: Callable[..., Settings]) -> None:
    """The first reading tells which columns there are; from then on flows use them, and only what they need is read."""
    with running(world) as account:
        settings = settings_of(account)
        with pytest.raises(ConfigError, match="birthday"):
            run_flows(settings, load_flow_text(FLOWS))
        run_flows(settings, load_flow_text(FLOWS), ["fields", "dealCustomFieldMeta"])
        read = read_what_a_file_needs(account, settings)
    assert read == {"contacts", "fields", "deals", "dealCustomFieldMeta"}  # values came along
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    assert [row["email"] for row in warehouse.query("from born").to_pylist()] == ["ada@example.com"]
    assert [float(row["amount"]) for row in warehouse.query("from budgets").to_pylist()] == [100.5]
