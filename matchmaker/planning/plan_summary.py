"""What an overview shows of a plan: the advice, under which law, who could carry it, and what could be asked for instead."""

from dataclasses import dataclass

from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Plan, RegimePlan, Role, Target
from matchmaker.planning.planner_answer import advice_of, best_regime
from matchmaker.planning.planner_inputs import PlanInputs
from matchmaker.planning.planner_regimes import judge, obstacle, regime_plan
from matchmaker.planning.target import target_of

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
    return _summary(plan.advice, regime, plan.target, plan.capable)


def brief(inputs: PlanInputs) -> PlanSummary:
    """What ``summary_of`` the whole plan would be, without working out levers, consortia and texts: for thousands at once."""
    judged = judge(inputs)
    best = best_regime(tuple(regime_plan(inputs, each) for each in judged))
    target = target_of(inputs)
    advice = advice_of(inputs, best, target)
    hindered = {each.regime.regime_id for each in judged if obstacle(inputs, each)}
    usable = best if best is not None and best.regime_id not in hindered else None
    return _summary(advice, usable, target, len(inputs.suppliers))


def _summary(advice: Advice, regime: RegimePlan | None, target: Target | None, capable: int) -> PlanSummary:
    low, likely, high = (target.low, target.likely, target.high) if target else (None, None, None)
    if regime is None:
        return PlanSummary(advice, capable=capable, target_low=low, target_likely=likely, target_high=high)
    ordered = sorted(regime.suppliers, key=lambda each: (each.role is Role.NOT_COUNTED, -each.score, each.key))
    return PlanSummary(
        advice=advice,
        regime_id=regime.regime_id,
        law=regime.legal_reference,
        capable=capable,
        eligible=regime.eligible,
        unknown=regime.unknown,
        able=sum(each.role is Role.ALONE for each in regime.suppliers) + len(regime.groups),
        n=regime.n,
        p=regime.p_at_least_n,
        low=regime.low,
        high=regime.high,
        target_low=low,
        target_likely=likely,
        target_high=high,
        suppliers=tuple(each.key for each in ordered[:NAMED]),
    )
