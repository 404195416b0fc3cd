"""What would change the answer: each change a buyer could make, with bidders and chance before and after, the largest gain first.

All changes are weighed under the regime the advice is for. Thresholds, regimes and publication duties stay those of the whole
purchase whatever is changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from matchmaker.domain.messages import Message
from matchmaker.planning.capacity import Bounds
from matchmaker.planning.feasibility import Advice, Feasibility
from matchmaker.planning.levers_split import divisions
from matchmaker.planning.plan import Change, Lever
from matchmaker.planning.planner_inputs import PlanInputs
from matchmaker.planning.planner_purchase import Purchase
from matchmaker.planning.planner_regimes import Judged, bounds_of, outlook, usable

LOWER_REQUIREMENTS = (
    (
        Decimal("0.5"),
        Message("Ask for a yearly turnover of at most twice the yearly value, the most that Art. 58(3) lets a buyer ask."),
    ),
    (Decimal("1.0"), Message("Ask for a yearly turnover of no more than the yearly value.")),
)
"""Dependency bounds that stand for a smaller turnover asked for."""

ORDER = tuple(Advice)
"""From the strongest."""

USUAL_MEMBERS = 4
"""Of a joint bid, where the buyer admits none so far."""


def changes(inputs: PlanInputs, best: Judged, others: Sequence[Judged], purchase: Purchase) -> tuple[Change, ...]:
    """Every change that makes a difference; none where the value is not known, for then nothing can be counted."""
    if inputs.yearly is None or not usable(inputs, best):
        return ()
    before = outlook(inputs, best, inputs.suppliers, inputs.yearly)
    found = [
        *divisions(inputs, best, before, purchase),
        *_turnover(inputs, best, before),
        *_area(inputs, best, before),
        *_consortia(inputs, best),
        *_deadline(inputs, best, before),
        *_other_regimes(inputs, best, before, others),
    ]
    return tuple(
        sorted(found, key=lambda each: (-each.gain, -(each.able_after - each.able_before), list(Lever).index(each.lever)))
    )


def _change(
    lever: Lever, regime_id: str, sentence: Message, before: Feasibility, after: Feasibility, cautions: Iterable[Message] = ()
) -> Change:
    return Change(
        lever=lever,
        regime_id=regime_id,
        sentence=sentence,
        able_before=before.able.bidders,
        able_after=after.able.bidders,
        p_before=before.chance.likely,
        p_after=after.chance.likely,
        advice_after=after.advice,
        cautions=tuple(cautions),
    )


def _turnover(inputs: PlanInputs, best: Judged, before: Feasibility) -> list[Change]:
    """The first smaller requirement under which more could bid."""
    yearly, assumed = inputs.yearly or Decimal(0), bounds_of(inputs.assumptions)
    for dependency, sentence in LOWER_REQUIREMENTS:
        if dependency <= assumed.dependency:
            continue
        after = outlook(inputs, best, inputs.suppliers, yearly, replace(assumed, dependency=dependency))
        if after.able.bidders > before.able.bidders:
            caution = Message(
                "A supplier may then come to depend on this contract for up to %(percent)s %% of its turnover.",
                {"percent": round(dependency * 100)},
            )
            return [_change(Lever.TURNOVER, best.regime.regime_id, sentence, before, after, (caution,))]
    return []


def _area(inputs: PlanInputs, best: Judged, before: Feasibility) -> list[Change]:
    """Those who can do the work and are known to be out of reach."""
    if not inputs.beyond:
        return []
    after = outlook(inputs, best, (*inputs.suppliers, *inputs.beyond), inputs.yearly or Decimal(0))
    stronger = ORDER.index(after.advice) < ORDER.index(before.advice)
    if after.able.bidders <= before.able.bidders and not stronger:
        return []
    sentence = Message(
        "Win suppliers from farther away, with travel paid or work that needs no presence; such suppliers known: %(count)s.",
        {"count": len(inputs.beyond)},
    )
    caution = Message(
        "They do not say that they work there: ask them. A buyer may not prefer suppliers for where they are based."
    )
    return [_change(Lever.AREA, best.regime.regime_id, sentence, before, after, (caution,))]


def _consortia(inputs: PlanInputs, best: Judged) -> list[Change]:
    """Bids of single suppliers against bids of groups as well, whichever of the two is assumed."""
    yearly, assumed = inputs.yearly or Decimal(0), bounds_of(inputs.assumptions)
    members = assumed.members if assumed.members > 1 else USUAL_MEMBERS
    alone = outlook(inputs, best, inputs.suppliers, yearly, Bounds(assumed.dependency, 1))
    joint = outlook(inputs, best, inputs.suppliers, yearly, Bounds(assumed.dependency, members))
    if joint.able.bidders <= alone.able.bidders:
        return []
    sentence = Message(
        "Say in the documents that groups of up to %(members)s may bid together (Art. 19(2)).", {"members": members}
    )
    kept = Message("The figures above count such groups already.") if assumed.members > 1 else None
    return [_change(Lever.CONSORTIA, best.regime.regime_id, sentence, alone, joint, (kept,) if kept else ())]


def _deadline(inputs: PlanInputs, best: Judged, before: Feasibility) -> list[Change]:
    """Those who have time enough against all, which the answer counts."""
    if not inputs.late:
        return []
    in_time = [each for each in inputs.suppliers if each.key not in inputs.late]
    now = outlook(inputs, best, in_time, inputs.yearly or Decimal(0))
    if now.able.bidders >= before.able.bidders:
        return []
    sentence = Message(
        "Give more time to tender; suppliers for whom the days left are few: %(count)s.", {"count": len(inputs.late)}
    )
    kept = Message("The figures above assume that all have time enough.")
    return [_change(Lever.DEADLINE, best.regime.regime_id, sentence, now, before, (kept,))]


def _other_regimes(inputs: PlanInputs, best: Judged, before: Feasibility, others: Sequence[Judged]) -> list[Change]:
    """Other regimes of the same country under which more could bid."""
    found = []
    for other in others:
        if other.regime.regime_id == best.regime.regime_id or not usable(inputs, other):
            continue
        after = outlook(inputs, other, inputs.suppliers, inputs.yearly or Decimal(0))
        if after.able.bidders > before.able.bidders:
            sentence = Message("Reserve under %(law)s instead.", {"law": other.regime.legal_reference})
            found.append(_change(Lever.REGIME, other.regime.regime_id, sentence, before, after))
    return found
