"""A company's life, day by day: what happens to an account between two readings, the same every time."""

from dataclasses import dataclass
from datetime import timedelta

from activecampaign_sandbox.life.crowd import CROWD
from activecampaign_sandbox.life.house import HOUSE
from activecampaign_sandbox.life.mailing import MAILING
from activecampaign_sandbox.life.scene import Habit, Scene, Step
from activecampaign_sandbox.life.selling import SELLING
from activecampaign_sandbox.steps import carry_out
from activecampaign_sandbox.world import World
from activecampaign_sandbox.worlds.dice import Dice

HABITS: tuple[Habit, ...] = (*HOUSE, *CROWD, *SELLING, *MAILING)
DAY = timedelta(days=1)
LONGEST_PAUSE = 900  # seconds between two changes, at the usual pace


@dataclass(slots=True)
class Life:
    """Lives days in a world. The same world, seed and number of days end in the same rows.

    `pace` is how much happens: 1 is about a hundred changes a day. `quiet` adds recorded changes of contacts that move
    no `udate`, which no incremental reading can find.
    """

    world: World
    seed: int = 1
    pace: float = 1.0
    quiet: bool = False

    def day(self) -> list[Step]:
        """Change the account as one day does, move its clock by a day, and return the steps that were taken."""
        start = self.world.clock()
        number = 1 + (start - self.world.start) // DAY
        dice = Dice(f"life {self.seed} {number}")
        scene = Scene(self.world, dice, number, self.pace, self.quiet)
        with self.world.held():
            steps = [step for habit in HABITS for step in self._live(habit, scene)]
        self.world.set_clock(max(start + DAY, self.world.clock()))
        return steps

    def days(self, count: int) -> None:
        """Live several days."""
        for _ in range(count):
            self.day()

    def _live(self, habit: Habit, scene: Scene) -> list[Step]:
        """Carry out what a habit does, and tell it the ids of what it inserted."""
        taken: list[Step] = []
        longest = max(1, int(LONGEST_PAUSE / max(1.0, self.pace)))
        doing = habit(scene)
        step = next(doing, None)
        while step is not None:
            self.world.advance(seconds=scene.dice.randint(1, longest))
            taken.append(step)
            made = carry_out(self.world, step)
            try:
                step = doing.send(made)
            except StopIteration:
                break
        return taken
