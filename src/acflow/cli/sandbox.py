"""`acflow sandbox`: an imitated account to try things on."""

from enum import StrEnum
from typing import Annotated

import typer

from acflow.cli import console
from acflow.errors import ConfigError

EXAMPLES = (
    "acflow sandbox",
    "acflow sandbox --world large --contacts 100000 --latency 0.2 --rate 5",
    "acflow sandbox --world empty --days 30",
    "acflow sandbox --faults rate-limited:at=10,count=3 --faults chaos:chance=0.02",
)


class World(StrEnum):
    """Which made-up account."""

    SMALL = "small"
    LARGE = "large"
    HOSTILE = "hostile"
    EMPTY = "empty"


WorldOption = Annotated[World, typer.Option(help="Which made-up account.")]


def sandbox(  # noqa: PLR0913, PLR0917 - each is an option
    world: WorldOption = World.SMALL,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8080,
    latency: Annotated[float, typer.Option(min=0, help="Seconds before each answer.")] = 0.0,
    jitter: Annotated[float, typer.Option(min=0, help="Up to so many seconds more.")] = 0.0,
    rate: Annotated[int | None, typer.Option(min=1, help="Requests per second that it allows; any by default.")] = None,
    seed: Annotated[int, typer.Option(help="What chance begins with; the same seed gives the same account.")] = 1,
    contacts: Annotated[int | None, typer.Option(min=0, help="How many contacts.")] = None,
    deals: Annotated[int | None, typer.Option(min=0, help="How many deals.")] = None,
    offset: Annotated[str, typer.Option(help="Offset of the account's times; as in US Central by default.")] = "",
    days: Annotated[int, typer.Option(min=0, help="How many days of the company's life have passed.")] = 0,
    faults: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|SPEC", help="What goes wrong: KIND:name=value,…, chaos:chance=…, or a JSON file."),
    ] = None,
) -> None:
    """Serve an imitation of the ActiveCampaign API until Ctrl-C.

    docs/sandbox.md tells what it imitates, and what it does not know.
    """
    from acflow.cli.faults import read_faults
    from acflow.sandbox import Behaviour, Life, make_world, serve

    script = read_faults(faults or [])
    behaviour = Behaviour(latency=latency, jitter=jitter, rate=rate, seed=seed)
    try:
        account = make_world(world.value, seed=seed, contacts=contacts, deals=deals, offset=offset)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    Life(account, seed).days(days)
    try:
        serve(account, host, port, behaviour, script, ready=_tell)
    except OSError as error:
        raise ConfigError(f"Port {port} of {host} cannot be used: {error.strerror}. Choose another --port.") from None
    except KeyboardInterrupt:
        pass
    console.say("The sandbox has ended.")


def _tell(url: str) -> None:
    from acflow.sandbox import KEY

    console.say("The sandbox listens; Ctrl-C ends it. For another terminal:")
    typer.echo(f"export ACTIVECAMPAIGN_URL={url}\nexport ACTIVECAMPAIGN_KEY={KEY}")
    console.say("Then: acflow check, acflow run --pace 0")
