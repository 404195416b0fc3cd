"""What is odd about what a published lot says of reservation, tested against the law and the suppliers at hand.

Flags are remarks for people, never verdicts: a supplier that is not known here may exist. A notice that does not carry the
information (results must not, BT-71) gets none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Need
from matchmaker.domain.messages import Message, Parameter
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.values import CpvCode
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.notice_warnings import forbidden
from matchmaker.planning.plan import Flag, FlagKind, RegimePlan, Role
from matchmaker.reference.law import Regime

MANY_LOTS = 5
"""From how many lots with the very same marks on they look ticked once for all."""

MANY_RECOGNISED = 10
"""So many suppliers with a status that the law names make a lot worth a dialogue, though their shares are not stated."""

SHARE = "statuses.integration_share"

FITS = {
    ReservedParticipation.SHELTERED: "integration",
    ReservedParticipation.SHELTERED_PROGRAMME: "integration",
    ReservedParticipation.PUBLIC_SERVICE_MISSION: "public-service-mission",
}
"""The family of regimes that a mark needs. A law of the first family may reserve performance as well as participation."""

REFUSED = {
    "integration": Message(
        "Marked as reserved for sheltered or integration work: the law of this country at hand knows no such reservation;"
        " check it."
    ),
    "public-service-mission": Message(
        "Marked as reserved for organisations with a public service mission: the law of this country at hand knows no such"
        " reservation; check it."
    ),
}

FEW_KNOWN = 150
"""With fewer suppliers known in the buyer's country nobody's absence is remarked upon: too little was looked at."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The social suppliers known here for a lot, whether or not they may bid.

    ``capable`` can do the work and are not known to be out of reach; ``anywhere`` can do the work of any lot of the notice,
    wherever they are; None where that was not counted. ``alike``: so many can do another lot of the notice with the same main
    CPV code, in reach. ``in_country`` are all that are known in the buyer's country, whatever they do; None where not counted.
    """

    capable: int
    anywhere: int | None = None
    alike: int = 0
    in_country: int | None = None


def flags_of(
    notice: Notice,
    lot: Lot,
    need: Need,
    regimes: Sequence[Regime],
    plans: Sequence[RegimePlan],
    supply: Supply,
    today: date,
    art77_codes: frozenset[CpvCode],
) -> tuple[Flag, ...]:
    """The flags of a lot of ``notice``; empty where nothing is odd.

    ``regimes`` are all versions of the laws of the buyer's country that reserve, ``plans`` the planner's answer under those in
    force on ``today``, the day the lot is judged on.
    """
    if notice.kind not in (NoticeKind.COMPETITION, NoticeKind.PLANNING):
        return ()
    marks = lot.reserved - {ReservedParticipation.NONE}
    if not marks:
        return could_be_reserved(plans)
    refused = law_refuses(marks, regimes)
    return (
        *refused,
        *breaks_rule(need, marks, [regime for regime in regimes if regime.holds_on(today)], today, art77_codes),
        *supply_flags(notice, lot, marks, plans, supply),
    )


def law_refuses(marks: frozenset[ReservedParticipation], regimes: Sequence[Regime]) -> tuple[Flag, ...]:
    """Marks that no version of the law at hand allows; none where the country's law is not at hand at all."""
    if not regimes:
        return ()
    wanted = {FITS[mark] for mark in marks} - {regime.family for regime in regimes}
    return tuple(Flag(FlagKind.LAW_REFUSES, REFUSED[family]) for family in sorted(wanted))


def breaks_rule(
    need: Need,
    marks: frozenset[ReservedParticipation],
    regimes: Sequence[Regime],
    today: date,
    art77_codes: frozenset[CpvCode],
) -> tuple[Flag, ...]:
    """What forbids the reservation under every law that a mark could rest on; the reasons are those of the first law.

    A lot that carries several marks breaks a rule only where none of them can stand.
    """
    fitting = [regime for mark in sorted(marks) for regime in regimes if regime.family == FITS[mark]]
    found = [forbidden(need, regime, today, art77_codes) for regime in fitting]
    if not found or not all(found):
        return ()
    return tuple(Flag(FlagKind.BREAKS_RULE, sentence) for sentence in found[0])


