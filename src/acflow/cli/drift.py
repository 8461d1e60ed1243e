"""`acflow drift`: the fields that came, went or changed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import ENTITY_HELP, JsonOption, complete_entity
from acflow.cli.runs import instant, open_ledger
from acflow.entities import entity

if TYPE_CHECKING:
    from acflow.app.drift import FieldStory, Moment

EXAMPLES = ("acflow drift", "acflow drift contacts --all", "acflow drift --json")


def drift(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ENTITY", help=ENTITY_HELP, autocompletion=complete_entity),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Tell of the fields too that are as they were.")] = False,
    json: JsonOption = False,
) -> None:
    """Tell which fields the account began to send, sends no more, or sends otherwise.

    What came with an entity's first run is no drift, unless acflow does not declare it.
    """
    from acflow.app.drift import stories

    only = None if name is None else entity(name).name
    found = stories(open_ledger(project.settings()).all_certificates())
    known = [story for story in found if only in {None, story.entity}]
    shown = [story for story in known if everything or story.drifted]
    if json:
        stdout.write_json([_as_json(story) for story in shown])
    elif shown:
        from acflow.cli import rows
        from acflow.cli.options import Format

        rows.one_table(rows.objects([_as_row(story) for story in shown]), Format.TABLE)
    else:
        console.say(f"No field has changed in any run, of {len(known):,} that are known. `--all` tells them.")


def _as_json(story: "FieldStory") -> dict[str, Any]:
    moments = {
        word: moment and {"run": moment.run, "at": instant(moment.at)}
        for word in ("first_seen", "last_seen", "gone", "back", "retyped")
        for moment in (getattr(story, word),)
    }
    return story.as_dict() | moments


def _as_row(story: "FieldStory") -> dict[str, str | None]:
    return {
        "entity": story.entity,
        "field": story.field,
        "kinds": ", ".join(story.kinds),
        "first_seen": instant(story.first_seen.at),
        "last_seen": instant(story.last_seen.at),
        "gone": _since(story.gone),
        "back": _since(story.back),
        "retyped": _since(story.retyped),
        "kinds_before": ", ".join(story.kinds_before) if story.kinds_before else None,
    }


def _since(moment: "Moment | None") -> str | None:
    return instant(moment.at) if moment else None
