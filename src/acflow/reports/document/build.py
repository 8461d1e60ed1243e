"""A whole report out of a warehouse: every figure's rows are asked for, drawn and put in words."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from acflow.entities.text import clean
from acflow.errors import AcflowError, WarehouseBusyError, WarehouseError
from acflow.reports.assemble import tables_of
from acflow.reports.document.data_quality import data_quality, not_read
from acflow.reports.document.format_values import MOST_ROWS, table
from acflow.reports.document.model import Chapter, Document, Section
from acflow.reports.figures.answer_charts import drawn
from acflow.reports.figures.campaigns import BASES
from acflow.reports.figures.findings import joined
from acflow.reports.figures.model import Chart, Figure, Row
from acflow.reports.figures.numbers import DEFAULT, in_locale, minute
from acflow.reports.figures.registry import FIGURES, TABLES
from acflow.reports.model import Report, Role
from acflow.reports.options import Basis, Options
from acflow.reports.past import PastUnknownError
from acflow.reports.registry import report
from acflow.reports.rows import python_rows
from acflow.reports.session import Answer, ReportSession, answer

if TYPE_CHECKING:
    from acflow.engine import Warehouse

TITLES: Mapping[Role, str] = {Role.MARKETING: "Marketing", Role.SALES: "Sales", Role.REVOPS: "RevOps"}


def build(  # noqa: PLR0913 - each is a part of the document
    warehouse: "Warehouse",
    roles: Sequence[Role],
    *,
    account: str,
    certificates: Sequence[Mapping[str, Any]],
    refused: Sequence[Mapping[str, Any]] = (),
    options: Options | None = None,
    locale: str = DEFAULT,
) -> Document:
    """Answer every report of these roles, and draw those that have a figure.

    `account` is the heading; `certificates` are those of `Ledger.landed_certificates`, `refused`
    of `Ledger.refused_certificates`; numbers are written as in `locale`. What cannot be answered or drawn becomes a
    caution on top, and the rest is made all the same.

    Raises:
        ConfigError: nothing has landed in the warehouse.
        WarehouseError: the warehouse cannot be opened or read.

    """
    session = ReportSession.open(warehouse, options)
    with in_locale(locale):
        with warehouse.held(reading=True):
            answers, failures = _answers(session, roles)
            before = _before(session, roles)
        drawings = {name: _drawing(name, found, before.get(name, ())) for name, found in answers.items()}
        failures += [drawing.failure for drawing in drawings.values() if drawing.failure]
        chapters = [_chapter(role, answers, drawings) for role in roles]
        stated = {reason for chapter in chapters for reason in chapter.reasons}
        needed = [certificate for certificate in refused if not certificate["optional"]]
        helpers = [certificate for certificate in refused if certificate["optional"]]
        return Document(
            account=clean(account),
            as_of=f"{session.as_of:%Y-%m-%d}",
            made_at=f"{minute(datetime.now(UTC))} UTC",
            chapters=tuple(chapters),
            data_quality=data_quality(certificates),
            cautions=(*not_read(needed), *failures, *_choices(session.options, _figures(roles))),
            remarks=(
                *not_read(helpers),
                *(remark for remark in _shared(list(answers.values())) if remark not in stated),
            ),
        )


def tables_for(roles: Sequence[Role]) -> frozenset[str]:
    """Return the names of all tables that the figures of these roles read, histories among them."""
    return frozenset(name for figure in _figures(roles) for name in tables_of(report(figure.report)))


def charts(
    warehouse: "Warehouse", figure: Figure, options: Options | None = None, locale: str = DEFAULT
) -> Sequence[Chart]:
    """Return the pictures of one figure, each to stand alone; errors are those of `build`."""
    found = answer(warehouse, report(figure.report), options)
    choices = _choices(found.options, [figure])
    with in_locale(locale):
        return [replace(chart, cautions=(*chart.cautions, *choices, *found.notes)) for chart in drawn(figure, found)]


def _choices(options: Options, figures: Sequence[Figure]) -> tuple[str, ...]:
    """Say what was chosen, unless it is what readers expect or nothing in these figures."""
    said = []
    if options.basis is not Basis.DELIVERED and any(figure.report.startswith("campaign") for figure in figures):
        said.append(f"Rates of opens and clicks are shares of {BASES[options.basis]}, not of mails delivered.")
    if options.rates and any("currency" in figure.beside for figure in figures):
        into = options.into.upper()
        rates = [f"1 {currency.upper()} = {rate.normalize():f} {into}" for currency, rate in options.rates.items()]
        said.append(f"Amounts are turned into {into} at {joined(rates)}; other currencies stay apart.")
    if options.zone and options.zone != "UTC":
        said.append(f"Days and months are those of {options.zone}.")
    return tuple(said)


def _figures(roles: Sequence[Role]) -> Sequence[Figure]:
    return [figure for figure in (*FIGURES, *TABLES) if report(figure.report).role in roles]


def _answers(session: ReportSession, roles: Sequence[Role]) -> tuple[dict[str, Answer], list[str]]:
    """Return the answers by report, and a sentence for each question that the warehouse could not answer."""
    answers, failures = {}, []
    for figure in _figures(roles):
        asked = report(figure.report)
        try:
            answers[asked.name] = session.answer(asked)
        except PastUnknownError as error:
            answers[asked.name] = session.unknown(asked, str(error))
        except WarehouseBusyError:
            raise
        except WarehouseError as error:
            failures.append(f"“{asked.question}” could not be answered. {error}")
    return answers, failures


@dataclass(frozen=True, slots=True)
class _Drawing:
    charts: tuple[Chart, ...] = ()
    failure: str | None = None


def _before(session: ReportSession, roles: Sequence[Role]) -> dict[str, Sequence[Row]]:
    """Return the rows of the period before, of those reports that are held against it, by what is known of it today."""
    # Without readings nothing counts as read later, so nothing is taken back: what closed then is in today's rows.
    earlier = replace(session, as_of=session.as_of - timedelta(days=session.options.days), readings={})
    rows: dict[str, Sequence[Row]] = {}
    for figure in _figures(roles):
        if figure.compared:
            with suppress(AcflowError):
                rows[figure.report] = python_rows(earlier.answer(report(figure.report)).table)
    return rows


def _drawing(name: str, found: Answer, before: Sequence[Row]) -> _Drawing:
    """Draw the figure of a report; an error in it costs this figure and nothing else."""
    drawing_of = {figure.report: figure for figure in FIGURES}
    if name not in drawing_of:
        return _Drawing()
    try:
        return _Drawing(drawn(drawing_of[name], found, before))
    except Exception as error:  # noqa: BLE001 - whatever odd rows do to it
        question = report(name).question
        return _Drawing(failure=f"“{question}” could not be drawn ({type(error).__name__}). Its numbers are below.")


def _chapter(role: Role, answers: Mapping[str, Answer], drawings: Mapping[str, _Drawing]) -> Chapter:
    shared = set(_shared(list(answers.values())))
    sections, more, missing = [], [], []
    cautions, reasons = dict[str, None](), dict[str, None]()
    for figure in _figures([role]):
        asked, found = report(figure.report), answers.get(figure.report)
        if found is None:
            missing.append(asked.question)
            continue
        notes = tuple(note for note in found.notes if note not in shared | set(found.left_out))
        lacks = [note for note in found.notes if note not in found.left_out]
        drawing = drawings[figure.report]
        if charts := drawing.charts:
            without = "".join(f"; {note.partition(':')[0]}" for note in found.left_out)
            charts = tuple(replace(chart, subtitle=f"{chart.subtitle}{without}") for chart in charts)
            sections.append(_section(asked, figure, found, charts, notes))
            cautions.update(dict.fromkeys(found.left_out))
        elif found.table.num_rows and (drawing.failure or figure in TABLES or not lacks):
            more.append(_section(asked, figure, found, (), notes))
        else:
            missing.append(asked.question)
            reasons.update(dict.fromkeys(lacks))
    return Chapter(
        role.value, TITLES[role], tuple(sections), tuple(more), tuple(missing), tuple(reasons), tuple(cautions)
    )


def _section(asked: Report, figure: Figure, found: Answer, drawn: tuple[Chart, ...], notes: tuple[str, ...]) -> Section:
    """Return an answer with as many of its rows as people read: the last ones, where they go by time."""
    there = found.table.select(list(dict.fromkeys([*figure.columns, *figure.beside])))
    rows = python_rows(there.slice(max(0, there.num_rows - MOST_ROWS)) if figure.newest_first else there, MOST_ROWS)
    ordered = rows[::-1] if figure.newest_first else rows
    return Section(asked.name, asked.question, drawn, table(asked, figure.columns, ordered, there.num_rows), notes)


def _shared(answers: Sequence[Answer]) -> list[str]:
    """Return the notes that hold for more than one answer, which are said once."""
    notes = [note for found in answers for note in found.notes if note not in found.left_out]
    return [note for note in dict.fromkeys(notes) if notes.count(note) > 1]
