"""Place: covered, partly covered, outside, or judged from the base; farther is never nearer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.nuts import NutsTable, Region
from matchmaker.scoring.criteria.place import lot_place, place
from matchmaker.scoring.criteria.reach import base_km, between_km, nearness

POINTS = {
    "FR": (46.5, 2.5),
    "FR101": (48.86, 2.35),
    "FR10": (48.85, 2.40),
    "FR106": (48.91, 2.48),
    "FRL04": (43.45, 5.2),
    "EL": (38.5, 23.5),
    "EL303": (37.98, 23.73),
    "FI": (61.5, 25.0),
    "FI1D2": (63.0, 27.5),
}
NUTS = NutsTable(
    {code: Region(NutsCode(code), f"Region {code}", point=point) for code, point in POINTS.items()},
    {"FR824": (NutsCode("FRL04"),)},
)
BARE = NutsTable({}, {})
CLEANING, PAPER = CpvCode("90910000"), CpvCode("30197630")


def need(*nuts: str, cpv: CpvCode = CLEANING, country: str | None = "FR") -> Need:
    return Need("draft", {"fr": "Nettoyage"}, cpvs=(cpv,), nuts=tuple(NutsCode.parse(code) for code in nuts), country=country)


def supplier(base: Base | None = None, area: ServiceArea | None = None) -> Organisation:
    return Organisation(
        "t:1",
        "Atelier",
        base or Base("FR", nuts=NutsCode("FR101"), city="Paris"),
        Provenance("t", "1"),
        area=area or ServiceArea(),
    )


def reach(lot: Need, organisation: Organisation, table: NutsTable = NUTS) -> float | None:
    return place(lot_place(lot, table), organisation, table).value


def works_in(*codes: str) -> ServiceArea:
    return ServiceArea(nuts=tuple(NutsCode.parse(code) for code in codes))


def test_an_area_around_the_lot_covers_it() -> None:
    found = place(lot_place(need("FR101"), NUTS), supplier(area=works_in("FR10")), NUTS)
    assert found.value == 1
    assert str(found.sentence) == "It works in Region FR101."
    assert [(piece.field, piece.quote) for piece in found.evidence] == [("lot.nuts", "FR101"), ("supplier.area", "FR10")]


def test_a_whole_country_covers_every_region_in_either_spelling() -> None:
    assert reach(need("EL303", country="GR"), supplier(area=ServiceArea(countries=("GR",)))) == 1
    assert reach(need("GR303", country="GR"), supplier(area=works_in("EL"))) == 1


def test_an_older_code_is_recoded_on_both_sides() -> None:
    assert reach(need("FR824"), supplier(area=works_in("FRL04"))) == 1
    assert reach(need("FRL04"), supplier(area=works_in("FR824"))) == 1


def test_part_of_the_lots_region_is_less_than_all_and_more_than_outside() -> None:
    whole, part, outside = (reach(need("FR10"), supplier(area=works_in(code))) for code in ("FR", "FR101", "FRL04"))
    assert whole is not None
    assert part is not None
    assert outside is not None
    assert whole > part > outside


def test_half_of_the_regions_covered_lies_between_none_and_all_and_is_said() -> None:
    lot = need("FR101", "FRL04")
    found = place(lot_place(lot, NUTS), supplier(area=works_in("FR101")), NUTS)
    assert found.value == pytest.approx(0.5, abs=0.01)
    assert str(found.sentence) == "It works in 1 of the 2 regions of the lot."


def test_a_region_and_its_own_part_count_once() -> None:
    assert lot_place(need("FR10", "FR101", "FR101"), NUTS).regions == (NutsCode("FR10"),)


def test_outside_the_stated_area_says_how_far() -> None:
    found = place(lot_place(need("FR101"), NUTS), supplier(area=works_in("FRL04")), NUTS)
    assert found.value is not None
    assert found.value < 0.05
    assert "outside the area where it says it works, about 640 km away" in str(found.sentence)


def test_without_a_stated_area_the_base_speaks_and_the_sentence_says_so() -> None:
    near = place(lot_place(need("FR106"), NUTS), supplier(), NUTS)
    assert str(near.sentence).startswith("It does not say where it works; its base in Paris is about")
    assert near.value is not None
    assert 0.5 < near.value < 1


def test_a_stated_area_that_covers_beats_any_base_without_one() -> None:
    next_door, covering = reach(need("FR101"), supplier()), reach(need("FR101"), supplier(area=works_in("FR101")))
    assert next_door is not None
    assert covering is not None
    assert next_door < covering


def test_no_region_of_the_base_in_the_lots_country_is_unknown() -> None:
    found = place(lot_place(need("FR101"), NUTS), supplier(Base("FR")), NUTS)
    assert found.value is None
    assert str(found.sentence) == "Neither its service area nor the region of its base is known."


def test_a_base_known_by_another_country_only_is_far() -> None:
    value = reach(need("FI1D2", country="FI"), supplier(Base("GR")))
    assert value is not None
    assert value < 0.01


def test_a_lot_without_place_uses_the_buyers_country_and_without_that_is_unknown() -> None:
    assert reach(need(), supplier(area=ServiceArea(countries=("FR",)))) == 1
    assert reach(need(country=None), supplier()) is None


def test_a_radius_reaches_as_far_as_it_says() -> None:
    assert reach(need("FR106"), supplier(area=ServiceArea(radius_km=30))) == 1
    beyond = reach(need("FRL04"), supplier(area=ServiceArea(radius_km=30)))
    assert beyond is not None
    assert beyond < 0.1


def test_goods_travel_farther_than_work_on_site() -> None:
    on_site, goods = reach(need("FRL04"), supplier()), reach(need("FRL04", cpv=PAPER), supplier())
    assert on_site is not None
    assert goods is not None
    assert goods > on_site


def test_without_points_the_hierarchy_gives_an_order() -> None:
    same, level_2, level_1, country, abroad = (
        reach(need("FR101"), supplier(Base("FR", nuts=NutsCode(code))), BARE)
        for code in ("FR101", "FR106", "FR1", "FRL04", "FI1D2")
    )
    assert None not in (same, level_2, level_1, country, abroad)
    assert same > level_2 > level_1 > country > abroad  # type: ignore[operator]


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.floats(1, 1000))
def test_farther_is_never_nearer(one: float, other: float, half: float) -> None:
    near, far = sorted((one, other))
    assert nearness(near, half) >= nearness(far, half)


@given(st.floats(-60, 60), st.floats(-20, 30), st.floats(-60, 60), st.floats(-20, 30))
def test_of_two_bases_the_nearer_one_never_has_the_lower_place(a: float, b: float, c: float, d: float) -> None:
    lot, region = need("FRL04"), NutsCode("FRL04")
    bases = [Base("IT", latitude=latitude, longitude=longitude) for latitude, longitude in ((a, b), (c, d))]
    distances = [base_km(base, region, NUTS) or 0.0 for base in bases]
    values = [reach(lot, supplier(base)) or 0.0 for base in bases]
    assert (distances[0] - distances[1]) * (values[0] - values[1]) <= 0


@given(st.sampled_from(sorted(POINTS)), st.sets(st.sampled_from(sorted(POINTS))), st.sampled_from(sorted(POINTS)))
def test_a_wider_area_never_lowers_place(lot: str, area: set[str], more: str) -> None:
    before = reach(need(lot), supplier(area=works_in(*sorted(area | {"FI"}))))
    after = reach(need(lot), supplier(area=works_in(*sorted(area | {"FI", more}))))
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.sampled_from(sorted(POINTS)), st.floats(1, 500), st.floats(1, 500))
def test_a_larger_radius_never_lowers_place(lot: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    values = [reach(need(lot), supplier(area=ServiceArea(radius_km=radius))) or 0.0 for radius in (small, large)]
    assert values[0] <= values[1]


def test_distance_is_the_same_both_ways() -> None:
    paris, aix = NutsCode("FR101"), NutsCode("FRL04")
    assert between_km(paris, aix, NUTS) == between_km(aix, paris, NUTS) == pytest.approx(640, abs=10)
