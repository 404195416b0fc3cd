"""The vocabulary as a look-up."""

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import CpvCode
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.cpv import CpvTable

TABLE = CpvTable(
    ("en", "fr"),
    {
        "90000000": ("Waste and cleaning", "Déchets et nettoyage"),
        "90900000": ("Cleaning", ""),
        "90911000": ("Buildings", "Bâtiments"),
        "90911200": ("", ""),
    },
    complete=False,
)


def code(text: str) -> CpvCode:
    return CpvCode(text)


def test_a_name_is_that_of_the_code_in_the_language_asked_for() -> None:
    assert TABLE.label(code("90911000"), "fr") == "Bâtiments"


def test_a_code_without_a_name_takes_the_nearest_name_above_in_the_same_language() -> None:
    assert TABLE.label(code("90911200"), "fr") == "Bâtiments"
    assert TABLE.label(code("90900000"), "fr") == "Déchets et nettoyage"


def test_a_language_the_table_does_not_have_falls_back_to_english() -> None:
    assert TABLE.label(code("90900000"), "lv") == "Cleaning"


def test_a_code_of_another_division_has_no_name() -> None:
    assert TABLE.label(code("45000000"), "en") is None


def test_exact_names_leave_out_languages_without_one() -> None:
    assert dict(TABLE.labels(code("90900000"))) == {"en": "Cleaning"}
    assert dict(TABLE.labels(code("90919000"))) == {}


def test_the_parent_is_the_nearest_code_above_that_exists() -> None:
    assert TABLE.parent(code("90911200")) == code("90911000")
    assert TABLE.parent(code("90911000")) == code("90900000")
    assert TABLE.parent(code("90000000")) is None


def test_children_are_the_codes_whose_parent_this_is() -> None:
    assert TABLE.children(code("90900000")) == (code("90911000"),)
    assert TABLE.children(code("90911200")) == ()


def test_an_incomplete_table_denies_only_divisions_it_does_not_have() -> None:
    assert TABLE.known(code("90922000"))
    assert not TABLE.known(code("99999999"))
    assert not CpvTable(TABLE.languages, TABLE.rows, complete=True).known(code("90922000"))


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_the_core_names_every_code_of_a_known_division_in_all_its_languages(digits: str) -> None:
    cpv = core_reference().cpv
    known = cpv.known(CpvCode(digits))
    for language in ("en", "fr", "de", "es", "it", "nl", "pl"):
        assert (cpv.label(CpvCode(digits), language) is not None) == known
