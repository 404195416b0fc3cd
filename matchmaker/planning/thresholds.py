"""Whether a purchase reaches a threshold of the directives, decided on the value of all its lots together.

Art. 5(8) and (9) of Directive 2014/24/EU: where lots make one purchase, their values are added, and the sum decides for every
one of them. So dividing a purchase changes nothing, save for small lots under Art. 5(10), which stay outside up to a fifth of
the whole. Amounts are in euro without VAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message, in_euro
from matchmaker.reference.law import Threshold, Thresholds

DIRECTIVE = "2014/24/EU"
SMALL_LOT = {"services": Decimal(80_000), "supplies": Decimal(80_000), "works": Decimal(1_000_000)}
"""Art. 5(10) of Directive 2014/24/EU, read in its consolidated text of 2022-01-01: a lot must be below this to stay outside."""
SMALL_SHARE = Decimal("0.2")
"""Art. 5(10): the most that small lots left outside may make of the whole purchase."""


class Subject(StrEnum):
    """What is bought and by whom: the letter of Art. 4 that applies."""

    WORKS = "4(a)"
    CENTRAL_GOVERNMENT = "4(b)"
    SUB_CENTRAL = "4(c)"
    SOCIAL_SERVICES = "4(d)"


@dataclass(frozen=True, slots=True)
class ThresholdVerdict:
    """``total`` against ``threshold``; ``reached`` None where no threshold is known for the day.

    ``outside`` are the lots (by position) that the buyer could leave outside under Art. 5(10).
    """

    total: Decimal
    threshold: Threshold | None
    reached: bool | None
    outside: tuple[int, ...]

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The verdict and its cautions in words."""
        if self.threshold is None:
            return (Message("The threshold of that day is not known here."),)
        words = {"total_money": in_euro(self.total), "threshold_money": in_euro(self.threshold.euro)}
        reached = Message(
            "All lots together cost %(total_money)s: the threshold of %(threshold_money)s is reached for each.", words
        )
        below = Message("All lots together cost %(total_money)s, below the threshold of %(threshold_money)s.", words)
        found = [reached if self.reached else below]
        if self.threshold.evidence.startswith("general knowledge"):
            found.append(Message("That threshold is still to be verified."))
        if self.outside:
            count = {"count": len(self.outside)}
            found.append(Message("Small lots that could stay outside under Art. 5(10): %(count)s.", count))
        found.append(Message("A purchase may not be divided in order to escape the directive (Art. 5(3))."))
        return tuple(found)


def threshold_verdict(
    lots: Sequence[Decimal], subject: Subject, nature: str, thresholds: Thresholds, day: date
) -> ThresholdVerdict:
    """Decides on the sum of ``lots`` (euro without VAT); ``nature`` is works, supplies or services (BT-23).

    Raises:
        InvalidValue: there is no lot, a negative value, or an unknown nature.
    """
    if not lots or min(lots) < 0:
        raise InvalidValue(
            Message("The lots of the purchase have no values, or negative ones."), Message("Give each lot's estimated value.")
        )
    if nature not in SMALL_LOT:
        raise InvalidValue(
            Message("“%(nature)s” is not works, supplies or services.", {"nature": nature}), Message("Give one of the three.")
        )
    total = sum(lots, Decimal(0))
    threshold = thresholds.on(DIRECTIVE, subject.value, day)
    reached = None if threshold is None else total >= threshold.euro
    return ThresholdVerdict(total, threshold, reached, _small_lots(lots, total, nature) if reached else ())


def _small_lots(lots: Sequence[Decimal], total: Decimal, nature: str) -> tuple[int, ...]:
    """As many small lots as fit in a fifth of the whole, smallest first; a purchase of one lot has none."""
    if len(lots) < 2:
        return ()
    chosen: list[int] = []
    left = total * SMALL_SHARE
    for position in sorted(range(len(lots)), key=lambda index: (lots[index], index)):
        if lots[position] >= SMALL_LOT[nature] or lots[position] > left:
            break
        left -= lots[position]
        chosen.append(position)
    return tuple(sorted(chosen))
