"""The lists beyond the helpers, read from a believable account in one run: orders add up, nested lists are whole."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from acflow.engine import open_warehouse
from acflow.entities import ALL, entity
from acflow.entities.model import CampaignEvents, Evidence
from acflow.settings import load_settings
from acflow.source.certificate import Certificate, Verdict
from activecampaign_sandbox import Behaviour, Fault, World, make_world, running
from tests.run_harness import run

FURTHER = tuple(one for one in ALL[28:] if not isinstance(one.paging, CampaignEvents))
Rows = Callable[[str], list[dict[str, Any]]]


def read(
    world: World,
    folder: Path,
    behaviour: Behaviour | None = None,
    names: tuple[str, ...] = (),
    faults: tuple[Fault, ...] = (),
) -> tuple[dict[str, Certificate], Rows]:
    """Read entities, all further ones by default; return the certificates by entity and a way to ask for rows."""
    with running(world, behaviour, faults) as sandbox:
        settings = load_settings(
            {},
            folder / "none.env",
            url=sandbox.url,
            key=sandbox.key,
            warehouse=f"duckdb:///{folder}/w.duckdb",
            state=folder / "state",
            pace=0,
        )
        result = run(settings, [entity(name) for name in names] or FURTHER)
    warehouse = open_warehouse(settings.warehouse, settings.dataset)

    def rows(sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = warehouse.query(sql).to_pylist()
        return found

    return {one.entity: one for one in result.certificates}, rows


@pytest.fixture(scope="module")
def world() -> World:
    """Return a company of some size."""
    return make_world("small", contacts=200, deals=60)


@pytest.fixture(scope="module")
def whole(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Certificate], Rows]:
    """Read everything once."""
    return read(world, tmp_path_factory.mktemp("further"))


def test_each_list_is_read_whole(world: World, whole: tuple[dict[str, Certificate], Rows]) -> None:
    """As many rows as the account holds, no key unknown and no value that would not convert."""
    certificates, _ = whole
    held = {
        **{one.name: len(world.ids(one.path)) for one in FURTHER if one.path in world.tables},
        "automationSteps": len(world.ids("automationBlocks")),
        "smsRecipients": len(world.ids("sms/recipients")),
        "customObjectRecords": len(world.ids("customObjects/records")),
        "ecomOrderDiscounts": len(world.ids("ecomOrderDiscounts")),
    }
    assert {name: one.received for name, one in certificates.items()} == held
    assert {one.verdict for one in certificates.values()} == {Verdict.COMPLETE}
    assert {name: one.rejects for name, one in certificates.items() if one.rejects} == {}
    assert sum(count == 0 for count in held.values()) == 1, "only personal mail has no rows"


def test_orders_add_up_and_belong_to_contacts(world: World, whole: tuple[dict[str, Certificate], Rows]) -> None:
    """Amounts by the currency's decimals, calculated here from the lines; customers by their address."""
    _, rows = whole
    lines: dict[int, int] = defaultdict(int)
    for line in world.rows("ecomOrderProducts"):
        lines[int(line["orderid"])] += int(line["price"]) * int(line["quantity"])
    addresses = {row["email"] for row in world.rows("contacts")}
    orders = rows("SELECT * FROM ecomOrders")
    assert {order["email"] for order in orders} <= addresses
    sent = {order["currency"] for order in world.rows("ecomOrders")}
    assert {"USD", "usd"} <= sent
    assert {order["currency"] for order in orders} == {"usd", "eur", "jpy"}, "one currency has one name"
    for order in orders:
        minor = lines[order["id"]] - order["discountAmount"] + order["shippingAmount"] + order["taxAmount"]
        places = 0 if order["currency"] == "jpy" else 2
        assert order["order_amount"] == Decimal(minor).scaleb(-places)
        assert (order["state_label"] == "abandoned") == (order["abandonedDate"] is not None)
    discounts = rows("SELECT orderid, discountAmount FROM ecomOrderDiscounts")
    assert {row["orderid"]: row["discountAmount"] for row in discounts} == {
        order["id"]: order["discountAmount"] for order in orders if order["orderDiscounts"]
    }


def test_customers_of_several_shops_are_told_apart_from_their_sum(
    whole: tuple[dict[str, Certificate], Rows],
) -> None:
    """Without the rows of connection 0 each order counts once; with them, some would count twice."""
    _, rows = whole
    paid = "SELECT sum(totalPrice) AS total, count(*) AS orders FROM ecomOrders WHERE state IN (1, 3)"
    each = "SELECT sum(totalRevenue) AS total, sum(totalOrders) AS orders FROM ecomCustomers"
    [orders], [customers] = rows(paid), rows(f"{each} WHERE scope IS NULL")
    assert orders == customers
    assert rows(each) != [customers]
    assert rows("SELECT DISTINCT connection FROM ecomCustomers WHERE scope = 'all connections'") == [
        {"connection": None}
    ]


