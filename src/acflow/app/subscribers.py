"""Counters of lists where an account does not send them, as older ones do not: by the totals of contacts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acflow.entities.contacts import CONTACTS
from acflow.errors import ForbiddenError, NotFoundError
from acflow.source.protocol import Row, list_request

if TYPE_CHECKING:
    from acflow.source.client import Client

AT_ONCE = 8
# What to ask of contacts beside the list; https://developers.activecampaign.com/reference/list-all-contacts
COUNTED = {"active_subscribers": (("status", "1"),), "non_deleted_subscribers": ()}


@dataclass(slots=True)
class Subscribers:
    """Fills in what lists lack, at a request for each counter of each list."""

    client: "Client"
    requests: int = 0

    def filled(self, rows: list[Row]) -> list[Row]:
        """Return lists with their counters; a counter that the key may not ask for stays unknown."""
        lacking = [(row, name) for row in rows for name in COUNTED if name not in row]
        if not lacking:
            return rows
        self.requests += len(lacking)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="acflow-count") as pool:
            totals = list(pool.map(lambda each: self._total(*each), lacking))
        found = {id(row): dict(row) for row in rows}
        for (row, name), total in zip(lacking, totals, strict=True):
            found[id(row)][name] = total
        return list(found.values())

    def _total(self, row: Row, name: str) -> int | None:
        request = list_request(CONTACTS, (("listid", str(row["id"])), *COUNTED[name]), limit=1)
        try:
            return self.client.page(CONTACTS, request).total
        except (ForbiddenError, NotFoundError):
            return None
