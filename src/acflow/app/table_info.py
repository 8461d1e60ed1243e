"""What a table of a project belongs to, of when it is, and what its columns mean."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text, in_utc
from acflow.app.runs import landed_certificates

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.flows.derived_tables import Derived


OURS = {
    "_deleted_at": "When a reading found that the record is no longer in the account.",
    "_valid_from": "When a reading first saw this version of the record.",
    "_valid_to": "When a reading saw the next version, or the record gone; null for the version of now.",
    "_changed": "Which columns differ from the version before.",
    "_taken_at": "When the counters of this day were read.",
    "_synced_at": "When the run that added the row computed the flow.",
}
"""The columns that acflow adds to tables, and what they mean."""


DERIVED_WORDS = {
    "deleted": "Rows of {} that are gone from the account.",
    "history": "Every version of {} that a run has seen, and from when to when it held.",
    "daily": "The counters of {} as they stood on each day of a run.",
    "custom": "The custom fields of {}, one column each.",
    "wide": "{} with their custom fields beside them.",
}
"""What tables made from an entity hold, by the ending of their name."""
INTERNAL_WORDS = {
    "_rejects": "Values that would not fit the type of their column, as they came.",
    "_readings": "When each entity was read.",
    "_acflow": "Whose data this is.",
}


class TableKind(StrEnum):
    """What a table belongs to."""

    ENTITY = "entity"
    DERIVED = "derived"  # made by a run from entities: custom fields made wide, histories, snapshots, deleted rows
    FLOW = "flow"
    REPORT = "report"
    INTERNAL = "internal"  # acflow's own notes, such as values that would not convert
    ORPHAN = "orphan"  # of a flow that the flow file no longer has; nothing computes it anew
    OTHER = "other"  # nobody's that this project knows


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table, and the entity, flow or report that it `belongs_to`.

    `as_of` is when the oldest reading began that it was made of, None if that is unknown.
    """

    name: str
    kind: TableKind
    rows: int | None
    columns: int
    description: str
    as_of: datetime | None
    belongs_to: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"kind": self.kind.value, "as_of": as_text(self.as_of)}


def _flow_tables(project: "Project") -> dict[str, str]:
    """Return the flow of each table that a flow of the file may have."""
    flows = project.file.flows
    return {name: name for name in flows} | {
        f"{name}_flow": name for name, flow in flows.items() if flow.entity == name
    }


def _earlier_flow_tables(project: "Project") -> dict[str, str]:
    """Return the flow of each table that a run of this project may have computed."""
    if not project.has_ledger:
        return {}
    with project.ledger() as ledger:
        names = list(ledger.last_flows())
    return {name: name for name in names} | {f"{name}_flow": name for name in names}


def _derived(name: str) -> "Derived | None":
    from acflow.flows.derived_tables import derived_table

    return derived_table(name)


