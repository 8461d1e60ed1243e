"""A flow file of several accounts: what is wrong with it, what one account sees of it, and what goes over all."""

from collections.abc import Container, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from acflow.flows.account_spec import Account, NamedAccount
from acflow.flows.catalog import entity_schemas
from acflow.flows.derived_tables import read_for
from acflow.flows.draft import Draft
from acflow.flows.plan import Needs, resolve, uses_of
from acflow.flows.report_tables import report_of
from acflow.flows.spec import Flow, FlowFile
from acflow.flows.text import VARIABLE
from acflow.settings import Settings

ACCOUNT_VARIABLE = "ACCOUNT"  # `${ACCOUNT}` is the name of the account that a flow is computed of
MARK = f"${{{ACCOUNT_VARIABLE}}}"
ALL_ACCOUNTS = "all"  # and this where it is computed over all
FOLDER = "accounts"  # within that of acflow's own files: each account has its own


def check_accounts(draft: Draft) -> None:
    """Note keys that stand in the file, accounts that are one, and flows that mix what is of one and of all."""
    file, document = draft.file, draft.document
    written = document.data if isinstance(document.data, dict) else {}
    if "account" in written and "accounts" in written:
        fix = "Make the one account an entry of `accounts`, or leave `accounts` out."
        document.report(("accounts",), "`account` and `accounts` both stand here.", fix)
    for name in file.accounts:
        raw = document.raw.get(("accounts", name, "key"), "")
        if not VARIABLE.fullmatch(raw):
            fix = f"Write ${{{name.upper()}_KEY}} here, and {name.upper()}_KEY= with the key in .env."
            document.report(("accounts", name, "key"), "a key is a secret, which this file must not hold.", fix)
    _check_twins(draft)
    for name, flow in file.flows.items():
        if flow.over:
            _check_roll_up(draft, name, flow)
        elif file.accounts:
            _check_each(draft, name, flow)
    if file.accounts:
        _check_documents(draft)


def _check_twins(draft: Draft) -> None:
    """Note two names of one account, and two accounts in one schema."""
    urls: dict[str, str] = {}
    datasets: dict[str, str] = {}
    for name, account in draft.file.accounts.items():
        parts = urlsplit(account.url.lower())
        twin = urls.setdefault(parts.netloc + parts.path.rstrip("/"), name) if account.url else name
        if twin != name:
            draft.document.report(("accounts", name, "url"), f"the same account as `{twin}`.", "Remove one.")
        if account.dataset and (twin := datasets.setdefault(account.dataset, name)) != name:
            fix = "Give each a schema of its own, or leave `dataset` out."
            draft.document.report(("accounts", name, "dataset"), f"the dataset of `{twin}`.", fix)


def _check_roll_up(draft: Draft, name: str, flow: Flow) -> None:
    file, document = draft.file, draft.document
    if not (isinstance(document.data, dict) and document.data.get("accounts")):
        fix = "Name them under `accounts:`, or leave `over` out."
        document.report(("flows", name, "over"), "there are no accounts here to go over.", fix)
    changed = file.flows.get(flow.entity or "")
    if changed and not changed.over and changed.transformed:
        fix = f"Write `from: {flow.entity}` for what that flow makes of it."
        document.report(("flows", name, "entity"), f"the flow `{flow.entity}` changes this entity.", fix)


def _check_each(draft: Draft, name: str, flow: Flow) -> None:
    """Note what a flow of each account reads of all accounts, and destinations that accounts would share."""
    document, flows = draft.document, draft.file.flows
    for use in uses_of(name, flow):
        target = resolve(use, flows, ())
        if target and flows[target[0]].over:
            fix = "Add `over: accounts` to this flow too."
            document.report(use.path, f"`{use.name}` is over all accounts, and this flow is of each.", fix)
    for index, delivery in enumerate(flow.deliver):
        parts = ("to",) if delivery.kind.is_file else ("to", "table", "sheet")
        _check_place(draft, ("flows", name, "deliver"), index, parts, f"out/{MARK}/{name}.csv")


