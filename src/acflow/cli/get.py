"""`acflow get`: what the API says, untouched."""

import io
from typing import Annotated

import typer

from acflow.cli import project, stdout
from acflow.cli.options import AccountOption

EXAMPLES = (
    "acflow get contacts/7",
    "acflow get deals --param limit=5 --param 'orders[cdate]=DESC'",
    "acflow get /api/3/users/me",
)


def get(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Path below /api/3/.")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Query parameter; repeatable.")
    ] = None,
    account: AccountOption = None,
) -> None:
    """Print one answer of the API as it came.

    For the day when a record looks wrong.
    """
    from acflow.app.account import raw_answer

    stdout.copy(io.BytesIO(raw_answer(project.here(account=account), path, param or [])))
