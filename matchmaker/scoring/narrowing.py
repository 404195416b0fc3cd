"""What narrows a need to the suppliers worth scoring: one vector, CPV codes that overlap, regions and what is near them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np

from matchmaker.domain.match import Need
from matchmaker.domain.values import CpvCode, NutsCode, text_in
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.criteria.place import lot_place
from matchmaker.scoring.encoder import Encoder

KM_PER_DEGREE = 111.2
"""Kilometres of one degree of latitude."""

MOST_CODES = 400
"""A division has hundreds of codes; beyond this the vector finds what the codes would."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Degrees of latitude and longitude around a region, WGS 84."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The need as the database can look for it; ``regions`` are in current codes."""

    vector: tuple[float, ...]
    codes: tuple[str, ...]
    regions: tuple[NutsCode, ...]
    surroundings: tuple[Surroundings, ...]


def narrowing(need: Need, reference: Reference, encoder: Encoder) -> Narrowing:
    """How to look for suppliers of ``need``: within twice the distance at which its work is half as near."""
    where = lot_place(need, reference.nuts)
    around = (_around(region, 2 * where.half, reference) for region in where.regions if region.level > 0)
    return Narrowing(
        vector=search_vector(need, reference, encoder),
        codes=overlapping_codes(need.cpvs, reference),
        regions=where.regions,
        surroundings=tuple(box for box in around if box),
    )


def search_vector(need: Need, reference: Reference, encoder: Encoder) -> tuple[float, ...]:
    """The mean of what the title and the CPV labels mean; zeros when the need says nothing.

    Labels are taken in English and in the need's language: they are the best single sign of the work, titles complete them.
    """
    language = need.language or "en"
    texts = [title[1]] if (title := text_in(need.title, language)) else []
    for code in need.cpvs[:3]:
        texts += [label for wanted in dict.fromkeys(("en", language)) if (label := reference.cpv.label(code, wanted))]
    if not texts:
        return (0.0,) * encoder.dimensions
    mean = np.asarray(encoder.encode(texts), dtype=np.float64).mean(axis=0)
    length = float(np.linalg.norm(mean))
    return tuple(float(number) for number in (mean / length if length else mean))


def overlapping_codes(cpvs: Sequence[CpvCode], reference: Reference) -> tuple[str, ...]:
    """Each code, those above it, and those that share its class (first four significant digits)."""
    found: dict[str, None] = {}
    for code in cpvs:
        for length in range(len(code.stem), 1, -1):
            found[code.stem[:length].ljust(8, "0")] = None
    for code in cpvs:
        family = CpvCode(code.stem[:4].ljust(8, "0"))
        found.update((known.code, None) for known in reference.cpv.codes() if family.covers(known))
    return tuple(found)[:MOST_CODES]


def _around(region: NutsCode, kilometres: float, reference: Reference) -> Surroundings | None:
    point = reference.nuts.point(region)
    if point is None:
        return None
    latitude, longitude = point
    tall = kilometres / KM_PER_DEGREE
    wide = tall / max(0.2, cos(radians(latitude)))
    return Surroundings(latitude - tall, latitude + tall, longitude - wide, longitude + wide)
