"""Documents: reports and rows of flows, made as files and sent to those who wait for them."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from acflow.app.instants import as_text
from acflow.app.outgoing import Outgoing, failure_of
from acflow.app.receivers import Attachment, Content, outgoing
from acflow.app.schedules import Last, Timetable
from acflow.errors import OK, AcflowError, Action, ConfigError, DeliveryError
from acflow.flows.problems import suggest

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.flows.receivers import DocumentSpec
    from acflow.flows.spec import FlowFile

FILE = "documents.json"  # in the state folder: when each document was last sent, and to whom it could not be
TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
AT_ONCE = 8  # receivers
MOST_FINDINGS = 6  # that a message quotes

Failure = Callable[[Outgoing], str | None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one receiver; `error` is None if it has the document."""

    receiver: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What became of a document for each of its receivers."""

    name: str
    sent: tuple[Sent, ...]

    @property
    def exit_code(self) -> int:
        """The code of deliveries that failed, if any did."""
        return DeliveryError.exit_code if self.failures else OK

    @property
    def failures(self) -> tuple[Sent, ...]:
        """Those who have not got it."""
        return tuple(sent for sent in self.sent if sent.error)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"name": self.name, "exit_code": self.exit_code, "sent": [asdict(sent) for sent in self.sent]}


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of the file, when it is due, and what became of it the last time."""

    name: str
    source: str
    format: str
    schedule: str | None
    next_at: datetime | None
    receivers: tuple[str, ...]
    last_at: datetime | None
    errors: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"next_at": as_text(self.next_at), "last_at": as_text(self.last_at)}


def list_documents(project: "Project", now: datetime | None = None) -> list[DocumentInfo]:
    """Return the documents of the flow file, in its order."""
    file, kept = project.file, _read(project.state)
    moment = now or datetime.now(UTC)
    return [
        DocumentInfo(
            name=name,
            source=f"report {spec.report}" if spec.report else f"flow {spec.flow}",
            format=_format(spec),
            schedule=(spec.schedule.cron or f"every {spec.schedule.every}") if spec.schedule else None,
            next_at=spec.schedule.next_after(moment, file.timezone) if spec.schedule else None,
            receivers=tuple(f"{receiver.way} {receiver.shown}" for receiver in spec.send),
            last_at=_moment(kept.get(name, {}).get("at")),
            errors=tuple(kept.get(name, {}).get("errors", ())),
        )
        for name, spec in file.documents.items()
    ]


def due_documents(project: "Project", since: datetime, now: datetime) -> tuple[str, ...]:
    """Return the documents whose time has come since they were last sent, or since somebody began to look."""
    schedules = {name: spec.schedule for name, spec in project.file.documents.items() if spec.schedule}
    lasts = {name: Last(tried=_moment(kept.get("at"))) for name, kept in _read(project.state).items()}
    return Timetable(schedules, project.file.timezone, since).due(lasts, now)


def send_document(
    project: "Project", name: str, now: datetime | None = None, failure: Failure = failure_of
) -> DocumentResult:
    """Make a document from what is loaded, and send it to all its receivers, each on its own.

    Raises:
        ConfigError: there is no such document, or nothing to make it of.

    """
    file, spec = project.file, _spec(project.file, name)
    moment = now or datetime.now(UTC)
    try:
        content = make_document(project, name, moment)
        things = [outgoing(receiver, content, file, project.folder) for receiver in spec.send]
    except AcflowError as error:
        _keep(project.state, name, moment, [str(error)])
        raise
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="acflow-documents") as pool:
        errors = list(pool.map(failure, things))
    sent = tuple(
        Sent(f"{receiver.way} {receiver.shown}", error) for receiver, error in zip(spec.send, errors, strict=True)
    )
    _keep(project.state, name, moment, [f"{each.receiver}: {each.error}" for each in sent if each.error])
    return DocumentResult(name, sent)


def make_document(project: "Project", name: str, now: datetime) -> Content:
    """Return a document with its file and the words that go along with it.

    Raises:
        ConfigError: there is no such document, report or table, or the report is not written as that.

    """
    spec = _spec(project.file, name)
    form = _format(spec)
    content, title, text = _of_flow(project, spec, form) if spec.flow else _of_report(project, spec, form)
    day = now.astimezone(ZoneInfo(project.file.timezone))
    attachment = Attachment(f"{name}-{day:%Y-%m-%d}.{form}", TYPES[form], content)
    subject = spec.title or title
    data = {"event": "document", "document": name, "title": subject, "message": text}
    return Content(f"document {name}", "document", subject, text, data, attachment)


