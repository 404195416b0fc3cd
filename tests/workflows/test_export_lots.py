"""Lots as rows."""

from datetime import date, time
from decimal import Decimal

from matchmaker.domain.notice import Identifier, Lot, LotResult, Notice, NoticeKind, ReservedParticipation, Winner
from matchmaker.domain.values import CpvCode, Deadline, Money
from matchmaker.workflows.export_lots import lot_rows


def notice(*lots: Lot) -> Notice:
    return Notice(
        notice_id="00000001-2026",
        version="01",
        kind=NoticeKind.COMPETITION,
        schema="eforms",
        schema_version="eforms-sdk-1.10",
        language="fr",
        title={"fr": "Repas", "nl": "Maaltijden"},
        lots=lots,
        main_cpv=CpvCode("55523000"),
    )


def test_a_row_has_the_keys_of_the_lots_table() -> None:
    lot = Lot(
        lot_id="LOT-0001",
        title={"fr": "Écoles"},
        description={"fr": "Midi"},
        main_cpv=CpvCode("55523100"),
        extra_cpvs=(CpvCode("55524000"),),
        nuts=("BE100",),
        value=Money(Decimal("1500.50"), "EUR"),
        deadline=Deadline(date(2026, 4, 1), time(12), 120),
        reserved=frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION, ReservedParticipation.SHELTERED}),
        result=LotResult((Winner("Cantine SCRL", "BE", "Mons", "BE323", Identifier("0123"), "small"),)),
    )
    assert lot_rows(notice(lot)) == [
        {
            "notice_id": "00000001-2026",
            "lot_id": "LOT-0001",
            "language": "fr",
            "title": {"fr": "Écoles"},
            "description": {"fr": "Midi"},
            "main_cpv": "55523100",
            "extra_cpvs": ["55524000"],
            "nuts": ["BE100"],
            "value": 1500.5,
            "currency": "EUR",
            "deadline": "2026-04-01T12:00:00+02:00",
            "reserved": ["res-ws", "res-pub-ser"],
            "winners": [
                {"name": "Cantine SCRL", "country": "BE", "town": "Mons", "nuts": "BE323", "id": "0123", "size": "small"}
            ],
        }
    ]


def test_what_a_lot_does_not_say_is_null_or_empty_and_titles_and_codes_fall_back_to_the_notice() -> None:
    [row] = lot_rows(notice(Lot("LOT-0001", {})))
    assert row["title"] == {"fr": "Repas", "nl": "Maaltijden"}
    assert row["main_cpv"] == "55523000"
    assert {key: row[key] for key in row if key not in ("notice_id", "lot_id", "language", "title", "main_cpv")} == {
        "value": None,
        "currency": None,
        "deadline": None,
        "description": {},
        "extra_cpvs": [],
        "nuts": [],
        "reserved": [],
        "winners": [],
    }


def test_a_deadline_says_no_more_than_the_notice() -> None:
    rows = lot_rows(
        notice(
            Lot("1", {}, deadline=Deadline(date(2026, 4, 1))),
            Lot("2", {}, deadline=Deadline(date(2026, 4, 1), time(9, 30))),
        )
    )
    assert [row["deadline"] for row in rows] == ["2026-04-01", "2026-04-01T09:30:00"]


def test_an_award_of_no_known_lot_is_marked() -> None:
    [row] = lot_rows(notice(Lot("AWARD-1", {}, award_only=True)))
    assert row["award_only"] is True


def test_a_natural_person_is_marked() -> None:
    person = Lot("1", {}, result=LotResult((Winner("Erika Musterfrau", natural_person=True),)))
    [row] = lot_rows(notice(person))
    assert row["winners"] == [
        {
            "name": "Erika Musterfrau",
            "country": None,
            "town": None,
            "nuts": None,
            "id": None,
            "size": None,
            "natural_person": True,
        }
    ]
