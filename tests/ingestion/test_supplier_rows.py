from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import Certificate, Delivery, Organisation, StatusKind
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.ingestion.suppliers.locating import Location, Locator, country_of_postcode
from matchmaker.ingestion.suppliers.organisations import Origin, ReadRow, read_organisations
from matchmaker.ingestion.suppliers.reading import read_table
from matchmaker.reference.bundle import Reference, core_reference, reference_from_folder, reference_from_tables
from matchmaker.reference.tables import COLUMNS, Table, TableKind

DAY = date(2026, 11, 24)
ORIGIN = Origin("register", "CC0", DAY)


@pytest.fixture(scope="module")
def reference() -> Reference:
    """The core with a few places and postcodes on both sides of the Rhine."""
    places = [
        ("Strasbourg", "FR", "48.58", "7.75", "290000", "FRF11", "Straßburg"),
        ("Kehl", "DE", "48.57", "7.81", "35000", "DE134", ""),
        ("Rīga", "LV", "56.95", "24.10", "600000", "LV006", "Riga"),
    ]
    postcodes = [("FR", "67000", "48.57", "7.76", "FRF11"), ("LV", "1050", "56.95", "24.10", "LV006")]
    return reference_from_tables(
        {
            TableKind.PLACES: Table(TableKind.PLACES, COLUMNS[TableKind.PLACES], places, "test"),
            TableKind.POSTCODES: Table(TableKind.POSTCODES, COLUMNS[TableKind.POSTCODES], postcodes, "test"),
        }
    )


def rows(text: str, reference: Reference, origin: Origin = ORIGIN) -> list[ReadRow]:
    return list(read_organisations(read_table(text.encode(), "register.csv"), origin, Locator(reference)))


def one(text: str, reference: Reference, origin: Origin = ORIGIN) -> Organisation:
    (row,) = rows(text, reference, origin)
    assert row.organisation is not None, str(row.refusal)
    return row.organisation


def remarks(text: str, reference: Reference) -> list[str]:
    (row,) = rows(text, reference)
    assert row.organisation is not None
    return [str(remark) for remark in row.remarks]


@pytest.mark.parametrize("column", ["capability", "Capabilities", "activities"])
def test_what_suppliers_can_do_may_stand_under_its_own_name(column: str, reference: Reference) -> None:
    [row] = rows(f"id,name,country,{column}\n1,Wash,FR,Blanchisserie\n", reference)
    assert row.organisation
    assert [capability.text for capability in row.organisation.capabilities] == ["Blanchisserie"]


def test_a_full_row_becomes_a_supplier(reference: Reference) -> None:
    organisation = one(
        "SIRET;Nom;Pays;Code postal;Ville;Type;Activité;CPV;Langue;E-mail;Site web;Effectif;Chiffre d’affaires;zone;rayon;"
        "certifications;nature;marché maximum;heures disponibles\n"
        "80746931700018;Les Jardins;France;67000;Strasbourg;ACI;Entretien d’espaces verts;77310000-6 90910000;fr;"
        "contact@jardins.example;www.jardins.example;12;250 000 €;FRF1;40 km;Qualipaysage (2027-12-31)|ISO 14001;services;"
        "90000;1500\n",
        reference,
    )
    assert organisation.key == "register:80746931700018"
    assert organisation.identifiers == (Identifier("80746931700018", "SIRET"),)
    assert (organisation.base.country, organisation.base.nuts) == ("FR", NutsCode("FRF11"))
    assert (organisation.base.latitude, organisation.base.longitude) == (48.57, 7.76)
    (status,) = organisation.statuses
    assert (status.kind, status.name, status.main_aim_integration) == (StatusKind.WORK_INTEGRATION, "ACI", True)
    (capability,) = organisation.capabilities
    assert (capability.text, capability.language) == ("Entretien d’espaces verts", "fr")
    assert capability.cpvs == (CpvCode("77310000"), CpvCode("90910000"))
    assert (capability.delivery, capability.largest) == ((Delivery.SERVICES,), Money(Decimal(90000), "EUR"))
    assert (organisation.size.employees, organisation.size.turnover) == (12, Money(Decimal(250000), "EUR"))
    assert (organisation.area.nuts, organisation.area.radius_km) == ((NutsCode("FRF1"),), 40.0)
    assert organisation.certificates == (Certificate("Qualipaysage", date(2027, 12, 31)), Certificate("ISO 14001"))
    assert (organisation.email, organisation.website) == ("contact@jardins.example", "http://www.jardins.example")
    assert organisation.free_capacity is not None
    assert (organisation.free_capacity.hours, organisation.free_capacity.as_of) == (1500.0, DAY)
    assert not organisation.provenance.claimed


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",FR", "The row has no name."),
        ("Hof,Atlantis", "“Atlantis” is not a country."),
        ("Hof,", "The row names no country, and the place does not tell."),
    ],
)
def test_a_row_without_the_necessary_is_refused_with_a_reason(row: str, reason: str, reference: Reference) -> None:
    (read,) = rows(f"id,name,country\n1,{row}\n", reference)
    assert (read.organisation, str(read.refusal)) == (None, reason)


