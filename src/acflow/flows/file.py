"""Read `acflow.yaml`: every mistake of the file at once, each with its place and its fix."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from acflow.entities import declare
from acflow.errors import Action, ConfigError
from acflow.flows.account_spec import Account, AccountName, Dataset, Lake, NamedAccount, TimeZone, Warehouse
from acflow.flows.accounts import check_accounts
from acflow.flows.checks import check_names, check_receivers
from acflow.flows.draft import Draft
from acflow.flows.entity_spec import EntitySpec, entities_of
from acflow.flows.problems import Path, nearest, suggest
from acflow.flows.receivers import DocumentSpec, Mail, Notice, Notices, Receiver
from acflow.flows.report_tables import report_of
from acflow.flows.schedule import Schedule
from acflow.flows.spec import (
    FLOW_NAME,
    LONGEST_NAME,
    SOURCES,
    Delivery,
    EntityName,
    Flow,
    FlowFile,
    Join,
    PickParts,
)
from acflow.flows.text import Document, parse

WORD = re.compile(r"[\w.-]+")
DEFAULT_ENTITIES = ("campaigns", "contacts", "lists", "deals", "segments", "forms")

# Keys that decide which columns a flow has.
SHAPING = (*SOURCES, "columns", "formula", "group_by", "metrics")

# Below these a value may be a secret, so no error shows it.
SECRET = frozenset(
    {"account", "accounts", "warehouse", "to", "credentials", "url", "secret", "password", "slack", "teams"}
)

PARTS: dict[str, type[BaseModel]] = {
    "account": Account,
    "accounts": NamedAccount,
    "entities": EntitySpec,
    "join": Join,
    "schedule": Schedule,
    "deliver": Delivery,
    "columns": PickParts,
    "notify": Notice,
    "mail": Mail,
    "documents": DocumentSpec,
    "send": Receiver,
}
SIMPLE: dict[str, TypeAdapter[Any]] = {
    "account": TypeAdapter(Account),
    "accounts": TypeAdapter(dict[AccountName, NamedAccount]),
    "warehouse": TypeAdapter(Warehouse),
    "dataset": TypeAdapter(Dataset),
    "lake": TypeAdapter(Lake),
    "read": TypeAdapter(list[EntityName]),
    "timezone": TypeAdapter(TimeZone),
    "mail": TypeAdapter(Mail),
    "notify": TypeAdapter(Notices),
    "documents": TypeAdapter(dict[str, DocumentSpec]),
}


def read_text(path: FilePath) -> str:
    """Return the text of a flow file, or raise ConfigError with the next step."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist.", action=Action("write_flows")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} could not be read: {error}.") from None


def draft(text: str, file: str, entities: Iterable[str], env: Mapping[str, str] | None = None) -> Draft:
    """Understand as much of a flow file as there is to understand, and note the rest."""
    document = parse(text, file, os.environ if env is None else env)
    data = document.data
    if not isinstance(data, dict):
        if data is not None:
            document.report((), "the file must hold `account` and `flows`.", "Begin with `account:`.")
        data = {}
    _keep_keys_as_written(document, data)
    further = entities_of(document, data.get("entities"), _report)
    if "entities" in data:  # a part of a file that is tried by itself says nothing of them
        declare(file, further)
    parts = {
        name: _validated(document, (name,), adapter, data[name]) for name, adapter in SIMPLE.items() if name in data
    }
    for name in data:
        if name not in FlowFile.model_fields and not name.startswith("x-"):
            _unknown_key(document, (name,), FlowFile)
    flows, broken = _flows(document, data.get("flows"), [*entities, *(each.name for each in further)])
    given: dict[str, Any] = {name: value for name, value in parts.items() if value is not None}
    return Draft(FlowFile.of(document, **given, flows=flows), document, broken)


def _keep_keys_as_written(document: Document, data: dict[str, Any]) -> None:
    """Take the letters of keys that YAML has read as numbers, such as 123e4567."""
    several = data.get("accounts")
    places: list[tuple[Path, object]] = [(("account",), data.get("account"))]
    places += [(("accounts", name), account) for name, account in several.items()] if isinstance(several, dict) else []
    for path, account in places:
        if isinstance(account, dict) and isinstance(account.get("key"), int | float):
            account["key"] = document.raw[*path, "key"]


def _flows(document: Document, data: object, entities: list[str]) -> tuple[dict[str, Flow], set[str]]:
    if data is None or data == {}:
        return {name: Flow(entity=name) for name in DEFAULT_ENTITIES if name in entities}, set()
    if not isinstance(data, dict):
        document.report(
            ("flows",), "`flows` must hold a name and a flow on each line.", "Write `name: {entity: deals}`."
        )
        return {}, set()
    flows: dict[str, Flow] = {}
    seen: dict[str, str] = {}
    broken = {str(problem.key.split(".")[1]) for problem in document.problems if problem.key.startswith("flows.")}
    for name, value in data.items():
        path = ("flows", name)
        _check_name(document, name, seen)
        flow, whole = _flow(document, path, value)
        if not whole:
            broken.add(name)
        if flow is not None:
            flows[name] = flow
            taken = next((entity for entity in entities if entity.lower() == name.lower()), None)
            misspelled = flow.entity is not None and flow.entity not in entities
            if taken and flow.entity != name and not misspelled:
                message, fix = _whose_name(name, taken)
                document.report(path, message, fix, at=document.place(path, key=True))
                broken.add(name)
    return flows, broken


def _whose_name(name: str, taken: str) -> tuple[str, str]:
    """Say whose a name is that a flow cannot have, and what to do."""
    if report := report_of(taken):
        return f"`{name}` is the table of the report `{report.name}`.", "Give the flow another name."
    fix = f"Give the flow another name, or call it `{taken}` and make it `entity: {taken}`."
    return f"`{name}` is the name of an entity.", fix


