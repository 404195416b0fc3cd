"""The answer in words: which regime is the best, what to do, and why, in a few plain sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message, Parameter
from matchmaker.planning.feasibility import ASK_FIRST, REASONS, Advice, Limits
from matchmaker.planning.plan import Change, RegimePlan, Role, Target
from matchmaker.planning.planner_inputs import PlanInputs
from matchmaker.planning.target import WORTH_A_CLAUSE

ORDER = tuple(Advice)
"""From the strongest."""

KIND_FIELDS = frozenset({"statuses", "statuses.name", "statuses.programme", "statuses.main_aim_integration"})
"""Missing fields that leave open of which kind a supplier is."""

ASK = {
    "statuses": Message("Ask them for their social status; profiles without it: %(count)s."),
    "statuses.name": Message("Ask them whether they hold a status that this law names; profiles without one: %(count)s."),
    "statuses.integration_share": Message(
        "Ask them for their share of disabled or disadvantaged workers; profiles without it: %(count)s."
    ),
    "statuses.main_aim_integration": Message(
        "Ask them whether integration is their main aim; profiles that do not say: %(count)s."
    ),
    "statuses.unit_share": Message(
        "Ask them for the share in the unit that would perform the contract; not known of: %(count)s."
    ),
    "statuses.programme": Message(
        "Ask them whether they would perform it within a sheltered programme; not known of: %(count)s."
    ),
    "statuses.equivalence": Message("Ask those from other countries for proof that their status is equivalent: %(count)s."),
    "statuses.valid_until": Message("Ask them whether their status was renewed; profiles where it expired: %(count)s."),
    "public_service.has_mission": Message(
        "Ask them whether they have a public service mission; profiles that do not say: %(count)s."
    ),
    "public_service.reinvests_profits": Message(
        "Ask them whether they reinvest their profits; profiles that do not say: %(count)s."
    ),
    "public_service.participatory": Message("Ask them who owns and runs them; profiles that do not say: %(count)s."),
    "public_service.recent_award": Message(
        "Look up whether you awarded them such services under this rule before; not known of: %(count)s."
    ),
    "lot.main_cpv": Message("Give the main CPV code of the lot; suppliers that cannot be judged without it: %(count)s."),
    "lot.period": Message("Give the duration of the contract; suppliers that cannot be judged without it: %(count)s."),
}
"""What to ask for, by the field that is missing."""


_SCOPES = (True, None, False)


def best_regime(regimes: Sequence[RegimePlan]) -> RegimePlan | None:
    """The strongest advice first; then a scope that codes confirm, the likeliest bids, and the most eligible or unknown."""
    return min(regimes, key=_strength, default=None)


def _strength(regime: RegimePlan) -> tuple[int, int, float, float, int, int, int]:
    return (
        ORDER.index(regime.advice),
        _SCOPES.index(regime.in_scope),
        -(regime.p_at_least_n or 0.0),
        -(regime.high or 0.0),
        -regime.eligible,
        -_of_its_kind(regime),
        -regime.unknown,
    )


def _of_its_kind(regime: RegimePlan) -> int:
    """Suppliers that the law is made for as far as is known: what is missing is not of which kind they are."""
    return sum(each.verdict is Verdict.UNKNOWN and not KIND_FIELDS.intersection(each.missing) for each in regime.suppliers)


def advice_of(inputs: PlanInputs, best: RegimePlan | None, target: Target | None) -> Advice:
    """The regime's advice where it is to reserve; else a clause where a target holds or could hold."""
    if best is not None and best.advice in {Advice.RESERVE, Advice.DIALOGUE, Advice.SPLIT}:
        return best.advice
    if target is not None:
        return Advice.CLAUSE if target.high >= WORTH_A_CLAUSE else Advice.NOT_NOW
    return Advice.CLAUSE if len(inputs.suppliers) >= inputs.assumptions.wanted else Advice.NOT_NOW


def answer_of(
    inputs: PlanInputs,
    advice: Advice,
    best: RegimePlan | None,
    target: Target | None,
    obstacles: Mapping[str, Message],
) -> tuple[Message, ...]:
    """The headline, then why. ``obstacles``: what keeps the lot as it is out of a regime, by its id."""
    headline = _headline(advice, best, target)
    if best is None:
        return (headline, _no_law(inputs), _supply(inputs))
    if not inputs.suppliers:
        return (headline, _supply(inputs), *obstacles.values())
    if advice in {Advice.CLAUSE, Advice.NOT_NOW}:
        return (headline, _supply(inputs), *_no_reservation(best, obstacles))
    why = [_supply(inputs), *_numbers(inputs, best)]
    return (headline, *why)