def test_a_row_must_say_which_register_it_is_from(reference: Reference) -> None:
    (read,) = rows("id,name,country\n1,Hof,DE\n", reference, Origin(None, None, DAY))
    assert "--source" in str(read.refusal)


def test_a_named_source_counts_before_the_columns_and_then_the_files_own_id_is_the_key(reference: Reference) -> None:
    text = "id,source,source_id,name,country\nS1,Coops UK,GB-CHC-1000469,Hof,GB\n"
    assert one(text, reference).key == "register:S1"
    by_columns = one(text, reference, Origin(None, None, DAY))
    assert (by_columns.key, by_columns.identifiers) == ("coops-uk:GB-CHC-1000469", (Identifier("1000469", "GB-CHC"),))


def test_keys_fit_into_an_address_whatever_the_register_writes(reference: Reference) -> None:
    assert one('id,name,country\n"AB 12/3?é",Hof,DE\n', reference).key == "register:AB-12-3-é"


def test_the_second_row_with_an_identifier_is_refused_and_names_both(reference: Reference) -> None:
    read = rows("id,name,country\n1,a,DE\n2,b,DE\n1,c,DE\n1,d,DE\n", reference)
    assert [row.organisation is not None for row in read] == [True, True, False, False]
    assert str(read[2].refusal) == "Rows 2 and 4 have the same identifier “1”."
    assert str(read[3].refusal) == "Rows 2 and 5 have the same identifier “1”."


def test_without_identifiers_name_and_place_stand_in_so_that_a_second_import_finds_the_same(reference: Reference) -> None:
    text = "name,country,postcode\nLes Épis,FR,67000\n"
    assert one(text, reference).key == one(text, reference).key == "register:les-epis-67000"


@pytest.mark.parametrize(
    ("header", "value", "remark"),
    [
        ("turnover", "-288", "turnover: “-288” was left out: it is negative."),
        ("employees", "lots", "employees: “lots” was left out: it is not a number."),
        ("employees", "-3", "employees: “-3” was left out: it is negative."),
        ("cpv", "00990000", "cpv: “00990000” was left out: CPV 2008 has no such code."),
        ("cpv", "123", "cpv: “123” was left out: CPV 2008 has no such code."),
        ("cpv", "9X", "“9X” is not a CPV code."),
        ("area_nuts", "DE99Q", "area_nuts: “DE99Q” was left out: NUTS has no such region."),
        ("area_nuts", "?", "“?” is not a NUTS code."),
        ("nuts", "QQ1", "nuts: “QQ1” was left out: NUTS has no such region."),
        ("lat", "95", "lat: “95” was left out: it is no latitude between -90 and 90."),
        ("website", "javascript:x", "website: “javascript:x” was left out: it is not a web address."),
        ("radius_km", "far", "radius_km: “far” was left out: it is no distance."),
        ("area_countries", "Mars", "area_countries: “Mars” was left out: it is not a country."),
    ],
)
def test_a_value_that_cannot_be_used_is_left_out_with_a_remark(
    header: str, value: str, remark: str, reference: Reference
) -> None:
    assert remark in remarks(f"id,name,country,{header}\n1,Hof,DE,{value}\n", reference)


def test_an_address_of_a_person_is_left_out_and_none_of_it_is_kept(reference: Reference) -> None:
    text = "id,name,country,email,phone,description\n1,Hof,DE,jane.doe@hof.example,+49 221 123456,Ask jane.doe@hof.example\n"
    organisation = one(text, reference)
    assert organisation.email is None
    assert "jane" not in repr(organisation)
    assert "123456" not in repr(organisation)
    assert any("function" in remark for remark in remarks(text, reference))


def test_codes_of_french_headcount_bands_are_told_from_counts(reference: Reference) -> None:
    read = rows("id,source,name,country,employees\n1,a,x,FR,NN\n2,a,y,FR,12\n3,b,z,FR,12\n", reference, Origin(None, None, DAY))
    assert [row.organisation and row.organisation.size.employees for row in read] == [None, 20, 12]


