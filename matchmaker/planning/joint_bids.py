"""Whether several suppliers may bid together for a reserved lot, by what the regime says of joint bids.

Where the law does not say, a group in which each may bid alone may bid; of any other group it is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.reservation_evidence import all_of, valid_statuses
from matchmaker.planning.eligibility import RegimeEligibility
from matchmaker.reference.clauses import ClauseKind, ClauseState
from matchmaker.reference.law import Regime

EACH_ALONE = "each member must qualify alone"
COMBINED = "combined workforce"


@dataclass(frozen=True, slots=True)
class JointEligibility:
    """The verdict on a group, why, and the clauses to verify before it may stand alone."""

    verdict: Verdict
    reason: Message
    verify: tuple[ClauseKind, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A supplier of the group with its own verdict under the regime."""

    organisation: Organisation
    alone: RegimeEligibility


def joint_eligibility(regime: Regime, members: Sequence[Member], today: date) -> JointEligibility:
    """Whether the group may bid under ``regime``.

    Raises:
        ValueError: there is no member.
    """
    if not members:
        raise ValueError("a group has members")
    verdicts = [member.alone.verdict for member in members]
    own = tuple(dict.fromkeys(kind for member in members for kind in member.alone.verify))
    if all(verdict is Verdict.ELIGIBLE for verdict in verdicts):
        return JointEligibility(Verdict.ELIGIBLE, Message("Each member may bid alone."), own)
    if regime.joint_bid_rule == EACH_ALONE:
        verify = tuple(dict.fromkeys((*own, *_doubtful(regime, today))))
        sentence = Message("Under this law each member of a group must qualify alone.")
        verdict = all_of(verdicts)
        return JointEligibility(verdict, sentence, () if verdict is Verdict.UNKNOWN else verify)
    if regime.joint_bid_rule == COMBINED:
        return _combined(regime, members, today)
    return JointEligibility(Verdict.UNKNOWN, Message("The law at hand does not say whether members of a group may differ."), ())


def _combined(regime: Regime, members: Sequence[Member], today: date) -> JointEligibility:
    """The share in the workforce of all members together; unknown while a member's headcount or share is."""
    workers, counted = 0, 0.0
    for member in members:
        employees = member.organisation.size.employees
        statuses = valid_statuses(member.organisation.statuses, today)
        shares = [status.integration_share for status in statuses if status.integration_share is not None]
        if not employees or not shares:
            return JointEligibility(Verdict.UNKNOWN, Message("Not known: headcount and share of workers of each member."), ())
        workers += employees
        counted += employees * max(shares)
    least = regime.minimum_share or 0.0
    enough = counted / workers > least if regime.share_operator == ">" else counted / workers >= least
    verify = tuple(dict.fromkeys((*_doubtful(regime, today), *_doubtful(regime, today, ClauseKind.SHARE))))
    if enough and any(member.alone.verdict is Verdict.ELIGIBLE for member in members):
        return JointEligibility(
            Verdict.ELIGIBLE, Message("The combined workforce reaches the share that the law asks for."), verify
        )
    if enough:
        return JointEligibility(Verdict.UNKNOWN, Message("Not known: whether a member is of a kind that this law admits."), ())
    return JointEligibility(
        Verdict.NOT_ELIGIBLE, Message("The combined workforce does not reach the share that the law asks for."), verify
    )


def _doubtful(regime: Regime, today: date, kind: ClauseKind = ClauseKind.JOINT_BIDS) -> tuple[ClauseKind, ...]:
    clause = regime.clause(kind)
    return () if clause is not None and clause.state(today) is ClauseState.VERIFIED else (kind,)


def terms_of_cooperation(regime: Regime) -> tuple[Message, ...]:
    """What the regime says of joint bids, reliance and subcontracting; what it does not say is said too."""
    joint = {
        EACH_ALONE: Message("In a joint bid each member must qualify alone."),
        COMBINED: Message("In a joint bid the combined workforce counts."),
    }
    found = [joint.get(regime.joint_bid_rule, Message("Joint bids: not stated in the law at hand."))]
    found.append(
        Message("A bidder may not rely on others to qualify.")
        if regime.reliance_rule == "not allowed"
        else Message("Relying on others: not stated in the law at hand.")
    )
    found.append(
        Message("Parts may be subcontracted only to suppliers of the same kinds.")
        if regime.subcontract_rule == "only to eligible kinds"
        else Message("Subcontracting: not stated in the law at hand.")
    )
    return tuple(found)
