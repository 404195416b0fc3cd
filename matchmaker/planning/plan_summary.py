"""What an overview shows of a plan: the advice, under which law, who could carry it, and what could be asked for instead."""

from dataclasses import dataclass

from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Plan, Role

NAMED = 5
"""Suppliers a summary names."""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in a few figures. ``able`` counts the separate bids that suppliers able to carry it could make, alone or in groups;
    chances and shares lie between 0 and 1; ``suppliers`` are the keys of the best, those that count first.
    """

    advice: Advice
    regime_id: str | None = None
    law: str = ""
    capable: int = 0
    eligible: int = 0
    unknown: int = 0
    able: int = 0
    n: int = 3
    p: float | None = None
    low: float | None = None
    high: float | None = None
    target_low: float | None = None
    target_likely: float | None = None
    target_high: float | None = None
    suppliers: tuple[str, ...] = ()

    @property
    def reservable(self) -> bool:
        """Whether the advice is to reserve, at once or after a market dialogue."""
        return self.advice in {Advice.RESERVE, Advice.DIALOGUE}


def summary_of(plan: Plan) -> PlanSummary:
    """The plan in a few figures, under the regime its advice is for."""
    regime = next((each for each in plan.regimes if each.regime_id == plan.regime_id), None)
    target = plan.target
    shares = (target.low, target.likely, target.high) if target else (None, None, None)
    if regime is None:
        return PlanSummary(
            plan.advice, capable=plan.capable, target_low=shares[0], target_likely=shares[1], target_high=shares[2]
        )
    ordered = sorted(regime.suppliers, key=lambda each: (each.role is Role.NOT_COUNTED, -each.score, each.key))
    return PlanSummary(
        advice=plan.advice,
        regime_id=regime.regime_id,
        law=regime.legal_reference,
        capable=plan.capable,
        eligible=regime.eligible,
        unknown=regime.unknown,
        able=sum(each.role is Role.ALONE for each in regime.suppliers) + len(regime.groups),
        n=regime.n,
        p=regime.p_at_least_n,
        low=regime.low,
        high=regime.high,
        target_low=shares[0],
        target_likely=shares[1],
        target_high=shares[2],
        suppliers=tuple(each.key for each in ordered[:NAMED]),
    )
