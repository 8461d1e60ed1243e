"""A whole report out of a warehouse: every figure's rows are asked for, drawn and put in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from acflow.reports.assemble import tables_of
from acflow.reports.document.data_quality import data_quality, not_read
from acflow.reports.document.format_values import table
from acflow.reports.document.model import Chapter, Document, Section
from acflow.reports.figures.campaigns import BASES
from acflow.reports.figures.findings import joined
from acflow.reports.figures.model import Chart, Figure, ReportContext
from acflow.reports.figures.numbers import minute
from acflow.reports.figures.registry import FIGURES
from acflow.reports.model import Report, Role
from acflow.reports.options import Basis, Options
from acflow.reports.past import PastUnknownError
from acflow.reports.registry import report
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
) -> Document:
    """Answer and draw every figure of these roles.

    `account` is the heading; `certificates` are those of `Ledger.landed_certificates`, `refused`
    of `Ledger.refused_certificates`.

    Raises:
        ConfigError: nothing has landed in the warehouse.
        WarehouseError: the warehouse cannot be opened or read.

    """
    session = ReportSession.open(warehouse, options)
    answers = {figure.report: _answer(session, report(figure.report)) for figure in _figures(roles)}
    chapters = [_chapter(role, answers) for role in roles]
    told = {reason for chapter in chapters for reason in chapter.reasons}
    needed = [each for each in refused if not each["optional"]]
    return Document(
        account=account,
        as_of=f"{session.as_of:%Y-%m-%d}",
        made_at=f"{minute(datetime.now(UTC))} UTC",
        chapters=tuple(chapters),
        data_quality=data_quality(certificates),
        cautions=(*not_read(needed), *_said_of(session.options, _figures(roles))),
        remarks=(
            *not_read([each for each in refused if each["optional"]]),
            *(remark for remark in _shared(list(answers.values())) if remark not in told),
        ),
    )


def tables_for(roles: Sequence[Role]) -> frozenset[str]:
    """Return the names of all tables that the figures of these roles read, histories among them."""
    return frozenset(name for figure in _figures(roles) for name in tables_of(report(figure.report)))


def charts(warehouse: "Warehouse", figure: Figure, options: Options | None = None) -> Sequence[Chart]:
    """Return the pictures of one figure, each to stand alone; errors are those of `build`."""
    found = answer(warehouse, report(figure.report), options)
    said = _said_of(found.options, [figure])
    return [replace(each, cautions=(*each.cautions, *said, *found.notes)) for each in _drawn(figure, found)]


def _said_of(options: Options, figures: Sequence[Figure]) -> tuple[str, ...]:
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
    return [figure for figure in FIGURES if report(figure.report).role in roles]


def _chapter(role: Role, answers: Mapping[str, Answer]) -> Chapter:
    shared = set(_shared(list(answers.values())))
    sections, missing = [], []
    cautions, reasons = dict[str, None](), dict[str, None]()
    for figure in _figures([role]):
        asked, found = report(figure.report), answers[figure.report]
        notes = tuple(note for note in found.notes if note not in shared | set(found.left_out))
        if drawn := _drawn(figure, found):
            without = "".join(f"; {note.partition(':')[0]}" for note in found.left_out)
            drawn = tuple(replace(each, subtitle=f"{each.subtitle}{without}") for each in drawn)
            sections.append(_section(asked, figure, found, drawn, notes))
            cautions.update(dict.fromkeys(found.left_out))
        else:
            missing.append(asked.question)
            reasons.update(dict.fromkeys(note for note in found.notes if note not in found.left_out))
    return Chapter(
        role.value, TITLES[role], tuple(sections), tuple(missing), reasons=tuple(reasons), cautions=tuple(cautions)
    )


def _answer(session: ReportSession, asked: Report) -> Answer:
    """Answer a report; one that cannot be taken back to the day asked for leaves the others standing."""
    try:
        return session.answer(asked)
    except PastUnknownError as error:
        return session.unknown(asked, str(error))


def _drawn(figure: Figure, found: Answer) -> tuple[Chart, ...]:
    """Draw the rows; each picture says of which day it speaks."""
    terms = ReportContext(found.as_of, found.options)
    return tuple(
        replace(each, subtitle=f"{each.subtitle}; as of {terms.today:%Y-%m-%d}")
        for each in figure.draw(found.table.to_pylist(), terms)
    )


def _section(asked: Report, figure: Figure, found: Answer, drawn: tuple[Chart, ...], notes: tuple[str, ...]) -> Section:
    rows = found.table.select([*figure.columns, *figure.beside]).to_pylist()
    ordered = rows[::-1] if figure.newest_first else rows
    return Section(asked.name, asked.question, drawn, table(asked, figure.columns, ordered), notes)


def _shared(answers: Sequence[Answer]) -> list[str]:
    """Return the notes that hold for more than one answer, which are said once."""
    notes = [note for each in answers for note in each.notes if note not in each.left_out]
    return [note for note in dict.fromkeys(notes) if notes.count(note) > 1]
