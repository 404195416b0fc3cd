"""OCDS releases as notices: what is bought, where, by whom, under which terms, and what became of it."""

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.values import CpvCode, Deadline, Money
from matchmaker.ingestion.notices import read_notice

BUYER = {
    "id": "b1",
    "name": "Town of Lakeside",
    "roles": ["buyer"],
    "identifier": {"scheme": "FR-RCS", "id": "217500016"},
    "address": {"locality": "Lakeside", "country": "FR", "region": "FR101"},
    "details": {"classifications": [{"scheme": "eu-buyer-legal-type", "id": "ra"}]},
    "contactPoint": {"name": "Jane Secret", "email": "jane@example.org"},
}
LOT: dict[str, object] = {
    "id": "LOT-0001",
    "title": "Laundry",
    "title_fr": "Blanchisserie",
    "description": "Washing and\n  ironing",
    "mainProcurementCategory": "services",
    "value": {"amount": 120000.5, "currency": "eur"},
    "tenderPeriod": {"endDate": "2026-12-15T12:00:00+01:00"},
    "contractPeriod": {"startDate": "2027-01-01T00:00:00Z", "durationInDays": 365},
    "otherRequirements": {"reservedParticipation": ["shelteredWorkshop"]},
    "contractTerms": {"reservedExecution": True, "performanceTerms": "Training on the job"},
    "hasSustainability": True,
    "sustainability": [
        {"goal": "social.disadvantagedEmploymentOpportunities", "strategies": ["awardCriteria"]},
        {"goal": "environmental.circularEconomy"},
        {"goal": "social.smeInclusion"},
    ],
    "subcontractingTerms": {"competitiveMinimumPercentage": 0.1, "competitiveMaximumPercentage": 0.3},
    "submissionTerms": {"subcontractingClauses": ["subc-oblig"]},
    "suitability": {"sme": True},
    "selectionCriteria": {"criteria": [{"type": "suitability", "description": "Entered in a register"}]},
    "options": {"description": "May be prolonged once"},
}


def release(**changed: object) -> dict[str, object]:
    tender = {
        "id": "t1",
        "title": "Linen services",
        "status": "active",
        "procurementMethod": "selective",
        "lots": [LOT],
        "items": [
            {
                "id": "1",
                "relatedLot": "LOT-0001",
                "classification": {"scheme": "CPV", "id": "98310000-9"},
                "additionalClassifications": [{"scheme": "CPV", "id": "98315000"}, {"scheme": "UNSPSC", "id": "91111502"}],
                "deliveryAddresses": [{"region": "FR101", "country": "FR"}, {"region": "By the lake"}],
            }
        ],
    }
    whole: dict[str, object] = {
        "ocid": "ocds-9x9x9x-77",
        "id": "77-tender",
        "date": "2026-11-20T09:30:00+01:00",
        "tag": ["tender"],
        "language": "en",
        "parties": [BUYER],
        "buyer": {"id": "b1", "name": "Town of Lakeside"},
        "tender": tender,
    }
    return {**whole, **changed}


def tendered(**changed: object) -> dict[str, object]:
    tender = release()["tender"]
    assert isinstance(tender, dict)
    return release(tender={**tender, **changed})


def read(found: object, name: str = "x.json") -> Notice:
    return read_notice(json.dumps(found).encode(), name)


def only_lot(found: Mapping[str, object]) -> Lot:
    (lot,) = read(found).lots
    return lot


def test_a_tender_release_is_a_call_with_its_buyer_and_day() -> None:
    notice = read(release())
    assert (notice.kind, notice.schema, notice.notice_id) == (NoticeKind.COMPETITION, "ocds", "ocds-9x9x9x-77.77-tender")
    assert (notice.procedure_id, notice.procedure_type, notice.published) == ("ocds-9x9x9x-77", "restricted", date(2026, 11, 20))
    (buyer,) = notice.buyers
    assert (buyer.name, buyer.country, buyer.town, buyer.nuts, buyer.legal_type) == (
        "Town of Lakeside",
        "FR",
        "Lakeside",
        "FR101",
        "ra",
    )
    assert buyer.identifier is not None
    assert buyer.identifier.value == "217500016"


