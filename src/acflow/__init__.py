"""acflow reads a whole ActiveCampaign account, proves that nothing is missing, and lands it as typed tables.

In Python: `project = acflow.open("folder")`, then `project.run()`, `project.query("select …")`; see docs/python.md.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acflow.app.public import Project, open  # noqa: A004 - it opens a project, as `gzip.open` does a file

__version__ = "0.2.0"
__all__ = ["Project", "__version__", "open"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is exported
    """Import the rest only for who uses it, so that importing acflow costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'acflow' has no attribute {name!r}")
    from acflow.app import public

    return getattr(public, name)
