"""`acflow purge`: a person is forgotten."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project

EXAMPLES = ("acflow purge jo@example.com", "acflow purge 4711 --yes")
BEYOND = (
    "Not reached: the account itself, from which the next run brings the contact back unless you delete it there; "
    "backups; other databases; and what was delivered."
)


def purge(
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Its id or its e-mail address.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, as in scripts.")] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Erase a contact from every table of the warehouse, their history, and acflow's own files.

    What is found is shown before anything is erased. A row in `_purges` notes that it was done, not who it was.
    """
    from acflow.app.purge import purge as erase
    from acflow.cli import progress

    opened = project.here(account=account)
    follower = progress.Follower(progress.Lines())
    done = erase(opened.settings, contact, lambda rows: _agreed(rows, contact, yes=yes), follower)
    if done is None:
        console.say("Nothing was erased.")
        raise typer.Exit(1)
    if json:
        stdout.write_json(asdict(done))
    console.say(f"Erased {sum(done.rows.values()):,} rows in {len(done.rows)} tables, and noted it in _purges.")
    for place, rows in done.still.items():
        console.say(
            f"Still named in {place}: {rows:,} rows. They are not about the contact; see whether they may stay."
        )
    if not done.rewritten:
        console.say("The database may keep deleted rows for a while, by its own rules; see its manual.")
    _drop_copies(opened)
    console.say(BEYOND)
    file = opened.own_flows
    flows = file.flows.values() if file else ()
    if flows:
        console.say(
            "Tables of flows that do not show the address are right after `acflow run --no-read`; see to appends."
        )
    for target in sorted({delivery.to for flow in flows for delivery in flow.deliver}):
        console.say(f"Delivered before: {target}. What is replaced there is right after the same; clean what grows.")


def _drop_copies(opened: "Project") -> None:
    """Let nothing of the person stay in what goes over several accounts."""
    if not opened.account:
        return
    from acflow.app.gathering import drop_copies

    over = opened.of("")
    gone, growing = drop_copies(over.settings, over.file)
    if gone:
        console.say(f"Dropped, and made anew by the next run over all accounts: {', '.join(gone)}.")
    if growing:
        console.say(f"Over all accounts, see whether rows may stay in {', '.join(growing)}: runs only add to them.")


def _agreed(rows: Mapping[str, int], contact: str, *, yes: bool) -> bool:
    if yes:
        return True
    console.say(f"Rows about {contact}, or that name this contact:")
    for name, count in rows.items():
        console.say(f"  {name}: {count:,}")
    if not sys.stdin.isatty():
        raise ConfigError("There is no terminal to ask on, so nothing was erased. Give --yes if that is what you want.")
    return typer.confirm("Erase them for good?", err=True)