def test_contact_persons_are_never_read() -> None:
    assert "Jane Secret" not in repr(read(release()))
    assert "jane@example.org" not in repr(read(release()))


def test_a_lot_says_what_where_when_and_for_how_much() -> None:
    lot = only_lot(release())
    assert (lot.lot_id, lot.title, lot.nature) == ("LOT-0001", {"en": "Laundry", "fr": "Blanchisserie"}, "services")
    assert lot.description == {"en": "Washing and\nironing"}
    assert (lot.main_cpv, lot.extra_cpvs) == (CpvCode("98310000"), (CpvCode("98315000"),))
    assert (lot.nuts, lot.countries) == (("FR101",), ("FR",))
    assert lot.value == Money(Decimal("120000.5"), "EUR")
    assert lot.deadline == Deadline(date(2026, 12, 15), time(12), 60)
    assert (lot.period.start, round(lot.period.length_in_months or 0)) == (date(2027, 1, 1), 12)


def test_a_lot_says_what_social_aims_it_has() -> None:
    lot = only_lot(release())
    assert lot.reserved == {ReservedParticipation.SHELTERED, ReservedParticipation.SHELTERED_PROGRAMME}
    assert (lot.strategic, lot.environmental, lot.social) == (
        ("env-imp", "soc-obj"),
        ("circ-econ",),
        ("opp", "social.smeInclusion"),
    )
    assert lot.performance_terms == {"en": "Training on the job"}
    assert (lot.subcontracting.minimum_percent, lot.subcontracting.maximum_percent) == (10.0, 30.0)
    assert lot.subcontracting.indications == ("subc-oblig",)
    assert lot.suitable_for_smes is True
    assert [criterion.kind for criterion in lot.selection_criteria] == ["suitability"]
    assert lot.options == {"en": "May be prolonged once"}
    assert read(release()).extra["sustainability_strategies"] == "awardCriteria"


def test_codes_of_other_schemes_and_regions_in_words_are_left_out_with_a_remark() -> None:
    remarks = " ".join(str(remark) for remark in read(release()).remarks)
    assert "UNSPSC" in remarks
    assert "By the lake" in remarks


@pytest.mark.parametrize("code", ["publicServiceMissionOrganization", "publicService"])
def test_both_spellings_of_the_public_service_mission_are_understood(code: str) -> None:
    found = tendered(lots=[], otherRequirements={"reservedParticipation": [code]})
    assert only_lot(found).reserved == {ReservedParticipation.PUBLIC_SERVICE_MISSION}


def test_an_unknown_reservation_is_remarked_and_not_guessed() -> None:
    found = tendered(lots=[], otherRequirements={"reservedParticipation": ["someOthers"]})
    assert only_lot(found).reserved == frozenset()
    assert any("someOthers" in str(remark) for remark in read(found).remarks)


def test_silence_about_sustainability_is_unknown_and_a_no_is_none() -> None:
    assert only_lot(tendered(lots=[{"id": "1"}])).strategic == ()
    assert only_lot(tendered(lots=[{"id": "1", "hasSustainability": False}])).strategic == ("none",)


def test_a_tender_without_lots_is_one_lot_with_the_words_of_its_items() -> None:
    items = [
        {"id": 1, "description": "Bread"},
        {"id": 2, "classification": {"scheme": "CPV", "id": "15811000", "description": "Rolls"}},
    ]
    lot = only_lot(
        tendered(lots=[], items=items, tenderPeriod={"endDate": "2027-01-02T00:00:00Z"}, value={"amount": 5, "currency": "EUR"})
    )
    assert (lot.lot_id, lot.description, lot.main_cpv) == ("1", {"en": "Bread\nRolls"}, CpvCode("15811000"))
    assert lot.value == Money(Decimal(5), "EUR")


def test_the_least_value_counts_where_no_value_is_stated() -> None:
    assert only_lot(tendered(lots=[{"id": "1", "minValue": {"amount": 7, "currency": "EUR"}}])).value == Money(Decimal(7), "EUR")


