"""Entities in words: what the pages of docs/reference and `acflow fields` say, made from the declarations."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from acflow.entities import ENTITIES
from acflow.entities.model import Amount, Entity, Field, Keyset, Label, Type

DOCUMENTED = "yes"
DERIVED = "made by acflow"

STORED: dict[Type, tuple[str, str]] = {
    Type.ID: ("64-bit integer", "The key of the row; never null."),
    Type.FOREIGN_KEY: ("64-bit integer", "The key of another row; the API's 0 and empty text are null."),
    Type.INTEGER: ("64-bit integer", "A count or a code."),
    Type.NUMBER: ("double", "A number that may have a fraction."),
    Type.BOOLEAN: ("boolean", "The API's 0 and 1; a count above 0 is true."),
    Type.TIMESTAMP: ("timestamp with time zone", "An instant; the API's offset is worked in, zero dates are null."),
    Type.LOCAL_TIMESTAMP: ("timestamp", "Date and time as written, zone unstated; zero dates are null."),
    Type.DATE: ("date", "A day; zero dates are null."),
    Type.MONEY: ("decimal(28, 4)", "An amount in whole units of its currency."),
    Type.TEXT: ("text", "Anything, as the API sent it."),
    Type.JSON: ("text", "An object or array as JSON text; query it with JSON functions."),
}


class Column(NamedTuple):
    """One line about a column. `reference` tells whether the public field reference lists it or acflow makes it."""

    name: str
    type: str
    reference: str
    meaning: str


def columns(entity: Entity) -> Iterator[Column]:
    """Describe each column in the order of the table."""
    for column in entity.columns:
        yield Column(column.name, column.type.value, _origin(entity, column), column.description)


def page(entity: Entity) -> str:
    """Return the Markdown of an entity's page below its heading."""
    parts = [
        entity.description,
        _facts(entity),
        "## What to know\n\n" + "\n".join(f"- {quirk}" for quirk in entity.quirks),
        f"## Columns\n\n{_columns(entity)}",
    ]
    parts += [_codes(label) for label in entity.derived if isinstance(label, Label)]
    return "\n" + "\n\n".join(parts) + "\n\n"


def index() -> str:
    """Return a table of all entities with links to their pages."""
    rows = [
        (
            f"[{entity.name}]({entity.name}.md)",
            str(len(entity.columns)),
            f"`{entity.cursor}`" if entity.cursor else "",
            entity.description,
        )
        for entity in ENTITIES
    ]
    return "\n" + _table(("entity", "columns", "cursor", "holds"), rows) + "\n\n"


def types() -> str:
    """Return a table of the types and how a warehouse keeps them."""
    rows = [(kind.value, stored, meaning) for kind, (stored, meaning) in STORED.items()]
    return "\n" + _table(("type", "kept as", "holds"), rows) + "\n\n"


def _origin(entity: Entity, column: Field | Label | Amount) -> str:
    if not isinstance(column, Field):
        return DERIVED
    return DOCUMENTED if column in entity.documented else ""


def _facts(entity: Entity) -> str:
    dropped = ", ".join(f"`{key}`" for key in sorted(entity.dropped))
    lines = [
        f"- **Read from** `GET /api/3/{entity.path}`, {_walk(entity)}.",
        f"- **Key** `{entity.key}`.",
        f"- **Cursor** {_cursor(entity)}",
        f"- **Never stored** {dropped}.",
    ]
    if entity.limited:
        lines.append(f"- **Limited rows** are those where `{entity.limited}` is true; a certificate counts them.")
    return "\n".join(lines)


def _walk(entity: Entity) -> str:
    if isinstance(entity.paging, Keyset):
        return f"page by page along `{entity.paging.order}`, so that nothing shifts while others edit"
    if entity.paging.order:
        return f"by offset in the order of `{entity.paging.order}`"
    return "by offset in the API's own order, each key kept once"


def _cursor(entity: Entity) -> str:
    if entity.cursor:
        return f"`{entity.cursor}`: the API can send only what changed after an instant."
    return "none: the API has no filter for changes, so every run reads all rows."


def _columns(entity: Entity) -> str:
    rows = [(f"`{each.name}`", each.type, each.reference, each.meaning) for each in columns(entity)]
    return _table(("column", "type", "in the field reference", "meaning"), rows)


def _codes(label: Label) -> str:
    rows = [(str(code), word) for code, word in label.labels.items()]
    return f"## Codes of `{label.of}`\n\n" + _table((f"`{label.of}`", f"`{label.name}`"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
