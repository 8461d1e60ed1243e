"""`acflow accounts`: the accounts of a project that has several."""

import sys
from typing import Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import Format, JsonOption, command_help, complete_account
from acflow.errors import ConfigError

ADD_EXAMPLES = (
    "acflow accounts add north --url https://north.api-us1.com --label uk",
    "acflow accounts add south --url https://south.api-us1.com --key-stdin < key.txt",
)
CHECK_EXAMPLES = ("acflow accounts check", "acflow accounts check --json")
REMOVE_EXAMPLES = ("acflow accounts remove north",)
LISTED = ("name", "url", "dataset", "labels", "last_run", "status", "data_as_of", "message")
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "List the accounts of this project and how each stands.\n\n"
        "`acflow run` reads all of them at once; other commands take --account.",
        ("acflow accounts", ADD_EXAMPLES[0], CHECK_EXAMPLES[0], REMOVE_EXAMPLES[0]),
    ),
)
AccountName = Annotated[
    str, typer.Argument(metavar="NAME", help="What it is called here.", autocompletion=complete_account)
]


@app.callback()
def accounts(context: typer.Context, json: JsonOption = False) -> None:
    if context.invoked_subcommand is not None:
        return
    from acflow.app.accounts import choose, list_accounts

    opened = project.here(over="yes")
    choose(opened)
    known = [account.as_dict() for account in list_accounts(opened)]
    if json:
        stdout.write_json(known)
        return
    from acflow.cli import rows

    shown = [{name: account[name] for name in LISTED} for account in known]
    rows.one_table(
        rows.objects([{**account, "labels": ", ".join(account["labels"])} for account in shown]), Format.TABLE
    )


@app.command(**command_help("Try the accounts: does each answer, and whose key is it?", CHECK_EXAMPLES))
def check(json: JsonOption = False) -> None:
    from acflow.app.accounts import check_accounts, choose, exit_code_of

    opened = project.here(over="yes")
    checked = check_accounts(opened, choose(opened))
    if json:
        stdout.write_json([account.as_dict() for account in checked])
    else:
        for account in checked:
            said = account.message or f"answers in {account.seconds:.1f} s; the key belongs to {account.user}"
            stdout.write(console.printable(f"{account.name:<20}{said}"))
    raise typer.Exit(exit_code_of([account.exit_code for account in checked]))


@app.command(
    **command_help(
        "Add an account: try its URL and key, keep the key in .env, and name it in acflow.yaml.\n\n"
        "The key is asked for and not shown, or taken from stdin; never from an argument, where others could see it.",
        ADD_EXAMPLES,
    )
)
def add(  # noqa: PLR0913, PLR0917 - each is an option
    name: AccountName,
    url: Annotated[str | None, typer.Option(help="API URL, from ActiveCampaign's Settings, Developer.")] = None,
    key_stdin: Annotated[bool, typer.Option("--key-stdin", help="Take the key from stdin, else ask.")] = False,
    dataset: Annotated[str, typer.Option(metavar="NAME", help="Schema for its tables, if not the usual one.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of its reports, as Europe/Berlin.")] = "",
    label: Annotated[list[str] | None, typer.Option(help="A word to choose it by; may be repeated.")] = None,
) -> None:
    from acflow.app.account_file import NewAccount, add_account
    from acflow.source.protocol import base_url

    opened = project.here(over="yes")
    address = url or _ask("API URL (Settings, Developer)")
    base_url(address)  # before the key is asked for
    key = _key(key_stdin=key_stdin)
    console.hide(key)
    new = NewAccount(name, address.strip(), key, dataset, zone, label or [])
    user = add_account(opened, new)
    console.say(f"The account answers; the key belongs to {user.shown}.")
    console.say(f"{opened.flow_path} names it, and {new.variable} in {opened.env_path} is its key, for you alone.")
    console.say(f"Next: acflow run --account {name}, or acflow run for all.")


@app.command(
    **command_help(
        "Take an account out of acflow.yaml, and its key out of .env.\n\nIts tables and records stay where they are.",
        REMOVE_EXAMPLES,
    )
)
def remove(name: AccountName) -> None:
    from acflow.app.account_file import remove_account
    from acflow.engine import shown

    opened = project.here(over="yes")
    settings = opened.of(name).settings
    remove_account(opened, name)
    console.say(f"{opened.flow_path} does not name `{name}` any more.")
    console.say(f"Still there: {shown(settings.warehouse)}, schema {settings.dataset}, and {settings.state}.")


def _key(*, key_stdin: bool) -> str:
    if not key_stdin:
        return _ask("API key (not shown)", hidden=True)
    if key := sys.stdin.readline().strip():
        return key
    raise ConfigError("No key came on stdin. Put it there, as in `acflow accounts add NAME --key-stdin < key.txt`.")


def _ask(question: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        raise ConfigError("There is no terminal to ask on. Give --url, and the key by --key-stdin.")
    answer: str = typer.prompt(question, hide_input=hidden, err=True)
    return answer.strip()
