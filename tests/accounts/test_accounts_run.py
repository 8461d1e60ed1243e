"""A run over several accounts: each is whole by itself, and one that fails leaves the others alone."""

from pathlib import Path

import pytest

from acflow.app.accounts import choose, exit_code_of, list_accounts
from acflow.app.events import EntityProgress, RunFinished
from acflow.app.model import RunRequest
from acflow.app.notices import of_account, of_error
from acflow.app.project import Project
from acflow.app.runs import history
from acflow.errors import ConfigError
from tests.accounts.conftest import Agency


def test_one_that_does_not_answer_leaves_the_others_alone(agency: Agency) -> None:
    """The exit code is that of a run in which some went well, and each says what became of it."""
    told = {run.account: (run.status, run.exit_code) for run in agency.result.accounts}
    assert told == {"north": ("ok", 0), "south": ("ok", 0), "west": ("failed", 3)}
    assert agency.result.exit_code == 5
    said = agency.result.as_dict()["accounts"][2]["message"]
    assert said.startswith("No connection to http://127.0.0.1:9")


def test_each_account_has_state_warehouse_and_ledger_of_its_own(agency: Agency) -> None:
    """Nothing of one lies where another's is."""
    folder = agency.project.folder
    for name, sandbox in agency.sandboxes.items():
        view = agency.project.of(name)
        assert view.settings.state == folder / ".acflow" / "accounts" / name
        assert view.warehouse().tables() == sorted({*view.warehouse().tables(), "deals", "open_deals"})
        assert (folder / f"acflow_{name}.duckdb").exists()
        run = history(view)[-1]
        assert (run.account, run.status) == (f"{sandbox.url}/api/3", "ok")
        (result,) = (run.result for run in agency.result.accounts if run.account == name)
        assert result is not None
        assert {"deals", "contacts"} <= {
            certificate.entity for certificate in result.certificates if certificate.landed
        }


def test_each_delivers_to_its_own_place(agency: Agency) -> None:
    """`${ACCOUNT}` is the name of the account."""
    folder = agency.project.folder / "out"
    rows = {name: len((folder / name / "open.csv").read_text().splitlines()) - 1 for name in ("north", "south")}
    assert rows == {
        name: agency.project.of(name).warehouse().query("select count(*) as n from open_deals")["n"][0].as_py()
        for name in rows
    }


def test_events_say_whose_they_are(agency: Agency) -> None:
    """Fronts show all accounts at once."""
    assert {name for name, event in agency.events if isinstance(event, EntityProgress)} == {"north", "south"}
    assert {name for name, event in agency.events if isinstance(event, RunFinished)} == {"north", "south", "all"}


def test_some_accounts_alone(agency: Agency) -> None:
    """Roll-ups wait for a run of all accounts, unless they are named."""
    result = agency.run(RunRequest(read=False), ["south"])
    assert [(run.account, run.exit_code) for run in result.runs] == [("south", 0)]
    result = agency.run(RunRequest(("by_account",), read=False), ["south"])
    assert [run.account for run in result.runs] == ["all"]


def test_a_named_roll_up_reads_what_it_is_made_of(agency: Agency) -> None:
    """And nothing else of each account."""
    result = agency.run(RunRequest(("all_open",)), ["north"])
    (north, over) = result.runs
    assert north.result is not None
    assert over.result is not None
    assert [flow.name for flow in north.result.flows] == ["open_deals"]
    assert {c.entity for c in north.result.certificates} == {"deals"}
    assert [flow.name for flow in over.result.flows] == ["all_open"]


def test_choosing_accounts(agency: Agency) -> None:
    """By name and by label, in the order of the file; what is not there is refused with what is."""
    project = agency.project
    assert choose(project) == ["north", "south", "west"]
    assert choose(project, ["west"], ["big"]) == ["north", "west"]
    assert choose(project, (), ["uk"]) == ["north", "south"]
    with pytest.raises(ConfigError, match=r"no account `nort`\. Did you mean `north`"):
        choose(project, ["nort"])
    with pytest.raises(ConfigError, match=r"No account has the label `fr`\. The labels are `uk`, `big`"):
        choose(project, (), ["fr"])


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        ([0, 0], 0),
        ([0, 3], 5),
        ([3, 3], 3),
        ([3, 6], 3),
        ([0, 7], 7),
        ([7, 3], 5),
        ([0, 130], 130),
        ([8, 8], 8),
        ([], 0),
    ],
)
def test_the_exit_code_of_many(codes: list[int], whole: int) -> None:
    """By kind, as documented."""
    assert exit_code_of(codes) == whole


def test_accounts_are_listed_with_how_they_stand(agency: Agency) -> None:
    """Also one that never answered."""
    north, _, west = list_accounts(agency.project.reopened())
    assert (north.status, north.labels, north.url) == ("ok", ("uk", "big"), agency.sandboxes["north"].url)
    assert north.data_as_of is not None
    assert (west.status, west.data_as_of) == (None, None)


def test_a_missing_key_is_told_by_its_account_alone(agency: Agency) -> None:
    """Twenty accounts must not wait for the key of one."""
    env = {name: value for name, value in agency.project.env.items() if name != "SOUTH_KEY"}
    project = Project.open(agency.project.folder, env)
    assert project.of("north").warehouse().tables()
    infos = {info.name: info.message for info in list_accounts(project)}
    assert infos["south"] == "The account `south` has no key. Set what `accounts:` of acflow.yaml names, in .env."
    with pytest.raises(ConfigError, match="`south` has no key"):
        project.of("south").client()


def test_messages_say_whose_run_they_are_about(agency: Agency) -> None:
    """Whoever is told of twenty accounts must know which one."""
    message = of_error(ConfigError("No."), ["open_deals"])
    said = [of_account(agency.project.of(name), [message])[0].message for name in ("north", "")]
    assert [text.partition(":")[0] for text in said] == ["north", "All accounts"]


def test_keys_are_secrets_of_every_view(agency: Agency) -> None:
    """No message of one account shows the key of another."""
    keys = {sandbox.key for sandbox in agency.sandboxes.values()}
    assert all(keys <= agency.project.of(name).secrets for name in ("", "north", "west"))


def test_reports_of_an_account_are_in_its_zone(agency: Agency) -> None:
    """The zone goes before that of the settings, as it is the nearer one."""
    assert agency.project.of("north").settings.report_options == "zone=Europe/London"
    assert agency.project.of("south").settings.report_options == ""


def test_servers_hold_each_account_in_a_schema(tmp_path: Path) -> None:
    """One database for all, as agencies have it."""
    text = """\
accounts:
  north: {url: "https://north.api-us1.com", key: "${K}"}
  south: {url: "https://south.api-us1.com", key: "${K}", dataset: the_south}
warehouse: postgresql://localhost/bi
"""
    (tmp_path / "acflow.yaml").write_text(text, encoding="utf-8")
    project = Project.open(tmp_path, {"K": "0123456789"})
    places = {name: project.of(name).settings for name in ("", "north", "south")}
    assert {settings.warehouse for settings in places.values()} == {"postgresql://localhost/bi"}
    assert [settings.dataset for settings in places.values()] == [
        "activecampaign",
        "activecampaign_north",
        "the_south",
    ]
