"""Settings, files and streams as nobody would wish them; each is told with the next step, and no secret is told."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from activecampaign_sandbox import Running, make_world, running
from tests.cli.cli_harness import COMMAND, acflow, environment

SECRET = "not-for-anyone-9f3"  # noqa: S105 - it opens nothing
ADDRESS = {"ACTIVECAMPAIGN_URL": "https://name.api-us1.com", "ACTIVECAMPAIGN_KEY": SECRET}


@pytest.fixture(scope="module")
def account() -> Iterator[Running]:
    """Yield an account that is read in a moment."""
    with running(make_world("small", contacts=5, deals=3)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"HTTPS_PROXY": "ftp://proxy.example.org"}, "HTTPS_PROXY"),
        ({"SSL_CERT_FILE": "nowhere.pem"}, "SSL_CERT_FILE"),
        ({"ACFLOW_PACE": "fast"}, "ACFLOW_PACE"),
    ],
)
def test_what_the_environment_gets_wrong_is_named(given: dict[str, str], told: str, tmp_path: Path) -> None:
    """The library's own error would not say which setting it was."""
    said = acflow("check", folder=tmp_path, env=environment(None, **ADDRESS, **given))
    assert (said.code, told in said.err, "unexpected" in said.err) == (2, True, False)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Some editors still save UTF-16."""
    (tmp_path / ".env").write_bytes("ACTIVECAMPAIGN_KEY=x".encode("utf-16"))
    said = acflow("check", folder=tmp_path)
    assert (said.code, ".env is not written in UTF-8" in said.err) == (2, True)


def test_a_damaged_record_of_runs_is_told_and_left_alone(tmp_path: Path) -> None:
    """Which file, and what is lost if it goes."""
    damaged = tmp_path / ".acflow" / "ledger.sqlite"
    damaged.parent.mkdir()
    damaged.write_bytes(b"no database at all" * 100)
    said = acflow("runs", folder=tmp_path)
    assert (said.code, "ledger.sqlite" in said.err, "move it away" in said.err) == (1, True, True)
    assert damaged.read_bytes() == b"no database at all" * 100


@pytest.mark.parametrize("words", [("get", "deals"), ("preview", "deals"), ("check",)])
def test_a_wrong_key_is_no_missing_right(account: Running, words: tuple[str, ...], tmp_path: Path) -> None:
    """The API says 403 to both; whoever looks at one record is told which it is, and what to set."""
    said = acflow(*words, folder=tmp_path, env=environment(account, ACTIVECAMPAIGN_KEY=SECRET))
    assert (said.code, "refused the key" in said.err, SECRET in said.err + said.out) == (2, True, False)


def test_address_and_key_in_each_others_place_are_not_repeated(tmp_path: Path) -> None:
    """A mistake that is easily made must not print the key."""
    swapped = {"ACTIVECAMPAIGN_URL": "5f0d8c1e3b7a9d2f", "ACTIVECAMPAIGN_KEY": "https://name.api-us1.com"}
    said = acflow("run", folder=tmp_path, env=environment(None, **swapped))
    assert said.code == 2
    assert "5f0d8c1e3b7a9d2f" not in said.out + said.err
    assert "perhaps the key" in said.err


def test_a_key_that_did_not_come_is_missed_where_it_should_have_been(account: Running, tmp_path: Path) -> None:
    """An empty file, or a pipe from a command that failed."""
    said = acflow("init", "--url", account.url, "--key-stdin", folder=tmp_path)
    assert (said.code, "No key came on stdin" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_word_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A terminal that writes another encoding than it says."""
    done = subprocess.run(
        [*COMMAND, "query", b"select '\xfc'"], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, b"Argument 2 is no text" in done.stderr) == (2, True)


def test_a_full_disk_is_told_with_what_helps(tmp_path: Path) -> None:
    """Whatever is written, stdout too."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "fields"], cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, b"Free some space" in done.stderr) == (6, True)


def test_history_of_what_does_not_exist_is_refused(account: Running, tmp_path: Path) -> None:
    """A slip of the pen would otherwise be found out on the day when the history is missed."""
    said = acflow("run", "lists", folder=tmp_path, env=environment(account, ACFLOW_HISTORY="lists, deels"))
    assert said.code == 2
    assert "ACFLOW_HISTORY: There is no entity 'deels'. Did you mean deals?" in said.err


def test_a_second_run_says_that_it_waits_for_the_first(account: Running, tmp_path: Path) -> None:
    """And gives up when it has waited as long as it should."""
    (tmp_path / ".acflow").mkdir()
    with FileLock(tmp_path / ".acflow" / "lock"):
        said = acflow("run", "lists", folder=tmp_path, env=environment(account, ACFLOW_WAREHOUSE_PATIENCE="0.1"))
    assert said.code == 8  # try later
    assert [line.partition(" ")[0] for line in said.err.splitlines()] == ["Another", "Another"]
    assert "waiting up to 0.1 s" in said.err


def test_a_password_of_the_warehouse_is_kept_beside_the_key(account: Running, tmp_path: Path) -> None:
    """`acflow.yaml` is made to be shared."""
    url = f"postgresql://reader:{SECRET}@127.0.0.1:1/bi"
    env = environment(ACTIVECAMPAIGN_KEY=account.key)
    said = acflow("init", "--url", account.url, "--warehouse", url, folder=tmp_path, env=env)
    assert said.code == 0, said.err
    assert SECRET not in (tmp_path / "acflow.yaml").read_text() + said.err + said.out
    assert url in (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_nobody_listening_is_no_reason_to_stop(account: Running, tmp_path: Path) -> None:
    """A job may be started without stderr, or with one that goes away."""
    env = {**environment(account)}
    for line in ('"$@" 2>&-', '"$@" 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}'):
        done = subprocess.run(
            ["bash", "-c", line, "bash", *COMMAND, "run", "lists"],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0
    shown = acflow("query", "select count(*) as n from lists", "--format", "csv", folder=tmp_path, env=env)
    assert shown.code == 0, shown.err
