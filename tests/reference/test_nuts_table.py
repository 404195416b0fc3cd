"""Regions: names, points, old codes, distances."""

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.distance import great_circle_km
from matchmaker.reference.nuts import NutsTable, Region

CORE = core_reference().nuts


def code(text: str) -> NutsCode:
    return NutsCode.parse(text)


def test_a_country_is_named_in_the_readers_language() -> None:
    assert CORE.name(code("DE"), "fr") == "Allemagne"
    assert CORE.name(code("EL"), "pl") == "Grecja"


def test_a_region_keeps_its_official_name_and_its_own_script_for_those_who_read_it() -> None:
    assert CORE.name(code("FRH0"), "de") == "Bretagne"
    assert CORE.name(code("BG41"), "en") == "Yugozapaden"
    assert CORE.name(code("BG41"), "bg") == "Югозападен"


def test_a_region_the_table_does_not_know_bears_the_name_of_the_one_around_it() -> None:
    assert CORE.name(code("FRH01"), "en") == "Bretagne"
    assert CORE.name(code("ZZ123"), "en") is None
    assert CORE.name(code("QQ123"), "en") is None


def test_both_spellings_of_greece_and_the_united_kingdom_are_one_region() -> None:
    assert CORE.point(code("GR30")) == CORE.point(code("EL30"))
    assert CORE.name(code("GBI"), "en") == "London"


def test_old_codes_lead_to_the_newest_and_a_split_region_to_its_largest_part() -> None:
    assert CORE.current(code("FR52")) == code("FRH0")
    assert CORE.current(code("NL33")) == code("NL36")
    assert CORE.current(code("PT17")) == code("PT1A")
    assert CORE.all_current(code("PT17")) == (code("PT1A"), code("PT1B"))
    assert CORE.all_current(code("FRH0")) == (code("FRH0"),)


def test_an_old_region_unknown_to_the_table_follows_the_region_around_it_if_that_became_one_other() -> None:
    assert CORE.current(code("FR521")) == code("FRH0")
    assert CORE.current(code("PT165")) == code("PT165")


def test_a_region_inside_another_is_at_no_distance() -> None:
    assert CORE.distance_km(code("FR"), code("FRH0")) == 0.0
    assert CORE.distance_km(code("FRH01"), code("FRH0")) == 0.0


def test_the_distance_from_paris_to_berlin_is_about_nine_hundred_kilometres() -> None:
    distance = CORE.distance_km(code("FR10"), code("DE30"))
    assert distance is not None
    assert 840 < distance < 920


def test_without_points_the_distance_is_unknown() -> None:
    table = NutsTable({"FR1": Region(code("FR1"), "Here"), "FR2": Region(code("FR2"), "There", point=(1.0, 1.0))}, {})
    assert table.distance_km(code("FR1"), code("FR2")) is None


def test_an_unknown_region_takes_the_point_around_it_but_never_a_countrys() -> None:
    assert CORE.point(code("FRH04")) == CORE.point(code("FRH0"))
    assert CORE.point(code("FRX04")) is None


def test_regions_of_a_country_are_listed_by_level_in_either_spelling() -> None:
    assert len(CORE.regions("FR", 2)) == 27
    assert CORE.regions("GB", 1) == CORE.regions("UK", 1)
    assert CORE.children(code("BE1")) == (code("BE10"),)


def test_regions_are_found_by_code_by_name_without_accents_and_by_country_name() -> None:
    assert CORE.find("FRH0", "FR") == [code("FRH0")]
    assert CORE.find("ile de france", "FR")[0] == code("FR1")
    assert CORE.find("alpes cote d azur", "FR")[0] == code("FRL")
    assert CORE.find("Allemagne") == [code("DE")]
    assert CORE.find("Λακωνία") == []
    assert CORE.find("  ") == []


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_way_round_the_earth(start: tuple[float, float], end: tuple[float, float]) -> None:
    there, back = great_circle_km(start, end), great_circle_km(end, start)
    assert isclose(there, back, abs_tol=1e-6)
    assert 0 <= there <= 20016


@given(st.from_regex(r"[A-Z]{2}[0-9A-Z]{0,3}", fullmatch=True))
def test_recoding_twice_is_recoding_once(text: str) -> None:
    once = CORE.current(NutsCode(text))
    assert CORE.current(once) == once
