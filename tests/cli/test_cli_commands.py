"""The command line itself: what it refuses, what it costs to start, how it prints."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import httpx2
import pytest

from acflow import __version__
from acflow.app import files
from acflow.cli import console
from acflow.cli.app import COMMANDS
from activecampaign_sandbox import KEY, WORLDS
from tests.cli.cli_harness import COMMAND, acflow, environment

GOLDEN = Path(__file__).parent.parent / "golden"
HEAVY = {"dlt", "duckdb", "pyarrow", "httpx2", "sqlalchemy", "starlette", "uvicorn", "pydantic", "rich", "sqlglot"}
TINY = """
create schema activecampaign;
create table activecampaign.tiny as select * from (values
  (1, 'Ada', 12.5000::decimal(28, 4), timestamptz '2026-03-01 09:30:00+02', timestamp '2026-03-01 09:30:00.25',
    date '2026-03-01', true, '{"a": 1}'::json, 0.000000001::decimal(28, 12), [1, null], 1.5::double),
  (2, 'says "hi", twice' || chr(10) || 'Zoë', -0.0100::decimal(28, 4), timestamptz '1969-12-31 23:59:59.999999+00',
    timestamp '0001-01-01 00:00:00', date '9999-12-31', false, null, 0::decimal(28, 12), [], 1e300),
  (3, '', null, null, null, null, null, null, null, null, null)
) t(id, "firstName", amount, moment, local_at, day, flag, extra, small, list, number);
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose warehouse holds one tiny table with a value of every sort."""
    folder = tmp_path_factory.mktemp("tiny")
    with duckdb.connect(str(folder / "acflow.duckdb")) as connection:
        connection.execute("set TimeZone = 'Asia/Kolkata'")
        connection.execute(TINY)
    return folder


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_are_printed_the_same_to_the_byte(tiny: Path, form: str) -> None:
    """Scripts read this: nulls, instants, decimals and quotes must never change their looks."""
    said = acflow("show", "tiny", "--format", form, folder=tiny, env=environment(TZ="America/Chicago"))
    assert (said.code, said.err) == (0, "")
    assert said.out == (GOLDEN / f"tiny.{form}").read_text(encoding="utf-8")


def test_json_is_another_word_for_its_format(tiny: Path) -> None:
    """Every command that has data takes --json."""
    asked = ("query", "from tiny order by id")
    assert acflow(*asked, "--json", folder=tiny).out == (GOLDEN / "tiny.json").read_text(encoding="utf-8")


def test_a_made_up_command_is_refused(tmp_path: Path) -> None:
    """It names what was probably meant, and does nothing."""
    said = acflow("rnu", folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "'run'" in said.err


def test_no_arguments_is_help(tmp_path: Path) -> None:
    """Whoever types the bare name learns what there is."""
    bare, asked = acflow(folder=tmp_path), acflow("--help", folder=tmp_path)
    assert (bare.code, bare.out) == (0, asked.out)
    assert all(f"  {command.__name__} " in bare.out for command, _ in COMMANDS)


def test_version(tmp_path: Path) -> None:
    """The first question of every report of a fault."""
    assert acflow("--version", folder=tmp_path).out == f"acflow {__version__}\n"


def test_starting_loads_nothing_heavy() -> None:
    """Help and completion must not pay for what only a command needs."""
    asked = (
        "import sys, json, acflow.cli.app; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout
    assert set(json.loads(loaded)) & HEAVY == set()


def test_without_an_account_the_next_step_is_told(tmp_path: Path) -> None:
    """A command that needs the account says how to name it, and leaves nothing behind."""
    said = acflow("run", folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "acflow init" in said.err
    assert list(tmp_path.iterdir()) == []


def test_demo_ends_with_something_to_look_at(tmp_path: Path) -> None:
    """Without account or key there are tables at the end, and they can be asked."""
    said = acflow("demo", folder=tmp_path, env=environment(PATH=os.defpath))
    assert said.code == 0, said.err
    assert KEY not in said.out + said.err
    listed = dict(line.split()[:2] for line in said.out.splitlines() if line.startswith(("contacts ", "deals ")))
    counted = acflow(
        "query",
        "select (select count(*) from contacts) c, (select count(*) from deals) d",
        "--json",
        folder=tmp_path / "demo",
    )
    assert json.loads(counted.out) == [{"c": int(listed["contacts"]), "d": int(listed["deals"])}]
    steps = re.search(r"^  cd demo\n((?:  .+\n)+)", said.err, re.MULTILINE)
    assert steps
    for step in steps[1].splitlines():  # as a shell would carry them out that does not know the command by its name
        subprocess.run(shlex.split(step), cwd=tmp_path / "demo", env=environment(), capture_output=True, check=True)


def test_the_sandbox_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    """What it prints can be evaluated by a shell, and names an account that answers, here and now as it was told."""
    command = subprocess.Popen(
        [*COMMAND, "sandbox", "--contacts", "100", "--deals", "20", "--port", "0", "--days", "2", "--offset", "+10:30"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert command.stdout
        said = dict(command.stdout.readline().strip().removeprefix("export ").split("=", 1) for _ in range(2))
        answer = httpx2.get(
            f"{said['ACTIVECAMPAIGN_URL']}/api/3/contacts",
            headers={"Api-Token": said["ACTIVECAMPAIGN_KEY"]},
            trust_env=False,
        )
        command.terminate()
        _, err = command.communicate(timeout=60)
    finally:
        command.kill()
    assert answer.headers["Date"].startswith("Sun, 01 Nov 2026 17:")
    assert {row["cdate"][19:] for row in answer.json()["contacts"]} == {"+10:30"}
    assert "Traceback" not in err


def test_the_sandbox_takes_its_own_options(tmp_path: Path) -> None:
    """They are handed over as they were written, and answered under the name of this command."""
    asked, refused = (
        acflow("sandbox", "--help", folder=tmp_path),
        acflow("sandbox", "--offset", "Adelaide", folder=tmp_path),
    )
    assert (asked.code, asked.out.split()[:3]) == (0, ["usage:", "acflow", "sandbox"])
    assert (refused.code, refused.out) == (2, "")
    assert "+10:30" in refused.err


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_without_the_sandbox_its_commands_say_what_to_install(command: str, tmp_path: Path) -> None:
    """It comes with an extra, so help must work without it and the commands must not end in a traceback."""
    absent = "import sys; sys.modules['activecampaign_sandbox'] = None; from acflow.cli import main; main()"
    asked = [[sys.executable, "-c", absent, word] for word in (command, "--help")]
    said, help_ = (
        subprocess.run(one, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", check=False)
        for one in asked
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert "pip install 'acflow[demo]'" in said.stderr
    assert "Traceback" not in said.stderr
    assert (help_.returncode, f"  {command} " in help_.stdout) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_every_world_can_be_chosen() -> None:
    """The option's choice is the sandbox's own."""
    from acflow.cli.demo import World

    assert [world.value for world in World] == list(WORLDS)


def test_talk_neither_tells_secrets_nor_steers_the_terminal() -> None:
    """A key is blotted out in any spelling, and texts of strangers lose their escape codes."""
    console.hide('s3cr"t/key')
    assert console.redact('a s3cr"t/key b s3cr%22t%2Fkey c s3cr\\"t/key') == "a *** b *** c ***"
    assert console.printable("a\x1b[31mb\tc\nd\u202ee") == "a [31mb c\nd e"


@pytest.mark.parametrize("value", ["plain-key_1", "a b", "it's", 'say "x"', "back\\slash", "#hash", "a=b", "$HOME"])
def test_env_values_are_read_back_as_written(tmp_path: Path, value: str) -> None:
    """What a key may hold survives the file."""
    from dotenv import dotenv_values

    files.keep_in_env(tmp_path / ".env", {"NAME": value})
    assert dotenv_values(tmp_path / ".env") == {"NAME": value}