def test_lots_that_share_an_id_are_kept_apart_and_remarked() -> None:
    notice = read(tendered(lots=[{"id": "1", "title": "A"}, {"id": "1", "title": "B"}]))
    assert [lot.lot_id for lot in notice.lots] == ["1", "1.2"]
    assert any("more than once" in str(remark) for remark in notice.remarks)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (release(tag=["planning"]), NoticeKind.PLANNING),
        (release(tag=["planning"], tender=None, planning={"rationale": "We shall buy bread"}), NoticeKind.PLANNING),
        (tendered(status="planned"), NoticeKind.PLANNING),
        (release(tag=["tender", "award", "contract"], awards=[]), NoticeKind.COMPETITION),
        (release(tag=["award"], awards=[{"id": "a", "suppliers": [{"name": "Laundry Ltd"}]}]), NoticeKind.RESULT),
        (tendered(status="cancelled"), NoticeKind.RESULT),
        (tendered(status="complete"), NoticeKind.RESULT),
    ],
)
def test_the_kind_follows_what_the_release_says(found: dict[str, object], kind: NoticeKind) -> None:
    assert read(found).kind is kind


def test_a_tender_that_was_called_off_says_that_nobody_won() -> None:
    lot = only_lot(tendered(status="cancelled"))
    assert lot.result is not None
    assert lot.result.awarded is False


def test_an_award_names_winner_value_day_bids_and_subcontracting() -> None:
    found = release(
        tag=["award", "contract"],
        parties=[
            BUYER,
            {
                "id": "s1",
                "name": "Lake Workshops Ltd",
                "identifier": {"scheme": "FR-RCS", "id": "807469317"},
                "address": {"countryName": "France"},
                "details": {"scale": "small"},
            },
        ],
        awards=[
            {
                "id": "a1",
                "status": "active",
                "relatedLots": ["LOT-0001"],
                "suppliers": [{"id": "s1"}],
                "value": {"amount": 100000, "currency": "EUR"},
            },
            {"id": "c1", "buyers": [{"id": "b1"}]},
        ],
        contracts=[{"id": "c1", "awardID": "a1", "dateSigned": "2026-11-10T00:00:00Z", "relatedBids": ["bid1"]}],
        bids={
            "details": [
                {
                    "id": "bid1",
                    "relatedLots": ["LOT-0001"],
                    "hasSubcontracting": True,
                    "subcontracting": {"minimumPercentage": 0.2, "maximumPercentage": 0.2, "description": "Transport"},
                }
            ],
            "statistics": [
                {"id": "1", "measure": "bids", "value": 4, "relatedLot": "LOT-0001"},
                {"id": "2", "measure": "smeBids", "value": 3, "relatedLot": "LOT-0001"},
            ],
        },
    )
    result = only_lot(found).result
    assert result is not None
    (winner,) = result.winners
    assert (winner.name, winner.country, winner.size, winner.natural_person) == ("Lake Workshops Ltd", "FR", "small", False)
    assert (result.value, result.concluded, result.awarded) == (Money(Decimal(100000), "EUR"), date(2026, 11, 10), True)
    assert (result.bids_received, result.bids_from_smes) == (4, 3)
    assert (result.subcontracted, result.subcontracted_percent) == ("yes", 20.0)
    assert result.subcontracting_description == {"en": "Transport"}


def test_a_natural_person_who_won_carries_no_number() -> None:
    person = {"id": "s1", "name": "Erika Muster", "identifier": {"id": "12345678"}, "details": {"scale": "selfEmployed"}}
    found = release(tag=["award"], parties=[BUYER, person], awards=[{"id": "a", "suppliers": [{"id": "s1"}]}])
    result = only_lot(found).result
    assert result is not None
    assert [(winner.natural_person, winner.identifier, winner.size) for winner in result.winners] == [(True, None, None)]


def test_an_unsuccessful_award_names_nobody() -> None:
    result = only_lot(release(tag=["award"], awards=[{"id": "a", "status": "unsuccessful"}])).result
    assert result is not None
    assert (result.awarded, result.winners) == (False, ())


