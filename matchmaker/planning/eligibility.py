"""Whether a supplier may take part in a lot under each regime of the buyer's country.

The national law decides. The EU rule is a floor where the buyer's country is bound by it: it can exclude, never admit. What is
not stated is unknown, which is never no and never yes. An answer is automatic only where every clause it rests on is verified
on the day; otherwise it is a probability in words, with the clauses to verify.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message, Parameter
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.reservation_evidence import Finding, all_of, each_once, integration_share, kind_and_aim
from matchmaker.domain.special_category import told
from matchmaker.planning.regime_tests import Check, checks_of, counts_beyond_employees
from matchmaker.reference.clauses import Clause, ClauseKind, ClauseState
from matchmaker.reference.law import Regime, Regimes

EU_FLOOR = "EU-24-20-A"
"""The regime of the table that holds Art. 20(1), first limb, of Directive 2014/24/EU."""

SCOTLAND = "UKM"
"""The NUTS region whose law differs from the rest of the United Kingdom."""


ABOUT_STATUS = frozenset({ClauseKind.ELIGIBLE, ClauseKind.SHARE})
"""Clauses whose findings speak of a supplier's status or share."""

LAW_OF = {"GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR", "AX": "FI"}
"""Parts of Member States that notices write as countries of their own, by ISO-2, and whose law applies there."""


@dataclass(frozen=True, slots=True)
class RegimeEligibility:
    """The verdict under one regime on one day.

    ``reasons`` are the findings that made it, ``missing`` the fields of the profile or the lot that would decide an unknown one,
    ``verify`` the clauses it rests on that are not verified; ``applied`` the regime that decided: the floor where it excluded.
    """

    regime: Regime
    applied: Regime
    verdict: Verdict
    reasons: tuple[Message, ...]
    missing: tuple[str, ...]
    verify: tuple[ClauseKind, ...]

    @property
    def automatic(self) -> bool:
        """Whether the verdict may stand without anybody looking at the law."""
        return self.verdict is not Verdict.UNKNOWN and not self.verify

    @property
    def answer(self) -> Message:
        """The verdict in a sentence."""
        law = self.applied.legal_reference
        if self.verdict is Verdict.UNKNOWN:
            return Message("Not known whether it may bid under %(law)s.", {"law": law})
        words: dict[str, Parameter] = {"law": law, "count": len(self.verify)}
        if self.verdict is Verdict.ELIGIBLE:
            if self.automatic:
                return Message("It may bid under %(law)s.", {"law": law})
            return Message("Probably it may bid under %(law)s; parts of the rule still to verify: %(count)s.", words)
        if self.automatic:
            return Message("It may not bid under %(law)s.", {"law": law})
        return Message("Probably it may not bid under %(law)s; parts of the rule still to verify: %(count)s.", words)


def national_regimes(regimes: Regimes, need: Need, today: date) -> tuple[Regime, ...]:
    """The regimes in force that let the buyer of ``need`` reserve; empty where its law is not at hand or allows none."""
    return tuple(regime for regime in reserving_laws(regimes, need) if regime.holds_on(today))


def reserving_laws(regimes: Regimes, need: Need) -> tuple[Regime, ...]:
    """Every version at hand, in force or not, of the law that lets the buyer of ``need`` reserve.

    Within the United Kingdom the law of Scotland applies to lots that lie wholly there; overseas regions have their state's law.
    """
    if need.country is None:
        return ()
    country = "UK" if need.country in ("GB", "UK") else LAW_OF.get(need.country, need.country)
    if country == "UK" and need.nuts and all(code.code.startswith(SCOTLAND) for code in need.nuts):
        country = "UK-SCT"
    return tuple(regime for regime in regimes.rows if regime.country == country and regime.reserves)


def eligibilities(
    regimes: Regimes, need: Need, organisation: Organisation, today: date, won_from_buyer: bool | None = None
) -> tuple[RegimeEligibility, ...]:
    """The verdict under each national regime, in the order of the table.

    ``won_from_buyer`` says whether this buyer awarded the supplier these services under the same rule within the look-back;
    None where the award history does not tell.
    """
    floor = next((regime for regime in regimes.on(today, "EU") if regime.regime_id == EU_FLOOR), None)
    return tuple(
        under_regime(regime, floor, need, organisation, today, won_from_buyer)
        for regime in national_regimes(regimes, need, today)
    )


def under_regime(
    regime: Regime,
    floor: Regime | None,
    need: Need,
    organisation: Organisation,
    today: date,
    won_from_buyer: bool | None = None,
) -> RegimeEligibility:
    """The verdict under one regime; ``floor`` is the EU rule where it is in force."""
    checks = checks_of(regime, need, organisation, today, won_from_buyer)
    national = _verdict(regime, regime, organisation, checks, today)
    if floor is None or national.verdict is Verdict.NOT_ELIGIBLE or not _bound_by_floor(regime):
        return national
    statuses = organisation.statuses
    below = [
        check
        for check in (
            Check(ClauseKind.ELIGIBLE, kind_and_aim(statuses, today)),
            Check(ClauseKind.SHARE, integration_share(statuses, today)),
        )
        if check.finding.verdict is Verdict.NOT_ELIGIBLE
    ]
    return _verdict(regime, floor, organisation, below, today) if below else national


def _bound_by_floor(regime: Regime) -> bool:
    """Whether Art. 20(1), first limb, is a floor to it: not outside the Union's law, not for programmes or Art. 77, and not
    where more than the operator's own employees count.
    """
    foreign_law = regime.country.startswith("UK")
    programme = regime.eforms_bt71 == "none"
    return regime.family == "integration" and not foreign_law and not programme and not counts_beyond_employees(regime)


def _verdict(
    regime: Regime, applied: Regime, organisation: Organisation, checks: Iterable[Check], today: date
) -> RegimeEligibility:
    checks = tuple(checks)
    verdict = all_of(check.finding.verdict for check in checks)
    deciding = [check for check in checks if check.finding.verdict is verdict]
    findings: list[Finding] = [
        told(organisation, check.finding) if check.kind in ABOUT_STATUS else check.finding for check in deciding
    ]
    missing = tuple(dict.fromkeys(finding.missing for finding in findings if finding.missing))
    return RegimeEligibility(
        regime=regime,
        applied=applied,
        verdict=verdict,
        reasons=each_once(finding.sentence for finding in findings),
        missing=missing if verdict is Verdict.UNKNOWN else (),
        verify=() if verdict is Verdict.UNKNOWN else _to_verify(applied, deciding, today),
    )


def _to_verify(regime: Regime, deciding: Iterable[Check], today: date) -> tuple[ClauseKind, ...]:
    """The clauses that the deciding checks rest on and that are not verified."""
    kinds = list(dict.fromkeys(kind for check in deciding for kind in check.rests_on))
    return tuple(kind for kind in kinds if not _verified(regime.clause(kind), today))


def _verified(clause: Clause | None, today: date) -> bool:
    return clause is not None and clause.state(today) is ClauseState.VERIFIED
