"""The tests of one regime on one supplier and one lot: each a finding, and the clauses of the law it rests on."""

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, StatusKind
from matchmaker.domain.reservation_evidence import (
    Finding,
    kind_and_aim,
    public_service_conditions,
    sheltered_programme,
    valid_statuses,
)
from matchmaker.domain.values import iso_country
from matchmaker.planning.supplier_kinds import Recognised, recognise
from matchmaker.reference.clauses import ClauseKind
from matchmaker.reference.law import KindMatch, Regime

BROAD_KINDS = ("disabled or", "disabled /", "socially marginalised", "persons with changed working capacity or")
"""How the table begins where a law counts every worker that a profile's share counts; other laws count fewer of them."""

WIDER_BASES = ("contractor or performing unit", "persons engaged", "workforce of organisation")
"""How the table begins where a law also counts in a unit, in a group, or people who are no employees."""


DAYS_TO_SPARE = 0.05
"""Part of a month by which the length counted from two dates may exceed calendar months, because of leap years."""


@dataclass(frozen=True, slots=True)
class Check:
    """One test. ``kind`` is the clause it applies; ``also`` another clause that it rests on."""

    kind: ClauseKind
    finding: Finding
    also: ClauseKind | None = None

    @property
    def rests_on(self) -> tuple[ClauseKind, ...]:
        """The clauses that must be verified before the finding may stand alone."""
        return (self.kind,) if self.also is None else (self.kind, self.also)


def checks_of(
    regime: Regime, need: Need, organisation: Organisation, today: date, won_from_buyer: bool | None
) -> tuple[Check, ...]:
    """Every test that the regime makes; all must hold."""
    scope = Check(ClauseKind.SCOPE, _scope(regime, need))
    if regime.family == "public-service-mission":
        return (scope, *_public_service(regime, need, organisation, today, won_from_buyer))
    if regime.eforms_bt71 == "none":
        return scope, Check(ClauseKind.ELIGIBLE, sheltered_programme(organisation.statuses, today), ClauseKind.SHARE)
    recognised, finding = _who(regime, organisation, today)
    checks = [scope, Check(ClauseKind.ELIGIBLE, finding, ClauseKind.SHARE if regime.status_decides else None)]
    decided_by_status = recognised is not None and recognised.status_decides
    if regime.minimum_share is not None and not decided_by_status:
        also = ClauseKind.DISADVANTAGE if regime.clause(ClauseKind.DISADVANTAGE) else None
        checks.append(Check(ClauseKind.SHARE, _share(regime, organisation, recognised, today), also))
    return tuple(checks)


def counts_beyond_employees(regime: Regime) -> bool:
    """Whether a smaller share among the operator's own employees does not exclude it."""
    return regime.share_basis.startswith(WIDER_BASES)


def _scope(regime: Regime, need: Need) -> Finding:
    if regime.scope_cpv == "any":
        return Finding(Verdict.ELIGIBLE, Message("The law lets any lot be reserved."))
    if regime.scope_cpv.startswith("text:"):
        return Finding(Verdict.UNKNOWN, Message("Not known: whether the lot is of a kind that this law lets be reserved."))
    if not need.cpvs:
        return Finding(
            Verdict.UNKNOWN,
            Message("The main CPV code is missing: this law lets only certain services be reserved."),
            "lot.main_cpv",
        )
    code = {"code": need.cpvs[0].code}
    if regime.covers(need.cpvs[0]):
        return Finding(Verdict.ELIGIBLE, Message("The main CPV code %(code)s is among those that may be reserved.", code))
    return Finding(Verdict.NOT_ELIGIBLE, Message("The main CPV code %(code)s is not among those that may be reserved.", code))


def _who(regime: Regime, organisation: Organisation, today: date) -> tuple[Recognised | None, Finding]:
    recognised = recognise(regime, organisation, today)
    if recognised is not None:
        return recognised, Finding(Verdict.ELIGIBLE, recognised.sentence)
    if not regime.kinds:
        return None, Finding(Verdict.UNKNOWN, Message("Not known: whether it is of a kind that this law admits."))
    general = kind_and_aim(organisation.statuses, today)
    named = any(kind.match is KindMatch.NAME for kind in regime.kinds)
    if general.verdict is Verdict.NOT_ELIGIBLE and not named:
        return None, general
    if named and organisation.base.country != iso_country(regime.country[:2]) and organisation.statuses:
        sentence = Message("Its status is of another country: the buyer must admit an equivalent one; proof is needed.")
        return None, Finding(Verdict.UNKNOWN, sentence, "statuses.equivalence")
    if general.missing:
        return None, general
    return None, Finding(Verdict.UNKNOWN, Message("Missing in its profile: a status that this law names."), "statuses.name")


