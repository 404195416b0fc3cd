"""An invitation list from published lots, kept with who made it, when and by which rule."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.access import Person, Role
from matchmaker.domain.engagement import Balance, InvitationList
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, SizeFigures
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.invitations import lists_of, load_list, times_invited
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import record_objection
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.invite import MOST_LOTS, InvitationRequest, invite
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
CLEANING = CpvCode("90910000")
LOT = Lot(
    "LOT-0001",
    {"fr": "nettoyage de bureaux"},
    main_cpv=CLEANING,
    nuts=("FRE11",),
    deadline=Deadline(TODAY + timedelta(days=30)),
)
NOTICE = Notice(
    "00000001-2026",
    "01",
    NoticeKind.COMPETITION,
    "eforms",
    "1.13",
    "fr",
    {"fr": "Nettoyage"},
    (LOT,),
    buyers=(Buyer("Ville", country="FR"),),
    published=TODAY,
)
FULL_ID = "00000001-2026/LOT-0001"


def supplier(name: str, words: str = "nettoyage de bureaux", employees: int | None = 120) -> Organisation:
    return Organisation(
        f"shown:{name}",
        name.title(),
        Base("FR", city="Lille", nuts=NutsCode("FRE11")),
        Provenance("shown", name),
        size=SizeFigures(employees=employees),
        capabilities=(Capability(words, "fr", (CLEANING,)),),
    )


async def officer(sessions: SessionMaker, email: str = "officer@region.example", team: str = "region") -> Person:
    await enrol(sessions, Enrolment(email, Role.OFFICER, team, "Region"), "test", NOW)
    async with sessions() as session:
        person = await load_person(session, await person_id_of(session, email) or 0)
    assert person
    return person


async def made_list(
    sessions: SessionMaker, tools: MatchTools, person: Person, balance: Balance, lots: tuple[str, ...] = (FULL_ID,)
) -> InvitationList:
    wanted = InvitationRequest("region", "Cleaning round table", lots, balance)
    list_id = await invite(sessions, person, wanted, tools, TODAY, NOW)
    async with sessions() as session:
        made = await load_list(session, list_id, ["region"])
    assert made
    return made


async def publish(sessions: SessionMaker, *notices: Notice) -> None:
    async with transaction(sessions) as session:
        for notice in notices:
            await save_notice(session, notice)


async def test_the_list_names_everyone_considered_with_a_reason(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("able"), supplier("half", "nettoyage de vitres"), supplier("baker", "boulangerie artisanale"))
    await publish(sessions, NOTICE)
    made = await made_list(sessions, word_tools, await officer(sessions), Balance(seats=1, minimum_score=0.4))
    assert [each.name for each in made.selection.invited] == ["Able"]
    assert {each.name for each in made.selection.left_out} == {"Half", "Baker"}
    assert made.selection.invited[0].because
    assert all(str(each.why) for each in made.selection.left_out)
    assert (made.made_by, made.made_at, made.scorer_version) == ("officer@region.example", NOW, word_tools.version)
    assert made.lots[0].title == "nettoyage de bureaux"


async def test_a_list_stays_as_it_was_when_the_world_moves_on(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("able"))
    await publish(sessions, NOTICE)
    made = await made_list(sessions, word_tools, await officer(sessions), Balance())
    await store(supplier("able", "boulangerie"), supplier("newer"))
    async with sessions() as session:
        assert await load_list(session, made.list_id, ["region"]) == made


async def test_who_was_invited_before_is_counted_and_gives_way_to_an_equal(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("aa"), supplier("bb"))
    await publish(sessions, NOTICE)
    person = await officer(sessions)
    rule = Balance(seats=1, best_per_lot=1, small_share=0, newcomer_share=0)
    names = [(await made_list(sessions, word_tools, person, rule)).selection.invited[0].name for _ in range(3)]
    assert names == ["Aa", "Bb", "Aa"]
    async with sessions() as session:
        assert await times_invited(session, ["shown:aa", "shown:bb", "shown:cc"]) == {"shown:aa": 2, "shown:bb": 1}


async def test_a_supplier_that_objected_to_being_listed_is_not_considered(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("able"), supplier("shy"))
    async with transaction(sessions) as session:
        await record_objection(session, "shown:shy", NOW)
    await publish(sessions, NOTICE)
    made = await made_list(sessions, word_tools, await officer(sessions), Balance())
    assert [each.name for each in made.selection.invited] == ["Able"]
    assert made.selection.left_out == ()


async def test_another_team_neither_sees_nor_makes_it(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("able"))
    await publish(sessions, NOTICE)
    made = await made_list(sessions, word_tools, await officer(sessions), Balance())
    stranger = await officer(sessions, "other@elsewhere.example", "elsewhere")
    async with sessions() as session:
        assert await load_list(session, made.list_id, ["elsewhere"]) is None
        assert await lists_of(session, ["elsewhere"]) == []
        assert [each.title for each in await lists_of(session, ["region"])] == ["Cleaning round table"]
    with pytest.raises(NotFound):
        await invite(sessions, stranger, InvitationRequest("region", "x", (FULL_ID,), Balance()), word_tools, TODAY, NOW)


async def test_lots_must_exist_be_upcoming_and_not_too_many(sessions: SessionMaker, word_tools: MatchTools) -> None:
    past = replace(LOT, lot_id="LOT-0002", deadline=Deadline(TODAY - timedelta(days=1)))
    await publish(sessions, replace(NOTICE, lots=(LOT, past)))
    person = await officer(sessions)
    cases = {
        (): "0 lots",
        tuple(f"1-2026/LOT-{number}" for number in range(MOST_LOTS + 1)): f"{MOST_LOTS + 1} lots",
        ("00000001-2026/LOT-0002",): "is closed",
    }
    for lots, said in cases.items():
        with pytest.raises(InvalidValue, match=said):
            await invite(sessions, person, InvitationRequest("region", "x", lots, Balance()), word_tools, TODAY, NOW)
    with pytest.raises(NotFound, match="no lot"):
        await invite(sessions, person, InvitationRequest("region", "x", ("none/LOT-1",), Balance()), word_tools, TODAY, NOW)


async def test_who_drew_up_a_list_is_in_the_audit(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("able"))
    await publish(sessions, NOTICE)
    person = await officer(sessions)
    made = await made_list(sessions, word_tools, person, Balance())
    async with sessions() as session:
        entry = (await history(session, "region"))[-1]
    assert (entry.action, entry.who) == ("invitation list computed", str(person.person_id))
    assert entry.after == {"list": made.list_id, "lots": [FULL_ID], "invited": 1}
