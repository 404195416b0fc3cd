"""One regime of the buyer's country: who may bid, who is able, how many bids to expect, and what to do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, StatusKind
from matchmaker.domain.special_category import only_verdict
from matchmaker.planning.bids import Participation
from matchmaker.planning.capacity import AbleSuppliers, Bounds
from matchmaker.planning.eligibility import EU_FLOOR, RegimeEligibility, national_regimes, under_regime
from matchmaker.planning.feasibility import Advice, Candidate, Feasibility, Limits, feasibility
from matchmaker.planning.joint_bids import terms_of_cooperation
from matchmaker.planning.plan import Assumptions, MissingField, PlannedSupplier, RegimePlan, Role
from matchmaker.planning.planner_inputs import CENT, PlanInputs, Supplier
from matchmaker.planning.planner_purchase import is_light
from matchmaker.planning.regime_tests import DAYS_TO_SPARE
from matchmaker.reference.clauses import ClauseKind
from matchmaker.reference.law import Regime

SPECIAL = {"DK-KON-2": ("2014L0023", "2014/23"), "AT-VS-19": ("2009L0081", "2009/81")}
"""Regimes of concessions and of defence, with the legal bases (BT-01) of notices that they are for: they count for no other."""

NO_VALUE = Message("The value of a year of the lot is missing: who could carry it, and how many would bid, is not known.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A regime with the verdict on each supplier by key, and whether the lot lies in its scope (None: only words tell)."""

    regime: Regime
    in_scope: bool | None
    verdicts: Mapping[str, RegimeEligibility]

    def candidates(self, suppliers: Iterable[Supplier]) -> list[Candidate]:
        """The suppliers with their verdicts, as feasibility counts them."""
        return [
            Candidate(self.verdicts[each.key], each.capacity, shows_sign(self.regime, each.organisation)) for each in suppliers
        ]


MISSION = "public-service-mission"
SIGNS = frozenset({StatusKind.SHELTERED_WORKSHOP, StatusKind.WORK_INTEGRATION})
SIGNS_OF_MISSION = SIGNS | {StatusKind.SOCIAL_COOPERATIVE, StatusKind.SOCIAL_ENTERPRISE, StatusKind.NON_PROFIT}


def shows_sign(regime: Regime, organisation: Organisation) -> bool:
    """Whether a status, aim, share or statement in the profile speaks for the supplier's being one that the law means."""
    statuses = organisation.statuses
    if regime.family == MISSION:
        stated = organisation.public_service
        answers = (stated.has_mission, stated.reinvests_profits, stated.participatory)
        return True in answers or any(each.kind in SIGNS_OF_MISSION for each in statuses)
    return any(each.kind in SIGNS or each.main_aim_integration is True or each.integration_share is not None for each in statuses)


def judge(inputs: PlanInputs) -> tuple[Judged, ...]:
    """Every supplier under every national regime that may be used. Suppliers that state the same are judged once."""
    floor = next((each for each in inputs.regimes.on(inputs.today, "EU") if each.regime_id == EU_FLOOR), None)
    everyone = (*inputs.suppliers, *inputs.beyond, *inputs.partly)
    found = []
    for regime in national_regimes(inputs.regimes, inputs.need, inputs.today):
        if not _of_this_directive(regime, inputs):
            continue
        won = inputs.won.get(regime.exclusion_years or 0, {})
        known: dict[tuple[object, ...], RegimeEligibility] = {}
        verdicts: dict[str, RegimeEligibility] = {}
        for supplier in everyone:
            stated = (*_read_by_law(supplier.organisation), won.get(supplier.key))
            if stated not in known:
                known[stated] = under_regime(
                    regime, floor, inputs.need, supplier.organisation, inputs.today, won.get(supplier.key)
                )
            verdicts[supplier.key] = known[stated]
        found.append(Judged(regime, _in_scope(regime, inputs), verdicts))
    return tuple(found)


def _of_this_directive(regime: Regime, inputs: PlanInputs) -> bool:
    needed = SPECIAL.get(regime.regime_id)
    basis = inputs.context.notice.legal_basis if inputs.context.notice else None
    return needed is None or any(number in (basis or "") for number in needed)


