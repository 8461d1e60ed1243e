"""The report as pages (PDF) or as one long picture (PNG, SVG), set by Typst."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from acflow.entities.text import clean_deep
from acflow.reports.document.html import UNDRAWN
from acflow.reports.document.model import Document, Table
from acflow.reports.figures import draw, numbers

WIDTH = 700  # pixels of a chart across the text of a page
MOST_ROWS = 25  # of a table, so that a table does not fill pages that nobody turns
MOST_ROWS_MORE = 12  # the same where no picture stands above
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
        files_of: dict[str, str] = {}
        drawings = draw.bare(document.charts, WIDTH, "pdf")
        for number, (chart, drawn) in enumerate(zip(document.charts, drawings, strict=True)):
            if not drawn.error:  # numbered, since a name may hold what no file system takes
                files_of[chart.name] = f"{number}.pdf"
                (place / f"{number}.pdf").write_bytes(drawn.picture)
        data = clean_deep(_data(document, files_of) | {"paged": form == "pdf"})
        (place / "report.json").write_text(json.dumps(data), encoding="utf-8")
        template = files("acflow.reports.document").joinpath("report.typ").read_bytes()
        (place / "report.typ").write_bytes(template)
        made = typst.compile(place / "report.typ", root=place, format=form, ppi=SHARPNESS)
    if not isinstance(made, bytes):  # it would be a list, were there more than one page
        raise TypeError(f"Typst made {type(made).__name__} of the report's {form}, not one file.")
    return made


def _data(document: Document, pictures: Mapping[str, str]) -> dict[str, Any]:
    failed = len(document.charts) - len(pictures)
    undrawn = f"{failed} of {len(document.charts)} charts could not be drawn; their numbers are in the tables."
    return {
        "title": document.title,
        "account": document.account,
        "as_of": document.as_of,
        "made_at": document.made_at,
        "remarks": document.remarks,
        "cautions": [*document.cautions, *([undrawn] if failed else [])],
        "headlines": [chart.title for chart in document.headlines],
        "keys": [asdict(key) for key in document.keys],
        "data_quality": _table(document.data_quality),
        "chapters": [
            {
                "title": chapter.title,
                "missing": chapter.missing,
                "reasons": chapter.reasons,
                "cautions": chapter.cautions,
                "more": [
                    {
                        "question": section.question,
                        "notes": section.notes,
                        "table": _table(section.table, MOST_ROWS_MORE),
                    }
                    for section in chapter.more
                ],
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
                                "file": pictures.get(chart.name),
                                "undrawn": UNDRAWN,
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


def _table(table: Table, most: int = MOST_ROWS) -> dict[str, Any]:
    shown = replace(table, rows=table.rows[:most])
    left_out = table.left_out + len(table.rows) - len(shown.rows)
    return asdict(shown) | {
        "left_out": left_out,
        "left_out_words": f"{numbers.number(left_out)} more rows are in the warehouse.",
    }