def _headline(advice: Advice, best: RegimePlan | None, target: Target | None) -> Message:
    law = {"law": best.legal_reference if best else "-"}
    if advice is Advice.RESERVE:
        return Message("%(law)s allows it, and enough bids are likely.", law)
    if advice is Advice.DIALOGUE and best is not None and (best.p_at_least_n or 0.0) < Limits().dialogue:
        return Message("%(law)s may allow it; too little is known of suppliers that could make the difference.", law)
    if advice is Advice.DIALOGUE:
        return Message("%(law)s allows it; enough bids are possible, not certain.", law)
    if advice is Advice.SPLIT:
        return Message("As smaller lots it could be reserved under %(law)s.", law)
    if advice is Advice.CLAUSE and target is not None and target.likely <= 0:
        return Message("A social part may hold: ask the suppliers first what they could take on.")
    if advice is Advice.CLAUSE and target is not None:
        percent: dict[str, Parameter] = {"likely_number": round(target.likely * 100, 1)}
        return Message("Known suppliers could well carry a social part of about %(likely_number)s %% of the value.", percent)
    if advice is Advice.CLAUSE:
        return Message("State the value first, then set a social part that suppliers can carry.")
    return Message("Nothing known here would answer a reservation or a social part.")


def _no_law(inputs: PlanInputs) -> Message:
    country: dict[str, Parameter] = {"country": inputs.need.country or "-"}
    if inputs.need.country is None:
        return Message("The buyer's country is not known, so nobody can say which law applies. Give it.")
    return Message(
        "No law of %(country)s that lets a buyer reserve a lot is at hand: that does not mean there is none. A social part"
        " needs no such law.",
        country,
    )


def _supply(inputs: PlanInputs) -> Message:
    if inputs.suppliers:
        unknown = sum(each.place is None for each in inputs.suppliers)
        counts: dict[str, Parameter] = {"count": len(inputs.suppliers), "unknown": unknown}
        if not inputs.placed:
            return Message(
                "Suppliers anywhere that do this work: %(count)s. It is not known where the work is, so not who is in reach.",
                counts,
            )
        if unknown:
            return Message(
                "Suppliers that do this work and may be in reach: %(count)s; where %(unknown)s of them work is not known.", counts
            )
        return Message("Suppliers that do this work and are in reach: %(count)s.", counts)
    if inputs.beyond:
        return Message(
            "No supplier known here does this work in reach; farther away there are %(count)s.", {"count": len(inputs.beyond)}
        )
    return Message("No supplier known here does this work in reach.")


SAID_BY_HEADLINE = frozenset({REASONS[Advice.RESERVE].text, REASONS[Advice.DIALOGUE].text, ASK_FIRST.text})
"""Reasons that the first sentence of the answer gives already."""


def _numbers(inputs: PlanInputs, best: RegimePlan) -> list[Message]:
    counts: dict[str, Parameter] = {
        "eligible": best.eligible,
        "probably": best.probably,
        "unknown": best.unknown,
        "not_eligible": best.not_eligible,
    }
    whom = Message("Under this law %(eligible)s may bid, of %(unknown)s it is not known, %(not_eligible)s may not.", counts)
    found = [
        whom
        if not best.probably
        else Message(
            "Under this law %(eligible)s may bid (%(probably)s of them probably: parts of the law are to be verified), of"
            " %(unknown)s it is not known, %(not_eligible)s may not.",
            counts,
        )
    ]
    found += [replace(ASK[each.field], parameters={"count": each.count}) for each in best.missing if each.field in ASK][:2]
    silent = sum(each.role is Role.TURNOVER_UNKNOWN for each in best.suppliers)
    if silent:
        found.append(Message("Of suppliers that may bid, the size of %(count)s is not known.", {"count": silent}))
    if inputs.yearly is None:
        found.append(Message("The value is missing: give the value of a year, or of the whole and the duration."))
    found += [sentence for sentence in best.sentences if sentence.text not in SAID_BY_HEADLINE]
    return found


def _no_reservation(best: RegimePlan, obstacles: Mapping[str, Message]) -> list[Message]:
    """Why nothing is reserved: what keeps the lot out of each law, and what the supply lacks under the best that is left."""
    found = list(obstacles.values())
    if best.regime_id not in obstacles:
        found.append(Message("The rule that comes nearest is %(law)s.", {"law": best.legal_reference}))
        found += [sentence for sentence in best.sentences if sentence not in REASONS.values()]
    return found


def what_changes_most(changes: Sequence[Change]) -> tuple[Message, ...]:
    """The one change to look at first."""
    if not changes or changes[0].gain <= 0:
        return ()
    return (Message("Of all changes tried, one would help most."), changes[0].sentence)
