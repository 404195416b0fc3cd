"""A kept search is a sourcing record: replayed to the same order, invisible to everyone but the team."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.domain.errors import InvalidValue, NotAllowed, NotFound
from matchmaker.domain.match import Need
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.sourcing_record import Decision, EventKind, KeptSearch, Outcome, RecordKind
from matchmaker.domain.values import Deadline, NutsCode
from matchmaker.planning.exposure import take_turns
from matchmaker.storage.codec import from_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.people import PersonRow, add_member, load_person, save_person, save_team
from matchmaker.workflows.plan_lot import plan_lot
from matchmaker.workflows.prove_record import prove
from matchmaker.workflows.shortlist import Keep, keep_lot, keep_plan, keep_shortlist
from matchmaker.workflows.sourcing_record import (
    add_note,
    decide,
    delete_records_overdue,
    export_record,
    read_record,
    record_for_operator,
    records_of,
    share,
    stop_sharing,
)
from matchmaker.workflows.tools import MatchTools

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 9, tzinfo=UTC)
NEED = Need("draft", {"fr": "nettoyage de bureaux"}, language="fr", nuts=(NutsCode("FR10"),), country="FR")
OFFICES = Keep("town", "Offices")
LOT = "00000009-2026/LOT-0001"


async def member(session: AsyncSession, email: str, team: str, role: Role) -> Person:
    person_id = await save_person(session, email, "fr", NOW)
    await save_team(session, team, team, NOW)
    await add_member(session, person_id, team, role, NOW)
    await session.commit()
    person = await load_person(session, person_id)
    assert person is not None
    return person


@pytest.fixture
async def buyer(session: AsyncSession, store: Callable[..., Awaitable[None]]) -> Person:
    base = Base("FR", nuts=NutsCode("FR10"))
    works = ("nettoyage", "nettoyage de bureaux", "jardin")
    suppliers = [
        Organisation(f"shown:{work}", work, base, Provenance("shown", work), capabilities=(Capability(work),)) for work in works
    ]
    await store(*suppliers)
    return await member(session, "buyer@town.example", "town", Role.BUYER)


@pytest.fixture
async def record_id(buyer: Person, sessions: SessionMaker, word_tools: MatchTools) -> str:
    """The search for NEED, kept by the town."""
    return await keep_shortlist(sessions, buyer, OFFICES, NEED, word_tools, TODAY, NOW)


@pytest.fixture
async def lot(sessions: SessionMaker) -> str:
    lots = (Lot("LOT-0001", {"fr": "nettoyage de bureaux"}, nuts=("FR10",), deadline=Deadline(date(2027, 1, 10))),)
    notice = Notice(
        "00000009-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "fr", {"fr": "x"}, lots, (Buyer("Town", "FR"),)
    )
    async with transaction(sessions) as session:
        await save_notice(session, notice)
    return LOT


async def test_a_kept_search_holds_request_version_day_and_reasons(
    buyer: Person, record_id: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    record = await read_record(sessions, buyer, record_id)
    search = from_document({**record.opened.content}, KeptSearch)
    assert (search.need, search.looked_at, search.scorer_version) == (NEED, TODAY, word_tools.version)
    assert [match.supplier_key for match in search.matches] == ["shown:nettoyage de bureaux", "shown:nettoyage", "shown:jardin"]
    assert all(str(result.sentence) for match in search.matches for result in match.criteria)
    assert {supplier.name for supplier in search.suppliers} == {"nettoyage", "nettoyage de bureaux", "jardin"}
    assert (record.head.kind, record.head.title, record.head.outcome) == (RecordKind.SEARCH, "Offices", None)


async def test_a_record_proves_the_same_order_and_scores(
    buyer: Person, record_id: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    proof = prove(await read_record(sessions, buyer, record_id), word_tools.capability)
    assert (proof.whole, proof.order, proof.scores, proof.holds) == (True, True, 3, True)
    assert proof.difference is not None
    assert proof.difference < 1e-9


async def test_a_lot_s_record_holds_the_turns_that_ordered_equal_scores(
    buyer: Person, lot: str, sessions: SessionMaker, word_tools: MatchTools, store: Callable[..., Awaitable[None]]
) -> None:
    base = Base("FR", nuts=NutsCode("FR10"))
    twins = [
        Organisation(f"shown:twin{n}", f"Twin {n}", base, Provenance("shown", f"{n}"), capabilities=(Capability("nettoyage"),))
        for n in range(12)
    ]
    await store(*twins)
    kept = await keep_lot(sessions, buyer, OFFICES, lot, word_tools, TODAY, NOW)
    record = await read_record(sessions, buyer, kept)
    search = from_document({**record.opened.content}, KeptSearch)
    assert search.turns is not None
    assert search.turns.order != search.turns.base
    assert [match.supplier_key for match in search.matches] == list(search.turns.order)
    assert prove(record, word_tools.capability).repeated is True
    other_state = {key: each for key, each in search.turns.given.items() if each.received}
    scored = [
        (match.supplier_key, match.log_odds) for match in sorted(search.matches, key=lambda m: (-m.log_odds, m.supplier_key))
    ]
    assert take_turns(lot, scored, other_state).order != search.turns.order


async def test_a_plan_s_record_holds_the_plan_and_replays_the_scores_it_counts(
    buyer: Person, lot: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    plan = await plan_lot(sessions, lot, word_tools, TODAY)
    kept = await keep_plan(sessions, buyer, Keep("town", "Reserve?"), plan, (), word_tools, NOW)
    record = await read_record(sessions, buyer, kept)
    assert (record.head.kind, record.head.need_id) == (RecordKind.PLAN, lot)
    kept_plan = record.opened.content["plan"]
    assert [each["text"] for each in kept_plan["answer"]] == [each.text for each in plan.answer]
    assert [regime["regime_id"] for regime in kept_plan["regimes"]] == [regime.regime_id for regime in plan.regimes]
    assert kept_plan["assumptions"]["wanted"] == plan.assumptions.wanted
    assert not any(each.get("carries") for regime in kept_plan["regimes"] for each in regime["suppliers"])
    proof = prove(record, word_tools.capability)
    assert (proof.holds, proof.repeated) == (True, True)


async def test_another_scorer_leaves_the_scores_unproven_and_the_chain_proven(
    buyer: Person, record_id: str, sessions: SessionMaker
) -> None:
    class Newer:
        version, intercept = "newer", 0.0

    proof = prove(await read_record(sessions, buyer, record_id), Newer())  # type: ignore[arg-type]
    assert (proof.whole, proof.repeated, proof.holds) == (True, None, True)


async def test_another_team_a_supplier_and_an_officer_see_neither_the_record_nor_that_it_exists(
    buyer: Person, record_id: str, session: AsyncSession, sessions: SessionMaker
) -> None:
    others = [
        await member(session, "buyer@village.example", "village", Role.BUYER),
        await member(session, "office@work.example", "shown:nettoyage", Role.SUPPLIER),
        await member(session, "officer@town.example", "town", Role.OFFICER),
        await member(session, "builder@works.example", "works", Role.MAIN_CONTRACTOR),
    ]
    decision = Decision(Outcome.SUITABLE, "because")
    for other in others:
        assert await records_of(sessions, other) == []
        for attempt in (
            read_record(sessions, other, record_id),
            add_note(sessions, other, record_id, "we were here", NOW),
            decide(sessions, other, record_id, decision, TODAY, NOW),
            share(sessions, other, record_id, "officer@town.example", NOW),
            export_record(sessions, other, record_id, "json", NOW),
        ):
            with pytest.raises(NotFound, match="no such record"):
                await attempt
    colleague = await member(session, "second@town.example", "town", Role.BUYER)
    assert (await read_record(sessions, colleague, record_id)).head.length == 1


async def test_an_officer_let_in_reads_and_notes_and_decides_nothing(
    buyer: Person, record_id: str, session: AsyncSession, sessions: SessionMaker
) -> None:
    officer = await member(session, "officer@region.example", "region", Role.OFFICER)
    await member(session, "office@work.example", "shown:nettoyage", Role.SUPPLIER)
    assert not await share(sessions, buyer, record_id, "nobody@region.example", NOW)
    assert not await share(sessions, buyer, record_id, "office@work.example", NOW)
    assert await share(sessions, buyer, record_id, "Officer@Region.example", NOW)
    assert [head.record_id for head in await records_of(sessions, officer)] == [record_id]
    await add_note(sessions, officer, record_id, "Two more could be asked.", NOW)
    with pytest.raises(NotFound):
        await decide(sessions, officer, record_id, Decision(Outcome.SUITABLE, "because"), TODAY, NOW)
    with pytest.raises(NotFound):
        await share(sessions, officer, record_id, "officer@region.example", NOW)
    await stop_sharing(sessions, buyer, record_id, officer.person_id, NOW)
    assert await records_of(sessions, officer) == []
    with pytest.raises(NotFound):
        await read_record(sessions, officer, record_id)
    kinds = [event.kind for event in (await read_record(sessions, buyer, record_id)).events]
    assert kinds == [EventKind.OPENED, EventKind.SHARED, EventKind.NOTED, EventKind.SHARING_ENDED]


async def test_a_decision_needs_a_reason_and_names_only_suppliers_of_the_record(
    buyer: Person, record_id: str, sessions: SessionMaker
) -> None:
    with pytest.raises(InvalidValue, match="Nothing is written"):
        await decide(sessions, buyer, record_id, Decision(Outcome.NONE_SUITABLE, "  "), TODAY, NOW)
    with pytest.raises(InvalidValue, match="does not stand in this record"):
        await decide(sessions, buyer, record_id, Decision(Outcome.SUITABLE, "good", ("shown:else",)), TODAY, NOW)
    await decide(sessions, buyer, record_id, Decision(Outcome.NONE_SUITABLE, "all too small"), TODAY, NOW)
    await decide(sessions, buyer, record_id, Decision(Outcome.SUITABLE, "one grew", ("shown:jardin",)), TODAY, NOW)
    record = await read_record(sessions, buyer, record_id)
    assert [event.content["outcome"] for event in record.of_kind(EventKind.DECIDED)] == ["none-suitable", "suitable"]
    assert (record.head.outcome, record.head.decided_on) == (Outcome.SUITABLE, TODAY)


async def test_an_erased_person_leaves_the_chain_whole_and_no_trace(
    buyer: Person, record_id: str, session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await add_note(sessions, buyer, record_id, "Asked three of them.", NOW)
    before = await read_record(sessions, buyer, record_id)
    assert set(before.people.values()) == {"buyer@town.example"}
    assert not any("buyer@town.example" in link.body or f'"{buyer.person_id}"' in link.body for link in before.links)
    await session.execute(delete(PersonRow).where(col(PersonRow.person_id) == buyer.person_id))
    await session.commit()
    after = await record_for_operator(sessions, record_id)
    assert (after.links, after.people) == (before.links, {})
    assert prove(after, word_tools.capability).holds


async def test_two_records_know_one_person_by_different_marks(
    buyer: Person, record_id: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    other_id = await keep_shortlist(sessions, buyer, OFFICES, NEED, word_tools, TODAY, NOW)
    marks = {(await read_record(sessions, buyer, each)).opened.actor for each in (record_id, other_id)}
    assert len(marks) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sourcing_record_event SET body = replace(body, 'Offices', 'Roofs')",
        "UPDATE sourcing_record_event SET digest = repeat('0', 64)",
        "DELETE FROM sourcing_record_event",
        "DELETE FROM sourcing_record",
        "TRUNCATE sourcing_record_event",
    ],
)
async def test_the_database_refuses_to_change_or_delete_an_event(record_id: str, session: AsyncSession, statement: str) -> None:
    with pytest.raises(DBAPIError, match="locked"):
        await session.execute(text(statement))
    await session.rollback()


async def test_whoever_gets_past_the_database_s_lock_is_found_out(
    buyer: Person, record_id: str, session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await add_note(sessions, buyer, record_id, "Asked three of them.", NOW)
    await session.execute(text("ALTER TABLE sourcing_record_event DISABLE TRIGGER USER"))
    await session.execute(text("DELETE FROM sourcing_record_event WHERE number = 2"))
    await session.commit()
    cut = prove(await record_for_operator(sessions, record_id), word_tools.capability)
    assert (cut.whole, cut.holds) == (False, False)
    await session.execute(text("UPDATE sourcing_record_event SET body = replace(body, 'Offices', 'Orifice')"))
    await session.commit()
    changed = prove(await record_for_operator(sessions, record_id), word_tools.capability)
    assert changed.broken_at == 1


async def test_records_go_three_years_after_the_award_and_no_day_sooner(
    buyer: Person, record_id: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    undecided = await keep_shortlist(sessions, buyer, OFFICES, NEED, word_tools, TODAY, NOW)
    award = date(2027, 6, 1)
    await decide(sessions, buyer, record_id, Decision(Outcome.SUITABLE, "good", awarded_on=award), TODAY, NOW)
    head = (await read_record(sessions, buyer, record_id)).head
    assert head.kept_until(3) == date(2030, 6, 1)
    assert await delete_records_overdue(sessions, 3, date(2029, 11, 24)) == 0
    assert await delete_records_overdue(sessions, 3, date(2029, 11, 25)) == 1
    with pytest.raises(NotFound):
        await read_record(sessions, buyer, undecided)
    assert await delete_records_overdue(sessions, 3, date(2030, 6, 1)) == 0
    assert await delete_records_overdue(sessions, 3, date(2030, 6, 2)) == 1
    assert await records_of(sessions, buyer) == []


async def test_records_are_listed_newest_first(
    buyer: Person, record_id: str, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    later = await keep_shortlist(sessions, buyer, Keep("town", "Second"), NEED, word_tools, TODAY, NOW.replace(hour=10))
    assert [head.record_id for head in await records_of(sessions, buyer)] == [later, record_id]


async def test_nobody_keeps_a_search_for_a_team_of_others(buyer: Person, sessions: SessionMaker, word_tools: MatchTools) -> None:
    stranger = replace(buyer, memberships=(Membership("village", "Village", Role.BUYER),))
    with pytest.raises(NotAllowed, match="not a buyer in this team"):
        await keep_shortlist(sessions, stranger, OFFICES, NEED, word_tools, TODAY, NOW)
