"""What the words of a purchase plan's rows stand for: the kind of work as a CPV code, the place as a NUTS code.

Sure, one of several, or not understood; what the team decided before is sure. Words are never stretched: a postcode without
tables to look it up in, or a title that may be three things, is asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import (
    Certainty,
    Ground,
    Memory,
    Option,
    PlannedPurchase,
    PlanRow,
    PurchasePlan,
    Reading,
    sure,
)
from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import Reference
from matchmaker.reference.folding import fold
from matchmaker.scoring.cpv_prediction import LikelyClass

SURE_FROM = 0.80
"""Likelihood of the leading class from which a title is taken as understood; see ``LikelyClass`` for how often that is right."""
ASKED_FROM = 0.15
"""Below it not even a choice is offered: the leading class is right in a quarter of such titles."""
OFFERED_FROM = 0.03
MOST_OPTIONS = 5
MOST_PLACES = 8
MUCH_LARGER = 20
"""A town with so many times the people of the next one of its name is the one meant."""

WHOLE_COUNTRY = frozenset(
    {
        *("national", "nationwide", "whole country", "countrywide", "territoire national", "france entiere", "bundesweit"),
        *("deutschlandweit", "landesweit", "osterreichweit", "todo el pais", "ambito nacional", "nacional", "nazionale"),
        *("tutta italia", "landelijk", "heel nederland", "caly kraj", "todo o pais", "tot teritoriul", "cela republika"),
        *("cela cr", "hela landet", "hele landet", "koko maa", "ολη η χωρα", "orszagos", "цялата страна", "cijela hrvatska"),
        *("vsa slovenija", "cele slovensko", "visa lietuva", "visa latvija", "kogu eesti"),
    }
)
_YEARS = re.compile(r"\b20\d{2}\b")
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}[- ]?)?\d{4,5}\b|\b\d{2}[- ]\d{3}\b|\b\d{3} \d{2}\b|\b\d{4} ?[A-Z]{2}\b|\b\d{4}-\d{3}\b")
_SEVERAL = re.compile(r"\s*(?:[,;/|+&\n]|\s-\s|\s–\s)\s*")

NO_POSTCODES = Message("Postcodes cannot be looked up here yet: no table of them is loaded.")
NOT_IN_VOCABULARY = Message("The code in the file does not exist.")
PLACE_NOT_FOUND = Message("No region or town of that name is known here.")


class Classes(Protocol):
    """Says which classes of work texts mean; ``scoring.cpv_prediction.CpvSuggester`` is one."""

    def classes(self, texts: Sequence[str], k: int = 5) -> list[list[LikelyClass]]:
        """The ``k`` likeliest of each text, best first."""


def work_words(row: PlanRow) -> str:
    """The key of a row's work: its title without case, accents, punctuation and years, so that next year's plan has it too."""
    return fold(_YEARS.sub(" ", row.title)) or fold(row.title)


def place_words(row: PlanRow) -> str:
    """The key of a row's place; empty where it names none."""
    return fold(f"{row.postcode} {row.place}")


