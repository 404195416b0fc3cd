"""A share of the lot that social suppliers could really deliver as subcontractors: what to ask for where nothing is reserved.

For each task the known suppliers that can do it, each up to what it can carry, weighted by the chance that it can and will, and
no more of them together than a main contractor is assumed to manage. That is the ceiling. What to ask for stays below it by a
margin and within what policies ask for. Suppliers of unknown size count at the upper end of the interval alone, with little.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import floor

from matchmaker.domain.messages import Message, Parameter, in_euro
from matchmaker.planning.capacity import Bounds
from matchmaker.planning.plan import Assumptions, Target, TaskShare
from matchmaker.planning.planner_inputs import Part, PlanInputs, Supplier
from matchmaker.planning.planner_regimes import bounds_of
from matchmaker.planning.target_labour import LabourShare, labour_share

UNKNOWN_PART = 50_000.0
"""Euro a year that a supplier of unknown size is thought possible to carry as a subcontractor, about the pay of two people; at
the upper end of the interval alone."""

WORTH_A_CLAUSE = 0.02
"""The share of the value (0-1) below which a social part is not worth its paper."""

MARGIN = 0.7
"""The part of the ceiling that is asked for at most: estimates err, and suppliers find other work."""

LITTLE_LABOUR = 0.3
"""Below this share of labour, practice asks for less (a Dutch municipality: 2 % where the labour share is under 30 %)."""
LITTLE_NORM = 0.02

LIMITS = (
    Message(
        "A contract must not be designed to favour certain suppliers (Art. 18(1)); whoever performs it keeps to labour and"
        " social law (Art. 18(2))."
    ),
    Message("The clause must be linked to the subject of the contract and stand in the call or the documents (Art. 70)."),
    Message(
        "A buyer may ask which share will be subcontracted, and to whom (Art. 71); a share that must go to certain suppliers"
        " needs a reason of proportion."
    ),
    Message(
        "Leave the main contractor the choice: hire people itself, take them from a temporary employment agency for integration,"
        " or subcontract. Equivalent suppliers of other countries count."
    ),
    Message("Tasks that the bidder must perform itself (Art. 63(2)) cannot be part of the target."),
)
"""The law's limits on a target, of Directive 2014/24/EU."""


def target_of(inputs: PlanInputs) -> Target | None:
    """The target; None where the value is not known, for then there is nothing to take a share of."""
    yearly, total = inputs.yearly, inputs.total
    if yearly is None or total is None:
        return None
    tasks = inputs.tasks or (_whole(inputs),)
    everyone = {each.key: each for each in (*inputs.suppliers, *inputs.partly)}
    shares = tuple(_task_share(task, everyone, yearly, inputs.assumptions) for task in tasks)
    ceiling = [sum(share.part * getattr(share, level) for share in shares) for level in ("low", "likely", "high")]
    labour = labour_share(inputs.need.cpvs[0] if inputs.need.cpvs else None)
    part_of_labour = labour.share if inputs.assumptions.labour_share is None else inputs.assumptions.labour_share
    norms = _norms(inputs.assumptions, part_of_labour)
    low, likely, high = (_rounded_down(min(MARGIN * top, norm)) for top, norm in zip(ceiling, norms, strict=True))
    hours = float(total) * part_of_labour * likely / float(inputs.assumptions.hourly_cost)
    return Target(
        ceiling_low=ceiling[0],
        ceiling_likely=ceiling[1],
        ceiling_high=ceiling[2],
        low=low,
        likely=likely,
        high=high,
        hours=hours,
        tasks=shares,
        sentences=_sentences(inputs, shares, ceiling, (low, likely, high), hours, part_of_labour, labour),
        limits=LIMITS,
    )


def _whole(inputs: PlanInputs) -> Part:
    """The lot as one task."""
    label = next(iter(inputs.need.title.values()), inputs.need.need_id)
    code = inputs.need.cpvs[0].code if inputs.need.cpvs else ""
    return Part(label, code, 1.0, {each.key: each.capability for each in inputs.suppliers}, stated=True)


def _task_share(task: Part, everyone: dict[str, Supplier], yearly: Decimal, assumed: Assumptions) -> TaskShare:
    doers = [
        (everyone[key].capacity.carries(bounds_of(assumed)), chance) for key, chance in task.doers.items() if key in everyone
    ]
    known = [(float(amount), chance) for amount, chance in doers if amount is not None]
    silent = [(UNKNOWN_PART, chance) for amount, chance in doers if amount is None]
    value = float(yearly) * task.share
    low = _carried(known, assumed.bid_low, assumed.members, value)
    likely = _carried(known, assumed.bid_likely, assumed.members, value)
    high = _carried([*known, *silent], assumed.bid_high, assumed.members, value)
    return TaskShare(task.label, task.code or None, task.share, len(doers), low, likely, high)


