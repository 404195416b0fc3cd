"""The whole plan of one need: every regime, the answer in words, what would change it, and a target where nothing is reserved."""

from dataclasses import replace

from matchmaker.planning.levers import changes
from matchmaker.planning.notice_text import notice_texts
from matchmaker.planning.plan import Plan
from matchmaker.planning.planner_answer import advice_of, answer_of, best_regime, what_changes_most
from matchmaker.planning.planner_basis import basis_of
from matchmaker.planning.planner_consortia import consortia
from matchmaker.planning.planner_inputs import PlanInputs
from matchmaker.planning.planner_purchase import purchase_of
from matchmaker.planning.planner_regimes import judge, obstacle, regime_plan
from matchmaker.planning.target import target_of


def plan(inputs: PlanInputs) -> Plan:
    """What to do with the need, and why."""
    judged = judge(inputs)
    regimes = tuple(regime_plan(inputs, each) for each in judged)
    best = best_regime(regimes)
    chosen = next((each for each in judged if best is not None and each.regime.regime_id == best.regime_id), None)
    purchase, target = purchase_of(inputs), target_of(inputs)
    advice = advice_of(inputs, best, target)
    changed = changes(inputs, chosen, judged, purchase) if chosen else ()
    obstacles = {each.regime.regime_id: found for each in judged if (found := obstacle(inputs, each))}
    answer = answer_of(inputs, advice, best, target, obstacles)
    made = Plan(
        need=inputs.need,
        today=inputs.today,
        scorer_version=inputs.scorer_version,
        assumptions=inputs.assumptions,
        yearly=inputs.yearly,
        total=inputs.total,
        purchase_total=purchase.total,
        threshold=purchase.sentences,
        capable=len(inputs.suppliers),
        advice=advice,
        regime_id=best.regime_id if best and best.regime_id not in obstacles else None,
        answer=(*answer, *what_changes_most(changed)),
        regimes=regimes,
        changes=changed,
        target=target,
        consortia=consortia(inputs, judged),
        notice=(),
        basis=basis_of(inputs, judged),
    )
    context = inputs.context
    law = [each.regime for each in judged]
    texts = notice_texts(inputs.need, context.notice, context.lot, law, made.regime_id, inputs.today, inputs.art77_codes, target)
    return replace(made, notice=texts)
