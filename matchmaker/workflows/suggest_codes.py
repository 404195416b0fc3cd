"""From a supplier's own words to the kinds of work and CPV codes they mean, each with the words that led to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.organisation import Capability
from matchmaker.domain.values import CpvCode
from matchmaker.reference.activities import Activity
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.cpv_prediction import CpvSuggester, LikelyClass

OFFERED = 5
"""Codes offered for one piece of work."""
LEAST = 0.05
"""A class less likely than this is not worth a person's time."""
TICKED_FROM = 0.5
"""From here on a suggestion is ticked beforehand; the first one always is."""
MOST_WORDS = 40
_PARTS = re.compile(r"[,;.:!?()\n]+|\s+(?:and|und|et|y|e|i|en|oraz|og|och)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SuggestedCode:
    """A code, the kind of work it belongs to where there is a plain name for it, and the words that led there."""

    code: CpvCode
    probability: float
    words: str
    activity: Activity | None
    ticked: bool


def suggest_codes(works: Sequence[Capability], suggester: CpvSuggester, reference: Reference) -> list[list[SuggestedCode]]:
    """For each piece of work the likeliest codes, best first; ticked are those it has and, where it has none, the likely ones."""
    return [_for_work(work, suggester, reference) for work in works]


def _for_work(work: Capability, suggester: CpvSuggester, reference: Reference) -> list[SuggestedCode]:
    pieces = _pieces(work.text)
    whole, *parts = suggester.classes([work.text, *pieces], OFFERED)
    likely = [each for number, each in enumerate(whole) if number == 0 or each.probability >= LEAST]
    found = [
        SuggestedCode(
            each.code,
            each.probability,
            _leading(each, pieces, parts, work.text),
            _activity(each.code, reference),
            each.code in work.cpvs if work.cpvs else number == 0 or each.probability >= TICKED_FROM,
        )
        for number, each in enumerate(likely)
    ]
    offered = {each.code for each in found}
    own = [SuggestedCode(code, 1.0, "", _activity(code, reference), True) for code in work.cpvs if code not in offered]
    return [*own, *found]


def _pieces(text: str) -> list[str]:
    """Phrases of the text; where it has only one, each run of three words in it."""
    phrases = [piece.strip() for piece in _PARTS.split(text) if len(piece.strip()) > 2]
    if len(phrases) > 1:
        return phrases[:MOST_WORDS]
    words = text.split()[:MOST_WORDS]
    return [" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2))]


def _leading(wanted: LikelyClass, pieces: Sequence[str], found: Sequence[Sequence[LikelyClass]], text: str) -> str:
    """The piece that by itself means the class most; the whole text where none does."""
    stem = wanted.code.code[:4]
    strength = [next((each.probability for each in classes if each.code.code[:4] == stem), 0.0) for classes in found]
    best = max(range(len(pieces)), key=strength.__getitem__, default=None)
    return pieces[best] if best is not None and strength[best] > 0 else text[:80]


def _activity(code: CpvCode, reference: Reference) -> Activity | None:
    """The plain-language activity with the longest prefix that covers the code."""
    covering = [each for each in reference.activities if each.covers(code)]
    return max(covering, key=lambda each: max(len(prefix) for prefix in each.cpv_prefixes), default=None)
