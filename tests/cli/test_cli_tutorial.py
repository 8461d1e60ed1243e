"""The tutorial, done step by step as its reader would do it."""

import re
import shlex
from pathlib import Path

from activecampaign_sandbox import make_world, running
from tests.cli.cli_harness import acflow, environment

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|yaml|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8080"


def test_every_step_does_what_the_page_says(tmp_path: Path) -> None:
    """Each command ends well, and prints what the page shows below it."""
    folder, printed = tmp_path, ""
    with running(make_world("small")) as account:
        for kind, block in BLOCKS:
            if kind == "yaml":
                with (folder / "acflow.yaml").open("a", encoding="utf-8") as file:
                    file.write(f"\n{block}")
            elif kind == "text":
                assert printed.rstrip("\n") == block.rstrip("\n")
            for line in block.splitlines() if kind == "sh" else ():
                command, *arguments = shlex.split(line.replace(ADDRESS, account.url))
                if command == "mkdir":
                    (folder / arguments[0]).mkdir()
                elif command == "cd":
                    folder /= arguments[0]
                else:
                    said = acflow(*arguments, folder=folder, env=environment(account))
                    assert said.code == 0, said.err
                    printed = said.out
    assert (folder / "out" / "call-list.xlsx").stat().st_size > 5000
    assert (folder / "report.html").stat().st_size > 100_000
