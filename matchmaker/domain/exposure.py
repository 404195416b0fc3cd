"""How much suppliers have been shown, and what decided an order among scores too close to tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exposure:
    """Places in lists, each counted ``1 / log2(place + 1)``: those a supplier had, and those its scores deserved.

    Deserved is the mean of the places of all whose scores could not be told apart from its own.
    """

    received: float = 0.0
    deserved: float = 0.0

    @property
    def owed(self) -> float:
        """What it deserved and did not receive; negative for who received more."""
        return self.deserved - self.received

    def plus(self, other: "Exposure") -> "Exposure":
        """Both together."""
        return Exposure(self.received + other.received, self.deserved + other.deserved)

    def minus(self, other: "Exposure") -> "Exposure":
        """Without the other."""
        return Exposure(self.received - other.received, self.deserved - other.deserved)


NOTHING_SHOWN = Exposure()


@dataclass(frozen=True, slots=True)
class Turns:
    """The order of one lot's suppliers and everything that decided it: enough to find the same order again.

    ``state`` is the exposure of those who took turns as it was before this lot; ``given`` is what this lot adds.
    """

    rule: str
    width: float
    """Log-odds within which two scores count as equal."""
    base: tuple[str, ...]
    """Suppliers by score alone."""
    order: tuple[str, ...]
    """The same suppliers, those with scores too close to tell apart having taken turns."""
    state: Mapping[str, Exposure]
    given: Mapping[str, Exposure]
