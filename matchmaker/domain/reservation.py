"""The reservation rules of the EU row: Art. 20(1) and Art. 77 of Directive 2014/24/EU.

The directive only allows Member States to reserve; the law of the buyer's country decides and may ask more. These rules are
therefore a floor: who fails them is out, who passes them may still fail the national rule. What is not stated is unknown,
which is never no and never yes: taking a statement away never makes a supplier eligible, and without statements nobody is out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, ReservedParticipation
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.reservation_evidence import (
    Finding,
    all_of,
    each_once,
    integration_share,
    kind_and_aim,
    public_service_conditions,
    sheltered_programme,
)
from matchmaker.domain.special_category import told
from matchmaker.domain.values import CpvCode, Period

MAXIMUM_YEARS = 3
"""Art. 77(3): the longest duration of a contract."""


class Clause(StrEnum):
    """The provisions of the EU row."""

    ART_20_OPERATORS = "2014/24/EU Art. 20(1), workshops and operators"
    ART_20_PROGRAMMES = "2014/24/EU Art. 20(1), sheltered employment programmes"
    ART_77 = "2014/24/EU Art. 77"


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """The verdict under one provision; ``missing`` names the fields that would decide (``statuses.integration_share``)."""

    clause: Clause
    verdict: Verdict
    reasons: tuple[Message, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a supplier may take part in a lot as it is reserved, why, and what is missing.

    ``clauses`` holds the verdict under every provision of the EU row, also where the lot is not reserved.
    """

    verdict: Verdict
    reasons: tuple[Message, ...]
    clauses: tuple[ClauseVerdict, ...]
    missing: tuple[str, ...] = ()
    """Fields of the profile that would decide, where the verdict is unknown."""


@dataclass(frozen=True, slots=True)
class LotReservation:
    """What a lot's notice says about reservation: ``reserved`` True, False, or None where it does not say.

    ``says`` is BT-71 and BT-736 in words, ``means`` explains them, ``warns`` tells which rule the lot does not meet.
    """

    reserved: bool | None
    says: tuple[Message, ...]
    means: tuple[Message, ...]
    warns: tuple[Message, ...]


NATIONAL_LAW = Message("The EU rule is only a floor: the law of the buyer's country decides, and may ask more.")


def eligibility(need: Need, organisation: Organisation, today: date, art77_codes: frozenset[CpvCode]) -> Eligibility:
    """Whether ``organisation`` may take part in ``need`` under the EU row, on ``today``."""
    clauses = (
        _operators(organisation, today),
        _programmes(organisation, today),
        _public_service(need, organisation, art77_codes),
    )
    operators, programmes, public_service = clauses
    markers = need.reserved - {ReservedParticipation.NONE}
    if not markers:
        return _unreserved(need, clauses)
    participation = [
        clause
        for marker, clause in (
            (ReservedParticipation.SHELTERED, operators),
            (ReservedParticipation.PUBLIC_SERVICE_MISSION, public_service),
        )
        if marker in markers
    ]
    parts = [_best(participation)] if participation else []
    if ReservedParticipation.SHELTERED_PROGRAMME in markers:
        parts.append(programmes)
    verdict = all_of(part.verdict for part in parts)
    deciding = [part for part in parts if part.verdict is verdict]
    reasons = tuple(reason for part in deciding for reason in part.reasons)
    missing = tuple(field for part in deciding for field in part.missing) if verdict is Verdict.UNKNOWN else ()
    return Eligibility(verdict, (*reasons, NATIONAL_LAW), clauses, tuple(dict.fromkeys(missing)))


def reservation_verdict(subject: Lot | Need, art77_codes: frozenset[CpvCode]) -> LotReservation:
    """What the notice of a lot (or a planned purchase) says about reservation, in plain words, with warnings."""
    markers = subject.reserved - {ReservedParticipation.NONE}
    if not markers:
        return _not_reserved(ReservedParticipation.NONE in subject.reserved)
    says: list[Message] = []
    means: list[Message] = []
    if ReservedParticipation.SHELTERED in markers:
        says.append(
            Message("Only sheltered workshops and organisations that integrate disabled or disadvantaged people may bid.")
        )
        means.append(
            Message(
                "At least 30 % of the employees must be disabled or disadvantaged workers, and integrating them must be the"
                " main aim (Directive 2014/24/EU, Art. 20)."
            )
        )
    if ReservedParticipation.SHELTERED_PROGRAMME in markers:
        says.append(Message("The contract must be performed within a sheltered employment programme."))
        means.append(
            Message("At least 30 % of that programme's staff must be disabled or disadvantaged (Directive 2014/24/EU, Art. 20).")
        )
    if ReservedParticipation.PUBLIC_SERVICE_MISSION in markers:
        says.append(Message("Only organisations with a public service mission may bid."))
        means.append(
            Message(
                "They must reinvest profits, be run with their employees or users, and not have won these services from this"
                " buyer in the past three years under the same rule (Directive 2014/24/EU, Art. 77)."
            )
        )
    warns = _art77_warnings(subject, art77_codes) if ReservedParticipation.PUBLIC_SERVICE_MISSION in markers else ()
    return LotReservation(True, tuple(says), (*means, NATIONAL_LAW), warns)