class TableDescriber:
    """What tables are, by the entities, the flow file, the reports, and the record of runs."""

    def __init__(self, project: "Project") -> None:
        from acflow.entities import known_entities
        from acflow.reports import REPORTS

        self._project = project
        self._flows = project.file.flows  # before the entities, some of which the file may declare
        self._entities = {entity.name: entity for entity in known_entities()}
        self._reports = {report.table: report for report in REPORTS}
        self._flow_tables = _flow_tables(project)
        self._orphans = _earlier_flow_tables(project)
        self._read_at = {each["entity"]: in_utc(each["started_at"]) for each in landed_certificates(project)}

    def info(self, name: str, columns: int, rows: int | None) -> TableInfo:
        """Return what is known of a table with so many columns and rows."""
        return TableInfo(
            name=name,
            kind=self.kind(name),
            rows=rows,
            columns=columns,
            description=self.description(name),
            as_of=self.as_of(name),
            belongs_to=self.belongs_to(name),
        )

    def kind(self, name: str) -> TableKind:
        """Return what a table belongs to. An entity's flow that only merges it has no table of its own."""
        if name in self._entities:
            return TableKind.ENTITY
        if _derived(name):
            return TableKind.INTERNAL if name.startswith("_") else TableKind.DERIVED
        if name in self._flow_tables:
            return TableKind.FLOW
        if name in self._reports:
            return TableKind.REPORT
        if name in self._orphans:
            return TableKind.ORPHAN
        return TableKind.INTERNAL if name.startswith("_") else TableKind.OTHER

    def as_of(self, name: str) -> datetime | None:
        """Return when the oldest reading began that a table was made of; None if that is unknown."""
        match self.kind(name):
            case TableKind.DERIVED | TableKind.INTERNAL if derived := _derived(name):
                readings = [self._read_at.get(entity) for entity in derived.reads]
                known = [moment for moment in readings if moment is not None]
                return min(known) if known and len(known) == len(readings) else None
            case TableKind.FLOW:
                return self._flows_as_of.get(self._flow_tables[name])
            case _:
                return self._read_at.get(name)

    @cached_property
    def _flows_as_of(self) -> "dict[str, datetime | None]":
        from acflow.app.flows import list_flows

        return {flow.name: flow.data_as_of for flow in list_flows(self._project, check=False)}

    def belongs_to(self, name: str) -> str | None:
        """Return the entity, flow or report whose table it is, or that it is made of."""
        match self.kind(name):
            case TableKind.ENTITY:
                return name
            case TableKind.DERIVED if derived := _derived(name):
                return derived.reads[0]
            case TableKind.FLOW:
                return self._flow_tables[name]
            case TableKind.REPORT:
                return self._reports[name].name
            case TableKind.ORPHAN:
                return self._orphans[name]
            case _:
                return None

    def description(self, name: str) -> str:
        """Return a sentence about a table; empty if nobody wrote one."""
        match self.kind(name):
            case TableKind.ENTITY:
                return self._entities[name].description
            case TableKind.FLOW:
                return self._flows[self._flow_tables[name]].description or ""
            case TableKind.REPORT:
                return self._reports[name].question
            case TableKind.DERIVED:
                entity, _, ending = name.rpartition("_")
                return DERIVED_WORDS[ending].format(entity) if ending in DERIVED_WORDS else ""
            case TableKind.INTERNAL:
                return INTERNAL_WORDS.get(name, "")
            case _:
                return ""

    def meanings(self, name: str) -> dict[str, str]:
        """Return what the columns of a table mean, as far as it is known."""
        return OURS | self._known_meanings(name)

    def _known_meanings(self, name: str) -> dict[str, str]:
        match self.kind(name):
            case TableKind.ENTITY:
                return self._of_entity(name)
            case TableKind.REPORT:
                return {column.name: column.description for column in self._reports[name].columns}
            case TableKind.DERIVED | TableKind.INTERNAL if derived := _derived(name):
                return self._shared(derived.reads) | self._custom(derived.fields_of)
            case TableKind.FLOW:
                return self._of_flow(self._flow_tables[name])
            case _:
                return {}

    def _of_entity(self, name: str) -> dict[str, str]:
        return {column.name: column.description for column in self._entities[name].columns}

    def _shared(self, entities: tuple[str, ...]) -> dict[str, str]:
        """Return the meanings of columns by name; one that several of these entities have may mean either."""
        meanings: dict[str, set[str]] = {}
        for entity in entities:
            for column, meaning in self._of_entity(entity).items():
                meanings.setdefault(column, set()).add(meaning)
        return {column: known.pop() for column, known in meanings.items() if len(known) == 1}

    def _custom(self, owner: str | None) -> dict[str, str]:
        if owner is None:
            return {}
        from acflow.custom.registry import known_fields

        fields = known_fields(self._project.reader(), owner)
        return {column: f"The custom field {field.title!r}." for field in fields for column in field.columns}

    def _of_flow(self, name: str) -> dict[str, str]:
        from acflow.flows.catalog import entity_schemas
        from acflow.flows.plan import make_plan

        needed = make_plan(self._project.file, entity_schemas()).entities([name])
        return self._shared(tuple(entity for entity in needed if entity in self._entities))
