"""The few forms of chart that the figures use, as Vega-Lite.

Values come as plain numbers and texts, so that a specification is JSON and nothing else. No chart has a title for its
scale: the subtitle of the picture says the unit once. Order is that of the rows.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

from acflow.entities.text import shorten
from acflow.reports.figures import theme
from acflow.reports.figures.model import Spec
from acflow.reports.figures.numbers import NAMELESS, axis_amounts

Values = Sequence[Mapping[str, Any]]
Parts = Sequence[str] | Mapping[str, str]  # names, and if need be the colour of each
SHARE: Mapping[str, Any] = {"format": "~%"}  # how scales write their numbers, in the words of d3-format
LABEL, PART = 40, 27  # letters of the name of a bar, and of a name in a legend, which has three beside each other
BAR = 28  # pixels from one bar to the next
THIN_BAR = 18  # the same where several bars stand under one name
HEIGHT = 260  # pixels of a chart that has no rows to count
ROOM = 0.45  # what a scale has beyond its longest bar, as a share of it, so that the number beside the bar finds room


def amounts() -> Mapping[str, Any]:
    """Return how a scale writes amounts: shortened as `numbers.short` does it."""
    return {"labelExpr": axis_amounts()}


def apart(names: Sequence[str | None], most: int = LABEL) -> Sequence[str]:
    """Return the names as they find room, with a number behind those that would read like an earlier one."""
    taken: dict[str, None] = {}
    for name in names:
        short = shorten(name or "", most) or NAMELESS
        candidates = (f"{short} ({number})" for number in count(2))
        taken[next(label for label in chain([short], candidates) if label not in taken)] = None
    return list(taken)


def bars(values: Values, *, colour: str = theme.BLUE, limit: float | None = None) -> Spec:
    """Return lying bars of `{label, value, says}`, each with its number beside it.

    Those with `lit` stand out, if any has it. A line across all marks the `limit`.
    """
    import altair as alt

    longest = max([float(row["value"]) for row in values] + [limit or 0.0], default=0.0)
    base = alt.Chart(_named(values)).encode(
        y=_names(alt), x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0.0, (1 + ROOM) * longest or 1.0]))
    )
    bar = base.mark_bar(color=colour)
    if any(row.get("lit") for row in values):
        bar = bar.encode(opacity=alt.condition("datum.lit", alt.value(1), alt.value(theme.DIM)))
    if limit is None:
        return _spec((bar + _beside(base)).properties(height=alt.Step(BAR)))
    line = alt.Chart(alt.InlineData(values=[{"limit": limit}])).mark_rule(strokeDash=[4, 3]).encode(x="limit:Q")
    beyond = base.transform_calculate(end=alt.expr.max(alt.datum.value, limit)).encode(x="end:Q")
    return _spec((bar + line + _beside(beyond)).properties(height=alt.Step(BAR)))


def both_ways(values: Values) -> Spec:
    """Return lying bars of `{label, value, says}` on both sides of zero: blue grows, orange shrinks."""
    import altair as alt

    reached = [0.0, *(float(row["value"]) for row in values)]
    least, most = min(reached), max(reached)
    room = ROOM * (most - least) or 1.0
    scale = alt.Scale(domain=[least - room if least < 0 else 0.0, most + room], nice=False)
    base = alt.Chart(_named(values)).encode(y=_names(alt), x=alt.X("value:Q", axis=None, scale=scale))
    up, down = alt.datum.value >= 0, alt.datum.value < 0
    drawn = (
        base.mark_bar().encode(color=alt.condition(up, alt.value(theme.BLUE), alt.value(theme.ORANGE)))
        + base.transform_filter(up).mark_text(align="left", dx=5).encode(text="says:N")
        + base.transform_filter(down).mark_text(align="right", dx=-5).encode(text="says:N")
    )
    return _spec(drawn.properties(height=alt.Step(BAR)))


def parted_bars(values: Values, parts: Parts) -> Spec:
    """Return lying bars of `{label, part, value}`, each put together of parts in this order.

    A row with `says` has it written at `end`, which is where its bar ends.
    """
    import altair as alt

    longest = max((float(row["end"]) for row in values if "end" in row), default=0.0)
    scale = alt.Scale(domain=[0.0, (1 + ROOM) * longest or 1.0])
    base = alt.Chart(_ranked(values, parts)).encode(y=_names(alt), x=alt.X("value:Q", axis=None, scale=scale))
    bar = base.mark_bar().encode(color=_parts(parts), order=alt.Order("rank:Q"))
    text = base.transform_filter("isValid(datum.says)").mark_text(align="left", dx=5).encode(x="end:Q", text="says:N")
    return _spec((bar + text).properties(height=alt.Step(BAR)))


def grouped_bars(values: Values, parts: Parts) -> Spec:
    """Return lying bars of `{label, part, value, says}`, one under the other for each part, each with its number."""
    import altair as alt

    longest = max((float(row["value"]) for row in values), default=0.0)
    base = alt.Chart(_ranked(values, parts)).encode(
        y=_names(alt),
        yOffset=alt.YOffset("part:N", sort=list(parts)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0.0, (1 + ROOM) * longest or 1.0])),
    )
    drawn = base.mark_bar().encode(color=_parts(parts)) + base.mark_text(align="left", dx=5).encode(text="says:N")
    return _spec(drawn.properties(height=alt.Step(len(parts) * THIN_BAR, **{"for": "position"})))


def marked_bars(values: Values, parts: Parts) -> Spec:
    """Return lying bars of the first part of `{label, part, value}` and dots of the second.

    A row with `says` has it written at `end`, beyond the bar and its dot.
    """
    import altair as alt

    first, second = parts
    longest = max((float(row["value"]) for row in values), default=0.0)
    scale = alt.Scale(domain=[0.0, (1 + 2 * ROOM) * longest or 1.0])
    base = alt.Chart(_ranked(values, parts)).encode(y=_names(alt), x=alt.X("value:Q", axis=None, scale=scale))
    bar = base.transform_filter(alt.datum.part == first).mark_bar().encode(color=_parts(parts))
    dot = base.transform_filter(alt.datum.part == second).mark_point(opacity=1, size=90).encode(color=_parts(parts))
    text = base.transform_filter("isValid(datum.says)").mark_text(align="left", dx=9).encode(x="end:Q", text="says:N")
    return _spec((bar + dot + text).properties(height=alt.Step(BAR)))


def columns(values: Values, parts: Parts, *, scale: Mapping[str, Any]) -> Spec:
    """Return standing bars of `{when, part, value}`, one on the other in the order of the parts."""
    import altair as alt

    chart = alt.Chart(_ranked(values, parts)).encode(
        x=alt.X("when:O", sort=None, title=None),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5, **scale)),
        color=_parts(parts),
        order=alt.Order("rank:Q"),
    )
    return _spec(chart.mark_bar().properties(height=HEIGHT))


def lines(values: Values, parts: Parts, *, scale: Mapping[str, Any], days: bool = False) -> Spec:
    """Return a line per part through `{when, part, value}`; where a value is missing, the line has a gap.

    With `days`, `when` is a day as 2026-10-30 and takes its place in time; else each is a step of the same width.
    """
    import altair as alt

    when = (
        alt.X("when:T", timeUnit="utcyearmonthdate", title=None, axis=alt.Axis(format="%Y-%m", tickCount=6))
        if days
        else alt.X("when:O", sort=None, title=None)
    )
    chart = alt.Chart(_ranked(values, parts)).encode(
        x=when,
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5, **scale)),
        color=_parts(parts),
    )
    if days:  # too many for a mark on each
        return _spec(chart.mark_line().properties(height=HEIGHT))
    drawn = (chart.mark_line() + chart.mark_point()).encode(shape=_shapes(parts))
    return _spec(drawn.properties(height=HEIGHT))


def ranges(values: Values, parts: Parts, *, scale: Mapping[str, Any]) -> Spec:
    """Return a dot per row of `{label, part, value}`, within the range from `low` to `high` where it may truly be."""
    import altair as alt

    base = alt.Chart(_ranked(values, parts)).encode(
        y=alt.Y(
            "label:N",
            sort=None,
            title=None,
            scale=alt.Scale(type="point"),
            axis=alt.Axis(ticks=False, domain=False, grid=True),
        ),
        x=alt.X("value:Q", title=None, axis=alt.Axis(tickCount=5, **scale)),
    )
    reach = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    dot = base.mark_point(opacity=1, size=70).encode(color=_parts(parts), shape=_shapes(parts))
    return _spec((reach + dot).properties(height=alt.Step(BAR)))


def _beside(base: Any) -> Any:  # noqa: ANN401 - a chart of Altair, which loads late
    return base.mark_text(align="left", dx=5).encode(text="says:N")


def _names(alt: Any) -> Any:  # noqa: ANN401 - Altair, which loads late
    return alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False))


def _named(values: Values) -> Any:  # noqa: ANN401 - as above
    import altair as alt

    names = apart([row["label"] for row in values])
    return alt.InlineData(values=[{**row, "label": name} for row, name in zip(values, names, strict=True)])


def _ranked(values: Values, parts: Parts) -> Any:  # noqa: ANN401 - as above
    import altair as alt

    rank = {part: number for number, part in enumerate(parts)}
    names = list(dict.fromkeys(row["label"] for row in values if "label" in row))
    labels = {name: {"label": label} for name, label in zip(names, apart(names), strict=True)}
    return alt.InlineData(
        values=[{**row, **labels.get(row.get("label"), {}), "rank": rank[row["part"]]} for row in values]
    )


def _parts(parts: Parts) -> Any:  # noqa: ANN401 - as above
    """Return the colours of parts: those that were given to them, else those of the palette in their order."""
    import altair as alt

    scale = alt.Scale(domain=list(parts), range=[*parts.values()] if isinstance(parts, Mapping) else alt.Undefined)
    return alt.Color("part:N", scale=scale, legend=_legend(parts))


def _legend(parts: Parts) -> Any:  # noqa: ANN401 - as above
    import altair as alt

    return None if list(parts) == [""] else alt.Legend(title=None)


def _shapes(parts: Parts) -> Any:  # noqa: ANN401 - as above
    import altair as alt

    return alt.Shape("part:N", scale=alt.Scale(domain=list(parts)), legend=_legend(parts))


def _spec(chart: Any) -> Spec:  # noqa: ANN401 - a layer or a single chart
    spec: dict[str, Any] = chart.to_dict(validate=True)
    spec.pop("config", None)  # the theme's business
    return spec