@dataclass(frozen=True)
class Reader:
    """Reads rows with the tables at hand, the meaning of words, and what the team decided before."""

    reference: Reference
    suggester: Classes
    memory: Memory

    def read(self, rows: Sequence[PlanRow], plan: PurchasePlan) -> list[PlannedPurchase]:
        """Every row with what its words stand for, in order."""
        open_titles = list(dict.fromkeys(text for row in rows if (text := self._asked(row))))
        likely = dict(zip(open_titles, self.suggester.classes(open_titles, MOST_OPTIONS), strict=True))
        places: dict[tuple[str, str, tuple[NutsCode, ...]], Reading] = {}
        found = []
        for row in rows:
            where = (row.place, row.postcode, row.nuts)
            if where not in places:
                places[where] = self.place(row, plan)
            found.append(PlannedPurchase(row, self._work(row, likely), places[where]))
        return found

    def _asked(self, row: PlanRow) -> str:
        """The text to look for meaning in; empty where the work is known without."""
        if work_words(row) in self.memory.work or self._declared(row):
            return ""
        return f"{row.title}. {row.unknown_cpv}" if any(map(str.isalpha, row.unknown_cpv)) else row.title

    def _declared(self, row: PlanRow) -> bool:
        return bool(row.cpvs) and self.reference.cpv.known(row.cpvs[0])

    def _work(self, row: PlanRow, likely: dict[str, list[LikelyClass]]) -> Reading:
        words = work_words(row)
        if remembered := self.memory.work.get(words):
            return sure(words, remembered, Ground.REMEMBERED)
        if self._declared(row):
            return sure(words, row.cpvs[0].code, Ground.DECLARED)
        classes = likely.get(self._asked(row), [])
        reason = NOT_IN_VOCABULARY if row.cpvs else None
        if classes and classes[0].probability >= SURE_FROM and not row.cpvs:
            return sure(words, classes[0].code.code, Ground.MEANING)
        if not classes or classes[0].probability < ASKED_FROM:
            return Reading(words, Certainty.UNKNOWN, reason=reason)
        options = tuple(Option(each.code.code, each.probability) for each in classes if each.probability >= OFFERED_FROM)
        return Reading(words, Certainty.CHOOSE, options=options, reason=reason)

    def place(self, row: PlanRow, plan: PurchasePlan) -> Reading:
        """Where a row is needed: a code, a postcode, a name; the plan's own place where it says nothing."""
        words = place_words(row)
        if words and (remembered := self.memory.place.get(words)):
            return sure(words, remembered, Ground.REMEMBERED)
        if row.nuts and self.reference.nuts.known(row.nuts[0]):
            return sure(words, row.nuts[0].code, Ground.DECLARED)
        if not words:
            return sure("", plan.place.code if plan.place else NutsCode.parse(plan.country).code, Ground.PLAN)
        if fold(row.place) in WHOLE_COUNTRY:
            return sure(words, NutsCode.parse(plan.country).code, Ground.NAME)
        by_postcode = self._by_postcode(row, plan.country)
        if by_postcode:
            return sure(words, by_postcode.code, Ground.NAME)
        codes = self._named(row.place, plan.country)
        if len(codes) == 1 and codes[0][1]:
            return sure(words, codes[0][0].code, Ground.NAME)
        if codes:
            return Reading(words, Certainty.CHOOSE, options=tuple(Option(code.code) for code, _ in codes[:MOST_PLACES]))
        return Reading(words, Certainty.UNKNOWN, reason=self._why_no_place(row))

    def _why_no_place(self, row: PlanRow) -> Message:
        has_tables = self.reference.postcodes.rows or self.reference.postcodes.prefixes
        digits = row.postcode or _POSTCODE.search(row.place)
        return NO_POSTCODES if digits and not has_tables else PLACE_NOT_FOUND

    def _by_postcode(self, row: PlanRow, country: str) -> NutsCode | None:
        texts = [row.postcode] if row.postcode else _POSTCODE.findall(row.place.upper())
        for text in texts:
            try:
                found = self.reference.postcodes.place_of(country, text)
            except InvalidValue:
                continue
            if found and found[0]:
                return found[0]
        return None

    def _named(self, place: str, country: str) -> list[tuple[NutsCode, bool]]:
        """Regions for a name, best first, and whether that is exactly its name; several names give each, after the region around
        them all.
        """
        whole = self._one_name(place, country)
        parts = [part for part in _SEVERAL.split(_POSTCODE.sub(" ", place)) if fold(part)]
        if whole or len(parts) < 2:
            return whole or (self._one_name(parts[0], country) if parts else [])
        each = [self._one_name(part, country) for part in parts]
        exact = list(dict.fromkeys(found[0][0] for found in each if len(found) == 1 and found[0][1]))
        if len(exact) == 1:
            return [(exact[0], True)]
        around = [code for code in exact[0].upwards() if all(code.covers(other) for other in exact)] if exact else []
        return [(code, False) for code in dict.fromkeys([*around[:1], *exact])] or [pair for found in each for pair in found]

    def _one_name(self, name: str, country: str) -> list[tuple[NutsCode, bool]]:
        found = self.reference.nuts.find(name, country)
        exact = _outermost([code for code in found if self._is_name(code, name)])
        if len(exact) == 1:
            return [(exact[0], True)]
        if towns := self._towns(name, country):
            return towns
        return [(code, False) for code in exact or _outermost(found)]

    def _is_name(self, code: NutsCode, name: str) -> bool:
        region = self.reference.nuts.region(code)
        if code.code == name.strip().upper():
            return True
        names = [region.name, *region.name.split("/"), region.native_name or ""] if region else []
        return code.level == 0 or fold(name) in {fold(each) for each in names}

    def _towns(self, name: str, country: str) -> list[tuple[NutsCode, bool]]:
        """The regions of the towns of that name, largest first; one alone where no other comes near its size."""
        people: dict[NutsCode, int] = {}
        for town in self.reference.places.find(name, country):
            if town.nuts:
                people[town.nuts] = people.get(town.nuts, 0) + town.population
        ordered = sorted(people, key=lambda code: (-people[code], code))
        if len(ordered) == 1 or (len(ordered) > 1 and people[ordered[0]] > MUCH_LARGER * max(people[ordered[1]], 1)):
            return [(ordered[0], True)]
        return [(code, False) for code in ordered]


def _outermost(codes: Sequence[NutsCode]) -> list[NutsCode]:
    """Without those that lie in another of them."""
    return [code for code in codes if not any(other != code and other.covers(code) for other in codes)]
