"""The automations: who entered each, how far they got, and the mails they sent on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.people import DAY, NEWSLETTER, TRADE_FORMS, Person
from activecampaign_sandbox.worlds.small.rates import Rates

STEPS = 6  # elements of each automation, the mails among them
GONE_QUIET = 150 * DAY


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that an automation sends so many days after somebody entered it."""

    name: str
    days: float
    rates: Rates


@dataclass(frozen=True, slots=True)
class Automation:
    """What starts it, by the dates on which it did for a person, and what it sends."""

    name: str
    age: int  # days
    starts: Callable[[Dice, Person, datetime], list[datetime]]
    mails: tuple[Mail, ...] = ()
    days: float = 14  # that a person needs to get through
    running: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's way through an automation."""

    person: Person
    automation: int
    added: datetime
    left: datetime | None


@dataclass(slots=True)
class Sendings:
    """What one mail of an automation came to."""

    automation: int
    mail: Mail
    made: datetime
    times: list[datetime] = field(default_factory=list)


def _welcome(_: Dice, person: Person, __: datetime) -> list[datetime]:
    stay = person.lists.get(NEWSLETTER)
    return [stay.since] if stay and person.form else []


def _basket(random: Dice, person: Person, now: datetime) -> list[datetime]:
    tries = person.orders if random.happens(0.4) else 0
    return [person.created + (now - person.created) * random.random() for _ in range(min(tries, 3))]


def _ordered(random: Dice, person: Person, now: datetime) -> list[datetime]:
    return [person.created + (now - person.created) * random.random() for _ in range(min(person.orders, 4))]


def _again(random: Dice, person: Person, now: datetime) -> list[datetime]:
    return _ordered(random, person, now)[1:]


def _asleep(_: Dice, person: Person, now: datetime) -> list[datetime]:
    seen = person.opened or person.created
    quiet = seen + GONE_QUIET
    return [quiet] if quiet < now and person.mailable and not person.bought else []


def _trade(_: Dice, person: Person, __: datetime) -> list[datetime]:
    return [person.created + timedelta(minutes=2)] if person.form in TRADE_FORMS else []


def _nobody(_: Dice, __: Person, ___: datetime) -> list[datetime]:
    return []


AUTOMATIONS = (
    Automation(
        "Welcome",
        700,
        _welcome,
        (
            Mail("Welcome 1: hello", 0, Rates(0.62, 0.22, 0.004, proxied=0.3)),
            Mail("Welcome 2: how to brew", 3, Rates(0.55, 0.18, proxied=0.32)),
            Mail("Welcome 3: first order", 9, Rates(0.47, 0.16, leaves=0.006, proxied=0.35)),
        ),
    ),
    Automation("Abandoned basket", 640, _basket, (Mail("Abandoned basket", 0.1, Rates(0.51, 0.31)),), 2),
    Automation("Review request", 600, _ordered, (Mail("Review request", 12, Rates(0.44, 0.12)),), 20),
    Automation("Refill reminder", 560, _again, (Mail("Refill reminder", 40, Rates(0.49, 0.24)),), 45),
    Automation(
        "Win back",
        480,
        _asleep,
        (
            Mail("Win back 1", 0, Rates(0.33, 0.05, leaves=0.012, proxied=0.7)),
            Mail("Win back 2", 14, Rates(0.3, 0.04, leaves=0.018, proxied=0.75)),
        ),
        30,
    ),
    Automation("Wholesale follow-up", 720, _trade, days=21),
    Automation("Café starter kit", 540, _nobody),
    Automation("Welcome (old)", 900, _nobody, running=False),
)


def walked(random: Dice, crowd: Sequence[Person], now: datetime) -> tuple[list[Entry], list[Sendings]]:
    """Let everybody who starts an automation go through it; entries come in the order of their dates."""
    entries: list[Entry] = []
    sendings: list[Sendings] = []
    for number, automation in enumerate(AUTOMATIONS, start=1):
        made = now - automation.age * DAY
        mails = [Sendings(number, mail, made) for mail in automation.mails]
        for person in crowd:
            for started in automation.starts(random, person, now):
                if made < started < now:
                    entries.append(_entry(random, person, number, started.replace(microsecond=0), now))
                    _send(mails, entries[-1], now)
        sendings += mails
    return sorted(entries, key=lambda entry: (entry.added, entry.person.key, entry.automation)), sendings


def _entry(random: Dice, person: Person, number: int, added: datetime, now: datetime) -> Entry:
    through = added + timedelta(seconds=int(86_400 * AUTOMATIONS[number - 1].days * random.uniform(1.0, 1.4)))
    return Entry(person, number, added, through if through < now else None)


def _send(mails: Sequence[Sendings], entry: Entry, now: datetime) -> None:
    for sendings in mails:
        due = entry.added + timedelta(seconds=int(86_400 * sendings.mail.days) + 60)
        if due < min(now, entry.left or now):
            sendings.times.append(due)
            entry.person.sent += 1
