"""Whose data a dataset holds: one account's, noted in the warehouse itself at the first landing."""

from urllib.parse import urlsplit

from acflow.engine import Warehouse
from acflow.engine.sql import table
from acflow.errors import Action, ConfigError, OtherAccountError
from acflow.load.metadata import ACCOUNT, LAYOUT, NEWEST_LAYOUT, metadata, save_metadata_sql
from acflow.load.state import READINGS, bookmarks
from acflow.source.protocol import API, base_url

PORTS = {"https": 443, "http": 80}


def canonical(url: str) -> str:
    """Return the address of an account as it is noted and shown: two spellings of one account give the same.

    Raises:
        ConfigError: it is no address of an account.

    """
    parts = urlsplit(base_url(url).removesuffix(API).lower())
    host = parts.netloc.removesuffix(f":{PORTS[parts.scheme]}")
    return f"{parts.scheme}://{host}{parts.path}"


def owner_of(warehouse: Warehouse) -> str | None:
    """Return the account whose data the dataset holds; None if it holds none, or nobody noted whose."""
    if account := metadata(warehouse).get(ACCOUNT):
        return account
    earlier = max(bookmarks(warehouse).values(), key=lambda bookmark: bookmark.read_at, default=None)
    return canonical(earlier.account) if earlier else None  # version 0.1 noted the account per entity only


def check_owner(warehouse: Warehouse, url: str, *, renamed_from: str = "") -> None:
    """Refuse to go on where a dataset holds another account's data; `renamed_from` is the old address of this one.

    An address that is none, or is not set, says nothing about an account and is not compared.

    Raises:
        OtherAccountError: it does; nothing was read or written.

    """
    try:
        account = canonical(url)
    except ConfigError:
        return
    owner = owner_of(warehouse)
    if owner in {None, account} or (renamed_from and canonical(renamed_from) == owner):
        return
    raise OtherAccountError(
        f"The dataset {warehouse.dataset} of {warehouse.url} holds the data of {owner}, and this project reads "
        f"{account}. Nothing was read or written. Name both accounts under `accounts:` of acflow.yaml, which keeps "
        "them apart and reads them at once, or give this one a dataset of its own: `dataset: other_name`, or "
        "ACFLOW_DATASET.",
        action=Action("rename_account", (owner or "",)),
    )


def claim_sql(warehouse: Warehouse, url: str) -> list[str]:
    """Return the statements that note the account as the owner, also of what was read at its former address."""
    from sqlglot import exp

    if metadata(warehouse).get(ACCOUNT) == canonical(url):
        return []
    layout = {} if warehouse.tables() else {LAYOUT: str(NEWEST_LAYOUT)}
    statements = save_metadata_sql(warehouse, {ACCOUNT: canonical(url), **layout})
    if warehouse.columns(READINGS):
        target = table(READINGS, warehouse.dataset, warehouse.dialect)
        values = {exp.column("account", quoted=True): exp.Literal.string(base_url(url))}
        statements.append(exp.update(target, values, where=exp.true()).sql(warehouse.dialect))
    return statements
