"""Older TED notices: R2.0.9 and R2.0.8 forms."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

import pytest

from matchmaker.domain.notice import (
    Buyer,
    Identifier,
    Notice,
    NoticeKind,
    ReservedParticipation,
    SelectionCriterion,
    SubcontractingTerms,
    Winner,
)
from matchmaker.domain.values import CpvCode, Deadline, Money, Period
from matchmaker.ingestion.notices import read_notice

Reading = Callable[[str], Notice]


@pytest.fixture(scope="module")
def call(read_own: Reading) -> Notice:
    return read_own("ted_call")


@pytest.fixture(scope="module")
def award(read_own: Reading) -> Notice:
    return read_own("ted_award")


def test_a_call_has_its_number_dates_and_links(call: Notice) -> None:
    assert (call.notice_id, call.version, call.kind) == ("000111-2020", "1", NoticeKind.COMPETITION)
    assert (call.schema, call.schema_version, call.form) == ("ted", "R2.0.9.S03.E01", "F02")
    assert (call.published, call.dispatched) == (date(2020, 3, 2), date(2020, 2, 27))
    assert call.previous == ("000099-2019",)
    assert (call.legal_basis, call.procedure_type, call.nature) == ("32014L0024", "Open procedure", "services")
    assert call.url == "https://ted.europa.eu/en/notice/-/detail/111-2020"
    assert call.nuts == ("UKC21",)


def test_translations_are_joined_to_the_original_lot_by_lot(call: Notice) -> None:
    assert call.language == "en"
    assert call.title == {"en": "Cleaning and gardens", "fr": "Nettoyage et jardins"}
    assert call.lots[0].title == {"en": "Schools", "fr": "Écoles"}
    assert call.lots[0].description == {"en": "Twelve schools.", "fr": "Douze écoles."}


def test_paragraphs_are_lines_and_raised_figures_stay(call: Notice) -> None:
    assert call.description == {"en": "Cleaning of schools\nand care of gardens (20 000 m2)."}


def test_teds_headings_are_kept_apart_from_the_title(call: Notice) -> None:
    assert call.headings == {"de": "Reinigungsdienste"}


def test_buyers_are_those_who_buy_together_without_contact_persons(call: Notice) -> None:
    assert call.buyers == (
        Buyer("Newtown Council", "GB", "Newtown", "UKC21", Identifier("GB123"), "REGIONAL_AUTHORITY"),
        Buyer("Oldtown Council", "GB"),
    )
    assert "jane" not in repr(call).lower()


def test_a_lot_without_number_is_named_by_its_item_and_without_title_by_the_notices(call: Notice) -> None:
    assert [lot.lot_id for lot in call.lots] == ["A", "2"]
    assert call.lots[1].title == call.title


def test_a_lot_says_what_where_when_and_for_how_much(call: Notice) -> None:
    lot = call.lots[0]
    assert (lot.main_cpv, lot.extra_cpvs) == (CpvCode("90910000"), (CpvCode("90911200"),))
    assert (lot.nuts, lot.countries) == (("UKC21", "UKC22"), ("GB",))
    assert lot.value == Money(Decimal(600_000), "GBP")
    assert lot.period == Period(months=24.0)
    assert call.lots[1].period == Period(date(2020, 6, 1), date(2021, 5, 31))
    assert call.lots[1].value is None


def test_terms_stated_once_hold_for_every_lot(call: Notice) -> None:
    for lot in call.lots:
        assert lot.reserved == {ReservedParticipation.SHELTERED, ReservedParticipation.SHELTERED_PROGRAMME}
        assert lot.performance_terms == {"en": "Living wage."}
        assert lot.selection_criteria == (SelectionCriterion("suitability", {"en": "Entry in a register."}),)


def test_a_deadline_without_zone_is_kept_without_and_remarked(call: Notice) -> None:
    assert call.lots[0].deadline == Deadline(date(2020, 4, 6), time(12))
    assert "The deadline 2020-04-06 12:00 has no time zone." in [str(remark) for remark in call.remarks]


def test_an_award_over_several_lots_gives_each_its_winner_but_none_the_sum(award: Notice) -> None:
    for lot in award.lots[:2]:
        assert lot.result is not None
        assert lot.result.winners == (Winner("Κοιν.Σ.Επ. Ήλιος ΕΠΕ", "GR", "Αθήνα", "EL30", Identifier("EL 099"), "sme"),)
        assert (lot.result.value, lot.result.subcontracted_value) == (None, None)
        assert (lot.result.bids_received, lot.result.bids_from_smes) == (3, 2)
        assert (lot.result.subcontracted, lot.result.subcontracted_percent) == ("yes", 5.0)
        assert lot.result.concluded == date(2020, 2, 1)


def test_a_lot_without_award_is_known_not_to_be_awarded(award: Notice) -> None:
    assert award.lots[2].result is not None
    assert award.lots[2].result.awarded is False


def test_an_award_of_an_unknown_lot_stands_alone_and_is_remarked(award: Notice) -> None:
    alone = award.lots[3]
    assert (alone.lot_id, alone.award_only, alone.title) == ("AWARD-9", True, {"el": "Άγνωστο"})
    assert any("names the lot 9" in str(remark) for remark in award.remarks)


def test_a_person_by_the_form_of_the_name_has_no_number_and_a_negative_amount_is_left_out(award: Notice) -> None:
    assert award.lots[3].result is not None
    assert award.lots[3].result.winners == (Winner("Dr. Anna Beispiel", "DE", natural_person=True),)
    assert award.lots[3].result.value is None


def test_a_previous_notice_is_found_in_the_form_too(award: Notice) -> None:
    assert award.previous == ("000333-2019",)
    assert award.kind is NoticeKind.RESULT


def test_a_corrigendum_is_a_change_that_names_what_it_corrects_and_how_without_contact_persons(read_own: Reading) -> None:
    change = read_own("ted_corrigendum")
    assert (change.kind, change.changes, change.lots) == (NoticeKind.CHANGE, "000020-2020", ())
    assert change.extra["change_description"] == "IV.2.2 Termin składania ofert: 2020-03-10 10:00 → 2020-03-20 10:00"
    assert "Nowak" not in repr(change)


def test_what_a_buyer_asked_not_to_publish_is_not_read(own_bytes: Callable[[str], bytes]) -> None:
    notice = read_notice(own_bytes("ted_award").replace(b"<CONTRACTORS>", b'<CONTRACTORS PUBLICATION="NO">'), "x")
    assert notice.lots[0].result is not None
    assert notice.lots[0].result.winners == ()


def test_planning_with_award_sections_is_a_result(own_bytes: Callable[[str], bytes]) -> None:
    data = own_bytes("ted_award").replace(b'TD_DOCUMENT_TYPE CODE="7"', b'TD_DOCUMENT_TYPE CODE="0"')
    assert read_notice(data, "x").kind is NoticeKind.RESULT


def test_an_unknown_document_type_is_reported(own_bytes: Callable[[str], bytes]) -> None:
    data = own_bytes("ted_call").replace(b'TD_DOCUMENT_TYPE CODE="3"', b'TD_DOCUMENT_TYPE CODE="?"')
    notice = read_notice(data, "x")
    assert notice.kind is NoticeKind.PLANNING
    assert any("TD_DOCUMENT_TYPE" in str(remark) for remark in notice.remarks)


def test_a_lot_number_used_twice_gives_two_lots(own_bytes: Callable[[str], bytes]) -> None:
    data = own_bytes("ted_award").replace(b"<LOT_NO>2</LOT_NO>", b"<LOT_NO>1</LOT_NO>")
    notice = read_notice(data, "x")
    assert [lot.lot_id for lot in notice.lots][:3] == ["1", "1.2", "3"]


def test_a_defence_call_of_the_older_release_is_read(read_own: Reading) -> None:
    notice = read_own("ted_defence")
    assert (notice.schema_version, notice.form, notice.kind) == ("R2.0.8", "17", NoticeKind.COMPETITION)
    assert notice.buyers == (Buyer("Unitatea Exemplu", "RO", "București", "RO321", Identifier("RO 42")),)
    assert notice.value is None
    shirts, boots = notice.lots
    assert (shirts.lot_id, shirts.title, shirts.description) == ("1", {"ro": "Cămăși"}, {"ro": "Cămăși albe."})
    assert (shirts.main_cpv, shirts.value) == (CpvCode("18332000"), Money(Decimal(45_000), "RON"))
    assert shirts.period.months == pytest.approx(2.0, abs=0.01)
    assert (boots.lot_id, boots.description, boots.main_cpv) == ("2", {"ro": "Haine de lucru."}, CpvCode("35811200"))
    assert boots.period.months == 12.0
    assert "Popescu" not in repr(notice)


def test_the_older_release_reserves_and_asks_for_subcontracting(read_own: Reading) -> None:
    lot = read_own("ted_defence").lots[0]
    assert lot.reserved == {ReservedParticipation.SHELTERED}
    assert lot.subcontracting == SubcontractingTerms(("subc-min", "subc-chng"), 10.0, 20.0, ("shar-subc",))
    assert lot.deadline == Deadline(date(2018, 4, 5), time(10))
    assert lot.selection_criteria == (SelectionCriterion("technical-professional", {"ro": "Două referințe."}),)


def test_each_of_several_award_sections_of_the_older_release_is_a_lot(read_own: Reading) -> None:
    tables, chairs = read_own("ted_older_award").lots
    assert (tables.lot_id, tables.title, chairs.title) == ("1", {"de": "Tische"}, {"de": "Stühle"})
    assert tables.result is not None
    assert tables.result.winners == (Winner("Tischlerei Beispiel GmbH", "DE", "Ulm", None, Identifier("DE7")),)
    assert (tables.result.value, tables.result.bids_received) == (Money(Decimal(20_000), "EUR"), 2)
    assert (tables.result.concluded, tables.result.subcontracted) == (date(2017, 2, 1), "no")
