"""Postcodes and towns."""

import pytest

from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import Reference, core_reference, find_region, reference_from_tables
from matchmaker.reference.places import PlaceTable
from matchmaker.reference.postcodes import PostcodeTable
from matchmaker.reference.tables import COLUMNS, Table, TableKind

POSTCODES = PostcodeTable(
    rows=(
        ("FR", "35000", "48.11", "-1.68", "FRH03"),
        ("GB", "SW1A", "51.50", "-0.13", "UKI32"),
        ("NL", "1011", "52.37", "4.90", ""),
        ("LV", "1003", "56.95", "24.11", "LV00A"),
        ("MT", "BKR", "35.90", "14.47", "MT001"),
        ("DK", "1000", "", "", "DK011"),
    ),
    prefixes=(
        ("NL", "", "NL999", "1"),
        ("NL", "10", "NL32B", "1"),
        ("FR", "29", "FRH02", "1"),
        ("FR", "290$", "FRH99", "1"),
        ("FR", "", "FR101", "1"),
        ("FR", "29", "FR000", "2"),
        ("UK", "BT", "UKN06", "1"),
    ),
)


def test_a_known_postcode_gives_region_and_point() -> None:
    assert POSTCODES.place_of("FR", "35 000") == (NutsCode("FRH03"), 48.11, -1.68)


@pytest.mark.parametrize(
    ("country", "typed", "region"),
    [
        ("GB", "SW1A 1AA", "UKI32"),
        ("UK", "sw1a1aa", "UKI32"),
        ("LV", "LV-1003", "LV00A"),
        ("LV", "1003", "LV00A"),
        ("MT", "BKR 1234", "MT001"),
        ("NL", "1011 AB", "NL32B"),
        ("GB", "BT1 5GS", "UKN06"),
    ],
)
def test_postcodes_are_understood_as_people_write_them(country: str, typed: str, region: str) -> None:
    found = POSTCODES.place_of(country, typed)
    assert found is not None
    assert found[0] == NutsCode(region)


def test_an_unknown_postcode_takes_the_longest_rule_that_fits_of_the_better_source() -> None:
    assert POSTCODES.place_of("FR", "29200") == (NutsCode("FRH02"), None, None)


def test_a_whole_postcode_rule_is_not_a_prefix() -> None:
    assert POSTCODES.place_of("FR", "29000") == (NutsCode("FRH02"), None, None)
    assert POSTCODES.place_of("FR", "290") == (NutsCode("FRH99"), None, None)


def test_the_rest_of_the_country_is_only_for_codes_of_the_usual_length() -> None:
    assert POSTCODES.place_of("FR", "75001") == (NutsCode("FR101"), None, None)
    assert POSTCODES.place_of("FR", "7500") is None


def test_a_postcode_without_a_point_still_has_its_region() -> None:
    assert POSTCODES.place_of("DK", "1000") == (NutsCode("DK011"), None, None)


@pytest.mark.parametrize("typed", ["", "  ", "–", "xx"])
def test_what_is_no_postcode_is_nowhere(typed: str) -> None:
    assert POSTCODES.place_of("SE", typed) is None


PLACES = PlaceTable(
    rows=(
        ("Neustadt", "DE", "50.0", "8.0", "1000", "DE111", ""),
        ("Neustadt", "DE", "51.0", "9.0", "50000", "DE222", ""),
        ("Wien", "AT", "48.2", "16.4", "1900000", "AT130", "Vienna|Βιέννη|Bécs"),
    )
)


def test_of_towns_with_one_name_the_largest_comes_first() -> None:
    assert [place.population for place in PLACES.find("neustadt", "DE")] == [50000, 1000]


def test_a_town_is_found_by_its_names_in_other_languages() -> None:
    assert PLACES.find("Becs", "AT")[0].name == "Wien"
    assert PLACES.find("ΒΙΕΝΝΗ", "AT")[0].nuts == NutsCode("AT130")
    assert PLACES.find("Wien", "DE") == ()


@pytest.fixture
def loaded() -> Reference:
    return reference_from_tables(
        {
            TableKind.POSTCODES: Table(TableKind.POSTCODES, COLUMNS[TableKind.POSTCODES], POSTCODES.rows, "test"),
            TableKind.PLACES: Table(TableKind.PLACES, COLUMNS[TableKind.PLACES], PLACES.rows, "test"),
        }
    )


def test_a_person_may_type_a_code_a_region_a_postcode_or_a_town(loaded: Reference) -> None:
    assert find_region(loaded, "AT13") == NutsCode("AT13")
    assert find_region(loaded, "Bretagne", "FR") == NutsCode("FRH")
    assert find_region(loaded, "35000", "FR") == NutsCode("FRH03")
    assert find_region(loaded, "Vienna", "AT") == NutsCode("AT130")
    assert find_region(loaded, "Nowhere", "AT") is None
    assert find_region(loaded, "35000") is None


def test_the_core_knows_no_postcodes_and_says_so_by_silence() -> None:
    assert core_reference().postcodes.place_of("FR", "35000") is None
    assert core_reference().places.find("Wien", "AT") == ()
