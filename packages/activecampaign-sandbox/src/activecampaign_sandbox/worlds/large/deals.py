"""Any number of deals from their index; one in five hundred is limited."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from activecampaign_sandbox.endpoints import DEALS
from activecampaign_sandbox.rows import deal
from activecampaign_sandbox.rows.deals import limited_deal
from activecampaign_sandbox.wire import encode
from activecampaign_sandbox.worlds.large.contacts import FIRM_NAMES
from activecampaign_sandbox.worlds.large.places import Ids
from activecampaign_sandbox.worlds.large.recipe import KEY, NEVER, mark, spread, template
from activecampaign_sandbox.worlds.large.times import stamp
from activecampaign_sandbox.worlds.small.sales import PIPELINES, stage_key

AGE = timedelta(days=5 * 365)
LIMITED = 500
FIELDS = (
    *("hash", "owner", "contact", "group", "stage", "title", "percent", "cdate", "mdate", "value", "currency"),
    *("winProbability?", "status", "activitycount", "nextdealid", "edate?", "id"),
)
STAGES = tuple(tuple(str(stage_key(n, at)) for at in range(len(stages))) for n, (_, _, stages) in enumerate(PIPELINES))

CURRENCIES = tuple(currency.upper() for _, currency, _ in PIPELINES)


class Deals:
    """Rows that look like those of the small world, ordered by id as by creation."""

    endpoint = DEALS

    def __init__(self, seed: int, now: datetime, count: int, contacts: Ids) -> None:
        self.ids, self._contacts, self._seed = Ids(count), contacts, seed + 7
        self._start, self._end = int((now - AGE).timestamp()), int(now.timestamp())
        self._before, self._links, self._after = template(deal(KEY, mark(FIELDS)), FIELDS)

    def _limited(self, index: int) -> bool:
        return spread(index, self._seed) % LIMITED == 0

    def moment(self, index: int, name: str) -> int:
        """Creation follows the id, limited deals have no dates, and half of the others were changed later."""
        chance = spread(index, self._seed)
        if chance % LIMITED == 0:
            return NEVER
        created = self._start + index * (self._end - self._start) // self.ids.count
        return created if name == "cdate" else self._updated(created, chance)

    def _updated(self, created: int, chance: int) -> int:
        return created if chance & 1 else created + (self._end - created) * (chance >> 8 & 0xFFFF) // 0x1_0000

    def money(self, index: int) -> tuple[str, int] | None:
        """Limited deals have some too, though nobody is told."""
        chance = spread(index, self._seed)
        return CURRENCIES[chance % 3], 100 * (100 + chance % 99_991)

    def facts(self, index: int) -> dict[str, object]:
        """Return what meta.currencies counts of limited deals."""
        currency, value = self.money(index) or ("", 0)
        return {"currency": currency, "value": value} if self._limited(index) else {}

    def bodies(self, indexes: Sequence[int]) -> list[bytes]:
        """Pour each row into the template; limited deals have few keys."""
        return [self._body(index) for index in indexes]

    def _body(self, index: int) -> bytes:
        chance, key = spread(index, self._seed), self.ids.key(index)
        title, status = f"{FIRM_NAMES[chance % len(FIRM_NAMES)]} {key}", str(chance % 7 % 3)
        if chance % LIMITED == 0:
            return encode(limited_deal(key, {"title": f"Deal {key}", "status": status}))
        pipeline = chance % 3
        contact = self._contacts.key(chance % self._contacts.count) if self._contacts.count else 0
        created = self.moment(index, "cdate")
        cdate, mdate = stamp(created), stamp(self._updated(created, chance))
        before = self._before % (
            f"{chance:08x}",
            str(1 + chance % 5),
            contact,
            pipeline + 1,
            STAGES[pipeline][chance % len(STAGES[pipeline])],
            title,
            str(chance % 101),
            cdate,
            mdate,
            100 * (100 + chance % 99_991),
            PIPELINES[pipeline][1],
            chance % 100 if chance & 2 else "null",
            status,
            chance % 9,
            key,
            '"' + mdate[:10] + ' 12:00:00"' if chance & 4 else "null",
        )
        return (before + self._links.replace("#", str(key)) + self._after % key).encode()
