"""Notices that probably tell of the same procedure although nothing says so: guesses, shown as such and never used for law.

A result without its call, or a call without its planning notice, is compared with the earlier notices of the same buyer:
title, kind of work, place and dates. A guess is made only where nothing contradicts it.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matchmaker.domain.procedure import NoticeFacts, Stage

EARLIER: dict[Stage, Stage] = {Stage.AWARDED: Stage.CALLED, Stage.CALLED: Stage.PLANNED}
"""Which stage is looked for before which."""

LONGEST_WAIT: dict[Stage, timedelta] = {Stage.AWARDED: timedelta(days=730), Stage.CALLED: timedelta(days=548)}
"""From call to award, from planning to call: hardly ever longer."""

ALIKE = 0.6
"""Share of the words in both titles, of those in either, from which titles are alike."""

NEARLY_EQUAL = 0.85
CLEAR_LEAD = 0.15
FEWEST_WORDS = 3
"""Titles of fewer words ("Cleaning services") are alike by chance."""


class Confidence(StrEnum):
    """How much a guess is to be trusted."""

    PROBABLE = "probable"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Known:
    """A notice, and the stages its procedure has for sure."""

    notice: NoticeFacts
    stages: frozenset[Stage]
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """The later notice probably follows the earlier one; ``likeness`` of the titles, 0 to 1."""

    later: str
    earlier: str
    confidence: Confidence
    likeness: float


def guesses(laters: Iterable[Known], candidates: Iterable[Known]) -> tuple[Guess, ...]:
    """At most one guess for each of ``laters``, by its number. Each depends on the candidates of its own buyer only."""
    earlier = [known for known in candidates if not known.superseded]
    found = (_best(later, earlier) for later in sorted(laters, key=lambda known: known.notice.order))
    return tuple(sorted((guess for guess in found if guess), key=lambda guess: guess.later))


def buckets(notice: NoticeFacts) -> frozenset[str]:
    """Notices are compared where they share one of these: a buyer, and the division of the main CPV code."""
    return frozenset(f"{buyer}|{notice.main_cpv[:2]}" for buyer in notice.buyers if notice.main_cpv)


def _best(later: Known, earlier: Iterable[Known]) -> Guess | None:
    wanted = EARLIER.get(later.notice.stage)
    if wanted is None or wanted in later.stages or later.superseded or later.notice.cites:
        return None
    mine = buckets(later.notice)
    ranked = sorted(
        (
            (_likeness(later.notice, known.notice), known.notice)
            for known in earlier
            if known.notice.stage is wanted
            and later.notice.stage not in known.stages
            and mine & buckets(known.notice)
            and _may_precede(known.notice, later.notice)
        ),
        key=lambda pair: (-pair[0], pair[1].order),
    )
    if not ranked or ranked[0][0] < ALIKE:
        return None
    likeness, notice = ranked[0]
    clear = len(ranked) == 1 or ranked[1][0] <= likeness - CLEAR_LEAD
    sure = likeness >= NEARLY_EQUAL and clear and _same_work(notice, later.notice) and len(_words(notice)) >= FEWEST_WORDS
    if not sure and (not clear or len(_words(notice)) < FEWEST_WORDS):
        return None
    return Guess(later.notice.notice_id, notice.notice_id, Confidence.PROBABLE if sure else Confidence.POSSIBLE, likeness)


def _may_precede(earlier: NoticeFacts, later: NoticeFacts) -> bool:
    """Nothing contradicts it: dates in order, no two procedure ids, no place elsewhere, numbers in the titles the same."""
    if earlier.published is None or later.published is None:
        return False
    waited = later.published - earlier.published
    ids = {earlier.procedure_id, later.procedure_id} - {None}
    return (
        timedelta(0) < waited <= LONGEST_WAIT[later.stage]
        and len(ids) < 2
        and _places_meet(earlier.nuts, later.nuts)
        and _numbers(earlier) == _numbers(later)
    )


def _places_meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def _same_work(one: NoticeFacts, other: NoticeFacts) -> bool:
    return bool(one.main_cpv and other.main_cpv and one.main_cpv[:4] == other.main_cpv[:4])


def _likeness(one: NoticeFacts, other: NoticeFacts) -> float:
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _words(notice: NoticeFacts) -> Set[str]:
    return frozenset(notice.words.split())


def _numbers(notice: NoticeFacts) -> Set[str]:
    """ "Lot 3", "2024", "Sector II": titles that differ in a number tell of different purchases."""
    return frozenset(word for word in notice.words.split() if any(letter.isdigit() for letter in word))
