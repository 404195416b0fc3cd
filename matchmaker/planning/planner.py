"""The whole plan of one need: every regime, the answer in words, what would change it, and a target where nothing is reserved."""

from matchmaker.domain.messages import Message
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Plan, RegimePlan
from matchmaker.planning.planner_inputs import PlanInputs
from matchmaker.planning.planner_regimes import judge, regime_plan

ORDER = list(Advice)


def plan(inputs: PlanInputs) -> Plan:
    """What to do with the need, and why."""
    regimes = tuple(regime_plan(inputs, judged) for judged in judge(inputs, inputs.suppliers))
    best = min(regimes, key=_strength, default=None)
    return Plan(
        need=inputs.need,
        today=inputs.today,
        scorer_version=inputs.scorer_version,
        assumptions=inputs.assumptions,
        yearly=inputs.yearly,
        total=inputs.total,
        purchase_total=inputs.total,
        threshold=(),
        capable=len(inputs.suppliers),
        advice=best.advice if best else Advice.NOT_NOW,
        regime_id=best.regime_id if best else None,
        answer=best.sentences if best else (Message("The law of this country is not at hand."),),
        regimes=regimes,
        changes=(),
        target=None,
        consortia=(),
        notice=(),
    )


def _strength(regime: RegimePlan) -> tuple[int, float, int]:
    """The strongest advice first; then the likeliest bids, then the most eligible."""
    return ORDER.index(regime.advice), -(regime.p_at_least_n or 0.0), -regime.eligible
