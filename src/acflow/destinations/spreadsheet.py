"""A Google spreadsheet over HTTP, by gspread: the few requests that a delivery takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acflow.destinations.format_values import PLAIN_FORMATS, Cell, format_values, number_format
from acflow.destinations.model import Source
from acflow.destinations.presentation import looks, money_format
from acflow.errors import AcflowError, ConfigError, DeliveryError

if TYPE_CHECKING:
    from gspread.http_client import HTTPClient

HOME = "https://sheets.googleapis.com"
SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]
CELLS_AT_ONCE = 50_000  # a megabyte or two, as Google recommends
MOST_RUNS = 500  # stretches of one currency that get a format of their own, each a part of the request
TIMEOUT = 120.0  # seconds for one answer
ATTEMPTS = 8
SIZE = "gridProperties(rowCount,columnCount,frozenRowCount)"
LONGEST_WAIT = 60.0  # seconds; the quota is counted by the minute

Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a spreadsheet."""

    id: int
    title: str
    rows: int
    columns: int


class Spreadsheet:
    """A spreadsheet that the service account may edit."""

    def __init__(self, key: str, client: "HTTPClient", account: str) -> None:
        self.key, self.client, self.account = key, client, account

    @classmethod
    def open(cls, key: str, key_file: Path, api: str, first_wait: float, attempts: int = ATTEMPTS) -> "Spreadsheet":
        """Log in as the service account; nothing is asked yet."""
        from google.oauth2.service_account import Credentials

        try:
            account = Credentials.from_service_account_file(str(key_file), scopes=SCOPES)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise ConfigError(f"{key_file} is no key of a service account: {error}. Download it as JSON.") from None
        client = _client(account, api, first_wait, attempts)
        client.set_timeout(TIMEOUT)
        return cls(key, client, account.service_account_email)

    @staticmethod
    def stage_title(title: str) -> str:
        """Return the name of the hidden sheet that takes the rows first."""
        return f"_acflow {title}"

    def grids(self) -> list[Grid]:
        """Return the sheets that there are."""
        return [_grid(sheet["properties"]) for sheet in self._ask("fetch_sheet_metadata")["sheets"]]

    def has_header(self, grid: Grid, names: Sequence[str]) -> bool:
        """Say whether the sheet holds rows of these columns, False if it is empty.

        Raises:
            DeliveryError: it holds something else, which rows must not be put below.

        """
        found = self._ask("values_get", f"{_quoted(grid.title)}!1:1").get("values", [[]])[0]
        if found and list(found) != list(names):
            raise DeliveryError(
                f"The sheet {grid.title} has the columns {', '.join(map(str, found))}; the flow has {', '.join(names)}."
                " Nothing was written. Append to a sheet of the same columns, or use mode: replace."
            )
        return bool(found)

    def stage(self, title: str, source: Source, *, header: bool) -> Grid:
        """Put all rows into a hidden sheet."""
        size = {"rowCount": max(source.rows + header, 1), "columnCount": len(source.schema)}
        properties = {"title": self.stage_title(title), "hidden": True, "gridProperties": size}
        answer = self._update([{"addSheet": {"properties": properties}}])
        grid = _grid(answer["replies"][0]["addSheet"]["properties"])
        try:
            self._fill(grid, source, header=header)
        except BaseException:
            self.remove_if_there(grid)
            raise
        return grid

    def _fill(self, grid: Grid, source: Source, *, header: bool) -> None:
        rows = _rows(source, header=header)
        first = 1
        while some := list(islice(rows, max(CELLS_AT_ONCE // max(len(source.schema), 1), 1))):
            # RAW: text stays text, whatever formula it looks like.
            where = f"{_quoted(grid.title)}!A{first}"
            self._ask("values_update", where, params={"valueInputOption": "RAW"}, body={"values": some})
            first += len(some)

    def show(self, stage: Grid, source: Source, title: str, *, header: bool) -> None:
        """Make the hidden sheet the one that is looked at."""
        self._update([_shown(stage, title, header=header), *_formats(stage.id, source, int(header))])

    def put_instead(self, stage: Grid, source: Source, old: Grid, *, header: bool) -> None:
        """Put the hidden rows where those of a sheet were."""
        requests = [*_emptied(old, stage, header=header), *_moved(stage, old, 0)]
        self._update([*requests, *_formats(old.id, source, int(header))])

    def put_below(self, stage: Grid, source: Source, old: Grid) -> None:
        """Put the hidden rows below the last row of a sheet."""
        grow = {"sheetId": old.id, "dimension": "ROWS", "length": stage.rows}
        requests = [{"appendDimension": grow}, *_moved(stage, old, old.rows)]
        self._update([*requests, *_formats(old.id, source, old.rows)])

    def remove(self, grid: Grid) -> None:
        """Delete a sheet."""
        self._update([{"deleteSheet": {"sheetId": grid.id}}])

    def remove_if_there(self, grid: Grid) -> None:
        """Delete a sheet, after something else went wrong; the next delivery would remove it, too."""
        try:
            self.remove(grid)
        except AcflowError:
            return

    def _update(self, requests: list[Request]) -> dict[str, Any]:
        return self._ask("batch_update", {"requests": requests})

    def _ask(self, what: str, *arguments: object, **named: object) -> dict[str, Any]:
        from google.auth.exceptions import GoogleAuthError
        from gspread.exceptions import APIError

        try:
            answer: dict[str, Any] = getattr(self.client, what)(self.key, *arguments, **named)
        except APIError as error:
            raise self._explained(error.response.status_code, str(error.error.get("message", ""))) from None
        except (GoogleAuthError, OSError) as error:
            raise DeliveryError(f"Google Sheets could not be reached: {error}. Nothing was replaced.") from None
        return answer

    def _explained(self, status: int, said: str) -> AcflowError:
        if status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return ConfigError(f"Google: {said} Share the spreadsheet with {self.account} as an editor, run again.")
        return DeliveryError(f"Google Sheets refused ({status}): {said} Nothing was replaced.")


def _client(account: Any, api: str, first_wait: float, attempts: int) -> "HTTPClient":  # noqa: ANN401 - google-auth has no types
    import stamina
    from gspread.exceptions import APIError
    from gspread.http_client import HTTPClient

    class Patient(HTTPClient):
        """Waits when the quota of the minute is spent, and repeats what may be repeated."""

        def request(self, method: str, endpoint: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401
            def passing(error: Exception) -> bool:
                code = error.response.status_code if isinstance(error, APIError) else 0
                # A batch that failed midway may have been carried out, and must not be twice.
                again = code >= HTTPStatus.INTERNAL_SERVER_ERROR and method != "post"
                return code == HTTPStatus.TOO_MANY_REQUESTS or again

            for attempt in stamina.retry_context(
                on=passing, attempts=attempts, timeout=None, wait_initial=first_wait, wait_max=LONGEST_WAIT
            ):
                with attempt:
                    return super().request(method, endpoint.replace(HOME, api, 1), *args, **named)
            raise AssertionError  # pragma: no cover - the last attempt raises

    return Patient(account)


def _grid(properties: dict[str, Any]) -> Grid:
    size = properties.get("gridProperties", {})
    return Grid(properties["sheetId"], properties["title"], size.get("rowCount", 0), size.get("columnCount", 0))


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _rows(source: Source, *, header: bool) -> Iterator[list[Cell]]:
    if header:
        yield list(source.schema.names)
    for batch in source.batches:
        for row in zip(*[format_values(column) for column in batch.columns], strict=True):
            yield list(row)


def _size(stage: Grid, *, header: bool) -> Request:
    """Return the size of what was staged: one row more, at least, than are frozen."""
    return {"rowCount": max(stage.rows, 1 + header), "columnCount": stage.columns, "frozenRowCount": int(header)}


def _shown(stage: Grid, title: str, *, header: bool) -> Request:
    size = _size(stage, header=header)
    properties = {"sheetId": stage.id, "title": title, "hidden": False, "gridProperties": size}
    return {"updateSheetProperties": {"properties": properties, "fields": f"title,hidden,{SIZE}"}}


def _emptied(old: Grid, stage: Grid, *, header: bool) -> list[Request]:
    properties = {"sheetId": old.id, "gridProperties": _size(stage, header=header)}
    return [
        {"updateSheetProperties": {"properties": properties, "fields": SIZE}},
        {"updateCells": {"range": {"sheetId": old.id}, "fields": "userEnteredValue"}},
    ]


def _moved(stage: Grid, to: Grid, first: int) -> list[Request]:
    """Copy the staged values to a sheet, from a row on, and delete the stage."""

    def area(grid: Grid, start: int) -> Request:
        return {
            "sheetId": grid.id,
            "startRowIndex": start,
            "endRowIndex": start + stage.rows,
            "startColumnIndex": 0,
            "endColumnIndex": stage.columns,
        }

    copy = {"source": area(stage, 0), "destination": area(to, first), "pasteType": "PASTE_VALUES"}
    return [{"copyPaste": copy}, {"deleteSheet": {"sheetId": stage.id}}]


def _formats(sheet: int, source: Source, first: int) -> list[Request]:
    """Show dates as dates, since they travel as days since 1900, and amounts with the decimals of their currency."""
    requests = []
    for column, (kind, look) in enumerate(zip(source.schema.types, looks(source.schema), strict=True)):
        pattern = PLAIN_FORMATS.get(look.shown) or number_format(kind)
        runs = _currency_runs(source, look.currency) if look.currency is not None else []
        if runs and len(runs) <= MOST_RUNS:
            for start, end, code in runs:
                requests.append(_format(sheet, column, money_format(code), "NUMBER", (first + start, first + end)))
        elif pattern is not None:
            requests.append(_format(sheet, column, pattern, _sort(kind, pattern), (first, None)))
    return requests


def _currency_runs(source: Source, place: int) -> list[tuple[int, int, str | None]]:
    """Return first row, end and code of each stretch of rows in one currency, up to one more than can be shown."""
    runs: list[tuple[int, int, str | None]] = []
    number = 0
    for batch in source.batches:
        for value in batch.column(place).to_pylist():
            code = value if isinstance(value, str) else None
            if runs and runs[-1][2] == code:
                runs[-1] = (runs[-1][0], number + 1, code)
            elif len(runs) > MOST_RUNS:
                return runs
            else:
                runs.append((number, number + 1, code))
            number += 1
    return runs


def _sort(kind: pa.DataType, pattern: str) -> str:
    """Return what Google calls the kind of a format."""
    if pattern.endswith("%"):
        return "PERCENT"
    return "DATE_TIME" if pa.types.is_timestamp(kind) else "DATE" if pa.types.is_date(kind) else "NUMBER"


def _format(sheet: int, column: int, pattern: str, sort: str, rows: tuple[int, int | None]) -> Request:
    area = {"sheetId": sheet, "startRowIndex": rows[0], "startColumnIndex": column, "endColumnIndex": column + 1}
    area |= {} if rows[1] is None else {"endRowIndex": rows[1]}
    cell = {"userEnteredFormat": {"numberFormat": {"type": sort, "pattern": pattern}}}
    return {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
