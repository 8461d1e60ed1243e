"""`acflow documents`: what is sent on a schedule, and sending it now."""

from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption
from acflow.errors import OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acflow.app.documents import DocumentInfo

EXAMPLES = ("acflow documents", "acflow documents --send weekly_sales", "acflow documents --json")


def documents(
    send: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Send this document now; may be repeated.")
    ] = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """List the documents of acflow.yaml, or send them now.

    A document is a report or the rows of a flow, sent by e-mail, to a chat, to a folder or a bucket. `acflow serve`
    sends them on their schedules. One receiver that fails does not hold up the others; the exit code is 7 then.
    """
    from acflow.app.documents import list_documents, send_document

    opened = project.here(account=account)
    if not send:
        known = list_documents(opened)
        if json:
            stdout.write_json([info.as_dict() for info in known])
        else:
            _show(known)
        return
    results = [send_document(opened, name) for name in send]
    if json:
        stdout.write_json([result.as_dict() for result in results])
    for result in results:
        for sent in result.sent:
            became = f"did not reach {sent.receiver}: {sent.error}" if sent.error else f"went to {sent.receiver}"
            console.say(f"{result.name} {became.rstrip('.')}.")
    raise typer.Exit(max((result.exit_code for result in results), default=OK))


def _show(known: "Sequence[DocumentInfo]") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    if not known:
        console.say("There are no documents. docs/documents.md shows how to write some into acflow.yaml.")
        return
    shown = Table("document", "of", "format", "next", "to", "last sent", box=SIMPLE_HEAD, pad_edge=False)
    for info in known:
        following = f"{info.next_at:%Y-%m-%d %H:%M} UTC" if info.next_at else "by hand"
        last = f"{info.last_at:%Y-%m-%d %H:%M} UTC" if info.last_at else "never"
        shown.add_row(info.name, info.source, info.format, following, "\n".join(info.receivers), last)
    console.rich_console(stderr=False).print(shown)
    for info in known:
        for error in info.errors:
            console.say(f"{info.name}: {error.rstrip('.')}.")
