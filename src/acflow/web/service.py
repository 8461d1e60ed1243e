"""Runs flows when they are due or asked for: one run at a time, and what is due together in one run."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from acflow.app.cancel import CancelToken
from acflow.app.child_run import run_in_child
from acflow.app.events import OnEvent
from acflow.app.flows import list_flows
from acflow.app.model import RunOptions, RunRequest, RunResult
from acflow.app.notices import Message, newly_stale, of_account, of_document, of_error, of_result, of_stale
from acflow.app.outgoing import Outgoing
from acflow.app.project import Project
from acflow.app.receivers import notices
from acflow.app.runs import LOCK
from acflow.app.schedules import NEVER, Last, Timetable, lasts
from acflow.entities import known_entities
from acflow.errors import AcflowError, ConfigError, RunCancelledError
from acflow.flows.problems import suggest
from acflow.flows.spec import FlowFile
from acflow.web.jobs import Job, Jobs, State
from acflow.web.live import Live

BUSY_WAIT = 1.0  # seconds between two looks whether another run of the project has ended
SEND_EVERY = 2.0  # seconds between two looks whether a document is due
TROUBLE_WAIT = 5.0  # seconds after something that nobody foresaw

Stamp = tuple[tuple[int, int] | None, ...]


class Runner(Protocol):
    """What runs flows; `acflow.app.pipeline.run`."""

    def __call__(
        self, project: Project, request: RunRequest, on_event: OnEvent, cancel: CancelToken, /
    ) -> RunResult: ...


@dataclass(frozen=True, slots=True)
class ServiceDependencies:
    """What a service works with.

    `load` reads the project, which is done again when one of `files` changes; `recall` tells of earlier runs;
    `said` speaks to the log; `post` sends webhooks. Without `keeps_schedules` it runs only what it is asked for.
    """

    load: Callable[[], Project]
    files: Sequence[Path]
    said: Callable[[str], None]
    post: Callable[[Iterable[Outgoing]], None]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    recall: Callable[[Project], Mapping[str, Last]] = lasts
    runner: Runner = run_in_child
    keeps_schedules: bool = True


class Service:
    """A project whose flows run by themselves."""

    def __init__(self, dependencies: ServiceDependencies, opened: Project | None = None) -> None:
        """Take what a service works with; `opened` is a project whose flow file has mistakes, if it has.

        Nothing of such a file runs before it is mended.
        """
        self._dependencies = dependencies
        self._since = dependencies.clock()
        self._stamp = _stamp(dependencies.files)
        self.project = opened or dependencies.load()
        self.changed: Callable[[], None] = lambda: None  # called when there are other schedules
        self._bell = threading.Condition()
        self._jobs = Jobs()
        self._accepted: frozenset[str] = frozenset()  # entities that the next run may let shrink
        self._running: tuple[str, ...] = ()
        self._own: dict[str, Last] = {}
        self._stopping, self._cancel = CancelToken(), CancelToken()  # of the service, and of the run that goes on
        self.live = Live()

    @property
    def timetable(self) -> Timetable:
        """When flows run, by the file as it was last right."""
        if self.project.mistakes:
            return Timetable.of(FlowFile(), self._since)
        return Timetable.of(self.project.file, self._since)

    def wake(self) -> None:
        """Have the worker look for what is due."""
        with self._bell:
            self._bell.notify_all()

    def ask(self, flow: str) -> Job:
        """Put down a wish for a run of a flow or an entity, which begins as soon as no other run goes on."""
        if flow not in self.project.file.flows and flow not in {entity.name for entity in known_entities()}:
            fix = suggest(flow, self.project.file.flows, "flows")
            raise ConfigError(f"There is no flow `{flow}`. {fix}".strip())
        with self._bell:
            job = self._jobs.ask(flow)
            self._bell.notify_all()
        return job

    def ask_all(self, names: Iterable[str], accept_shrink: Iterable[str] = ()) -> None:
        """Put down wishes for several flows or entities, which are run together; some entities may then shrink."""
        with self._bell:
            self._accepted |= frozenset(accept_shrink)
            for name in names:
                self.ask(name)

    def cancel(self) -> None:
        """Have the run that goes on end with its next page, and forget what waits; every table stays whole."""
        with self._bell:
            self._jobs.forget()
            if self._running:
                self._cancel.cancel()
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
        if fresh := newly_stale(self.project.state, stale):
            self._tell([of_stale(fresh)])

    def work(self) -> None:
        """Run what is due and what is asked for, until `stop`."""
        while not self._stopping.cancelled:
            try:
                with self._bell:
                    while not self._batch() and not self._stopping.cancelled:
                        self._bell.wait()
                if not self._stopping.cancelled:
                    self.run_pending()
            except Exception as error:  # noqa: BLE001 - without its worker the service would only look alive
                self._dependencies.said(f"Something unexpected went wrong: {_words(error)}")
                self._stopping.wait(TROUBLE_WAIT)

    def keep_sending(self) -> None:
        """Send documents when they are due, until `stop`. What is due together with a run waits for its end."""
        while not self._stopping.cancelled:
            try:
                self.send_due()
            except Exception as error:  # noqa: BLE001 - the next document may go well
                self._dependencies.said(f"Documents could not be looked after: {_words(error)}")
            self._stopping.wait(SEND_EVERY)

    def send_due(self) -> tuple[str, ...]:
        """Send the documents whose time has come, unless a run goes on or is due; return their names."""
        from acflow.app.documents import due_documents

        if self._running or self._batch():
            return ()
        due = due_documents(self.project, self._since, self._dependencies.clock())
        for name in due:
            self._send(name)
        return due

    def _send(self, name: str) -> None:
        from acflow.app.documents import DocumentResult, Sent, send_document

        try:
            result = send_document(self.project, name, self._dependencies.clock())
        except AcflowError as error:
            self._dependencies.said(f"The document {name} was not made: {_words(error)}")
            result = DocumentResult(name, (Sent("anybody", str(error)),))
        for sent in result.sent:
            became = f"did not reach {sent.receiver}: {sent.error}" if sent.error else f"went to {sent.receiver}"
            self._dependencies.said(f"The document {name} {became.rstrip('.')}.")
        if result.failures:
            self._tell([of_document(result)])

    def run_pending(self) -> tuple[str, ...]:
        """Run what is due or asked for now, as one run; return what that was."""
        self._wait_for_others()
        batch = self._batch()  # another process may just have run some of it
        if batch and not self._stopping.cancelled:
            self._run(batch)
        return batch

    def stop(self) -> None:
        """Begin nothing more; a run that goes on ends with its next page, and its tables stay whole."""
        with self._bell:
            self._stopping.cancel()
            self._cancel.cancel()
            self._bell.notify_all()

    def _batch(self) -> tuple[str, ...]:
        scheduled = self._dependencies.keeps_schedules
        due = self.timetable.due(self._lasts(), self._dependencies.clock()) if scheduled else ()
        return tuple(dict.fromkeys((*self._jobs.waiting, *due)))

    def _lasts(self) -> dict[str, Last]:
        """Return what is known of earlier runs, by whomever they were started."""
        kept = dict(self._dependencies.recall(self.project))
        for name, own in self._own.items():
            other = kept.get(name, NEVER)
            newest = own if (own.tried or self._since) >= (other.tried or self._since) else other
            well = max((moment for moment in (own.well, other.well) if moment), default=None)
            kept[name] = replace(newest, well=well)
        return kept

    def _run(self, batch: Sequence[str]) -> None:
        project = self.project
        with self._bell:
            jobs = self._jobs.begin(batch)
            self._running = tuple(batch)
            self._cancel = CancelToken()
            options, self._accepted = RunOptions(accept_shrink=self._accepted), frozenset()
            if self._stopping.cancelled:
                self._cancel.cancel()
        self.live.begin(tuple(batch))
        began = self._dependencies.clock()
        self._dependencies.said(f"Running {', '.join(batch)} …")
        try:
            project.require_faultless()
            # What is not read today cannot be read tomorrow.
            request = RunRequest(tuple(batch), keep_going=True, options=options)
            result = self._dependencies.runner(project, request, self.live.take, self._cancel)
        except RunCancelledError:
            if self._stopping.cancelled:
                again = "What was due is made up for at the next start."
            else:
                again = "What was due waits for its next time."
                self._own |= {name: replace(self._last(name), tried=self._dependencies.clock()) for name in batch}
            self._dependencies.said(f"The run was cancelled; every table is whole. {again}")
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
            self._keep(result, batch, began)
            self._close(jobs, State.DONE, result)
            self._dependencies.said(f"Run {result.run}: {result.status}.{_troubles(result)}")
            self._tell(list(of_result(result, project.file)))
        finally:
            self._running = ()
            self.live.end()

    def _wait_for_others(self) -> None:
        """Wait until no other process runs the project, as `acflow run` may for as long as it takes."""
        state = self.project.state
        state.mkdir(parents=True, exist_ok=True)
        lock, told = FileLock(state / LOCK, timeout=0), False
        while not self._stopping.cancelled:
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

    def _keep(self, result: RunResult, batch: Sequence[str], began: datetime) -> None:
        self._own |= {name: replace(self._last(name), tried=began, run=result.run) for name in batch}
        for flow in result.flows:
            well = began if flow.whole else self._last(flow.name).well
            self._own[flow.name] = Last(began, well, result.run, flow.status.value, flow.rows)

    @staticmethod
    def _close(jobs: Iterable[Job], state: State, result: RunResult | None = None) -> None:
        whole = {flow.name for flow in result.flows if flow.whole} if result else set()
        for job in jobs:
            job.run = result.run if result else None
            job.state = State.FAILED if result and job.flow not in whole else state

    def _tell(self, messages: Sequence[Message]) -> None:
        self._dependencies.post(notices(self.project.file, self.project.folder, of_account(self.project, messages)))

    def flows(self) -> list[dict[str, Any]]:
        """Return each flow as `acflow flows` lists it, and whether it is idle, waiting or running here."""
        known = list_flows(self.project, check=False, now=self._dependencies.clock())
        return [flow.as_dict() | {"state": self._state(flow.name)} for flow in known]

    def _state(self, name: str) -> str:
        return "running" if name in self._running else "waiting" if name in self._jobs.waiting else "idle"


def _troubles(result: RunResult) -> str:
    said = [f"\n  {flow.name}: {flow.status.value}. {flow.reason or ''}" for flow in result.flows if not flow.whole]
    said += [f"\n  {each.entity}: {each.reason}" for each in result.certificates if each.reason]
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
