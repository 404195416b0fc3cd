"""What a supplier's answers teach about the lots it does not want to hear of: rules it can read and undo.

A rule needs two answers that say the same, and none that says otherwise. Rules only keep alerts back; they never change a score.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from matchmaker.domain.answers import Answer, LotAnswer, Reason
from matchmaker.domain.messages import Message, in_euro
from matchmaker.domain.values import CpvCode, NutsCode

ENOUGH = 2
"""Answers that say the same."""
CLASS_DIGITS = 4
"""Leading digits of the CPV code that make a kind of work."""
REGION_LETTERS = 4
"""Letters of the NUTS code that make a region (NUTS 2)."""
WANTED = frozenset({Answer.INTERESTED, Answer.PARTNER_WANTED, Answer.RELEVANT})


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What a rule looks at: main CPV code, regions, value in euro; None and empty where not stated."""

    cpv: CpvCode | None = None
    nuts: tuple[NutsCode, ...] = ()
    euro: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One rule. ``key`` names it for undoing (``too-far:FRE1``); ``lots`` are those whose answers taught it."""

    key: str
    reason: Reason
    value: str
    lots: tuple[str, ...]

    @property
    def sentence(self) -> Message:
        """The rule in words; ``code`` is a CPV or NUTS code that the page spells out."""
        if self.reason is Reason.OTHER_WORK:
            return Message("You are not told of work of the kind %(code)s.", {"code": self.value.ljust(8, "0")})
        if self.reason is Reason.TOO_FAR:
            return Message("You are not told of lots in the region %(code)s.", {"code": self.value})
        amount = {"limit_money": in_euro(Decimal(self.value))}
        if self.reason is Reason.TOO_LARGE:
            return Message("You are not told of lots from %(limit_money)s on.", amount)
        return Message("You are not told of lots up to %(limit_money)s.", amount)

    def keeps_back(self, facts: LotFacts) -> bool:
        """Whether a lot with these facts is not told of; what is not stated is never kept back."""
        if self.reason is Reason.OTHER_WORK:
            return facts.cpv is not None and facts.cpv.code.startswith(self.value)
        if self.reason is Reason.TOO_FAR:
            return bool(facts.nuts) and all(code.code.startswith(self.value) for code in facts.nuts)
        if facts.euro is None:
            return False
        limit = Decimal(self.value)
        return facts.euro >= limit if self.reason is Reason.TOO_LARGE else facts.euro <= limit


def lessons_from(
    answers: Iterable[LotAnswer], facts: Mapping[str, LotFacts], undone: Mapping[str, datetime]
) -> tuple[Lesson, ...]:
    """The rules that one organisation's answers teach, by key; ``facts`` by lot.

    An answer not younger than the undoing of a rule does not count for it again.
    """
    known = [(answer, facts[answer.full_id]) for answer in answers if answer.full_id in facts]
    wanted = [about for answer, about in known if answer.answer in WANTED]
    found: list[Lesson] = []
    for reason, values_of in _VALUES.items():
        said: defaultdict[str, list[LotAnswer]] = defaultdict(list)
        for answer, about in known:
            if answer.answer is Answer.NOT_FOR_US and answer.reason is reason:
                for value in values_of(about):
                    said[value].append(answer)
        found += _rules(reason, said, wanted, undone)
    return tuple(sorted(found, key=lambda lesson: lesson.key))


def _rules(
    reason: Reason, said: Mapping[str, Sequence[LotAnswer]], wanted: Sequence[LotFacts], undone: Mapping[str, datetime]
) -> list[Lesson]:
    if reason in (Reason.TOO_LARGE, Reason.TOO_SMALL):
        said = _one_limit(reason, said)
    rules: list[Lesson] = []
    for value, answers in said.items():
        key = reason.value if reason in (Reason.TOO_LARGE, Reason.TOO_SMALL) else f"{reason.value}:{value}"
        counting = [answer for answer in answers if key not in undone or answer.at > undone[key]]
        lesson = Lesson(key, reason, value, tuple(sorted(answer.full_id for answer in counting)))
        if len(counting) >= ENOUGH and not any(lesson.keeps_back(about) for about in wanted):
            rules.append(lesson)
    return rules


def _one_limit(reason: Reason, said: Mapping[str, Sequence[LotAnswer]]) -> dict[str, list[LotAnswer]]:
    """Sizes make one rule: from the second smallest lot that was too large, or up to the second largest that was too small."""
    sizes = sorted(((Decimal(value), answer) for value, some in said.items() for answer in some), key=lambda pair: pair[0])
    if reason is Reason.TOO_SMALL:
        sizes.reverse()
    if len(sizes) < ENOUGH:
        return {}
    return {str(sizes[ENOUGH - 1][0]): [answer for _, answer in sizes]}


def _work(about: LotFacts) -> list[str]:
    return [about.cpv.code[:CLASS_DIGITS]] if about.cpv else []


def _places(about: LotFacts) -> list[str]:
    return sorted({code.code[:REGION_LETTERS] for code in about.nuts if code.level >= 2})


def _size(about: LotFacts) -> list[str]:
    return [] if about.euro is None else [str(about.euro)]


_VALUES: Mapping[Reason, Callable[[LotFacts], list[str]]] = {
    Reason.OTHER_WORK: _work,
    Reason.TOO_FAR: _places,
    Reason.TOO_LARGE: _size,
    Reason.TOO_SMALL: _size,
}
