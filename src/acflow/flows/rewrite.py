"""Change flows that stand in `acflow.yaml`: replace, rename, remove. Lines of other flows stay to the letter.

A flow's own lines are taken out, changed as a document of their own, so that their comments stay, and put back. Where
that cannot be, since flows stand in braces or share parts by anchors, the whole file is written anew by ruamel.yaml.
"""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import ScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from acflow.errors import ConfigError
from acflow.flows.catalog import entity_schemas
from acflow.flows.edit import WIDE, checked, hidden
from acflow.flows.file import draft
from acflow.flows.plan import flows_used
from acflow.flows.problems import suggest
from acflow.flows.query import with_table_renamed
from acflow.flows.text import Document, hide_variables, show_variables

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FlowText:
    """The text of a flow file; each change gives a new one.

    `file` is its name for messages, `env` what `${NAME}` stands for. Without `checks` mistakes are let through, as a
    flow in the making has some.
    """

    text: str
    file: str = "acflow.yaml"
    env: Mapping[str, str] | None = None
    checks: bool = True

    def replaced(self, name: str, flow: Words) -> "FlowText":
        """Return the file with another flow in the place of one; words that do not change keep their comments.

        Raises:
            FlowFileError: the flow has mistakes.
            ConfigError: there is no flow of that name.

        """
        self._require(name)
        return self._checked(self._changed(name, lambda old: _merged(old, hidden(dict(flow)))))

    def renamed(self, name: str, new: str) -> "FlowText":
        """Return the file with another name for a flow, also where other flows use it.

        Raises:
            FlowFileError: the new name cannot be one.
            ConfigError: there is no such flow, or another of the new name.

        """
        self._require(name)
        document = self._document()
        if new in document.data["flows"]:
            raise ConfigError(f"There is a flow `{new}` already. Choose another name.")
        users = self._users(name)
        result = self._with_key(document, name, new)
        for user in users:
            result = result._changed(user, lambda old: _merged(old, _using(old, name, new)))  # noqa: SLF001
        return self._checked(result)

    def removed(self, name: str) -> "FlowText":
        """Return the file without a flow and the comment right above it.

        Raises:
            ConfigError: there is no such flow, others use it, or it is the only one.

        """
        self._require(name)
        document = self._document()
        if users := self._users(name):
            raise ConfigError(f"{', '.join(users)} use{'s' if len(users) == 1 else ''} `{name}`. Change that first.")
        if len(document.data["flows"]) == 1:
            raise ConfigError(f"`{name}` is the only flow, and a file without any stands for the six entities.")
        lines = self.text.splitlines(keepends=True)
        block = self._block(document, name)
        if block is None:
            return self._checked(self._rewritten(lambda flows: flows.pop(name)))
        start, end = block
        indent = document.keys["flows", name].column - 1
        while start > 0 and lines[start - 1].startswith(" " * indent + "#"):
            start -= 1
        return self._checked(self._with("".join([*lines[:start], *lines[end:]])))

    def _with(self, text: str) -> "FlowText":
        return FlowText(text, self.file, self.env, self.checks)

    def _checked(self, result: "FlowText") -> "FlowText":
        if self.checks:
            checked(self.text, result.text, file=self.file, env=self.env)
        return result

    def _document(self) -> Document:
        return draft(self.text, self.file, tuple(entity_schemas()), self.env).document

    def _require(self, name: str) -> None:
        data = self._document().data
        flows = (data.get("flows") if isinstance(data, dict) else None) or {}
        if name not in flows:
            raise ConfigError(f"There is no flow `{name}` in {self.file}. {suggest(name, flows, 'flows')}".strip())

    def _users(self, name: str) -> list[str]:
        """Return the flows that use a flow directly."""
        flows = draft(self.text, self.file, tuple(entity_schemas()), self.env).file.flows
        return [user for user, flow in flows.items() if name in flows_used(user, flow, flows, entity_schemas())]

    def _block(self, document: Document, name: str) -> tuple[int, int] | None:
        """Return the first line of a flow, counted from 0, and the one behind its last; None if it has none alone."""
        places = [place for path, place in document.keys.items() if path[0] == "flows" and len(path) == 2]  # noqa: PLR2004
        place, lines = document.keys["flows", name], self.text.splitlines(keepends=True)
        if document.keys["flows",].line == place.line or sum(other.line == place.line for other in places) > 1:
            return None
        after = [other.line for path, other in document.keys.items() if len(path) <= 2 and other.line > place.line]  # noqa: PLR2004
        end = min(after, default=len(lines) + 1) - 1
        indent = place.column - 1
        while end > place.line and _belongs_to_the_next(lines[end - 1], indent):
            end -= 1
        return place.line - 1, end

    def _changed(self, name: str, change: Callable[[Any], Any]) -> "FlowText":
        """Return the text with `change` made to the words of one flow."""
        document = self._document()
        block = self._block(document, name)
        if block is not None:
            start, end = block
            lines = self.text.splitlines(keepends=True)
            own = textwrap.dedent("".join(lines[start:end]))
            try:
                data = _load(own)
            except YAMLError:  # it uses an anchor of another flow
                data = None
            if data is not None:
                data[name] = change(data[name])
                indent = " " * (document.keys["flows", name].column - 1)
                dumped = textwrap.indent(_dump(data, own), indent)
                result = self._with("".join([*lines[:start], dumped, *lines[end:]]))
                rewritten = self._rewritten(lambda flows: flows.update({name: change(flows[name])}))
                if result._document().data == rewritten._document().data:  # noqa: SLF001
                    return result
                return rewritten
        return self._rewritten(lambda flows: flows.update({name: change(flows[name])}))

    def _with_key(self, document: Document, name: str, new: str) -> "FlowText":
        """Return the text with another name for a flow where it is defined, and nowhere else."""
        place = document.keys["flows", name]
        lines = self.text.splitlines(keepends=True)
        line = lines[place.line - 1]
        start = place.column - 1
        if line[start : start + len(name)] == name:
            lines[place.line - 1] = line[:start] + new + line[start + len(name) :]
            return self._with("".join(lines))
        return self._rewritten(lambda flows: flows.insert(list(flows).index(name), new, flows.pop(name)))

    def _rewritten(self, change: Callable[[Any], object]) -> "FlowText":
        """Return the whole file written anew after a change of its flows."""
        data = _load(self.text)
        change(data["flows"])
        return self._with(_dump(data, self.text))


