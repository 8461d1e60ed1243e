"""`acflow query`: a question in SQL."""

from typing import Annotated

import typer

from acflow.cli import project
from acflow.cli.options import AccountOption, Format, FormatOption, JsonOption, WarehouseOption, form

EXAMPLES = (
    "acflow query 'select count(*) from contacts'",
    "acflow query 'select stage, sum(amount) from deals group by all' --format csv",
    "acflow query - < question.sql",
)


def query(  # noqa: PLR0913, PLR0917 - each is an option
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One statement that reads; - takes it from stdin.")],
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    json: JsonOption = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="After so many seconds it is stopped.")] = 300.0,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask the warehouse a question in SQL.

    Nothing can be changed by it: it is a SELECT or VALUES, or EXPLAIN before one. Tables go by their plain names.
    Instants are in UTC.
    """
    from acflow.app.data import query as ask
    from acflow.cli import rows

    statement = typer.get_text_stream("stdin").read() if sql == "-" else sql
    with ask(project.here(over="roll-ups", account=account, warehouse=warehouse), statement, seconds=seconds) as answer:
        rows.write(answer.schema, answer.batches, form(format, json=json))
