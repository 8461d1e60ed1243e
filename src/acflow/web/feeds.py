"""`/feed/…`: rows for spreadsheets and BI tools. The secret stands in the path, since IMPORTDATA sends no headers."""

import base64
import gzip
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from acflow.errors import AcflowError, WarehouseBusyError
from acflow.web.site import Site, site_of

if TYPE_CHECKING:
    from acflow.app.feeds import Feed

IN_HEADER = "-"  # in the place of the secret: it comes as the password of Basic instead
NOT_HERE = "There is no feed at this address. It may have been taken away, or made anew."


def feed(request: Request) -> Response:
    """Return the newest rows of a feed, or that they are the same as last time."""
    from acflow.app.feeds import FORMATS, feed_of, write_rows

    site, table, form = site_of(request), request.path_params["table"], request.path_params["form"]
    secret = request.path_params["secret"]
    if secret == IN_HEADER and not (secret := _password(request)):
        return PlainTextResponse("A password is needed.", 401, {"WWW-Authenticate": 'Basic realm="acflow"'})
    found = feed_of(site.state, secret, table)
    if found is None or form not in FORMATS:
        return PlainTextResponse(NOT_HERE, 404)
    headers = _headers(site, found, form)
    if headers["ETag"] in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    try:
        chunks = write_rows(site.project, found, form)
        body = chain((next(chunks, b""),), chunks)  # what is wrong shows with the first rows
    except WarehouseBusyError:
        return PlainTextResponse("A run is writing; ask again in a minute.", 503, {"Retry-After": "60"})
    except AcflowError as error:
        return PlainTextResponse(f"{table} has no rows to give: {error}", 404)
    if "gzip" in request.headers.get("accept-encoding", "") and form not in {"xlsx", "parquet"}:
        headers["Content-Encoding"] = "gzip"
        body = chain(_zipped(body))
    return StreamingResponse(body, 200, headers, FORMATS[form])


def _headers(site: Site, found: "Feed", form: str) -> dict[str, str]:
    from acflow.web.pages.data import tables_of, verdicts_of

    headers = {
        "ETag": f'"{site.generation}-{found.id}-{form}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    info = next((table for table in tables_of(site) if table.name == found.table), None)
    if info and info.as_of:
        headers["X-Acflow-As-Of"] = info.as_of.isoformat()
    if verdict := verdicts_of(site).get(found.table):
        headers["X-Acflow-Verdict"] = verdict
    return headers


def _password(request: Request) -> str:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _zipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as packed:
        for chunk in chunks:
            packed.write(chunk)
            if buffer.tell():
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
    yield buffer.getvalue()


ROUTES = (Route("/feed/{secret}/{table}.{form}", feed),)
