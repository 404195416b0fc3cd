"""The example suppliers: many countries, many languages, nobody real."""

from collections import Counter
from datetime import date

from matchmaker.domain.organisation import StatusKind
from matchmaker.examples.data_files import SOURCE
from matchmaker.examples.suppliers import example_organisations
from matchmaker.reference.bundle import core_reference

TODAY = date(2026, 11, 24)
GROUPS = {
    "food": ("55", "15"),
    "textiles": ("98310", "98311", "98312", "18", "39512", "39518"),
    "transport": ("60",),
    "cleaning": ("9091",),
    "green spaces": ("773",),
    "furniture and reuse": ("391", "50850"),
    "waste": ("905",),
    "printing and mailing": ("798", "799", "64"),
    "care and training": ("85", "80"),
    "digital": ("72", "79999", "503"),
}


def test_there_are_about_150_suppliers_in_many_countries_and_languages() -> None:
    organisations = example_organisations(TODAY)
    assert 140 <= len(organisations) <= 160
    assert len({each.base.country for each in organisations}) >= 12
    assert len({each.language for each in organisations}) >= 15


def test_every_supplier_is_labelled_as_example_and_reachable_nowhere() -> None:
    for each in example_organisations(TODAY):
        assert each.provenance.source == SOURCE
        assert each.key == f"{SOURCE}:{each.provenance.source_id}"
        assert each.website is not None
        assert each.website.endswith(".example")
        assert each.email is not None
        assert each.email.endswith(".example")


def test_keys_names_and_descriptions_are_all_different() -> None:
    organisations = example_organisations(TODAY)
    for values in (
        [each.key for each in organisations],
        [each.name for each in organisations],
        [each.description for each in organisations],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_each_product_group_has_suppliers_in_several_countries() -> None:
    organisations = example_organisations(TODAY)
    for group, prefixes in GROUPS.items():
        countries = {
            each.base.country
            for each in organisations
            for capability in each.capabilities
            for code in capability.cpvs
            if code.code.startswith(prefixes)
        }
        assert len(countries) >= 4, group


def test_descriptions_say_something_concrete() -> None:
    for each in example_organisations(TODAY):
        assert len(each.description) >= 80, each.key
        assert each.description.count(".") >= 1, each.key
        assert all(capability.cpvs for capability in each.capabilities), each.key


def test_some_figures_are_stated_and_some_unknown() -> None:
    organisations = example_organisations(TODAY)
    shares = [status.integration_share for each in organisations for status in each.statuses]
    assert 15 <= shares.count(None) <= len(shares) / 2
    assert 20 <= sum(each.free_capacity is None for each in organisations) <= len(organisations) / 2
    assert any(not each.provenance.claimed for each in organisations)
    assert {status.kind for each in organisations for status in each.statuses} >= set(StatusKind) - {StatusKind.OTHER}


def test_shares_are_plausible_for_their_status() -> None:
    for each in example_organisations(TODAY):
        for status in each.statuses:
            if status.integration_share is not None:
                assert 0.3 <= status.integration_share < 1, each.key


def test_bases_lie_in_their_country_and_region() -> None:
    nuts = core_reference().nuts
    for each in example_organisations(TODAY):
        assert each.base.nuts is not None
        assert each.base.nuts.country == each.base.country, each.key
        assert each.base.nuts.level == 3, each.key
        point = nuts.point(each.base.nuts)
        if point is not None:
            assert each.base.latitude is not None
            assert each.base.longitude is not None
            assert abs(point[0] - each.base.latitude) < 2.5, each.key
            assert abs(point[1] - each.base.longitude) < 4.5, each.key


def test_expiry_dates_count_from_the_day_of_loading() -> None:
    early, late = example_organisations(TODAY), example_organisations(date(2027, 11, 24))
    expiries = [certificate.valid_until for each in early for certificate in each.certificates if certificate.valid_until]
    later = [certificate.valid_until for each in late for certificate in each.certificates if certificate.valid_until]
    assert all(expiry > TODAY for expiry in expiries)
    assert [(b - a).days for a, b in zip(expiries, later, strict=True)] == [365] * len(expiries)
