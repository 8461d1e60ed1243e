"""The YAML of a flow file as plain data with the place of every key and value.

Values of the environment are put in after parsing, so a secret may hold any character, and errors show `${NAME}`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from acflow.flows.problems import Path, Place, Problem, dotted

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
HIDDEN = re.compile("\ue000\ue001([A-Za-z_][A-Za-z0-9_]*)\ue002")
MOST_VALUES = 100_000  # in one file; aliases of aliases would make billions of a few lines
TELL_THEMSELVES = ("accounts",)  # what lacks a variable there stays empty: one account must not stop the others
INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")

CORE = "tag:yaml.org,2002:"
SCALARS = frozenset(CORE + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value"))


def hide_variables(text: str) -> str:
    """Write `${NAME}` as letters that YAML takes inside `{…}` too, of the same length so that places stay true."""
    return VARIABLE.sub("\ue000\ue001\\1\ue002", text)


def show_variables(text: str) -> str:
    """Undo `hide_variables`."""
    return HIDDEN.sub(r"${\1}", text)


@dataclass
class Document:
    """A parsed file: its data, and what is wrong with it so far."""

    file: str
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    raw: dict[Path, str] = field(default_factory=dict)
    styles: dict[Path, str | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Path, message: str, fix: str = "", *, at: Place | None = None) -> None:
        """Note a mistake at a path, or at the nearest thing above it that stands in the file."""
        place = at or self.place(path)
        self.problems.append(Problem(self.file, place.line, place.column, dotted(path), message, fix))

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where a value (or its key) stands."""
        for end in range(len(path), -1, -1):
            if key and path[:end] in self.keys:
                return self.keys[path[:end]]
            if path[:end] in self.values:
                return self.values[path[:end]]
        return Place(1, 1)

    def inside(self, path: Path, line: int, column: int) -> Place:
        """Return the place of a spot in a text value, as exactly as its style of writing allows."""
        start, style = self.place(path), self.styles.get(path)
        if style == "|":
            return Place(start.line + line, 1)
        if line == 1 and style in {None, "'", '"'}:
            return Place(start.line, start.column + (1 if style else 0) + max(column - 1, 0))
        return start


def parse(text: str, file: str, env: Mapping[str, str]) -> Document:
    """Read YAML 1.2; syntax errors, duplicate keys, odd tags and missing variables are noted, not raised."""
    document = Document(file)
    try:
        node = YAML(typ="safe", pure=True).compose(hide_variables(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        what = show_variables(" ".join(part for part in (error.context, error.problem) if part))
        document.report((), f"not YAML: {what}.", "Check the indentation, colons and quotes on this line.", at=place)
        return document
    except YAMLError as error:
        document.report((), f"not YAML: {show_variables(str(error))}.")
        return document
    except RecursionError:
        document.report((), "brackets or lines are nested too deep.", "Write it flatter.")
        return document
    if node is not None:
        document.data = _Reader(document, env).read(node, ())
    return document


@dataclass
class _Reader:
    document: Document
    env: Mapping[str, str]
    open: list[Node] = field(default_factory=list)
    values: int = 0

    def read(self, node: Node, path: Path) -> Any:  # noqa: ANN401 - YAML holds anything
        self.values += 1
        if self.values > MOST_VALUES:
            if self.values == MOST_VALUES + 1:
                self.document.report(path, f"more than {MOST_VALUES:,} values.", "Use fewer aliases (`*name`).")
            return None
        self.document.values[path] = _place(node)
        if node in self.open:
            self.document.report(path, "an alias that holds itself.", "Write the value out.")
            return None
        self.open.append(node)
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, path)
            if isinstance(node, SequenceNode):
                items = enumerate(node.value)
                return [self.read(item, (*path, index)) for index, item in items if self.values <= MOST_VALUES]
            return self._scalar(node, path) if isinstance(node, ScalarNode) else None
        finally:
            self.open.pop()

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in self._pairs(node, path):
            name = show_variables(str(key.value))
            here = (*path, name)
            if name in data:
                first = self.document.keys[here].line
                self.document.report(
                    here, f"`{name}` stands twice; the first is on line {first}.", "Keep one.", at=_place(key)
                )
                continue
            self.document.keys[here] = _place(key)
            data[name] = self.read(value, here)
        return data

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[ScalarNode, Node]]:
        """Own keys first, then those that come through `<<` and are not there yet."""
        merged: list[tuple[ScalarNode, Node]] = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.document.report(path, "a key must be one word.", at=_place(key))
            elif key.tag == CORE + "merge":
                for base in value.value if isinstance(value, SequenceNode) else [value]:
                    if isinstance(base, MappingNode) and base not in self.open:
                        merged += base.value
            else:
                yield key, value
        own = {key.value for key, _ in node.value if isinstance(key, ScalarNode)}
        for key, value in merged:
            if key.value not in own:
                own.add(key.value)
                yield key, value

    def _scalar(self, node: ScalarNode, path: Path) -> object:
        text = str(node.value)
        self.document.raw[path] = show_variables(text)
        self.document.styles[path] = node.style
        if str(node.tag) not in SCALARS:
            self.document.report(path, f"the tag `{node.tag}` means nothing here.", "Remove it.")
            return None
        if HIDDEN.search(text):
            return self._substitute(text, path)
        return _plain(str(node.tag).removeprefix(CORE), text) if node.style is None else text

    def _substitute(self, text: str, path: Path) -> str:
        for name in HIDDEN.findall(text):
            if name not in self.env and path[:1] != TELL_THEMSELVES:
                fix = f"Set {name}, for instance in `.env`, or write the value here."
                self.document.report(path, f"the environment variable {name} is not set.", fix)
        return HIDDEN.sub(lambda match: self.env.get(match[1], ""), text)


def _plain(kind: str, text: str) -> object:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and INTEGER.fullmatch(text):
        return int(text)
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
