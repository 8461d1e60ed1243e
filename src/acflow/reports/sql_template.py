"""The SQL of a report as a text with gaps, so that only what differs between warehouses and askings is written anew.

`assemble.build` gives the same SELECT as a tree; to work that out and to write it takes a quarter of a second.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache

from sqlglot import exp

from acflow.reports.assemble import Catalog, ReportText, Rewind, render, skeleton, source_steps
from acflow.reports.model import Report
from acflow.reports.options import Options
from acflow.reports.sql_cache import cached

SOURCE, OPTION = "@source:", "@option:"
KINDS = {name: kind for name, _, kind in Options().values(datetime.now(UTC))}
GAP = re.compile(rf"SELECT\s+.{SOURCE}(\w+)@.|'{OPTION}(\w+)@'")
INDENTED = "\n  "


@dataclass(frozen=True, slots=True)
class SqlTemplate:
    """Texts, and between them gaps by name: a source's step, or what stands for a `$name`."""

    texts: Sequence[str]
    gaps: Sequence[str]
    sources: Mapping[str, Sequence[str]]  # the columns that are read of each

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the SQL."""
        return "".join(
            text + value for text, value in zip(self.texts, [*(values[gap] for gap in self.gaps), ""], strict=True)
        )


def written_sql(  # noqa: PLR0913, PLR0917 - what the rows are, of when, and for whom
    report: Report,
    options: Options,
    as_of: datetime,
    there: Catalog,
    dataset: str,
    rewinds: Mapping[str, Rewind],
    dialect: str,
    *,
    pretty: bool = False,
) -> str:
    """Return the SQL of a report, on one line or, if it is to be `pretty`, on many; see `assemble.build`.

    Raises:
        ConfigError: the dialect cannot say it.

    """
    template = _template(ReportText.of(report), dialect, pretty)
    steps = source_steps(template.sources, options, there, dataset, rewinds).items()
    sources = {name: render(step, dialect, pretty=pretty).replace("\n", INDENTED) for name, step in steps}
    values = {name: exp.Literal.string(value).sql(dialect) for name, value, _ in options.values(as_of)}
    return template.filled(values | sources)


@cache
def _template(text: ReportText, dialect: str, pretty: bool) -> SqlTemplate:
    kind = f"{dialect}, pretty" if pretty else dialect
    return SqlTemplate(**cached(kind, str(text), lambda: asdict(_written(text.report, dialect, pretty=pretty))))


def _written(report: Report, dialect: str, *, pretty: bool) -> SqlTemplate:
    """Write a report with marks in the place of what is filled in."""
    bones = skeleton(report)
    marks: dict[str, exp.Query] = {
        name: exp.select(exp.column(f"{SOURCE}{name}@", quoted=True)) for name in bones.sources
    }
    query = bones.with_sources(marks)
    for place in list(query.find_all(exp.Placeholder)):
        place.replace(exp.cast(exp.Literal.string(f"{OPTION}{place.name}@"), KINDS[place.name]))
    pieces = GAP.split(render(query, dialect, pretty=pretty))
    gaps = [source or option for source, option in zip(pieces[1::3], pieces[2::3], strict=True)]
    return SqlTemplate(pieces[::3], gaps, bones.sources)
