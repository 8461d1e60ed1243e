"""What is known of a custom field, and of the tables that fields and values come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acflow.entities.model import Type


class FieldKind(StrEnum):
    """How the values of a field are kept; the words after the dash are the API's own kinds."""

    TEXT = "text"  # text, textarea, dropdown, radio, hidden, and whatever is not known
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    CURRENCY = "currency"
    LIST = "list"  # checkbox, listbox, multiselect: several choices


KINDS: Mapping[str, FieldKind] = {
    "date": FieldKind.DATE,
    "datetime": FieldKind.DATETIME,
    "number": FieldKind.NUMBER,
    "currency": FieldKind.CURRENCY,
    "checkbox": FieldKind.LIST,
    "listbox": FieldKind.LIST,
    "multiselect": FieldKind.LIST,
}

TYPES: Mapping[FieldKind, Type] = {
    FieldKind.TEXT: Type.TEXT,
    FieldKind.DATE: Type.DATE,
    FieldKind.DATETIME: Type.LOCAL_TIMESTAMP,
    FieldKind.NUMBER: Type.NUMBER,
    FieldKind.CURRENCY: Type.INTEGER,
    FieldKind.LIST: Type.JSON,
}

AMOUNT, CURRENCY = "_amount", "_currency"  # what stands behind a money column's name beside it

FORECAST = "forecast_close_date"
"""The role of the field that ActiveCampaign itself adds to deals: Forecasted Close Date."""


@dataclass(frozen=True, slots=True)
class CustomField:
    """One custom field of contacts, deals or accounts.

    `column` is given at first sight and stays, whatever the title becomes. `type` is the API's word, `kind` ours;
    `currency` that of money values which name none. `present` tells whether the account still has the field.
    """

    entity: str
    field_id: int
    column: str
    title: str
    type: str
    kind: FieldKind
    role: str | None = None
    currency: str | None = None
    first_seen: datetime | None = None
    present: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the field has; money has its amount and its currency beside it."""
        if self.kind is FieldKind.CURRENCY:
            return (self.column, self.column + AMOUNT, self.column + CURRENCY)
        return (self.column,)


@dataclass(frozen=True, slots=True)
class Owner:
    """What has custom fields, and where the API keeps them: which columns of which tables say what."""

    entity: str
    fields: str
    title: str
    type: str
    tag: str
    values: str
    record: str
    field: str
    value: str
    default_currency: str | None = None
    currency: str | None = None
    known_id: str | None = None

    @property
    def custom(self) -> str:
        """The table with a row per record and a column per field."""
        return f"{self.entity}_custom"

    @property
    def wide(self) -> str:
        """The view of the entity with its custom columns behind its own."""
        return f"{self.entity}_wide"


OWNERS = (
    Owner(
        entity="contacts",
        fields="fields",
        title="title",
        type="type",
        tag="perstag",
        values="fieldValues",
        record="contact",
        field="field",
        value="value",
    ),
    Owner(
        entity="deals",
        fields="dealCustomFieldMeta",
        title="fieldLabel",
        type="fieldType",
        tag="personalization",
        values="dealCustomFieldData",
        record="dealId",
        field="customFieldId",
        value="fieldValue",
        default_currency="fieldDefaultCurrency",
        currency="fieldCurrency",
        known_id="knownFieldId",
    ),
    Owner(
        entity="accounts",
        fields="accountCustomFieldMeta",
        title="fieldLabel",
        type="fieldType",
        tag="personalization",
        values="accountCustomFieldData",
        record="accountId",
        field="customFieldId",
        value="fieldValue",
        default_currency="fieldDefaultCurrency",
        currency="fieldCurrency",
    ),
)
