"""The published weights of everything but capability: fixed, monotone, the same for every supplier and every buyer.

Capability is learned and calibrated; the other criteria have no feedback to learn from yet, so what they add to the log-odds is
written down here, once, and shown on the page. A change of this table is a new ``RULES_VERSION``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

RULES_VERSION = "rules-2"


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of a value in [0, 1], in log-odds: straight lines between ``points``, never falling.

    Raises:
        ValueError: the points do not run from 0 to 1, or fall somewhere.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        values, heights = zip(*self.points, strict=True)
        if values[0] != 0 or values[-1] != 1 or list(values) != sorted(set(values)) or list(heights) != sorted(heights):
            raise ValueError(f"not a monotone curve over [0, 1]: {self.points}")

    def __call__(self, value: float | None) -> float:
        """What ``value`` adds to the log-odds; nothing when it is unknown."""
        if value is None:
            return 0.0
        left, low = self.points[0]
        for right, high in self.points[1:]:
            if value <= right:
                return low + (high - low) * (max(value, left) - left) / (right - left)
            left, low = right, high
        return low


WEIGHTS: Mapping[str, Curve] = MappingProxyType(
    {
        "place.reach": Curve(((0, -8.0), (0.02, -5.0), (0.1, -3.0), (0.25, -1.3), (0.5, 0.0), (1, 0.4))),
        "scale.fit": Curve(((0, -4.0), (0.15, -2.0), (0.4, -0.5), (0.5, 0.0), (1, 0.2))),
        "readiness.status": Curve(((0, 0.0), (1, 0.2))),
        "readiness.certificates": Curve(((0, 0.0), (1, 0.3))),
        "readiness.references": Curve(((0, 0.0), (1, 0.1))),
        "readiness.languages": Curve(((0, 0.0), (1, 0.3))),
        "timing.days": Curve(((0, -0.6), (1, 0.1))),
    }
)
"""Feature → what it adds to the log-odds. +0.4 multiplies the odds by 1.5, -3.0 divides them by 20, -8.0 by 3,000.

Being near, able and ready adds little, being far or too small takes away much: nobody becomes a good match by its address.

Place weighs most: a kitchen 800 km away brings no lunch, however good it is. Readiness only ever adds, so that showing a
status, a certificate, a reference or a language never hurts. Eligibility is absent on purpose: a verdict that is shown, never
a weight.
"""
