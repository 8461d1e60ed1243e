"""Requests for reports on one campaign, and what their answers mean, in version 1 and in version 3 of the API.

Version 1 answers with 200 whatever happens, and tells in the body what went wrong, in one of several shapes.
https://www.activecampaign.com/api/overview.php
The rules of version 3 are documented, its paths and the names of its fields are not known yet.
https://developers.activecampaign.com/reference/list-the-opens-of-a-campaign
"""

from acflow.entities.model import CampaignEvents, EventSource
from acflow.errors import ContractError, RefusedError
from acflow.source.protocol import LEGACY, Answer, Page, Request, Row, check_status, read_json, records

FILE = "api.php"
NOT_FOUND = 404
NOT_ALLOWED = b"not_allowed"
LEGACY_ROWS = 20  # of a page, which nothing can change
MANY, FEW = 1000, 100  # the largest limits that the reports of version 3 take; above, they answer 422
LARGE = frozenset({"opens", "linkClicks"})
NESTED = ("info", "contacts")  # where the contacts of a link stand


def page_size(events: CampaignEvents, source: EventSource) -> int:
    """Return the rows of a full page."""
    if source is EventSource.LEGACY:
        return LEGACY_ROWS
    return MANY if events.report in LARGE else FEW


def report_request(events: CampaignEvents, source: EventSource, path: str, campaign: int, page: int) -> Request:
    """Return the request for a page, counted from 1, of a campaign's report."""
    if source is EventSource.LEGACY:
        return legacy_request(events.action or "", campaign, page)
    size = page_size(events, source)
    params = (("limit", str(size)), ("offset", str((page - 1) * size)))
    return Request(path.format(campaign=campaign, report=events.report), params)


def legacy_request(action: str, campaign: int, page: int) -> Request:
    """Return the request for a page of a campaign's report, newest first.

    The key is no parameter: it goes in the header that the client sends with every request.
    """
    params = (
        ("api_action", action),
        ("api_output", "json"),
        ("campaignid", str(campaign)),
        ("sort", "tstamp"),
        ("sort_direction", "DESC"),
        ("page", str(page)),
    )
    return Request(FILE, params, LEGACY)


def is_report(request: Request) -> bool:
    """Whether a request of events is for a report on one campaign, and not for a list that they are compared with."""
    return request.root == LEGACY or "/" in request.path


def read_report_page(request: Request, answer: Answer) -> Page:
    """Return the rows of a campaign's report; see `read_legacy_page` for those of version 1.

    Raises:
        RetryableError: repeat the same request.
        ContractError: there is no list of records in the answer, or more than one that might be meant.

    """
    if request.root == LEGACY:
        return read_legacy_page(request, answer)
    if answer.status == NOT_FOUND:
        return Page([], None, answer.seconds)  # a campaign that the key's user may not see; its counters tell
    said = read_json(request, answer)
    named = request.path.rpartition("/")[2]
    lists = [rows for key, value in said.items() if (rows := records(value)) is not None and key != "meta"]
    rows = records(said.get(named)) or (lists[0] if len(lists) == 1 else None)
    if rows is None and lists:
        raise ContractError(
            f"{request.where}: several lists, and none is called {named!r}. Report this with the answer."
        )
    if rows is None:
        raise ContractError(f"{request.where}: no list of records. Report this with the answer.")
    return Page(rows, None, answer.seconds)


def contact_rows(events: CampaignEvents, rows: list[Row]) -> list[Row]:
    """Return a row per contact: of a report by link, those within the links, each with its link."""
    if not events.by_link:
        return rows
    flat: list[Row] = []
    for place, link in enumerate(rows):
        within: object = next((link[name] for name in NESTED if name in link), [])
        address = {"link": link.get("id"), "url": link.get("link"), "place": place}
        flat += [{**contact, **address} for contact in records(within) or ()]
    return flat


def read_legacy_page(request: Request, answer: Answer) -> Page:
    """Return the rows, which stand under "0", "1" and so on.

    An empty body and a `result_code` of 0 both mean that there is nothing, be it beyond the last row, of a campaign
    that nobody knows, or at all: whoever asks must compare with what the campaign counts.

    Raises:
        RefusedError: the key has no right to it, which is said in XML.
        RetryableError: repeat the same request.
        ContractError: the rows are not what a list of records looks like.

    """
    check_status(request, answer)
    body = answer.body.strip()
    if not body:
        return Page([], None, answer.seconds)
    if body.startswith(b"<") and NOT_ALLOWED in body:
        raise RefusedError(f"200 with a refusal on {request.where}")
    said = read_json(request, answer)
    rows: list[Row] = []
    while (key := str(len(rows))) in said:
        row = said[key]
        if not isinstance(row, dict):
            raise ContractError(f"{request.where}: row {key} is no record. Report this with the answer.")
        rows.append(row)
    if not rows and "result_code" not in said:
        raise ContractError(f"{request.where}: neither rows nor a result code. Report this with the answer.")
    return Page(rows, None, answer.seconds)
