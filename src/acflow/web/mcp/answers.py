"""What an assistant is told beside the data: how old they are, what was proved of them, and what is left out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from acflow.app.instants import as_text
from acflow.app.rows import Filter, Operator
from acflow.web.values import plain

if TYPE_CHECKING:
    from acflow.app.table_info import TableInfo
    from acflow.web.site import Site

VERDICTS = ("forbidden", "partial", "moved", "complete")  # from the worst to the best


class Answer(BaseModel):
    """The data, and what one has to know to use them."""

    data: Any
    data_as_of: str | None = Field(description="When the oldest reading began that the data rest on; null if unknown.")
    generation: str = Field(description="Changes whenever the data may have changed.")
    verdict: str | None = Field(description="What was proved of the data: complete, moved, partial or forbidden.")
    notes: list[str] = Field(description="What must be said along with the figures.")
    truncated: bool = Field(description="Whether there are more rows than these.")


class Condition(BaseModel):
    """One condition; several must all hold. With several values, any of them will do."""

    column: str
    operator: Literal[
        "is", "is_not", "below", "at_most", "above", "at_least", "contains", "begins", "empty", "filled"
    ]  # fmt: skip
    values: list[str] = Field(default_factory=list, description="None for empty and filled.")


def filters(conditions: Iterable[Condition]) -> tuple[Filter, ...]:
    """Return conditions as `app` takes them."""
    return tuple(Filter(each.column, Operator(each.operator), tuple(each.values)) for each in conditions)


def answered(  # noqa: PLR0913 - each is a part of the answer
    site: "Site",
    data: object,
    *,
    tables: Sequence[str] = (),
    as_of: datetime | None = None,
    notes: Sequence[str] = (),
    truncated: bool = False,
) -> Answer:
    """Return an answer that rests on these tables, or on all that were read from the account if none is named."""
    used = _used(site, tables)
    moments = [as_of] if as_of else [table.as_of for table in used]
    known = [moment for moment in moments if moment is not None]
    return Answer(
        data=plain(data),
        data_as_of=as_text(min(known)) if known and len(known) == len(moments) else None,
        generation=site.generation,
        verdict=_verdict(site, used),
        notes=list(notes),
        truncated=truncated,
    )


def _used(site: "Site", tables: Sequence[str]) -> "list[TableInfo]":
    from acflow.app.data import origins
    from acflow.entities import ALL

    used: list[TableInfo] = site.cached(
        ("origins", site.generation, tuple(tables)),
        lambda: origins(site.project, tables or [entity.name for entity in ALL]),
    )
    return used


def _verdict(site: "Site", used: "Sequence[TableInfo]") -> str | None:
    """Return the worst verdict among what the tables were made of."""
    from acflow.app.flows import list_flows
    from acflow.web.pages.data import verdicts_of

    verdicts = verdicts_of(site) | {
        flow.name: flow.verdict for flow in list_flows(site.project, check=False) if flow.verdict
    }
    known = [verdicts[table.belongs_to] for table in used if table.belongs_to in verdicts]
    return min(known, key=VERDICTS.index, default=None)
