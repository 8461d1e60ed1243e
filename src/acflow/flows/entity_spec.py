"""`entities:` of `acflow.yaml`: lists of the API that acflow has no declaration of, read as all others are."""

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from acflow.entities import ALIASES, ALL, BY_NAME
from acflow.entities.model import Entity, Evidence, Nested, Offset, Type
from acflow.entities.model import Field as Column
from acflow.flows.part import Part, refuse
from acflow.flows.problems import suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from acflow.flows.text import Document

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")  # behind it `_history` and the like must fit a table's name
PATH = re.compile(r"[A-Za-z0-9_]+(/([A-Za-z0-9_-]+|\{\}))*")
SECRETS = frozenset({"calendars", "configs"})  # lists that hold credentials
KEPT = frozenset({"limit", "offset", "api_key", "api_output", "include"})
ENDINGS = ("_history", "_deleted", "_daily", "_custom", "_wide", "_flow")
KINDS: dict[str, Type] = {
    "text": Type.TEXT,
    "number": Type.NUMBER,
    "integer": Type.INTEGER,
    "boolean": Type.BOOLEAN,
    "timestamp": Type.TIMESTAMP,
    "local timestamp": Type.LOCAL_TIMESTAMP,
    "date": Type.DATE,
    "json": Type.JSON,
    "foreign key": Type.FOREIGN_KEY,
}
Kind = Literal["text", "number", "integer", "boolean", "timestamp", "local timestamp", "date", "json", "foreign key"]


def _as_text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else value


class EntitySpec(Part):
    """A list of the API: where it is, what tells its records apart, and of what types its fields are."""

    path: str = Field(description="Path below /api/3/, such as `calendars2` or `deals/{}/notes` with `per: deals`.")
    per: str | None = Field(default=None, description="Entity for each record of which the list is asked once.")
    key: str | None = Field(default=None, description="Key of the rows in the answer; by default the path's last word.")
    id: str = Field(default="id", description="Field that tells the records apart.")
    id_is: Literal["number", "text"] | None = Field(
        default=None, description="Whether that field holds a number or a text; by default a number for `id`."
    )
    params: dict[str, Annotated[str, BeforeValidator(_as_text)]] = Field(
        default={}, description="Parameters of every request, such as {'filters[status]': 1}."
    )
    types: dict[str, Kind] = Field(default={}, description="Types of fields; those that are not named are text.")
    drop: list[str] = Field(default=[], description="Fields that are never stored.")
    description: str = Field(default="", description="What the list holds, in a sentence.")

    @model_validator(mode="after")
    def _sound(self) -> "EntitySpec":
        path = self.path
        if not PATH.fullmatch(path):
            fix = (
                "Write what stands behind /api/3/ alone, such as `dealRoles`: letters, digits, _ and - between slashes."
            )
            refuse(f"`path` is no path below /api/3/: `{path}`.", fix)
        if path.split("/")[0].lower() in SECRETS:
            refuse(f"`{path}` holds credentials, and is never read.")
        if ("{}" in path) != (self.per is not None) or path.count("{}") > 1:
            refuse("`{}` in the path stands for the key of each record of `per`.", "Give both, or neither.")
        if self.per is not None and (self.per not in BY_NAME or BY_NAME[self.per].owner):
            listed = [each.name for each in ALL if not each.owner]
            refuse(f"`per` names no list of its own: `{self.per}`.", suggest(self.per, listed, "lists"))
        if kept := sorted(KEPT & self.params.keys()):
            refuse(f"`{kept[0]}` is set by acflow itself.", "Leave it out.")
        return self

    def entity(self, name: str) -> Entity:
        """Return the entity that is declared so."""
        text = self.id_is == "text" or (self.id_is is None and self.id != "id")
        owner = BY_NAME[self.per] if self.per else None
        column = f"{owner.name.removesuffix('s')}_id" if owner else ""
        key = self.id if self.id != "id" else "key"
        made = [Column("id", Type.ID, f"Key of the record{', a number made of its text' if text else ''}.")]
        made += [Column(key, Type.TEXT, f"Key of the record as the API has it, in {self.id}.")] if text else []
        made += [Column(column, Type.FOREIGN_KEY, f"Record of {owner.name} that it is below.")] if owner else []
        taken = {each.name for each in made}
        made += [
            Column(field, KINDS[kind], f"The field {field}, as the project's flow file types it.")
            for field, kind in self.types.items()
            if field not in taken
        ]
        return Entity(
            name=name,
            description=self.description or f"Rows of /api/3/{self.path}, as the project's flow file declares them.",
            fields=tuple(made),
            paging=Nested(owner, column) if owner else Offset(),
            evidence=Evidence.DECLARED,
            endpoint=self.path,
            rows_key=self.key,
            text_key=self.id if text else None,
            text_column=key if text else None,
            params=tuple(self.params.items()),
            dropped=frozenset({"links", *self.drop}),
            quirks=("It is declared in the project's flow file, so nothing is known of it but what stands there.",),
        )


def entities_of(
    document: "Document", data: object, report: "Callable[[Document, tuple[Any, ...], ErrorDetails], None]"
) -> tuple[Entity, ...]:
    """Return the entities that a file declares; what is wrong with the others is noted in the document."""
    if data is None:
        return ()
    if not isinstance(data, dict):
        document.report(("entities",), "`entities` must hold a name and a list on each line.")
        return ()
    declared: dict[str, Entity] = {}
    adapter = TypeAdapter(EntitySpec)
    for name, value in data.items():
        path = ("entities", name)
        if problem := _name_problem(str(name), declared):
            document.report(path, *problem, at=document.place(path, key=True))
            continue
        try:
            declared[name.lower()] = adapter.validate_python(value).entity(name)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                report(document, path, detail)
    return tuple(declared.values())


def _name_problem(name: str, declared: dict[str, Entity]) -> tuple[str, str] | None:
    """Say why a list cannot be called so, and what to do."""
    if not NAME.fullmatch(name):
        return f"`{name}` cannot be a table.", "Use letters, digits and _, at most 50, a letter first."
    known = {each.lower() for each in (*BY_NAME, *ALIASES)}
    if name.lower() in known:
        return f"`{name}` is the name of an entity that acflow reads anyway.", "Choose another name, or leave it out."
    if name.lower() in declared:
        return f"the same name as `{declared[name.lower()].name}`, but for case.", "Rename one."
    if name.lower().endswith(ENDINGS) or name.lower().startswith("report_"):
        return f"`{name}` could be a table that acflow makes itself.", "Choose another name."
    return None