def _in_scope(regime: Regime, inputs: PlanInputs) -> bool | None:
    """By the main CPV code; of a scope in words, that services to persons are meant where the rule is one of their missions."""
    if regime.scope_cpv == "any":
        return True
    if not inputs.need.cpvs:
        return None
    main = inputs.need.cpvs[0]
    covered = regime.covers(main)
    return False if covered is None and regime.family == MISSION and not is_light(main) else covered


def _read_by_law(organisation: Organisation) -> tuple[object, ...]:
    """All that the tests of a regime read of a supplier; evidence, which differs from record to record, they do not."""
    statuses = tuple(
        (each.kind, each.name, each.integration_share, each.main_aim_integration, each.valid_until)
        for each in organisation.statuses
    )
    return statuses, organisation.public_service, organisation.base.country, only_verdict(organisation)


def bounds_of(assumptions: Assumptions) -> Bounds:
    """The bounds of capacity that the buyer assumes."""
    return Bounds(assumptions.dependency, assumptions.members)


def participation_of(assumptions: Assumptions) -> Participation:
    """Which part of the able bids, as the buyer assumes."""
    return Participation(assumptions.bid_low, assumptions.bid_likely, assumptions.bid_high)


def outlook(
    inputs: PlanInputs, judged: Judged, suppliers: Iterable[Supplier], yearly: Decimal, bounds: Bounds | None = None
) -> Feasibility:
    """What to do with a lot of ``yearly`` euro for which these suppliers could bid."""
    return feasibility(
        yearly,
        judged.candidates(suppliers),
        inputs.features,
        inputs.model,
        Limits(wanted=inputs.assumptions.wanted, unknown_up_to=inputs.assumptions.unknown_up_to),
        bounds or bounds_of(inputs.assumptions),
        participation_of(inputs.assumptions),
    )


def usable(inputs: PlanInputs, judged: Judged) -> bool:
    """Whether the lot as it is may be reserved under the regime, as far as is known: its scope and its duration."""
    return judged.in_scope is not False and not _too_long(inputs, judged.regime)


def obstacle(inputs: PlanInputs, judged: Judged) -> Message | None:
    """What keeps the lot as it is out of the regime; None where nothing is known to."""
    return None if usable(inputs, judged) else _why_not(inputs, judged)


def _too_long(inputs: PlanInputs, regime: Regime) -> bool:
    months = inputs.need.period.length_in_months
    return months is not None and regime.maximum_months is not None and months > regime.maximum_months + DAYS_TO_SPARE


def regime_plan(inputs: PlanInputs, judged: Judged) -> RegimePlan:
    """The answer under one regime; without a value nobody is able and nobody unable, and the chance is not known."""
    regime = judged.regime
    verdicts = [judged.verdicts[each.key] for each in inputs.suppliers]
    counts = Counter(each.verdict for each in verdicts)
    found = None if inputs.yearly is None else outlook(inputs, judged, inputs.suppliers, inputs.yearly)
    advice, sentences = _advice(inputs, judged, counts, found)
    return RegimePlan(
        regime_id=regime.regime_id,
        legal_reference=regime.legal_reference,
        supplier_types=regime.supplier_types,
        family=regime.family,
        in_scope=judged.in_scope,
        eligible=counts[Verdict.ELIGIBLE],
        probably=sum(each.verdict is Verdict.ELIGIBLE and not each.automatic for each in verdicts),
        not_eligible=counts[Verdict.NOT_ELIGIBLE],
        unknown=counts[Verdict.UNKNOWN],
        missing=_missing(verdicts),
        suppliers=tuple(_planned(each, judged.verdicts[each.key], found, inputs.assumptions) for each in inputs.suppliers),
        groups=found.able.groups if found else (),
        joint_euro=found.able.joint.quantize(CENT) if found else Decimal(0),
        concentration=found.concentration if found else None,
        n=inputs.assumptions.wanted,
        expected_bids=found.chance.expected if found else None,
        p_at_least_n=found.chance.likely if found else None,
        low=found.chance.low if found else None,
        high=found.chance.high if found else None,
        advice=advice,
        sentences=sentences,
        verify=_to_verify(regime, verdicts),
        cooperation=terms_of_cooperation(regime),
    )


