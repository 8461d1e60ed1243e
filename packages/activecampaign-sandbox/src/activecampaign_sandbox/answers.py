"""What the API says to a good request: pages of lists, and single records."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from activecampaign_sandbox.audiences import audiences, segment_v2
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.beside import collection, collections, dressed, related
from activecampaign_sandbox.endpoints import KEYSET, Endpoint, Total
from activecampaign_sandbox.events import lists, reports
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.query import Params, Query, whole_number
from activecampaign_sandbox.query import read as read_query
from activecampaign_sandbox.table import Selected
from activecampaign_sandbox.wire import Reply, Row, encode, message
from activecampaign_sandbox.world import BY_PATH, World

API = "/api/3/"
REPORTS = "reports/"
FORBIDDEN = 403


def answer(world: World, behaviour: Behaviour, path: str, params: Params) -> Reply:
    """Answer a GET below /api/3/."""
    entity, slash, key = path.removeprefix(API).partition("/")
    if path == f"{API}users/me":
        return _me(world) if behaviour.me else message(404, "Not Found")
    if behaviour.audiences and entity in {"audiences", "segmentsV2"}:
        return segment_v2(world, key) if key else audiences(world, params)
    if entity in behaviour.not_in_plan:
        return message(behaviour.plan_status, "Forbidden" if behaviour.plan_status == FORBIDDEN else "Not Found")
    if slash and entity in BY_PATH:
        return _below(world, behaviour, BY_PATH[entity], key, params)
    return _list(world, behaviour, entity, params)


def _list(world: World, behaviour: Behaviour, path: str, params: Params) -> Reply:
    """Answer with one page of a list, of events too."""
    if path in lists.LISTINGS:
        return lists.answer(world, path, params)
    return page(world, behaviour, BY_PATH[path], params) if path in BY_PATH else message(404, "Not Found")


def _below(world: World, behaviour: Behaviour, endpoint: Endpoint, path: str, params: Params) -> Reply:
    """Answer with one record, or with what belongs to it."""
    key, deeper, name = path.partition("/")
    if endpoint.path == "campaigns" and name.startswith(REPORTS) and behaviour.campaign_reports:
        return reports.answer(world, key, name.removeprefix(REPORTS), params)
    return part(world, endpoint, key, name) if deeper else single(world, behaviour, endpoint, key)


def _me(world: World) -> Reply:
    item = next(world.tables["users"].items(), None)
    return Reply(200, encode({"user": item.row})) if item else message(404, "No Result found for User with id 1")


def page(world: World, behaviour: Behaviour, endpoint: Endpoint, params: Params) -> Reply:
    """Answer with one page of a list."""
    query = read_query(params, behaviour, endpoint.default_limit)
    if endpoint.path == "dealCustomFieldMeta" and not behaviour.field_meta_paged:
        query = replace(query, limit=len(world.tables[endpoint.path]), offset=0)
    refused = _unknown(endpoint, query, behaviour) if behaviour.unknown_parameter == "refused" else None
    if refused:
        return refused
    with world.held():
        selected = world.tables[endpoint.path].select(query, behaviour)
        if _still_running(world, behaviour, query):
            selected = Selected(0, 0, (), {})
        included, bodies = dressed(world, endpoint, query, selected)
        sideloads = {**collections(world, endpoint.before), **included}
        before = b"".join(b'"%s":%s,' % (name.encode(), encode(rows)) for name, rows in sideloads.items())
    written = behaviour.totals.get(endpoint.path) or world.totals.get(endpoint.path) or endpoint.total
    meta = _meta(endpoint, selected, query, behaviour, written)
    after = b',"meta":%s' % encode(meta) if meta else b""
    body = b'{%s"%s":[%s]%s}' % (before, endpoint.path.encode(), b",".join(bodies), after)
    status = behaviour.task_status if endpoint.path == "dealTasks" else 200
    return Reply(status, body, rows=len(bodies))


def _still_running(world: World, behaviour: Behaviour, query: Query) -> bool:
    """Tell whether a segment's query has not ended yet; the first request starts it."""
    segment = dict(query.filters).get("segmentid", "")
    if segment in {"", "0"}:
        return False
    world.segment_asks[segment] += 1
    return world.segment_asks[segment] <= behaviour.segment_asks


