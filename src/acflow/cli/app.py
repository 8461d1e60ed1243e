"""The commands, put together."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from acflow import __version__
from acflow.cli import (
    accounts,
    check,
    console,
    demo,
    documents,
    drift,
    fields,
    flows,
    get,
    init,
    lake,
    mcp,
    plan,
    preview,
    purge,
    query,
    report,
    reports,
    run,
    runs,
    sandbox,
    serve,
    show,
    tables,
)
from acflow.cli.actions import message_of
from acflow.cli.options import command_help
from acflow.errors import INTERRUPTED, AcflowError, ConfigError, DiskFullError

# In the order in which one meets them; each brings its function and its examples.
COMMANDS: tuple[tuple[Callable[..., None], Sequence[str]], ...] = (
    (demo.demo, demo.EXAMPLES),
    (init.init, init.EXAMPLES),
    (check.check, check.EXAMPLES),
    (plan.plan, plan.EXAMPLES),
    (run.run, run.EXAMPLES),
    (show.show, show.EXAMPLES),
    (query.query, query.EXAMPLES),
    (preview.preview, preview.EXAMPLES),
    (report.report, report.EXAMPLES),
    (documents.documents, documents.EXAMPLES),
    (fields.fields, fields.EXAMPLES),
    (tables.tables, tables.EXAMPLES),
    (drift.drift, drift.EXAMPLES),
    (get.get, get.EXAMPLES),
    (purge.purge, purge.EXAMPLES),
    (mcp.mcp, mcp.EXAMPLES),
)

NEXT_STEPS = dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "Choose a folder where you may write.") | (
    dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Free some space, run again.")
)

# Rich's help looks nicer, but takes three times as long to come.
app = typer.Typer(
    name="acflow",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes and settings: docs/operating.md. Begin with `acflow demo`, which needs no account.",
)
for _function, _examples in COMMANDS:
    app.command(**command_help(_function.__doc__ or "", _examples))(_function)
app.command(**sandbox.HANDED_OVER)(sandbox.sandbox)
app.add_typer(accounts.app, name="accounts")
app.add_typer(flows.app, name="flows")
app.add_typer(lake.app, name="lake")
app.add_typer(reports.app, name="reports")
app.add_typer(runs.app, name="runs")
app.add_typer(serve.app, name="serve")


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"acflow {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def acflow(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and end.")
    ] = False,
    debug: Annotated[  # noqa: ARG001 - read by whoever catches the error
        bool, typer.Option("--debug", help="Show the trace of an unexpected error; ACFLOW_DEBUG=1 does too.")
    ] = False,
) -> None:
    """Read a whole ActiveCampaign account, prove that nothing is missing, and land it as typed tables."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def start(arguments: list[str]) -> int:
    """Run a command and return its exit code; every error is said here."""
    console.hide_environment()
    debug = "--debug" in arguments or bool(os.environ.get("ACFLOW_DEBUG"))
    try:
        _refuse_what_is_no_text(arguments)
        code = app(arguments, prog_name="acflow", standalone_mode=False)
    except typer.TyperException as error:
        return _complain_of_usage(error)
    except typer.Abort:
        console.say("Ended without doing anything.")
        return AcflowError.exit_code
    except AcflowError as error:
        console.say(message_of(error))
        return error.exit_code
    except OSError as error:
        return _complain_of_system(error, debug=debug)
    except Exception as error:  # noqa: BLE001 - the last place that can speak to people
        console.unexpected(error, debug=debug)
        return AcflowError.exit_code
    if code == INTERRUPTED:
        console.say("Cancelled.")
    return int(code or 0)


def _refuse_what_is_no_text(arguments: Sequence[str]) -> None:
    for place, argument in enumerate(arguments, 1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise ConfigError(
                f"Argument {place} is no text in the encoding of this terminal, {sys.getfilesystemencoding()}. "
                "Set LC_ALL=C.UTF-8, or another language that the terminal writes.",
            ) from None


def _complain_of_system(error: OSError, *, debug: bool) -> int:
    """Say what the operating system would not do: a full disk, a folder that belongs to someone else."""
    if debug or error.strerror is None:
        console.unexpected(error, debug=debug)
    else:
        fact = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
        console.say(f"{fact}. {NEXT_STEPS.get(error.errno or 0, '')}".rstrip())
    return DiskFullError.exit_code if error.errno in {errno.ENOSPC, errno.EDQUOT} else AcflowError.exit_code


def _complain_of_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "acflow"
    console.say(f"{error.format_message()}\n`{command} --help` says what there is.")
    return error.exit_code
