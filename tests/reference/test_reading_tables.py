"""Every form of table is recognised by what it holds, and what is no table is refused with what was found."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.values import NutsCode
from matchmaker.reference.postcodes import PostcodeTable
from matchmaker.reference.reading import read_path, read_table
from matchmaker.reference.tables import Table, TableKind, merge
from matchmaker.reference.tercet import rules

LABELS = "code,en,fr"


def genericode(name: str, rows: str, parent: str = "") -> bytes:
    identification = (
        f'<ShortName>X</ShortName><LongName>{name}</LongName><LongName Identifier="eFormsParentId">{parent}</LongName>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        f"<Identification>{identification}</Identification><ColumnSet/><SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>"
    ).encode()


def row(**cells: str) -> str:
    values = "".join(f'<Value ColumnRef="{column}"><SimpleValue>{cell}</SimpleValue></Value>' for column, cell in cells.items())
    return f"<Row>{values}</Row>"


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def test_cpv_in_genericode_has_its_names_by_two_letters() -> None:
    rows = row(code="90910000", Name="Cleaning", eng_label="Cleaning", deu_label="Reinigung", ell_label="Καθαρισμός")
    table = read_table(genericode("cpv", rows), "cpv.gc")
    assert table.kind is TableKind.CPV
    assert next(table.records()) == {"code": "90910000", "en": "Cleaning", "de": "Reinigung", "el": "Καθαρισμός"}


def test_a_list_with_a_name_column_only_is_english() -> None:
    table = read_table(genericode("countries", row(Code="FRA", Name="France"), "country"), "country.gc")
    assert table.kind is TableKind.COUNTRIES
    assert list(table.records()) == [{"code": "FR", "en": "France"}]


def test_a_row_without_an_english_label_takes_its_name() -> None:
    rows = row(code="FRA", Name="France", eng_label="France") + row(code="GRC", Name="Greece", deu_label="Griechenland")
    records = list(read_table(genericode("country", rows), "country.gc").records())
    assert records[1] == {"code": "GR", "en": "Greece", "de": "Griechenland"}


def test_the_social_service_codes_are_the_codes_of_article_77() -> None:
    table = read_table(genericode("social-service-cpv", row(code="85312400", eng_label="Help"), "cpv"), "a.gc")
    assert table.kind is TableKind.ART77
    assert table.rows[0][:2] == ("85312400", "Help")


def test_nuts_in_genericode_gives_regions_without_points() -> None:
    rows = row(code="FRH03", eng_label="Ille-et-Vilaine") + row(code="not a code", eng_label="Nowhere")
    table = read_table(genericode("nuts-lvl3", rows, "nuts"), "nuts.gc")
    assert table.kind is TableKind.NUTS
    assert [record["name"] for record in table.records()] == ["Ille-et-Vilaine"]


def test_the_countries_that_have_regions_are_countries_and_no_regions() -> None:
    table = read_table(genericode("nuts-country", row(code="FRA", eng_label="France"), "country"), "country_nuts-country.gc")
    assert (table.kind, table.rows[0][0]) == (TableKind.COUNTRIES, "FR")


def test_any_other_list_is_kept_under_its_name() -> None:
    table = read_table(genericode("reserved-procurement", row(code="res-ws", eng_label="Reserved")), "r.gc")
    assert table.kind is TableKind.CODES
    assert table.rows[0] == ("reserved-procurement", "res-ws", "Reserved")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("90910000-9,Cleaning,Nettoyage", TableKind.CPV),
        ("FRA,France,France\nGRC,Greece,Grèce", TableKind.COUNTRIES),
        ("PLN,Zloty,Zloty\nEUR,Euro,Euro", TableKind.CURRENCIES),
        ("ELL,Greek,grec\nFIN,Finnish,finnois\nSWE,Swedish,suédois\nAFR,Afrikaans,afrikaans", TableKind.LANGUAGES),
    ],
)
def test_names_by_code_are_told_apart_by_their_codes_and_not_by_the_file_name(lines: str, kind: TableKind) -> None:
    assert read_table(f"{LABELS}\n{lines}\n".encode(), "whatever.csv").kind is kind


def test_regions_take_the_point_where_people_live_and_say_which_are_of_today() -> None:
    header = "code,level,name_latin,name_native,lat,lon,pop_weighted_lat,pop_weighted_lon,population,in_nuts2024"
    data = f"{header}\nPT17,2,Lisboa,Lisboa,38.6,-9.0,38.7,-9.1,2870208,0\nEL30,2,Attiki,Αττική,38,23.7,,,3814064,1\n"
    lisbon, attica = read_table(data.encode(), "n.csv").records()
    assert (lisbon["lat"], lisbon["native_name"], lisbon["current"]) == ("38.7", "", "0")
    assert (attica["lat"], attica["native_name"], attica["current"]) == ("38", "Αττική", "1")


def test_gisco_names_and_label_points_are_two_tables() -> None:
    names = read_table(b"NUTS_ID,LEVL_CODE,CNTR_CODE,NAME_LATN,NUTS_NAME\nEL30,2,EL,Attiki,\xce\x91\n", "NUTS_AT_2024.csv")
    points = read_table(
        b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[23.7,38.0]},'
        b'"properties":{"NUTS_ID":"EL30"}}]}',
        "labels.geojson",
    )
    assert next(names.records())["native_name"] == "Α"
    assert list(points.records()) == [{"code": "EL30", "lat": "38.0000", "lon": "23.7000"}]


def test_geonames_postcodes_of_several_places_lie_at_their_mean_and_only_europe_is_kept() -> None:
    lines = "FR\t35000\tRennes\tBretagne\t53\t\t\t\t\t48.0\t-1.0\t5\nFR\t35000\tRennes B\tBretagne\t53\t\t\t\t\t50.0\t-3.0\t5\n"
    data = zipped(readme__txt=b"x" * 999, allCountries__txt=(lines + "US\t1\tX\t\t\t\t\t\t\t1\t1\t1\n").encode())
    table = read_table(data, "allCountries.zip")
    assert list(table.rows) == [("FR", "35000", "49.0000", "-2.0000", "")]


def test_tercet_postcodes_become_rules_that_give_every_code_its_region() -> None:
    lines = "NUTS3;CODE\n'FRH03';'35000'\n'FRH03';'35200'\n'FRH02';'35 400'\n'EL303';'11142'\n"
    data = zipped(pc2025__csv=b"\xef\xbb\xbf" + lines.encode())
    table = read_table(data, "pc2025.zip")
    assert table.kind is TableKind.POSTCODE_PREFIXES
    postcodes = PostcodeTable(prefixes=table.rows)
    for country, code, region in (("FR", "35000", "FRH03"), ("FR", "35400", "FRH02"), ("GR", "111 42", "EL303")):
        assert postcodes.place_of(country, code) == (NutsCode(region), None, None)


@given(st.dictionaries(st.text("0123", min_size=1, max_size=4), st.sampled_from(["XX001", "XX002", "XX003"]), min_size=1))
def test_rules_of_prefixes_lose_nothing(codes: dict[str, str]) -> None:
    made = list(rules(codes))
    table = PostcodeTable(prefixes=[("XX", prefix, region, "0") for prefix, region in made])
    for code, region in codes.items():
        assert table.place_of("XX", code) == (NutsCode(region), None, None)
    assert len(made) <= len(codes) + 1


def test_semicolons_and_a_byte_order_mark_are_no_hindrance() -> None:
    assert read_table("\ufeffcpv;label_en;source\n85312400;Help;us\n".encode(), "a.csv").kind is TableKind.ART77


def test_an_unknown_table_is_refused_with_the_columns_found_and_the_forms_read() -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        read_table(b"colour,shape\nred,round\n", "toys.csv")
    assert "colour, shape" in str(refusal.value.sentence)
    assert "thresholds" in str(refusal.value.next_step)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("code,en\nFRA,Côte\n".encode("latin-1"), "UTF-8"),
        (b"old_code,new_code,population_share\nFR1,FR2,many\n", "line 2: “many”"),
        (b"country,postcode,lat,lon\nFR,1\n", "line 2: fewer cells"),
        (b"<html><body/></html>", "html"),
        (b"NUTS3;CODE\n'FRH03'\n", "line 2: no postcode"),
        (b"<a><b></a>", "genericode"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type"),
        (b'{"type":"Topology"}', "label points"),
        (b"PK\x03\x04broken", "damaged zip"),
        (zipped(picture__png=b"1"), "no table"),
        (genericode("cpv", row(Name="no code")), "no column of codes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        list(read_table(data, "x").rows)


GOOD = (
    b"NUTS3;CODE\n'FRH03';'35000'\n'FRH02';'35200'\n",
    genericode("cpv", row(code="90910000", eng_label="Cleaning")),
    b"code,en,fr\n90910000-9,Cleaning,Nettoyage\n",
    b"old_code,new_code,population_share\nFR21,FRF2,1.0\n",
    b'{"features":[{"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"NUTS_ID":"EL30"}}]}',
    b"FR\t35000\tRennes\tB\t53\t\t\t\t\t48.0\t-1.0\t5\n",
    zipped(a__csv=b"cpv,label_en,source\n85312400,Help,us\n"),
)


@given(st.sampled_from(GOOD), st.data())
def test_damaged_tables_are_read_or_refused_and_nothing_else(good: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    damaged = good[:start] + data.draw(st.binary(max_size=8)) + good[end:]
    with suppress(UnreadableDocument):
        list(read_table(damaged, "damaged").rows)


def test_a_folder_loads_what_it_recognises_and_names_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("cpv,label_en,source\n85312400,Help,us\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("colour\nred\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("hello", encoding="utf-8")
    reading = read_path(tmp_path)
    assert set(reading.tables) == {TableKind.ART77}
    assert [skipped.name for skipped in reading.skipped] == ["b.csv", "notes.md"]


def test_two_files_of_one_kind_in_a_folder_add_up(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("code,en\n90910000,Cleaning\n90920000,Hygiene\n", encoding="utf-8")
    (tmp_path / "2.csv").write_text("code,en,fr\n90910000,,Nettoyage\n", encoding="utf-8")
    records = list(read_path(tmp_path).tables[TableKind.CPV].records())
    assert records[0] == {"code": "90910000", "en": "Cleaning", "fr": "Nettoyage"}
    assert records[1] == {"code": "90920000", "en": "Hygiene", "fr": ""}


def test_a_single_file_that_is_no_table_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    stray = tmp_path / "b.csv"
    stray.write_text("colour\nred\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument):
        read_path(stray)
    with pytest.raises(NotFound):
        read_path(tmp_path / "missing")


def test_tables_of_different_kinds_never_merge() -> None:
    left = Table(TableKind.CPV, ("code", "en"), [("90910000", "Cleaning")], "a")
    right = Table(TableKind.COUNTRIES, ("code", "en"), [("FR", "France")], "b")
    with pytest.raises(ValueError, match="different kinds"):
        merge(left, right)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "x", "y"])), max_size=6))
def test_merging_a_table_with_itself_changes_nothing_but_doubles(rows: list[tuple[str, str]]) -> None:
    unique = list(dict(rows).items())
    table = Table(TableKind.COUNTRIES, ("code", "en"), unique, "a")
    merged = merge(table, table)
    assert list(merged.rows) == unique
    assert (merged.columns, merged.source) == (table.columns, table.source)
