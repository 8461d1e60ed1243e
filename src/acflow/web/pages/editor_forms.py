"""The five forms of the editor: what each shows of a draft, and what it makes of the answer.

Each form touches only the keys that it shows, so whatever was written by hand beside them stays.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from acflow.web.render import CRON, DAYS
from acflow.web.security import Form, field, fields

if TYPE_CHECKING:
    from acflow.app.drafts import Draft
    from acflow.web.site import Site

KINDS = {
    "entity": "One kind of record",
    "from": "Another flow",
    "join": "Two of them side by side",
    "append": "Several, one below the other",
    "sql": "A question in SQL",
}
JOINS = {
    "left": "all rows of the first",
    "inner": "only rows with a match",
    "full": "all rows of both",
    "right": "all rows of the second",
    "anti": "rows of the first without a match",
}
MODES = {
    "replace": "replace: the table holds exactly what this run made",
    "append": "append: each run adds its rows, with the time",
    "merge": "merge: rows with a known key are replaced, others added",
}
EMPTY_ROWS = 2  # further rows that a form offers

Flow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepForm:
    """A form: `shown` gives its values, `taken` the draft that its answer makes."""

    shown: "Callable[[Site, Draft], Mapping[str, Any]]"
    taken: "Callable[[Draft, Form], Draft]"


def named(draft: "Draft") -> "Draft":
    """Return a draft whose flow has no empty parts, in the order in which people write them."""
    order = ("description", "entity", "from", "join", "append", "sql", "where", "columns", "formula", "group_by")
    order += ("metrics", "distinct", "sort", "limit", "mode", "key", "schedule", "deliver")  # type: ignore[assignment]
    flow = {key: value for key, value in draft.flow.items() if value not in (None, "", [], {}, False)}
    known = [key for key in order if key in flow]
    return replace(draft, flow={key: flow[key] for key in (*known, *(key for key in flow if key not in order))})


def kind_of(flow: Flow) -> str:
    """Return which of the five kinds of source a flow has."""
    return next((kind for kind in KINDS if flow.get(kind)), "entity")


def _source_shown(site: "Site", draft: "Draft") -> Mapping[str, Any]:
    from acflow.app.drafts import sources

    entities, flows = sources(site.project)
    return {
        "kinds": KINDS,
        "kind": kind_of(draft.flow),
        "entities": entities,
        "flows": [name for name in flows if name != draft.name],
        "entity": draft.flow.get("entity", "contacts"),
        "from": draft.flow.get("from", ""),
        "description": draft.flow.get("description", ""),
    }


def _source_taken(draft: "Draft", form: Form) -> "Draft":
    from sqlglot import exp

    kind, flow = field(form, "kind") or kind_of(draft.flow), dict(draft.flow)
    first = flow.get("entity") or flow.get("from") or (flow.get("join") or {}).get("left") or "deals"
    for other in KINDS:
        if other != kind:
            flow.pop(other, None)
    if kind in {"entity", "from"}:
        flow[kind] = field(form, kind) or flow.get(kind)
    elif kind == "join" and not flow.get("join"):
        right = "contacts" if first != "contacts" else "deals"
        flow["join"] = {"left": first, "right": right, "on": {"id": "id"}, "type": "left"}
    elif kind == "append" and not flow.get("append"):
        flow["append"] = [first]
    elif kind == "sql" and not flow.get("sql"):
        flow["sql"] = exp.select("*").from_(exp.to_identifier(str(first), quoted=True)).sql("duckdb", pretty=True)
    flow["description"] = field(form, "description")
    name = re.sub(r"\W+", "_", field(form, "name")).strip("_") or draft.name
    return replace(draft, name=name, flow=flow)


def _combine_shown(site: "Site", draft: "Draft") -> Mapping[str, Any]:
    from acflow.app.drafts import source_columns, sources

    entities, flows = sources(site.project)
    join = draft.flow.get("join") or {}
    pairs = _pairs(join.get("on"))
    tables = [name for name in (*flows, *(name for name in entities if name not in flows)) if name != draft.name]

    def columns(name: str) -> list[str]:
        source = {"entity": name} if name in entities else {"from": name}
        return list(source_columns(site.project, replace(draft, flow=source))) if name else []

    return {
        "kind": kind_of(draft.flow),
        "tables": tables,
        "join": join,
        "joins": JOINS,
        "pairs": [*pairs.items()] or [("", "")],
        "left_columns": columns(join.get("left", "")) if join else [],
        "right_columns": columns(join.get("right", "")) if join else [],
        "append": draft.flow.get("append") or [],
        "sql": draft.flow.get("sql") or "",
    }


def _pairs(on: Any) -> dict[str, str]:  # noqa: ANN401 - the three ways in which the file may say it
    if isinstance(on, str):
        return {on: on}
    return {name: name for name in on} if isinstance(on, list) else dict(on or {})


def _combine_taken(draft: "Draft", form: Form) -> "Draft":
    flow, kind = dict(draft.flow), kind_of(draft.flow)
    if kind == "join":
        pairs = zip(fields(form, "left_key"), fields(form, "right_key"), strict=False)
        on = {left: right for left, right in pairs if left and right}
        join = dict(flow["join"]) | {"left": field(form, "left"), "right": field(form, "right")}
        flow["join"] = join | {"on": on or join.get("on") or {"id": "id"}, "type": field(form, "type") or "left"}
    elif kind == "append":
        flow["append"] = [name for name in fields(form, "append") if name]
    elif kind == "sql":
        flow["sql"] = field(form, "sql")
    elif other := field(form, "right"):
        first = flow.pop("entity", None) or flow.pop("from", None)
        flow.pop("from", None)
        flow["join"] = {"left": first, "right": other, "on": {"id": "id"}, "type": "left"}
    return replace(draft, flow=flow)


def _rows_shown(site: "Site", draft: "Draft") -> Mapping[str, Any]:
    from acflow.app.conditions import WORDS, Condition, from_sql
    from acflow.app.drafts import source_columns

    flow, types = draft.flow, source_columns(site.project, draft)
    conditions = from_sql(str(flow.get("where", "")))
    picks = flow.get("columns") or []
    picks = [{name: old} for name, old in picks.items()] if isinstance(picks, Mapping) else picks
    simple = [pick for pick in picks if isinstance(pick, str)]
    return {
        "types": types,
        "by_hand": conditions is None,
        "where": flow.get("where", ""),
        "words": WORDS,
        "conditions": [*(conditions or []), *[Condition("", "is")] * EMPTY_ROWS],
        "picked": simple,
        "all": not picks or "*" in simple,
        "renamed": "\n".join(_pick_text(pick) for pick in picks if not isinstance(pick, str)),
        "formula": [*(flow.get("formula") or {}).items(), *[("", "")] * EMPTY_ROWS],
        "group_by": _listed(flow.get("group_by")),
        "metrics": [*(flow.get("metrics") or {}).items(), *[("", "")] * EMPTY_ROWS],
        "sort": ", ".join(_listed(flow.get("sort"))),
        "limit": flow.get("limit", ""),
        "distinct": bool(flow.get("distinct")),
    }


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - one name or a list of them
    return [value] if isinstance(value, str) else list(value or [])


def _pick_text(pick: Mapping[str, Any]) -> str:
    (name, rest), *_ = pick.items()
    if isinstance(rest, Mapping):
        return (
            f"{name} = {rest.get('from', name)} :: {rest['type']}" if rest.get("type") else f"{name} = {rest['from']}"
        )
    return f"{name} = {rest or name}"


def _pick_of(line: str) -> dict[str, Any] | None:
    name, equals, rest = (part.strip() for part in line.partition("="))
    if not name or not equals:
        return None
    old, _, kind = (part.strip() for part in rest.partition("::"))
    return {name: {"from": old or name, "type": kind}} if kind else {name: old or name}


def _rows_taken(draft: "Draft", form: Form) -> "Draft":
    from acflow.app.conditions import WORDS, Condition, to_sql

    flow = dict(draft.flow)
    if field(form, "by_hand"):
        flow["where"] = field(form, "where")
    else:
        types = {name: kind for name, _, kind in (text.partition("\t") for text in fields(form, "type"))}
        rows = zip(fields(form, "column"), fields(form, "operator"), fields(form, "value"), strict=False)
        chosen = [Condition(*row) for row in rows if row[0] and row[1] in WORDS]
        flow["where"] = to_sql(chosen, types)
    renamed = [pick for line in field(form, "renamed").splitlines() if (pick := _pick_of(line))]
    picked = [] if field(form, "all") else fields(form, "pick")
    flow["columns"] = [*(picked or (["*"] if renamed else [])), *renamed]
    flow["formula"] = _mapping(form, "formula")
    flow["metrics"] = _mapping(form, "metric")
    flow["group_by"] = fields(form, "group_by") if flow["metrics"] else []
    flow["sort"] = [part.strip() for part in field(form, "sort").split(",") if part.strip()]
    limit = field(form, "limit")
    flow["limit"] = int(limit) if limit.isdigit() and int(limit) else None
    flow["distinct"] = bool(field(form, "distinct"))
    return replace(draft, flow=flow)


def _mapping(form: Form, word: str) -> dict[str, str]:
    pairs = zip(fields(form, f"{word}_name"), fields(form, f"{word}_sql"), strict=False)
    return {name: text for name, text in pairs if name and text}


def _destination_shown(_: "Site", draft: "Draft") -> Mapping[str, Any]:
    given = draft.flow.get("deliver") or []
    rows = [{"to": each} if isinstance(each, str) else dict(each) for each in _as_list(given)]
    return {
        "mode": draft.flow.get("mode", "replace"),
        "modes": MODES,
        "key": ", ".join(_listed(draft.flow.get("key"))),
        "deliver": [*rows, *[{"to": ""}] * EMPTY_ROWS],
        "name": draft.name,
    }


def _as_list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - one destination or a list of them
    return [value] if isinstance(value, str | Mapping) else list(value or [])


def _destination_taken(draft: "Draft", form: Form) -> "Draft":
    flow = dict(draft.flow)
    mode = field(form, "mode")
    flow["mode"] = mode if mode in {"append", "merge"} else None
    flow["key"] = [part.strip() for part in field(form, "key").split(",") if part.strip()] if mode == "merge" else []
    before = [{"to": each} if isinstance(each, str) else dict(each) for each in _as_list(flow.get("deliver"))]
    deliver: list[Any] = []
    for index, to in enumerate(fields(form, "to")):
        if not to:
            continue
        rest = {key: value for key, value in before[index].items() if key != "to"} if index < len(before) else {}
        deliver.append({"to": to, **rest} if rest else to)
    flow["deliver"] = deliver
    return replace(draft, flow=flow)


def _schedule_shown(site: "Site", draft: "Draft") -> Mapping[str, Any]:
    given = draft.flow.get("schedule")
    when = {"cron": given} if isinstance(given, str) else dict(given or {})
    daily = CRON.fullmatch(when.get("cron") or "")
    how = "none" if not when else "every" if when.get("every") else "daily" if daily else "cron"
    return {
        "how": how,
        "every": when.get("every", "1h"),
        "at": f"{int(daily[2]):02}:{int(daily[1]):02}" if daily else "06:00",
        "days": DAYS,
        "day": daily[3] if daily else "*",
        "cron": when.get("cron", "0 6 * * *"),
        "timezone": when.get("timezone", ""),
        "default_zone": site.service.project.file.timezone,
    }


def _schedule_taken(draft: "Draft", form: Form) -> "Draft":
    how, zone, when = field(form, "how"), field(form, "timezone"), dict[str, str]()
    if how == "every":
        when = {"every": field(form, "every") or "1h"}
    elif how == "daily":
        hour, _, minute = (field(form, "at") or "06:00").partition(":")
        when = {"cron": f"{int(minute or 0)} {int(hour)} * * {field(form, 'day') or '*'}"}
    elif how == "cron":
        when = {"cron": field(form, "cron")}
    if when and zone:
        when["timezone"] = zone
    schedule: Any = when["cron"] if list(when) == ["cron"] else when or None
    return replace(draft, flow={**draft.flow, "schedule": schedule})


FORMS: Mapping[str, StepForm] = {
    "source": StepForm(_source_shown, _source_taken),
    "combine": StepForm(_combine_shown, _combine_taken),
    "rows": StepForm(_rows_shown, _rows_taken),
    "destination": StepForm(_destination_shown, _destination_taken),
    "schedule": StepForm(_schedule_shown, _schedule_taken),
}
