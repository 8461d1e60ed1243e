"""Google Sheets, against the shape of its HTTP interface; no sheet of Google's own was written here."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from acflow.destinations import Delivered, Delivery, Source, parse_target, sheets
from acflow.errors import ConfigError, DeliveryError
from tests.destinations.deliver_harness import BrokenError, breaking, deals, source, unread
from tests.destinations.google_harness import EMAIL, ID, Google, key_file, running_google

Deliver = Callable[..., Delivered]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Google, Path]]:
    with running_google() as google:
        yield google, key_file(tmp_path_factory.mktemp("key"), google.url)


@pytest.fixture
def google(key: tuple[Google, Path]) -> Google:
    found, url = key[0], key[0].url
    found.__init__()  # type: ignore[misc]  # as new, at the same address
    found.url = url
    return found


@pytest.fixture
def deliver(google: Google, key: tuple[Google, Path]) -> Deliver:
    def delivered(result: Source, **spec: Any) -> Delivered:  # noqa: ANN401 - as in the flow file
        address = {"to": f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0", "credentials": str(key[1])}
        target = parse_target({**address, **spec}, name=result.name)
        (done,) = sheets.write([Delivery(result, target)], api=google.url, first_wait=0.01)
        return done

    return delivered


def numbered(*numbers: int) -> Source:
    return source(pa.table({"id": pa.array(numbers, pa.int64()), "text": [f"row {number}" for number in numbers]}))


def test_a_new_sheet_holds_typed_cells(google: Google, deliver: Deliver) -> None:
    """Dates are days since 1900 with a format, text that looks like a formula is text, and the grid fits."""
    assert deliver(source(deals())).rows == 4
    sheet = google.sheet("deals")
    header, full, formula, empty, nothing = sheet.format_values
    assert header == deals().schema.names
    assert full[:6] == [7, 'Größe "XL", rot\n2. Zeile', 1234.5, 0.1, True, 46081]
    assert full[6] == pytest.approx(46081 + 86399 / 86400)
    assert formula[1] == "=1+1"
    assert (empty[1], nothing[1:]) == ("", [None] * 7)
    assert sheet.properties["gridProperties"] == {"rowCount": 5, "columnCount": 8, "frozenRowCount": 1}
    assert not sheet.properties["hidden"]
    shown = {
        each["range"]["startColumnIndex"]: each["cell"]["userEnteredFormat"]["numberFormat"] for each in sheet.formats
    }
    assert shown[5] == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    assert shown[7] == {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
    assert all(each["range"]["startRowIndex"] == 1 for each in sheet.formats)


def test_amounts_are_shown_as_their_currency_writes_them(google: Google, deliver: Deliver) -> None:
    """By the code beside them, stretch by stretch; where they change too often, with as many decimals as there are."""
    codes = ["usd", "usd", "jpy", "kwd"]
    amounts = pa.array([Decimal("1.5")] * 4, pa.decimal128(28, 4))
    deliver(source(pa.table({"amount": amounts, "currency": codes})))
    shown = [
        (
            each["range"]["startRowIndex"],
            each["range"]["endRowIndex"],
            each["cell"]["userEnteredFormat"]["numberFormat"],
        )
        for each in google.sheet("deals").formats
    ]
    assert [(start, end, how["pattern"]) for start, end, how in shown] == [
        (1, 3, '#,##0.00 "USD"'),
        (3, 4, '#,##0 "JPY"'),
        (4, 5, '#,##0.000 "KWD"'),
    ]
    many = pa.array([Decimal(1)] * 2_000, pa.decimal128(28, 4))
    google.sheet("deals").formats.clear()
    deliver(source(pa.table({"amount": many, "currency": ["usd", "jpy"] * 1_000})))
    (each,) = google.sheet("deals").formats
    assert each["cell"]["userEnteredFormat"]["numberFormat"] == {"type": "NUMBER", "pattern": "#,##0.00##"}


def test_replace_keeps_the_sheet_and_changes_its_rows_at_once(google: Google, deliver: Deliver) -> None:
    """Formulas elsewhere point to the sheet, so it is never deleted; one request shows all rows."""
    deliver(numbered(1, 2, 3))
    before = google.sheet("deals").properties["sheetId"]
    google.batches.clear()
    deliver(numbered(4))
    assert google.sheet("deals").properties["sheetId"] == before
    assert google.sheet("deals").format_values == [["id", "text"], [4, "row 4"]]
    assert google.titles() == ["Sheet1", "deals"]
    staging, showing = google.batches
    assert staging == ["addSheet"]
    assert showing[:4] == ["updateSheetProperties", "updateCells", "copyPaste", "deleteSheet"]


def test_a_result_without_rows_leaves_the_header(google: Google, deliver: Deliver) -> None:
    """Google wants a row below the frozen one."""
    deliver(numbered(1))
    deliver(numbered())
    assert google.sheet("deals").format_values == [["id", "text"], [None, None]]


def test_append_puts_rows_below(google: Google, deliver: Deliver) -> None:
    """With the time of the delivery; the header comes once."""
    for number in (1, 2):
        deliver(numbered(number), mode="append")
    header, *rows = google.sheet("deals").format_values
    assert header == ["id", "text", "_synced_at"]
    assert [row[:2] for row in rows] == [[1, "row 1"], [2, "row 2"]]
    assert all(row[2] > 46_000 for row in rows)


def test_append_to_other_columns_is_refused(google: Google, deliver: Deliver) -> None:
    """Values would stand below the wrong names."""
    deliver(source(pa.table({"other": [1]})))
    with pytest.raises(DeliveryError, match="has the columns other; the flow has id, text, _synced_at"):
        deliver(numbered(1), mode="append")
    assert google.titles() == ["Sheet1", "deals"]


def test_many_rows_go_in_parts(google: Google, deliver: Deliver) -> None:
    """A request stays at the size that Google recommends."""
    deliver(numbered(*range(60_000)))
    assert google.puts == 3
    assert [row[0] for row in google.sheet("deals").format_values[1:]] == list(range(60_000))


def test_a_spent_quota_is_waited_for(google: Google, deliver: Deliver) -> None:
    """A server's fault is tried again where twice does no harm."""
    google.faults = [("GET", 429), ("POST", 429), ("PUT", 503), ("PUT", 429)]
    deliver(numbered(1))
    assert google.sheet("deals").format_values[1] == [1, "row 1"]


