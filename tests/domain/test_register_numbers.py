import pytest

from matchmaker.domain.notice import Identifier
from matchmaker.domain.register_numbers import names_person, register_key


@pytest.mark.parametrize(
    ("country", "written", "key"),
    [
        ("FR", "807 469 317 00018", "FR:807469317"),
        ("FR", "80746931700018", "FR:807469317"),
        ("FR", "FR40807469317", "FR:807469317"),
        ("NO", "NO962392687MVA", "NO:962392687"),
        ("NO", "962 392 687", "NO:962392687"),
        ("FI", "FI19921555", "FI:19921555"),
        ("FI", "1992155-5", "FI:19921555"),
        ("PL", "NIP: 6830011450, REGON: 351555364", "PL:6830011450"),
        ("PL", "683-001-14-50", "PL:6830011450"),
        ("ES", "ESB47674841", "ES:B47674841"),
        ("GR", "EL999034034", "GR:999034034"),
        ("BG", "1752013040031", "BG:175201304"),
        ("HU", "15432742-2-20", "HU:15432742"),
        ("BE", "0308357555_6406", "BE:0308357555"),
        ("RO", "RO 335278", "RO:335278"),
    ],
)
def test_numbers_written_in_different_ways_name_the_same_legal_person(country: str, written: str, key: str) -> None:
    assert register_key(Identifier(written), country) == key


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("DE", "HRB 12345 B"),
        ("DE", "VR 37089 B"),
        ("IE", "N/A"),
        ("IE", "unknown"),
        ("FR", "00000000000000"),
        ("FR", "123456789"),
        ("ES", "***2063**"),
        ("ES", "B78970506, B58671710, B97701312"),
        ("RO", "RO 35"),
    ],
)
def test_a_number_that_may_stand_for_several_or_for_nobody_is_no_key(country: str, written: str) -> None:
    assert register_key(Identifier(written), country) is None


def test_without_a_country_a_number_names_nobody() -> None:
    assert register_key(Identifier("80746931700018"), None) is None


@pytest.mark.parametrize("written", ["44901212Z", "X1234567L", "***5861**"])
def test_a_spanish_identity_number_is_a_persons_also_when_it_is_masked(written: str) -> None:
    assert names_person(Identifier(written), "ES")


def test_a_companys_tax_number_is_no_persons() -> None:
    assert not names_person(Identifier("B47674841"), "ES")
    assert not names_person(Identifier("44901212Z"), "PT")
