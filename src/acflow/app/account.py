"""The account: whose key it is, what it may see, and one answer of the API as it came."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from acflow.app.project import ACCOUNT, client_of
from acflow.entities import entity
from acflow.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.project import Project
    from acflow.settings import Settings
    from acflow.source.protocol import Request

FLOW_FILE_TEXT = """\
# What acflow reads, and where it lands. The key is in .env, which no one else should see.
# Pages: docs/operating.md
account:
  url: ${ACTIVECAMPAIGN_URL}
  key: ${ACTIVECAMPAIGN_KEY}
"""
OURS = (".env", ".acflow/", "*.duckdb", "*.duckdb.wal")  # key, state and data; no matter of version control


@dataclass(frozen=True, slots=True)
class User:
    """Whose key it is."""

    id: str | None
    username: str | None
    email: str | None

    @property
    def shown(self) -> str:
        """How to speak of the user."""
        return self.username or self.email or "a user"


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first rows of an entity, straight from the account; `rejects` are values that do not convert."""

    entity: str
    table: "pa.Table"
    total: int | None
    rejects: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Connected:
    """What `connect` did: whose key it is, whether the flow file was written, and whether git ignores our files."""

    user: User
    flow_file_written: bool
    ignored_in_git: bool


def probe(settings: "Settings") -> User:
    """Ask an account whose key it is.

    Raises:
        BadKeyError: the account refused the key.
        ApiError: no ActiveCampaign account answers at that address.

    """
    with client_of(settings) as client:
        user = client.probe()
    texts = {name: None if user.get(name) is None else str(user[name]) for name in ("id", "username", "email")}
    return User(**texts)


def connect(project: "Project", *, force: bool = False) -> Connected:
    """Try the address and key that a project was opened with, then keep them and the warehouse in its folder.

    The key goes into `.env`, which only its owner can read. A flow file that is there stays, unless by `force`.

    Raises:
        ConfigError: address, key or warehouse cannot be right; nothing was written.
        ApiError: no ActiveCampaign account answers at that address; nothing was written.

    """
    from acflow.app.files import ignore_in_git, keep_in_env, write_whole
    from acflow.app.plan import read_block
    from acflow.engine import kind_of, shown

    settings = project.settings_alone
    kind_of(settings.warehouse)
    user = probe(settings)
    kept = dict(zip(ACCOUNT, (settings.url, settings.key.get_secret_value()), strict=True))
    warehouse = settings.warehouse
    if shown(warehouse) != warehouse:  # a URL with a password is kept beside the key
        kept["ACFLOW_WAREHOUSE"], warehouse = warehouse, "${ACFLOW_WAREHOUSE}"
    keep_in_env(project.env_path, kept)
    written = force or not project.flow_path.exists()
    if written:
        text = f"{FLOW_FILE_TEXT}warehouse: {warehouse}\n{read_block(project)}"
        write_whole(project.flow_path, text, mode=0o644)
    return Connected(user, written, ignore_in_git(project.folder.absolute(), OURS))


def first_rows(project: "Project", name: str, rows: int) -> FirstRows:
    """Return the first rows of an entity, without loading them.

    Raises:
        ConfigError: there is no such entity, or it has no list of its own.

    """
    from acflow.source.decode import decode_rows

    chosen = entity(name)
    if chosen.owner:
        raise ConfigError(f"{name} has no list of its own, only one for each of {chosen.owner.name}. Run it.")
    with project.client() as client:
        client.probe()  # tells a wrong key from a missing right, and a wrong address at once
        page = client.first_rows(chosen, rows)
    batch = decode_rows(chosen, page.rows)
    return FirstRows(chosen.name, batch.table, page.total, batch.rejects.to_pylist())


def raw_answer(project: "Project", path: str, params: Sequence[str] = ()) -> bytes:
    """Return one answer of the API as it came; `params` are `NAME=VALUE`."""
    request = request_of(path, params)
    with project.client() as client:
        client.probe()
        return client.raw(request)


def request_of(path: str, params: Sequence[str]) -> "Request":
    """Return the request for a path in any of the ways in which people write it."""
    from acflow.source.protocol import Request

    parts = urlsplit(path)
    if parts.scheme or parts.netloc:
        raise ConfigError(f"{path!r} names a host; the account's own is used. Give the path alone, such as contacts/7.")
    below = re.sub(r"^/*(api/3(/|$))?", "", parts.path).strip("/")
    if not below or ".." in below.split("/"):
        raise ConfigError(f"{path!r} is no path below /api/3/. Give one such as contacts or contacts/7.")
    return Request(below, (*parse_qsl(parts.query, keep_blank_values=True), *map(_pair, params)))


def _pair(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals or not name:
        raise ConfigError(f"The parameter {param!r} is no NAME=VALUE.")
    return name, value
