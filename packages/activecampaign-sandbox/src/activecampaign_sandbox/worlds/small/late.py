"""Tables whose rows are made when somebody first asks for them, so that an account starts at once."""

from collections.abc import Callable, Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.endpoints import Endpoint
from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import NEW_ROW
from activecampaign_sandbox.table import MemoryTable

Given = Mapping[int, Mapping[str, Any]]


class LateTable(MemoryTable):
    """A table that is told how to make what its rows are given, by id, and perhaps what else is known of them."""

    def __init__(self, endpoint: Endpoint, make: Callable[[], Given], facts: Given | None = None) -> None:
        self.endpoint = endpoint
        self._make, self._facts, self._offset = make, facts or {}, clock.fixed_offset()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of whatever kind the attribute is
        """Fill the table: nobody gets here once it has all that a table has."""
        if name.startswith("__"):
            raise AttributeError(name)
        row = NEW_ROW[self.endpoint.path]
        with clock.zone(self._offset):  # whoever asks
            items = {key: Item(row(key, given), dict(self._facts.get(key, {}))) for key, given in self._make().items()}
            super().__init__(self.endpoint, items)
        return getattr(self, name)
