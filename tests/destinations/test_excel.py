"""Workbooks, read back by openpyxl."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from acflow.destinations import Delivery, Source, deliver, deliver_together, group_by_target, parse_target
from acflow.errors import ConfigError, DeliveryError
from tests.destinations.deliver_harness import deals, source, unread


def delivered(path: Path, *sources: Source, **spec: Any) -> Workbook:  # noqa: ANN401 - as in the flow file
    parcels = [Delivery(each, parse_target({"to": str(path), **spec}, name=each.name)) for each in sources]
    deliver_together(parcels)
    return load_workbook(path)


def column(*values: object, kind: pa.DataType | None = None) -> Source:
    return source(pa.table({"c": pa.array(values, kind)}))


def format_values(book: Workbook) -> list[Any]:
    return [cell.value for (cell,) in book.worksheets[0].iter_rows(min_row=2)]


def test_cells_have_types(tmp_path: Path) -> None:
    """Numbers add up, dates sort, text stays text even if it looks like a formula."""
    sheet = delivered(tmp_path / "deals.xlsx", source(deals()))["deals"]
    names, full, formula, empty, nothing = sheet.iter_rows(values_only=True)
    assert names == (*deals().schema.names[:-1], "at (UTC)")
    moment = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC).replace(tzinfo=None)
    assert full[:5] == (7, 'Größe "XL", rot\n2. Zeile', 1234.5, 0.1, True)
    assert full[5:7] == (datetime(2026, 2, 28, tzinfo=UTC).replace(tzinfo=None), moment)
    assert full[7] == moment.replace(microsecond=250_000)
    assert (formula[1], sheet["B3"].data_type) == ("=1+1", "s")
    assert (empty[1], nothing[1]) == ("", None)
    assert [cell.data_type for cell in sheet[2]] == ["n", "s", "n", "n", "b", "d", "d", "d"]


def test_the_sheet_is_ready_to_be_read(tmp_path: Path) -> None:
    """A styled header that stays in sight and filters, columns of fitting width, formats of dates and money."""
    sheet = delivered(tmp_path / "deals.xlsx", source(deals()))["deals"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H5")
    assert all(cell.font.b and cell.fill.fgColor.rgb == "FFE7EDF5" for cell in sheet[1])
    assert [cell.number_format for cell in sheet[2]][4:] == [
        '"TRUE";"TRUE";"FALSE"',
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
        "yyyy-mm-dd hh:mm:ss",
    ]
    assert (sheet["A2"].number_format, sheet["C2"].number_format) == ("0", "#,##0.00##")
    wide = [sheet.column_dimensions[letter].width for letter in "ABH"]
    assert wide == sorted(wide)
    assert all(8 <= width < 61 for width in wide)


def test_without_a_header_rows_begin_at_the_top(tmp_path: Path) -> None:
    """Nothing is frozen and nothing filters then."""
    sheet = delivered(tmp_path / "deals.xlsx", source(deals()), header=False)["deals"]
    assert (sheet["A1"].value, sheet.freeze_panes, sheet.auto_filter.ref) == (7, None, None)


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        (999_999_999_999_999, pa.int64(), 999_999_999_999_999),
        (1_000_000_000_000_000, pa.int64(), "1000000000000000"),
        (-9_007_199_254_740_993, pa.int64(), "-9007199254740993"),
        (Decimal("12345678901.2345"), pa.decimal128(18, 4), 12345678901.2345),
        (Decimal("123456789012.3456"), pa.decimal128(18, 4), "123456789012.3456"),
        (Decimal("100000000000000000.0000"), pa.decimal128(24, 4), 100000000000000000),
        (Decimal("0.0000"), pa.decimal128(18, 4), 0),
        (float("nan"), pa.float64(), "nan"),
        (float("inf"), pa.float64(), "inf"),
        (date(1900, 2, 28), pa.date32(), "1900-02-28"),
        (date(1900, 3, 1), pa.date32(), datetime(1900, 3, 1, tzinfo=UTC).replace(tzinfo=None)),
        (datetime(1899, 1, 1, 5, tzinfo=UTC), pa.timestamp("us", "UTC"), "1899-01-01T05:00:00Z"),
        (253_402_322_399_000_000, pa.timestamp("us", "UTC"), "10000-01-01T05:59:59Z"),
        ("a\ufffe\uffffb", pa.string(), "a\ufffd\ufffdb"),
        ("https://example.com", pa.string(), "https://example.com"),
        ("tab\x0bstop\x01", pa.string(), "tab_x000B_stop_x0001_"),
    ],
)
def test_what_excel_would_change_is_text(tmp_path: Path, given: object, kind: pa.DataType, expected: object) -> None:
    """Excel keeps fifteen digits, and no date before its false leap day."""
    assert format_values(delivered(tmp_path / "c.xlsx", column(given, None, kind=kind)))[:1] == [expected]


PRESENTED = {
    "id": pa.array([1234567, None]),
    "orgid": pa.array([7, 7]),
    "send_amt": pa.array([1234567, 5]),
    "open_rate": pa.array([0.26312, None]),
    "exchange_rate": pa.array([1.08, None]),
    "amount": pa.array([Decimal("37900.0000"), Decimal("1200.0000")], pa.decimal128(28, 4)),
    "currency": pa.array(["usd", "jpy"]),
    "fee_amount": pa.array([Decimal("1.2340"), None], pa.decimal128(28, 4)),
    "fee_currency": pa.array(["kwd", '"x']),
    "sdate": pa.array([datetime(2026, 7, 1, 22, 30, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
}


def test_columns_are_shown_as_what_they_are(tmp_path: Path) -> None:
    """Shares in per cent, amounts with the code and decimals of their currency, counts in groups, keys without."""
    sheet = delivered(tmp_path / "c.xlsx", source(pa.table(PRESENTED)), zone="Europe/Berlin")["deals"]
    formats = {name: cell.number_format for name, cell in zip(PRESENTED, sheet[2], strict=True)}
    assert formats == {
        "id": "0",
        "orgid": "0",
        "send_amt": "#,##0",
        "open_rate": "0.0%",
        "exchange_rate": "General",
        "amount": '#,##0.00 "USD"',
        "currency": "General",
        "fee_amount": '#,##0.000 "KWD"',
        "fee_currency": "General",
        "sdate": "yyyy-mm-dd hh:mm:ss",
    }
    assert sheet["F3"].number_format == '#,##0 "JPY"'
    assert sheet["J1"].value == "sdate (Europe/Berlin)"
    assert sheet["J2"].value == datetime(2026, 7, 2, 0, 30, tzinfo=UTC).replace(tzinfo=None)


def test_formats_overrule_what_names_tell(tmp_path: Path) -> None:
    """Whoever calls a share `opened` says so, and a slip is refused before anything is read."""
    chosen = {"formats": {"exchange_rate": "percent", "open_rate": "number", "send_amt": "key"}}
    sheet = delivered(tmp_path / "c.xlsx", source(pa.table(PRESENTED)), **chosen)["deals"]
    assert [sheet[f"{letter}2"].number_format for letter in "CDE"] == ["0", "General", "0.0%"]
    for wrong, said in (
        ({"formats": {"a": "percnt"}}, "Did you mean percent"),
        ({"zone": "Mars/Base"}, "no time zone"),
    ):
        with pytest.raises(ConfigError, match=said):
            parse_target({"to": "a.xlsx", **wrong}, name="deals")


def test_flows_share_a_workbook(tmp_path: Path) -> None:
    """Each has its sheet, in their order; the next delivery of all keeps them all."""
    path = tmp_path / "out" / "all.xlsx"
    for number in (1, 2):
        sources = [source(pa.table({name: [number]}), name) for name in ("deals", "contacts", "Lists")]
        book = delivered(path, *sources)
        assert book.sheetnames == ["deals", "contacts", "Lists"]
        assert [sheet["A2"].value for sheet in book] == [number] * 3


def test_parcels_are_sorted_by_place(tmp_path: Path) -> None:
    """The same workbook by another spelling is one place; every other file is its own."""
    spellings = ["out/a.xlsx", "out/a.csv", str(tmp_path / "out" / ".." / "out" / "a.xlsx"), "out/b.xlsx"]
    parcels = [
        Delivery(unread(1, name=f"flow{number}"), parse_target({"to": to}, name=f"flow{number}"))
        for number, to in enumerate(spellings)
    ]
    assert [[parcel.source.name for parcel in group] for group in group_by_target(parcels)] == [
        ["flow0", "flow2"],
        ["flow1"],
        ["flow3"],
    ]


def test_two_flows_on_one_sheet_are_refused(tmp_path: Path) -> None:
    """Excel does not look at case."""
    with pytest.raises(ConfigError, match="Two flows go to the sheet deals"):
        delivered(tmp_path / "a.xlsx", unread(1, name="deals"), unread(1, name="DEALS"))


@pytest.mark.parametrize(
    ("name", "said"),
    [("a" * 32, "too long"), ("a/b", "cannot name a sheet"), ("History", "cannot name a sheet"), ("'a", "cannot name")],
)
def test_names_that_excel_refuses(name: str, said: str) -> None:
    """Before anything is read, and with what to write instead."""
    with pytest.raises(ConfigError, match=said):
        parse_target({"to": "a.xlsx", "sheet": name}, name="deals")


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (1_048_576, 1, r"deals has 1,048,577 rows with its header, and Excel holds at most 1,048,576"),
        (1, 16_385, r"deals has 16,385 columns .* at most 16,384"),
    ],
)
def test_what_excel_cannot_hold_is_refused_unread(tmp_path: Path, rows: int, columns: int, said: str) -> None:
    """Nothing is cut, and the old workbook stays."""
    path = tmp_path / "deals.xlsx"
    delivered(path, source(deals()))
    before = path.read_bytes()
    with pytest.raises(DeliveryError, match=said):
        delivered(path, unread(rows, columns))
    assert path.read_bytes() == before


def test_a_text_that_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    """The message names the row and the column; the length is Excel's, where an emoji counts twice."""
    path = tmp_path / "deals.xlsx"
    assert len(format_values(delivered(path, column("x", "y" * 32_767)))[1]) == 32_767
    with pytest.raises(DeliveryError, match=r"deals, row 3: c holds 32,768 characters"):
        delivered(path, column("x", "y", "😀" * 16_384))
    assert format_values(load_workbook(path)) == ["x", "y" * 32_767]


def test_a_workbook_has_no_text_marked_as_a_mistake(tmp_path: Path) -> None:
    """Long numbers are text on purpose."""
    path = tmp_path / "deals.xlsx"
    deliver(column(10**17), parse_target({"to": str(path)}, name="deals"))
    with zipfile.ZipFile(path) as package:
        assert b'<ignoredError sqref="A1:A2" numberStoredAsText="1"/>' in package.read("xl/worksheets/sheet1.xml")
