"""Reading what comes beside another entity's rows (`include=`): no request of its own, and a proof all the same.

Each row of the owner names the keys of what belongs to it, so what was named is held against what came.
"""

from pyroaring import BitMap64

from acflow.entities.model import Entity
from acflow.source.protocol import Page, Request, Row, row_ids
from acflow.source.read_stats import ReadStats

LIMITED = (True, "1")


class SideloadPlan:
    """The walk over rows that the pages of an owner bring along.

    `refused` is set where they bring none; `owners` are the rows of the owner that told what belongs to them, `silent`
    those that may not be seen in full and told nothing.
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
        """Take a page of the owner and return the rows beside it that are new."""
        for row in page.rows:
            keys = row.get(self.entity.path)
            if not isinstance(keys, list):
                if self.owner.limited and row.get(self.owner.limited) in LIMITED:
                    self.silent.update(row_ids(self.owner, [row]))
                    continue  # of a record that the key may not see in full nothing else is told either
                self.refused = True
                return []
            self.owners.update(row_ids(self.owner, [row]))
            self._named.update(row_ids(self.entity, [{self.entity.key: key} for key in keys]))
        ids = row_ids(self.entity, page.sideloaded)
        again = sum(key in self.stats.ids for key in ids)  # neighbouring pages overlap
        return self.stats.take(page.sideloaded, ids, expected_repeats=again)

    def close(self, owner: ReadStats) -> None:
        """End with the owner's walk, which must be whole for this one to be."""
        self.stats.first_total = self.stats.last_total = len(self._named)
        self.stats.moved = owner.moved
        if lacking := len(self._named - self.stats.ids):
            self.stats.unproved.append(f"{lacking:,} rows that {self.owner.name} name did not come beside them")
        if owner.unproved or owner.missing:
            self.stats.unproved.append(f"{self.owner.name} themselves could not be proved complete")
        self.done = True
