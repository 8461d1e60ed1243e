"""Write a flow into `acflow.yaml`; comments, order and quotes of what is there stay."""

import os
import tempfile
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.util import load_yaml_guess_indent

from acflow.errors import ConfigError
from acflow.flows.catalog import entity_schemas
from acflow.flows.compile_file import prepare_text
from acflow.flows.file import DEFAULT_ENTITIES, draft, read_text
from acflow.flows.problems import FlowFileError, Problem
from acflow.flows.problems import Path as Place
from acflow.flows.spec import Flow, FlowFile
from acflow.flows.text import VARIABLE, Document, hide_variables, show_variables

WIDE = 1_000_000  # no line of the file is broken


def plain_flow(flow: Flow) -> dict[str, Any]:
    """Return a flow as one would write it: without what is as it is anyway."""
    return flow.model_dump(by_alias=True, exclude_defaults=True, mode="json")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a flow file says and what it is to say."""

    path: Path
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty if nothing changes."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = unified_diff(before, after, self.path.name, f"{self.path.name} (new)")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def save(self) -> None:
        """Write the file in one step.

        Raises:
            ConfigError: somebody else changed the file meanwhile; it stays as it is.

        """
        if read_text(self.path) != self.before:
            raise ConfigError(f"{self.path} was changed meanwhile, so nothing was written. Look at it and try again.")
        mode = self.path.stat().st_mode & 0o777
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(self.after)
            Path(temporary).chmod(mode)
            Path(temporary).replace(self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def add_flow(path: Path, name: str, flow: Flow | Mapping[str, Any], *, env: Mapping[str, str] | None = None) -> None:
    """Add a flow to the file, which is replaced in one step; raises FlowFileError if the flow or its name has mistakes.

    A file without flows stands for one flow for each of the six entities; those are written down with the first one.
    """
    text = read_text(path)
    words = plain_flow(flow) if isinstance(flow, Flow) else dict(flow)
    FileChange(path, text, with_flow(text, name, words, file=str(path), env=env)).save()


def flow_text(file: FlowFile, name: str) -> str:
    """Return a flow as YAML, with its name before it; variables stand in it as `${NAME}`."""
    return _block({name: flow_as_written(file, name) or plain_flow(file.flows[name])}, 0)


def flow_as_written(file: FlowFile, name: str) -> dict[str, Any]:
    """Return a flow as plain data, with variables as `${NAME}`; nothing if the file only stands for it."""
    base = ("flows", name)
    return dict(_as_written(file.document, base)) if base in file.document.keys else {}


def _as_written(document: Document, path: Place) -> Any:  # noqa: ANN401 - YAML holds anything
    """Return the value at a path, with the names of variables in place of what they stand for."""
    data = document.data
    for part in path:
        data = data[part]
    if isinstance(data, Mapping):
        return {key: _as_written(document, (*path, key)) for key in data}
    if isinstance(data, list):
        return [_as_written(document, (*path, index)) for index in range(len(data))]
    raw = document.raw.get(path, "")
    return raw if VARIABLE.search(raw) else data


def with_flow(
    text: str, name: str, flow: Mapping[str, Any], *, file: str = "acflow.yaml", env: Mapping[str, str] | None = None
) -> str:
    """Return the text of a flow file with one more flow."""
    return checked(text, inserted_flow(text, name, flow, file=file, env=env), file=file, env=env)


def inserted_flow(
    text: str, name: str, flow: Mapping[str, Any], *, file: str = "acflow.yaml", env: Mapping[str, str] | None = None
) -> str:
    """Return the text of a flow file with one more flow, whatever mistakes the flow has."""
    known = tuple(entity_schemas())
    before = draft(text, file, known, env).document
    data = before.data if isinstance(before.data, dict) else {}
    flows = data.get("flows") or {}
    if name in flows:
        raise ConfigError(f"There is a flow `{name}` already. Choose another name, or edit {file}.")
    missing = (
        {}
        if flows
        else {entity: {"entity": entity} for entity in DEFAULT_ENTITIES if entity in known and entity != name}
    )
    added = {**missing, name: dict(flow)}
    result = _inserted(text, added, before)
    if draft(result, file, known, env).document.data != {**data, "flows": {**flows, **_seen(added, file, known, env)}}:
        result = _rewritten(text, added)
    return result


def checked(before: str, after: str, *, file: str, env: Mapping[str, str] | None) -> str:
    """Return the new text; raises FlowFileError with the mistakes that it has and the old text had not."""
    old = {(problem.key, problem.message) for problem in _problems(before, file, env)}
    new = [problem for problem in _problems(after, file, env) if (problem.key, problem.message) not in old]
    if new:
        raise FlowFileError(new)
    return after


def _problems(text: str, file: str, env: Mapping[str, str] | None) -> list[Problem]:
    try:
        prepare_text(text, file=file, env=env)
    except FlowFileError as error:
        return error.problems
    return []


def _seen(flows: Mapping[str, Any], file: str, known: tuple[str, ...], env: Mapping[str, str] | None) -> Any:  # noqa: ANN401
    """Return flows as they look once they are read from a file."""
    return draft(_block({"flows": flows}, 0), file, known, env).document.data["flows"]


def _block(data: Mapping[str, Any], indent: int) -> str:
    yaml = YAML()
    yaml.width = WIDE
    stream = StringIO()
    yaml.dump(hidden(data), stream)
    return show_variables(textwrap.indent(stream.getvalue(), " " * indent))


def _inserted(text: str, flows: Mapping[str, Any], document: Document) -> str:
    """Put flows behind the last one, touching no line that is there."""
    lines = [line if line.endswith("\n") else f"{line}\n" for line in text.splitlines(keepends=True)]
    if ("flows",) not in document.keys:
        return "".join([*lines, "\n", _block({"flows": flows}, 0)])
    first = document.keys[("flows",)].line
    children = [place.column - 1 for path, place in document.keys.items() if len(path) == 2 and path[0] == "flows"]  # noqa: PLR2004
    indent = min(children, default=2)
    following = [place.line for path, place in document.keys.items() if len(path) == 1 and place.line > first]
    end = min(following, default=len(lines) + 1) - 1
    while end > first and _is_loose(lines[end - 1], indent):
        end -= 1
    return "".join([*lines[:end], _block(flows, indent), *lines[end:]])


def _is_loose(line: str, indent: int) -> bool:
    """Whether a line is empty, or a comment that stands left of the flows and so belongs to what follows."""
    return not line.strip() or (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < indent)


def _rewritten(text: str, flows: Mapping[str, Any]) -> str:
    """Add flows to a file whose flows stand in braces, where no line can be put between."""
    _, indent, offset = load_yaml_guess_indent(hide_variables(text))
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDE
    yaml.indent(mapping=indent or 2, sequence=(offset or 0) + 2, offset=offset or 0)
    data = yaml.load(hide_variables(text)) or yaml.map()
    data["flows"] = data.get("flows") or yaml.map()
    data["flows"].update(hidden(flows))
    stream = StringIO()
    yaml.dump(data, stream)
    return show_variables(stream.getvalue())


def hidden(value: Any) -> Any:  # noqa: ANN401 - YAML holds anything
    if isinstance(value, str):
        return hide_variables(value) if VARIABLE.search(value) else value
    if isinstance(value, Mapping):
        return {key: hidden(part) for key, part in value.items()}
    return [hidden(part) for part in value] if isinstance(value, list | tuple) else value
