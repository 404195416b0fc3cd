"""What narrows a need to the suppliers worth scoring: one vector, CPV codes that overlap, regions and what is near them."""

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

    ``codes`` are the CPV codes asked for and those above them in full, and the first digits, four at most, of those asked for:
    what states such a code, or any that begins so, overlaps.
    """

    vector: Vector
    codes: tuple[str, ...]
    regions: tuple[NutsCode, ...]
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
        codes=overlapping_codes(need.cpvs),
        regions=where.regions,
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


def overlapping_codes(cpvs: Sequence[CpvCode]) -> tuple[str, ...]:
    """Each code and those above it, eight digits; then what the codes of its class begin with, four digits or fewer."""
    above = [code.stem[:length].ljust(8, "0") for code in cpvs for length in range(len(code.stem), 1, -1)]
    return tuple(dict.fromkeys((*above, *(code.stem[:4] for code in cpvs))))


def _around(region: NutsCode, kilometres: float, reference: Reference) -> Surroundings | None:
    point = reference.nuts.point(region)
    if point is None:
        return None
    latitude, longitude = point
    tall = kilometres / KM_PER_DEGREE
    wide = tall / max(0.2, cos(radians(latitude)))
    return Surroundings(latitude - tall, latitude + tall, longitude - wide, longitude + wide)
