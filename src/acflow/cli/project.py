"""The folder that a command works in: its settings, its account, its warehouse."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acflow.cli import console

if TYPE_CHECKING:
    from acflow.engine import Warehouse
    from acflow.flows.spec import FlowFile
    from acflow.settings import Settings
    from acflow.source.client import Client

FLOW_FILE = Path("acflow.yaml")
ENV_FILE = Path(".env")
ACCOUNT = ("ACTIVECAMPAIGN_URL", "ACTIVECAMPAIGN_KEY")
INTERACTIVE_PATIENCE = 20.0  # seconds: somebody sits there and waits
READING_MEMORY = 256  # megabytes, for questions of people; loads are bounded by a setting


def settings(**given: Any) -> "Settings":  # noqa: ANN401 - values are checked by the model
    """Return the settings of this folder; None counts as not given."""
    from acflow.settings import load_settings
    from acflow.source.protocol import plain_key

    loaded = load_settings(**_from_flow_file() | {name: value for name, value in given.items() if value is not None})
    key = loaded.key.get_secret_value()
    console.hide(key)
    console.hide(_password(loaded.warehouse))
    plain_key(key)
    if "." not in loaded.url and ":" not in loaded.url:
        console.hide(loaded.url)  # no address; it may be the key, in the wrong place
    return loaded


def _from_flow_file() -> dict[str, Any]:
    """Return what `acflow.yaml` says of account and warehouse.

    The account is taken as it stands there, so that a key never meets another account's address.
    """
    if not FLOW_FILE.exists():
        return {}
    read = flow_file()
    key = read.account.key.get_secret_value() if read.account.key else None
    said = {"url": read.account.url, "key": key}
    if not os.environ.get("ACFLOW_WAREHOUSE"):
        said["warehouse"] = read.warehouse
    return {name: value for name, value in said.items() if value}


def flow_file() -> "FlowFile":
    """Return what `acflow.yaml` says."""
    from acflow.flows.file import load_flow_file
    from acflow.flows.problems import FlowFileError

    try:
        return load_flow_file(FLOW_FILE, env=environment())
    except FlowFileError:
        from acflow.app.prepare import raise_mistakes

        raise_mistakes(FLOW_FILE, environment(), os.environ.get("ACFLOW_WAREHOUSE"))
        raise


def own_flows() -> "FlowFile | None":
    """Return `acflow.yaml` if it has flows of its own; without any it stands for the entities alone."""
    if not FLOW_FILE.exists():
        return None
    file = flow_file()
    data = file.document.data
    if not (isinstance(data, dict) and data.get("flows")):
        return None
    for flow in file.flows.values():
        for delivery in flow.deliver:
            console.hide(_password(delivery.to))
    return file


def environment() -> Mapping[str, str]:
    """Return what `${NAME}` may name: the environment, then `.env`. The account may be missing, as not all need it."""
    from dotenv import dotenv_values

    kept = {name: value for name, value in dotenv_values(ENV_FILE).items() if value is not None}
    return dict.fromkeys(ACCOUNT, "") | kept | {name: value for name, value in os.environ.items() if value}


def client(configured: "Settings") -> "Client":
    """Return a client of the account for a command that somebody waits for."""
    configured.require_account()
    quiet()
    from acflow.source.client import Client

    return Client(
        configured.url,
        configured.key.get_secret_value(),
        pace=configured.pace,
        timeout=configured.timeout,
        retry_patience=min(configured.retry_patience, INTERACTIVE_PATIENCE),
    )


def quiet() -> None:
    """Keep stamina from logging each retry; the progress and the certificate speak of them."""
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])


def warehouse(configured: "Settings") -> "Warehouse":
    """Return the warehouse, to ask it questions."""
    from acflow.engine import open_warehouse

    return open_warehouse(
        configured.warehouse,
        configured.dataset,
        patience=min(configured.warehouse_patience, INTERACTIVE_PATIENCE),
        memory=max(configured.memory, READING_MEMORY),
    )


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None
