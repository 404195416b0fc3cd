"""What forbids a reservation, and what a buyer has to mind before the text goes into a notice."""

from datetime import date

from matchmaker.domain.match import Need
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice, NoticeKind
from matchmaker.domain.values import CpvCode
from matchmaker.planning.notice_values import OUTSIDE
from matchmaker.planning.plan import Target
from matchmaker.planning.regime_tests import DAYS_TO_SPARE
from matchmaker.reference.clauses import ClauseState
from matchmaker.reference.law import Regime

PUBLIC_SERVICE = "res-pub-ser"

CAUTIONS: dict[str, Message] = {
    "each-member-alone": Message("Every member of a joint bid must qualify by itself: say so in the documents."),
    "no-reliance": Message("A bidder may not rely on others to qualify: say so in the documents."),
    "subcontract-same-kinds": Message("Parts may be subcontracted only to suppliers of the same kinds: say so in the documents."),
    "both-kinds": Message("Admit workshops and integration enterprises alike: the law forbids limiting the lot to one of them."),
    "one-limb": Message("Choose: reserve for operators or for programmes, not both."),
    "below-threshold-too": Message("The rule applies below the EU threshold as well."),
    "below-threshold-only": Message("The rule applies only below the EU threshold, without cross-border interest."),
    "from-threshold-only": Message("The rule applies from EUR 750,000 on (social and other specific services)."),
    "equivalents": Message("Admit equivalent structures of other countries too."),
    "yearly-quota": Message("The buyer has a yearly quota to meet: count this lot towards it."),
    "no-guarantee": Message("No definitive guarantee is asked in reserved contracts, save for a stated reason."),
    "proof": Message("Ask for the proof that the law names, and say so in the documents."),
    "list-of-objects": Message("Only what is on the government's list may be reserved: look it up."),
    "flexible-procedure": Message("Only a competitive flexible procedure may be reserved so."),
    "other-forms": Message("This country does not use eForms: its own notices have fields for the reservation."),
}
"""By the codes of the column ``cautions`` of the regimes' rules."""


def forbidden(need: Need, regime: Regime, today: date, art77_codes: frozenset[CpvCode]) -> tuple[Message, ...]:
    """What forbids reserving the lot under ``regime``; empty where nothing is known to."""
    found: list[Message] = []
    if not regime.holds_on(today):
        found.append(Message("%(law)s is not in force today.", {"law": regime.legal_reference}))
    main = need.cpvs[0] if need.cpvs else None
    if main is not None:
        code = {"code": main.code, "law": regime.legal_reference}
        if regime.covers(main) is False:
            found.append(Message("The main CPV code %(code)s is not among the services that %(law)s lets a buyer reserve.", code))
        elif regime.eforms_bt71 == PUBLIC_SERVICE and main not in art77_codes:
            found.append(
                Message("eForms refuse BT-71 = res-pub-ser with the main CPV code %(code)s (rule BR-BT-00262-0200).", code)
            )
    months = need.period.length_in_months
    if regime.maximum_months is not None and months is not None and months > regime.maximum_months + DAYS_TO_SPARE:
        limit = {"months": regime.maximum_months}
        found.append(Message("The contract is longer than the %(months)s months that this law allows.", limit))
        if regime.eforms_bt71 == PUBLIC_SERVICE:
            found.append(Message("eForms refuse it as well (rules BR-BT-00036-0150 and BR-BT-00536-0152)."))
    return tuple(found)


def reservation_warnings(need: Need, notice: Notice | None, regime: Regime, today: date) -> tuple[Message, ...]:
    """What is missing, what the notice cannot carry, what the law adds, and what is still to be verified in it."""
    return (*_unknown(need, regime), *_form(notice), *_cautions(regime), *_to_verify(regime, today))


def clause_warnings(country: str | None, notice: Notice | None, target: Target | None) -> tuple[Message, ...]:
    """What a social clause must respect: Art. 70 and 18(1) of Directive 2014/24/EU, read in the text of 2022-01-01."""
    warnings = [
        Message("The clause must be linked to the subject-matter and stand in the notice or the documents (Art. 70)."),
        Message("It may not be made to favour or shut out certain suppliers (Art. 18(1)); equivalent suppliers are accepted."),
    ]
    if country in OUTSIDE:
        warnings = [Message("Directive 2014/24/EU does not bind this buyer: check what its own law asks of such a clause.")]
    if target is None or target.likely <= 0:
        warnings.append(Message("No figure is given: nothing is known that would carry one. Set it after a market dialogue."))
    else:
        warnings.append(Message("The figure rests on suppliers known here; confirm it in a market dialogue before you publish."))
    if notice is not None and notice.kind is NoticeKind.RESULT:
        warnings.append(Message("A result notice comes too late: a clause must stand in the call."))
    return tuple(warnings)


def _unknown(need: Need, regime: Regime) -> list[Message]:
    found: list[Message] = []
    if regime.scope_cpv.startswith("text:"):
        scope = {"scope": regime.scope_cpv.removeprefix("text:").strip()}
        found.append(Message("Check that the lot is of the kind this law lets be reserved: %(scope)s.", scope))
    elif regime.scope_cpv != "any" and not need.cpvs:
        found.append(Message("The main CPV code is missing: this law lets only certain services be reserved."))
    elif need.cpvs and regime.covers(need.cpvs[0]) is False and any(regime.covers(code) for code in need.cpvs[1:]):
        found.append(Message("Only an additional CPV code is among the services that may be reserved: the main code decides."))
    if regime.maximum_months is not None and need.period.length_in_months is None:
        limit = {"months": regime.maximum_months}
        found.append(Message("The duration is not stated: under this law it may be at most %(months)s months.", limit))
    return found


def _form(notice: Notice | None) -> list[Message]:
    if notice is None:
        return []
    if notice.kind is NoticeKind.RESULT:
        return [Message("BT-71 is not allowed in result notices: a reservation must stand in the call.")]
    if notice.kind is NoticeKind.PLANNING:
        return [Message("Of planning notices only subtypes 4 to 6 and E2 carry BT-71 and BT-736, for their parts; E1 does not.")]
    return [Message("The lot is published already: reserving it now needs a change notice, and time for suppliers to react.")]


def _cautions(regime: Regime) -> list[Message]:
    return [CAUTIONS[code] for code in regime.cautions if code in CAUTIONS]


def _to_verify(regime: Regime, today: date) -> list[Message]:
    """One sentence for clauses that are unknown or unseen, another for those whose review is due."""
    states = regime.states(today)
    law: dict[str, str | int | float] = {"law": regime.legal_reference}
    found: list[Message] = []
    if not regime.clauses or states[ClauseState.MISSING]:
        count = {**law, "count": states[ClauseState.MISSING], "total": len(regime.clauses)}
        found.append(
            Message(
                "Verify %(law)s before you publish: parts of it not read here in a dated text: %(count)s of %(total)s.", count
            )
        )
    if states[ClauseState.STALE]:
        count = {**law, "count": states[ClauseState.STALE]}
        found.append(Message("Verify %(law)s before you publish: parts of it whose review is due: %(count)s.", count))
    if not regime.clauses:
        return [Message("Verify %(law)s before you publish: nothing of it was read here in a dated text.", law)]
    return found
