"""What a run works with while it goes on: the locked project, its ledger, its account, its warehouse."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from acflow.app.cancel import CancelToken
from acflow.app.events import EntityProgress, OnEvent, Phase, Remark, RunFinished, RunStarted, Step, ignore
from acflow.app.ledger import Ledger
from acflow.app.model import FlowResult, RunResult
from acflow.app.upgrade import upgrade
from acflow.engine import Warehouse, explain, open_warehouse
from acflow.engine.redaction import redactor
from acflow.entities import entity
from acflow.errors import INTERRUPTED, AcflowError, ConfigError, ProjectBusyError, RunCancelledError
from acflow.load.owner import check_owner
from acflow.settings import Settings
from acflow.source.certificate import Certificate

if TYPE_CHECKING:  # a run that only computes starts sooner without them
    from acflow.lake.result import LakeResult
    from acflow.load.loader import Loader
    from acflow.source.client import Client
    from acflow.source.reader import EntityRead

LOCK = "lock"
LOOK_EVERY = 0.5  # seconds between two looks whether a run that waits is to end


FORMER_LOAD = "dlt"  # where version 0.1 kept a load that was cut off; what it held is read again
WORKING = "tmp"  # within the state folder: copies of rows while they are delivered


@dataclass(frozen=True, slots=True)
class Account:
    """What reads an account and lands it."""

    client: "Client"
    warehouse: Warehouse
    loader: "Loader"


@dataclass(frozen=True, slots=True)
class RunContext:
    """A run that has begun. `account` is None if nothing is to be read."""

    settings: Settings
    ledger: Ledger
    run: str
    account: Account | None
    history: frozenset[str]  # entities of which every version is kept
    remarks: tuple[str, ...]
    emit: OnEvent
    cancel: CancelToken

    def enter(self, step: Step, names: Sequence[str] = ()) -> None:
        """Begin a part of the run, unless it is to end here."""
        self.cancel.raise_if_cancelled()
        self.emit(Phase(step, tuple(names)))

    def watch(self, entity_read: "EntityRead") -> None:
        """Tell how far the reading of an entity is, unless the run is to end here."""
        self.cancel.raise_if_cancelled()
        stats = entity_read.plan.stats
        self.emit(
            EntityProgress(
                entity=entity_read.entity.name,
                rows=stats.received,
                total=stats.last_total,
                missing=stats.missing,
                pages=entity_read.pages,
                requests=entity_read.requests,
                retries=entity_read.retries,
                seconds=round((entity_read.ended or time.monotonic()) - entity_read.started, 3),
                done=entity_read.over,
                waiting_for=entity_read.waiting_for,
            )
        )

    def finish(
        self,
        certificates: Sequence[Certificate],
        flows: Sequence[FlowResult] = (),
        remarks: Sequence[str] = (),
        lake: "LakeResult | None" = None,
    ) -> RunResult:
        """Close the run in the ledger."""
        result = RunResult(self.run, tuple(certificates), (*self.remarks, *remarks), tuple(flows), lake)
        self.ledger.keep(self.run, result.certificates)
        self.ledger.end(self.run, result.status)
        return result


@contextmanager
def open_run(
    settings: Settings, emit: OnEvent, cancel: CancelToken, *, reading: bool, renamed_from: str = ""
) -> Iterator[RunContext]:
    """Lock the project, tidy up after killed runs, try the account, and begin; the ledger hears of any other end."""
    if reading:
        settings.require_account()
    history = _history(settings)
    with project_lock(settings, emit, cancel), _ledger(settings) as ledger, ExitStack() as stack:
        for name in (WORKING, FORMER_LOAD):
            shutil.rmtree(settings.state / name, ignore_errors=True)
        remarks = [f"Run {run} was killed before its end." for run in ledger.close_abandoned()]
        account = None
        warehouse = open_warehouse(
            settings.warehouse, settings.dataset, patience=settings.warehouse_patience, memory=settings.memory
        )
        with warehouse.held(new=False):
            check_owner(warehouse, settings.url, renamed_from=renamed_from)
            remarks += upgrade(warehouse)
            if reading:
                warehouse.check()
        if reading:
            from acflow.load.loader import Loader

            client = stack.enter_context(_client(settings))
            account = Account(client, warehouse, Loader(warehouse, settings.state / "load", client.url))
            if settled := account.loader.recover_pending():
                remarks.append(settled.said)
                ledger.keep_landed(settled.tables)
            client.probe()
        run = ledger.start(account.client.url if account else settings.url)
        emit(RunStarted(run, account.client.url if account else settings.url))
        try:
            yield RunContext(settings, ledger, run, account, history, tuple(remarks), emit, cancel)
        except BaseException as error:
            status = "cancelled" if isinstance(error, KeyboardInterrupt | RunCancelledError) else "failed"
            with suppress(Exception):  # on a full disk the ledger cannot be written either
                ledger.end(run, status, str(error))
            code = error.exit_code if isinstance(error, AcflowError) else AcflowError.exit_code
            message = redactor(settings.secrets)(str(error))
            emit(RunFinished(run, status, INTERRUPTED if status == "cancelled" else code, message))
            if isinstance(error, OSError):
                raise explain(error, settings.state) from None
            raise


def _history(settings: Settings) -> frozenset[str]:
    try:
        return frozenset(entity(name).name for name in settings.with_history)
    except ConfigError as error:
        raise ConfigError(f"ACFLOW_HISTORY: {error}") from None


def _client(settings: Settings) -> "Client":
    from acflow.source.client import Client

    return Client(
        settings.url,
        settings.key.get_secret_value(),
        pace=settings.pace,
        timeout=settings.timeout,
        retry_patience=settings.retry_patience,
    )


@contextmanager
def _ledger(settings: Settings) -> Iterator[Ledger]:
    ledger = Ledger.at(settings.state, redactor(settings.secrets))
    try:
        yield ledger
    finally:
        ledger.close()


def project_lock(
    settings: Settings, emit: OnEvent = ignore, cancel: CancelToken | None = None
) -> AbstractContextManager[object]:
    """Keep other runs of this project out; the operating system lifts the lock if this process dies.

    Raises:
        ProjectBusyError: another run was at work until patience ended.

    """
    settings.state.mkdir(parents=True, exist_ok=True)
    lock, patience = FileLock(settings.state / LOCK), settings.warehouse_patience
    with suppress(Timeout):
        return lock.acquire(timeout=0)
    emit(Remark(f"Another run of this project goes on; waiting up to {patience:g} s for its end."))
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        if cancel is not None:
            cancel.raise_if_cancelled()
        with suppress(Timeout):
            return lock.acquire(timeout=min(left, LOOK_EVERY))
    raise ProjectBusyError(f"Another run is at work in {settings.state}. Wait until it ends, then try again.")