def test_nested_rows_know_their_owner(whole: tuple[dict[str, Certificate], Rows]) -> None:
    """Steps their automation, receivers their broadcast and contact, records the number made of their kind's UUID."""
    _, rows = whole
    steps = "SELECT count(*) AS n FROM automationSteps s JOIN automationBlocks b USING (id, automation, type)"
    assert rows(steps) == rows("SELECT count(*) AS n FROM automationSteps")
    receivers = "SELECT count(*) AS n FROM smsRecipients WHERE id = broadcast * 1000000000000 + contact"
    assert rows(receivers) == rows("SELECT count(*) AS n FROM smsRecipients")
    kinds = "SELECT DISTINCT s.slug FROM customObjectRecords r JOIN customObjectSchemas s ON r.schema = s.id"
    assert rows(kinds) == [{"slug": "tea-subscription"}]


def test_custom_fields_of_accounts_have_a_column_each(world: World, whole: tuple[dict[str, Certificate], Rows]) -> None:
    """Typed by their kinds; money with its amount in whole units."""
    _, rows = whole
    values = {
        (row["accountId"], row["customFieldId"]): row["fieldValue"] for row in world.rows("accountCustomFieldData")
    }
    wide = rows(
        "SELECT id, number_of_seats, CAST(customer_since AS VARCHAR) AS since, credit_line_amount FROM accounts_custom"
    )
    assert {row["id"] for row in wide} == {account for account, _ in values}
    for row in wide:
        assert row["number_of_seats"] == int(values[row["id"], 1])
        assert row["since"] == values[row["id"], 2]
        assert row["credit_line_amount"] == Decimal(values[row["id"], 3]) / 100


def test_each_kind_of_custom_object_has_a_typed_table(world: World, whole: tuple[dict[str, Certificate], Rows]) -> None:
    """A column per field and relationship, which joins the contacts."""
    _, rows = whole
    wide = rows("SELECT *, CAST(next_box AS VARCHAR) AS next FROM object_tea_subscription")
    truth = {
        row["id"]: {
            **{value["id"]: value["value"] for value in row["fields"]},
            "contact": int(row["relationships"]["primary-contact"][0]),
        }
        for row in world.rows("customObjects/records")
    }
    assert {
        row["uuid"]: {
            "plan": row["plan"],
            "boxes": row["boxes"],
            "next-box": row["next"],
            "gift": row["gift"],
            "contact": row["primary_contact"],
        }
        for row in wide
    } == truth


def test_secrets_in_addresses_are_never_stored(whole: tuple[dict[str, Certificate], Rows]) -> None:
    """What stands behind a ? may open a door."""
    _, rows = whole
    found = rows("SELECT url AS address FROM webhooks UNION ALL SELECT linkUrl FROM connections")
    found += rows("SELECT orderUrl AS address FROM ecomOrders UNION ALL SELECT orderUrl FROM ecomOrderActivities")
    assert {row["address"].startswith("https://") and "?" not in row["address"] for row in found} == {True}


def test_what_the_plan_lacks_costs_itself_alone(world: World, tmp_path: Path) -> None:
    """With it goes what is nested in it; all else lands."""
    lacking = ("conversions", "sms/broadcasts", "customObjects/schemas", "automationBlocks")
    names = ("conversions", "smsBroadcasts", "smsRecipients", "customObjectRecords", "goals", "automationSteps")
    for status in (403, 404):
        behaviour = Behaviour(not_in_plan=lacking, plan_status=status)
        certificates, _ = read(world, tmp_path / str(status), behaviour, names)
        forbidden = {name for name, one in certificates.items() if one.verdict is Verdict.FORBIDDEN}
        assert forbidden == {"conversions", "smsBroadcasts", "smsRecipients", "customObjectRecords"}
        assert certificates["goals"].landed
        assert certificates["automationSteps"].landed


def test_owners_that_go_meanwhile_cost_nothing_but_themselves(tmp_path: Path) -> None:
    """A record that is deleted after its list was read has no list below it any more; the lists of others land."""
    world = make_world("small", contacts=60, deals=20)
    gone = Fault("change", path="automations/2/blocks", action=lambda there: there.delete("automations", 2))
    certificates, rows = read(world, tmp_path, names=("automationSteps",), faults=(gone,))
    assert certificates["automationSteps"].landed
    assert {row["automation"] for row in rows("SELECT automation FROM automationSteps")} == {1, 3, 4, 5, 6, 7, 8}


def test_a_long_nested_list_without_a_total_is_read_to_its_end(tmp_path: Path) -> None:
    """A list that may go on is asked for more, until nothing new comes."""
    world = make_world("small", contacts=60, deals=20)
    for place in range(130):
        world.insert("automationBlocks", {"automation": "4", "ordernum": str(place), "type": "wait"})
    certificates, rows = read(world, tmp_path, names=("automationSteps",))
    assert certificates["automationSteps"].received == len(world.ids("automationBlocks"))
    assert rows("SELECT count(*) AS n FROM automationSteps WHERE automation = 4") == [{"n": 137}]


def test_every_further_entity_says_how_it_is_known() -> None:
    """None of them was seen in a recording, so each is documented or claimed."""
    assert {one.evidence for one in FURTHER} == {Evidence.DOCUMENTED, Evidence.CLAIMED}
    assert len(ALL) >= 65
