"""Procedures in the database: the same state whatever arrives when, and what is read from it."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.notice import Buyer, Identifier, Lot, LotResult, Notice, NoticeKind, ReservedParticipation, Winner
from matchmaker.domain.organisation import Base, Organisation, Provenance
from matchmaker.domain.procedure import Stage
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.storage.award_history import note_coverage, won_from_buyer
from matchmaker.storage.awards import Identity, answer_reference, count_winners, references_of_supplier
from matchmaker.storage.buyers import awards_of, calls_of, ending_of, find_buyer, incumbents, reservations_of, same_buyer
from matchmaker.storage.expiring import expiring_contracts
from matchmaker.storage.lot_columns import PLAIN
from matchmaker.storage.notices import Reading, save_notices
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.procedure_history import find_notice, history_of
from matchmaker.storage.procedure_upkeep import join_portion, procedure_figures

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TOWN = Buyer("Ville du Lac", "FR", "Annecy", identifier=Identifier("21740010000017"))
WORKSHOP = Organisation(
    "register:workshop",
    "Ateliers du Lac",
    Base("FR", "Annecy", nuts=NutsCode("FRK28")),
    Provenance("register", "workshop"),
    identifiers=(Identifier("807 469 317 00018", "SIRET"),),
)
SURE = Winner("ATELIERS DU LAC SARL", "FR", "Annecy", identifier=Identifier("80746931700026"))
UNNUMBERED = Winner("Les ateliers du Lac", "FR", "Annecy")
PUBLIC_SERVICE = frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION})


def notice(number: str, kind: NoticeKind, day: date, **changed: Any) -> Notice:
    base = Notice(
        f"{number:>08}-2026",
        "01",
        kind,
        "eforms",
        "1.10",
        "fr",
        {"fr": "Aide à domicile pour les personnes âgées du lac"},
        (Lot("LOT-0001", {"fr": "Aide à domicile"}, main_cpv=CpvCode("85312000"), nuts=("FRK28",)),),
        buyers=(TOWN,),
        procedure_id="5e4f4a0c-0000-4000-8000-000000000001",
        main_cpv=CpvCode("85312000"),
        published=day,
        extra={"notice_uuid": f"uuid-{number}"},
    )
    return replace(base, **changed)


def lots(*, reserved: frozenset[ReservedParticipation] = frozenset(), winner: Winner | None = None) -> tuple[Lot, ...]:
    result = LotResult((winner,), Money(Decimal(90000), "EUR"), date(2026, 5, 2), awarded=True) if winner else None
    period = Period() if winner else Period(months=12)
    return (
        Lot(
            "LOT-0001",
            {"fr": "Aide à domicile"},
            main_cpv=CpvCode("85312000"),
            nuts=("FRK28",),
            reserved=reserved,
            period=period,
            result=result,
        ),
    )


PLAN = notice("1", NoticeKind.PLANNING, date(2026, 1, 5), procedure_id=None)
CALL = notice("2", NoticeKind.COMPETITION, date(2026, 2, 1), lots=lots(), previous=("1-2026",))
CORRECTED = notice("3", NoticeKind.COMPETITION, date(2026, 2, 9), lots=lots(reserved=PUBLIC_SERVICE), changes="uuid-2-01")
RESULT = notice("4", NoticeKind.RESULT, date(2026, 5, 20), form="29", lots=lots(winner=SURE))
RESULT_AGAIN = replace(RESULT, version="02", lots=lots(winner=replace(SURE, name="Ateliers du Lac")))
MODIFIED = notice("5", NoticeKind.RESULT, date(2026, 9, 1), form="38", lots=lots(winner=SURE), previous=("00000004-2026",))
OLD_AWARD = notice(
    "6", NoticeKind.RESULT, date(2026, 6, 1), schema="ted", form="F03", procedure_id=None, lots=lots(winner=UNNUMBERED)
)
OLD_CALL = notice("7", NoticeKind.COMPETITION, date(2026, 1, 20), schema="ted", form="F02", procedure_id=None, lots=lots())
STRAY = notice(
    "8", NoticeKind.RESULT, date(2026, 7, 1), form="29", buyers=(Buyer("Gmina", "PL"),), title={"pl": "Serwery"}, lots=lots()
)
STORY = (PLAN, CALL, CORRECTED, RESULT, RESULT_AGAIN, MODIFIED, OLD_AWARD, OLD_CALL, STRAY)

STATE = (
    "SELECT * FROM procedure_notice ORDER BY procedure_key, notice_id",
    "SELECT * FROM procedure_guess ORDER BY later",
    "SELECT * FROM award ORDER BY full_id",
    "SELECT * FROM award_winner ORDER BY full_id, position",
    "SELECT * FROM notice_tie ORDER BY tie, notice_id",
    "SELECT * FROM notice_buyer ORDER BY notice_id, position",
)


async def store(session: AsyncSession, notices: Sequence[Notice]) -> None:
    await save_notices(session, [Reading(one) for one in notices], PLAIN, NOW)


async def state(session: AsyncSession) -> list[list[tuple[Any, ...]]]:
    return [[tuple(row) for row in await session.execute(text(query))] for query in STATE]


async def forget(session: AsyncSession) -> None:
    await session.execute(text("DELETE FROM notice"))


@pytest.mark.parametrize("seed", range(8))
async def test_late_repeated_corrected_and_shuffled_notices_end_in_the_same_state(session: AsyncSession, seed: int) -> None:
    await store(session, STORY)
    wanted = await state(session)
    await forget(session)
    chance = random.Random(seed)
    arrivals = [*STORY, *chance.choices(STORY, k=4)]
    chance.shuffle(arrivals)
    while arrivals:
        size = chance.randint(1, 4)
        await store(session, arrivals[:size])
        arrivals = arrivals[size:]
    assert await state(session) == wanted


async def test_a_notice_that_is_corrected_leaves_the_procedure_it_no_longer_belongs_to(session: AsyncSession) -> None:
    await store(session, [CALL, RESULT])
    elsewhere = replace(RESULT, version="02", procedure_id="another", title={"fr": "Autre"})
    await store(session, [elsewhere])
    assert [entry.notice_id for entry in (await history_of(session, CALL.notice_id)).entries] == [CALL.notice_id]
    await forget(session)
    await store(session, [elsewhere, CALL])
    assert [entry.notice_id for entry in (await history_of(session, CALL.notice_id)).entries] == [CALL.notice_id]


async def test_deriving_everything_anew_changes_nothing(session: AsyncSession) -> None:
    await store(session, STORY)
    wanted = await state(session)
    assert await join_portion(session, "", 5, PLAIN) == (5, "00000005-2026")
    assert await join_portion(session, "00000005-2026", 5, PLAIN) == (3, "00000008-2026")
    assert await state(session) == wanted
    figures = await procedure_figures(session)
    assert (figures["notices"], figures["not_joined"], figures["reserved"]) == (8, 0, 2)


async def test_a_lots_history_runs_from_plan_to_modification_and_marks_what_is_only_guessed(session: AsyncSession) -> None:
    await store(session, STORY)
    history = await history_of(session, RESULT.notice_id, "LOT-0001")
    assert [(entry.stage, entry.superseded, entry.same_lot) for entry in history.entries] == [
        (Stage.PLANNED, False, True),
        (Stage.CALLED, True, True),
        (Stage.CALLED, False, True),
        (Stage.AWARDED, False, True),
        (Stage.MODIFIED, False, True),
    ]
    assert history.entries[3].winners == ("Ateliers du Lac",)
    guessed = await history_of(session, OLD_AWARD.notice_id, "LOT-0001")
    assert [(entry.notice_id, entry.guess is None) for entry in guessed.entries] == [
        (OLD_CALL.notice_id, False),
        (OLD_AWARD.notice_id, True),
    ]
    assert await find_notice(session, "5E4F4A0C-0000-4000-8000-000000000001") == CALL.notice_id


async def test_an_award_carries_the_reservation_of_the_corrected_call_and_never_that_of_a_guess(session: AsyncSession) -> None:
    reserved_call = replace(OLD_CALL, lots=lots(reserved=PUBLIC_SERVICE))
    await store(session, [CALL, CORRECTED, RESULT, reserved_call, OLD_AWARD])
    found = {row[0]: row[1] for row in await session.execute(text("SELECT notice_id, reserved FROM award"))}
    assert found == {RESULT.notice_id: ["res-pub-ser"], OLD_AWARD.notice_id: []}
    assert len((await history_of(session, OLD_AWARD.notice_id)).entries) == 2


async def test_references_are_sure_by_number_and_asked_by_name_and_place(session: AsyncSession) -> None:
    await save_organisation(session, WORKSHOP, at=NOW)
    elsewhere = replace(
        OLD_AWARD, notice_id="00000009-2026", lots=lots(winner=Winner("Ateliers du Lac", "FR", "Lille", nuts="FRE11"))
    )
    asked = replace(OLD_AWARD, lots=lots(winner=Winner("Ateliers du Lac", "FR", "ANNECY cedex")))
    await store(session, [CALL, CORRECTED, RESULT, asked, elsewhere])
    found = await references_of_supplier(session, WORKSHOP)
    assert {(one.award.card.notice_id, one.identity) for one in found} == {
        (RESULT.notice_id, Identity.SURE),
        (OLD_AWARD.notice_id, Identity.ASK),
    }
    assert await count_winners(session) == {Identity.SURE: 1, Identity.ASK: 1, Identity.NO: 1}
    await answer_reference(session, WORKSHOP.key, f"{OLD_AWARD.notice_id}/LOT-0001", True, "member", NOW)
    assert {one.identity for one in await references_of_supplier(session, WORKSHOP)} == {Identity.SURE}
    await answer_reference(session, WORKSHOP.key, f"{OLD_AWARD.notice_id}/LOT-0001", False, "member", NOW)
    assert [one.award.card.notice_id for one in await references_of_supplier(session, WORKSHOP)] == [RESULT.notice_id]


async def test_a_person_who_won_is_counted_and_never_named(session: AsyncSession) -> None:
    person = Winner("Ana Pérez", "ES", identifier=Identifier("44901212Z"))
    await store(session, [replace(RESULT, lots=lots(winner=person))])
    assert (await session.execute(text("SELECT persons FROM award"))).scalar_one() == 1
    assert (await session.execute(text("SELECT count(*) FROM award_winner"))).scalar_one() == 0


async def test_the_look_back_says_yes_only_when_sure_and_no_only_where_everything_is_at_hand(session: AsyncSession) -> None:
    await save_organisation(session, WORKSHOP, at=NOW)
    asked = [WORKSHOP.key, "register:unknown"]
    cpvs = (CpvCode("85312000"),)
    assert await won_from_buyer(session, TOWN, asked, 3, TODAY, cpvs) == {WORKSHOP.key: None, "register:unknown": None}
    await note_coverage(session, "FR", date(2023, 11, 1), date(2025, 6, 1), "ted", NOW)
    await note_coverage(session, "FR", date(2025, 6, 2), date(2026, 11, 20), "ted", NOW)
    assert await won_from_buyer(session, TOWN, asked, 3, TODAY, cpvs) == {WORKSHOP.key: False, "register:unknown": None}
    await store(session, [RESULT])
    assert (await won_from_buyer(session, TOWN, asked, 3, TODAY, cpvs))[WORKSHOP.key] is None
    await store(session, [CALL, CORRECTED])
    assert (await won_from_buyer(session, TOWN, asked, 3, TODAY, cpvs))[WORKSHOP.key] is True
    assert (await won_from_buyer(session, TOWN, asked, 3, TODAY, (CpvCode("90910000"),)))[WORKSHOP.key] is None
    assert (await won_from_buyer(session, replace(TOWN, identifier=None), asked, 3, TODAY))[WORKSHOP.key] is None
    assert (await won_from_buyer(session, TOWN, asked, 3, date(2029, 5, 3), cpvs))[WORKSHOP.key] is None


async def test_coverage_with_a_gap_covers_nothing(session: AsyncSession) -> None:
    await save_organisation(session, WORKSHOP, at=NOW)
    await note_coverage(session, "FR", date(2020, 1, 1), date(2025, 6, 1), "ted", NOW)
    await note_coverage(session, "FR", date(2025, 6, 3), TODAY, "ted", NOW)
    assert await won_from_buyer(session, TOWN, [WORKSHOP.key], 3, TODAY) == {WORKSHOP.key: None}


async def test_contracts_that_end_are_listed_once_with_the_soonest_first(session: AsyncSession) -> None:
    await store(session, [CALL, CORRECTED, RESULT, MODIFIED])
    assert [award.card.notice_id for award in (await expiring_contracts(session, TODAY, 12)).rows] == [MODIFIED.notice_id]
    assert (await expiring_contracts(session, TODAY, 2)).total == 0
    found = await expiring_contracts(session, TODAY, 12, "FR", ("85",))
    assert (found.total, found.countries, found.rows[0].reserved) == (1, {"FR": 1}, ("res-pub-ser",))
    assert (await expiring_contracts(session, TODAY, 12, "DE")).total == 0


async def test_a_buyer_is_one_by_its_number_and_by_a_name_that_goes_with_no_other(session: AsyncSession) -> None:
    unnumbered = replace(OLD_AWARD, buyers=(replace(TOWN, identifier=None),))
    stranger = replace(OLD_CALL, buyers=(replace(TOWN, town="Lille", identifier=None),))
    await store(session, [CALL, CORRECTED, RESULT, unnumbered, stranger])
    found = await find_buyer(session, "FR~ville-du-lac~annecy")
    assert found is not None
    assert (found.key, found.by_number, found.notices) == ("FR:217400100", True, 4)
    same = await same_buyer(session, found.key)
    awards, total = await awards_of(session, same, 10)
    assert total == 2
    assert [(each.name, each.awards) for each in incumbents(awards, TODAY)] == [
        ("ATELIERS DU LAC SARL", 1),
        ("Les ateliers du Lac", 1),
    ]
    assert [card.notice_id for card in (await calls_of(session, same, 10))[0]] == [CORRECTED.notice_id]
    assert [award.card.notice_id for award in await ending_of(session, same, TODAY, 10)] == [RESULT.notice_id]
    assert (await reservations_of(session, same)).reserved == 1
    assert await find_buyer(session, "FR~nobody~") is None


async def test_two_buyers_of_one_name_with_different_numbers_stay_apart(session: AsyncSession) -> None:
    other = replace(OLD_CALL, buyers=(replace(TOWN, identifier=Identifier("21590350100017")),))
    nameless = replace(OLD_AWARD, buyers=(replace(TOWN, identifier=None),))
    await store(session, [CALL, other, nameless])
    first = await find_buyer(session, "FR:217400100")
    assert first is not None
    assert first.notices == 1
