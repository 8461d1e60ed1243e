"""The command: what it serves, prints and refuses. And that it needs nobody else's code."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import httpx2
import pytest

from activecampaign_sandbox import Fault, __version__, read_faults
from activecampaign_sandbox.cli import EXAMPLES

COMMAND = (sys.executable, "-W", "error", "-m", "activecampaign_sandbox")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_it_serves_until_it_is_told_to_end() -> None:
    """What it prints can be evaluated by a shell, and names an account that answers, here and now as it was told."""
    size = ("--contacts", "100", "--deals", "20", "--port", "0", "--days", "2", "--offset", "+10:30")
    served = subprocess.Popen([*COMMAND, *size], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        assert served.stdout
        said = dict(served.stdout.readline().strip().removeprefix("export ").split("=", 1) for _ in range(2))
        answer = httpx2.get(
            f"{said['ACTIVECAMPAIGN_URL']}/api/3/contacts",
            headers={"Api-Token": said["ACTIVECAMPAIGN_KEY"]},
            trust_env=False,
        )
        served.terminate()
        _, err = served.communicate(timeout=60)
    finally:
        served.kill()
    assert answer.headers["Date"].startswith("Sun, 01 Nov 2026 17:")
    assert {row["cdate"][19:] for row in answer.json()["contacts"]} == {"+10:30"}
    assert "Traceback" not in err


def test_help_shows_how_it_is_called() -> None:
    """With every example in full."""
    said = command("--help")
    assert said.returncode == 0
    assert [f"activecampaign-sandbox {example}".rstrip() in said.stdout for example in EXAMPLES] == [True] * len(
        EXAMPLES
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--offset", "Adelaide"], "+10:30"),
        (["--faults", "earthquake"], "--faults earthquake"),
        (["--port", "65536"], "from 0 to 65535"),
        (["--latency", "nan"], "0 or more"),
        (["--contacts", "many"], "invalid number value: 'many'"),
        (["--world", "flat"], "small"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_what_cannot_be_served_is_refused(arguments: list[str], reason: str) -> None:
    """Before it listens, with what would be right, and nothing on stdout that a shell would evaluate."""
    said = command(*arguments)
    assert (said.returncode, said.stdout) == (2, "")
    assert reason in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_that_is_taken_is_named() -> None:
    """With the way out."""
    with subprocess.Popen(
        [*COMMAND, "--world", "empty", "--port", "0"], stdout=subprocess.PIPE, encoding="utf-8"
    ) as first:
        try:
            assert first.stdout
            port = first.stdout.readline().strip().rpartition(":")[2]
            said = command("--world", "empty", "--port", port)
        finally:
            first.kill()
    assert (said.returncode, said.stdout) == (2, "")
    assert f"port {port} of 127.0.0.1" in said.stderr


def test_faults_are_read_from_words_and_files(tmp_path: Path) -> None:
    """The same trouble can be written both ways."""
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"kind": "rate-limited", "at": 3, "count": None, "path": "deals"}]), encoding="utf-8")
    wanted = [Fault("rate-limited", at=3, count=None, path="deals")]
    assert read_faults(["rate-limited:at=3,count=none,path=deals"]) == read_faults([str(file)]) == wanted


@pytest.mark.parametrize("spec", ["earthquake", "slow:hours=3", "chaos", "slow:at"])
def test_trouble_that_is_not_known_is_refused(spec: str) -> None:
    """A test of nothing would look like a success."""
    with pytest.raises(ValueError, match="faults"):
        read_faults([spec])


def test_version_is_the_same_everywhere() -> None:
    """Code, metadata and command name one version."""
    assert command("--version").stdout == f"activecampaign-sandbox {__version__}\n"
    assert version("activecampaign-sandbox") == __version__
