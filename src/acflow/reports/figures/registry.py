"""Every figure, once, in the order in which a report shows them."""

import difflib

from acflow.errors import ConfigError
from acflow.reports.figures import audience, campaigns, closing, pipeline, revops
from acflow.reports.figures.model import Figure

FIGURES: tuple[Figure, ...] = (
    *campaigns.FIGURES,
    *audience.FIGURES,
    *pipeline.FIGURES,
    *closing.FIGURES,
    *revops.FIGURES,
)


def figure(name: str) -> Figure:
    """Return the figure of the report of that name, or say which there are."""
    by_name = {each.report: each for each in FIGURES}
    if found := by_name.get(name.strip().lower().replace("-", "_")):
        return found
    near = difflib.get_close_matches(name, by_name, n=1, cutoff=0.4)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise ConfigError(f"There is no figure {name!r}. {guess}There are {', '.join(by_name)}.")
