"""How mailings do: counters drawn for a mailing as a whole, consistent with each other."""

from dataclasses import dataclass, field
from datetime import datetime

from activecampaign_sandbox.worlds.dice import Dice


@dataclass(frozen=True, slots=True)
class Rates:
    """What share of a mailing's readers do what; the clicks are of those who opened."""

    opens: float = 0.38
    clicks: float = 0.1
    hard: float = 0.0012
    soft: float = 0.004
    leaves: float = 0.0022
    proxied: float = 0.4  # of those who opened, seen by a proxy only


@dataclass(slots=True)
class Trace:
    """Who it was, by contact: all who got a mailing, and with the time those who opened, clicked or left.

    `fetched` are those whose mail only a proxy has opened.
    """

    sent: list[int] = field(default_factory=list)
    hard: list[int] = field(default_factory=list)
    soft: list[int] = field(default_factory=list)
    read: list[tuple[datetime, int]] = field(default_factory=list)
    fetched: list[tuple[datetime, int]] = field(default_factory=list)
    clicked: list[tuple[datetime, int]] = field(default_factory=list)
    left: list[tuple[datetime, int]] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """What became of one mailing: people, unless it says otherwise; and who they were, where that is known."""

    sent: int = 0
    opened: int = 0  # pictures fetched, by themselves or by a proxy
    read: int = 0  # by themselves
    clicked: int = 0
    hard: int = 0
    soft: int = 0
    left: int = 0
    trace: Trace = field(default_factory=Trace)

    def counters(self, random: Dice) -> dict[str, str]:
        """Return the fields of a campaign; what is not of people follows from them."""
        links = self.clicked + round(self.clicked * random.uniform(0.1, 0.4))
        replied, shared = (round(self.sent * share * random.random()) for share in (0.001, 0.0008))
        counts = {
            "send_amt": self.sent,
            "total_amt": self.sent,
            "hardbounces": self.hard,
            "softbounces": self.soft,
            "uniqueopens": self.opened,
            "opens": round(self.opened * random.uniform(1.3, 1.7)),
            "verified_unique_opens": self.read,
            "verified_opens": round(self.read * random.uniform(1.2, 1.5)),
            "subscriberclicks": self.clicked,
            "uniquelinkclicks": links,
            "linkclicks": round(links * random.uniform(1.1, 1.4)),
            "unsubscribes": self.left,
            "unsubreasons": self.left // 5,
            "replies": replied,
            "uniquereplies": replied,
            "forwards": shared,
            "uniqueforwards": shared,
        }
        return {name: str(count) for name, count in counts.items()}


def drawn(random: Dice, sent: int, rates: Rates) -> Tally:
    """Return the tally of a mailing to so many people."""
    hard, soft = round(sent * rates.hard), round(sent * rates.soft * random.uniform(0.5, 1.5))
    delivered = sent - hard - soft
    opened = round(delivered * min(0.9, rates.opens * random.uniform(0.92, 1.08)))
    clicked = round(opened * rates.clicks * random.uniform(0.8, 1.2))
    read = max(clicked, round(opened * (1 - rates.proxied * random.uniform(0.9, 1.1))))
    left = round(delivered * rates.leaves * random.uniform(0.6, 1.4))
    return Tally(sent, opened, read, clicked, hard, soft, left)
