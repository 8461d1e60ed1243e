"""A report as its readers meet it, whatever it is written as: words, pictures and tables of words."""

from collections.abc import Sequence
from dataclasses import dataclass

from acflow.reports.figures.model import Chart, Headline

MOST_HEADLINES = 9  # what one reads in half a minute


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: its name, what it means, and whether it holds numbers."""

    name: str
    meaning: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as people read them. The first cell of each names the row; `left_out` rows did not find room."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """The answer to one question: its pictures, the numbers under them, and how it is reckoned."""

    name: str
    question: str
    charts: tuple[Chart, ...]
    table: Table
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The answers for one role: those with pictures, then `more` that are tables alone."""

    name: str
    title: str
    sections: tuple[Section, ...]
    more: tuple[Section, ...] = ()
    missing: tuple[str, ...] = ()  # questions that could not be answered
    reasons: tuple[str, ...] = ()  # what is missing for them
    cautions: tuple[str, ...] = ()  # which rows its pictures leave out, and why


def _leading(chapter: Chapter, most: int) -> Sequence[Chart]:
    """Return the pictures of a chapter that matter most, in their order."""
    charts = [chart for section in chapter.sections for chart in section.charts]
    firsts = [section.charts[0] for section in chapter.sections if section.charts]
    urgent = [chart for chart in charts if chart.urgent]
    chosen = list(dict.fromkeys(chart.name for chart in (*firsts[:1], *urgent, *firsts)))[:most]
    return [chart for chart in charts if chart.name in chosen]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    `standing` says what was read, when, and how well that is proved; `remarks` is what several answers cannot know,
    `cautions` what one must know before reading any of it.
    """

    account: str
    as_of: str
    made_at: str
    chapters: tuple[Chapter, ...]
    data_quality: Table
    remarks: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The report's name."""
        return f"{self.account}: {' · '.join(chapter.title for chapter in self.chapters)}"

    @property
    def keys(self) -> Sequence[Headline]:
        """The numbers that stand on top."""
        return [key for chart in self.charts for key in chart.keys]

    @property
    def headlines(self) -> Sequence[Chart]:
        """The pictures whose findings stand on top: of each chapter the first, what is urgent, and then the next."""
        most = MOST_HEADLINES // max(1, len(self.chapters))
        return [chart for chapter in self.chapters for chart in _leading(chapter, most)]

    @property
    def charts(self) -> Sequence[Chart]:
        """All pictures, in their order."""
        return [chart for chapter in self.chapters for section in chapter.sections for chart in section.charts]
