"""`acflow init`: make a project for an account."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acflow.cli import console, project, project_files
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.settings import Settings

EXAMPLES = (
    "acflow init",
    "acflow init --url https://name.api-us1.com --key-stdin < key.txt",
)
FILE = """\
# What acflow reads, and where it lands. The key is in .env, which no one else should see.
# Pages: docs/operating.md
account:
  url: ${ACTIVECAMPAIGN_URL}
  key: ${ACTIVECAMPAIGN_KEY}
"""


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
    settings = _tried(url, key_stdin=key_stdin, warehouse=warehouse)
    kept = dict(zip(project.ACCOUNT, (settings.url, settings.key.get_secret_value()), strict=True))
    place = _place(settings, kept)
    project_files.keep_in_env(project.ENV_FILE, kept)
    console.say(f"URL and key are in {project.ENV_FILE}, readable by you alone.")
    _write_flow_file(place, force=force)
    if project_files.ignore_in_git(Path.cwd(), (".env", ".acflow/", "*.duckdb", "*.duckdb.wal")):
        console.say(".gitignore keeps key, state and data out of version control.")
    console.say("Next: acflow check, then acflow run.")


def _tried(url: str | None, *, key_stdin: bool, warehouse: str | None) -> "Settings":
    """Return settings whose address and key have been tried."""
    from acflow.settings import load_settings
    from acflow.source.protocol import base_url, plain_key

    known = load_settings(warehouse=warehouse)
    console.hide(known.key.get_secret_value())
    address = url or _ask("API URL (Settings, Developer)", known.url)
    base_url(address)  # before the key is asked for
    key = _key(known, key_stdin=key_stdin)
    console.hide(key)
    plain_key(key)
    given: dict[str, Any] = {"url": address.strip(), "key": key, "warehouse": warehouse}
    settings = load_settings(**given)
    from acflow.engine import kind_of

    kind_of(settings.warehouse)
    with project.client(settings) as client:
        user = client.probe()
    console.say(f"The account answers; the key belongs to {user.get('username') or user.get('email') or 'a user'}.")
    return settings


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


def _place(settings: "Settings", kept: dict[str, str]) -> str:
    """Return how the flow file names the warehouse; a URL with a password is kept beside the key."""
    from acflow.engine.trouble import shown

    if shown(settings.warehouse) == settings.warehouse:
        return settings.warehouse
    kept["ACFLOW_WAREHOUSE"] = settings.warehouse
    return "${ACFLOW_WAREHOUSE}"


def _write_flow_file(warehouse: str, *, force: bool) -> None:
    if project.FLOW_FILE.exists() and not force:
        console.say(f"{project.FLOW_FILE} is there already and stays as it is; --force would write it anew.")
        return
    project_files.write_whole(project.FLOW_FILE, f"{FILE}warehouse: {warehouse}\n", mode=0o644)
    console.say(f"{project.FLOW_FILE} names account and warehouse.")
