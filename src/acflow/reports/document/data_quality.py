"""What a report stands on: how its tables were read, and how well that is proved."""

from collections.abc import Mapping, Sequence
from typing import Any

from acflow.reports.document.model import Heading, Table
from acflow.reports.figures import numbers

HEADINGS = (
    Heading("entity", "The kind of record."),
    Heading("read", "When its table was last replaced, in UTC."),
    Heading("verdict", "How well that reading is proved."),
    Heading("rows", "How many different rows came.", numeric=True),
    Heading("promised", "How many the account said it holds.", numeric=True),
    Heading("limited", "Rows that the key's user may not see in full.", numeric=True),
    Heading("set aside", "Values that would not convert.", numeric=True),
)


def data_quality(certificates: Sequence[Mapping[str, Any]]) -> Table:
    """Return the last landed certificate of each entity as a table; `Ledger.landed_certificates` gives them."""
    return Table("The readings that this report stands on", HEADINGS, tuple(_row(each) for each in certificates))


def not_read(refused: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which readings did not land, and what can be done."""
    cut_off = "The run was cut off. Run it again."  # certificates are kept before landing, without a reason
    return [
        f"{each['entity']} did not land on {numbers.minute(each['at'])} UTC. {each['reason'] or cut_off}"
        for each in refused
    ]


def _row(certificate: Mapping[str, Any]) -> tuple[str, ...]:
    promised = certificate["promised_last"]
    return (
        certificate["entity"],
        numbers.minute(certificate["at"]),
        certificate["verdict"],
        numbers.number(certificate["received"]),
        numbers.NOTHING if promised is None else numbers.number(promised),
        numbers.number(certificate["limited"]),
        numbers.number(certificate["rejects"]),
    )
