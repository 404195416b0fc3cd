from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import CpvCode, NutsCode

digits = st.text("0123456789", min_size=8, max_size=8)
cpvs = digits.map(CpvCode)
nuts = st.builds(
    lambda country, rest: NutsCode(country + rest), st.sampled_from(["FR", "EL", "UK", "DE"]), st.text("01A", max_size=3)
)


@given(cpvs, cpvs, cpvs)
def test_cpv_covers_is_a_partial_order(a: CpvCode, b: CpvCode, c: CpvCode) -> None:
    assert a.covers(a)
    assert not (a.covers(b) and b.covers(a)) or a.stem == b.stem
    assert not (a.covers(b) and b.covers(c)) or a.covers(c)


@given(nuts, nuts, nuts)
def test_nuts_covers_is_a_partial_order(a: NutsCode, b: NutsCode, c: NutsCode) -> None:
    assert a.covers(a)
    assert not (a.covers(b) and b.covers(a)) or a == b
    assert not (a.covers(b) and b.covers(c)) or a.covers(c)


def test_greek_and_british_places_are_read_in_either_spelling() -> None:
    assert NutsCode.parse("gr30").code == "EL30"
    assert NutsCode.parse("GB").country == "GB"
    assert NutsCode.parse("UKI").country == "GB"


def test_a_cpv_code_keeps_no_check_digit_and_never_tests_it() -> None:
    assert CpvCode.parse("90910000-0") == CpvCode.parse("90910000-9") == CpvCode.parse("9091")