def _advice(
    inputs: PlanInputs, judged: Judged, counts: Counter[Verdict], found: Feasibility | None
) -> tuple[Advice, tuple[Message, ...]]:
    """What stands in the way of the regime itself comes before what the suppliers could do."""
    if not usable(inputs, judged):
        return _without_reservation(inputs), (_why_not(inputs, judged), *_helping(inputs))
    if found is None:
        asked = counts[Verdict.ELIGIBLE] + sum(
            each.sign and each.eligibility.verdict is Verdict.UNKNOWN for each in judged.candidates(inputs.suppliers)
        )
        return (Advice.DIALOGUE if asked >= inputs.assumptions.wanted else _without_reservation(inputs)), (NO_VALUE,)
    sentences = found.reasons
    if judged.in_scope is None:
        sentences = (*sentences, _scope_in_words(judged.regime))
    return found.advice, sentences


def _why_not(inputs: PlanInputs, judged: Judged) -> Message:
    regime = judged.regime
    if judged.in_scope is False and inputs.need.cpvs:
        code = {"law": regime.legal_reference, "code": inputs.need.cpvs[0].code}
        if any(regime.covers(each) for each in inputs.need.cpvs[1:]):
            return Message(
                "%(law)s cannot be used: the main CPV code %(code)s is not in its scope; an additional code is, but the main code"
                " decides.",
                code,
            )
        return Message("%(law)s cannot be used: the main CPV code %(code)s is not in its scope.", code)
    return Message(
        "%(law)s cannot be used: the contract is longer than %(months)s months. A shorter one could be reserved.",
        {"law": regime.legal_reference, "months": regime.maximum_months or 0},
    )


def _scope_in_words(regime: Regime) -> Message:
    scope = {"law": regime.legal_reference, "scope": regime.scope_cpv.removeprefix("text:").strip() or "-"}
    return Message("Check first that %(law)s covers the lot: %(scope)s.", scope)


def _without_reservation(inputs: PlanInputs) -> Advice:
    """A clause where somebody could carry a part that is worth while; without a value where enough do the work."""
    if inputs.yearly is None:
        return Advice.CLAUSE if len(inputs.suppliers) >= inputs.assumptions.wanted else Advice.NOT_NOW
    part, bounds = inputs.yearly * Limits().clause_part, bounds_of(inputs.assumptions)
    able = any((each.capacity.carries(bounds) or 0) >= part for each in inputs.suppliers)
    return Advice.CLAUSE if able else Advice.NOT_NOW


def _helping(inputs: PlanInputs) -> tuple[Message, ...]:
    count = len(inputs.suppliers)
    return (Message("Suppliers here that do such work and could help as subcontractors: %(count)s.", {"count": count}),)


def _to_verify(regime: Regime, verdicts: Sequence[RegimeEligibility]) -> tuple[str, ...]:
    """The clauses that eligible suppliers rest on and that nobody has verified, each with its legal reference."""
    kinds = dict.fromkeys(kind for each in verdicts if each.verdict is Verdict.ELIGIBLE for kind in each.verify)
    return tuple(_named(regime, kind) for kind in kinds)


def _named(regime: Regime, kind: ClauseKind) -> str:
    clause = regime.clause(kind)
    return f"{kind.value}: {clause.legal_reference if clause else regime.legal_reference}"


def _missing(verdicts: Sequence[RegimeEligibility]) -> tuple[MissingField, ...]:
    counts = Counter(field for each in verdicts for field in each.missing)
    return tuple(MissingField(field, count) for field, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _planned(
    supplier: Supplier, verdict: RegimeEligibility, found: Feasibility | None, assumptions: Assumptions
) -> PlannedSupplier:
    """A figure that the supplier shows to nobody decides its role and is not told."""
    private = supplier.organisation.keeps_a_size_private
    carries = supplier.capacity.carries(bounds_of(assumptions))
    return PlannedSupplier(
        key=supplier.key,
        score=supplier.score,
        verdict=verdict.verdict,
        to_verify=bool(verdict.verify),
        role=_role(supplier, verdict, found.able if found else None),
        carries=None if private or carries is None else carries.quantize(CENT),
        reasons=verdict.reasons,
        missing=verdict.missing,
    )


def _role(supplier: Supplier, verdict: RegimeEligibility, able: AbleSuppliers | None) -> Role:
    if verdict.verdict is not Verdict.ELIGIBLE or able is None:
        return Role.NOT_COUNTED
    if supplier.capacity.turnover is None:
        return Role.TURNOVER_UNKNOWN
    if supplier.key in able.alone:
        return Role.ALONE
    return Role.IN_GROUP if any(supplier.key in group for group in able.groups) else Role.TOO_SMALL
