"""Flows that somebody is working on: kept on the server, tried against what is loaded, and saved into `acflow.yaml`.

A draft may be unfinished or wrong; only saving asks for a flow without mistakes. It remembers the file that it began
with, so that a change by somebody else meanwhile is noticed and not written over.
"""

import difflib
import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from acflow.errors import AcflowError, ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from acflow.app.prepare import PreparedRun
    from acflow.app.project import Project
    from acflow.flows.problems import Problem

FOLDER = "drafts"
ID = re.compile(r"[0-9a-f]{16}")
ROWS = 8
CONTEXT = 3  # lines around a change


@dataclass(frozen=True, slots=True)
class Draft:
    """A flow in the making. `original` is the name of the flow that it changes, empty for a new one."""

    id: str
    name: str
    flow: Mapping[str, Any]
    original: str = ""
    base: str = ""  # hash of the flow file when work began


@dataclass(frozen=True, slots=True)
class JoinCounts:
    """What a join does to rows, for people to see before they trust it."""

    left: str
    right: str
    unmatched: int
    rows: int
    more_rows: int
    repeated_keys: int
    without_key: int


@dataclass(frozen=True, slots=True)
class DraftResult:
    """What a draft gives now: its first rows and columns, or what is wrong with it by the key of the flow file."""

    table: "pa.Table | None" = None
    problems: Mapping[str, str] = field(default_factory=dict)
    join: JoinCounts | None = None
    sql: str = ""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a change: `kind` is add, del, at or same."""

    kind: str
    text: str


def start_draft(project: "Project", name: str, flow: Mapping[str, Any], original: str = "") -> Draft:
    """Begin a draft and keep it."""
    draft = Draft(secrets.token_hex(8), name, flow, original, _hash(_text(project)))
    save_draft(project, draft)
    return draft


def edit_draft(project: "Project", name: str) -> Draft:
    """Begin a draft of a flow that is there.

    Raises:
        ConfigError: there is no such flow.

    """
    from acflow.flows.edit import flow_as_written
    from acflow.flows.problems import suggest

    if name not in project.file.flows:
        fix = suggest(name, project.file.flows, "flows")
        raise ConfigError(f"There is no flow `{name}`. {fix}".strip())
    written = flow_as_written(project.file, name)
    if not written:  # one of the flows that a file without flows stands for
        return start_draft(project, name, {"entity": name})
    return start_draft(project, name, written, name)


def load_draft(project: "Project", draft_id: str) -> Draft:
    """Return a draft.

    Raises:
        ConfigError: there is none; it may have been saved or thrown away.

    """
    if ID.fullmatch(draft_id):
        path = project.state / FOLDER / f"{draft_id}.json"
        try:
            return Draft(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            pass
    raise ConfigError("This draft is not here any more. It was saved or thrown away.")


def save_draft(project: "Project", draft: Draft) -> None:
    """Keep a draft as it is now."""
    from acflow.app.files import write_whole

    folder = project.state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{draft.id}.json", json.dumps(asdict(draft)), mode=0o600)


def drop_draft(project: "Project", draft: Draft) -> None:
    """Throw a draft away."""
    (project.state / FOLDER / f"{draft.id}.json").unlink(missing_ok=True)


def list_drafts(project: "Project") -> list[Draft]:
    """Return the drafts that somebody left, the newest first."""
    folder = project.state / FOLDER
    paths = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = []
    for path in paths:
        try:
            found.append(load_draft(project, path.stem))
        except ConfigError:
            continue
    return found


def text_with(project: "Project", draft: Draft) -> str:
    """Return the text that the flow file would have."""
    from acflow.flows.edit import inserted_flow
    from acflow.flows.rewrite import FlowText

    text = _text(project)
    if not draft.original:
        return inserted_flow(text, draft.name, draft.flow, env=project.variables)
    changed = FlowText(text, env=project.variables, checks=False).replaced(draft.original, draft.flow)
    return (changed if draft.name == draft.original else changed.renamed(draft.original, draft.name)).text


def diff_of(project: "Project", draft: Draft) -> list[DiffLine]:
    """Return what saving would change in the flow file, line by line."""
    before, after = _text(project).splitlines(), text_with(project, draft).splitlines()
    lines = list(difflib.unified_diff(before, after, lineterm="", n=CONTEXT))[2:]
    kinds = {"+": "add", "-": "del", "@": "at"}
    return [DiffLine(kinds.get(line[:1], "same"), line) for line in lines]


def try_draft(project: "Project", draft: Draft, *, counts: bool = True) -> DraftResult:
    """Compute the first rows of a draft from what is loaded; nothing is kept."""
    from acflow.flows.preview import preview_sql
    from acflow.flows.problems import FlowFileError

    try:
        job = _prepared(project, draft)
        sql = preview_sql(job.materializer(), job.plan, draft.name, ROWS)
        with job.warehouse.stream(sql) as reader:
            table = reader.read_all()
        shown = job.materializer().sql(job.compiled[draft.name].query, pretty=True)
        return DraftResult(table, join=_join_counts(job, draft) if counts else None, sql=shown)
    except FlowFileError as error:
        return DraftResult(problems=_by_key(error.problems, draft))
    except AcflowError as error:
        return DraftResult(problems={"": str(error)})


def problems_of(project: "Project", draft: Draft) -> dict[str, str]:
    """Return what is wrong with a draft, by the key of the flow file; nothing if it can be saved."""
    from acflow.flows.problems import FlowFileError

    if draft.name != draft.original and draft.name in project.file.flows and not _stands_for_itself(project):
        return {"name": f"There is a flow `{draft.name}` already. Choose another name."}
    try:
        _prepared(project, draft)
    except FlowFileError as error:
        return _by_key(error.problems, draft)
    except AcflowError as error:
        return {"": str(error)}
    return {}


def commit_draft(project: "Project", draft: Draft) -> None:
    """Save a draft into the flow file and throw it away.

    Raises:
        ConfigError: it has mistakes, or the file was changed by somebody else since work began.

    """
    from acflow.app.files import write_whole

    if _hash(_text(project)) != draft.base:
        raise ConfigError(
            "acflow.yaml was changed by somebody else since you began. Look at the difference again, then save."
        )
    if problems := problems_of(project, draft):
        raise ConfigError(" ".join(problems.values()))
    path = project.flow_path
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    write_whole(path, text_with(project, draft), mode=mode)
    drop_draft(project, draft)


def rebase_draft(project: "Project", draft: Draft) -> Draft:
    """Take note of the flow file as it is now: its new difference has been shown."""
    fresh = replace(draft, base=_hash(_text(project)))
    save_draft(project, fresh)
    return fresh


def is_behind(project: "Project", draft: Draft) -> bool:
    """Whether the flow file has changed since work on a draft began."""
    return _hash(_text(project)) != draft.base


def source_columns(project: "Project", draft: Draft) -> dict[str, str]:
    """Return the columns that a draft has before its own steps, with their SQL types; none if it has mistakes."""
    steps = (
        "where",
        "columns",
        "formula",
        "group_by",
        "metrics",
        "distinct",
        "sort",
        "limit",
        "key",
        "mode",
        "deliver",
    )
    bare = {key: value for key, value in draft.flow.items() if key not in steps}
    try:
        return dict(_prepared(project, replace(draft, flow=bare)).compiled[draft.name].columns)
    except AcflowError:
        return {}


def sources(project: "Project") -> tuple[list[str], list[str]]:
    """Return what a flow can be made of: the entities and derived tables, and the other flows."""
    from acflow.entities import known_entities
    from acflow.flows.catalog import entity_schemas

    names = [entity.name for entity in known_entities()]
    derived = [name for name in entity_schemas() if name not in names]
    return [*names, *derived], list(project.file.flows)


def _prepared(project: "Project", draft: Draft) -> "PreparedRun":
    from acflow.app.prepare import prepare
    from acflow.flows.file import load_flow_text

    text = text_with(project, draft)
    file = load_flow_text(text, file=str(project.flow_path), env=project.variables)
    return prepare(project.settings, file, [draft.name], project.reader())


def _join_counts(job: "PreparedRun", draft: Draft) -> JoinCounts | None:
    from sqlglot import exp

    from acflow.flows.preview import preview_query

    checks = job.compiled[draft.name].checks
    if not draft.flow.get("join") or not checks:
        return None
    check, materializer = checks[0], job.materializer()
    try:
        unmatched = job.warehouse.query(materializer.sql(check.unmatched)).to_pylist()[0]
        fan_out = (
            job.warehouse.query(materializer.sql(check.fan_out)).to_pylist()[0]
            if check.fan_out
            else {"keys": 0, "extra_rows": 0}
        )
        everything = preview_query(materializer, job.plan, draft.name)
        counted = everything.select(exp.Count(this=exp.Star()).as_("rows"), append=False)
        rows = job.warehouse.query(materializer.sql(counted)).to_pylist()[0]["rows"]
    except AcflowError:  # flows that it is made of have no tables yet
        return None
    return JoinCounts(
        left=check.left,
        right=check.right,
        unmatched=unmatched["unmatched"] or 0,
        rows=rows,
        more_rows=fan_out["extra_rows"] or 0,
        repeated_keys=fan_out["keys"] or 0,
        without_key=unmatched["without_key"] or 0,
    )


def _by_key(problems: "Sequence[Problem]", draft: Draft) -> dict[str, str]:
    """Return mistakes by the key of the flow that they are in; those of other flows stand under an empty key."""
    base = f"flows.{draft.name}"
    found: dict[str, str] = {}
    for problem in problems:
        inside = problem.key == base or problem.key.startswith(f"{base}.")
        key = re.split(r"[.\[]", problem.key.removeprefix(base).lstrip("."))[0] if inside else ""
        text = f"{problem.message} {problem.fix}".strip()
        text = text if inside else f"{problem.key}: {text}"
        found[key] = f"{found[key]} {text}" if key in found else text
    return found


def _stands_for_itself(project: "Project") -> bool:
    """Whether the file has no flows of its own, and so stands for one for each of the six entities."""
    return project.own_flows is None


def _text(project: "Project") -> str:
    from acflow.app.account import FLOW_FILE_TEXT
    from acflow.flows.file import read_text

    path: Path = project.flow_path
    return read_text(path) if path.exists() else FLOW_FILE_TEXT


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
