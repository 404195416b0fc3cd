"""Results in eForms: who won which lot, through the chain of contract, tender and tendering party."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from matchmaker.domain.notice import Identifier, LotResult, Notice, NoticeKind, Winner
from matchmaker.domain.values import Money
from matchmaker.ingestion.lot_results import together
from matchmaker.ingestion.notices import read_notice

Reading = Callable[[str], Notice]


@pytest.fixture(scope="module")
def award(read_own: Reading) -> Notice:
    return read_own("eforms_award")


def result_of(notice: Notice, lot_id: str) -> LotResult:
    found = next(lot.result for lot in notice.lots if lot.lot_id == lot_id)
    assert found is not None
    return found


def test_every_member_of_the_winning_consortium_wins_and_losers_do_not(award: Notice) -> None:
    assert result_of(award, "LOT-0001").winners == (
        Winner("Werkstatt Muster gGmbH", "DE", "Muster", "DE212", Identifier("HRB 1234"), "small"),
        Winner("Πρότυπο ΕΠΕ", "GR", "Αθήνα"),
    )


def test_bids_value_and_date_belong_to_the_lot(award: Notice) -> None:
    result = result_of(award, "LOT-0001")
    assert (result.awarded, result.value) == (True, Money(Decimal(60_000), "EUR"))
    assert (result.bids_received, result.bids_from_smes) == (4, 3)
    assert result.concluded == date(2026, 5, 4)
    assert award.value == Money(Decimal(90_000), "EUR")


def test_what_the_winner_subcontracts_is_read(award: Notice) -> None:
    result = result_of(award, "LOT-0001")
    assert (result.subcontracted, result.subcontracted_percent) == ("yes", 10.0)
    assert result.subcontracted_value == Money(Decimal(6000), "EUR")
    assert result.subcontracting_description == {"de": "Fahrten durch einen Inklusionsbetrieb."}


def test_a_lot_closed_without_award_is_known_not_to_be_awarded(award: Notice) -> None:
    result = result_of(award, "LOT-0002")
    assert (result.awarded, result.winners, result.value) == (False, (), None)


def test_the_decision_date_stands_in_for_a_missing_contract_date(award: Notice) -> None:
    assert result_of(award, "LOT-0003").concluded == date(2026, 5, 2)


def test_a_natural_person_wins_without_a_number(award: Notice) -> None:
    assert result_of(award, "LOT-0003").winners == (Winner("Erika Musterfrau", natural_person=True),)
    assert "ID-77" not in repr(award)


def test_beneficial_owners_are_never_read(award: Notice) -> None:
    assert "Geheim" not in repr(award)


def test_a_notice_whose_number_is_not_one_takes_its_file_name(award: Notice) -> None:
    assert (award.notice_id, award.kind, award.url) == ("eforms_award", NoticeKind.RESULT, None)


def changed(data: bytes, *replacements: tuple[str, str]) -> Notice:
    text = data.decode()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return read_notice(text.encode(), "changed.xml")


CONTRACT_3 = '<efac:LotTender><cbc:ID schemeName="tender">TEN-0003</cbc:ID></efac:LotTender>\n      </efac:SettledContract>'


def test_a_contract_that_names_no_tender_leaves_the_only_tender_listed(own_bytes: Callable[[str], bytes]) -> None:
    notice = changed(own_bytes("eforms_award"), (CONTRACT_3, "</efac:SettledContract>"))
    assert [winner.name for winner in result_of(notice, "LOT-0003").winners] == ["Erika Musterfrau"]


def test_a_contract_that_names_another_lots_tender_leaves_its_partys_tender_for_the_lot(
    own_bytes: Callable[[str], bytes],
) -> None:
    notice = changed(
        own_bytes("eforms_award"),
        (CONTRACT_3, CONTRACT_3.replace("TEN-0003", "TEN-0001")),
        ("TPA-0003</cbc:ID></efac:TenderingParty>", "TPA-0001</cbc:ID></efac:TenderingParty>"),
    )
    result = result_of(notice, "LOT-0003")
    assert [winner.name for winner in result.winners] == ["Werkstatt Muster gGmbH", "Πρότυπο ΕΠΕ"]
    assert result.value == Money(Decimal(30_000), "EUR")


def test_links_that_contradict_each_other_leave_the_winner_unknown(own_bytes: Callable[[str], bytes]) -> None:
    notice = changed(own_bytes("eforms_award"), (CONTRACT_3, CONTRACT_3.replace("TEN-0003", "TEN-0001")))
    assert result_of(notice, "LOT-0003").winners == ()


def test_what_is_withheld_from_publication_is_unknown_not_minus_one(own_bytes: Callable[[str], bytes]) -> None:
    notice = changed(
        own_bytes("eforms_award"),
        ('<cbc:PayableAmount currencyID="EUR">60000', '<cbc:PayableAmount currencyID="EUR">-1'),
        ("2026-05-04+02:00", "1970-01-01+01:00"),
        ('"applicability">yes', '"applicability">unpublished'),
        ("Fahrten durch einen Inklusionsbetrieb.", "unpublished"),
        ("<efbc:StatisticsNumeric>4", "<efbc:StatisticsNumeric>-1"),
    )
    result = result_of(notice, "LOT-0001")
    assert (result.value, result.concluded, result.subcontracted, result.bids_received) == (None, None, None, None)
    assert result.subcontracting_description == {}
    assert [str(remark) for remark in notice.remarks] == ["An amount is withheld from publication."]


def test_a_result_of_a_lot_the_notice_does_not_describe_stands_alone(own_bytes: Callable[[str], bytes]) -> None:
    notice = changed(
        own_bytes("eforms_award"),
        ('Lot">LOT-0003</cbc:ID><cac:ProcurementProject>', 'Lot">LOT-0004</cbc:ID><cac:ProcurementProject>'),
    )
    assert [(lot.lot_id, lot.award_only) for lot in notice.lots][-1] == ("LOT-0003", True)
    assert any("LOT-0003" in str(remark) for remark in notice.remarks)


def test_a_lot_awarded_twice_has_all_winners_and_the_sum() -> None:
    one = LotResult((Winner("A"),), Money(Decimal(1), "EUR"), date(2026, 2, 1), None, None, None, "no")
    other = LotResult((Winner("B"), Winner("A")), Money(Decimal(2), "EUR"), date(2026, 1, 1), 5, 2, True)
    both = together([one, other])
    assert [winner.name for winner in both.winners] == ["A", "B"]
    assert (both.value, both.concluded, both.bids_received, both.awarded) == (Money(Decimal(3), "EUR"), date(2026, 1, 1), 5, True)
    assert both.subcontracted == "no"


def test_amounts_in_two_currencies_are_not_added() -> None:
    one, other = (LotResult(value=Money(Decimal(1), currency)) for currency in ("EUR", "NOK"))
    assert together([one, other]).value is None
