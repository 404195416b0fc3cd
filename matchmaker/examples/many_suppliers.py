"""Invented suppliers in any number, spread like the people of the Union: what speed is measured against."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea, SocialStatus, StatusKind
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.encoder import Encoder, unit

SOURCE = "synthetic"
"""The source of every invented supplier; show it and nothing else while measuring."""

PEOPLE: Mapping[str, tuple[float, str]] = {
    **{"AT": (9.2, "de"), "BE": (11.8, "nl"), "BG": (6.4, "bg"), "CY": (1.0, "el"), "CZ": (10.9, "cs"), "DE": (83.4, "de")},
    **{"DK": (6.0, "da"), "EE": (1.4, "et"), "ES": (48.6, "es"), "FI": (5.6, "fi"), "FR": (68.4, "fr"), "GR": (10.4, "el")},
    **{"HR": (3.9, "hr"), "HU": (9.6, "hu"), "IE": (5.3, "en"), "IT": (59.0, "it"), "LT": (2.9, "lt"), "LU": (0.7, "fr")},
    **{"LV": (1.9, "lv"), "MT": (0.6, "mt"), "NL": (17.9, "nl"), "PL": (36.6, "pl"), "PT": (10.6, "pt"), "RO": (19.1, "ro")},
    **{"SE": (10.6, "sv"), "SI": (2.1, "sl"), "SK": (5.4, "sk")},
}
"""Millions of inhabitants (Eurostat, 1 January 2024, rounded) and the language most of them write."""

CAPABILITIES = 3
"""Of each supplier."""

OFFERS = 160
"""Different offers a language has: labels of the codes that belong to the activities."""

NEAR, FAR = 0.3, 0.7
"""How much of something else is in a supplier's vector beside its offer's: cosine 0.96 to 0.82 with it."""

WHOLE_COUNTRY = 0.01
"""Share of suppliers that say they work in all of their country: a region of a large one holds more than live there."""

DECLARING = 0.4
"""Share of offers that state their code; most registers state none."""


@dataclass(frozen=True)
class Offers:
    """What suppliers of one language offer: texts, their codes, and what they mean, a row each."""

    texts: Sequence[str]
    codes: Sequence[CpvCode]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Regions:
    """The regions of a country; ``ends`` adds up the share of its people that lives in each."""

    codes: Sequence[NutsCode]
    ends: NDArray[np.float64]


@dataclass
class SupplierMaker:
    """Makes ``total`` suppliers, the same every time when asked for in the same blocks, country by country as registers come."""

    reference: Reference
    encoder: Encoder
    total: int
    offers_each: int = OFFERS
    _offers: dict[str, Offers] = field(default_factory=dict)
    _regions: dict[str, Regions] = field(default_factory=dict)

    @cached_property
    def _ends(self) -> list[int]:
        """The number after the last supplier of each country."""
        everyone = sum(people for people, _ in PEOPLE.values())
        return [round(self.total * part / everyone) for part in accumulate(people for people, _ in PEOPLE.values())]

    def country(self, number: int) -> str:
        """Where supplier ``number`` is based, ISO-2."""
        return list(PEOPLE)[min(bisect_right(self._ends, number), len(PEOPLE) - 1)]

    def make(self, first: int, last: int) -> tuple[list[Organisation], NDArray[np.float32]]:
        """Suppliers from ``first`` up to, not including, ``last``, and their vectors ``(suppliers, 3, 256)``."""
        random = np.random.default_rng((self.total, first))
        made, bases = [], []
        for number in range(first, last):
            country = self.country(number)
            offers = self.offers(PEOPLE[country][1])
            chosen = self._chosen(offers, random)
            made.append(self._supplier(number, country, offers, chosen, random))
            bases.append(offers.vectors[chosen])
        meant = np.stack(bases)
        other = random.standard_normal(meant.shape, dtype=np.float32) / np.float32(meant.shape[-1] ** 0.5)
        share = random.uniform(NEAR, FAR, (*meant.shape[:2], 1)).astype(np.float32)
        return made, unit((meant + share * other).reshape(-1, meant.shape[-1])).reshape(meant.shape)

    def _chosen(self, offers: Offers, random: np.random.Generator) -> NDArray[np.int64]:
        """Three offers near each other in the list, which is in the order of the activities: nobody does everything."""
        start = int(random.integers(len(offers.texts)))
        return (start + np.arange(CAPABILITIES) * int(random.integers(1, 4))) % len(offers.texts)

    def _supplier(
        self, number: int, country: str, offers: Offers, chosen: NDArray[np.int64], random: np.random.Generator
    ) -> Organisation:
        language = PEOPLE[country][1]
        region = self.region(country, random)
        point = self.reference.nuts.point(region)
        near = [float(step) for step in random.normal(0, 0.15, 2)]
        texts = [offers.texts[place] for place in chosen]
        declared = random.random(CAPABILITIES) < DECLARING
        kinds = (StatusKind.SOCIAL_ENTERPRISE, StatusKind.WORK_INTEGRATION, StatusKind.SOCIAL_COOPERATIVE, StatusKind.NON_PROFIT)
        return Organisation(
            key=f"{SOURCE}:{self.total}-{number:08d}",
            name=f"{texts[0].split(',')[0][:40]} {number}",
            base=Base(
                country,
                latitude=round(point[0] + near[0], 4) if point else None,
                longitude=round(point[1] + near[1], 4) if point else None,
                nuts=region,
            ),
            provenance=Provenance(SOURCE, f"{self.total}-{number:08d}"),
            description=". ".join(texts),
            language=language,
            statuses=(SocialStatus(kinds[number % len(kinds)]),),
            area=self._area(country, region, random),
            capabilities=tuple(
                Capability(offers.texts[place], language, (offers.codes[place],) if stated else ())
                for place, stated in zip(chosen, declared, strict=True)
            ),
        )

    def _area(self, country: str, region: NutsCode, random: np.random.Generator) -> ServiceArea:
        """Three in four say nothing; some name their region, some a distance, one in a hundred its whole country."""
        draw = random.random()
        if draw < 0.75:
            return ServiceArea()
        if draw < 0.94:
            return ServiceArea(nuts=(region,))
        if draw < 1 - WHOLE_COUNTRY:
            return ServiceArea(radius_km=float(random.integers(1, 9) * 10))
        return ServiceArea(countries=(country,))

    def region(self, country: str, random: np.random.Generator) -> NutsCode:
        """A region of the finest level the tables have, as people are spread; where their number is unknown, evenly."""
        regions = self._regions_of(country)
        return regions.codes[min(int(np.searchsorted(regions.ends, random.random())), len(regions.codes) - 1)]

    def _regions_of(self, country: str) -> Regions:
        if country not in self._regions:
            nuts = self.reference.nuts
            codes = nuts.regions(country, 3) or nuts.regions(country, 2) or (NutsCode.parse(country),)
            people = np.array([nuts.population(code) or 0 for code in codes], np.float64)
            people[people == 0] = people[people > 0].mean() if people.any() else 1.0
            self._regions[country] = Regions(codes, np.cumsum(people / people.sum()))
        return self._regions[country]

    def shares(self, country: str) -> list[tuple[NutsCode, float]]:
        """Each region of a country with its share of all suppliers."""
        regions = self._regions_of(country)
        everyone = sum(people for people, _ in PEOPLE.values())
        parts = np.diff(regions.ends, prepend=0.0) * PEOPLE[country][0] / everyone
        return list(zip(regions.codes, parts.tolist(), strict=True))

    def offers(self, language: str) -> Offers:
        """The offers of a language, spread over all activities."""
        if language not in self._offers:
            codes = self._codes[:: max(1, len(self._codes) // self.offers_each)]
            texts = [self.reference.cpv.label(code, language) or code.code for code in codes]
            self._offers[language] = Offers(texts, codes, self.encoder.encode(texts))
        return self._offers[language]

    @cached_property
    def _codes(self) -> list[CpvCode]:
        """The known codes of every activity, activity by activity."""
        known, activities = self.reference.cpv.codes(), self.reference.activities
        return list(dict.fromkeys(code for each in activities for code in known if each.covers(code)))

    def needs(self, count: int, country: str | None = None, region: NutsCode | None = None) -> list[Need]:
        """Lots asking for such offers, in one region, one country, or anywhere; the same ones every time."""
        random = np.random.default_rng((self.total, count, 1))
        shares = np.array([people for people, _ in PEOPLE.values()])
        found = []
        for number in range(count):
            where = country or str(random.choice(list(PEOPLE), p=shares / shares.sum()))
            language = PEOPLE[where][1]
            offers = self.offers(language)
            first, second = (int(place) for place in random.integers(len(offers.texts), size=2))
            place = region or self.region(where, random)
            found.append(
                Need(
                    need_id=f"{number:08d}-2099/LOT-0001",
                    title={language: offers.texts[first]},
                    description={language: f"{offers.texts[first]}. {offers.texts[second]}."},
                    language=language,
                    cpvs=(offers.codes[first],),
                    nuts=(place,),
                    country=where,
                )
            )
        return found
