"""The few forms of chart that the figures use, as Vega-Lite.

Values come as plain numbers and texts, so that a specification is JSON and nothing else. No chart has a title for its
scale: the subtitle of the picture says the unit once. Order is that of the rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from acflow.reports.figures import theme
from acflow.reports.figures.model import Spec

Values = Sequence[Mapping[str, Any]]
SHARE, AMOUNT = "~%", "~s"  # formats of scales, in the words of d3-format
BAR = 28  # pixels from one bar to the next
HEIGHT = 260  # pixels of a chart that has no rows to count
ROOM = 1.45  # how much longer than its longest bar a scale is, so that the number beside the bar finds room

ROOM_BOTH = 1.8  # the same where numbers also stand to the left, beside the names


def bars(values: Values, *, colour: str = theme.BLUE) -> Spec:
    """Return lying bars of `{label, value, says}`, each with its number beside it."""
    import altair as alt

    base = alt.Chart(alt.InlineData(values=list(values))).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=_domain(values))),
    )
    drawn = base.mark_bar(color=colour) + base.mark_text(align="left", dx=5).encode(text="says:N")
    return _spec(drawn.properties(height=alt.Step(BAR)))


def both_ways(values: Values) -> Spec:
    """Return lying bars of `{label, value, says}` on both sides of zero: blue grows, orange shrinks."""
    import altair as alt

    reach = max((abs(float(row["value"])) for row in values), default=0) or 1
    base = alt.Chart(alt.InlineData(values=list(values))).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[-reach * ROOM_BOTH, reach * ROOM_BOTH])),
    )
    up, down = alt.datum.value >= 0, alt.datum.value < 0
    drawn = (
        base.mark_bar().encode(color=alt.condition(up, alt.value(theme.BLUE), alt.value(theme.ORANGE)))
        + base.transform_filter(up).mark_text(align="left", dx=5).encode(text="says:N")
        + base.transform_filter(down).mark_text(align="right", dx=-5).encode(text="says:N")
    )
    return _spec(drawn.properties(height=alt.Step(BAR)))


def parted_bars(values: Values, parts: Sequence[str], *, scale: str) -> Spec:
    """Return lying bars of `{label, part, value}`, each put together of parts in this order."""
    import altair as alt

    chart = alt.Chart(_ranked(values, parts)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("value:Q", title=None, axis=alt.Axis(format=scale, tickCount=5)),
        color=_parts(parts),
        order=alt.Order("rank:Q"),
    )
    return _spec(chart.mark_bar().properties(height=alt.Step(BAR)))


def grouped_bars(values: Values, parts: Sequence[str]) -> Spec:
    """Return lying bars of `{label, part, value, says}`, one under the other for each part, each with its number."""
    import altair as alt

    base = alt.Chart(_ranked(values, parts)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        yOffset=alt.YOffset("part:N", sort=list(parts)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=_domain(values))),
    )
    drawn = base.mark_bar().encode(color=_parts(parts)) + base.mark_text(align="left", dx=5, fontSize=11).encode(
        text="says:N"
    )
    return _spec(drawn.properties(height=alt.Step(len(parts) * BAR // 2, **{"for": "position"})))


def columns(values: Values, parts: Sequence[str], *, scale: str) -> Spec:
    """Return standing bars of `{when, part, value}`, one on the other in the order of the parts."""
    import altair as alt

    chart = alt.Chart(_ranked(values, parts)).encode(
        x=alt.X("when:O", sort=None, title=None),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format=scale, tickCount=5)),
        color=_parts(parts),
        order=alt.Order("rank:Q"),
    )
    return _spec(chart.mark_bar().properties(height=HEIGHT))


def lines(values: Values, parts: Sequence[str], *, scale: str, days: bool = False) -> Spec:
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
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format=scale, tickCount=5)),
        color=_parts(parts),
    )
    if days:  # too many for a mark on each
        return _spec(chart.mark_line().properties(height=HEIGHT))
    shape = alt.Shape("part:N", scale=alt.Scale(domain=list(parts)), legend=alt.Legend(title=None))
    return _spec((chart.mark_line() + chart.mark_point()).encode(shape=shape).properties(height=HEIGHT))


def ranges(values: Values, *, scale: str) -> Spec:
    """Return a dot per row of `{label, low, value, high}` within the range where it may truly be."""
    import altair as alt

    base = alt.Chart(alt.InlineData(values=list(values))).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, grid=True)),
        x=alt.X("value:Q", title=None, axis=alt.Axis(format=scale, tickCount=5)),
    )
    reach = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    return _spec((reach + base.mark_point(opacity=1, size=70)).properties(height=alt.Step(BAR)))


def _ranked(values: Values, parts: Sequence[str]) -> Any:  # noqa: ANN401 - Altair's data, which loads late
    import altair as alt

    rank = {part: number for number, part in enumerate(parts)}
    return alt.InlineData(values=[{**row, "rank": rank[row["part"]]} for row in values])


def _parts(parts: Sequence[str]) -> Any:  # noqa: ANN401 - as above
    import altair as alt

    return alt.Color("part:N", scale=alt.Scale(domain=list(parts)), legend=alt.Legend(title=None))


def _domain(values: Values) -> list[float]:
    return [0.0, ROOM * max((float(row["value"]) for row in values), default=0.0) or 1.0]


def _spec(chart: Any) -> Spec:  # noqa: ANN401 - a layer or a single chart
    spec: dict[str, Any] = chart.to_dict(validate=True)
    spec.pop("config", None)  # the theme's business
    return spec
