"""Accounts held against each other: who is best in each headline figure, and who moved.

Rates and counts stand beside each other as they are; amounts are ranked within their currency. What rests on too few
deals is shown and not ranked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from acflow.reports.figures.numbers import number, percent, short_money, signed
from acflow.reports.model import Format, Role

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure of a report that accounts are compared by.

    A monthly one is that of the last whole month, held against the month before; the others are of the window of days
    that the report looks back, held against the window before.
    """

    column: str
    report: str
    role: Role
    kind: Format
    monthly: bool = False
    lower_is_better: bool = False

    @property
    def title(self) -> str:
        """Its name as it begins a sentence."""
        words = self.column.replace("_", " ")
        return words[0].upper() + words[1:]

    @property
    def needs_a_sample(self) -> bool:
        """Whether a few deals more or less would make another account the best."""
        return not self.monthly and self.kind is not Format.COUNT and self.column != "won_amount"


MAIL, GROWTH = "campaigns_by_month", "account_growth"
KPIS = (
    Kpi("new_contacts", GROWTH, Role.MARKETING, Format.COUNT, monthly=True),
    Kpi("sends", MAIL, Role.MARKETING, Format.COUNT, monthly=True),
    Kpi("verified_open_rate", MAIL, Role.MARKETING, Format.RATE, monthly=True),
    Kpi("click_rate", MAIL, Role.MARKETING, Format.RATE, monthly=True),
    Kpi("unsubscribe_rate", MAIL, Role.MARKETING, Format.RATE, monthly=True, lower_is_better=True),
    Kpi("won", "win_rate", Role.SALES, Format.COUNT),
    Kpi("win_rate", "win_rate", Role.SALES, Format.SHARE),
    Kpi("won_amount", "win_rate", Role.SALES, Format.MONEY),
    Kpi("cycle_days", "sales_cycle", Role.SALES, Format.DAYS, lower_is_better=True),
    Kpi("velocity", "velocity", Role.SALES, Format.MONEY),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of one account; `low_sample` if too little is behind it to rank it."""

    value: float | None
    low_sample: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands in one figure. `rank` 1 is the best of `of` that are ranked; `change` is since before."""

    kpi: str
    currency: str | None
    account: str
    rank: int | None
    of: int
    value: float | None
    before: float | None
    change: float | None
    low_sample: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def measured(kpi: Kpi, rows: Sequence[Row], month: date) -> dict[str | None, Measured]:
    """Return a figure from the rows of its report, by currency where it is an amount."""
    if kpi.monthly:
        row = next((row for row in rows if row["month"] == month), None)
        nothing = 0.0 if kpi.kind is Format.COUNT and rows else None  # without any row nothing is known
        return {None: Measured(nothing if row is None else _number(row[kpi.column]))}
    whole = [row for row in rows if row["dimension"] == "all"]
    if kpi.kind is Format.MONEY:
        return {row["currency"]: _of_deals(kpi, row) for row in whole if row["currency"] is not None}
    # Where there are several currencies, a row over all of them comes first and names none.
    row = next((row for row in whole if row["currency"] is None), whole[0] if whole else None)
    return {None: Measured(None) if row is None else _of_deals(kpi, row)}


def _of_deals(kpi: Kpi, row: Row) -> Measured:
    return Measured(_number(row[kpi.column]), kpi.needs_a_sample and bool(row["low_sample"]))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def standings(
    kpi: Kpi,
    now: Mapping[str, Mapping[str | None, Measured]],
    before: Mapping[str, Mapping[str | None, Measured]],
) -> list[Standing]:
    """Rank accounts, whose figures come by account and currency, the best first; equal ones share a rank."""
    currencies = dict.fromkeys(currency for found in now.values() for currency in found)
    ranked = []
    for currency in sorted(currencies, key=lambda code: code or ""):
        held = {account: found[currency] for account, found in now.items() if currency in found}
        best = sorted((m.value for m in held.values() if m.value is not None and not m.low_sample), reverse=True)
        best = best[::-1] if kpi.lower_is_better else best
        of_it = [_standing(kpi, currency, account, best, found, before) for account, found in held.items()]
        ranked += sorted(of_it, key=lambda standing: (standing.rank is None, standing.rank, standing.account))
    return ranked


def _standing(  # noqa: PLR0913, PLR0917 - what it is made of
    kpi: Kpi,
    currency: str | None,
    account: str,
    best: Sequence[float],
    now: Measured,
    before: Mapping[str, Mapping[str | None, Measured]],
) -> Standing:
    earlier = before.get(account, {}).get(currency, Measured(None)).value
    ranks = now.value is not None and not now.low_sample
    return Standing(
        kpi=kpi.column,
        currency=currency,
        account=account,
        rank=best.index(now.value) + 1 if ranks and now.value is not None else None,
        of=len(best),
        value=now.value,
        before=earlier,
        change=None if now.value is None or earlier is None else now.value - earlier,
        low_sample=now.low_sample,
    )


def findings(kpi: Kpi, ranked: Sequence[Standing]) -> Iterator[str]:
    """Say who is best in a figure and who moved most, for each currency in which two or more can be compared."""
    for currency in dict.fromkeys(standing.currency for standing in ranked):
        of_it = [standing for standing in ranked if standing.currency == currency and standing.rank is not None]
        if len(of_it) < 2:  # noqa: PLR2004 - alone nobody is best
            continue
        name = f"{kpi.title}, {currency.upper()}" if currency else kpi.title
        best = [standing for standing in of_it if standing.rank == 1]
        leaders = ", ".join(standing.account for standing in best)
        text = f"{name}: {leaders} {'leads' if len(best) == 1 else 'lead'} with {shown(kpi, best[0].value, currency)}"
        moved = [standing for standing in of_it if standing.change]
        if moved:
            most = max(moved, key=lambda standing: abs(standing.change or 0.0))
            text += f"; {most.account} moved most, {change_shown(kpi, most.change, currency)}"
        yield f"{text}."


def shown(kpi: Kpi, value: float | None, currency: str | None) -> str:
    """Return a figure as people read it."""
    if value is None:
        return ""
    if kpi.kind.is_percentage:
        return percent(value)
    if kpi.kind is Format.MONEY:
        return short_money(value, currency or "")
    return number(value, 1 if kpi.kind is Format.DAYS else 0)


def change_shown(kpi: Kpi, change: float | None, currency: str | None) -> str:
    """Return a change as people read it, with its sign."""
    if change is None:
        return ""
    if kpi.kind.is_percentage:
        return f"{change * 100:+.1f} points"
    if kpi.kind is Format.MONEY:
        return f"{'+' if change > 0 else ''}{short_money(change, currency or '')}"
    return f"{change:+,.1f}" if kpi.kind is Format.DAYS else signed(round(change))
