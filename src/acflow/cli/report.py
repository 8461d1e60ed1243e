"""`acflow report`: the answers as one file to send to somebody."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import console, project
from acflow.cli.options import AccountOption, WarehouseOption
from acflow.cli.reports import AsOf, BasisOption, Into, Rates, Zone, options_for
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.reports import Options
    from acflow.reports.document.model import Document

EXAMPLES = (
    "acflow report",
    "acflow report sales --out sales.pdf",
    "acflow report --out report.png",
    "acflow report marketing --basis sends --zone Europe/Berlin",
    "acflow report --figure pipeline --out pipeline.svg",
)
DOCUMENTS = (".html", ".pdf", ".png", ".svg")
CHARTS = (".svg", ".png", ".pdf", ".json")


class Audience(StrEnum):
    """For whom a report is."""

    ALL = "all"
    MARKETING = "marketing"
    SALES = "sales"
    REVOPS = "revops"


def report(  # noqa: PLR0913, PLR0917 - each is an option
    audience: Annotated[Audience, typer.Argument(metavar="ROLE", help="marketing, sales, revops or all.")] = (
        Audience.ALL
    ),
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File to write; its ending says how: .html, .pdf, .png or .svg.")
    ] = Path("report.html"),
    figure: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One figure alone instead of the report, also as Vega-Lite (.json)."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="Heading of the report; the account's address if not given.")
    ] = None,
    as_of: AsOf = None,
    basis: BasisOption = None,
    zone: Zone = None,
    rate: Rates = None,
    into: Into = None,
    account: AccountOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Make a report to send to somebody: figures, the numbers under them, and what they stand on.

    It is one file that needs no network. Nothing is read from the account: it speaks of what has landed.
    """
    opened = project.here(account=account, warehouse=warehouse)
    ending = _known_ending(out, CHARTS if figure else DOCUMENTS)
    options = options_for(opened, as_of, basis=basis, zone=zone, rates=rate, into=into)
    if figure:
        write_figure(opened, figure, out, ending, options)
    else:
        roles = () if audience is Audience.ALL else (audience.value,)
        write_report(opened, out, roles=roles, title=title, options=options)


def write_report(
    opened: "Project",
    out: Path,
    *,
    roles: Sequence[str] = (),
    title: str | None = None,
    options: "Options | None" = None,
) -> None:
    """Write a report of these roles, or of all, and say where it is."""
    from acflow.app.reports import document
    from acflow.reports import Role

    made = document(opened, [Role(role) for role in roles], title=title, options=options)
    _write(out, _writer(out.suffix.lower())(made))


def write_figure(opened: "Project", name: str, out: Path, ending: str, options: "Options") -> None:
    """Write one figure with its title and cautions; one of several currencies gets a file for each."""
    from acflow.app.reports import charts
    from acflow.reports.figures import draw

    drawn = charts(opened, name, options)
    if not drawn:
        raise ConfigError(f"There is nothing to draw for {name} yet. `acflow reports show {name}` says why.")
    for chart in drawn:
        place = out if len(drawn) == 1 else out.with_stem(f"{out.stem}-{chart.name}")
        _write(place, draw.WRITERS[ending](chart))


def _known_ending(out: Path, endings: Sequence[str]) -> str:
    ending = out.suffix.lower()
    if ending not in endings:
        raise ConfigError(f"A file that ends with {ending or 'nothing'} cannot be written. Use {', '.join(endings)}.")
    return ending


def _writer(ending: str) -> "Callable[[Document], bytes]":
    from acflow.reports.document import html, paper

    writers: Mapping[str, Callable[[Document], bytes]] = {
        ".html": html.html,
        ".pdf": paper.pdf,
        ".png": paper.png,
        ".svg": paper.svg,
    }
    return writers[ending]


def _write(out: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    from acflow.destinations.atomic_file import check_file, whole_file
    from acflow.destinations.model import Target

    target = Target(kind="file", to=str(out), folder=Path.cwd())
    check_file(target)
    with whole_file(target) as part:
        part.write_bytes(content)
    console.say(f"Wrote {out} ({max(1, len(content) // 1024):,} KB).")
