"""Dividing a lot: by place, by task, or equally. Every part is a lot of its own for suppliers, and none for the law.

The parts keep the value of the whole, and the threshold is decided on all of them together (Art. 5(8) and (9)); a purchase may
not be divided to escape it (Art. 5(3)). The case of small lots, Art. 5(10), is told apart and left to be verified.
"""

from collections.abc import Sequence
from decimal import Decimal

from matchmaker.domain.messages import Message, Parameter
from matchmaker.planning.feasibility import DIVISION, Feasibility, Limits
from matchmaker.planning.plan import Change, Lever
from matchmaker.planning.planner_inputs import Part, PlanInputs
from matchmaker.planning.planner_purchase import Purchase, divided, parts_of
from matchmaker.planning.planner_regimes import Judged, outlook

MOST_PARTS = 12
"""Into how many lots a division by place or task is tried."""


def divisions(inputs: PlanInputs, best: Judged, before: Feasibility, purchase: Purchase) -> list[Change]:
    """The divisions that make a difference."""
    found = [_equally(inputs, best, before, purchase)]
    found.append(_by_parts(inputs, best, before, purchase, Lever.SPLIT_BY_PLACE, inputs.places))
    found.append(_by_parts(inputs, best, before, purchase, Lever.SPLIT_BY_TASK, inputs.tasks))
    return [change for change in found if change is not None]


def _equally(inputs: PlanInputs, best: Judged, before: Feasibility, purchase: Purchase) -> Change | None:
    """The fewest equal lots for which enough could bid likely enough; else the fewest that raise the chance most."""
    yearly, limits = inputs.yearly or Decimal(0), Limits(wanted=inputs.assumptions.wanted)
    tried = [(count, outlook(inputs, best, inputs.suppliers, yearly / count)) for count in range(2, limits.most_lots + 1)]
    better = [(count, after) for count, after in tried if after.able.bidders > before.able.bidders]
    if not better:
        return None
    enough = [pair for pair in better if pair[1].able.bidders >= limits.wanted and pair[1].chance.likely >= limits.reserve]
    count, after = enough[0] if enough else max(better, key=lambda pair: (pair[1].chance.likely, -pair[0]))
    sentence = Message("Divide into %(count)s lots of equal size.", {"count": count})
    cautions = _cautions(inputs, purchase, (1.0,) * count)
    return _change(Lever.SPLIT_EQUALLY, best, sentence, before, after, count, cautions)


def _by_parts(
    inputs: PlanInputs, best: Judged, before: Feasibility, purchase: Purchase, lever: Lever, parts: Sequence[Part]
) -> Change | None:
    """One lot for each part; the figures are those of the part that fares worst, for every lot must find bidders.

    Who is out of reach of the whole lot may be in reach of a place of it; who cannot do the whole may do a task of it.
    """
    if not 2 <= len(parts) <= MOST_PARTS:
        return None
    yearly, wanted = inputs.yearly or Decimal(0), inputs.assumptions.wanted
    by_place = lever is Lever.SPLIT_BY_PLACE
    everyone = (*inputs.suppliers, *(inputs.beyond if by_place else inputs.partly))
    outcomes = [
        outlook(inputs, best, [each for each in everyone if each.key in part.doers], yearly * Decimal(str(part.share)))
        for part in parts
    ]
    worst = min(outcomes, key=lambda each: (each.chance.likely, each.able.bidders))
    worst_part = parts[outcomes.index(worst)]
    enough = sum(each.able.bidders >= wanted for each in outcomes)
    if worst.able.bidders <= before.able.bidders and not (enough and before.able.bidders < wanted):
        return None
    counts: dict[str, Parameter] = {"count": len(parts), "enough": enough, "worst": worst_part.label}
    text = (
        "Make one lot of each place (%(count)s); enough could bid for %(enough)s of them, fewest for %(worst)s."
        if by_place
        else "Make one lot of each task (%(count)s); enough could bid for %(enough)s of them, fewest for %(worst)s."
    )
    cautions = list(_cautions(inputs, purchase, tuple(part.share for part in parts)))
    if not all(part.stated for part in parts):
        cautions.append(
            Message("Each place's part of the value is assumed from its population, or equal.")
            if by_place
            else Message("Each task's part of the value is not stated: equal parts are assumed.")
        )
    return _change(lever, best, Message(text, counts), before, worst, len(parts), tuple(cautions))


def _change(
    lever: Lever,
    best: Judged,
    sentence: Message,
    before: Feasibility,
    after: Feasibility,
    lots: int,
    cautions: tuple[Message, ...],
) -> Change:
    return Change(
        lever=lever,
        regime_id=best.regime.regime_id,
        sentence=sentence,
        able_before=before.able.bidders,
        able_after=after.able.bidders,
        p_before=before.chance.likely,
        p_after=after.chance.likely,
        advice_after=after.advice,
        cautions=cautions,
        lots=lots,
    )


def _cautions(inputs: PlanInputs, purchase: Purchase, shares: tuple[float, ...]) -> tuple[Message, ...]:
    """That nothing of the law changes; and small lots that Art. 5(10) might leave outside, told apart."""
    total = inputs.total
    if total is None:
        return (DIVISION,)
    after = divided(inputs, purchase, parts_of(total, shares))
    before = set(purchase.verdict.outside) if purchase.verdict else set()
    if after is None or not after.reached or len(after.outside) <= len(before):
        return (DIVISION,)
    small = Message(
        "A separate case: under Art. 5(10) some small lots (%(count)s of them here) may be awarded outside the directive, up to a"
        " fifth of the whole. Verify it; national law may ask more.",
        {"count": len(after.outside)},
    )
    return DIVISION, small
