"""A project of several accounts: run them at once, then what goes over all of them; tell how each of them stands."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from acflow.app.cancel import CancelToken
from acflow.app.events import Event
from acflow.app.instants import as_text, in_utc
from acflow.app.model import RunRequest, RunResult
from acflow.app.pipeline import carry_out, plan_run
from acflow.app.runs import RunInfo, history, landed_certificates
from acflow.engine.redaction import redactor
from acflow.errors import INTERRUPTED, OK, PARTIAL, AcflowError, ConfigError, DeliveryError
from acflow.flows.accounts import ALL_ACCOUNTS, needs_of_each
from acflow.flows.problems import suggest
from acflow.flows.spec import FlowFile

if TYPE_CHECKING:
    from acflow.app.project import Project

OnAccountEvent = Callable[[str, Event], object]  # the name of the account comes first
FINE = frozenset({OK, DeliveryError.exit_code, PARTIAL})  # codes of runs in which something landed


@dataclass(frozen=True, slots=True)
class AccountRun:
    """What became of one account, or of the roll-ups, whose name is `all`: a result, or the error that prevented it."""

    account: str
    seconds: float
    result: RunResult | None = None
    error: Exception | None = None
    message: str | None = None  # of the error, without secrets

    @property
    def exit_code(self) -> int:
        """As that of a run of this account alone."""
        if self.result is not None:
            return self.result.exit_code
        return self.error.exit_code if isinstance(self.error, AcflowError) else AcflowError.exit_code

    @property
    def status(self) -> str:
        """As that of a run of this account alone."""
        if self.result is not None:
            return self.result.status
        return "cancelled" if self.exit_code == INTERRUPTED else "failed"

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        result = self.result.as_dict() if self.result else {"run": None, "status": self.status}
        said = {"exit_code": self.exit_code, "seconds": self.seconds, "message": self.message}
        return {"account": self.account, **result, **said}


@dataclass(frozen=True, slots=True)
class AccountsResult:
    """What a run over accounts did; `roll_ups` is None where nothing goes over all of them."""

    accounts: tuple[AccountRun, ...]
    roll_ups: AccountRun | None = None

    @property
    def runs(self) -> tuple[AccountRun, ...]:
        """The runs of the accounts and, last, that of the roll-ups."""
        return (*self.accounts, *([self.roll_ups] if self.roll_ups else []))

    @property
    def exit_code(self) -> int:
        """That of all runs together."""
        return exit_code_of([run.exit_code for run in self.runs])

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        roll_ups = self.roll_ups.as_dict() if self.roll_ups else None
        accounts = [run.as_dict() for run in self.accounts]
        return {"exit_code": self.exit_code, "accounts": accounts, "roll_ups": roll_ups}


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """One of several accounts and how it stands; `message` says what is wrong with it here.

    Its tables hold the account at least as it was at `data_as_of`, None if nothing has landed.
    """

    name: str
    url: str
    dataset: str
    warehouse: str
    labels: tuple[str, ...]
    last_run: datetime | None
    status: str | None
    data_as_of: datetime | None
    message: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        moments = {"last_run": as_text(self.last_run), "data_as_of": as_text(self.data_as_of)}
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | moments | {"labels": list(self.labels)}


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """Whether an account answers, and whose key it is; `message` says why not."""

    name: str
    seconds: float
    user: str | None = None
    message: str | None = None
    exit_code: int = OK

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def exit_code_of(codes: Sequence[int]) -> int:
    """Return the code that all have in common, else 7 if only deliveries failed, 5 if anything went well, or the first.

    One that was cancelled goes before all others.
    """
    distinct = set(codes)
    if INTERRUPTED in distinct:
        return INTERRUPTED
    if len(distinct) <= 1:
        return codes[0] if codes else OK
    if distinct == {OK, DeliveryError.exit_code}:
        return DeliveryError.exit_code
    return PARTIAL if distinct & FINE else codes[0]


def choose(project: "Project", names: Sequence[str] = (), labels: Sequence[str] = ()) -> list[str]:
    """Return the accounts of these names and of any of these labels, in the order of the file; all if none is given.

    Raises:
        ConfigError: there is no such account, or no account has such a label.

    """
    accounts = project.accounts
    if not accounts:
        raise ConfigError(f"{project.flow_path} names no `accounts:`, so there is none to choose. docs/accounts.md")
    for name in names:
        if name not in accounts:
            raise ConfigError(f"There is no account `{name}`. {suggest(name, accounts, 'accounts')}")
    known = dict.fromkeys(label for account in accounts.values() for label in account.labels)
    for label in labels:
        if label not in known:
            raise ConfigError(f"No account has the label `{label}`. {suggest(label, known, 'labels')}".strip())
    if not names and not labels:
        return list(accounts)
    return [name for name, account in accounts.items() if name in names or not set(labels).isdisjoint(account.labels)]


def run_accounts(
    project: "Project",
    request: RunRequest,
    chosen: Sequence[str],
    on_event: OnAccountEvent,
    cancel: CancelToken | None = None,
) -> AccountsResult:
    """Run these accounts at once, each as if it were alone, and then the roll-ups, from what each account holds.

    Roll-ups are run where they are named, or where all accounts are run and nothing is named. `on_event` is called by
    one thread at a time.

    Raises:
        FlowFileError: the flow file has mistakes; nothing was read or written.
        ConfigError: something is asked for that there is not; nothing was read or written.

    """
    over, cancel = project.of(""), cancel or CancelToken()
    requests = _split(over, request, whole=set(chosen) == set(project.accounts))
    # The whole file is checked before anything is read; what an account alone can know, such as its custom fields,
    # is looked at by its own run.
    if requests.roll_ups:
        plan_run(over, requests.roll_ups)
    elif requests.each and chosen:
        plan_run(project.of(chosen[0]), requests.each)
    lock = threading.Lock()

    def tell(name: str, event: Event) -> None:
        with lock:
            on_event(name, event)

    def run_one(name: str) -> AccountRun:
        view = over if name == ALL_ACCOUNTS else project.of(name)
        wanted = requests.roll_ups if name == ALL_ACCOUNTS else requests.each
        return _run(view, name, wanted or request, lambda event: tell(name, event), cancel)

    names = list(chosen) if requests.each else []
    at_once = min(over.settings.accounts_at_once, len(names)) or 1
    with ThreadPoolExecutor(at_once, thread_name_prefix="account") as pool:
        runs = tuple(pool.map(run_one, names))
    roll_ups = run_one(ALL_ACCOUNTS) if requests.roll_ups and not cancel.cancelled else None
    return AccountsResult(runs, roll_ups)


@dataclass(frozen=True, slots=True)
class _Requests:
    """What is asked of each account, and of the roll-ups; None if nothing is."""

    each: RunRequest | None
    roll_ups: RunRequest | None


def _split(over: "Project", request: RunRequest, *, whole: bool) -> _Requests:
    file = over.file
    if not request.names:
        rolled = replace(request) if whole and file.flows and not request.entities_alone else None
        return _Requests(_of_each(file, request), rolled)
    rolled_names = tuple(name for name in request.names if name in file.flows)
    needs = needs_of_each(file, rolled_names)
    needed = (*needs.flows, *(needs.entities if request.read else ()))
    names = tuple(dict.fromkeys((*(name for name in request.names if name not in rolled_names), *needed)))
    each = _of_each(file, replace(request, names=names)) if names else None
    return _Requests(each, replace(request, names=rolled_names) if rolled_names else None)


def _of_each(file: FlowFile, request: RunRequest) -> RunRequest | None:
    """Return what is asked of each account; one without flows has nothing to compute, and nothing can be unchanged."""
    if file.flows_of_each:
        return request
    return replace(request, only_changed=False) if request.read else None


def _run(
    project: "Project", name: str, request: RunRequest, on_event: Callable[[Event], object], cancel: CancelToken
) -> AccountRun:
    began = time.monotonic()

    def after(result: RunResult | None = None, error: Exception | None = None) -> AccountRun:
        message = redactor(project.secrets)(str(error)) if error else None
        return AccountRun(name, round(time.monotonic() - began, 1), result, error, message)

    try:
        cancel.raise_if_cancelled()
        return after(carry_out(project.settings, plan_run(project, request), on_event, cancel))
    except Exception as error:  # noqa: BLE001 - whatever becomes of one account leaves the others alone
        return after(error=error)


def check_accounts(project: "Project", names: Sequence[str]) -> list[AccountCheck]:
    """Ask each account whose key it is, all at once."""
    at_once = min(project.of("").settings.accounts_at_once, len(names)) or 1
    with ThreadPoolExecutor(at_once, thread_name_prefix="account") as pool:
        return list(pool.map(lambda name: _checked(project.of(name), name), names))


def _checked(project: "Project", name: str) -> AccountCheck:
    from acflow.app.account import probe

    began = time.monotonic()
    try:
        user = probe(project.settings).shown
    except AcflowError as error:
        message = redactor(project.secrets)(str(error))
        return AccountCheck(name, round(time.monotonic() - began, 2), message=message, exit_code=error.exit_code)
    return AccountCheck(name, round(time.monotonic() - began, 2), user)


def list_accounts(project: "Project") -> list[AccountInfo]:
    """Return the accounts of the flow file, in its order, and how each stands."""
    return [_info(project.of(name), name) for name in project.accounts]


def _info(project: "Project", name: str) -> AccountInfo:
    from acflow.engine import shown

    settings, account = project.settings, project.accounts[name]
    last: RunInfo | None = next(iter(history(project, 1)), None) if project.has_ledger else None
    readings: Iterable[datetime] = (in_utc(each["started_at"]) for each in landed_certificates(project))
    message = last.message if last else None
    try:
        settings.require_account()
    except ConfigError as error:
        message = str(error)
    return AccountInfo(
        name=name,
        url=settings.url,
        dataset=settings.dataset,
        warehouse=shown(settings.warehouse),
        labels=tuple(account.labels),
        last_run=last.started_at if last else None,
        status=last.status if last else None,
        data_as_of=min(readings, default=None),
        message=message,
    )