def _check_documents(draft: Draft) -> None:
    """Note folders to which every account would write the same documents."""
    flows = draft.file.flows
    for name, spec in draft.file.documents.items():
        if spec.flow in flows and flows[spec.flow].over:
            continue
        for index, receiver in enumerate(spec.send):
            if receiver.folder:
                _check_place(draft, ("documents", name, "send"), index, ("folder",), f"out/{MARK}")


def _check_place(draft: Draft, path: tuple[str, ...], index: int, parts: Sequence[str], example: str) -> None:
    """Note a place among those that a path lists, or the one that stands there alone, if no account is named in it."""
    here: tuple[str | int, ...] = (*path, index)
    places = [path, here, *(place for part in parts for place in ((*path, part), (*here, part)))]
    if not any(MARK in draft.document.raw.get(place, "") for place in places):
        fix = f"Put {MARK} into {' or '.join(f'`{part}`' for part in parts)}, as in {example}."
        draft.document.report(here, "every account would write to this one place.", fix)


def as_seen_by(file: FlowFile, account: str) -> FlowFile:
    """Return the file as it is for one of its accounts, or for all of them together where none is named."""
    if not file.accounts:
        return file
    return of_account(file, account) if account in file.accounts else over_accounts(file)


def of_account(file: FlowFile, name: str) -> FlowFile:
    """Return the file as it is for one account: without the roll-ups, but with what they need of it."""
    account = file.accounts[name]
    own = {flow: spec for flow, spec in file.flows.items() if not spec.over}
    needed = needs_of_each(file).entities
    read = list(dict.fromkeys((*(file.read or ()), *needed))) if needed or file.read is not None else None
    documents = {title: spec for title, spec in file.documents.items() if spec.flow is None or spec.flow in own}
    parts = {"account": _alone(account), "accounts": {}, "flows": own, "read": read, "documents": documents}
    return file.model_copy(update=parts)


def over_accounts(file: FlowFile) -> FlowFile:
    """Return the file with the roll-ups alone; what they are made of counts as entities."""
    rolled = {flow: spec for flow, spec in file.flows.items() if spec.over}
    each = {flow: spec for flow, spec in file.flows.items() if not spec.over}
    parts = {name: getattr(file, name) for name in FlowFile.model_fields}
    documents = {title: spec for title, spec in file.documents.items() if spec.flow in rolled}
    return FlowFile.of(file.document, each, **parts | {"flows": rolled, "read": None, "documents": documents})


def needs_of_each(file: FlowFile, names: Container[str] | None = None) -> Needs:
    """Return the flows and the entities of each account that the roll-ups are made of, or those of these names."""
    flows, known = file.flows_of_each | file.flows, entity_schemas()
    used: dict[str, None] = {}
    read: dict[str, None] = {}
    waiting = [name for name, flow in flows.items() if flow.over and (names is None or name in names)]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        for target in (resolve(use, flows, known) for use in uses_of(name, flows[name])):
            if target is None or target[0] in seen or report_of(target[0]):
                continue
            if not target[1]:
                read |= dict.fromkeys(read_for(target[0]))
            elif flows[target[0]].over:
                seen.add(target[0])
                waiting.append(target[0])
            else:
                used[target[0]] = None
    return Needs(tuple(used), tuple(read))


def _alone(account: NamedAccount) -> Account:
    return Account(url=account.url or None, key=account.key)


def settings_of(settings: Settings, name: str, account: NamedAccount) -> Settings:
    """Return the settings of one of several accounts: state, warehouse and records of its own.

    A DuckDB file admits one process at a time, so each account has its own, beside that of the roll-ups; in a server
    each has a schema.
    """
    parts = urlsplit(settings.warehouse)
    update: dict[str, Any] = {"state": settings.state / FOLDER / name, "dataset": account.dataset or settings.dataset}
    if parts.scheme == "duckdb":
        file = PurePosixPath(parts.path or "/acflow.duckdb")
        beside = file.with_name(f"{file.stem}_{name}{file.suffix}")
        update["warehouse"] = f"duckdb://{beside}" + (f"?{parts.query}" if parts.query else "")
    elif not account.dataset:
        update["dataset"] = f"{settings.dataset}_{name}"
    if account.zone:
        update["report_options"] = f"{settings.report_options} zone={account.zone}".strip()
    return settings.model_copy(update=update)
