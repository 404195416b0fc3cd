"""One regime of the buyer's country: who may bid, who is able, how many bids to expect, and what to do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, Visibility
from matchmaker.planning.bids import Participation
from matchmaker.planning.capacity import AbleSuppliers, Bounds
from matchmaker.planning.eligibility import EU_FLOOR, RegimeEligibility, national_regimes, under_regime
from matchmaker.planning.feasibility import Advice, Candidate, Feasibility, Limits, feasibility
from matchmaker.planning.joint_bids import terms_of_cooperation
from matchmaker.planning.plan import Assumptions, MissingField, PlannedSupplier, RegimePlan, Role
from matchmaker.planning.planner_inputs import PlanInputs, Supplier
from matchmaker.reference.clauses import ClauseKind
from matchmaker.reference.law import Regime

DIALOGUE_WITHOUT_VALUE = Message(
    "The value of the lot is missing, so nobody can say who could carry it: state it, and ask the market."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A regime with the verdict on each supplier, in the order of the suppliers."""

    regime: Regime
    verdicts: tuple[RegimeEligibility, ...]


def judge(inputs: PlanInputs, suppliers: Sequence[Supplier]) -> tuple[Judged, ...]:
    """Every supplier under every national regime. Suppliers that state the same are judged once."""
    floor = next((each for each in inputs.regimes.on(inputs.today, "EU") if each.regime_id == EU_FLOOR), None)
    found = []
    for regime in national_regimes(inputs.regimes, inputs.need, inputs.today):
        known: dict[tuple[object, ...], RegimeEligibility] = {}
        verdicts = []
        for supplier in suppliers:
            won = inputs.won.get(supplier.key)
            stated = (*_read_by_law(supplier.organisation), won)
            if stated not in known:
                known[stated] = under_regime(regime, floor, inputs.need, supplier.organisation, inputs.today, won)
            verdicts.append(known[stated])
        found.append(Judged(regime, tuple(verdicts)))
    return tuple(found)


def _read_by_law(organisation: Organisation) -> tuple[object, ...]:
    return organisation.statuses, organisation.public_service, organisation.base.country


def bounds_of(assumptions: Assumptions) -> Bounds:
    """The bounds of capacity that the buyer assumes."""
    return Bounds(assumptions.dependency, assumptions.members)


def participation_of(assumptions: Assumptions) -> Participation:
    """Which part of the able bids, as the buyer assumes."""
    return Participation(assumptions.bid_low, assumptions.bid_likely, assumptions.bid_high)


def regime_plan(inputs: PlanInputs, judged: Judged) -> RegimePlan:
    """The answer under one regime; without a value nobody is able and nobody unable, and the chance is not known."""
    regime, need = judged.regime, inputs.need
    pairs = list(zip(inputs.suppliers, judged.verdicts, strict=True))
    counts = Counter(each.verdict for each in judged.verdicts)
    in_scope = regime.covers(need.cpvs[0]) if need.cpvs else (True if regime.scope_cpv == "any" else None)
    found = None
    if inputs.yearly is not None:
        found = feasibility(
            inputs.yearly,
            [Candidate(verdict, supplier.capacity) for supplier, verdict in pairs],
            inputs.features,
            inputs.model,
            Limits(wanted=inputs.assumptions.wanted),
            bounds_of(inputs.assumptions),
            participation_of(inputs.assumptions),
        )
    verify = _to_verify(regime, judged.verdicts)
    return RegimePlan(
        regime_id=regime.regime_id,
        legal_reference=regime.legal_reference,
        supplier_types=regime.supplier_types,
        family=regime.family,
        in_scope=in_scope,
        eligible=counts[Verdict.ELIGIBLE],
        probably=sum(each.verdict is Verdict.ELIGIBLE and not each.automatic for each in judged.verdicts),
        not_eligible=counts[Verdict.NOT_ELIGIBLE],
        unknown=counts[Verdict.UNKNOWN],
        missing=_missing(judged.verdicts),
        suppliers=tuple(_planned(supplier, verdict, found, inputs.assumptions) for supplier, verdict in pairs),
        groups=found.able.groups if found else (),
        joint_euro=found.able.joint if found else Decimal(0),
        concentration=found.concentration if found else None,
        n=inputs.assumptions.wanted,
        expected_bids=found.chance.expected if found else None,
        p_at_least_n=found.chance.likely if found else None,
        low=found.chance.low if found else None,
        high=found.chance.high if found else None,
        advice=found.advice if found else (Advice.DIALOGUE if counts[Verdict.ELIGIBLE] else Advice.NOT_NOW),
        sentences=found.reasons if found else (DIALOGUE_WITHOUT_VALUE,),
        verify=verify,
        cooperation=terms_of_cooperation(regime),
    )


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
    private = supplier.organisation.size.visibility is Visibility.PRIVATE
    return PlannedSupplier(
        key=supplier.key,
        score=supplier.score,
        verdict=verdict.verdict,
        to_verify=bool(verdict.verify),
        role=_role(supplier, verdict, found.able if found else None),
        carries=None if private else supplier.capacity.carries(bounds_of(assumptions)),
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
