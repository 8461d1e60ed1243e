"""Publish the tables of a project to its lake, take an erased person out of it, and tell what is there."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from acflow.app.instants import as_text
from acflow.app.prepare import flow_warehouse
from acflow.app.publishing import published_folder
from acflow.engine.duck import DuckDBWarehouse
from acflow.engine.published import PublishedWarehouse, current
from acflow.errors import OK, AcflowError, ConfigError, DeliveryError, RunCancelledError
from acflow.flows.accounts import ALL_ACCOUNTS
from acflow.lake.notes import Notes
from acflow.lake.place import Lake, translated
from acflow.lake.result import LakeResult
from acflow.load.metadata import OVER_ACCOUNTS
from acflow.load.owner import owner_of

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.engine import Warehouse
    from acflow.flows.spec import FlowFile
    from acflow.lake.publish import Job
    from acflow.settings import Settings

READING_MEMORY = 128  # megabytes for the copy that is read; parts are read one by one


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A table of the lake, over all accounts in it; `as_of` is when it was published last."""

    name: str
    version: int
    rows: int
    files: int
    size: int
    accounts: tuple[str, ...]
    as_of: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"accounts": list(self.accounts), "as_of": as_text(self.as_of)}


def publish_lake(
    settings: "Settings", file: "FlowFile | None", *, again: bool = False, between: Callable[[], None] = lambda: None
) -> LakeResult | None:
    """Let the lake hold what the warehouse holds; None where the project has no lake, or nothing has landed.

    The caller holds the project's lock. What cannot be published does no harm to the run, and holds no other table up.
    With `again` every table is written anew. `file` is needed where it goes over several accounts.
    """
    if not settings.lake:
        return None
    try:
        return _published(settings, file, again=again, between=between, purging=False)
    except RunCancelledError:
        raise
    except AcflowError as error:
        return LakeResult(settings.lake, account_name(settings), error=str(error), code=error.exit_code)


def purge_lake(settings: "Settings", file: "FlowFile | None" = None) -> None:
    """Publish what is left after an erasure, and remove every file that may hold more than that.

    Raises:
        DeliveryError: something of the lake could not be rewritten or removed.

    """
    if not settings.lake:
        return
    result = _published(settings, file, again=False, between=lambda: None, purging=True)
    if result and result.error:
        raise DeliveryError(f"{result.error} The person may stand in the lake still: purge again.")


def list_lake(project: "Project") -> list[LakeTable]:
    """Return the tables of the project's lake.

    Raises:
        ConfigError: the project has none.

    """
    from acflow.lake.delta import entries_of

    lake = Lake(require_lake(project.settings))
    tables = []
    with translated(lake):
        for name in lake.names():
            if (table := lake.open(name)) is None:
                continue
            entries = entries_of(table)
            committed = [entry["timestamp"] for entry in table.history(1) if "timestamp" in entry]
            tables.append(
                LakeTable(
                    name,
                    table.version(),
                    sum(entry.rows for entry in entries),
                    len(entries),
                    sum(entry.size for entry in entries),
                    tuple(sorted({entry.account or ALL_ACCOUNTS for entry in entries})),
                    datetime.fromtimestamp(committed[0] / 1000, UTC) if committed else None,
                )
            )
    return tables


def publish_now(project: "Project", *, again: bool = False) -> list[LakeResult]:
    """Publish a project, or each of its accounts and what goes over all of them.

    Raises:
        ConfigError: the project has no lake.
        ProjectBusyError: a run goes on.

    """
    from acflow.app.run_context import project_lock

    require_lake(project.settings)
    views = [*map(project.of, project.accounts), project] if project.is_over_accounts else [project]
    results = []
    for view in views:
        with project_lock(view.settings):
            result = publish_lake(view.settings, view.file if project.is_over_accounts else None, again=again)
        results += [result] if result else []
    return results


def require_lake(settings: "Settings") -> str:
    """Return where the lake is.

    Raises:
        ConfigError: there is none.

    """
    if not settings.lake:
        raise ConfigError("This project has no lake. Write `lake: lake`, or a URL, into acflow.yaml: docs/lake.md.")
    return settings.lake


def account_name(settings: "Settings") -> str:
    """Return what the lake calls the account: its name, or where there is only one that of the dataset."""
    return settings.account or settings.dataset


def _published(
    settings: "Settings", file: "FlowFile | None", *, again: bool, between: Callable[[], None], purging: bool
) -> LakeResult | None:
    lake, source = Lake(settings.lake), _source(settings)
    with translated(lake):
        from acflow.lake.publish import Job

        if source is None:
            return None
        with source.held(reading=True):
            over = owner_of(source) == OVER_ACCOUNTS
            account, keep = ALL_ACCOUNTS if over else account_name(settings), timedelta(days=settings.lake_days)
            job = Job(lake, account, source, Notes(settings.state, lake.url), keep, over_accounts=over)
            names = [name for name in source.catalogue() if not name.startswith("_")]
            if over:  # the copies that roll-ups are made of stand in the lake already, account by account
                rolled = {ending for name in (file.flows if file else ()) for ending in (name, f"{name}_flow")}
                names = [name for name in names if name in rolled]
            for name in names if again else ():
                job.notes.forget(name)
            return _tables(job, names, between, purging=purging)


def _tables(job: "Job", names: Sequence[str], between: Callable[[], None], *, purging: bool) -> LakeResult:
    """Publish table by table; the first error is kept, and the others are tried."""
    from acflow.lake.publish import empty_table, publish_table, purge_files

    changed, error = [], None
    gone = _others(job.lake, names)
    for name in (*names, *gone):
        between()
        try:
            with translated(job.lake):
                done = publish_table(job, name) if name in names else empty_table(job, name)
                if done and done.changed:
                    changed.append(done)
                if purging:
                    purge_files(job, name)
        except AcflowError as trouble:
            error = error or trouble
    shown = (str(error), error.exit_code) if error else (None, OK)
    return LakeResult(job.lake.url, job.account, tuple(changed), *shown)


def _others(lake: Lake, names: Collection[str]) -> list[str]:
    """Return the lake's tables that the warehouse does not have, such as those of flows that were removed."""
    return [name for name in lake.names() if name not in names]


def _source(settings: "Settings") -> "Warehouse | None":
    """Return what is published from: the copy for readers, so that the warehouse is not held up, or the warehouse."""
    warehouse = flow_warehouse(settings)
    if not isinstance(warehouse, DuckDBWarehouse):
        return warehouse
    if not warehouse.path.exists():
        return None
    copy = current(published_folder(settings.state)) if settings.publish else None
    if copy is None or copy.is_behind(warehouse.path):
        return warehouse
    return PublishedWarehouse(copy, settings.dataset, threads=settings.flow_threads, memory=READING_MEMORY)