def test_amounts_without_currency_are_in_that_of_the_country(reference: Reference) -> None:
    assert one("id,name,country,turnover\n1,x,GB,100\n", reference).size.turnover == Money(Decimal(100), "GBP")
    assert one("id,name,country,turnover\n1,x,GB,100 EUR\n", reference).size.turnover == Money(Decimal(100), "EUR")


def test_description_sector_and_industry_make_capabilities(reference: Reference) -> None:
    head = "id,name,country,lang,description,sector,sector_code\n"
    both = one(head + "1,x,GB,en,We cook,Food retail,UKSIC07:56210\n", reference)
    assert [capability.text for capability in both.capabilities] == ["We cook", "Food retail"]
    same = one(head + "1,x,GB,en,Food retail and more,Food retail,\n", reference)
    assert [capability.text for capability in same.capabilities] == ["Food retail and more"]
    coded = one(head + "1,x,FR,fr,,,NAF:8130Z\n", reference)
    (capability,) = coded.capabilities
    assert (capability.language, capability.cpvs[0]) == ("en", CpvCode("77310000"))
    assert one(head + "1,x,FR,fr,,,NAF:8899B\n", reference).capabilities == ()


def test_codes_alone_are_a_capability_in_the_words_of_the_vocabulary(reference: Reference) -> None:
    (capability,) = one("id,name,country,lang,cpv\n1,x,FR,fr,90000000\n", reference).capabilities
    assert (capability.cpvs, capability.text) == (
        (CpvCode("90000000"),),
        reference.cpv.label(CpvCode("90000000"), "fr"),
    )


def test_a_point_near_the_border_counts_for_the_country_named(reference: Reference) -> None:
    locator = Locator(reference)
    assert locator.locate(None, "", "", (48.571, 7.805)).nuts == NutsCode("DE134")
    assert locator.locate("FR", "", "", (48.571, 7.805)).nuts == NutsCode("FRF11")


def test_a_point_far_from_every_place_tells_nothing(reference: Reference) -> None:
    assert Locator(reference).locate(None, "", "", (0.3, 32.5)) == Location(None, None, (0.3, 32.5))


def test_exchanged_coordinates_are_replaced_by_the_postcodes_point(reference: Reference) -> None:
    assert Locator(reference).locate(None, "LV 1050", "Rīga", (24.1, 56.95)) == Location("LV", NutsCode("LV006"), (56.95, 24.1))


def test_a_town_alone_gives_region_and_point(reference: Reference) -> None:
    assert Locator(reference).locate("FR", "", "Straßburg", None) == Location("FR", NutsCode("FRF11"), (48.58, 7.75))


def test_without_tables_the_register_is_believed(reference: Reference) -> None:
    assert Locator(core_reference()).locate("FR", "67000", "Strasbourg", (48.5, 7.7)) == Location("FR", None, (48.5, 7.7))


@pytest.mark.parametrize(
    ("postcode", "country"), [("LV-1009", "LV"), ("EH7 5QY", "GB"), ("g40 1qd", "GB"), ("67000", None), ("XX 123", None)]
)
def test_some_postcodes_tell_the_country(postcode: str, country: str | None) -> None:
    assert country_of_postcode(postcode) == country


@pytest.fixture(scope="module")
def real_reference(shared: Path) -> Reference:
    return reference_from_folder(shared / "reference")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "source", "rows", "every"),
    [("data/suppliers/registers.csv", None, 23_289, 10), ("benchmark/suppliers.jsonl", "benchmark", 3_190, 2)],
)
def test_real_registers_are_read_and_what_is_refused_has_a_reason(
    shared: Path, real_reference: Reference, file: str, source: str | None, rows: int, every: int
) -> None:
    table = read_table((shared / file).read_bytes(), file)
    assert len(table.rows) == rows
    sample = replace(table, rows=table.rows[::every])
    read = list(read_organisations(sample, Origin(source, None, DAY), Locator(real_reference)))
    organisations = [row.organisation for row in read if row.organisation]
    assert len(organisations) > 0.99 * len(read) == 0.99 * len(sample.rows)
    assert all(row.refusal is not None for row in read if row.organisation is None)
    assert len({organisation.key for organisation in organisations}) == len(organisations)
    assert sum(organisation.base.nuts is not None for organisation in organisations) > 0.8 * len(organisations)
    assert sum(bool(organisation.capabilities) for organisation in organisations) > 0.85 * len(organisations)
