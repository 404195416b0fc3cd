"""Eligibility: the verdict under the EU row as a criterion. It is shown and never weighs."""

from collections.abc import Mapping
from datetime import date

from matchmaker.domain.match import Evidence, Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.reservation import Clause, Eligibility, eligibility
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.criteria.finding import Finding

VALUES: Mapping[Verdict, float | None] = {Verdict.ELIGIBLE: 1.0, Verdict.NOT_ELIGIBLE: 0.0, Verdict.UNKNOWN: None}

COULD: Mapping[tuple[bool, Clause], Message] = {
    (True, Clause.ART_20_OPERATORS): Message(
        "The lot is not reserved; this supplier could also take part in one reserved for integration enterprises (Art. 20)."
    ),
    (True, Clause.ART_77): Message(
        "The lot is not reserved; this supplier could also take part in one reserved for public service missions (Art. 77)."
    ),
    (False, Clause.ART_20_OPERATORS): Message(
        "It is not stated whether the lot is reserved; this supplier could take part if it were, for integration enterprises"
        " (Art. 20)."
    ),
    (False, Clause.ART_77): Message(
        "It is not stated whether the lot is reserved; this supplier could take part if it were, for public service missions"
        " (Art. 77)."
    ),
}
"""By whether the notice says that the lot is not reserved, and the provision under which the supplier would be eligible."""


def eligible(need: Need, organisation: Organisation, today: date, art77_codes: frozenset[CpvCode]) -> tuple[Verdict, Finding]:
    """The verdict, and its finding: 1 eligible, 0 not, None unknown. For a lot without reservation the sentence names the one
    the supplier could qualify for.
    """
    found = eligibility(need, organisation, today, art77_codes)
    evidence = tuple(Evidence("lot.reserved", marker.value) for marker in sorted(need.reserved))
    return found.verdict, Finding(VALUES[found.verdict], _sentence(need, found), evidence)


def _sentence(need: Need, found: Eligibility) -> Message:
    if not need.reserved - {ReservedParticipation.NONE}:
        stated = ReservedParticipation.NONE in need.reserved
        for clause in found.clauses:
            if clause.verdict is Verdict.ELIGIBLE and (stated, clause.clause) in COULD:
                return COULD[(stated, clause.clause)]
    return found.reasons[0]