@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_leaves_the_old_rows(google: Google, deliver: Deliver, status: int) -> None:
    """The hidden sheet goes, too."""
    deliver(numbered(1))
    google.faults = [("PUT", status)] * 8
    with pytest.raises(DeliveryError, match=rf"refused \({status}\): fault {status}. Nothing was replaced"):
        deliver(numbered(2))
    assert google.sheet("deals").format_values[1] == [1, "row 1"]
    assert google.titles() == ["Sheet1", "deals"]


def test_what_a_kill_left_is_removed(google: Google, deliver: Deliver) -> None:
    """Only the hidden sheet of the same result."""
    grid = {"rowCount": 5, "columnCount": 5}
    for title in ("_acflow deals", "_acflow contacts"):
        google.add_sheet({"title": title, "hidden": True, "gridProperties": grid})
    deliver(numbered(1))
    assert google.titles() == ["Sheet1", "_acflow contacts", "deals"]


def test_a_result_that_breaks_off_asks_google_for_nothing(google: Google, deliver: Deliver) -> None:
    """The rows are on this machine's disk before the first request."""
    with pytest.raises(BrokenError):
        deliver(breaking(deals()))
    assert (google.batches, google.titles()) == ([], ["Sheet1"])


def test_a_spreadsheet_that_is_not_shared_names_whom_to_share_it_with(google: Google, deliver: Deliver) -> None:
    """It is the mistake that everybody makes first."""
    google.faults = [("GET", 403)]
    with pytest.raises(ConfigError, match=f"Share the spreadsheet with {EMAIL} as an editor"):
        deliver(numbered(1))


def test_a_spreadsheet_is_asked_for_before_a_run(google: Google, key: tuple[Google, Path]) -> None:
    """Whether it is there and shared is known before anything is read, and nothing is written by asking."""
    target = parse_target({"to": f"gsheets://{ID}", "credentials": str(key[1])}, name="deals")
    sheets.attempt(target, "deals", 5.0, api=google.url)
    google.faults = [("GET", 403)]
    with pytest.raises(ConfigError, match=f"Share the spreadsheet with {EMAIL} as an editor"):
        sheets.attempt(target, "deals", 5.0, api=google.url)
    assert google.batches == []


def test_what_google_cannot_hold_is_refused_unread(google: Google, deliver: Deliver) -> None:
    """Ten million cells for the whole spreadsheet, and the copy counts while it is there."""
    with pytest.raises(DeliveryError, match="10,000,001 rows with its header, and Google Sheets holds at most"):
        deliver(unread(10_000_000))
    for number in range(3):
        google.add_sheet({"title": f"big {number}", "gridProperties": {"rowCount": 333_000, "columnCount": 10}})
    with pytest.raises(DeliveryError, match="which are needed twice for a moment"):
        deliver(numbered(1, 2, 3))
    assert google.batches == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"to": "gsheets://", "credentials": "key.json"}, "names no spreadsheet"),
        ({"to": f"gsheets://{ID}"}, "needs a service account"),
        ({"to": f"gsheets://{ID}", "credentials": "missing.json"}, "is no key file"),
        ({"to": f"gsheets://{ID}", "credentials": "key.json", "mode": "merge"}, "Google Sheets cannot merge"),
        ({"to": f"gsheets://{ID}", "credentials": "key.json", "sheet": "a" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: dict[str, str], said: str
) -> None:
    """With what to write instead."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(ConfigError, match=said):
        parse_target(spec, name="deals")


def test_a_file_that_is_no_key_is_told(tmp_path: Path) -> None:
    """Other JSON files lie about."""
    (tmp_path / "key.json").write_text("{}")
    target = parse_target({"to": f"gsheets://{ID}", "credentials": "key.json"}, name="deals")
    with pytest.raises(ConfigError, match=r"key.json is no key of a service account"):
        sheets.write([Delivery(numbered(1), target)])
