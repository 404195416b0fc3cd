"""Why a supplier stands where it stands: the strongest reasons for and against, and what nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.match import Criterion, CriterionResult, Match, Verdict
from matchmaker.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Reasons:
    """Criteria that raise the score, criteria that lower it or a verdict that forbids, and those without an answer.

    Strongest first; equal ones in the order the criteria are shown.
    """

    supporting: tuple[CriterionResult, ...]
    opposing: tuple[CriterionResult, ...]
    unknown: tuple[CriterionResult, ...]


def strongest_reasons(match: Match, n: int = 3) -> Reasons:
    """The ``n`` strongest reasons for and against. Not being eligible comes first among those against, without any weight."""
    known = [result for result in match.criteria if result.value is not None]
    supporting = sorted((each for each in known if each.contribution > 0), key=lambda each: -each.contribution)
    opposing = sorted((each for each in known if each.contribution < 0), key=lambda each: each.contribution)
    if match.verdict is Verdict.NOT_ELIGIBLE:
        opposing.insert(0, match.criterion(Criterion.ELIGIBILITY))
    unknown = tuple(result for result in match.criteria if result.value is None)
    return Reasons(tuple(supporting[:n]), tuple(opposing[:n]), unknown)


def sentences(results: Sequence[CriterionResult]) -> tuple[Message, ...]:
    """Their sentences, in order."""
    return tuple(result.sentence for result in results)