def _belongs_to_the_next(line: str, indent: int) -> bool:
    """Whether a line is empty, or a comment that stands no further in than the names of flows."""
    return not line.strip() or (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent)


def _merged(old: Any, new: Words) -> Any:  # noqa: ANN401 - ruamel's own mapping, whose comments stay
    """Return a mapping of YAML with other words in it; what is equal stays as it is written."""
    if not isinstance(old, dict):
        return new
    for word in [word for word in old if word not in new]:
        del old[word]
    for word, value in new.items():
        before = old.get(word)
        if word in old and before == value:
            continue
        if isinstance(before, dict) and isinstance(value, Mapping):
            _merged(before, value)
        else:
            old[word] = type(before)(value) if isinstance(before, ScalarString) and isinstance(value, str) else value
    return old


def _using(old: Words, name: str, new: str) -> dict[str, Any]:
    """Return the words of a flow which uses another by a new name."""
    words = dict(old)
    if words.get("from") == name:
        words["from"] = new
    if "join" in words:
        sides = {side: new for side in ("left", "right") if words["join"].get(side) == name}
        words["join"] = {**words["join"], **sides}
    if "append" in words:
        words["append"] = [new if used == name else used for used in words["append"]]
    if "sql" in words:
        words["sql"] = with_table_renamed(str(words["sql"]), name, new)
    return words


def _yaml(text: str) -> YAML:
    _, indent, offset = load_yaml_guess_indent(hide_variables(text))
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDE
    yaml.indent(mapping=indent or 2, sequence=(offset or 0) + 2, offset=offset or 0)
    return yaml


def _load(text: str) -> Any:  # noqa: ANN401 - ruamel's own mappings
    return _yaml(text).load(hide_variables(text))


def _dump(data: Any, text: str) -> str:  # noqa: ANN401 - ruamel's own mappings
    """Return data as YAML, indented as a text is."""
    stream = StringIO()
    _yaml(text).dump(data, stream)
    return show_variables(stream.getvalue())