def _unknown(endpoint: Endpoint, query: Query, behaviour: Behaviour) -> Reply | None:
    keyset = KEYSET if behaviour.keyset_everywhere else {}
    unknown = [name for name, _ in query.filters if name not in {**endpoint.filters, **keyset}]
    unknown += [f"orders[{order.name}]" for order in query.orders if order.name not in endpoint.orders]
    if not unknown:
        return None
    title = f"Invalid value for query parameter {unknown[0]}"
    problem = {"title": title, "detail": "Unknown parameter", "source": {"parameter": unknown[0]}}
    return Reply(400, encode({"errors": [problem]}))


def _meta(endpoint: Endpoint, selected: Selected, query: Query, behaviour: Behaviour, written: Total) -> Row:
    keyset = any(name in KEYSET for name, _ in query.filters)
    everything = keyset and behaviour.keyset_total == "all"
    total = selected.total_without_keyset if everything else selected.total
    totals: Row = {} if written == "absent" else {"total": total if written == "int" else str(total)}
    make = META.get(endpoint.path)
    return make(selected, query, totals) if make else totals


def _contacts_meta(_: Selected, query: Query, totals: Row) -> Row:
    given = dict(query.filters)
    asked: dict[str, Any] = {
        "segmentid": whole_number(given["segmentid"]) if "segmentid" in given else None,
        **{name: whole_number(given.get(name, "")) for name in ("formid", "listid", "tagid")},
        "limit": query.limit,
        "offset": query.offset,
        "search": given.get("search"),
        "sort": None,
        "seriesid": 0,
        "waitid": 0,
        "status": whole_number(given.get("status", "-1")),
        "forceQuery": whole_number(given.get("forceQuery", "")),
        "cacheid": hashlib.md5(repr(query.selection).encode(), usedforsecurity=False).hexdigest(),
    }
    return {"page_input": asked, **totals, "sortable": True}


def _deals_meta(selected: Selected, _: Query, totals: Row) -> Row:
    currencies = {
        code: {"total": str(count), "value": str(value), "currency": code, "isDisabled": False}
        for code, (count, value) in selected.sums.items()
    }
    return {"currencies": currencies or [], **totals}


def _automations_meta(_: Selected, __: Query, totals: Row) -> Row:
    return {**totals, "starts": [], "filtered": False, "smsLogs": []}


def _contact_automations_meta(_: Selected, __: Query, totals: Row) -> Row:
    return {**totals, "showcase_stats": []}


META: dict[str, Callable[[Selected, Query, Row], Row]] = {
    "contacts": _contacts_meta,
    "deals": _deals_meta,
    "automations": _automations_meta,
    "contactAutomations": _contact_automations_meta,
}


def part(world: World, endpoint: Endpoint, key: str, name: str) -> Reply:
    """Answer with what belongs to one record: all of it, without meta."""
    number = whole_number(key)
    with world.held():
        if world.tables[endpoint.path].get(number) is None:
            return message(404, f"No Result found for {endpoint.missing} with id {number}")
        found = collection(world, endpoint, str(number), name)
    if found is None:
        return message(404, "Not Found")
    return Reply(200, encode(found), rows=sum(map(len, found.values())))


def single(world: World, behaviour: Behaviour, endpoint: Endpoint, key: str) -> Reply:
    """Answer with one record; it has other keys than in the list."""
    number = whole_number(key)
    with world.held():
        item = world.tables[endpoint.path].get(number)
        around = {name: related(world, name, endpoint, str(number)) for name in endpoint.around}
    if item is None:
        status: Literal[403, 404] = behaviour.missing_form if endpoint.path == "forms" else 404
        return message(status, f"No Result found for {endpoint.missing} with id {number}")
    row = world.shown(endpoint.path, single_row(endpoint, item, behaviour))
    if endpoint.path == "contacts":
        row |= {name: [str(one["id"]) for one in rows] for name, rows in around.items()}
    return Reply(200, encode({**around, endpoint.singular: row}), rows=1)


def single_row(endpoint: Endpoint, item: Item, behaviour: Behaviour) -> Row:
    """Return a record as its own answer shows it."""
    row = {name: value for name, value in item.row.items() if name not in endpoint.list_only}
    if endpoint.path == "campaigns":
        return {**row, "isDoubleOptInCampaign": False}
    if endpoint.path == "forms" and behaviour.forms_differ:
        return {**row, "entries": str(row["entries"]), "options": {"useBgColor": True, "useBgImage": False}}
    return row
