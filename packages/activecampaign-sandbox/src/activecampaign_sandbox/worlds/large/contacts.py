"""A million contacts, or any number, from their index."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from activecampaign_sandbox.endpoints import CONTACTS
from activecampaign_sandbox.rows import contact
from activecampaign_sandbox.worlds.large.places import Ids
from activecampaign_sandbox.worlds.large.recipe import KEY, mark, spread, template
from activecampaign_sandbox.worlds.large.times import stamp
from activecampaign_sandbox.worlds.small.names import DOMAINS, FIRMS, FIRST, LAST

AGE = timedelta(days=6 * 365)
FIELDS = (
    *("cdate", "email", "phone", "firstName", "lastName", "orgid", "orgname", "bounced_hard", "bounced_date?", "hash"),
    *("email_domain", "sentcnt", "adate?", "udate", "created_utc_timestamp", "updated_utc_timestamp"),
    *("created_timestamp", "updated_timestamp", "last_click_date?", "last_open_date?", "id", "organization?"),
)
NULL = "null"
UNCHANGED = 3  # of five


def _escaped(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(json.dumps(name)[1:-1] for name in names)


FIRST_NAMES, LAST_NAMES, FIRM_NAMES = _escaped(FIRST), _escaped(LAST), _escaped(FIRMS)
LOCALS = tuple(name.lower() for name in FIRST if name.isascii())


class Contacts:
    """Rows that look like those of the small world, ordered by id as by creation."""

    endpoint = CONTACTS

    def __init__(self, seed: int, now: datetime, count: int) -> None:
        self.ids = Ids(count)
        self._seed = seed
        self._start, self._end = int((now - AGE).timestamp()), int(now.timestamp())
        self._step = max(1, (self._end - self._start) // max(1, count))
        row = contact(KEY, mark(FIELDS))
        self._before, self._links, self._after = template(row, FIELDS)

    def moment(self, index: int, name: str) -> int:
        """Creation follows the id; two in five were changed at some time after it."""
        created = self._start + index * (self._end - self._start) // self.ids.count
        if name == "cdate":
            return created
        return self._updated(created, spread(index, self._seed))

    def _updated(self, created: int, chance: int) -> int:
        if chance % 5 < UNCHANGED:
            return created
        return created + (self._end - created) * (chance >> 8 & 0xFFFF) // 0x1_0000

    def money(self, index: int) -> tuple[str, int] | None:  # noqa: ARG002
        """Contacts have none."""
        return None

    def facts(self, index: int) -> dict[str, object]:
        """One list in ten each, most of them active."""
        chance = spread(index, self._seed + 1)
        return {"lists": {str(1 + chance % 10): "1" if chance % 7 else "2"}, "forms": [str(1 + chance % 10)]}

    def bodies(self, indexes: Sequence[int]) -> list[bytes]:
        """Pour each row into the template."""
        return [self._body(index).encode() for index in indexes]

    def _body(self, index: int) -> str:
        chance = spread(index, self._seed)
        key = str(self.ids.key(index))
        created = self.moment(index, "cdate")
        updated = self._updated(created, chance)
        udate = cdate = stamp(created)
        bare_udate = bare_cdate = cdate[:10] + " " + cdate[11:19]
        if updated != created:
            udate = stamp(updated)
            bare_udate = udate[:10] + " " + udate[11:19]
        domain = DOMAINS[chance % 6]
        org = chance % 1000 if chance & 3 == 0 else 0
        bounced = chance % 41 == 0
        seen = '"' + udate + '"' if chance & 1 else NULL
        before = self._before % (
            cdate,
            f"{LOCALS[chance % 50]}.{chance % 997}.{key}@{domain}",
            f"+1555{chance % 10_000_000:07d}" if chance & 6 == 0 else "",
            FIRST_NAMES[chance % len(FIRST_NAMES)],
            LAST_NAMES[(chance >> 9) % len(LAST_NAMES)],
            str(org),
            FIRM_NAMES[org % len(FIRM_NAMES)] if org else "",
            "1" if bounced else "0",
            '"' + udate[:10] + '"' if bounced else NULL,
            f"{chance * 0x9E3779B97F4A7C15F39CC0605CEDC835 & (1 << 128) - 1:032x}",
            domain,
            str(chance % 300),
            seen,
            udate,
            bare_cdate,
            bare_udate,
            bare_cdate,
            bare_udate,
            seen if chance & 8 else NULL,
            seen,
        )
        after = self._after % (key, f'"{org}"' if org else NULL)
        return before + self._links.replace("#", key) + after