def test_an_award_of_an_unknown_lot_stands_alone() -> None:
    found = release(tag=["award"], awards=[{"id": "a", "relatedLots": ["9"], "suppliers": [{"name": "Laundry Ltd"}]}])
    assert [(lot.lot_id, lot.award_only) for lot in read(found).lots] == [("LOT-0001", False), ("9", True)]


def test_the_version_grows_with_the_date_so_that_a_corrected_release_replaces_the_older() -> None:
    earlier, later = read(release()), read(release(date="2026-11-20T09:00:00Z"))
    assert earlier.notice_id == later.notice_id
    assert int(earlier.version) < int(later.version)


def test_an_id_that_holds_the_ocid_is_not_written_twice_and_addresses_stay_plain() -> None:
    assert read(release(id="ocds-9x9x9x-77-1")).notice_id == "ocds-9x9x9x-77-1"
    odd, other = read(release(id="http://x/1 2")).notice_id, read(release(id="http://x/1_2")).notice_id
    assert odd != other
    assert "/" not in odd + other


def test_citations_of_the_official_journal_are_kept() -> None:
    related = [{"scheme": "eu-oj", "identifier": "2026/S 012-034567"}, {"scheme": "ocid", "identifier": "ocds-1"}]
    assert read(release(relatedProcesses=related)).previous == ("2026/S 012-034567",)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (release(ocid=None), "without “ocid”"),
        (release(id=None), "without “id”"),
        (release(tender=None), "nothing about a tender"),
        ({"hello": "world"}, "not one OCDS release"),
        ([], "not one OCDS release"),
        ({"releases": [release(), release()]}, "not one OCDS release"),
    ],
)
def test_what_is_no_release_is_refused_in_words_with_a_next_step(found: object, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says) as refusal:
        read(found, "some.json")
    assert "some.json" in str(refusal.value)
    assert refusal.value.next_step is not None


@pytest.mark.parametrize("data", [b"{", b"\xff{}", b'{"a": 1e', b"[" * 100_000, b'{"ocid": ' + b"9" * 5000 + b"}", b""])
def test_broken_json_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read_notice(data, "some.json")


def test_moldovan_words_for_status_language_and_register_are_understood() -> None:
    buyer = {"name": "Primăria", "identifier": {"scheme": "State Registration Chambers", "id": "1007601006793"}, "address": {}}
    found = tendered(status="Anulată", procurementMethod="Licitaţie publică", lots=[])
    notice = read({**found, "ocid": "ocds-ngfbwp-1", "language": "md", "parties": [], "buyer": buyer})
    assert (notice.language, notice.country, notice.kind, notice.procedure_type) == ("ro", "MD", NoticeKind.RESULT, "open")
    assert notice.buyers[0].identifier is not None
    assert notice.buyers[0].identifier.scheme == "MD-IDNO"


def test_the_number_of_an_account_on_a_platform_is_no_register_number() -> None:
    supplier = {"name": "Laundry SRL", "additionalIdentifiers": [{"scheme": "eTenders", "id": 15911672}]}
    found = release(tag=["award"], awards=[{"id": "a", "suppliers": [supplier]}])
    result = only_lot({**found, "ocid": "ocds-ngfbwp-1"}).result
    assert result is not None
    assert [winner.identifier for winner in result.winners] == [None]


def test_a_norwegian_part_is_the_same_notice_however_often_it_is_converted() -> None:
    buyer = {**BUYER, "address": {"country": "NO"}, "additionalIdentifiers": [{"scheme": "GB-COH", "id": "997 058 925"}]}
    parts = [
        read({**tendered(id="PAR-0001", lots=[]), "ocid": f"ocds-abcd1234-{number}", "id": "2023-1", "parties": [buyer]})
        for number in (1, 2)
    ]
    assert {part.notice_id for part in parts} == {"DOFFIN-2023-1-PAR-0001"}
    assert parts[0].lots[0].is_part
    assert parts[0].url == "https://doffin.no/notices/2023-1"
