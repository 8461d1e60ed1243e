"""Reading what comes beside another entity's rows (`include=`): no request of its own, and a proof all the same.

Each row of the owner names the keys of what belongs to it, so what was named is held against what came.
"""

from pyroaring import BitMap64

from acflow.entities.model import Entity
from acflow.source.protocol import Page, Request, Row, row_ids
from acflow.source.read_stats import ReadStats

LIMITED = (True, "1")

EMPTY: tuple[object, ...] = (None, "", {})  # what PHP may make of an empty list


class SideloadPlan:
    """The walk over rows that the pages of an owner bring along.

    `refused` is set where they bring none; `owners` are the rows of the owner that told what belongs to them, `silent`
    those that told nothing, as they may not be seen in full or lack what the others on their page have.
    """

    def __init__(self, entity: Entity, owner: Entity) -> None:
        self.entity, self.owner = entity, owner
        self.stats = ReadStats(entity)
        self.done = False
        self.refused = False
        self.owners, self.silent = BitMap64(), BitMap64()
        self._named = BitMap64()

    def next(self, width: int) -> Request | None:  # noqa: ARG002 - other plans look at it
        """Return None: the owner asks."""
        return None

    def take(self, request: Request, page: Page) -> list[Row]:  # noqa: ARG002 - other plans look at it
        """Take a page of the owner and return the rows beside it that are new.

        Who has none may say so in any of PHP's ways: an empty list, an empty object, empty text or null. But a page
        without any list is the answer of an account that passed over the parameter.
        """
        named = [row.get(self.entity.path) for row in page.rows]
        lists = [keys for keys in named if isinstance(keys, list)]
        nothing = sum(keys in EMPTY for keys in named)
        heeded = lists or page.sideloaded is not None or all(map(self._hidden, page.rows))
        if not heeded or len(lists) + nothing < len(named):
            self.refused = True
            return []
        came = page.sideloaded or ()
        ids = row_ids(self.entity, came)
        for row in page.rows:
            tells = self.entity.path in row and not (row[self.entity.path] is None and self._hidden(row))
            (self.owners if tells else self.silent).update(row_ids(self.owner, [row]))
        keys = [{self.entity.key: key} for keys in lists for key in keys]
        self._named.update(row_ids(self.entity, keys), ids)
        again = sum(key in self.stats.ids for key in ids)  # neighbouring pages overlap
        return self.stats.take(came, ids, expected_repeats=again)

    def _hidden(self, row: Row) -> bool:
        """Tell whether the key may not see a record in full: of such a one nothing else is told either."""
        return self.owner.limited is not None and row.get(self.owner.limited) in LIMITED

    def close(self, owner: ReadStats) -> None:
        """End with the owner's walk, which must be whole for this one to be."""
        self.stats.first_total = self.stats.last_total = len(self._named)
        self.stats.moved = owner.moved
        if lacking := len(self._named - self.stats.ids):
            self.stats.unproved.append(f"{lacking:,} rows that {self.owner.name} name did not come beside them")
        if owner.unproved or owner.missing:
            self.stats.unproved.append(f"{self.owner.name} themselves could not be proved complete")
        self.done = True