def _carried(known: Sequence[tuple[float, float]], participation: float, most: int, value: float) -> float:
    """The part of a task that is carried (0-1): suppliers from the largest, each as far as it can and will, until as many as are
    assumed to work together are counted in full. Another supplier never lowers it.
    """
    left, euro = float(most), 0.0
    for amount, chance in sorted(known, reverse=True):
        weight = min(participation * chance, left)
        euro += weight * min(amount, value)
        left -= weight
        if left <= 0:
            break
    return min(1.0, euro / value) if value > 0 else 0.0


def _norms(assumed: Assumptions, labour: float) -> tuple[float, float, float]:
    """What policies ask for, low, middle and high."""
    if labour < LITTLE_LABOUR:
        return (min(LITTLE_NORM, assumed.norm_low), LITTLE_NORM, LITTLE_NORM)
    return assumed.norm_low, (assumed.norm_low + assumed.norm_high) / 2, assumed.norm_high


def _sentences(
    inputs: PlanInputs,
    shares: Sequence[TaskShare],
    ceiling: Sequence[float],
    asked: tuple[float, float, float],
    hours: float,
    part_of_labour: float,
    labour: LabourShare,
) -> tuple[Message, ...]:
    percent: dict[str, Parameter] = {
        "low": _percent(asked[0]),
        "likely": _percent(asked[1]),
        "high": _percent(asked[2]),
        "ceiling": _percent(ceiling[1]),
        "most": _percent(ceiling[2]),
    }
    missing = _why_no_figure(shares, asked, percent)
    if missing is not None:
        return (missing,)
    found = [
        Message(
            "Ask for %(likely)s %% of the value (between %(low)s %% and %(high)s %%): known suppliers could carry about"
            " %(ceiling)s %%, at most %(most)s %%.",
            percent,
        )
    ]
    figures: dict[str, Parameter] = {
        "hours_number": round(hours),
        "labour": round(part_of_labour * 100),
        "cost_money": f"EUR {inputs.assumptions.hourly_cost}",
    }
    found.append(
        Message(
            "That is about %(hours_number)s hours, with %(labour)s %% of the value as labour at %(cost_money)s an hour.", figures
        )
    )
    found += _assumptions(inputs, shares, part_of_labour, labour)
    return tuple(found)


def _why_no_figure(
    shares: Sequence[TaskShare], asked: tuple[float, float, float], percent: dict[str, Parameter]
) -> Message | None:
    """What keeps a figure from being asked for; None where one may be."""
    if not any(share.suppliers for share in shares):
        return Message("No target can be set: no supplier known here does such work in reach.")
    if asked[2] < WORTH_A_CLAUSE:
        return Message("Too little for a social part: known suppliers could carry at most %(most)s %% of the value.", percent)
    if asked[1] > 0:
        return None
    return Message(
        "No figure can be set yet: too little is known of the size of the suppliers here. Up to %(high)s %% may hold: ask them"
        " first what they could take on.",
        percent,
    )


def _assumptions(inputs: PlanInputs, shares: Sequence[TaskShare], part_of_labour: float, labour: LabourShare) -> list[Message]:
    found = []
    if inputs.assumptions.labour_share is None and not labour.seen:
        found.append(Message("The part of labour is an estimate of ours for this kind of work: put in what you know."))
    elif inputs.assumptions.labour_share is None:
        found.append(Message("The part of labour is taken from French practice for this kind of work: put in what you know."))
    if part_of_labour < LITTLE_LABOUR:
        found.append(Message("Little of the value is labour, so no more than 2 % is asked for."))
    if len(shares) > 1 and not all(task.stated for task in inputs.tasks):
        found.append(Message("The parts of the tasks are not stated: equal parts are assumed. Put in what you know."))
    if len(inputs.suppliers) < inputs.assumptions.wanted:
        few: dict[str, Parameter] = {"count": len(inputs.suppliers)}
        found.append(
            Message("Suppliers known: %(count)s only. Leave other ways to meet the clause open, so that it favours nobody.", few)
        )
    silent = sum(each.capacity.turnover is None for each in inputs.suppliers)
    if silent:
        words: dict[str, Parameter] = {"count": silent, "each_money": in_euro(Decimal(UNKNOWN_PART))}
        found.append(
            Message("Suppliers of unknown size count at the upper end alone, with %(each_money)s a year each: %(count)s.", words)
        )
    return found


def _rounded_down(share: float) -> float:
    """To a hundredth of a percent, never up: a target stays below its ceiling."""
    return floor(share * 10_000 + 1e-9) / 10_000


def _percent(share: float) -> str:
    """In whole percent, with one digit below ten, never rounded up."""
    percent = share * 100
    return f"{int(percent + 1e-9)}" if percent >= 10 else f"{int(percent * 10 + 1e-9) / 10:g}"


def carried_together(suppliers: Sequence[Supplier], bounds: Bounds) -> Decimal:
    """Euro a year that the largest suppliers could carry together, no more of them than bid together."""
    amounts = sorted((each.capacity.carries(bounds) or Decimal(0) for each in suppliers), reverse=True)
    return sum(amounts[: bounds.members], Decimal(0))
