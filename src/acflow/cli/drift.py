"""`acflow drift`: the fields that came, went or changed."""

from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import ENTITY_HELP, AccountOption, Format, JsonOption, complete_entity

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
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Tell which fields the account began to send, sends no more, or sends otherwise.

    What came with an entity's first run is no drift, unless acflow does not declare it.
    """
    from acflow.app.drift import drift as stories_of

    known = stories_of(project.here(account=account), name)
    shown = [story for story in known if everything or story.drifted]
    if json:
        stdout.write_json([story.as_dict() for story in shown])
    elif shown:
        from acflow.cli import rows

        rows.one_table(rows.objects([_as_row(story) for story in shown]), Format.TABLE)
    else:
        console.say(f"No field has changed in any run, of {len(known):,} that are known. `--all` tells them.")


def _as_row(story: "FieldStory") -> dict[str, str | None]:
    return {
        "entity": story.entity,
        "field": story.field,
        "kinds": ", ".join(story.kinds),
        "first_seen": _at(story.first_seen),
        "last_seen": _at(story.last_seen),
        "gone": _at(story.gone),
        "back": _at(story.back),
        "retyped": _at(story.retyped),
        "kinds_before": ", ".join(story.kinds_before) if story.kinds_before else None,
    }


def _at(moment: "Moment | None") -> str | None:
    from acflow.app.instants import as_text

    return as_text(moment.at) if moment else None
