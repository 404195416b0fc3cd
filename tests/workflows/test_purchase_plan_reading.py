"""What a plan's words stand for is sure, one of several, or not understood; what a team decided before is sure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matchmaker.domain.purchase_plan import Certainty, Ground, Memory, PlannedPurchase, PlanRow, PurchasePlan, Reading
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.bundle import Reference, core_reference
from matchmaker.reference.places import PlaceTable
from matchmaker.reference.postcodes import PostcodeTable
from matchmaker.scoring.cpv_prediction import LikelyClass
from matchmaker.workflows.purchase_plan_reading import NO_POSTCODES, PLACE_NOT_FOUND, Reader

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLAN = PurchasePlan("p", "town", "2027", "FR", "EUR", None, "plan.csv", "me", NOW, NOW)
LIKELY = {
    "Laundry": [(98310000, 0.9), (39700000, 0.05)],
    "Papier": [(22990000, 0.5), (37820000, 0.3), (33770000, 0.02)],
    "Stuff": [(39220000, 0.1)],
}


class Told:
    """Says what it was told to, and remembers what it was asked."""

    asked: tuple[str, ...] = ()

    def classes(self, texts: Sequence[str], k: int = 5) -> list[list[LikelyClass]]:
        self.asked = tuple(texts)
        return [[LikelyClass(CpvCode(str(code)), chance) for code, chance in LIKELY.get(text, [])][:k] for text in texts]


def read(row: PlanRow, memory: Memory | None = None, reference: Reference | None = None) -> PlannedPurchase:
    return Reader(reference or core_reference(), Told(), memory or Memory()).read([row], PLAN)[0]


def work(title: str, **more: object) -> Reading:
    return read(replace(PlanRow("1", 1, title), **more)).work  # type: ignore[arg-type]


def place(text: str, postcode: str = "", reference: Reference | None = None) -> Reading:
    return read(PlanRow("1", 1, "Laundry", place=text, postcode=postcode), reference=reference).place


def with_tables() -> Reference:
    towns = (
        ("Rennes", "FR", "48.1", "-1.7", "220000", "FRH03", ""),
        ("Saint-Denis", "FR", "48.9", "2.4", "110000", "FR106", ""),
        ("Saint-Denis", "FR", "46.0", "2.0", "90000", "FRI22", ""),
    )
    codes = (("FR", "35000", "48.1", "-1.7", "FRH03"),)
    return replace(core_reference(), places=PlaceTable(towns), postcodes=PostcodeTable(codes))


def test_a_clear_title_is_sure_a_doubtful_one_is_asked_about_and_an_empty_one_is_not_understood() -> None:
    assert (work("Laundry").certainty, work("Laundry").code, work("Laundry").ground) == (
        Certainty.SURE,
        "98310000",
        Ground.MEANING,
    )
    doubtful = work("Papier")
    assert (doubtful.certainty, doubtful.code) == (Certainty.CHOOSE, None)
    assert [option.code for option in doubtful.options] == ["22990000", "37820000"]
    assert work("Stuff").certainty is Certainty.UNKNOWN
    assert work("Whatever").certainty is Certainty.UNKNOWN


def test_a_declared_code_is_taken_and_one_that_does_not_exist_is_asked_about() -> None:
    assert work("Papier", cpvs=(CpvCode("30197630"),)).ground is Ground.DECLARED
    wrong = work("Laundry", cpvs=(CpvCode("99999999"),))
    assert wrong.certainty is Certainty.CHOOSE
    assert wrong.reason is not None


def test_words_are_read_once_for_all_rows_that_have_them_and_not_where_the_code_is_declared() -> None:
    told = Told()
    rows = [PlanRow("1", 1, "Papier"), PlanRow("2", 2, "Papier"), PlanRow("3", 3, "Laundry", cpvs=(CpvCode("98310000"),))]
    Reader(core_reference(), told, Memory()).read(rows, PLAN)
    assert told.asked == ("Papier",)


def test_what_the_team_decided_counts_before_everything_whatever_case_accents_and_year() -> None:
    memory = Memory({"papier": "22990000"}, {"narnia": "FRH"})
    found = read(PlanRow("1", 1, "PAPIER 2028", place="Nárnia", cpvs=(CpvCode("30197630"),)), memory)
    assert (found.work.code, found.work.ground) == ("22990000", Ground.REMEMBERED)
    assert (found.place.code, found.place.ground) == ("FRH", Ground.REMEMBERED)


@pytest.mark.parametrize(
    ("text", "certainty", "code"),
    [
        ("", Certainty.SURE, "FR"),
        ("Bretagne", Certainty.SURE, "FRH"),
        ("FRH", Certainty.SURE, "FRH"),
        ("territoire national", Certainty.SURE, "FR"),
        ("Bretagne / Corse", Certainty.CHOOSE, None),
        ("Narnia", Certainty.UNKNOWN, None),
    ],
)
def test_a_place_is_read_from_the_names_of_regions_alone(text: str, certainty: Certainty, code: str | None) -> None:
    assert (place(text).certainty, place(text).code) == (certainty, code)


def test_a_postcode_without_tables_is_said_to_be_just_that() -> None:
    assert place("", "35000").reason == NO_POSTCODES
    assert place("35000 Rennes").reason == NO_POSTCODES
    assert place("Narnia").reason == PLACE_NOT_FOUND


def test_with_tables_towns_and_postcodes_are_found_and_twin_towns_asked_about() -> None:
    tables = with_tables()
    assert place("Rennes", reference=tables).code == "FRH03"
    assert place("35000 Somewhere", reference=tables).code == "FRH03"
    twins = place("Saint-Denis", reference=tables)
    assert (twins.certainty, [option.code for option in twins.options]) == (Certainty.CHOOSE, ["FR106", "FRI22"])


def test_an_undecided_row_is_planned_by_its_likeliest_meaning_in_the_whole_country() -> None:
    need = read(PlanRow("1", 1, "Papier", place="Narnia")).need("FR")
    assert need.cpvs == (CpvCode("22990000"),)
    assert need.nuts == (NutsCode("FR"),)
    assert need.need_id == "draft"
