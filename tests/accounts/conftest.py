"""A project of three accounts, of which one does not answer, after its first run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from acflow.app.accounts import AccountsResult, choose, run_accounts
from acflow.app.events import Event
from acflow.app.model import RunRequest
from acflow.app.project import Project
from activecampaign_sandbox import Running, make_world, running

FILE = """\
# Everybody we look after.
accounts:
  north: {url: "${NORTH_URL}", key: "${NORTH_KEY}", labels: [uk, big], zone: Europe/London}
  south:  # since May
    url: ${SOUTH_URL}
    key: ${SOUTH_KEY}
    labels: uk
  west: {url: "http://127.0.0.1:9", key: "${NORTH_KEY}"}
flows:
  open_deals: {entity: deals, where: status = 0, deliver: "out/${ACCOUNT}/open.csv"}
  all_open: {from: open_deals, over: accounts, deliver: out/all.csv}
  deals_with_people:
    over: accounts
    join: {left: deals, right: contacts, on: {contact: id}}
    columns: [id, contact, email]
  by_account:
    from: deals_with_people
    over: accounts
    group_by: _account
    metrics: {deals: count(*), met: count(email)}
  in_all: {from: open_deals, over: accounts, metrics: {amount: sum(amount)}}
  in_sql:
    over: accounts
    sql: >
      select d._account, count(*) as deals, count(c.email) as met
      from deals d left join contacts c on c.id = d.contact and c._account = d._account group by all
"""


@dataclass(slots=True)
class Agency:
    """A project of accounts `north`, `south` and `west`, and what its first run said."""

    project: Project
    sandboxes: dict[str, Running]
    result: AccountsResult
    events: list[tuple[str, Event]] = field(default_factory=list)

    def run(self, request: RunRequest | None = None, names: Sequence[str] = ()) -> AccountsResult:
        """Run some accounts, or all."""
        project = self.project.reopened()
        return run_accounts(project, request or RunRequest(), choose(project, names), lambda *_: None)


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """Yield the project after a run of all accounts."""
    folder = tmp_path_factory.mktemp("agency")
    (folder / "acflow.yaml").write_text(FILE, encoding="utf-8")
    with ExitStack() as stack:
        sandboxes = {
            name: stack.enter_context(running(make_world("small", seed=seed, contacts=60, deals=30)))
            for name, seed in (("north", 1), ("south", 2))
        }
        env = {f"{name.upper()}_URL": sandbox.url for name, sandbox in sandboxes.items()}
        env |= {f"{name.upper()}_KEY": sandbox.key for name, sandbox in sandboxes.items()}
        env |= {"ACFLOW_PACE": "0", "ACFLOW_RETRY_PATIENCE": "0.2"}
        project, events = Project.open(folder, env), list[tuple[str, Event]]()
        result = run_accounts(project, RunRequest(), choose(project), lambda name, event: events.append((name, event)))
        yield Agency(project, sandboxes, result, events)
