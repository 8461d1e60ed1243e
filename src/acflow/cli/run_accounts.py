"""`acflow run` where there are several accounts: all at once, and what became of each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from acflow.cli import account_progress, certificates, console, results, stdout
from acflow.cli.actions import in_commands
from acflow.cli.signals import cancelled_by_signals
from acflow.errors import AcflowError

if TYPE_CHECKING:
    from acflow.app.accounts import AccountRun, AccountsResult
    from acflow.app.model import RunRequest
    from acflow.app.project import Project


class Choice(NamedTuple):
    """The accounts that a command is to be about, all if nothing is said."""

    names: Sequence[str] = ()
    labels: Sequence[str] = ()


def run(  # noqa: PLR0913 - each is an option
    project: "Project", request: "RunRequest", choice: Choice, *, notify: bool, quiet: bool, json: bool
) -> int:
    """Run the accounts and the roll-ups, say what became of each, and return the exit code of the whole."""
    from acflow.app.accounts import choose, run_accounts

    chosen = choose(project, choice.names, choice.labels)
    project = project.of("")
    with account_progress.following(chosen, quiet=quiet or json) as on_event, cancelled_by_signals() as cancel:
        result = run_accounts(project, request, chosen, on_event, cancel)
    if json:
        stdout.write_json(result.as_dict())
    _tell(project, result, quiet=quiet or json)
    if notify:
        _notify(project, result, request)
    return result.exit_code


def _tell(project: "Project", result: "AccountsResult", *, quiet: bool) -> None:
    """Say what became of each account in a line, and all that went wrong in full."""
    if len(result.accounts) == 1 and result.accounts[0].result and not quiet:
        (alone,) = result.accounts
        certificates.tell(result.accounts[0].result, project.of(alone.account).settings, quiet=False)
    elif result.accounts and not quiet:
        _show(result.accounts)
    for run in result.accounts if len(result.accounts) > 1 or quiet else ():
        for reason in _reasons(run):
            console.say(f"{run.account}: {reason}")
    for run in result.runs:
        if run.error is not None:
            console.say(f"{run.account}: {_said(run)}")
    if result.roll_ups and result.roll_ups.result:
        results.tell(result.roll_ups.result.flows, quiet=quiet)
    if not quiet and len(result.runs) > 1:
        console.say(_summary(result))


def _show(runs: "Sequence[AccountRun]") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for title in ("account", "status", "entities", "rows", "flows", "seconds"):
        table.add_column(title, justify="left" if title in {"account", "status"} else "right")
    console.say()
    for run in runs:
        read = [each for each in run.result.certificates if not each.lacking] if run.result else []
        flows = run.result.flows if run.result else ()
        landed = [certificate for certificate in read if certificate.landed]
        table.add_row(
            run.account,
            run.status,
            f"{len(landed)} of {len(read)}" if read else "",
            f"{sum(certificate.received for certificate in landed):,}" if read else "",
            f"{sum(flow.whole for flow in flows)} of {len(flows)}" if flows else "",
            f"{run.seconds:.1f}",
            style=None if run.status == "ok" else "bold red",
        )
    console.rich_console().print(table)


def _reasons(run: "AccountRun") -> list[str]:
    """Return what went wrong in a run that came to its end."""
    if run.result is None:
        return []
    read = run.result.certificates
    reasons = [f"{c.entity} not landed. {c.reason}" for c in read if c.reason and not c.landed and not c.lacking]
    for flow in run.result.flows:
        if flow.reason:
            reasons.append(f"{flow.name} {flow.status.value}. {flow.reason}")
        reasons += [
            f"{flow.name} not delivered to {delivery.to}. {delivery.error}"
            for delivery in flow.deliveries
            if delivery.error
        ]
    return reasons


def _said(run: "AccountRun") -> str:
    action = run.error.action if isinstance(run.error, AcflowError) else None
    if action is None:
        return run.message or type(run.error).__name__
    return f"{run.message} {in_commands(action)}"


def _summary(result: "AccountsResult") -> str:
    well = sum(run.status == "ok" for run in result.accounts)
    rows = sum(c.received for run in result.accounts if run.result for c in run.result.certificates if c.landed)
    roll_ups = result.roll_ups.result.flows if result.roll_ups and result.roll_ups.result else ()
    said = [f"{well} of {len(result.accounts)} accounts ok, {rows:,} rows landed"]
    if roll_ups:
        said.append(f"over all accounts {results.summary(roll_ups)}")
    return f"{'; '.join(said)}."


def _notify(project: "Project", result: "AccountsResult", request: "RunRequest") -> None:
    """Tell those whom `notify:` names, of each run by itself."""
    from acflow.app.telling import tell_of_error, tell_of_run

    for run in result.runs:
        view = project.of("" if run is result.roll_ups else run.account)
        if run.result:
            tell_of_run(view, run.result, console.say)
        elif run.error and run.status != "cancelled":
            tell_of_error(view, run.error, request.names, console.say)
