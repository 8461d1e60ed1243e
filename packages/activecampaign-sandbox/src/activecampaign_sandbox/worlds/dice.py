"""Chance that falls the same way every time."""

from random import Random


class Dice(Random):
    """A generator that is seeded by name, so that one entity's rows do not depend on another's."""

    def happens(self, share: float) -> bool:
        """Tell whether something that happens in this share of cases happens now."""
        return self.random() < share
