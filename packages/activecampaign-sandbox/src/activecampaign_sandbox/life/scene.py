"""What the habits of a company's life are made of: a day, chance, and a look at the account."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from activecampaign_sandbox.query import whole_number
from activecampaign_sandbox.wire import Row
from activecampaign_sandbox.world import World
from activecampaign_sandbox.worlds.dice import Dice

T = TypeVar("T")
Step = Mapping[str, Any]
Steps = Generator[Step, Any, None]  # a habit yields steps, and is told the id of what it inserted
OPEN, WON, LOST = "0", "1", "2"


@dataclass(frozen=True, slots=True)
class Scene:
    """One day in an account, counted from 1, with how much happens, and whether things happen that move no date."""

    world: World
    dice: Dice
    day: int
    pace: float = 1.0
    quiet: bool = False

    def times(self, mean: float) -> range:
        """Return how often something happens today that happens so often on a usual day; half of it at weekends."""
        wanted = self.dice.uniform(0.5, 1.5) * mean * self.pace * (0.5 if self.world.clock().weekday() > 4 else 1)  # noqa: PLR2004
        whole = int(wanted)
        return range(whole + self.dice.happens(wanted - whole))

    def some(self, entity: str, mean: float) -> list[str]:
        """Return the ids of some records, another one each."""
        return self.world.sample(entity, len(self.times(mean)), self.dice)

    def one(self, entity: str, default: str = "0") -> str:
        """Return the id of a record, or the default where there is none."""
        return next(iter(self.world.sample(entity, 1, self.dice)), default)

    def pick(self, of: Sequence[T]) -> T:
        """Return one of several."""
        return self.dice.choice(of)

    def belonging(self, entity: str, field: str, owner: str) -> list[Row]:
        """Return the records that belong to another."""
        with self.world.held():
            return [dict(item.row) for item in self.world.tables[entity].related(field, owner)]


Habit = Callable[[Scene], Steps]


def number(row: Row, name: str) -> int:
    """Return a field as a number; 0 where it is missing or none."""
    return whole_number(str(row.get(name)))


def insert(entity: str, row: Mapping[str, Any], **facts: Any) -> Step:  # noqa: ANN401 - facts are of any kind
    """Return the step that adds a record."""
    return {"do": "insert", "entity": entity, "row": row, "facts": facts}


def update(entity: str, key: str, row: Mapping[str, Any]) -> Step:
    """Return the step that changes a record."""
    return {"do": "update", "entity": entity, "id": key, "row": row}


def delete(entity: str, key: str) -> Step:
    """Return the step that removes a record."""
    return {"do": "delete", "entity": entity, "id": key}
