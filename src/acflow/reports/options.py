"""What a reader may choose: bases, thresholds, the day the report speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acflow.errors import ConfigError


class Basis(StrEnum):
    """What e-mail rates are shares of."""

    DELIVERED = "delivered"  # sent and not bounced
    SENDS = "sends"
    TOTAL_AMT = "total_amt"  # whom the campaign was meant for, as older reports of ActiveCampaign count


@dataclass(frozen=True)
class Options:
    """Every choice with its default.

    `as_of` None means the newest reading in the warehouse. `rates` turns amounts into the currency `into`: how much of
    it one unit of each currency is worth. `targets` is what is to be won in a month, by currency.
    """

    as_of: datetime | None = None
    basis: Basis = Basis.DELIVERED
    zone: str = "UTC"
    days: int = 365  # how far back closed deals count
    recent_days: int = 30  # how far back growth, movements and slips are looked for
    minimum_sends: int = 100
    tiers: tuple[int, int, int] = (7, 28, 58)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    into: str = ""
    targets: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ConfigError(f"There is no time zone {self.zone!r}. Name one such as Europe/Berlin.") from None
        if self.as_of is not None and self.as_of.tzinfo is None:
            raise ConfigError("The instant of a report needs a time zone, as in 2026-11-24T08:00:00Z.")
        if not 0 < self.tiers[0] < self.tiers[1] < self.tiers[2]:
            raise ConfigError(f"Tiers must be three rising numbers of days, not {self.tiers}.")
        if min(self.days, self.recent_days) < 1 or self.minimum_sends < 0:
            raise ConfigError("Numbers of days must be at least 1, and of sends at least 0.")
        if self.rates and not self.into:
            raise ConfigError("Rates need the currency that they lead into: --into eur.")
        if any(not rate.is_finite() or rate <= 0 for rate in self.rates.values()):
            raise ConfigError("Rates must be above 0.")

    def values(self, as_of: datetime) -> Iterator[tuple[str, str, str]]:
        """Yield name, value and SQL type of each `$name` in the SQL."""
        yield "as_of", as_of.astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        yield "since", (as_of - timedelta(days=self.days)).astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        recently = as_of - timedelta(days=self.recent_days)
        yield "recently", recently.astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        yield "recent_day", recently.astimezone(ZoneInfo(self.zone)).date().isoformat(), "DATE"
        yield "today", as_of.astimezone(ZoneInfo(self.zone)).date().isoformat(), "DATE"
        yield "zone", self.zone, "VARCHAR"
        yield "basis", self.basis.value, "VARCHAR"
        yield "days", str(self.days), "BIGINT"
        yield "minimum_sends", str(self.minimum_sends), "BIGINT"
        for name, bound in zip(("recent", "engaged", "disengaged"), self.tiers, strict=True):
            yield name, str(bound), "BIGINT"

    def tables(self) -> Iterator[tuple[str, Sequence[tuple[str, str]], Sequence[Sequence[str]]]]:
        """Yield name, columns with their types, and rows of each table that the SQL may read beside the warehouse's."""
        into = self.into.lower()
        rates = {currency.lower(): rate for currency, rate in self.rates.items()}
        if rates:
            rates.setdefault(into, Decimal(1))
        columns: Sequence[tuple[str, str]] = (("currency", "VARCHAR"), ("rate", "DECIMAL(18, 8)"), ("into", "VARCHAR"))
        yield "rates", columns, [(currency, format(rate, "f"), into) for currency, rate in rates.items()]
        columns = (("currency", "VARCHAR"), ("target", "DECIMAL(28, 4)"))
        yield "targets", columns, [(each.lower(), format(target, "f")) for each, target in self.targets.items()]
