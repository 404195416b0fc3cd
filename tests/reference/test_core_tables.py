"""The small core: complete in itself, quick, and true when compared with the official tables."""

import csv
from pathlib import Path
from time import process_time

import pytest

from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.activities import ACTIVITIES
from matchmaker.reference.bundle import Reference, core_reference, core_table, reference_from_folder
from matchmaker.reference.distance import great_circle_km
from matchmaker.reference.tables import TableKind

CORE_LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pl")


def test_the_core_names_all_divisions_and_hundreds_of_codes_in_seven_languages() -> None:
    cpv = core_reference().cpv
    assert len(cpv.divisions()) == 45
    assert len(cpv.codes()) >= 250
    for code in cpv.codes():
        assert set(cpv.labels(code)) == set(CORE_LANGUAGES), code


def test_no_two_codes_bear_the_same_name_in_a_language() -> None:
    cpv = core_reference().cpv
    for language in CORE_LANGUAGES:
        names = [cpv.labels(code)[language] for code in cpv.codes()]
        assert len(set(names)) == len(names), language


def test_the_core_has_regions_with_points_in_every_country_of_the_union() -> None:
    core = core_reference()
    for country in core.countries.codes():
        if core.countries.in_union(country):
            regions = core.nuts.regions(country, 2)
            assert regions, country
            assert all(core.nuts.point(region) for region in regions), country


def test_the_core_is_made_in_a_fraction_of_a_second() -> None:
    core_reference.cache_clear()
    core_table.cache_clear()
    start = process_time()
    core_reference()
    assert process_time() - start < 0.2


def test_a_folder_with_one_table_leaves_the_rest_to_the_core(tmp_path: Path) -> None:
    (tmp_path / "cpv.csv").write_text("code,en\n90910000-9,Cleaning services\n", encoding="utf-8")
    reference = reference_from_folder(tmp_path)
    assert reference.loaded == {TableKind.CPV}
    assert reference.cpv.label(CpvCode("90910000"), "en") == "Cleaning services"
    assert reference.nuts.name(NutsCode("FRH0"), "en") == "Bretagne"
    assert len(reference.art77_codes) == 115


def test_loaded_regions_without_points_take_those_of_the_core(tmp_path: Path) -> None:
    (tmp_path / "nuts.csv").write_text("NUTS_ID,NAME_LATN,NUTS_NAME\nFRH0,Breizh,Breizh\n", encoding="utf-8")
    nuts = reference_from_folder(tmp_path).nuts
    assert nuts.name(NutsCode("FRH0"), "en") == "Breizh"
    assert nuts.point(NutsCode("FRH0")) == core_reference().nuts.point(NutsCode("FRH0"))


@pytest.fixture(scope="module")
def official(shared: Path) -> Reference:
    return reference_from_folder(shared / "reference")


@pytest.mark.shared
def test_all_tables_of_the_folder_are_recognised_and_quickly(shared: Path) -> None:
    start = process_time()
    reference = reference_from_folder(shared / "reference")
    assert process_time() - start < 1.5
    assert reference.loaded == set(TableKind) - {TableKind.NUTS_POINTS}
    assert reference.cpv.complete


@pytest.mark.shared
def test_every_code_of_the_core_is_official(official: Reference) -> None:
    core = core_reference()
    assert [code for code in core.cpv.codes() if code not in set(official.cpv.codes())] == []
    regions = [NutsCode(row[0]) for row in core_table(TableKind.NUTS).rows]
    assert [code for code in regions if official.nuts.region(code) is None or official.nuts.current(code) != code] == []
    successors = {NutsCode(row[1]) for row in core_table(TableKind.NUTS_RECODE).rows}
    assert [code for code in successors if official.nuts.region(code) is None] == []
    assert core.art77_codes == official.art77_codes


@pytest.mark.shared
def test_the_points_of_the_core_are_near_where_people_live(official: Reference) -> None:
    far = []
    for row in core_table(TableKind.NUTS).rows:
        code = NutsCode(row[0])
        ours, theirs = core_reference().nuts.point(code), official.nuts.point(code)
        if code.level == 2 and ours and theirs and great_circle_km(ours, theirs) > 75:
            far.append(code)
    assert far == []


@pytest.mark.shared
def test_every_prefix_of_an_activity_is_the_beginning_of_an_official_code(official: Reference) -> None:
    codes = [code.code for code in official.cpv.codes()]
    strangers = [
        (activity.key, prefix)
        for activity in ACTIVITIES
        for prefix in activity.cpv_prefixes
        if not any(code.startswith(prefix) for code in codes)
    ]
    assert strangers == []


@pytest.mark.shared
def test_the_parent_we_compute_is_the_official_one(shared: Path, official: Reference) -> None:
    with (shared / "reference/cpv.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    differing = []
    for row in rows:
        parent = official.cpv.parent(CpvCode.parse(row["code8"]))
        if (parent.code if parent else "") != row["parent"][:8]:
            differing.append(row["code"])
    assert differing == []


@pytest.mark.shared
def test_postcodes_of_real_places_are_found(official: Reference) -> None:
    for country, typed, region in (
        ("FR", "75001", "FR101"),
        ("DE", "10115", "DE300"),
        ("GB", "SW1A 1AA", "UKI32"),
        ("LV", "LV-1003", "LV00A"),
    ):
        found = official.postcodes.place_of(country, typed)
        assert found is not None
        assert found[0] == NutsCode(region)
