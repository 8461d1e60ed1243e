"""Accounts put into the flow file and taken out of it; comments and all else that stands there stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.util import load_yaml_guess_indent

from acflow.app.account import OURS, User, probe
from acflow.app.files import drop_from_env, ignore_in_git, keep_in_env, write_whole
from acflow.errors import ConfigError
from acflow.flows.account_spec import ACCOUNT_NAME, LONGEST_ACCOUNT_NAME
from acflow.flows.edit import WIDE, FileChange, checked, hidden
from acflow.flows.problems import suggest
from acflow.flows.text import VARIABLE, hide_variables, show_variables

if TYPE_CHECKING:
    from acflow.app.project import Project

HEAD = "# Several ActiveCampaign accounts: docs/accounts.md. The keys are in .env, which no one else should see.\n"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to add. `variable` is where its key is kept."""

    name: str
    url: str
    key: str
    dataset: str = ""
    zone: str = ""
    labels: Sequence[str] = ()

    @property
    def variable(self) -> str:
        """The variable of `.env` that holds its key."""
        return f"{self.name.upper()}_KEY"

    @property
    def words(self) -> dict[str, Any]:
        """What is written into the flow file."""
        written = {"url": self.url, "key": f"${{{self.variable}}}", "dataset": self.dataset, "zone": self.zone}
        labels = {"labels": list(self.labels)} if self.labels else {}
        return {name: value for name, value in written.items() if value} | labels


def add_account(project: "Project", new: NewAccount) -> User:
    """Try an account, keep its key in `.env`, and name it in the flow file, which is made if there is none.

    Raises:
        ConfigError: the name is taken or cannot be one, or address or key cannot be right; nothing was written.
        ApiError: no ActiveCampaign account answers at that address; nothing was written.

    """
    if not ACCOUNT_NAME.fullmatch(new.name):
        raise ConfigError(
            f"`{new.name}` cannot name an account: small letters, digits and _, at most {LONGEST_ACCOUNT_NAME}."
        )
    text = _text(project.flow_path)
    change = FileChange(project.flow_path, text, _with(text, new))
    known = {**project.variables, new.variable: new.key}
    checked(text, change.after, file=str(project.flow_path), env=known)
    user = probe(project.settings_alone.model_copy(update={"url": new.url, "key": _secret(new.key)}))
    keep_in_env(project.env_path, {new.variable: new.key})
    if project.flow_path.exists():
        change.save()
    else:
        write_whole(project.flow_path, change.after, mode=0o644)
    ignore_in_git(project.folder.absolute(), OURS)
    return user


def remove_account(project: "Project", name: str) -> None:
    """Take an account out of the flow file, and its key out of `.env`; its tables and records stay where they are.

    Raises:
        ConfigError: there is no such account, or flows over accounts would be left with none.

    """
    if name not in project.accounts:
        raise ConfigError(f"There is no account `{name}`. {suggest(name, project.accounts, 'accounts')}".strip())
    text = _text(project.flow_path)

    def take_out(data: Any) -> None:  # noqa: ANN401 - YAML holds anything
        del data["accounts"][name]
        if not data["accounts"]:
            del data["accounts"]

    after = _changed(text, take_out)
    checked(text, after, file=str(project.flow_path), env=project.variables)
    written = project.file.document.raw.get(("accounts", name, "key"), "")
    FileChange(project.flow_path, text, after).save()
    variable = VARIABLE.fullmatch(written)
    if variable and written not in after:
        drop_from_env(project.env_path, variable[1])


def _with(text: str, new: NewAccount) -> str:
    def put_in(data: Any) -> None:  # noqa: ANN401 - YAML holds anything
        if data.get("account"):
            raise ConfigError(
                "This project is of one account, `account:` of acflow.yaml. Give it a name under `accounts:` first; "
                "docs/accounts.md tells how its tables come along."
            )
        accounts = data.get("accounts")
        if not accounts:
            data["accounts"] = accounts = type(data)()
        if new.name in accounts:
            raise ConfigError(f"There is an account `{new.name}` already. Choose another name, or remove it first.")
        accounts[new.name] = hidden(new.words)

    return _changed(text, put_in)


def _changed(text: str, change: Callable[[Any], None]) -> str:
    """Return the text with its data changed; comments and quotes stay."""
    _, indent, offset = load_yaml_guess_indent(hide_variables(text)) if text.strip() else (None, 2, 0)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDE
    yaml.indent(mapping=indent or 2, sequence=(offset or 0) + 2, offset=offset or 0)
    data = yaml.load(hide_variables(text)) if text.strip() else None
    data = yaml.map() if data is None else data
    if not isinstance(data, Mapping):
        raise ConfigError("acflow.yaml must hold keys and values, such as `accounts:`. Mend it first.")
    change(data)
    stream = StringIO()
    yaml.dump(data, stream)
    return show_variables(stream.getvalue())


def _text(path: Path) -> str:
    from acflow.flows.file import read_text

    return read_text(path) if path.exists() else HEAD


def _secret(key: str) -> Any:  # noqa: ANN401 - pydantic's own type
    from pydantic import SecretStr

    return SecretStr(key)
