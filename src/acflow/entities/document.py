"""Entities in words: what the pages of docs/reference and `acflow fields` say, made from the declarations."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from acflow.entities import BY_DEFAULT
from acflow.entities.choice import VALUES
from acflow.entities.model import (
    Amount,
    CampaignEvents,
    Each,
    Entity,
    Evidence,
    Field,
    Keyset,
    Label,
    Nested,
    Offset,
    Type,
)
from acflow.entities.types import COLUMN_TYPES

REFERENCE = "field reference"
DERIVED = "made by acflow"

MEANINGS: dict[Type, str] = {
    Type.ID: "The key of the row; never null.",
    Type.FOREIGN_KEY: "The key of another row; the API's 0 and empty text are null.",
    Type.INTEGER: "A count or a code.",
    Type.NUMBER: "A number that may have a fraction.",
    Type.BOOLEAN: "The API's 0 and 1; a count above 0 is true.",
    Type.TIMESTAMP: "An instant; the API's offset is worked in, zero dates are null.",
    Type.LOCAL_TIMESTAMP: "Date and time as written, zone unstated; zero dates are null.",
    Type.DATE: "A day; zero dates are null.",
    Type.MONEY: "An amount in whole units of its currency.",
    Type.TEXT: "Anything, as the API sent it.",
    Type.JSON: "An object or array as JSON text; query it with JSON functions.",
}

KNOWN_FROM: dict[str, str] = {
    REFERENCE: "The public field reference of the six entities lists it.",
    Evidence.RECORDED: "It was seen in an answer of a real account.",
    Evidence.DOCUMENTED: "ActiveCampaign's own reference of the API shows it; no real answer with it was seen.",
    Evidence.CLAIMED: "Software that reads real accounts names it; no answer with it was seen, so it may differ.",
    Evidence.DECLARED: "The project's own flow file declares it.",
    DERIVED: "acflow works it out from other columns of the row.",
}


KNOWN_BECAUSE: dict[Evidence, str] = {
    Evidence.RECORDED: "an answer of a real account was seen",
    Evidence.DOCUMENTED: "ActiveCampaign's own reference shows it; no real answer was seen",
    Evidence.CLAIMED: "software that reads real accounts names it; no answer was seen, so it may differ or be missing",
    Evidence.DECLARED: "the project's own flow file declares it",
}


class Column(NamedTuple):
    """One line about a column. `known_from` is the public field reference, acflow itself, or a word of Evidence."""

    name: str
    type: str
    known_from: str
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


def index(entities: Sequence[Entity]) -> str:
    """Return a table of entities with links to their pages."""
    rows = [
        (
            f"[{entity.name}]({entity.name}.md)",
            str(len(entity.columns)),
            f"`{entity.cursor}`" if entity.cursor else "",
            when_read(entity),
            cost(entity),
            entity.evidence.value,
            entity.description,
        )
        for entity in entities
    ]
    return "\n" + _table(("entity", "columns", "cursor", "read", "costs", "known", "holds"), rows) + "\n\n"


def cost(entity: Entity) -> str:
    """Return how many requests a full reading takes, as a word for its class."""
    if owner := next((owner for owner, values in VALUES.items() if values == entity.name), None):
        return f"none along with {owner}"
    if entity.owner:
        return f"one or more for each of {entity.owner.name}"
    return "a few" if entity.light or entity.small else "one for 100 rows"


def when_read(entity: Entity) -> str:
    """Return whether a run that names nothing reads the entity."""
    owner = next((owner for owner, values in VALUES.items() if values == entity.name), None)
    if owner:
        return f"by default, along with {owner}"
    return "by default" if entity in BY_DEFAULT else "when named"


def refreshed(entity: Entity) -> str:
    """Return what a refresh (`--incremental`) reads of the entity: only contacts and deals can be asked for changes."""
    owner = next((owner for owner, values in VALUES.items() if values == entity.name), None)
    if owner:
        return f"those of changed {owner}"
    if isinstance(entity.paging, CampaignEvents) and entity.paging.action:
        return "those of recent and moved campaigns"
    return f"changes, by {entity.cursor}" if entity.cursor else "all"


def evidence() -> str:
    """Return a table of the words for how a field is known."""
    return "\n" + _table(("known from", "means"), KNOWN_FROM.items()) + "\n\n"


def types() -> str:
    """Return a table of the types and how a warehouse keeps them."""
    rows = [(kind.value, COLUMN_TYPES[kind].words, meaning) for kind, meaning in MEANINGS.items()]
    return "\n" + _table(("type", "kept as", "holds"), rows) + "\n\n"


def _origin(entity: Entity, column: Field | Label | Amount) -> str:
    if not isinstance(column, Field):
        return DERIVED
    return REFERENCE if column in entity.documented else entity.known_by(column).value


def _facts(entity: Entity) -> str:
    dropped = ", ".join(f"`{key}`" for key in sorted(entity.dropped))
    lines = [
        f"- **Read from** {_read_from(entity)}.",
        f"- **Read** {when_read(entity)}.",
        f"- **Requests** {cost(entity)}.",
        f"- **Known** because {KNOWN_BECAUSE[entity.evidence]}.",
        f"- **Key** `{entity.key}`.",
        f"- **Cursor** {_cursor(entity)}",
        f"- **Never stored** {dropped}.",
    ]
    if entity.limited:
        lines.append(f"- **Limited rows** are those where `{entity.limited}` is true; a certificate counts them.")
    return "\n".join(lines)


def _read_from(entity: Entity) -> str:
    events = entity.paging
    if not isinstance(events, CampaignEvents):
        return f"`GET /api/3/{entity.path}{_params(entity)}`, {_walk(entity)}"
    lists = " and ".join(f"`GET /api/3/{listed.path}`" for listed in events.listed)
    offers = (
        f"`GET /api/3/campaigns/{{campaign}}/reports/{events.report}`, a guessed path" if events.report else "",
        f"`GET /admin/api.php?api_action={events.action}`" if events.action else "",
        f"{lists}, in pages by offset" if lists else "",
    )
    return "; or ".join(offer for offer in offers if offer)


def _params(entity: Entity) -> str:
    if isinstance(entity.paging, Each):
        return f"?{entity.paging.parameter}=…"
    return "?" + "&".join(f"{name}={value}" for name, value in entity.params) if entity.params else ""


def _walk(entity: Entity) -> str:
    if isinstance(entity.paging, Each):
        return f"once for each of {entity.paging.owner.name}, page by page along the id"
    if isinstance(entity.paging, Nested):
        return f"once for each of {entity.paging.owner.name}, by offset"
    if isinstance(entity.paging, Keyset):
        return f"page by page along `{entity.paging.order}`, so that nothing shifts while others edit"
    if isinstance(entity.paging, Offset) and entity.paging.order:
        return f"by offset in the order of `{entity.paging.order}`"
    return "by offset in the API's own order, each key kept once"


def _cursor(entity: Entity) -> str:
    if entity.cursor:
        return f"`{entity.cursor}`: the API can send only what changed after an instant."
    if isinstance(entity.paging, CampaignEvents) and entity.paging.action:
        return "none: every run asks the campaigns that are recent or whose counters moved, unless all are swept."
    return "none: the API has no filter for changes, so every run reads all rows."


def _columns(entity: Entity) -> str:
    rows = [(f"`{each.name}`", each.type, each.known_from, each.meaning) for each in columns(entity)]
    return _table(("column", "type", "known from", "meaning"), rows)


def _codes(label: Label) -> str:
    rows = [(str(code), word) for code, word in label.labels.items()]
    return f"## Codes of `{label.of}`\n\n" + _table((f"`{label.of}`", f"`{label.name}`"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
