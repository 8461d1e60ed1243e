"""`acflow flows add`: a new flow in acflow.yaml, whose comments and order stay."""

import difflib
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from acflow.cli import console, project
from acflow.cli.options import ENTITY_NAMES
from acflow.entities import known_entities
from acflow.errors import ConfigError

SOURCES = ("entity", "from", "join", "append", "sql")
SOURCE_QUESTION = f"Where do its rows come from: {', '.join(SOURCES[:-1])} or {SOURCES[-1]}"
QUESTIONS = {"entity": f"Which entity ({ENTITY_NAMES})", "from": "Which flow", "sql": "One SELECT"}
NOTHING = "-"
EXAMPLES = (
    "acflow flows add",
    "acflow flows add open_deals --entity deals --where \"status_label = 'open'\" --to out/open.xlsx",
    "acflow flows add by_stage --from open_deals --group-by stage --metric 'deals=count(*)'",
    "acflow flows add with_people --left open_deals --right contacts --on contact=id",
)


def add(  # noqa: PLR0913, PLR0917 - each is a key of the file
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Name of the flow, which its table gets.")] = None,
    entity: Annotated[str | None, typer.Option(help=f"Rows of an entity: {ENTITY_NAMES}.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Rows of another flow.")] = None,
    left: Annotated[str | None, typer.Option(help="A join: flow or entity whose rows come first.")] = None,
    right: Annotated[str | None, typer.Option(help="A join: flow or entity that adds columns.")] = None,
    on: Annotated[list[str] | None, typer.Option(metavar="LEFT=RIGHT", help="A join: its key.")] = None,
    join: Annotated[str, typer.Option(metavar="TYPE", help="A join: left, inner, right, full or anti.")] = "left",
    append: Annotated[list[str] | None, typer.Option(help="Flows one below the other; twice or more.")] = None,
    sql: Annotated[str | None, typer.Option(help="One SELECT over flows and entities.")] = None,
    where: Annotated[str | None, typer.Option(help="Condition that rows must meet.")] = None,
    columns: Annotated[str | None, typer.Option(help="Columns to keep, with commas between.")] = None,
    formula: Annotated[list[str] | None, typer.Option(metavar="NAME=SQL", help="A new column.")] = None,
    group_by: Annotated[str | None, typer.Option(help="One row for each combination of these columns.")] = None,
    metric: Annotated[list[str] | None, typer.Option(metavar="NAME=SQL", help="An aggregate.")] = None,
    sort: Annotated[str | None, typer.Option(help="Columns to sort by; -amount is descending.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many rows.")] = None,
    mode: Annotated[str, typer.Option(help="replace, append or merge.")] = "replace",
    key: Annotated[str | None, typer.Option(help="Columns that tell rows apart, for merge.")] = None,
    schedule: Annotated[str | None, typer.Option(help="Cron line, or a time such as 1h or 1d.")] = None,
    to: Annotated[list[str] | None, typer.Option(help="Where the result goes besides the warehouse.")] = None,
) -> None:
    """Write a flow into acflow.yaml; what is not given and must be is asked for.

    The flow is checked first: with a mistake in it, the file stays as it is.
    """
    given: dict[str, Any] = {
        "entity": entity,
        "from": from_,
        "join": {"left": left, "right": right, "on": _pairs(on), "type": join} if left or right else None,
        "append": append,
        "sql": sql,
        "where": where,
        "columns": _list(columns),
        "formula": _pairs(formula),
        "group_by": _list(group_by),
        "metrics": _pairs(metric),
        "sort": _list(sort),
        "limit": limit,
        "mode": None if mode == "replace" else mode,
        "key": _list(key),
        "schedule": _schedule(schedule),
        "deliver": to,
    }
    flow = {word: value for word, value in given.items() if value}
    if name is None or not flow.keys() & set(SOURCES):
        _ask_until_right(name, flow)
    else:
        _write(name, flow)


def _write(name: str, flow: dict[str, Any]) -> None:
    from acflow.app.flows import added

    opened = project.here(over="yes")
    added(opened, name, flow).save()
    console.say(f"{name} is in {opened.flow_path}. Next: acflow flows preview {name}, then acflow run {name}.")


def _ask_until_right(name: str | None, flow: dict[str, Any]) -> None:
    """Ask for what is not given; what turns out to be wrong is asked again, with the answers at hand."""
    if not sys.stdin.isatty():
        raise ConfigError("There is no terminal to ask on. Give NAME and one of --entity, --from, --left, --sql.")
    answers: dict[str, str] = {}
    while True:
        try:
            _write(*_asked(name, dict(flow), answers))
        except ConfigError as error:
            console.say(f"{error}\nOnce more: Enter keeps an answer, {NOTHING} leaves it out, Ctrl-C ends.")
        else:
            return


def _asked(name: str | None, flow: dict[str, Any], answers: dict[str, str]) -> tuple[str, dict[str, Any]]:
    def ask(question: str, default: str | None = None) -> str:
        before = answers.get(question, default)
        answer: str = typer.prompt(question, default=before, show_default=bool(before), err=True).strip()
        answers[question] = "" if answer == NOTHING else answer
        return answers[question]

    named = name or ask("Name of the flow")
    source, rows_of = _source(ask)
    if rows_of:
        flow[source] = rows_of
    elif source == "join":
        left, right = ask("Left flow or entity"), ask("Right flow or entity")
        flow["join"] = {"left": left, "right": right, "on": _pairs([ask("Key, as left=right")])}
    elif source == "append":
        flow["append"] = _list(ask("Flows, with commas between"))
    else:
        flow[source] = ask(QUESTIONS[source])
    if "where" not in flow and (condition := ask("Condition for rows (Enter for all)", "")):
        flow["where"] = condition
    if "columns" not in flow and (columns := ask("Columns to keep, with commas between (Enter for all)", "")):
        flow["columns"] = _list(columns)
    if "deliver" not in flow and (to := ask("File or database that it goes to (Enter for none)", "")):
        flow["deliver"] = [to]
    if "schedule" not in flow and (when := ask("When it runs, as 1h, 1d or a cron line (Enter for by hand)", "")):
        flow["schedule"] = _schedule(when)
    return named, flow


def _source(ask: Callable[[str, str], str]) -> tuple[str, str | None]:
    """Ask where the rows come from; an entity or a flow may be named right there."""
    from acflow.app.flows import flow_names

    flow_list = flow_names(project.here(over="yes"))  # before the entities: the file may declare some
    entities = {entity.name.lower(): entity.name for entity in known_entities()}
    flows = {name.lower(): name for name in flow_list}
    while True:
        answer = ask(SOURCE_QUESTION, SOURCES[0])
        word = answer.lower()
        if word in SOURCES:
            return word, None
        if word in flows:
            return "from", flows[word]
        if word in entities:
            return "entity", entities[word]
        near = difflib.get_close_matches(word, [*SOURCES, *flows, *entities], n=1)
        guess = f" Did you mean {near[0]}?" if near else " The name of an entity or of a flow will do, too."
        console.say(f"{answer!r} is none of these.{guess}")


def _list(text: str | None) -> list[str] | None:
    return [part.strip() for part in text.split(",") if part.strip()] if text else None


def _pairs(texts: list[str] | None) -> dict[str, str] | None:
    """Return `name=expression` texts as a mapping; a name alone stands for itself."""
    parted = [text.partition("=") for text in texts or []]
    return {name.strip(): (value or name).strip() for name, _, value in parted} or None


def _schedule(text: str | None) -> str | dict[str, str] | None:
    return {"every": text} if text and " " not in text.strip() else text
