"""The command `activecampaign-sandbox`: serve an imitated account until Ctrl-C."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from activecampaign_sandbox import __version__
from activecampaign_sandbox.behaviour import KEY, Behaviour
from activecampaign_sandbox.life import Life
from activecampaign_sandbox.make import WORLDS, make_world
from activecampaign_sandbox.server import serve
from activecampaign_sandbox.specs import read_faults

T = TypeVar("T", int, float)
NAME = "activecampaign-sandbox"
OK, REFUSED = 0, 2
HIGHEST_PORT = 65535
EXAMPLES = (
    "",
    "--world large --contacts 100000 --latency 0.2 --rate 5",
    "--world empty --days 30",
    "--faults rate-limited:at=10,count=3 --faults chaos:chance=0.02",
)


def main(arguments: Sequence[str] | None = None, *, prog: str = NAME, hint: str = "") -> int:
    """Serve what the arguments ask for and return the exit code.

    A program that offers this as a command of its own gives its name for it, and a hint at what can be done next.
    Wrong arguments end in SystemExit, as argparse has it.
    """
    wish = command_parser(prog).parse_args(arguments)
    try:
        faults = read_faults(wish.faults)
        world = make_world(wish.world, seed=wish.seed, contacts=wish.contacts, deals=wish.deals, offset=wish.offset)
    except ValueError as error:
        return _refuse(prog, str(error))
    Life(world, wish.seed).days(wish.days)
    behaviour = Behaviour(latency=wish.latency, jitter=wish.jitter, rate=wish.rate, seed=wish.seed)
    try:
        serve(world, wish.host, wish.port, behaviour, faults, ready=lambda url: _tell(url, hint))
    except OSError as error:
        reason = error.strerror or error
        return _refuse(prog, f"port {wish.port} of {wish.host} cannot be used: {reason}. Choose another --port.")
    except KeyboardInterrupt:
        pass
    _say("The sandbox has ended.")
    return OK


def command_parser(prog: str = NAME) -> argparse.ArgumentParser:
    """Return what understands the command's arguments, and holds its help."""
    examples = "\n".join(f"  {prog} {example}".rstrip() for example in EXAMPLES)
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve an imitation of the ActiveCampaign API on this machine until Ctrl-C.",
        epilog=f"Examples:\n{examples}\n\nMANUAL.md tells what is imitated, and what nobody knows.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add, whole, share = parser.add_argument, _number(int, 0), _number(float, 0)
    add("--version", action="version", version=f"{NAME} {__version__}")
    add("--world", choices=WORLDS, default="small", help="which made-up account (default: small)")
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=_number(int, 0, HIGHEST_PORT), default=8080, help="0 takes a free one (default: 8080)")
    add("--latency", type=share, default=0.0, metavar="SECONDS", help="before each answer")
    add("--jitter", type=share, default=0.0, metavar="SECONDS", help="up to so many more, drawn from the seed")
    add("--rate", type=_number(int, 1), metavar="N", help="requests per second that it allows; any by default")
    add("--seed", type=int, default=1, metavar="N", help="the same seed gives the same account (default: 1)")
    add("--contacts", type=whole, metavar="N", help="how many contacts")
    add("--deals", type=whole, metavar="N", help="how many deals")
    add("--offset", default="", help="offset of the account's times, such as +10:30; as in US Central by default")
    add("--days", type=whole, default=0, metavar="N", help="how many days of the company's life have passed")
    add(
        "--faults",
        action="append",
        default=[],
        metavar="FILE|SPEC",
        help="what goes wrong: KIND:name=value,…, chaos:chance=…, or a JSON file; may be given again",
    )
    return parser


def _number(kind: type[T], lowest: int, highest: int | None = None) -> Callable[[str], T]:
    def number(text: str) -> T:
        value = kind(text)
        if not (value >= lowest and (highest is None or value <= highest)):  # this way NaN is refused too
            raise argparse.ArgumentTypeError(f"{text} is not {_range(lowest, highest)}")
        return value

    return number


def _range(lowest: int, highest: int | None) -> str:
    return f"{lowest} or more" if highest is None else f"from {lowest} to {highest}"


def _tell(url: str, hint: str) -> None:
    _say("The sandbox listens; Ctrl-C ends it. For another terminal:")
    print(f"export ACTIVECAMPAIGN_URL={url}\nexport ACTIVECAMPAIGN_KEY={KEY}", flush=True)  # noqa: T201 - its answer
    if hint:
        _say(hint)


def _refuse(prog: str, why: str) -> int:
    _say(f"{prog}: {why}")
    return REFUSED


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - stdout is for the lines that a shell evaluates
