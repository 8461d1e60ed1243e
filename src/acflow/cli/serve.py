"""`acflow serve`: flows that run by themselves."""

import os
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, made_up, project, stdout
from acflow.cli.options import AccountOption, command_help, complete_flow
from acflow.errors import INTERRUPTED, OK, ConfigError
from acflow.flows.problems import FlowFileError, suggest

if TYPE_CHECKING:
    from acflow.app.project import Project

USER_EXAMPLES = ("acflow serve user ann --role edit", "acflow serve user ann --remove")
HOOK_EXAMPLES = ("acflow serve hook open_deals", "acflow serve hook open_deals --revoke")
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    **command_help(
        "Run the flows of acflow.yaml on their schedules, until Ctrl-C.\n\n"
        "The file is read again when it changes. docs/operating.md tells of webhooks, and of other schedulers.",
        ("acflow serve", "acflow serve --port 8400", HOOK_EXAMPLES[0]),
    ),
)

HostOption = Annotated[str, typer.Option(help="Address to listen on; others than this machine's need a token.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


BrowserOption = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the page in a browser, if this is a terminal.")
]


@app.callback()
def serve(
    context: typer.Context,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8321,
    browser: BrowserOption = True,
    account: AccountOption = None,
) -> None:
    if context.invoked_subcommand is not None:
        return
    project.quiet()
    from acflow.app.outgoing import Sender
    from acflow.app.people import list_people
    from acflow.web.access import Access
    from acflow.web.app import serve as serve_until_stopped
    from acflow.web.service import Service, ServiceDependencies
    from acflow.web.site import Site

    here = project.here(lenient=True, over="yes", account=account)
    if here.is_over_accounts:
        raise typer.Exit(_serve_accounts(here, host, port, browser=browser))
    made_up.serve_again(here)
    sender = Sender(console.say)
    if here.mistakes:
        console.say(
            f"{FlowFileError(here.mistakes)}\nThe pages are served all the same; nothing runs before it is mended."
        )
    service = Service(
        ServiceDependencies(partial(_load, account), here.files, console.say, sender.put),
        here if here.mistakes else None,
    )
    token = service.project.settings.serve_token.get_secret_value()
    console.hide(token)
    ended = serve_until_stopped(
        service,
        sender,
        host,
        port,
        access=Access(token, people=bool(list_people(_people_state(here)))),
        ready=lambda url: _tell(url, service.project, browser=browser),
        site=Site(service, here, made_up.maker(here)),
    )
    console.say("Ended." if ended else "Ended; what still went on was left. Every table is whole.")
    raise typer.Exit(OK if ended else INTERRUPTED)


def _serve_accounts(here: "Project", host: str, port: int, *, browser: bool) -> int:
    """Serve the pages of all accounts at one address, and run the flows of each on their schedules."""
    from acflow.app.child_run import run_in_child
    from acflow.app.outgoing import Sender
    from acflow.app.people import list_people
    from acflow.web.access import Access
    from acflow.web.accounts import Slots
    from acflow.web.app import serve_accounts
    from acflow.web.service import Service, ServiceDependencies
    from acflow.web.site import Site

    here.require_faultless()
    sender, slots, sites = Sender(console.say), Slots(2 * (os.cpu_count() or 1)), dict[str, Site]()

    def service(account: str) -> Service:
        said = partial(_say_of, account or "all accounts")
        runner = slots.bounding(run_in_child)
        return Service(ServiceDependencies(partial(_load, account), here.files, said, sender.put, runner=runner))

    for name in here.accounts:
        sites[name] = Site(service(name), here.of(name), accounts=tuple(here.accounts), slots=slots)
    token = here.settings.serve_token.get_secret_value()
    console.hide(token)
    ended = serve_accounts(
        sites,
        service(""),
        sender,
        host,
        port,
        access=Access(token, people=bool(list_people(here.state))),
        ready=lambda url: _tell(url, here.of(next(iter(sites))), browser=browser),
    )
    console.say("Ended." if ended else "Ended; what still went on was left. Every table is whole.")
    return OK if ended else INTERRUPTED


def _say_of(account: str, text: str) -> None:
    console.say(f"{account}: {text}")


def _people_state(served: "Project") -> Path:
    """Return where people are kept: they are the project's, whichever account they look at."""
    return served.of("").settings.state if served.account else served.state


def _load(account: str | None) -> "Project":
    opened = project.here(over="yes", account=account)
    opened.file  # noqa: B018 - a file with mistakes is refused here and not at the next run
    return opened


def _tell(url: str, served: "Project", *, browser: bool) -> None:
    scheduled = [name for name, flow in served.file.flows.items() if flow.schedule]
    console.say(f"Serving {url}; Ctrl-C ends it. {len(scheduled)} of {len(served.file.flows)} flows have a schedule.")
    if browser and sys.stderr.isatty():
        webbrowser.open(url)


@app.command(
    **command_help(
        "Make the secret address that starts a flow.\n\n"
        "A POST to it starts the flow. It is shown this once, and takes the place of the one before.",
        HOOK_EXAMPLES,
    )
)
def hook(
    name: Annotated[
        str, typer.Argument(metavar="FLOW", help="Flow that the address starts.", autocompletion=complete_flow)
    ],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the address away instead.")] = False,
    account: AccountOption = None,
) -> None:
    from acflow.web.hooks import make_hook, revoke_hook

    opened = project.here(account=account)
    state, flows = opened.state, opened.flow_file.flows
    if revoke:
        had = revoke_hook(state, name)
        console.say(f"The address of `{name}` starts nothing any more." if had else f"`{name}` had no address.")
        return
    if name not in flows:
        raise ConfigError(f"There is no flow `{name}`. {suggest(name, flows, 'flows')}".strip())
    chosen = f"?_account={opened.account}" if opened.account else ""
    stdout.write(f"/hooks/{make_hook(state, name)}{chosen}")
    console.say(f"A POST to this path of `acflow serve` starts `{name}`. Keep it: it is not shown again.")


@app.command(
    **command_help(
        "Add somebody who logs in to the pages, or give them another password.\n\n"
        "Once there is anybody, everybody has to log in, and --host may name an address that others can reach.",
        USER_EXAMPLES,
    )
)
def user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who logs in.")],
    role: Annotated[str, typer.Option(help="view may look, edit may also change and run.")] = "view",
    remove: Annotated[bool, typer.Option("--remove", help="Take them away instead.")] = False,
) -> None:
    from acflow.app.people import remove_person, set_person

    state = _people_state(project.here(over="yes"))
    if remove:
        was_there = remove_person(state, name)
        console.say(f"{name} cannot log in any more." if was_there else f"There was no {name}.")
        return
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    set_person(state, name, password, role)
    console.say(f"{name} can log in, and may {role}.")
