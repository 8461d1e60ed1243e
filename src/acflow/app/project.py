"""A project: a folder with settings, a flow file, a state folder and a warehouse. Every use case begins with one."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from acflow.errors import ConfigError
from acflow.flows.problems import FlowFileError, suggest
from acflow.settings import Settings, load_settings, read_env_file

if TYPE_CHECKING:
    from acflow.app.ledger import Ledger
    from acflow.engine import Warehouse
    from acflow.flows.account_spec import NamedAccount
    from acflow.flows.problems import Problem
    from acflow.flows.spec import FlowFile
    from acflow.source.client import Client

FLOW_FILE, ENV_FILE, LEDGER = "acflow.yaml", ".env", "ledger.sqlite"
ACCOUNT = ("ACTIVECAMPAIGN_URL", "ACTIVECAMPAIGN_KEY")
SEVERAL = re.compile(rb"^accounts\s*:", re.MULTILINE)
INTERACTIVE_PATIENCE = 20.0  # seconds: somebody sits there and waits
READING_MEMORY = 256  # megabytes, for questions of people; loads are bounded by a setting


@dataclass(frozen=True)
class Project:
    """A project as its files are when it is first asked; `reopened` looks again.

    Nothing is read before it is needed, so that a project whose flow file has mistakes can be opened and mended.
    Relative paths, of the state folder, of a warehouse file and of destinations, begin in `folder`.
    Where the flow file has `accounts:`, a project is either that of one account, with settings, state and warehouse of
    its own, or the one over all of them, whose warehouse holds the roll-ups; `of` and `over_accounts` lead to them.
    `env` is the environment that settings and `${NAME}` are taken from, `given` are settings that go before all others.
    With `lenient`, a flow file that has mistakes counts as what could be understood of it; `mistakes` says the rest.
    """

    folder: Path = Path()
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    lenient: bool = False

    @classmethod
    def open(cls, folder: Path | str = ".", env: Mapping[str, str] | None = None, **given: Any) -> Self:  # noqa: ANN401 - values are checked by the settings
        """Return the project of a folder; a setting given as None counts as not given."""
        named = {name: value for name, value in given.items() if value is not None}
        return cls(Path(folder), dict(os.environ) if env is None else env, named)

    def reopened(self) -> Self:
        """Return the project as its files are now."""
        return type(self)(self.folder, self.env, self.given, self.lenient)

    def as_understood(self) -> Self:
        """Return the project as its files are now, lenient about mistakes in the flow file."""
        return type(self)(self.folder, self.env, self.given, lenient=True)

    def of(self, account: str) -> Self:
        """Return the project of one account; "" is the one over all of them."""
        return type(self)(self.folder, self.env, {**self.given, "account": account}, self.lenient)

    @property
    def flow_path(self) -> Path:
        """Where the flow file is, or would be."""
        return self.folder / FLOW_FILE

    @property
    def env_path(self) -> Path:
        """Where the project's variables are kept, the key among them."""
        return self.folder / ENV_FILE

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that make the project; when one changes, `reopened` may tell something else."""
        return (self.flow_path, self.env_path)

    @property
    def state(self) -> Path:
        """The folder of acflow's own files."""
        return self.settings.state

    @cached_property
    def account(self) -> str:
        """The name of the account that this is the project of; "" where there is one, or over all.

        Raises:
            ConfigError: there is no such account.

        """
        name = self.settings_alone.account
        if name and name not in self.accounts:
            known = suggest(name, self.accounts, "accounts") if self.accounts else f"{self.flow_path} names none."
            raise ConfigError(f"There is no account `{name}`. {known}".strip())
        return name

    @property
    def accounts(self) -> "Mapping[str, NamedAccount]":
        """The accounts of the flow file by name; none where it is a project of one."""
        return self._whole_file.accounts if self.flow_path.exists() else {}

    @property
    def is_over_accounts(self) -> bool:
        """Whether this is the project over several accounts."""
        return bool(self.accounts) and not self.account

    @cached_property
    def settings(self) -> Settings:
        """The settings, with paths that begin in the folder.

        Raises:
            ConfigError: a setting is wrong, or the flow file has mistakes.

        """
        loaded = self._settings(self._whole_file if self.flow_path.exists() else None)
        return loaded.model_copy(update={"account": self.account})

    @property
    def settings_alone(self) -> Settings:
        """The settings without what the flow file says, and with paths as they are written."""
        return load_settings(self.env, self.env_path, **self.given)

    def _settings(self, file: "FlowFile | None") -> Settings:
        """Return the settings that hold with a flow file.

        The account is taken as it stands there, so that a key never meets another account's address.
        """
        from acflow.flows.accounts import settings_of
        from acflow.lake.place import lake_in
        from acflow.source.protocol import plain_key

        values: dict[str, Any] = {}
        name, account = self.settings_alone.account, None
        if file is not None:
            account = file.accounts.get(name)
            chosen = account or file.account
            values = {"url": chosen.url, "key": chosen.key, "warehouse": file.warehouse}
            values |= {"dataset": file.dataset, "lake": file.lake}
            for place in ("warehouse", "dataset", "lake"):
                if self.env.get(f"ACFLOW_{place.upper()}"):
                    del values[place]
        said = {setting: value for setting, value in values.items() if value}
        if file is not None and file.accounts:  # never the address of the environment with the key of the file
            said |= {"url": account.url if account else "", "key": account.key if account else ""}
        loaded = load_settings(self.env, self.env_path, **said | dict(self.given))
        plain_key(loaded.key.get_secret_value())
        warehouse = warehouse_in(self.folder, loaded.warehouse)
        places = {
            "state": self.folder / loaded.state,
            "warehouse": warehouse,
            "lake": lake_in(self.folder, loaded.lake),
        }
        placed = loaded.model_copy(update=places)
        return settings_of(placed, name, account) if account else placed

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """What `${NAME}` may name: the environment, then `.env`. The account may be missing, as not all need it."""
        kept = read_env_file(self.env_path)
        given = {name: value for name, value in self.env.items() if value}
        return dict.fromkeys(ACCOUNT, "") | kept | given | self._account_variable

    @property
    def _account_variable(self) -> dict[str, str]:
        """What `${ACCOUNT}` stands for; nothing where the file names one account only."""
        from acflow.flows.accounts import ACCOUNT_VARIABLE, ALL_ACCOUNTS

        several = self.flow_path.exists() and SEVERAL.search(self.flow_path.read_bytes())
        return {ACCOUNT_VARIABLE: self.settings_alone.account or ALL_ACCOUNTS} if several else {}

    @cached_property
    def flow_file(self) -> "FlowFile":
        """The flow file: as it is for the account, or what goes over all of them, where there are several.

        Raises:
            FlowFileError: it has mistakes, all of which the message lists.
            ConfigError: there is none, or it cannot be read.

        """
        from acflow.flows.accounts import as_seen_by

        return as_seen_by(self._whole_file, self.account)

    @cached_property
    def _whole_file(self) -> "FlowFile":
        outcome = self._reading
        if not isinstance(outcome, FlowFileError):
            return outcome
        if not self.lenient:
            raise outcome
        from acflow.app.prepare import understood

        return understood(self.flow_path, self.variables, outcome.problems)

    @property
    def mistakes(self) -> "Sequence[Problem]":
        """What is wrong with the flow file; nothing where there is none."""
        outcome = self._reading if self.flow_path.exists() else None
        return outcome.problems if isinstance(outcome, FlowFileError) else ()

    def require_faultless(self) -> None:
        """Raise FlowFileError if the flow file has mistakes."""
        if self.mistakes:
            raise FlowFileError(self.mistakes)

    @cached_property
    def _reading(self) -> "FlowFile | FlowFileError":
        from acflow.flows.file import load_flow_file

        try:
            try:
                return load_flow_file(self.flow_path, env=self.variables)
            except FlowFileError:
                from acflow.app.prepare import raise_mistakes

                raise_mistakes(self.flow_path, self.variables, self._settings)
                raise
        except FlowFileError as error:
            return error

    @property
    def own_flows(self) -> "FlowFile | None":
        """The flow file if it has flows of its own; without any it stands for the entities alone."""
        if not self.flow_path.exists():
            return None
        data, file = self.flow_file.document.data, self.flow_file
        return file if isinstance(data, dict) and data.get("flows") and not (self.account and not file.flows) else None

    @cached_property
    def file(self) -> "FlowFile":
        """The flow file; where there is none, one flow for each of the six entities."""
        if self.flow_path.exists():
            return self.flow_file
        from acflow.flows.file import load_flow_text

        return load_flow_text("", file=str(self.flow_path), env=self.variables)

    @property
    def secrets(self) -> frozenset[str]:
        """What no message may show: keys, tokens, passwords, and addresses that are secrets themselves."""
        settings = self.settings
        secrets = [settings.key.get_secret_value(), settings.serve_token.get_secret_value()]
        secrets += [settings.privacy_key.get_secret_value(), _password(settings.warehouse)]
        if "." not in settings.url and ":" not in settings.url:
            secrets.append(settings.url)  # no address; it may be the key, in the wrong place
        if self.flow_path.exists():
            secrets += [_password(target.to) for flow in self.flow_file.flows.values() for target in flow.deliver]
            secrets += self.flow_file.secrets
            secrets += [account.key.get_secret_value() for account in self.accounts.values()]
        return frozenset(secret for secret in secrets if secret)

    def client(self) -> "Client":
        """Return a client of the account for somebody who waits for the answer."""
        return client_of(self.settings)

    def warehouse(self) -> "Warehouse":
        """Return the warehouse itself, for somebody who waits for the answer.

        Raises:
            OtherAccountError: it holds the data of another account than this project's.

        """
        return self._own(self._opened())

    def _opened(self) -> "Warehouse":
        from acflow.engine import open_warehouse

        return open_warehouse(
            self.settings.warehouse,
            self.settings.dataset,
            patience=min(self.settings.warehouse_patience, INTERACTIVE_PATIENCE),
            memory=max(self.settings.memory, READING_MEMORY),
        )

    def _own(self, opened: "Warehouse") -> "Warehouse":
        """Return a warehouse that holds the data of this project's account."""
        from acflow.load.owner import check_owner

        check_owner(opened, self.settings.url)
        return opened

    def reader(self) -> "Warehouse":
        """Return what is asked by everything that only reads: a published copy where the warehouse is a DuckDB file."""
        from acflow.app.publishing import reader_of

        return self._own(reader_of(self.settings, self._opened()))

    @contextmanager
    def ledger(self) -> "Iterator[Ledger]":
        """Yield the record of runs.

        Raises:
            ConfigError: no run has been made here yet.

        """
        if not self.has_ledger:
            raise ConfigError(f"No run has been made here yet ({self.state} holds no ledger).")
        from acflow.app.ledger import Ledger

        ledger = Ledger.at(self.state)
        try:
            yield ledger
        finally:
            ledger.close()

    @property
    def has_ledger(self) -> bool:
        """Whether any run has been made here; others may have filled the warehouse."""
        return (self.state / LEDGER).exists()


def client_of(settings: Settings) -> "Client":
    """Return a client of an account for somebody who waits for the answer.

    Raises:
        ConfigError: address or key are missing, or cannot be right.

    """
    from acflow.source.client import Client

    settings.require_account()
    return Client(
        settings.url,
        settings.key.get_secret_value(),
        pace=settings.pace,
        timeout=settings.timeout,
        retry_patience=min(settings.retry_patience, INTERACTIVE_PATIENCE),
    )


def warehouse_in(folder: Path, url: str) -> str:
    """Return the URL of a warehouse, whose file is looked for in a folder if its path is relative."""
    parts = urlsplit(url)
    if parts.scheme != "duckdb" or folder == Path() or (path := Path(parts.path[1:] or "acflow.duckdb")).is_absolute():
        return url
    return f"duckdb:///{folder / path}" + (f"?{parts.query}" if parts.query else "")


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
