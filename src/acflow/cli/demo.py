"""`acflow demo`: the whole job on an imitated account."""

import os
import shlex
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acflow.cli import certificates, console, report, run, stdout
from acflow.cli.options import Format
from acflow.cli.sandbox import require_sandbox
from acflow.entities import ALL, HELPERS
from acflow.entities.choice import by_default

if TYPE_CHECKING:
    from acflow.app.model import RunRequest
    from acflow.app.project import Project

EXAMPLES = ("acflow demo", "acflow demo --world hostile --folder odd")
LOOKS = (
    (
        "Newest campaigns, with the share of receivers who opened and clicked",
        """
        select name, cast(sdate as date) as sent, send_amt as receivers,
          round(100.0 * uniqueopens / nullif(send_amt, 0), 1) as "opened %",
          round(100.0 * uniquelinkclicks / nullif(send_amt, 0), 1) as "clicked %"
        from campaigns where status_label = 'completed' and send_amt > 0 order by sdate desc, id limit 6
        """,
    ),
    (
        "Deals by status and currency, in whole units of it",
        """
        select status_label as status, currency, count(*) as deals, cast(sum(amount) as decimal(18, 2)) as amount
        from deals where not coalesce(isDisabled, false) group by all order by all
        """,
    ),
)


class World(StrEnum):
    """The worlds of the sandbox, named here too since help must come without it; a test compares them."""

    SMALL = "small"
    LARGE = "large"
    HOSTILE = "hostile"
    EMPTY = "empty"


def demo(
    world: Annotated[World, typer.Option(help="Which made-up account.")] = World.SMALL,
    folder: Annotated[Path, typer.Option(help="Where the warehouse is made.")] = Path("demo"),
) -> None:
    """Read a made-up account and look at the result.

    No account and no key are needed: the sandbox on this machine serves one, and nothing leaves it.
    """
    require_sandbox()
    from acflow.app.project import Project
    from activecampaign_sandbox import make_world, running

    with running(make_world(world.value)) as account:
        console.hide(account.key)
        # Nothing of the environment: the demo is the same wherever it is started.
        opened = Project.open(folder, env={}, url=account.url, key=account.key, pace=0)
        console.say(f"An imitated account ({world.value}) answers at {account.url}; reading all of it …")
        done = run.execute(opened, _wanted(opened), quiet=False)
    certificates.tell(done, opened.settings, quiet=False)
    if any(certificate.landed for certificate in done.certificates):
        look(opened)
        report.write_report(opened, folder / "report.html", title=f"An imitated account ({world.value})")
        console.say(_what_next(folder))
    raise typer.Exit(done.exit_code)


def _wanted(opened: "Project") -> "RunRequest":
    """Return a run that reads what is read by default, and what the report's figures need beside it."""
    from acflow.app.model import RunOptions, RunRequest
    from acflow.reports import Role
    from acflow.reports.document.build import tables_for

    needed = tables_for(list(Role))
    wanted = by_default(opened.settings.custom_fields)
    return RunRequest(
        tuple(known.name for known in ALL if known in wanted or known.name in needed),
        entities_alone=True,
        optional=frozenset(helper.name for helper in HELPERS),
        options=RunOptions(accept_shrink=frozenset({run.EVERYTHING})),
    )


def look(opened: "Project") -> None:
    """Print what there is to see."""
    from acflow.app import data
    from acflow.cli import rows

    counted = [{"table": table.name, "rows": table.rows, "columns": table.columns} for table in data.tables(opened)]
    _heading("Tables")
    rows.one_table(rows.objects(counted), Format.TABLE)
    for question, sql in LOOKS:
        answer = opened.reader().query(sql)
        if answer.num_rows:
            _heading(question)
            rows.one_table(answer, Format.TABLE)


def _heading(text: str) -> None:
    stdout.write(f"\n{text}\n")


def _what_next(folder: Path) -> str:
    named = "acflow" if shutil.which("acflow") else os.path.relpath(Path(sys.executable).with_name("acflow"), folder)
    command = shlex.quote(named)
    return f"""
Open {folder / "report.html"} in a browser: figures for marketing, sales and RevOps.
Or look at all of it in the web page: cd {shlex.quote(str(folder))}, then {command} serve
The tables are in {folder / "acflow.duckdb"}, schema activecampaign. Look around:
  cd {shlex.quote(str(folder))}
  {command} show contacts
  {command} query "from campaigns select status_label, count(*) group by all"
  {command} fields deals
  {command} runs show
With an account of your own: acflow init, in a folder of its own."""
