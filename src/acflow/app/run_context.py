"""What a run works with while it goes on: the locked project, its ledger, its account, its warehouse."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from acflow.app.ledger import Ledger
from acflow.app.model import FlowResult, Listener, Report
from acflow.app.upgrade import upgrade
from acflow.engine import Warehouse, explain, open_warehouse
from acflow.engine.redaction import redactor
from acflow.entities import entity
from acflow.errors import ConfigError
from acflow.load.owner import check_owner
from acflow.settings import Settings
from acflow.source.certificate import Certificate

if TYPE_CHECKING:  # a run that only computes starts sooner without them
    from acflow.load.loader import Loader
    from acflow.source.client import Client


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

    def finish(
        self, certificates: Sequence[Certificate], flows: Sequence[FlowResult] = (), remarks: Sequence[str] = ()
    ) -> Report:
        """Close the run in the ledger."""
        report = Report(self.run, tuple(certificates), (*self.remarks, *remarks), tuple(flows))
        self.ledger.keep(self.run, report.certificates)
        self.ledger.end(self.run, report.status)
        return report


@contextmanager
def open_run(settings: Settings, listener: Listener, *, reading: bool, renamed_from: str = "") -> Iterator[RunContext]:
    """Lock the project, tidy up after killed runs, try the account, and begin; the ledger hears of any other end."""
    if reading:
        settings.require_account()
    history = _history(settings)
    with project_lock(settings, listener), _ledger(settings) as ledger, ExitStack() as stack:
        shutil.rmtree(settings.state / WORKING, ignore_errors=True)
        remarks = [f"Run {run} was killed before its end." for run in ledger.close_abandoned()]
        account = None
        warehouse = open_warehouse(
            settings.warehouse, settings.dataset, patience=settings.warehouse_patience, memory=settings.memory
        )
        check_owner(warehouse, settings.url, renamed_from=renamed_from)
        remarks += upgrade(warehouse)
        if reading:
            from acflow.load.loader import Loader

            warehouse.check()
            client = stack.enter_context(_client(settings))
            account = Account(client, warehouse, Loader(warehouse, settings.state / "dlt", client.url))
            if settled := account.loader.recover_pending():
                remarks.append(settled.said)
                ledger.keep_landed(settled.tables)
            client.probe()
            listener.said(f"Reading {settings.url}")
        run = ledger.start(account.client.url if account else settings.url)
        try:
            yield RunContext(settings, ledger, run, account, history, tuple(remarks))
        except BaseException as error:
            with suppress(Exception):  # on a full disk the ledger cannot be written either
                ledger.end(run, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed", str(error))
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


def project_lock(settings: Settings, listener: Listener) -> AbstractContextManager[object]:
    """Keep other runs of this project out; the operating system lifts the lock if this process dies."""
    settings.state.mkdir(parents=True, exist_ok=True)
    lock, patience = FileLock(settings.state / "lock"), settings.warehouse_patience
    with suppress(Timeout):
        return lock.acquire(timeout=0)
    listener.said(f"Another run of this project goes on; waiting up to {patience:g} s for its end.")
    try:
        return lock.acquire(timeout=patience)
    except Timeout:
        raise ConfigError(
            f"Another acflow run is at work in {settings.state}. Wait until it ends, then run again.",
        ) from None