def _flow(document: Document, path: Path, value: object) -> tuple[Flow | None, bool]:
    """Return a flow, and whether its columns are as the file means them.

    A flow with a mistake in a key that has no say in the columns is still looked at without that key.
    """
    adapter = TypeAdapter(Flow)
    try:
        return adapter.validate_python(value), True
    except ValidationError as error:
        details = error.errors(include_url=False)
    for detail in details:
        _report(document, path, detail)
    wrong = {detail["loc"][0] for detail in details if detail["loc"]}
    if not isinstance(value, dict) or not wrong or wrong & set(SHAPING):
        return None, False
    wrong |= {"mode", "key"} if wrong & {"mode", "key"} else set()
    try:
        return adapter.validate_python({key: part for key, part in value.items() if key not in wrong}), True
    except ValidationError:
        return None, False


def _check_name(document: Document, name: str, seen: dict[str, str]) -> None:
    path = ("flows", name)
    place = document.place(path, key=True)
    if not FLOW_NAME.fullmatch(name):
        better = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_0123456789")[:LONGEST_NAME]
        rule = f"A flow's name becomes a table: letters, digits and _, at most {LONGEST_NAME}."
        document.report(
            path, f"`{name}` cannot be a table.", rule + (f" `{better}` would do." if better else ""), at=place
        )
    twin = seen.setdefault(name.lower(), name)
    if twin != name:
        line = document.place(("flows", twin), key=True).line
        document.report(path, f"the same name as `{twin}` on line {line}, but for case.", "Rename one.", at=place)


def _validated(document: Document, path: Path, adapter: TypeAdapter[Any], value: object) -> object:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            _report(document, path, detail)
        return None


def _report(document: Document, base: Path, detail: ErrorDetails) -> None:
    path = _real_path(document, base, detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        model = next(
            (PARTS[part] for part in reversed(path[:-1]) if part in PARTS), Flow if base[0] == "flows" else Account
        )
        _unknown_key(document, (*base, *detail["loc"]), model)
    elif kind == "acflow":
        document.report(path, context["message"], context["fix"])
    elif kind == "missing":
        document.report(path, f"`{detail['loc'][-1]}` is missing.")
    elif kind == "literal_error":
        choice = re.findall(r"'([^']*)'", context["expected"])
        word = document.raw.get(path, "")
        document.report(path, f"`{word}` is none of {', '.join(choice)}.", _did_you_mean(word, choice))
    elif kind == "value_error":
        document.report(path, f"{context['error']}.")
    else:
        raw = None if SECRET.intersection(path) else document.raw.get(path)
        document.report(path, _plain_message(detail, raw))


def _did_you_mean(word: str, choice: Iterable[str]) -> str:
    near = nearest(word, choice)
    return f"Did you mean `{near}`?" if near else ""


PLAIN_WORDS = (
    ("dictionary", "mapping of keys and values"),
    ("a string", "text"),
    ("instance of Flow", "flow"),
    ("a boolean, unable to interpret input", "true or false"),
    (", unable to parse string as an integer", ""),
    ("a integer", "a whole number"),
)


def _plain_message(detail: ErrorDetails, raw: str | None) -> str:
    """Say what was expected; what was found is shown as written, so that no secret is."""
    message = detail["msg"].replace("Input should be ", "this must be ").replace("valid ", "")
    for word, plain in PLAIN_WORDS:
        message = message.replace(word, plain)
    return f"{message[0].lower()}{message[1:]}{f', not `{raw}`' if raw is not None else ''}."


def _real_path(document: Document, base: Path, loc: Path) -> Path:
    """Return the path in the file of a place in the model; the short forms of the file have fewer or other steps."""
    path = base
    for part in loc:
        here = (*path, part)
        if here in document.values:
            path = here
        elif isinstance(part, int) and path[-1] == "columns":  # written as a mapping of new names to old ones
            children = [key for key in document.values if len(key) == len(path) + 1 and key[:-1] == path]
            path = children[part] if part < len(children) and isinstance(children[part][-1], str) else path
    return path


def _unknown_key(document: Document, path: Path, model: type[BaseModel]) -> None:
    names = [spec.alias or name for name, spec in model.model_fields.items()]
    real = _real_path(document, (), path)
    word = str(path[-1])
    fix = suggest(word, names, "keys here")
    if not WORD.fullmatch(word):
        fix = "In braces a comma begins a new key; put what holds a comma in quotes."
    elif model is Flow and nearest(word, names) is None:
        fix = f"A flow has one source ({', '.join(SOURCES)}) and steps such as where, columns, group_by, sort."
    document.report(real, f"unknown key `{word}`.", fix, at=document.place(real, key=True))


def load_flow_file(
    path: FilePath, *, entities: Iterable[str] | None = None, env: Mapping[str, str] | None = None
) -> FlowFile:
    """Read a flow file, or raise FlowFileError with all that is wrong in it but for its SQL."""
    return load_flow_text(read_text(path), file=str(path), entities=entities, env=env)


def load_flow_text(
    text: str,
    *,
    file: str = "acflow.yaml",
    entities: Iterable[str] | None = None,
    env: Mapping[str, str] | None = None,
) -> FlowFile:
    """Read the text of a flow file; see `load_flow_file`."""
    from acflow.flows.catalog import entity_schemas

    names = tuple(entity_schemas() if entities is None else entities)
    found = draft(text, file, names, env)
    if not (isinstance(found.document.data, dict) and "entities" in found.document.data):
        declare(file, ())
    check_names(found, tuple(entity_schemas()) if entities is None else names)
    check_accounts(found)
    check_receivers(found)
    found.raise_problems()
    return found.file
