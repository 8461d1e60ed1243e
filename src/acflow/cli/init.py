"""`acflow init`: make a project for an account."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project
from acflow.errors import ConfigError, WrongServerError

if TYPE_CHECKING:
    from acflow.app.account import Connected
    from acflow.app.project import Project
    from acflow.settings import Settings

EXAMPLES = (
    "acflow init",
    "acflow init --url https://name.api-us1.com --key-stdin < key.txt",
)


def init(
    url: Annotated[str | None, typer.Option(help="API URL, from ActiveCampaign's Settings, Developer.")] = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Take the key from stdin, else from ACTIVECAMPAIGN_KEY, else ask.")
    ] = False,
    warehouse: Annotated[str | None, typer.Option(metavar="URL", help="Database where the tables land.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write acflow.yaml anew even if it is there.")] = False,
) -> None:
    """Ask for an account's URL and key, try them, and keep them.

    They stay in this folder. The key goes into .env, for your eyes only; it is never taken as an argument, where
    others could see it.
    """
    opened, done = _connected(url, key_stdin=key_stdin, warehouse=warehouse, force=force)
    console.say(f"The account answers; the key belongs to {done.user.shown}.")
    console.say(f"URL and key are in {opened.env_path}, readable by you alone.")
    if done.flow_file_written:
        console.say(f"{opened.flow_path} names account and warehouse.")
    else:
        console.say(f"{opened.flow_path} is there already and stays as it is; --force would write it anew.")
    if done.ignored_in_git:
        console.say(".gitignore keeps key, state and data out of version control.")
    console.say("Next: acflow check, then acflow run.")


def _connected(url: str | None, *, key_stdin: bool, warehouse: str | None, force: bool) -> "tuple[Project, Connected]":
    """Try the address and the key; who is asked for them is asked again when they do not fit."""
    from acflow.app.account import connect

    asking = sys.stdin.isatty() and not (key_stdin or os.environ.get("ACTIVECAMPAIGN_KEY"))
    while True:
        try:
            opened = _opened(url, key_stdin=key_stdin, warehouse=warehouse)
            return opened, connect(opened, force=force)
        except (ConfigError, WrongServerError) as error:
            if not asking:
                raise
            console.say(f"{error}\nOnce more; Ctrl-C ends.")


def _opened(url: str | None, *, key_stdin: bool, warehouse: str | None) -> "Project":
    """Return the project with the address and the key that were given, or asked for."""
    from acflow.app.project import Project
    from acflow.source.protocol import base_url, plain_key

    project.quiet()
    known = Project.open(warehouse=warehouse).settings_alone
    console.hide(known.key.get_secret_value())
    address = url or _ask("API URL (Settings, Developer)", known.url)
    base_url(address)  # before the key is asked for
    key = _key(known, key_stdin=key_stdin)
    console.hide(key)
    plain_key(key)
    return Project.open(url=address.strip(), key=key, warehouse=warehouse)


def _key(known: "Settings", *, key_stdin: bool) -> str:
    if key_stdin:
        if key := sys.stdin.readline().strip():
            return key
        raise ConfigError("No key came on stdin. Put it there, as in `acflow init --key-stdin < key.txt`.")
    if from_environment := os.environ.get("ACTIVECAMPAIGN_KEY"):
        return from_environment
    kept = known.key.get_secret_value()
    return _ask(
        "API key (not shown; Enter keeps the one in .env)" if kept else "API key (not shown)", kept, hidden=True
    )


def _ask(question: str, default: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        raise ConfigError(
            "There is no terminal to ask on. Give --url, and the key by ACTIVECAMPAIGN_KEY or --key-stdin.",
        )
    answer: str = typer.prompt(question, default=default or None, hide_input=hidden, show_default=not hidden, err=True)
    return answer.strip()
