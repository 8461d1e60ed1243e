"""What the API says to a good request: pages of lists, and single records."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from activecampaign_sandbox.audiences import audiences, segment_v2
from activecampaign_sandbox.behaviour import Behaviour
from activecampaign_sandbox.beside import collection, collections, dressed, related
from activecampaign_sandbox.endpoints import BY_PATH, KEYSET, Endpoint, Total
from activecampaign_sandbox.events import lists, reports
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.query import Params, Query, whole_number
from activecampaign_sandbox.query import read as read_query
from activecampaign_sandbox.table import Selected
from activecampaign_sandbox.wire import Reply, Row, encode, message
from activecampaign_sandbox.world import BELOW, World

API = "/api/3/"
REPORTS = "reports/"
FORBIDDEN = 403


def answer(world: World, behaviour: Behaviour, path: str, params: Params) -> Reply:
    """Answer a GET below /api/3/."""
    if path == f"{API}users/me":
        return _me(world) if behaviour.me else message(404, "Not Found")
    endpoint, key = _route(path.removeprefix(API))
    word = endpoint.path if endpoint else path.removeprefix(API).partition("/")[0]
    if behaviour.audiences and word in {"audiences", "segmentsV2"}:
        return segment_v2(world, key) if key else audiences(world, params)
    if word in behaviour.not_in_plan:
        return message(behaviour.plan_status, "Forbidden" if behaviour.plan_status == FORBIDDEN else "Not Found")
    if word in lists.LISTINGS and key is None:
        return lists.answer(world, word, params)
    if endpoint is None or not (endpoint.listed or endpoint.within):
        return message(404, "Not Found")
    return _of_endpoint(world, behaviour, endpoint, key, params)


def _of_endpoint(world: World, behaviour: Behaviour, endpoint: Endpoint, key: str | None, params: Params) -> Reply:
    """Answer with a page of the list, or with what stands behind its path."""
    if endpoint.within:
        return _within(world, behaviour, endpoint, key, params) if key else message(400, "Bad Request")
    if key is None:
        return page(world, behaviour, endpoint, params)
    key, deeper, name = key.partition("/")
    if deeper:
        return _below(world, behaviour, endpoint, key, name, params)
    return single(world, behaviour, endpoint, key)


def _route(path: str) -> tuple[Endpoint | None, str | None]:
    """Return the endpoint of a path, of one word or of two, and what stands behind its slash; None without one."""
    words, (_, slash, rest) = path.split("/", 2), path.partition("/")
    for count in (2, 1):
        if found := BY_PATH.get("/".join(words[:count])):
            return found, path.removeprefix(f"{found.path}/") if path != found.path else None
    return None, rest if slash else None


def _within(world: World, behaviour: Behaviour, endpoint: Endpoint, owner: str, params: Params) -> Reply:
    """Answer with the records of one kind, which has a key of its own and pages as a list has."""
    with world.held():
        known = any(item.row["uuid"] == owner for item in world.tables[endpoint.within or ""].items())
    if not known:
        return message(404, f"No Result found for {endpoint.within} with id {owner}")
    return page(world, behaviour, endpoint, (*params, ("_owner", owner)))


def _below(  # noqa: PLR0913, PLR0917 - a request
    world: World, behaviour: Behaviour, endpoint: Endpoint, key: str, name: str, params: Params
) -> Reply:
    """Answer with what belongs to one record: mostly whole, in pages where its endpoint says so."""
    if endpoint.path == "campaigns" and name.startswith(REPORTS) and behaviour.campaign_reports:
        return reports.answer(world, key, name.removeprefix(REPORTS), params)
    child = BELOW.get((endpoint.path, name))
    if child is None or not child.pages_below:
        return part(world, endpoint, key, name)
    with world.held():
        if world.tables[endpoint.path].get(whole_number(key)) is None:
            return message(404, f"No Result found for {endpoint.missing} with id {key}")
    return page(world, behaviour, child, (*params, ("_owner", key)))


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
    key = endpoint.below if endpoint.pages_below else endpoint.collection
    body = b'{%s"%s":[%s]%s}' % (before, (key or "").encode(), b",".join(bodies), after)
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
    if endpoint.path == "ecomOrders":  # numbers in lists, texts for a single one
        return {name: str(value) if isinstance(value, int) else value for name, value in row.items()}
    if endpoint.path == "forms" and behaviour.forms_differ:
        return {**row, "entries": str(row["entries"]), "options": {"useBgColor": True, "useBgImage": False}}
    return row