def supply_flags(
    notice: Notice,
    lot: Lot,
    marks: frozenset[ReservedParticipation],
    plans: Sequence[RegimePlan],
    supply: Supply,
) -> tuple[Flag, ...]:
    """Marked by mistake, or nobody there to bid; the first makes the second needless."""
    if looks_mistaken(notice, lot, supply):
        count = {"count": sum(each.reserved == lot.reserved for each in notice.lots)}
        sentence = Message(
            "Probably marked by mistake: all %(count)s lots carry the same marks, and no social supplier known here anywhere"
            " does this kind of work.",
            count,
        )
        return (Flag(FlagKind.PROBABLY_MISTAKEN, sentence),)
    if supply.capable == 0:
        return _nobody(supply)
    fitting = [plan for plan in plans if plan.family in {FITS[mark] for mark in marks}]
    if fitting and all(plan.eligible + plan.unknown == 0 for plan in fitting):
        words: dict[str, Parameter] = {"count": supply.capable, "law": fitting[0].legal_reference}
        sentence = Message(
            "Reserved, but none of the %(count)s suppliers known here in reach for this work may bid under %(law)s.", words
        )
        return (Flag(FlagKind.NOBODY_ELIGIBLE, sentence),)
    return ()


def _nobody(supply: Supply) -> tuple[Flag, ...]:
    """Nothing where lots alike find suppliers, or where so few are known that their absence says nothing."""
    if supply.alike or (supply.in_country is not None and supply.in_country < FEW_KNOWN):
        return ()
    if supply.in_country is None:
        return (Flag(FlagKind.NOBODY_ELIGIBLE, Message("Reserved, but no social supplier known here in reach does this work.")),)
    words: dict[str, Parameter] = {"count": supply.in_country}
    sentence = Message(
        "Reserved, but no social supplier known here in reach does this work; known in this country: %(count)s.", words
    )
    return (Flag(FlagKind.NOBODY_ELIGIBLE, sentence),)


def looks_mistaken(notice: Notice, lot: Lot, supply: Supply) -> bool:
    """Whether the marks look ticked for the whole notice without a thought for its subject.

    True where the notice has many lots, all with the very same marks and of one division of the CPV, and no social supplier known
    here does the work of any of them anywhere. A notice of few lots, or whose work somebody somewhere does, is never called a
    mistake.
    """
    if supply.capable or supply.anywhere is None or supply.anywhere:
        return False
    same = all(each.reserved == lot.reserved for each in notice.lots)
    divisions = {code.code[:2] for each in notice.lots if (code := each.main_cpv or notice.main_cpv)}
    return len(notice.lots) >= MANY_LOTS and same and len(divisions) <= 1


def could_be_reserved(plans: Sequence[RegimePlan]) -> tuple[Flag, ...]:
    """The best regime under which a lot that is not reserved would find enough bidders, or might once shares are confirmed."""
    in_scope = [plan for plan in plans if plan.in_scope]
    enough = [plan for plan in in_scope if plan.advice in (Advice.RESERVE, Advice.DIALOGUE) and _able(plan) >= plan.n]
    if enough:
        best = max(enough, key=lambda plan: (plan.p_at_least_n or 0.0, _able(plan)))
        return (Flag(FlagKind.COULD_BE_RESERVED, _possible(best)),)
    recognised = [plan for plan in in_scope if _recognised(plan) >= MANY_RECOGNISED]
    if recognised:
        best = max(recognised, key=_recognised)
        words: dict[str, Parameter] = {"law": best.legal_reference, "count": _recognised(best)}
        sentence = Message(
            "Not reserved; after a market dialogue it might be under %(law)s: suppliers known here in reach for this work with a"
            " status that the law names, their share of workers not stated: %(count)s.",
            words,
        )
        return (Flag(FlagKind.COULD_BE_RESERVED, sentence),)
    return ()


def _possible(best: RegimePlan) -> Message:
    words: dict[str, Parameter] = {"law": best.legal_reference, "count": _able(best)}
    if best.advice is Advice.RESERVE:
        return Message("Not reserved, though it could be under %(law)s: suppliers able to bid known here: %(count)s.", words)
    return Message(
        "Not reserved; after a market dialogue it might be under %(law)s: suppliers able to bid known here: %(count)s.", words
    )


def _recognised(plan: RegimePlan) -> int:
    """Suppliers for whose eligibility nothing lacks but the share of workers."""
    return sum(supplier.missing == (SHARE,) for supplier in plan.suppliers)


def _able(plan: RegimePlan) -> int:
    """Bidders: those able alone, and groups of those able only together."""
    return sum(supplier.role is Role.ALONE for supplier in plan.suppliers) + len(plan.groups)
