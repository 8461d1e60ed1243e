"""Custom fields from the account into columns, through two runs between which the account's fields change."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from acflow.custom.model import FORECAST, CustomField, FieldKind
from acflow.custom.registry import known_fields
from acflow.engine import Warehouse, open_warehouse
from acflow.entities import entity
from acflow.settings import Settings, load_settings
from activecampaign_sandbox import World, make_world, running
from tests.postgresql_harness import postgresql_database
from tests.run_harness import run

READ = ("contacts", "deals", "fields", "fieldValues", "dealCustomFieldMeta", "dealCustomFieldData")
CONTACT_FIELDS = (
    ("Birthday", "date"),
    ("Email", "text"),
    ("Interests", "listbox"),
    ("Nickname", "text"),
    ("Last call", "datetime"),
    ("nickname", "dropdown"),
    ("Gone soon", "text"),
)
CONTACT_VALUES = (
    (1, 1, "1990-02-28"),
    (2, 1, "1990-02-30"),
    (3, 1, "0000-00-00"),
    (1, 2, "second@example.com"),
    (1, 3, "||tea||coffee||"),
    (2, 3, "||||"),
    (1, 4, "Ada"),
    (2, 4, ""),
    (1, 5, "2026-05-10T14:00:00-05:00"),
    (2, 5, "2026-05-10 14:00:00"),
    (2, 6, "Bob"),
    (3, 7, "leaving"),
    (3, 999, "of a field that nobody knows"),
    (0, 4, "of nobody"),
)
DEAL_FIELDS: tuple[dict[str, Any], ...] = (
    {"fieldLabel": "Abschluss", "fieldType": "date", "personalization": "DEAL_FORECASTED_CLOSE_DATE"},
    {"fieldLabel": "Budget", "fieldType": "currency", "fieldDefaultCurrency": "jpy"},
    {"fieldLabel": "Score", "fieldType": "number"},
    {"fieldLabel": "Wishes", "fieldType": "multiselect"},
)
DEAL_VALUES: tuple[dict[str, Any], ...] = (
    {"dealId": 1, "customFieldId": 1, "fieldValue": "2026-12-24"},
    {"dealId": 1, "customFieldId": 2, "fieldValue": 10050, "fieldCurrency": "USD"},
    {"dealId": 2, "customFieldId": 2, "fieldValue": "10050"},
    {"dealId": 3, "customFieldId": 2, "fieldValue": "99.99"},
    {"dealId": 1, "customFieldId": 3, "fieldValue": 100.99},
    {"dealId": 2, "customFieldId": 3, "fieldValue": "many"},
    {"dealId": 1, "customFieldId": 4, "fieldValue": ["a", "b"]},
    {"dealId": 2, "customFieldId": 4, "fieldValue": "||c||"},
)


@dataclass(slots=True)
class Seen:
    """What the warehouse held after one run."""

    remarks: tuple[str, ...]
    fields: tuple[CustomField, ...]
    tables: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    rejects: list[dict[str, Any]] = field(default_factory=list)

    def column(self, title: str) -> str:
        """Return the column that a field has, by its title now."""
        [found] = [each.column for each in self.fields if each.title == title]
        return found


def company() -> World:
    """Return an account with custom fields of every kind, and values that fit and do not."""
    world = make_world("empty")
    for name in ("ada", "bob", "cyd"):
        world.insert("contacts", {"email": f"{name}@example.com"})
        world.insert("deals", {"title": f"Deal with {name}", "contact": "1"})
    for title, kind in CONTACT_FIELDS:
        world.insert("fields", {"title": title, "type": kind})
    for contact, number, value in CONTACT_VALUES:
        world.insert("fieldValues", {"contact": str(contact), "field": str(number), "value": value})
    for given in DEAL_FIELDS:
        world.insert("dealCustomFieldMeta", given)
    for given in DEAL_VALUES:
        world.insert("dealCustomFieldData", given)
    return world


def rearrange(world: World) -> None:
    """Retitle one field, give its title to a new one, change what kind two are, and take one away."""
    world.update("fields", 4, {"title": "Called"})
    world.insert("fields", {"title": "Nickname", "type": "text"})
    world.insert("fieldValues", {"contact": "3", "field": "8", "value": "Cee"})
    world.update("fields", 1, {"type": "text"})
    world.update("dealCustomFieldMeta", 3, {"fieldType": "date"})
    world.delete("fields", 7)


def look(warehouse: Warehouse, remarks: tuple[str, ...]) -> Seen:
    """Return what stands in the warehouse now."""
    seen = Seen(remarks, known_fields(warehouse))
    for name in ("contacts_custom", "deals_custom", "contacts_wide", "deals_wide"):
        found = warehouse.query(f'SELECT * FROM "{name}"').to_pylist()  # noqa: S608 - our own names
        seen.tables[name] = {row.pop("id"): row for row in found}
    seen.rejects = warehouse.query("SELECT entity, id, field, raw FROM _rejects ORDER BY entity, id").to_pylist()
    return seen


@pytest.fixture(scope="module", params=["DuckDB", "PostgreSQL"])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Seen]:
    """Return what stood in the warehouse after a run, and after another once the account had changed."""
    folder = tmp_path_factory.mktemp("custom")
    url = f"duckdb:///{folder / 'w.duckdb'}" if request.param == "DuckDB" else postgresql_database(folder)
    world = company()
    with running(world) as account:
        settings: Settings = load_settings(
            url=account.url, key=account.key, warehouse=url, state=folder / ".acflow", pace=0
        )
        warehouse = open_warehouse(url, settings.dataset)
        first = look(warehouse, run(settings, [entity(name) for name in READ]).remarks)
        rearrange(world)
        run(settings, [entity("contacts")])  # whose view must bear that nothing of its custom fields has come
        second = look(warehouse, run(settings, [entity(name) for name in READ]).remarks)
    return first, second


def test_values_stand_in_columns_of_their_kind(life: tuple[Seen, Seen]) -> None:
    """One row per contact with any value, typed, with nothing where nothing was said."""
    custom = life[0].tables["contacts_custom"]
    assert custom[1] | {"interests": json.loads(custom[1]["interests"])} == {
        "birthday": date(1990, 2, 28),
        "email_2": "second@example.com",
        "interests": ["tea", "coffee"],
        "nickname": "Ada",
        "last_call": datetime(2026, 5, 10, 14),  # noqa: DTZ001 - the clock on the wall
        "nickname_6": None,
        "gone_soon": None,
    }
    assert (custom[2]["interests"], custom[2]["nickname"], custom[2]["nickname_6"]) == (None, None, "Bob")
    assert custom[2]["last_call"] == datetime(2026, 5, 10, 14)  # noqa: DTZ001 - the clock on the wall
    assert sorted(custom) == [1, 2, 3]


def test_money_has_its_amount_and_its_currency(life: tuple[Seen, Seen]) -> None:
    """A value that names no currency has that of its field, and yen have no cents."""
    deals = life[0].tables["deals_custom"]
    assert {key: [row[f"budget{ending}"] for ending in ("", "_amount", "_currency")] for key, row in deals.items()} == {
        1: [10050, Decimal("100.5000"), "usd"],
        2: [10050, Decimal("10050.0000"), "jpy"],
        3: [None, None, "jpy"],
    }
    assert (deals[1]["score"], deals[2]["score"]) == (100.99, None)
    assert [json.loads(deals[key]["wishes"]) for key in (1, 2)] == [["a", "b"], ["c"]]


def test_values_that_do_not_convert_are_set_aside(life: tuple[Seen, Seen]) -> None:
    """Null in the column, and the text as it came beside the number of the record."""
    assert life[0].rejects == [
        {"entity": "contacts_custom", "id": 2, "field": "birthday", "raw": "1990-02-30"},
        {"entity": "deals_custom", "id": 2, "field": "score", "raw": "many"},
        {"entity": "deals_custom", "id": 3, "field": "budget", "raw": "99.99"},
    ]
    assert any("1 values would not convert" in remark for remark in life[0].remarks)


def test_the_forecasted_close_date_is_recognised(life: tuple[Seen, Seen]) -> None:
    """Reports find it by its role, whatever it is called."""
    [forecast] = [each for each in life[0].fields if each.role == FORECAST]
    assert (forecast.entity, forecast.kind, forecast.column) == ("deals", FieldKind.DATE, "forecasted_close_date")
    assert life[0].tables["deals_wide"][1]["forecasted_close_date"] == date(2026, 12, 24)


def test_the_view_has_every_record_and_all_columns(life: tuple[Seen, Seen]) -> None:
    """Records without any value are there too, and an own column keeps its meaning beside a custom twin."""
    wide = life[0].tables["deals_wide"]
    assert sorted(wide) == [1, 2, 3]
    assert wide[2]["title"] == "Deal with bob"
    contacts = life[0].tables["contacts_wide"]
    assert (contacts[1]["email"], contacts[1]["email_2"]) == ("ada@example.com", "second@example.com")


def test_a_field_keeps_its_column_when_it_is_called_otherwise(life: tuple[Seen, Seen]) -> None:
    """A query written before goes on to mean the same, also when a newcomer takes the old title."""
    first, second = life
    assert (first.column("Nickname"), second.column("Called"), second.column("Nickname")) == (
        "nickname",
        "nickname",
        "nickname_8",
    )
    assert second.tables["contacts_custom"][1]["nickname"] == "Ada"
    assert second.tables["contacts_wide"][3]["nickname_8"] == "Cee"


def test_a_field_that_becomes_another_kind_becomes_text(life: tuple[Seen, Seen]) -> None:
    """Text holds what was and what is; nothing is lost to a change of mind."""
    second = life[1]
    assert second.tables["contacts_custom"][2]["birthday"] == "1990-02-30"
    assert second.tables["deals_custom"][2]["score"] == "many"
    assert [row["field"] for row in second.rejects] == ["budget"]


def test_a_field_that_is_gone_keeps_its_place(life: tuple[Seen, Seen]) -> None:
    """The column stays, empty; the registry says that the account has the field no more."""
    second = life[1]
    [gone] = [each for each in second.fields if not each.present]
    assert (gone.title, gone.column) == ("Gone soon", "gone_soon")
    assert {row["gone_soon"] for row in second.tables["contacts_custom"].values()} <= {None}
