"""A dataset belongs to one account: whatever would mix two of them is refused before anything is read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acflow.app.model import RunOptions
from acflow.engine import open_warehouse
from acflow.entities import entity
from acflow.errors import OtherAccountError
from acflow.flows.file import load_flow_text
from acflow.load.owner import canonical, owner_of
from acflow.settings import Settings, load_settings
from activecampaign_sandbox import Running, make_world, running
from tests.cli.cli_harness import acflow, environment
from tests.load.warehouse_harness import MAKERS
from tests.run_harness import run, run_flows

LISTS = [entity("lists")]
NO_READING = "flows:\n  mine: {entity: lists, columns: [id]}\n"


@pytest.fixture(scope="module")
def accounts() -> Iterator[tuple[Running, Running]]:
    """Yield two accounts that answer."""
    with (
        running(make_world("small", contacts=20, deals=5)) as one,
        running(make_world("small", contacts=30, deals=5)) as other,
    ):
        yield one, other


def settings_for(account: Running, warehouse: str, folder: Path) -> Settings:
    """Return the settings of a project of an account."""
    return load_settings(url=account.url, key=account.key, pace=0.0, warehouse=warehouse, state=folder / ".acflow")


def contents(settings: Settings) -> list[dict[str, object]]:
    """Return the rows of the lists."""
    rows: list[dict[str, object]] = (
        open_warehouse(settings.warehouse, settings.dataset).query("SELECT * FROM lists ORDER BY id").to_pylist()
    )
    return rows


def refused(mixing: Callable[[], object], one: Running, other: Running) -> None:
    """Hold that something is refused, with both accounts named and nothing asked of the account."""
    asked = len(other.requests)
    with pytest.raises(OtherAccountError) as caught:
        mixing()
    said = str(caught.value)
    assert canonical(one.url) in said
    assert canonical(other.url) in said
    assert "dataset" in said
    assert len(other.requests) == asked


@pytest.mark.parametrize("kind", MAKERS)
def test_another_project_cannot_land_in_the_same_dataset(
    kind: str, accounts: tuple[Running, Running], tmp_path: Path
) -> None:
    """It has a folder, a key and a state of its own, and shares the warehouse; with another dataset it may."""
    one, other = accounts
    url = MAKERS[kind](tmp_path)
    first = settings_for(one, url, tmp_path / "first")
    run(first, LISTS)
    before = contents(first)
    second = settings_for(other, url, tmp_path / "second")
    refused(lambda: run(second, LISTS), one, other)
    assert contents(first) == before
    apart = second.model_copy(update={"dataset": "other"})
    assert run(apart, LISTS).exit_code == 0
    assert contents(first) == before
    assert owner_of(open_warehouse(url, "other")) == canonical(other.url)


def test_a_folder_whose_account_was_changed_is_refused(accounts: tuple[Running, Running], tmp_path: Path) -> None:
    """The address in `.env` is another one now; each command that reads the tables says so, and `dataset:` helps."""
    one, other = accounts
    (tmp_path / "acflow.yaml").write_text("warehouse: duckdb:///acflow.duckdb\n")
    assert acflow("run", "lists", folder=tmp_path, env=environment(one)).code == 0
    for command in (["run", "lists"], ["reports", "show", "list_growth"], ["report"], ["show", "lists"]):
        said = acflow(*command, folder=tmp_path, env=environment(other))
        assert said.code == 2, (command, said)
        assert canonical(one.url) in said.err
        assert canonical(other.url) in said.err
    (tmp_path / "acflow.yaml").write_text("warehouse: duckdb:///acflow.duckdb\ndataset: other\n")
    assert acflow("run", "lists", folder=tmp_path, env=environment(other)).code == 0
    assert acflow("show", "lists", folder=tmp_path, env=environment(other)).code == 0


def test_a_copied_file_keeps_its_account(accounts: tuple[Running, Running], tmp_path: Path) -> None:
    """A DuckDB file that somebody took along to begin another project with is still the first account's."""
    one, other = accounts
    run(settings_for(one, f"duckdb:///{tmp_path / 'acflow.duckdb'}", tmp_path), LISTS)
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "acflow.duckdb", tmp_path / "copy" / "acflow.duckdb")
    copy = settings_for(other, f"duckdb:///{tmp_path / 'copy' / 'acflow.duckdb'}", tmp_path / "copy")
    refused(lambda: run(copy, LISTS), one, other)


def test_flows_alone_are_refused_too(accounts: tuple[Running, Running], tmp_path: Path) -> None:
    """They read nothing of the account, but would be computed from another's rows and delivered as this one's."""
    one, other = accounts
    url = f"duckdb:///{tmp_path / 'acflow.duckdb'}"
    run(settings_for(one, url, tmp_path), LISTS)
    second, file = settings_for(other, url, tmp_path / "second"), load_flow_text(NO_READING, env={})
    refused(lambda: run_flows(second, file, read=False), one, other)


def test_an_account_at_a_new_address_goes_on(accounts: tuple[Running, Running], tmp_path: Path) -> None:
    """Whoever says so once keeps history and cursors; a wrong former address opens nothing."""
    one, other = accounts
    before, after = (settings_for(account, f"duckdb:///{tmp_path / 'acflow.duckdb'}", tmp_path) for account in accounts)
    deals = [entity("deals")]
    run(before, deals)
    wrong = RunOptions(renamed_from="https://somebody.api-us1.com")
    refused(lambda: run(after, deals, options=wrong), one, other)
    options = RunOptions(renamed_from=one.url, incremental=frozenset({"all"}))
    (certificate,) = run(after, deals, options=options).certificates
    assert certificate.since is not None  # the cursor was kept
    assert run(after, deals).exit_code == 0
    assert owner_of(open_warehouse(after.warehouse, after.dataset)) == canonical(other.url)


def test_spellings_of_one_account_are_one() -> None:
    """Neither case nor a slash, a port that goes without saying, or the path of a page makes it another."""
    spellings = (
        "https://Name.api-us1.com/",
        "https://name.api-us1.com:443/api/3",
        "https://name.api-us1.com/app/deals",
    )
    assert {canonical(url) for url in spellings} == {"https://name.api-us1.com"}
