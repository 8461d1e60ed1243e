"""Runs flows when they are due or asked for: one run at a time, and what is due together in one run."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from filelock import FileLock, Timeout

from acflow.app.model import FlowResult, Listener, Report
from acflow.entities import ALL
from acflow.errors import AcflowError, ConfigError
from acflow.flows.problems import suggest
from acflow.flows.spec import FlowFile
from acflow.settings import Settings
from acflow.web.jobs import Job, Jobs, State
from acflow.web.live import Live
from acflow.web.notices import Message, of_error, of_report, of_stale
from acflow.web.schedule import NEVER, Last, Timetable
from acflow.web.webhooks import Post, posts

if TYPE_CHECKING:
    from acflow.source.reader import EntityRead

BUSY_WAIT = 1.0  # seconds between two looks whether another run of the project has ended
TROUBLE_WAIT = 5.0  # seconds after something that nobody foresaw

Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """Settings and flows as they stand in the files."""

    settings: Settings
    file: FlowFile


class Runner(Protocol):
    """What runs flows; `acflow.app.run_flows`."""

    def __call__(
        self, settings: Settings, file: FlowFile, wanted: Sequence[str], /, *, listener: Listener
    ) -> Report: ...


def _run_flows(settings: Settings, file: FlowFile, wanted: Sequence[str], /, *, listener: Listener) -> Report:
    """Run flows; what a run needs is imported with the first of them, so that the pages are there at once."""
    from acflow.app import run_flows

    return run_flows(settings, file, wanted, listener=listener)


@dataclass(frozen=True, slots=True)
class ServiceDependencies:
    """What a service works with.

    `load` reads the project, which is done again when one of `files` changes; `recall` tells of earlier runs;
    `said` speaks to the log; `post` sends webhooks.
    """

    load: Callable[[], Project]
    files: Sequence[Path]
    recall: Callable[[Settings], Mapping[str, Last]]
    said: Callable[[str], None]
    post: Callable[[Iterable[Post]], None]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    runner: Runner = _run_flows


class Service:
    """A project whose flows run by themselves."""

    def __init__(self, dependencies: ServiceDependencies) -> None:
        self._dependencies = dependencies
        self._since = dependencies.clock()
        self._stamp = _stamp(dependencies.files)
        self.project = dependencies.load()
        self.changed: Callable[[], None] = lambda: None  # called when there are other schedules
        self._bell = threading.Condition()
        self._jobs = Jobs()
        self._running: tuple[str, ...] = ()
        self._own: dict[str, Last] = {}
        self._called_stale: set[str] = set()
        self._stopping = threading.Event()
        self._cancelled = threading.Event()
        self.live = Live()
        self._listener = Listener(walked=self._on_page, said=self.live.said, flowed=self._on_flow)

    @property
    def timetable(self) -> Timetable:
        """When flows run, by the file as it was last understood."""
        return Timetable.of(self.project.file, self._since)

    def wake(self) -> None:
        """Have the worker look for what is due."""
        with self._bell:
            self._bell.notify_all()

    def ask(self, flow: str) -> Job:
        """Put down a wish for a run of a flow or an entity, which begins as soon as no other run goes on."""
        if flow not in self.project.file.flows and flow not in {entity.name for entity in ALL}:
            fix = suggest(flow, self.project.file.flows, "flows")
            raise ConfigError(f"There is no flow `{flow}`. {fix}".strip())
        with self._bell:
            job = self._jobs.ask(flow)
            self._bell.notify_all()
        return job

    def ask_all(self, names: Iterable[str]) -> None:
        """Put down wishes for several flows or entities, which are run together."""
        with self._bell:
            for name in names:
                self.ask(name)

    def cancel(self) -> None:
        """Have the run that goes on end with its next page, and forget what waits; every table stays whole."""
        with self._bell:
            self._jobs.forget()
            if self._running:
                self._cancelled.set()
                self.live.cancelling()

    def stale_flows(self) -> tuple[str, ...]:
        """Return the flows that should have gone well by now and did not."""
        return self.timetable.stale(self._lasts(), self._dependencies.clock())

    def find(self, job_id: str) -> Job | None:
        """Return a ticket."""
        return self._jobs.find(job_id)

    def look(self) -> None:
        """Read the files again if they changed, tell of stale flows, and ring in case a time was slept through."""
        stamp = _stamp(self._dependencies.files)
        if stamp != self._stamp:
            self._stamp = stamp
            self._reload()
        try:
            self._tell_stale()
        except Exception as error:  # noqa: BLE001 - the next look may go well
            self._dependencies.said(f"Whether flows are stale could not be seen: {_words(error)}")
        self.wake()

    def _reload(self) -> None:
        try:
            self.project = self._dependencies.load()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new file, the old one is known to work
            self._dependencies.said(f"The change is not taken over, the schedules stay as they were: {_words(error)}")
            return
        self._dependencies.said("The flow file changed; its schedules hold from now on.")
        self.changed()

    def _tell_stale(self) -> None:
        stale = self.timetable.stale(self._lasts(), self._dependencies.clock())
        fresh = [name for name in stale if name not in self._called_stale]
        self._called_stale = set(stale)
        if fresh:
            self._tell([of_stale(fresh)])

    def work(self) -> None:
        """Run what is due and what is asked for, until `stop`."""
        while not self._stopping.is_set():
            try:
                with self._bell:
                    while not self._batch() and not self._stopping.is_set():
                        self._bell.wait()
                if not self._stopping.is_set():
                    self.run_pending()
            except Exception as error:  # noqa: BLE001 - without its worker the service would only look alive
                self._dependencies.said(f"Something unexpected went wrong: {_words(error)}")
                self._stopping.wait(TROUBLE_WAIT)

    def run_pending(self) -> tuple[str, ...]:
        """Run what is due or asked for now, as one run; return what that was."""
        self._wait_for(self.project.settings)
        batch = self._batch()  # another process may just have run some of it
        if batch and not self._stopping.is_set():
            self._run(batch)
        return batch

    def stop(self) -> None:
        """Begin nothing more; a run that goes on ends with its next page, and its tables stay whole."""
        self._stopping.set()
        self.wake()

    def _batch(self) -> tuple[str, ...]:
        due = self.timetable.due(self._lasts(), self._dependencies.clock())
        return tuple(dict.fromkeys((*self._jobs.waiting, *due)))

    def _lasts(self) -> dict[str, Last]:
        """Return what is known of earlier runs, by whomever they were started."""
        kept = dict(self._dependencies.recall(self.project.settings))
        for name, own in self._own.items():
            other = kept.get(name, NEVER)
            newest = own if (own.tried or self._since) >= (other.tried or self._since) else other
            well = max((moment for moment in (own.well, other.well) if moment), default=None)
            kept[name] = replace(newest, well=well)
        return kept

    def _run(self, batch: Sequence[str]) -> None:
        settings, file = self.project.settings, self.project.file
        with self._bell:
            jobs = self._jobs.begin(batch)
            self._running = tuple(batch)
            self._cancelled.clear()
        self.live.begin(tuple(batch))
        began = self._dependencies.clock()
        self._dependencies.said(f"Running {', '.join(batch)} …")
        try:
            report = self._dependencies.runner(settings, file, batch, listener=self._listener)
        except KeyboardInterrupt:
            self._dependencies.said(
                "The run was left; every table is whole. What was due is made up for at the next start."
            )
            self._close(jobs, State.FAILED)
        except Exception as error:  # noqa: BLE001 - the next run may go well
            now = (
                self._dependencies.clock()
            )  # later than what the ledger may hold of this run, so that it is not repeated
            self._own |= {name: replace(self._last(name), tried=now, status="failed") for name in batch}
            self._close(jobs, State.FAILED)
            self._dependencies.said(f"{', '.join(batch)}: {_words(error)}")
            self._tell([of_error(error, batch)])
        else:
            self._keep(report, batch, began)
            self._close(jobs, State.DONE, report)
            self._dependencies.said(f"Run {report.run}: {report.status}.{_troubles(report)}")
            self._tell(list(of_report(report, file)))
        finally:
            self._running = ()
            self.live.end()

    def _on_page(self, read: "EntityRead") -> None:
        self.live.walked(read)
        self._leave_if_stopping()

    def _on_flow(self, flow: FlowResult) -> None:
        self.live.flowed(flow)
        self._leave_if_stopping()

    def _leave_if_stopping(self) -> None:
        if self._stopping.is_set() or self._cancelled.is_set():
            raise KeyboardInterrupt  # the ledger's word for it is then "interrupted"

    def _wait_for(self, settings: Settings) -> None:
        """Wait until no other process runs the project, as `acflow run` may for as long as it takes."""
        settings.state.mkdir(parents=True, exist_ok=True)
        lock, told = FileLock(settings.state / "lock", timeout=0), False
        while not self._stopping.is_set():
            try:
                with lock:
                    return
            except Timeout:
                if not told:
                    self._dependencies.said("Another run of this project goes on; waiting for its end.")
                told = True
                self._stopping.wait(BUSY_WAIT)

    def _last(self, name: str) -> Last:
        return self._own.get(name, NEVER)

    def _keep(self, report: Report, batch: Sequence[str], began: datetime) -> None:
        self._own |= {name: replace(self._last(name), tried=began, run=report.run) for name in batch}
        for flow in report.flows:
            well = began if flow.whole else self._last(flow.name).well
            self._own[flow.name] = Last(began, well, report.run, flow.status.value, flow.rows)

    @staticmethod
    def _close(jobs: Iterable[Job], state: State, report: Report | None = None) -> None:
        whole = {flow.name for flow in report.flows if flow.whole} if report else set()
        for job in jobs:
            job.run = report.run if report else None
            job.state = State.FAILED if report and job.flow not in whole else state

    def _tell(self, messages: Sequence[Message]) -> None:
        self._dependencies.post(posts(self.project.file.notify, messages))

    def flows(self) -> list[dict[str, Any]]:
        """Return each flow with its schedule, its next and its last run, as JSON values."""
        table, lasts = self.timetable, self._lasts()
        return [self._shown(name, table, lasts.get(name, NEVER)) for name in self.project.file.flows]

    def _shown(self, name: str, table: Timetable, last: Last) -> dict[str, Any]:
        schedule = table.schedules.get(name)
        state = "running" if name in self._running else "waiting" if name in self._jobs.waiting else "idle"
        return {
            "name": name,
            "state": state,
            "schedule": schedule.model_dump(exclude_none=True) if schedule else None,
            "next": table.next(name, last).isoformat() if schedule else None,
            "last": last.tried.isoformat() if last.tried else None,
            "last_well": last.well.isoformat() if last.well else None,
            "status": last.status,
            "rows": last.rows,
            "run": last.run,
        }


def _troubles(report: Report) -> str:
    said = [f"\n  {flow.name}: {flow.status.value}. {flow.reason or ''}" for flow in report.flows if not flow.whole]
    said += [f"\n  {each.entity}: {each.reason}" for each in report.certificates if each.reason]
    return "".join(said)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, AcflowError) else f"{type(error).__name__}: {error}"


def _stamp(files: Iterable[Path]) -> Stamp:
    """Return what changes when one of the files does; None stands for one that is not there."""
    found: list[tuple[int, int] | None] = []
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_mtime_ns, stat.st_size))
    return tuple(found)
