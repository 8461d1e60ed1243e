"""The report as pages (PDF) or as one long picture (PNG, SVG), set by Typst."""

import json
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from acflow.reports.document.model import Document, Table
from acflow.reports.figures import draw

WIDTH = 700  # pixels of a chart across the text of a page
MOST_ROWS = 25  # of a table, so that a table does not fill pages that nobody turns
SHARPNESS = 144  # pixels per inch of a PNG


def pdf(document: Document) -> bytes:
    """Return A4 pages, tagged for those who listen to them."""
    return _set(document, "pdf")


def png(document: Document) -> bytes:
    """Return one picture as long as the report is."""
    return _set(document, "png")


def svg(document: Document) -> bytes:
    """Return the same as vectors."""
    return _set(document, "svg")


def _set(document: Document, form: Literal["pdf", "png", "svg"]) -> bytes:
    import typst

    with TemporaryDirectory(prefix="acflow-") as folder:
        place = Path(folder)
        for chart in document.charts:
            (place / f"{chart.name}.pdf").write_bytes(draw.chart_pdf(chart, WIDTH))
        (place / "report.json").write_text(json.dumps(_data(document) | {"paged": form == "pdf"}), encoding="utf-8")
        template = files("acflow.reports.document").joinpath("report.typ").read_bytes()
        (place / "report.typ").write_bytes(template)
        made = typst.compile(place / "report.typ", root=place, format=form, ppi=SHARPNESS)
    if not isinstance(made, bytes):  # it would be a list, were there more than one page
        raise TypeError(f"Typst made {type(made).__name__} of the report's {form}, not one file.")
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "account": document.account,
        "as_of": document.as_of,
        "made_at": document.made_at,
        "remarks": document.remarks,
        "cautions": document.cautions,
        "headlines": [chart.title for chart in document.headlines],
        "keys": [asdict(key) for key in document.keys],
        "data_quality": _table(document.data_quality),
        "chapters": [
            {
                "title": chapter.title,
                "missing": chapter.missing,
                "reasons": chapter.reasons,
                "cautions": chapter.cautions,
                "sections": [
                    {
                        "notes": section.notes,
                        "table": _table(section.table),
                        "charts": [
                            {
                                "title": chart.title,
                                "subtitle": chart.subtitle,
                                "cautions": chart.cautions,
                                "text": chart.text,
                                "file": f"{chart.name}.pdf",
                            }
                            for chart in section.charts
                        ],
                    }
                    for section in chapter.sections
                ],
            }
            for chapter in document.chapters
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    shown = replace(table, rows=table.rows[:MOST_ROWS])
    left_out = table.left_out + len(table.rows) - len(shown.rows)
    return asdict(shown) | {"left_out": left_out, "left_out_words": f"{left_out} more rows are in the warehouse."}
