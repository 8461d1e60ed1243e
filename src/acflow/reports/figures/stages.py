"""Stages by name: that of their pipeline stands before it where there are several."""

from collections.abc import Sequence

from acflow.reports.figures.model import Row

MOST_STAGES = 20


def stage_names(rows: Sequence[Row]) -> Sequence[str]:
    """Return how each row's stage is called."""
    several = len({row["pipeline"] for row in rows}) > 1
    return [f"{row['pipeline']} · {row['stage']}" if several else str(row["stage"]) for row in rows]


def shown_stages(rows: Sequence[Row], first: Row, weight: str) -> Sequence[Row]:
    """Return as many rows as are read, pipeline by pipeline: that of `first`, then those with the most `weight`."""
    weights: dict[str, int] = {}
    for row in rows:
        weights[row["pipeline"]] = weights.get(row["pipeline"], 0) + int(row[weight] or 0)
    order = sorted(weights, key=lambda name: (name != first["pipeline"], -weights[name], name))
    ranked = sorted(rows, key=lambda row: order.index(row["pipeline"]))
    return ranked[:MOST_STAGES] if first in ranked[:MOST_STAGES] else [*ranked[: MOST_STAGES - 1], first]
