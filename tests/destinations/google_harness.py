"""An imitation of what Google Sheets answers over HTTP, as its reference describes it; no more than deliveries ask for.

https://developers.google.com/workspace/sheets/api/reference/rest
"""

import copy
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ID = "1AbC-dEf_123"
EMAIL = "robot@project.iam.gserviceaccount.com"
A1 = re.compile(r"'((?:[^']|'')*)'!(?:A(\d+)|1:1)")
Json = dict[str, Any]
Cells = list[list[Any]]


class RefusedError(Exception):
    """A request that Google would answer with 400."""


@dataclass
class Sheet:
    properties: Json
    format_values: Cells
    formats: list[Json] = field(default_factory=list)

    def resize(self) -> None:
        size = self.properties["gridProperties"]
        rows, columns = size["rowCount"], size["columnCount"]
        if size.get("frozenRowCount", 0) >= rows:
            raise RefusedError("You can't freeze all visible rows on the sheet.")
        self.format_values = [(row + [None] * columns)[:columns] for row in self.format_values[:rows]]
        self.format_values += [[None] * columns for _ in range(rows - len(self.format_values))]


class Google:
    """One spreadsheet, the requests that came, and faults to answer with first."""

    def __init__(self) -> None:
        self.sheets: dict[int, Sheet] = {}
        self.batches: list[list[str]] = []
        self.puts = 0
        self.faults: list[tuple[str, int]] = []
        self.url = ""
        self._next = 0
        self.add_sheet({"title": "Sheet1", "gridProperties": {"rowCount": 1000, "columnCount": 26}})

    def sheet(self, title: str) -> Sheet:
        return next(sheet for sheet in self.sheets.values() if sheet.properties["title"] == title)

    def titles(self) -> list[str]:
        return [sheet.properties["title"] for sheet in self.sheets.values()]

    def add_sheet(self, properties: Json) -> Json:
        if properties["title"] in self.titles():
            raise RefusedError(f"A sheet with the name {properties['title']} already exists.")
        self._next += 1
        made = Sheet({"sheetId": self._next, **copy.deepcopy(properties)}, [])
        made.resize()
        self.sheets[self._next] = made
        return {"addSheet": {"properties": made.properties}}

    def batch(self, requests: list[Json]) -> list[Json]:
        """Carry out all requests or none."""
        self.batches.append([next(iter(request)) for request in requests])
        before = copy.deepcopy(self.sheets)
        try:
            return [self._carry_out(*next(iter(request.items()))) for request in requests]
        except (RefusedError, KeyError, IndexError):
            self.sheets = before
            raise

    def _carry_out(self, what: str, given: Json) -> Json:
        if what == "addSheet":
            return self.add_sheet(given["properties"])
        getattr(self, f"_{what}")(given)
        return {}

    def _deleteSheet(self, given: Json) -> None:  # noqa: N802 - Google's word
        del self.sheets[given["sheetId"]]

    def _updateSheetProperties(self, given: Json) -> None:  # noqa: N802
        sheet = self.sheets[given["properties"]["sheetId"]]
        size = {**sheet.properties["gridProperties"], **given["properties"].pop("gridProperties")}
        sheet.properties |= {**given["properties"], "gridProperties": size}
        sheet.resize()

    def _updateCells(self, given: Json) -> None:  # noqa: N802
        sheet = self.sheets[given["range"]["sheetId"]]
        sheet.format_values = [[None] * len(row) for row in sheet.format_values]

    def _appendDimension(self, given: Json) -> None:  # noqa: N802
        sheet = self.sheets[given["sheetId"]]
        sheet.properties["gridProperties"]["rowCount"] += given["length"]
        sheet.resize()

    def _copyPaste(self, given: Json) -> None:  # noqa: N802
        source, there = given["source"], given["destination"]
        rows = self.sheets[source["sheetId"]].format_values[source["startRowIndex"] : source["endRowIndex"]]
        for offset, row in enumerate(rows):
            self.sheets[there["sheetId"]].format_values[there["startRowIndex"] + offset][: len(row)] = row

    def _repeatCell(self, given: Json) -> None:  # noqa: N802
        self.sheets[given["range"]["sheetId"]].formats.append(given)

    def put(self, where: str, values: Cells) -> None:
        title, first = self._place(where)
        sheet = self.sheet(title)
        self.puts += 1
        for offset, row in enumerate(values):
            sheet.format_values[first - 1 + offset][: len(row)] = row

    def header(self, where: str) -> Cells:
        row = [cell for cell in self.sheet(self._place(where)[0]).format_values[0] if cell is not None]
        return [row] if row else []

    @staticmethod
    def _place(where: str) -> tuple[str, int]:
        found = A1.fullmatch(where)
        if not found:
            raise RefusedError(f"Unable to parse range: {where}")
        return found[1].replace("''", "'"), int(found[2] or 1)


def answer(google: Google, method: str, path: str, body: Json) -> tuple[int, Json]:
    """Return status and body for a request."""
    if path == "/token":
        return 200, {"access_token": "token", "expires_in": 3600, "token_type": "Bearer"}
    for number, (fault_method, status) in enumerate(google.faults):
        if fault_method == method:
            del google.faults[number]
            return status, fault(status, f"fault {status}.")
    try:
        found = asked(google, method, path.removeprefix(f"/v4/spreadsheets/{ID}"), body)
    except RefusedError as error:
        return 400, fault(400, str(error))
    return (200, found) if found is not None else (404, fault(404, "Requested entity was not found."))


def fault(status: int, message: str) -> Json:
    return {"error": {"code": status, "message": message, "status": "FAULT"}}


def asked(google: Google, method: str, what: str, body: Json) -> Json | None:
    if what == "":
        sheets = [{"properties": sheet.properties} for sheet in google.sheets.values()]
        return {"properties": {"title": "Report"}, "sheets": sheets}
    if what == ":batchUpdate":
        return {"replies": google.batch(body["requests"])}
    if not what.startswith("/values/"):
        return None
    where = what.removeprefix("/values/")
    if method == "GET":
        found = google.header(where)
        return {"range": where, **({"values": found} if found else {})}
    google.put(where, body["values"])
    return {"updatedRange": where}


@contextmanager
def running_google() -> Iterator[Google]:
    """Serve one spreadsheet on this machine."""
    google = Google()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = unquote(urlsplit(self.path).path)
            body = json.loads(sent) if sent and path != "/token" else {}
            if path != "/token":
                assert self.headers["Authorization"] == "Bearer token"
            status, said = answer(google, self.command, path, body)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        google.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield google
        server.shutdown()
        thread.join()


def key_file(folder: Path, url: str) -> Path:
    """Return the key of a service account that logs in at this address."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key": pem,
        "private_key_id": "k",
        "token_uri": f"{url}/token",
    }
    path = folder / "key.json"
    path.write_text(json.dumps(account))
    return path
