"""The data flows of a project: what they are, how they stand, what they would give."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text, in_utc
from acflow.app.runs import FlowRun, landed_certificates, last_flow_runs, newest_certificates, runs_of
from acflow.errors import Action, ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.prepare import PreparedRun
    from acflow.app.project import Project
    from acflow.flows.edit import FileChange
    from acflow.flows.rewrite import FlowText
    from acflow.flows.spec import Flow, FlowFile

VERDICTS = ("forbidden", "partial", "moved", "complete")  # from the worst to the best
OPENING = 10  # runs of a flow that its page begins with


@dataclass(frozen=True, slots=True)
class FlowInfo:
    """A flow and how it stands.

    `source` says in words where its rows come from. `next_run` is the next time of its schedule, `last_run` when the
    last run with it began, `status` and `rows` what became of it then. `verdict` is the worst of the last readings of
    the entities that it needs. Its table holds the account at least as it was at `data_as_of`, None if that is unknown.
    """

    name: str
    description: str | None
    source: str
    mode: str
    schedule: str | None
    next_run: datetime | None
    destinations: tuple[str, ...]
    last_run: datetime | None
    run: str | None
    status: str | None
    reason: str | None
    rows: int | None
    verdict: str | None
    data_as_of: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        moments = {name: as_text(getattr(self, name)) for name in ("next_run", "last_run", "data_as_of")}
        return asdict(self) | moments | {"destinations": list(self.destinations)}


@dataclass(frozen=True, slots=True)
class FlowDetail:
    """All about one flow: its words in the file, the columns of its result, and what it has to do with others."""

    info: FlowInfo
    spec: Mapping[str, Any]
    text: str
    columns: Mapping[str, str]  # SQL types by name
    key: tuple[str, ...]
    flows: tuple[str, ...]
    entities: tuple[str, ...]
    used_by: tuple[str, ...]
    runs: tuple[FlowRun, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        runs = [run.as_dict() for run in self.runs]
        return asdict(self) | {"info": self.info.as_dict(), "runs": runs}


def list_flows(project: "Project", *, check: bool = True, now: datetime | None = None) -> list[FlowInfo]:
    """Return the flows of the file, in its order, or one for each of the six entities where there is none.

    Raises:
        FlowFileError: the file has mistakes. With `check` its SQL and its destinations are looked at too.

    """
    if check:
        prepared(project)
    standing = _Standing(project, now or datetime.now(UTC))
    return [standing.of(name) for name in project.file.flows]


def flow_detail(project: "Project", name: str, now: datetime | None = None) -> FlowDetail:
    """Return all about one flow.

    Raises:
        FlowFileError: the file has mistakes.
        ConfigError: there is no such flow.

    """
    from acflow.flows.edit import flow_text, plain_flow

    job = prepared(project, name)
    compiled, needs = job.compiled[name], job.plan.needs[name]
    return FlowDetail(
        info=_Standing(project, now or datetime.now(UTC)).of(name),
        spec=plain_flow(job.flow(name)),
        text=flow_text(job.file, name),
        columns=dict(compiled.columns),
        key=tuple(compiled.key or ()),
        flows=needs.flows,
        entities=needs.entities,
        used_by=tuple(other for other, uses in job.plan.needs.items() if name in uses.flows),
        runs=tuple(runs_of(project, name, OPENING)),
    )


def flow_sql(project: "Project", name: str, dialect: str | None = None) -> str:
    """Return the SQL that computes a flow, as the warehouse is given it, or in the dialect of another database."""
    job = prepared(project, name)
    return job.materializer().sql(job.compiled[name].query, dialect=known_dialect(dialect), pretty=True)


@contextmanager
def preview_flow(project: "Project", name: str, rows: int) -> "Iterator[pa.RecordBatchReader]":
    """Yield the first rows of a flow, computed from what the warehouse holds now; nothing is kept."""
    from acflow.flows.preview import preview_sql

    job = prepared(project, name)
    with job.warehouse.stream(preview_sql(job.materializer(), job.plan, name, rows)) as reader:
        yield reader


def flow_names(project: "Project") -> list[str]:
    """Return the names of the flows in the flow file; none where there is no file."""
    return list(project.file.flows) if project.flow_path.exists() else []


def added(project: "Project", name: str, flow: Mapping[str, Any]) -> "FileChange":
    """Return the flow file with one more flow, to be looked at and saved; its comments and order stay.

    Raises:
        FlowFileError: the flow has mistakes.
        ConfigError: there is a flow of that name, or no flow file.

    """
    from acflow.flows.edit import FileChange, with_flow

    text = _text(project)
    after = with_flow(text, name, flow, file=str(project.flow_path), env=project.variables)
    return FileChange(project.flow_path, text, after)


def replaced(project: "Project", name: str, flow: Mapping[str, Any]) -> "FileChange":
    """Return the flow file with other words for a flow; words that do not change keep their comments.

    Raises:
        FlowFileError: the flow has mistakes.
        ConfigError: there is no flow of that name.

    """
    return _changed(project, lambda file: file.replaced(name, flow))


def renamed(project: "Project", name: str, new: str) -> "FileChange":
    """Return the flow file with another name for a flow, also where other flows use it.

    Raises:
        FlowFileError: the new name cannot be one.
        ConfigError: there is no such flow, or another of the new name.

    """
    return _changed(project, lambda file: file.renamed(name, new))


def removed(project: "Project", name: str) -> "FileChange":
    """Return the flow file without a flow.

    Raises:
        ConfigError: there is no such flow, others use it, or it is the only one.

    """
    return _changed(project, lambda file: file.removed(name))


def _changed(project: "Project", change: "Callable[[FlowText], FlowText]") -> "FileChange":
    from acflow.flows.edit import FileChange
    from acflow.flows.rewrite import FlowText

    text = _text(project)
    return FileChange(project.flow_path, text, change(FlowText(text, str(project.flow_path), project.variables)).text)


def _text(project: "Project") -> str:
    from acflow.flows.file import read_text

    if not project.flow_path.exists():
        raise ConfigError(f"There is no {project.flow_path} here.", action=Action("write_flows"))
    return read_text(project.flow_path)


def prepared(project: "Project", name: str | None = None) -> "PreparedRun":
    """Return the checked file; with a name, one that it must have."""
    from acflow.app.prepare import prepare
    from acflow.flows.problems import suggest

    file = project.file
    if name is not None and name not in file.flows:
        raise ConfigError(f"There is no flow `{name}`. {suggest(name, file.flows, 'flows')}".strip())
    return prepare(project.settings, file, None if name is None else [name], project.reader())


def known_dialect(name: str | None) -> str | None:
    """Return the dialect of a database that people name; None, for the warehouse's own, stays None.

    Raises:
        ConfigError: acflow writes no such dialect.

    """
    from acflow.engine.dialects import DIALECTS

    if name is not None and name not in {*DIALECTS, *DIALECTS.values()}:
        raise ConfigError(f"{name} is no dialect that acflow writes. Dialects: {', '.join(sorted(DIALECTS))}.")
    return DIALECTS.get(name or "", name)


def source_in_words(flow: "Flow") -> str:
    """Return where the rows of a flow come from, in a few words."""
    if flow.join:
        return f"{flow.join.left} {flow.join.type} join {flow.join.right}"
    if flow.append:
        return f"append {', '.join(flow.append)}"
    return "sql" if flow.sql else f"{flow.source} {flow.entity or flow.from_ or flow.report}"


class _Standing:
    """How the flows of a project stand, by the record of its runs."""

    def __init__(self, project: "Project", now: datetime) -> None:
        from acflow.flows.catalog import entity_schemas
        from acflow.flows.plan import make_plan

        self._project, self._now = project, now
        self._file: FlowFile = project.file
        self._plan = make_plan(self._file, entity_schemas())
        self._last = last_flow_runs(project)
        self._verdicts = {each["entity"]: str(each["verdict"]) for each in newest_certificates(project)}
        self._readings: dict[datetime, dict[str, datetime]] = {}

    def of(self, name: str) -> FlowInfo:
        """Return one flow."""
        from acflow.destinations.model import Target

        flow, last, schedule = self._file.flows[name], self._last.get(name), self._file.flows[name].schedule
        verdicts = [self._verdicts[entity] for entity in self._entities(name) if entity in self._verdicts]
        return FlowInfo(
            name=name,
            description=flow.description,
            source=source_in_words(flow),
            mode=flow.mode,
            schedule=(schedule.cron or f"every {schedule.every}") if schedule else None,
            next_run=schedule.next_after(self._now, self._file.timezone) if schedule else None,
            destinations=tuple(Target(kind="", to=delivery.to).shown for delivery in flow.deliver),
            last_run=last.began if last else None,
            run=last.run if last else None,
            status=last.status if last else None,
            reason=last.reason if last else None,
            rows=last.rows if last else None,
            verdict=min(verdicts, key=VERDICTS.index, default=None),
            data_as_of=self._data_as_of(name),
        )

    def _entities(self, name: str) -> list[str]:
        from acflow.flows.derived_tables import read_for

        return list(dict.fromkeys(entity for need in self._plan.entities([name]) for entity in read_for(need)))

    def _data_as_of(self, name: str) -> datetime | None:
        """Return when the oldest reading began that the flow's table was computed from."""
        past = [self._last[name]] if name in self._last else []
        if past and not past[0].computed:
            past = runs_of(self._project, name, OPENING)
        began = next((run.began for run in past if run.computed), None)
        if began is None:
            return None
        if began not in self._readings:
            certificates = landed_certificates(self._project, began)
            self._readings[began] = {each["entity"]: in_utc(each["started_at"]) for each in certificates}
        readings = [self._readings[began].get(entity) for entity in self._entities(name)]
        known = [reading for reading in readings if reading is not None]
        return min(known) if known and len(known) == len(readings) else None