def _share(regime: Regime, organisation: Organisation, recognised: Recognised | None, today: date) -> Finding:
    """The largest stated share against the law's, by its operator; short of it is no, unless more than employees count."""
    least = regime.minimum_share or 0.0
    percent = {"percent": round(least * 100)}
    shares = [
        status.integration_share
        for status in valid_statuses(organisation.statuses, today)
        if status.integration_share is not None
    ]
    field = "statuses.integration_share"
    if not shares:
        return Finding(
            Verdict.UNKNOWN,
            Message("Missing in its profile: the share of disabled or disadvantaged workers among its employees."),
            field,
        )
    strict = regime.share_operator == ">"
    enough = max(shares) > least if strict else max(shares) >= least
    if not enough and counts_beyond_employees(regime):
        sentence = Message("Not known: the share in the unit or group that would perform the contract, or of all people engaged.")
        return Finding(Verdict.UNKNOWN, sentence, "statuses.unit_share")
    if not enough:
        if strict:
            return Finding(Verdict.NOT_ELIGIBLE, Message("The law asks for a share of more than %(percent)s %%.", percent))
        return Finding(Verdict.NOT_ELIGIBLE, Message("The law asks for a share of at least %(percent)s %%.", percent))
    if not _counted(regime, organisation, recognised, today):
        kind = {"kind": regime.disadvantage_kind}
        sentence = Message("Not known: how many of its workers are of the kind that this law counts (%(kind)s).", kind)
        return Finding(Verdict.UNKNOWN, sentence, field)
    return Finding(Verdict.ELIGIBLE, Message("The share of workers it states reaches the law's %(percent)s %%.", percent))


def _counted(regime: Regime, organisation: Organisation, recognised: Recognised | None, today: date) -> bool:
    """Whether the workers in the stated share are those the law counts: by its breadth, or by the supplier's own kind."""
    if not regime.disadvantage_kind or regime.disadvantage_kind.startswith(BROAD_KINDS):
        return True
    if recognised is not None and recognised.match is KindMatch.NAME:
        return True
    workshop = any(status.kind is StatusKind.SHELTERED_WORKSHOP for status in valid_statuses(organisation.statuses, today))
    return workshop and regime.disadvantage_kind.startswith("disabled")


def _public_service(
    regime: Regime, need: Need, organisation: Organisation, today: date, won_from_buyer: bool | None
) -> tuple[Check, ...]:
    """Art. 77(2), or the national rule after it, with the longest duration and the look-back."""
    *lasting, recent = public_service_conditions(organisation.public_service)
    checks = [Check(ClauseKind.CONDITIONS, finding) for finding in lasting]
    if regime.kinds:
        checks.append(Check(ClauseKind.ELIGIBLE, _who(regime, organisation, today)[1]))
    checks.append(Check(ClauseKind.DURATION, _duration(regime, need)))
    checks.append(Check(ClauseKind.LOOK_BACK, _look_back(won_from_buyer, recent)))
    return tuple(checks)


def _duration(regime: Regime, need: Need) -> Finding:
    months = need.period.length_in_months
    if regime.maximum_months is None:
        return Finding(Verdict.UNKNOWN, Message("Not known: the longest duration that this law allows."))
    limit = {"months": regime.maximum_months}
    if months is None:
        sentence = Message("The duration is not stated: under this law it may be at most %(months)s months.", limit)
        return Finding(Verdict.UNKNOWN, sentence, "lot.period")
    if months > regime.maximum_months + DAYS_TO_SPARE:
        return Finding(
            Verdict.NOT_ELIGIBLE, Message("The contract is longer than the %(months)s months that this law allows.", limit)
        )
    return Finding(Verdict.ELIGIBLE, Message("The contract is no longer than the %(months)s months that this law allows.", limit))


def _look_back(won_from_buyer: bool | None, stated: Finding) -> Finding:
    """The award history where it tells; else what the supplier states."""
    if won_from_buyer is None:
        return stated
    if won_from_buyer:
        return Finding(Verdict.NOT_ELIGIBLE, Message("This buyer awarded it such services under the same rule too recently."))
    return Finding(Verdict.ELIGIBLE, Message("This buyer awarded it no such services under the same rule recently."))
