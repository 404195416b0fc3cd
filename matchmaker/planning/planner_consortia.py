"""Groups that could carry the whole lot where single suppliers cannot: every task in every place, and a year's value."""

from collections.abc import Sequence
from decimal import Decimal

from matchmaker.domain.match import Verdict
from matchmaker.planning.cover import Contributor, Share, cover
from matchmaker.planning.joint_bids import Member, joint_eligibility
from matchmaker.planning.plan import Consortium, ConsortiumMember
from matchmaker.planning.planner_inputs import Part, PlanInputs, Supplier
from matchmaker.planning.planner_regimes import Judged, bounds_of, usable

CONSIDERED = 14
"""Suppliers from which groups are built, those that carry most first: few enough to try every group."""
SHOWN = 3
"""Groups shown for each regime."""


def consortia(inputs: PlanInputs, judged: Sequence[Judged]) -> tuple[Consortium, ...]:
    """The smallest groups, the strongest first, with the verdict on bidding together under each regime that could be used.

    None where no value is known, where groups are not admitted, or where nobody is too small to bid alone.
    """
    yearly, members = inputs.yearly, inputs.assumptions.members
    regimes = [each for each in judged if usable(inputs, each)]
    if yearly is None or members < 2 or not regimes:
        return ()
    parts, bounds = _work(inputs), bounds_of(inputs.assumptions)
    everyone = {each.key: each for each in (*inputs.suppliers, *inputs.partly)}
    found: list[Consortium] = []
    for each in regimes:
        open_to = [supplier for supplier in everyone.values() if each.verdicts[supplier.key].verdict is not Verdict.NOT_ELIGIBLE]
        small = [supplier for supplier in open_to if Decimal(0) < (supplier.capacity.carries(bounds) or Decimal(0)) < yearly]
        small.sort(key=lambda supplier: (-(supplier.capacity.carries(bounds) or Decimal(0)), supplier.key))
        contributors = [_contributor(supplier, inputs, supplier.capacity.carries(bounds)) for supplier in small[:CONSIDERED]]
        groups = cover(parts, yearly, contributors, members).groups if contributors else ()
        found += [_consortium(inputs, each, group, everyone) for group in groups[:SHOWN]]
    return tuple(found)


def _work(inputs: PlanInputs) -> list[tuple[str, str]]:
    return [(task.code or task.label, place.code) for task in _tasks(inputs) for place in _places(inputs)]


def _tasks(inputs: PlanInputs) -> tuple[Part, ...]:
    return inputs.tasks or (Part(_title(inputs), "", 1.0, {each.key: each.capability for each in inputs.suppliers}),)


def _places(inputs: PlanInputs) -> tuple[Part, ...]:
    return inputs.places or (Part("", "", 1.0, {each.key: 1.0 for each in (*inputs.suppliers, *inputs.partly)}),)


def _title(inputs: PlanInputs) -> str:
    return next(iter(inputs.need.title.values()), inputs.need.need_id)


def _contributor(supplier: Supplier, inputs: PlanInputs, carries: Decimal | None) -> Contributor:
    parts = frozenset(
        (task.code or task.label, place.code)
        for task in _tasks(inputs)
        if supplier.key in task.doers
        for place in _places(inputs)
        if supplier.key in place.doers
    )
    return Contributor(supplier.key, parts, carries or Decimal(0))


def _consortium(inputs: PlanInputs, judged: Judged, group: tuple[Share, ...], everyone: dict[str, Supplier]) -> Consortium:
    members = [Member(everyone[share.key].organisation, judged.verdicts[share.key]) for share in group]
    joint = joint_eligibility(judged.regime, members, inputs.today)
    return Consortium(
        regime_id=judged.regime.regime_id,
        members=tuple(ConsortiumMember(share.key, _tasks_of(share, everyone[share.key], inputs), share.euro) for share in group),
        verdict=joint.verdict,
        sentence=joint.reason,
    )


def _tasks_of(share: Share, supplier: Supplier, inputs: PlanInputs) -> tuple[str, ...]:
    """The tasks that fall to a member; where all are others' alone, those it can share in."""
    parts = share.parts or sorted(_contributor(supplier, inputs, None).parts)
    return tuple(dict.fromkeys(task for task, _ in parts))
