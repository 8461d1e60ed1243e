"""What a run has proved and computed, as tables, in words, and as JSON."""

from typing import TYPE_CHECKING, NamedTuple

from acflow.cli import console, results

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acflow.app.model import RunResult
    from acflow.settings import Settings
    from acflow.source.certificate import Certificate


class Column(NamedTuple):
    """One column of the table; one with `always` unset is shown only if an entity has something in it."""

    title: str
    of: "Callable[[Certificate], object]"
    always: bool = False


COLUMNS = (
    Column("entity", lambda c: c.entity, always=True),
    Column("verdict", lambda c: c.verdict.value, always=True),
    Column("rows", lambda c: c.received, always=True),
    Column("promised", lambda c: c.promised_last, always=True),
    Column("pages", lambda c: c.pages, always=True),
    Column("requests", lambda c: c.requests, always=True),
    Column("retries", lambda c: c.retries),
    Column("budget", lambda c: None if c.budget_share is None else f"{c.budget_share:.0%}"),
    Column("limited", lambda c: c.limited),
    Column("rejects", lambda c: c.rejects),
    Column("new", lambda c: len(c.new_fields)),
    Column("gone", lambda c: len(c.vanished_fields)),
    Column("retyped", lambda c: len(c.retyped_fields)),
    Column("seconds", lambda c: f"{c.seconds:.1f}", always=True),
    Column("landed", lambda c: "yes" if c.landed else "no", always=True),
)
WORDS = frozenset({"entity", "verdict", "landed"})


def tell(result: "RunResult", settings: "Settings", *, quiet: bool) -> None:
    """Say what became of each entity and flow: what was noticed, and every reason in full."""
    if not quiet:
        for remark in result.remarks:
            console.say(remark)
        if result.certificates:
            console.say()
            show(result.certificates)
        for certificate in result.certificates:
            for note in _notes(certificate):
                console.say(f"{certificate.entity}: {note}.")
    for certificate in result.certificates:
        if certificate.lacking and not quiet:
            console.say(f"{certificate.entity}: not there for this key, and not needed. {certificate.reason}")
        elif certificate.reason and not certificate.lacking:
            guarded = f" (--accept-shrink {certificate.entity})" if certificate.may_be_accepted else ""
            console.say(f"{certificate.entity}: {certificate.verdict.value}, not landed. {certificate.reason}{guarded}")
    results.tell(result.flows, quiet=quiet)
    if not quiet:
        console.say(_summary(result, settings))


def show(certificates: "Sequence[Certificate]") -> None:
    """Print the certificates as a table on stderr."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    columns = [column for column in COLUMNS if column.always or any(column.of(each) for each in certificates)]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column.title, justify="left" if column.title in WORDS else "right")
    for certificate in certificates:
        style = None if certificate.landed else "dim" if certificate.lacking else "bold red"
        table.add_row(*(_cell(column.of(certificate)) for column in columns), style=style)
    console.rich_console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


def _notes(certificate: "Certificate") -> list[str]:
    notes = list(certificate.notes)
    if certificate.duplicates:
        notes.append(f"{certificate.duplicates:,} rows came twice and were kept once")
    if certificate.new_fields:
        notes.append(f"fields not seen before, landed as text: {', '.join(certificate.new_fields)}")
    if certificate.vanished_fields:
        notes.append(f"fields that came last time and no more: {', '.join(certificate.vanished_fields)}")
    if certificate.retyped_fields:
        held = [f"{name} (before: {' or '.join(kinds)})" for name, kinds in certificate.retyped_fields.items()]
        notes.append(f"fields that hold another kind of value than last time: {', '.join(held)}")
    return notes


def _summary(result: "RunResult", settings: "Settings") -> str:
    from acflow.engine.trouble import shown

    said = []
    if result.certificates:
        landed = [certificate for certificate in result.certificates if certificate.landed]
        said.append(f"{len(landed)} landed with {sum(c.received for c in landed):,} rows")
        if kept := sum(not each.landed and not each.lacking for each in result.certificates):
            said.append(f"{kept} not; what their tables held stays")
    if result.flows:
        said.append(results.summary(result.flows))
    return f"Run {result.run}: {', '.join(said)}. Tables are in {shown(settings.warehouse)}, schema {settings.dataset}."