def _not_reserved(stated: bool) -> LotReservation:
    if stated:
        return LotReservation(
            False, (Message("The notice says that this lot is not reserved."),), (Message("Every supplier may bid."),), ()
        )
    return LotReservation(
        None,
        (Message("The notice does not say whether this lot is reserved."),),
        (Message("Look in the procurement documents, or ask the buyer."),),
        (),
    )


def _unreserved(need: Need, clauses: tuple[ClauseVerdict, ...]) -> Eligibility:
    if ReservedParticipation.NONE in need.reserved:
        return Eligibility(Verdict.ELIGIBLE, (Message("The lot is not reserved: every supplier may bid."),), clauses)
    return Eligibility(Verdict.UNKNOWN, (Message("It is not stated whether the lot is reserved."),), clauses)


def _operators(organisation: Organisation, today: date) -> ClauseVerdict:
    """Art. 20(1), first limb: a sheltered workshop, or integration as the main aim; and the share."""
    findings = (kind_and_aim(organisation.statuses, today), integration_share(organisation.statuses, today))
    return _clause(Clause.ART_20_OPERATORS, [told(organisation, finding) for finding in findings])


def _programmes(organisation: Organisation, today: date) -> ClauseVerdict:
    """Art. 20(1), second limb: the share counts in the programme, so a smaller share in the whole firm excludes nobody."""
    return _clause(Clause.ART_20_PROGRAMMES, (told(organisation, sheltered_programme(organisation.statuses, today)),))


def _public_service(need: Need, organisation: Organisation, art77_codes: frozenset[CpvCode]) -> ClauseVerdict:
    """Art. 77(2): four conditions, all of them; and only where the lot itself may be reserved so."""
    found = _clause(Clause.ART_77, public_service_conditions(organisation.public_service))
    defects = _art77_warnings(need, art77_codes)
    return ClauseVerdict(Clause.ART_77, Verdict.UNKNOWN, defects) if defects and found.verdict is Verdict.ELIGIBLE else found


def _clause(clause: Clause, findings: Sequence[Finding]) -> ClauseVerdict:
    """All findings must hold; the reasons are those that made the verdict: all for a yes, the noes for a no, else the gaps."""
    verdict = all_of(finding.verdict for finding in findings)
    deciding = [finding for finding in findings if finding.verdict is verdict]
    missing = tuple(dict.fromkeys(finding.missing for finding in findings if finding.missing))
    return ClauseVerdict(clause, verdict, each_once(finding.sentence for finding in deciding), missing)


def _art77_warnings(subject: Lot | Need, art77_codes: frozenset[CpvCode]) -> tuple[Message, ...]:
    """What a lot reserved under Art. 77 must meet and does not, or does not state."""
    main = subject.main_cpv if isinstance(subject, Lot) else next(iter(subject.cpvs), None)
    warnings: list[Message] = []
    if main is None:
        warnings.append(Message("The main CPV code is missing: only certain services may be reserved under Art. 77."))
    elif main not in art77_codes:
        warnings.append(
            Message(
                "The main CPV code %(code)s is not among the services that may be reserved under Art. 77.", {"code": main.code}
            )
        )
    too_long = _longer_than_allowed(subject.period)
    if too_long is None:
        warnings.append(Message("The duration is not stated: under Art. 77 it may be at most three years."))
    elif too_long:
        warnings.append(Message("The contract is longer than three years, the most that Art. 77 allows."))
    return tuple(warnings)


def _longer_than_allowed(period: Period) -> bool | None:
    """Whether it lasts more than three years; days are counted by the calendar, so that leap years do not matter."""
    if period.months is not None:
        return period.months > 12 * MAXIMUM_YEARS
    if period.start is None or period.end is None:
        return None
    same_day = min(period.start.day, 28) if period.start.month == 2 else period.start.day
    return period.end > period.start.replace(year=period.start.year + MAXIMUM_YEARS, day=same_day)


def _best(clauses: list[ClauseVerdict]) -> ClauseVerdict:
    """The provision that lets it in, else the one that might; of several the first."""
    order = (Verdict.ELIGIBLE, Verdict.UNKNOWN, Verdict.NOT_ELIGIBLE)
    return min(clauses, key=lambda clause: order.index(clause.verdict))
