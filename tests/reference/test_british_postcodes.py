from matchmaker.domain.values import NutsCode
from matchmaker.reference.postcodes import PostcodeTable

ROWS = [
    ("GB", "LE1", "52.63", "-1.13", "UKF21"),
    ("GB", "LE16", "52.48", "-0.92", "UKF22"),
    ("GB", "EC4", "51.51", "-0.1", "UKI31"),
]


def test_the_district_of_a_whole_british_postcode_is_not_taken_from_its_delivery_part() -> None:
    table = PostcodeTable(ROWS)
    assert table.place_of("GB", "LE1 6LP") == (NutsCode("UKF21"), 52.63, -1.13)
    assert table.place_of("GB", "le16 7aa") == (NutsCode("UKF22"), 52.48, -0.92)
    assert table.place_of("GB", "LE16") == (NutsCode("UKF22"), 52.48, -0.92)


def test_a_district_with_a_letter_falls_back_to_the_district_around_it() -> None:
    assert PostcodeTable(ROWS).place_of("GB", "EC4V 4EH") == (NutsCode("UKI31"), 51.51, -0.1)
