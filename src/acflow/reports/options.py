"""What a reader may choose: bases, thresholds, the day the report speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
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

    `as_of` None means the newest reading in the warehouse; one without time zone is on the clock of `zone`. `zone` is
    empty for the time zone of the account's first user, which a session looks up, else UTC. `rates` turns amounts into
    the currency `into`: how much of it one unit of each currency is worth. `targets` is what is to be won in a month,
    by currency.
    """

    as_of: datetime | None = None
    basis: Basis = Basis.DELIVERED
    zone: str = ""
    days: int = 365  # how far back closed deals count
    recent_days: int = 30  # how far back growth, movements and slips are looked for
    minimum_sends: int = 100
    tiers: tuple[int, int, int] = (7, 28, 58)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    into: str = ""
    targets: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.zone and not is_zone(self.zone):
            raise ConfigError(f"There is no time zone {self.zone!r}. Name one such as Europe/Berlin.")
        if not 0 < self.tiers[0] < self.tiers[1] < self.tiers[2]:
            raise ConfigError(f"Tiers must be three rising numbers of days, not {self.tiers}.")
        if min(self.days, self.recent_days) < 1 or self.minimum_sends < 0:
            raise ConfigError("Numbers of days must be at least 1, and of sends at least 0.")
        if self.rates and not self.into:
            raise ConfigError("Rates need the currency that they lead into, such as eur (into).")
        if any(not rate.is_finite() or rate <= 0 for rate in self.rates.values()):
            raise ConfigError("Rates must be above 0.")

    @property
    def clock(self) -> ZoneInfo:
        """The time zone of days and months."""
        return ZoneInfo(self.zone or "UTC")

    def values(self, as_of: datetime) -> Iterator[tuple[str, str, str]]:
        """Yield name, value and SQL type of each `$name` in the SQL."""
        yield "as_of", as_of.astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        zone = self.clock
        today = as_of.astimezone(zone).date()
        since = today - timedelta(days=self.days - 1)  # today is one of the days
        begins = datetime.combine(since, time(), zone)
        yield "since", begins.astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        yield "since_month", since.replace(day=1).isoformat(), "DATE"
        yield "this_month", today.replace(day=1).isoformat(), "DATE"
        recently = as_of - timedelta(days=self.recent_days)
        yield "recently", recently.astimezone(UTC).isoformat(sep=" "), "TIMESTAMPTZ"
        yield "recent_day", recently.astimezone(zone).date().isoformat(), "DATE"
        yield "today", today.isoformat(), "DATE"
        yield "zone", self.zone or "UTC", "VARCHAR"
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


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
