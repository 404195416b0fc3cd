"""What narrows a need to the suppliers worth scoring: one vector, CPV codes that overlap, regions and what is near them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from matchmaker.domain.match import Need
from matchmaker.domain.values import CpvCode, NutsCode, text_in
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.criteria.capability import Matrix, Model
from matchmaker.scoring.criteria.place import lot_place
from matchmaker.scoring.encoder import Encoder

Vector = tuple[float, ...]
"""256 numbers, of length one or all zero."""

KM_PER_DEGREE = 111.2
"""Kilometres of one degree of latitude."""

NUTS_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
    """The need as the database can look for it, regions in current codes.

    ``touching`` are the codes of the regions, of those around them (countries apart) and of their parts; ``national`` all
    codes of their countries, the countries' own included.
    """

    vector: Vector
    codes: tuple[str, ...]
    regions: tuple[NutsCode, ...]
    touching: tuple[str, ...] = ()
    national: tuple[str, ...] = ()
    surroundings: tuple[Surroundings, ...] = ()

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO-2."""
        return tuple(dict.fromkeys(region.country for region in self.regions))


@runtime_checkable
class Searching(Protocol):
    """A capability model that says itself what to look for."""

    def search_vector(self, need: Need) -> Matrix | None:
        """One vector of length one, near to those of suppliers of the need; None when the need says nothing."""
        ...


def narrowing(need: Need, reference: Reference, encoder: Encoder, model: Model) -> Narrowing:
    """How to look for suppliers of ``need``: within twice the distance at which its work is half as near."""
    where = lot_place(need, reference.nuts)
    asked = model.search_vector(need) if isinstance(model, Searching) else None
    around = (_around(region, 2 * where.half, reference) for region in where.regions if region.level > 0)
    return Narrowing(
        vector=search_vector(need, reference, encoder) if asked is None else _unit(asked),
        codes=overlapping_codes(need.cpvs, reference),
        regions=where.regions,
        touching=_touching(where.regions, reference),
        national=_inside([NutsCode(region.code[:2]) for region in where.regions], reference),
        surroundings=tuple(box for box in around if box),
    )


def search_vector(need: Need, reference: Reference, encoder: Encoder) -> Vector:
    """What title and CPV labels mean together; zeros for a need without words."""
    texts = [title[1]] if (title := text_in(need.title, need.language or "en")) else []
    texts += [label for code in need.cpvs[:3] if (label := reference.cpv.label(code, "en"))]
    return _unit(encoder.encode(texts).sum(axis=0) if texts else np.zeros(encoder.dimensions))


def _unit(wanted: ArrayLike) -> Vector:
    """Of length one, as numbers; zeros stay zeros."""
    numbers = np.asarray(wanted, np.float64).ravel()
    length = float(np.linalg.norm(numbers))
    return tuple(float(number) for number in (numbers / length if length else numbers))


def overlapping_codes(cpvs: Sequence[CpvCode], reference: Reference) -> tuple[str, ...]:
    """Each code, those above it, and those that share its class (first four significant digits)."""
    found: dict[str, None] = {}
    for code in cpvs:
        for length in range(len(code.stem), 1, -1):
            found[code.stem[:length].ljust(8, "0")] = None
    known = reference.cpv.codes()
    for code in cpvs:
        first = CpvCode(code.stem[:4].ljust(8, "0"))
        last = CpvCode(code.stem[:4].ljust(8, "9"))
        found.update((each.code, None) for each in known[bisect_left(known, first) : bisect_right(known, last)])
    return tuple(found)[:MOST_CODES]


def _touching(regions: Sequence[NutsCode], reference: Reference) -> tuple[str, ...]:
    around = (above.code for region in regions for above in region.upwards())
    return tuple(dict.fromkeys((*around, *_inside(regions, reference))))


def _inside(regions: Sequence[NutsCode], reference: Reference) -> tuple[str, ...]:
    """The regions themselves and every part of them; level 3 as it could be spelled where the table ends at level 2."""
    prefixes = tuple(dict.fromkeys(region.code for region in regions))
    found = dict.fromkeys((*prefixes, *(code for code in reference.nuts.regions_by_code if code.startswith(prefixes))))
    parents = {code[:-1] for code in found}
    leaves = [code for code in found if len(code) == 4 and code not in parents]
    return (*found, *(leaf + last for leaf in leaves for last in NUTS_CHARACTERS))


def _around(region: NutsCode, kilometres: float, reference: Reference) -> Surroundings | None:
    point = reference.nuts.point(region)
    if point is None:
        return None
    latitude, longitude = point
    tall = kilometres / KM_PER_DEGREE
    wide = tall / max(0.2, cos(radians(latitude)))
    return Surroundings(latitude - tall, latitude + tall, longitude - wide, longitude + wide)
