"""What a figure is: rows of one report, as pictures that say what they show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from acflow.reports.figures.numbers import chosen_locale
from acflow.reports.options import Options

Row = Mapping[str, Any]
Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Headline:
    """One number for whoever has twenty seconds: what it is, how much, what to hold it against, what weakens it."""

    label: str
    value: str
    beside: str = ""
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart and its words.

    `title` is the finding, a sentence without its full stop; `subtitle` says what is drawn, in which unit and on which
    basis; `cautions` is what a reader must know before believing it. `spec` is Vega-Lite without width, theme and
    title, which are the surface's business.
    """

    name: str
    title: str
    subtitle: str
    spec: Spec
    cautions: tuple[str, ...] = ()
    keys: tuple[Headline, ...] = ()
    urgent: bool = False  # somebody should act on the finding, so it belongs on top of a report
    locale: str = field(default_factory=chosen_locale)  # of the numbers on its axes

    @property
    def text(self) -> str:
        """What is said to those who do not see the picture."""
        return ". ".join([self.title, self.subtitle, *self.cautions]) + "."


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What rows speak of: an instant, and the options that were chosen; `before` are the rows of the period before."""

    as_of: datetime
    options: Options = field(default_factory=Options)
    before: Sequence[Row] = ()

    @property
    def today(self) -> date:
        """The day of that instant, where days are reckoned."""
        return self.as_of.astimezone(self.options.clock).date()


@dataclass(frozen=True, slots=True)
class Figure:
    """How the rows of one report are drawn, and which columns of it stand under the picture.

    `draw` gets the rows and what they speak of; it returns one picture, or one per currency, or none where there is
    nothing to see. `beside` are columns that are needed to print others, such as the currency of an amount.
    `newest_first` turns rows in time round, so that the last ones find room. `compared` asks for the period before too.
    """

    report: str
    draw: Callable[[Sequence[Row], ReportContext], Sequence[Chart]]
    columns: tuple[str, ...]
    beside: tuple[str, ...] = ()
    newest_first: bool = False
    compared: bool = False


def numbers_alone(_: Sequence[Row], __: ReportContext) -> Sequence[Chart]:
    """Draw nothing: the rows say it best."""
    return ()
