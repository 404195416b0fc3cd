"""Place: does the supplier's service area cover the lot's regions, and if it states none, how far is its base."""

from collections.abc import Sequence
from dataclasses import dataclass

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.messages import Message, Parameter
from matchmaker.domain.organisation import Base, Organisation
from matchmaker.domain.values import NutsCode
from matchmaker.reference.distance import great_circle_km
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.criteria.reach import Regions, base_km, base_point, between_km, half_km, nearness

PART_OF_REGION = 0.7
"""Its area is one part of a larger region the lot names."""

OUTSIDE = 0.35
"""The most an area that does not cover the lot is worth, right at its border."""

NOT_STATED = 0.85
"""The most a base without a stated service area is worth, next door."""


@dataclass(frozen=True, slots=True)
class LotPlace:
    """The lot's regions in the newest classification, and the distance at which its kind of work is half as near."""

    regions: tuple[NutsCode, ...]
    names: str
    half: float


@dataclass(frozen=True, slots=True)
class _Reach:
    """How one region of the lot is reached."""

    value: float
    kilometres: float
    quote: str = ""


def lot_place(need: Need, regions: Regions) -> LotPlace:
    """Where the need is; the buyer's country when it names no region. Older codes are recoded; doubles count once."""
    codes = need.nuts or _whole_country(need.country)
    current = tuple(dict.fromkeys(regions.current(code) for code in codes))
    widest = tuple(code for code in current if not any(other.covers(code) for other in current if other != code))
    names = [regions.name(code, "en") or code.code for code in widest]
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return LotPlace(widest, shown, half_km(need.cpvs[0] if need.cpvs else None))


def _whole_country(country: str | None) -> tuple[NutsCode, ...]:
    """The country as a region; none where it has no such code (older notices write 1A for Kosovo)."""
    try:
        return (NutsCode.parse(country),) if country else ()
    except InvalidValue:
        return ()


def place(lot: LotPlace, organisation: Organisation, regions: Regions) -> Finding:
    """How well the supplier reaches the lot: the mean over the lot's regions, so that half a lot covered is half a value."""
    if not lot.regions:
        return _unknown(Message("The notice does not say where the work is."))
    if organisation.area.known:
        return _stated(lot, [_covered(region, lot, organisation, regions) for region in lot.regions])
    distances = [base_km(organisation.base, region, regions) for region in lot.regions]
    known = [distance for distance in distances if distance is not None]
    if not known:
        return _unknown(Message("Neither its service area nor the region of its base is known."))
    return _from_base(lot, known, organisation.base, regions)


def _unknown(sentence: Message) -> Finding:
    return Finding(None, sentence, (), {"place.reach": None})


def _covered(region: NutsCode, lot: LotPlace, organisation: Organisation, regions: Regions) -> _Reach:
    """The best of what the stated area says about one region of the lot."""
    area, best = organisation.area, _Reach(0.0, float("inf"))
    found = [_Reach(1.0, 0.0, country) for country in area.countries if country == region.country]
    for code in (regions.current(code) for code in area.nuts):
        if code.covers(region):
            found.append(_Reach(1.0, 0.0, code.code))
        elif region.covers(code):
            found.append(_Reach(PART_OF_REGION, 0.0, code.code))
        else:
            kilometres = between_km(code, region, regions)
            found.append(_Reach(OUTSIDE * nearness(kilometres, lot.half), kilometres, code.code))
    if area.radius_km:
        found.append(_within_radius(area.radius_km, region, lot, organisation, regions))
    return max(found, key=lambda reach: (reach.value, -reach.kilometres), default=best)


def _within_radius(radius: float, region: NutsCode, lot: LotPlace, organisation: Organisation, regions: Regions) -> _Reach:
    """A radius reaches a region when the people there live, on average, within it."""
    point, target = base_point(organisation.base, regions), regions.point(region)
    by_point = point is not None and target is not None and region.level > 0
    kilometres = great_circle_km(point, target) if by_point and point and target else base_km(organisation.base, region, regions)
    quote = f"{radius:g} km"
    if kilometres is None:
        return _Reach(OUTSIDE, 0.0, quote)
    if kilometres <= radius:
        return _Reach(1.0 if region.level > 1 else PART_OF_REGION, 0.0, quote)
    return _Reach(OUTSIDE * nearness(kilometres - radius, lot.half), kilometres, quote)


def _stated(lot: LotPlace, reaches: Sequence[_Reach]) -> Finding:
    value = sum(reach.value for reach in reaches) / len(reaches)
    covered = sum(reach.value >= PART_OF_REGION for reach in reaches)
    quotes = dict.fromkeys(reach.quote for reach in reaches if reach.quote)
    evidence = (
        *(Evidence("lot.nuts", region.code) for region in lot.regions),
        *(Evidence("supplier.area", quote) for quote in quotes),
    )
    if covered == len(reaches):
        text = "It works in %(regions)s." if value == 1 else "It works in part of %(regions)s."
        sentence = Message(text, {"regions": lot.names})
    elif covered:
        numbers: dict[str, Parameter] = {"covered": covered, "all": len(reaches)}
        sentence = Message("It works in %(covered)s of the %(all)s regions of the lot.", numbers)
    else:
        nearest = min(reach.kilometres for reach in reaches)
        sentence = _outside(lot.names, nearest)
    return Finding(value, sentence, evidence, {"place.reach": value})


def _outside(names: str, kilometres: float) -> Message:
    if kilometres == float("inf"):
        return Message("%(regions)s is outside the area where it says it works.", {"regions": names})
    numbers: dict[str, Parameter] = {"regions": names, "km": _round(kilometres)}
    return Message("%(regions)s is outside the area where it says it works, about %(km)s km away.", numbers)


def _from_base(lot: LotPlace, known: Sequence[float], base: Base, regions: Regions) -> Finding:
    value = sum(NOT_STATED * nearness(kilometres, lot.half) for kilometres in known) / len(known)
    nearest, code = min(known), base.nuts or NutsCode.parse(base.country)
    town = base.city or regions.name(code, "en") or code.code
    evidence = (*(Evidence("lot.nuts", region.code) for region in lot.regions), Evidence("supplier.base", town))
    details: dict[str, Parameter] = {"town": town, "regions": lot.names, "km": _round(nearest)}
    if any(_inside(region, base) for region in lot.regions) or nearest < 1:
        sentence = Message("It does not say where it works; it is based in %(town)s, in %(regions)s.", details)
    else:
        text = "It does not say where it works; its base in %(town)s is about %(km)s km from %(regions)s."
        sentence = Message(text, details)
    return Finding(value, sentence, evidence, {"place.reach": value})


def _inside(region: NutsCode, base: Base) -> bool:
    return bool(base.nuts and region.covers(base.nuts)) or (region.level == 0 and base.country == region.country)


def _round(kilometres: float) -> int:
    """Kilometres as people say them: to 10 above 100, to 5 above 20."""
    step = 10 if kilometres > 100 else 5 if kilometres > 20 else 1
    return int(round(kilometres / step) * step)
