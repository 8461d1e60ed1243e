"""What may stand in `acflow.yaml`. Names and expressions are checked later, against the columns that exist."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    model_serializer,
    model_validator,
)
from pydantic.functional_validators import AfterValidator

from acflow.destinations.model import Destination
from acflow.destinations.registry import FORMATS, destination_of, guess
from acflow.entities import entity, known_entities
from acflow.errors import ConfigError
from acflow.flows.account_spec import Account, AccountName, Dataset, Lake, NamedAccount, TimeZone, Warehouse
from acflow.flows.entity_spec import EntitySpec
from acflow.flows.part import Part, as_list, refuse
from acflow.flows.problems import suggest
from acflow.flows.receivers import DocumentSpec, Mail, Notices, When
from acflow.flows.text import Document
from acflow.reports.option_parsing import options_from
from acflow.reports.registry import REPORTS, report

# PostgreSQL cuts longer names without a word, and two columns could become one.
LONGEST_NAME = 63
FLOW_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}")
EVERYTHING_ELSE = "*"

Mode = Literal["replace", "append", "merge"]
Treatment = Literal["hash", "mask", "drop"]
JoinType = Literal["inner", "left", "right", "full", "anti"]


def _as_text(value: object) -> object:
    """Take a number or a flag for an expression, where one is expected."""
    return str(value).lower() if isinstance(value, bool | int | float) else value


def _column_name(name: str) -> str:
    if not name.strip():
        refuse("a column needs a name.")
    if len(name.encode()) > LONGEST_NAME:
        refuse(f"a column name has at most {LONGEST_NAME} bytes.", "Shorten it.")
    return name


Expression = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
ColumnName = Annotated[str, AfterValidator(_column_name)]
Names = Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=str | list[str]), Field(min_length=1)]


def _entity(name: str) -> str:
    try:
        return entity(name).name
    except ConfigError:
        return refuse(f"unknown entity `{name}`.", suggest(name, [each.name for each in known_entities()], "entities"))


EntityName = Annotated[str, AfterValidator(_entity)]


class Pick(Part):
    """One column of the result: its name, where it comes from, and the type that it is turned into."""

    name: ColumnName
    source: str = Field(alias="from")
    type: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        """`id`, `{deal: title}` and `{closed: {from: mdate, type: date}}` are three ways to write one."""
        if isinstance(value, str):
            return {"name": value, "from": value}
        if not isinstance(value, dict) or len(value) != 1:
            return refuse("a column is a name, {new: old} or {new: {from: old, type: date}}.")
        name, rest = next(iter(value.items()))
        if isinstance(rest, dict):
            return {"name": name, "from": name, **rest}
        return {"name": name, "from": name if rest is None else rest}

    @model_validator(mode="after")
    def _star(self) -> "Pick":
        if EVERYTHING_ELSE in {self.name, self.source} and (self.name != self.source or self.type):
            refuse(f"`{EVERYTHING_ELSE}` stands for many columns.", "Name one, or write it alone.")
        return self

    @model_serializer
    def _as_written(self) -> object:
        if self.type:
            return {self.name: {"from": self.source, "type": self.type}}
        return self.name if self.name == self.source else {self.name: self.source}


def _as_picks(value: object) -> object:
    return [{name: rest} for name, rest in value.items()] if isinstance(value, dict) else value


class PickParts(Part):
    """The long form of a column."""

    source: str | None = Field(
        default=None, alias="from", description="Column of the source; the same name by default."
    )
    type: str | None = Field(
        default=None, description="Type that the value is turned into, such as date or decimal(18,2)."
    )


def plain(name: str) -> Pick:
    """Return the pick that keeps a column as it is."""
    return Pick.model_validate(name)


PickMap = dict[str, str | PickParts | None]
Picks = Annotated[
    list[Pick],
    BeforeValidator(_as_picks, json_schema_input_type=list[str | PickMap] | PickMap),
    Field(min_length=1),
]


def _as_pairs(value: object) -> object:
    """`contact`, `[email, day]` and `{contact: id}` as pairs of left and right."""
    if isinstance(value, str):
        return {value: value}
    return {name: name for name in value} if isinstance(value, list) else value


Pairs = Annotated[
    dict[str, str],
    BeforeValidator(_as_pairs, json_schema_input_type=str | list[str] | dict[str, str]),
    Field(min_length=1),
]


class Join(Part):
    """Two flows side by side."""

    left: str = Field(description="Flow or entity whose rows come first.")
    right: str = Field(description="Flow or entity that adds its columns.")
    on: Pairs = Field(description="Key of both, list of keys, or {left: right}.")
    type: JoinType = Field(default="left", description="Which rows stay; anti keeps left rows without a match.")


def _file_format(name: str) -> str:
    return name if name in FORMATS else refuse(f"unknown format `{name}`.", suggest(name, FORMATS, "formats"))


FileFormat = Annotated[str, AfterValidator(_file_format), Field(json_schema_extra={"enum": [*FORMATS]})]


class Delivery(Part):
    """One place where the result goes besides the warehouse."""

    to: str = Field(min_length=1, repr=False, description="File, database URL or Google sheet.")
    mode: Mode = "replace"
    key: Names | None = Field(default=None, description="Columns that tell rows apart, for merge.")
    format: FileFormat | None = Field(default=None, description="If the ending does not tell.")
    sheet: str | None = Field(default=None, description="Sheet of the workbook; the flow's name by default.")
    table: str | None = Field(default=None, description="Table of the database; the flow's name by default.")
    header: bool = Field(default=True, description="First row holds the column names.")
    bom: bool = Field(default=False, description="Begin a CSV file with a byte order mark, which Excel wants.")
    delimiter: Literal[",", ";", "\t", "|"] = Field(default=",", description="What stands between the values of CSV.")
    decimal: Literal[".", ","] = Field(default=".", description="The decimal mark of CSV.")
    date_format: str = Field(default="", description="How CSV writes days, as %d.%m.%Y; ISO 8601 if it is not said.")
    zone: str = Field(default="UTC", description="Time zone of the instants in Excel and CSV, as Europe/Berlin.")
    formats: dict[str, Literal["percent", "money", "count", "number", "key", "plain"]] = Field(
        default={}, description="How Excel shows columns whose name does not tell, such as {opened: percent}."
    )
    credentials: str | None = Field(default=None, repr=False, description="Key file of the Google service account.")
    privacy: dict[str, Treatment] = Field(
        default={}, description="Columns to hash, mask or drop before anything is written there."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"to": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fits(self) -> "Delivery":
        kind = self.kind
        if self.mode == "merge" and not kind.is_database:
            refuse("only a database can merge.", "Use `replace`.")
        if self.mode == "append" and kind.is_file:
            refuse("a file is always written whole.", "Use `replace`, or append to a database.")
        if self.sheet and kind.is_database:
            refuse("a database has no sheets.", "Write `table`.")
        if self.table and not kind.is_database:
            refuse("only a database has tables.", "Write `sheet` for a workbook.")
        return self

    @property
    def kind(self) -> Destination:
        """The kind of place."""
        return destination_of(self.to, self.format) or refuse("no kind of destination.", guess(self.to))


OneDelivery = str | Delivery
Deliveries = Annotated[list[Delivery], BeforeValidator(as_list, json_schema_input_type=OneDelivery | list[OneDelivery])]

SOURCES = ("entity", "from", "join", "append", "sql", "report")


class Convert(Part):
    """Money of several currencies turned into one."""

    to: Annotated[str, AfterValidator(str.lower)] = Field(
        pattern=r"^[A-Za-z]{3}$", description="Code of the new currency, such as eur."
    )
    rates: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] | str = Field(
        description="What one unit is worth in the new currency, as {usd: 0.9}; or a flow with `currency` and `rate`."
    )


def _report(name: str) -> str:
    try:
        return report(name).name
    except ConfigError:
        return refuse(f"unknown report `{name}`.", suggest(name, [known.name for known in REPORTS], "reports"))


ReportName = Annotated[str, AfterValidator(_report)]
ReportOption = str | int | list[int] | dict[str, float]


class Flow(Part):
    """One named result: where its rows come from, how they are shaped, where they go, and when."""

    description: str | None = Field(default=None, description="What the result is for, in a sentence.")

    entity: str | None = Field(default=None, description="Entity of the account.")
    from_: str | None = Field(default=None, alias="from", description="Another flow, or an entity.")
    join: Join | None = Field(default=None, description="Two flows side by side.")
    append: Annotated[list[str], Field(min_length=2)] | None = Field(
        default=None, description="Flows one below the other."
    )
    sql: str | None = Field(
        default=None, min_length=1, description="One SELECT in DuckDB's SQL over flows and entities."
    )

    report: ReportName | None = Field(default=None, description="Ready report, such as win_rate.")
    options: dict[str, ReportOption] | None = Field(
        default=None, description="Options of the report, such as {days: 90, zone: Europe/Rome}."
    )

    where: Expression | None = Field(default=None, description="Condition that rows must meet.")
    columns: Picks | None = Field(default=None, description="Columns to keep, in this order; `*` is everything else.")
    convert: Convert | None = Field(default=None, description="Money turned into one currency, before formulas.")
    formula: dict[ColumnName, Expression] | None = Field(default=None, description="New columns by expression.")
    group_by: Names | None = Field(default=None, description="One row for each combination of these columns.")
    metrics: dict[ColumnName, Expression] | None = Field(default=None, description="Aggregates, such as count(*).")
    distinct: bool = Field(default=False, description="Leave out rows that are equal in every column.")
    sort: Names | None = Field(default=None, description="Columns to sort by; -amount is descending.")
    limit: int | None = Field(default=None, ge=1, description="At most this many rows.")

    over: Literal["accounts"] | None = Field(
        default=None, description="`accounts`: over the tables of all accounts, each row with its `_account` in front."
    )
    mode: Mode = Field(default="replace", description="What happens to the rows of the run before.")
    key: Names | None = Field(default=None, description="Columns that tell rows apart, for merge.")
    schedule: When | None = Field(default=None, description="Cron line, {every: 1h} or {cron: …, timezone: …}.")
    deliver: Deliveries = Field(default=[], description="Where the result goes besides the warehouse.")

    @model_validator(mode="after")
    def _one_source(self) -> "Flow":
        given = [name for name in SOURCES if self._source(name) is not None]
        if not given:
            refuse("the flow has no source.", f"Give it one of {', '.join(SOURCES)}.")
        if len(given) > 1:
            refuse(f"the flow has {len(given)} sources: {', '.join(given)}.", "Keep one; a flow can use another flow.")
        if self.options is not None:
            self._check_options()
        if self.over and self.report:
            refuse("a report is of one account.", "Make it a flow of its own; one `from` that, `over: accounts`.")
        if self.group_by and not self.metrics:
            refuse("`group_by` without `metrics`.", "Add metrics, or use `columns` with `distinct: true`.")
        if self.key and self.mode != "merge":
            refuse("`key` is for merge alone.", "Add `mode: merge`, or leave out the key.")
        return self

    def _check_options(self) -> None:
        if self.report is None:
            refuse("`options` are those of a report.", "Name one with `report:`, or leave them out.")
        try:
            options_from(self.options or {})
        except ConfigError as error:
            refuse(str(error))

    def _source(self, name: str) -> object:
        return getattr(self, "from_" if name == "from" else name)

    @property
    def source(self) -> str:
        """Which of the kinds of source this flow has."""
        return next(name for name in SOURCES if self._source(name) is not None)

    @property
    def transformed(self) -> bool:
        """Whether the rows differ in any way from those of the source."""
        steps = (self.where, self.columns, self.convert, self.formula, self.metrics, self.sort, self.limit)
        return self.distinct or any(step is not None for step in steps)


class FlowFile(Part):
    """`acflow.yaml`: the account, the warehouse, the data flows, and who is told of their runs."""

    account: Account = Field(default=Account(), description="The ActiveCampaign account.")
    accounts: dict[AccountName, NamedAccount] = Field(
        default={}, description="Several accounts by name, in place of `account`."
    )
    warehouse: Warehouse | None = Field(
        default=None, repr=False, description="URL of the database where the tables land."
    )
    dataset: Dataset | None = Field(
        default=None,
        description="Schema of the warehouse that holds the tables; one per account. By default activecampaign.",
    )
    lake: Lake | None = Field(
        default=None,
        description="Folder or URL where each run publishes its tables as Delta tables, as s3://bucket/acflow.",
    )
    read: list[EntityName] | None = Field(
        default=None,
        description="Entities that every run reads; flows add what they need. By default what flows need, or the six "
        "entities with the helpers that cost a request or two.",
    )
    entities: dict[str, EntitySpec] = Field(
        default={}, description="Further lists of the API by name, read as acflow's own entities are."
    )
    timezone: TimeZone = Field(default="UTC", description="Time zone of schedules that name none.")
    mail: Mail | None = Field(default=None, description="The mail server that e-mails are sent by.")
    notify: Notices = Field(default=[], description="Who is told how runs end.")
    documents: dict[str, DocumentSpec] = Field(
        default={}, description="Reports and flows that are sent on a schedule, by name."
    )
    flows: dict[str, Flow] = Field(default_factory=dict, description="Data flows by name; by default the six entities.")

    @property
    def secrets(self) -> list[str]:
        """Web addresses of receivers, what signs messages to them, and the password of the mail server."""
        receivers = [*self.notify, *(receiver for spec in self.documents.values() for receiver in spec.send)]
        signing = [receiver.secret.get_secret_value() for receiver in receivers if receiver.secret]
        password = [self.mail.password.get_secret_value()] if self.mail and self.mail.password else []
        return [*(receiver.web_address for receiver in receivers if receiver.web_address), *signing, *password]

    _flows_of_each: dict[str, Flow] = PrivateAttr(default_factory=dict)
    _document: Document = PrivateAttr(default_factory=lambda: Document("acflow.yaml"))

    @classmethod
    def of(
        cls,
        document: Document,
        flows_of_each: dict[str, Flow] | None = None,
        **parts: Any,  # noqa: ANN401 - checked by the model
    ) -> "FlowFile":
        """Build the file of a document, which keeps the place of everything in it."""
        file = cls(**parts)
        file._document = document
        file._flows_of_each = flows_of_each or {}
        return file

    @property
    def document(self) -> Document:
        """The text that this came from, to say where something stands."""
        return self._document

    @property
    def flows_of_each(self) -> dict[str, Flow]:
        """The flows of each account, in the file of what goes over all of them."""
        return self._flows_of_each