def _spec(file: "FlowFile", name: str) -> "DocumentSpec":
    if name not in file.documents:
        fix = suggest(name, file.documents, "documents") if file.documents else "Add some under `documents:`."
        raise ConfigError(f"There is no document `{name}`. {fix}".strip())
    return file.documents[name]


def _format(spec: "DocumentSpec") -> str:
    from acflow.reports import Role

    return spec.format or ("pdf" if spec.report in {"all", *Role} else "xlsx")


def _of_flow(project: "Project", spec: "DocumentSpec", form: str) -> tuple[bytes, str, str]:
    """Return the file, a title and words: the rows of a flow as its table holds them."""
    from acflow.app.data import columns, stream, tables
    from acflow.app.rows import RowsQuery
    from acflow.app.table_info import TableKind

    flow = str(spec.flow)
    known = {table.name: table for table in tables(project, count=False)}
    info = next((table for table in known.values() if table.kind == TableKind.FLOW and table.belongs_to == flow), None)
    info = info or known.get(project.file.flows[flow].entity or "")
    if info is None:
        raise ConfigError(f"The flow {flow} has no rows yet.", action=Action("run", (flow,)))
    names = tuple(column.name for column in columns(project, info.name) if not column.name.startswith("_dlt"))
    with stream(project, info.name, RowsQuery(columns=names)) as reader:
        rows = reader.read_all()
    text = f"{rows.num_rows:,} rows of {flow}. {_as_of(info.as_of)}"
    return _sheets({flow: rows}, form), flow, text


def _of_report(project: "Project", spec: "DocumentSpec", form: str) -> tuple[bytes, str, str]:
    """Return the file, a title and words: a role's document, or the rows of reports."""
    from acflow.app.reports import answer, document, list_reports
    from acflow.reports import Role

    wanted = str(spec.report)
    roles = list(Role) if wanted == "all" else [Role(wanted)] if wanted in set(Role) else []
    if roles and form in {"html", "pdf"}:
        from acflow.reports.document import html, paper

        made = document(project, roles, title=spec.title)
        findings = [f"- {chart.title}" for chart in made.headlines][:MOST_FINDINGS]
        words = "\n".join([f"Data as of {made.as_of}.", *made.cautions, "", *findings])
        return (html.html(made) if form == "html" else paper.pdf(made)), made.title, words
    names = [report.name for report in list_reports() if report.role in roles] if roles else [wanted]
    if not roles and form in {"html", "pdf"}:
        raise ConfigError(f"One report alone is sent as xlsx or csv, not as {form}. Roles: all, {', '.join(Role)}.")
    answers = {name: answer(project, name) for name in names}
    oldest = min((each.data_as_of for each in answers.values() if each.data_as_of), default=None)
    notes = dict.fromkeys(note for each in answers.values() for note in each.notes)
    words = "\n".join([_as_of(oldest), *notes])
    return _sheets({name: each.table for name, each in answers.items()}, form), wanted, words


def _as_of(moment: datetime | None) -> str:
    return f"Data as of {as_text(moment)}." if moment else "Of when the data are is not known."


def _sheets(tables: "Mapping[str, pa.Table]", form: str) -> bytes:
    from acflow.app.exports import csv_lines, workbook

    if form == "xlsx":
        return b"".join(workbook(tables))
    if len(tables) > 1:
        raise ConfigError("Several reports are no single CSV. Write xlsx, or name one report.")
    table = next(iter(tables.values()))
    return b"".join(csv_lines(table.schema, table.to_batches(), bom=True))


def _read(state: Path) -> dict[str, dict[str, Any]]:
    try:
        kept: dict[str, dict[str, Any]] = json.loads((state / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{state / FILE} could not be read: {error}. Remove it.") from None
    return kept


def _keep(state: Path, name: str, at: datetime, errors: Sequence[str]) -> None:
    from acflow.app.files import FOR_OWNER_ALONE, write_whole

    state.mkdir(parents=True, exist_ok=True)
    kept = _read(state) | {name: {"at": as_text(at), "errors": list(errors)}}
    write_whole(state / FILE, json.dumps(kept, indent=1), mode=FOR_OWNER_ALONE)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
