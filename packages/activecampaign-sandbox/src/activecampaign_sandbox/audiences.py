"""Segments of the second kind, which some accounts have: other ids, other paging, other errors.

https://developers.activecampaign.com/reference/segments-overview
"""

from typing import Any

from activecampaign_sandbox.query import Params, whole_number
from activecampaign_sandbox.wire import Reply, encode
from activecampaign_sandbox.world import World

PAGE_SIZE, LARGEST_PAGE = 20, 10_000


def audiences(world: World, params: Params) -> Reply:
    """Answer with one page, counted from 1."""
    given = dict(params)
    size = whole_number(given.get("page_size", str(PAGE_SIZE)))
    page = whole_number(given.get("page", "1"))
    if not 0 < size <= LARGEST_PAGE or page < 1:
        return _problem(400, "Bad Request", "page and page_size must be positive")
    with world.held():
        rows = [item.row for item in world.tables["segments"].items() if item.row.get("segmentid_v2")]
    shown = [_record(row) for row in rows[(page - 1) * size : page * size]]
    return Reply(200, encode({"data": shown, "meta": {"total": len(rows)}}), rows=len(shown))


def segment_v2(world: World, uuid: str) -> Reply:
    """Answer with one segment by its UUID."""
    with world.held():
        found = next((i.row for i in world.tables["segments"].items() if i.row.get("segmentid_v2") == uuid), None)
    if found is None:
        return _problem(404, "Not Found", f"No segment {uuid}")
    return Reply(200, encode({"data": _record(found)}), rows=1)


def _record(row: dict[str, Any]) -> dict[str, Any]:
    count = {"count": None, "last_total_updated": None, "run_id": None, "run_id_start": None, "run_id_end": None}
    attributes = {
        "segment_id": row["id"],
        "category": "audience",
        "name": row["name"],
        "counts": {"last_total": count, "last_active_total": count},
        "created_date": _zulu(row["created_timestamp"]),
        "updated_date": _zulu(row["updated_timestamp"]),
        "last_used_date": None,
    }
    return {"id": row["segmentid_v2"], "type": "segments", "attributes": attributes}


def _zulu(digits: str) -> str:
    return digits.replace(" ", "T") + ".000Z"


def _problem(status: int, title: str, detail: str) -> Reply:
    error = {"code": str(status), "detail": detail, "source": {"pointer": ""}, "status": str(status), "title": title}
    return Reply(status, encode({"errors": [error]}))
