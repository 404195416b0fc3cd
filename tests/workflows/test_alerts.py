"""From a published lot to one mail that says why."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.notice import Buyer, Lot, LotResult, Notice, NoticeKind, ReservedParticipation, Winner
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.language.formats import day
from matchmaker.reference.bundle import core_reference
from matchmaker.storage.alert_profiles import load_alert_profile, take_lots_to_raise
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import MatchRow
from matchmaker.storage.notices import save_notice
from matchmaker.storage.people import load_person, person_id_of, remove_member
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.raise_alerts import raise_alerts, raise_alerts_for_new_lots
from matchmaker.workflows.raise_outcomes import raise_outcomes
from matchmaker.workflows.save_alert import save_alert, stop_alerts
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
LAUNDRY = CpvCode("98310000")
LOT = Lot(
    "LOT-0001",
    {"fr": "blanchisserie du linge"},
    main_cpv=LAUNDRY,
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
    {"fr": "Linge"},
    (LOT,),
    buyers=(Buyer("Hôpital de Lille", country="FR"),),
    published=TODAY,
)
COMPOSER = Composer("https://matchmaker.example", "a key of the tests", "alerts@matchmaker.example")
EMAIL = "claire@esat.example"


def supplier(name: str, words: str = "blanchisserie du linge") -> Organisation:
    base = Base("FR", city="Lille", nuts=NutsCode("FRE11"))
    return Organisation(
        f"shown:{name}", name.title(), base, Provenance("shown", name), capabilities=(Capability(words, "fr", (LAUNDRY,)),)
    )


async def member(sessions: SessionMaker, key: str, email: str = EMAIL, **wishes: Any) -> int:
    """A member of a supplier with an alert."""
    await enrol(sessions, Enrolment(email, Role.SUPPLIER, key, language="fr"), "test", NOW)
    async with sessions() as session:
        person_id = await person_id_of(session, email) or 0
        person = await load_person(session, person_id)
    assert person
    profile = replace(AlertProfile(person_id, key), **wishes)
    await save_alert(sessions, person, profile, core_reference(), NOW)
    return person_id


async def publish(sessions: SessionMaker, *notices: Notice) -> None:
    async with transaction(sessions) as session:
        for notice in notices:
            await save_notice(session, notice)


async def mails(sessions: SessionMaker, tools: MatchTools, today: date = TODAY) -> list[Mail]:
    """What a round of the worker sends."""
    mailer = RecordingMailer()
    await raise_alerts_for_new_lots(sessions, tools, today, NOW)
    await dispatch_due(sessions, mailer, COMPOSER, lambda: NOW)
    return mailer.sent


async def test_a_new_matching_lot_leads_to_exactly_one_mail(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    await publish(sessions, NOTICE)
    (mail,) = await mails(sessions, word_tools)
    assert mail.to == EMAIL
    assert mail.language == "fr"
    assert "blanchisserie du linge" in mail.subject
    assert "https://matchmaker.example/lots/00000001-2026/LOT-0001" in mail.text
    for _ in range(3):
        assert await mails(sessions, word_tools) == []


async def test_a_call_for_interest_is_told_with_the_last_day_to_express_it(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    await publish(sessions, replace(NOTICE, lots=(replace(LOT, deadline=None, interest_deadline=LOT.deadline),)))
    (mail,) = await mails(sessions, word_tools)
    assert "L’intérêt peut être manifesté jusqu’au 24 déc. 2026." in mail.text


async def test_the_match_the_mail_rests_on_is_kept_with_it(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    await publish(sessions, NOTICE)
    async with sessions() as dying:
        assert await raise_alerts(dying, [("00000001-2026/LOT-0001", "01")], word_tools, TODAY, NOW) == 1
        await dying.rollback()
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(MatchRow)) == 0
        assert await session.scalar(text("SELECT count(*) FROM outbox_item")) == 0
    assert len(await mails(sessions, word_tools)) == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(MatchRow)) == 1


async def test_two_organisations_of_one_person_share_a_mail_that_names_both(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"), supplier("pressing"))
    await member(sessions, "shown:linge")
    await member(sessions, "shown:pressing")
    await publish(sessions, NOTICE)
    (mail,) = await mails(sessions, word_tools)
    assert "Linge" in mail.text
    assert "Pressing" in mail.text


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"regions": (NutsCode("FRE1"),)}, True),
        ({"regions": (NutsCode("FR"),)}, True),
        ({"regions": (NutsCode("FRE11"), NutsCode("ITC4"))}, True),
        ({"regions": (NutsCode("FRK2"),)}, False),
        ({"only_reserved": True}, False),
        ({"minimum_score": 0.999}, False),
        ({"minimum_score": 0.0}, True),
    ],
)
async def test_wishes_decide_what_is_told(
    sessions: SessionMaker, store: Store, word_tools: MatchTools, wishes: dict[str, Any], told: bool
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge", **wishes)
    await publish(sessions, NOTICE)
    assert len(await mails(sessions, word_tools)) == told


async def test_a_lot_far_from_where_the_supplier_works_is_told_only_to_who_names_the_region(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    palermo = replace(supplier("linge"), base=Base("IT", nuts=NutsCode("ITG1")), area=ServiceArea(nuts=(NutsCode("ITG1"),)))
    await store(palermo)
    await member(sessions, palermo.key, minimum_score=0.0)
    await member(sessions, palermo.key, "expanding@linge.example", minimum_score=0.0, regions=(NutsCode("FR"),))
    await publish(sessions, NOTICE)
    assert [mail.to for mail in await mails(sessions, word_tools)] == ["expanding@linge.example"]


async def test_activities_are_wishes_too(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    laundry = next(each.key for each in word_tools.reference.activities if each.covers(LAUNDRY))
    other = next(each.key for each in word_tools.reference.activities if not each.covers(LAUNDRY) and each.group == "food")
    await store(supplier("linge"))
    await member(sessions, "shown:linge", activities=(laundry,))
    await member(sessions, "shown:linge", "cook@esat.example", activities=(other,))
    await publish(sessions, NOTICE)
    assert [mail.to for mail in await mails(sessions, word_tools)] == [EMAIL]


async def test_a_reserved_lot_reaches_those_who_want_only_reserved_ones(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge", only_reserved=True, minimum_score=0.0)
    kept = replace(LOT, reserved=frozenset({ReservedParticipation.SHELTERED}))
    silent = replace(LOT, lot_id="LOT-0002", reserved=frozenset({ReservedParticipation.NONE}))
    await publish(sessions, replace(NOTICE, lots=(kept, silent)))
    (mail,) = await mails(sessions, word_tools)
    assert "LOT-0001" in mail.text
    assert "LOT-0002" not in mail.text


async def test_closed_and_awarded_lots_are_no_news(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    past = replace(LOT, deadline=Deadline(TODAY - timedelta(days=1)))
    await publish(sessions, replace(NOTICE, lots=(past,)), replace(NOTICE, notice_id="00000002-2026", kind=NoticeKind.RESULT))
    assert await mails(sessions, word_tools) == []


async def test_a_newer_version_is_told_once_as_a_change(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    await publish(sessions, NOTICE)
    await mails(sessions, word_tools)
    later = replace(LOT, deadline=Deadline(TODAY + timedelta(days=60)))
    await publish(sessions, replace(NOTICE, version="02", lots=(later,)))
    (mail,) = await mails(sessions, word_tools)
    assert "a changé" in mail.text or "has changed" in mail.text
    assert day(TODAY + timedelta(days=60), "fr") in mail.text, "says what the new deadline is"
    assert await mails(sessions, word_tools) == []


async def test_who_was_told_hears_of_a_change_that_takes_the_lot_out_of_its_alert(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge", regions=(NutsCode("FRE"),))
    await member(sessions, "shown:linge", "later@esat.example", regions=(NutsCode("FRL"),))
    await publish(sessions, NOTICE)
    assert [mail.to for mail in await mails(sessions, word_tools)] == [EMAIL]
    await publish(sessions, replace(NOTICE, version="02", lots=(replace(LOT, nuts=("FRB05",)),)))
    (mail,) = await mails(sessions, word_tools)
    assert mail.to == EMAIL
    assert "score" not in mail.text.lower()


async def test_who_was_told_of_a_lot_hears_once_what_came_of_it(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    call = replace(NOTICE, procedure_id="p-1")
    await publish(sessions, call)
    await mails(sessions, word_tools)
    won = LotResult(winners=(Winner("Blanchisserie du Nord", country="FR"),), awarded=True)
    result = replace(
        call, notice_id="00000044-2027", kind=NoticeKind.RESULT, lots=(replace(LOT, deadline=None, result=won),), previous=()
    )
    await publish(sessions, result)
    assert await raise_outcomes(sessions, NOW) == 1
    (mail,) = await mails(sessions, word_tools)
    assert "Blanchisserie du Nord" in mail.text
    assert "/answer/" not in mail.text, "nothing is asked about a lot that is over"
    assert await raise_outcomes(sessions, NOW) == 0
    assert await mails(sessions, word_tools) == []


async def test_results_of_lots_nobody_was_told_of_are_left_alone(sessions: SessionMaker, store: Store) -> None:
    await publish(sessions, replace(NOTICE, procedure_id="p-2"))
    won = LotResult(winners=(Winner("Blanchisserie du Nord", country="FR"),), awarded=True)
    result = replace(
        NOTICE, notice_id="00000045-2027", procedure_id="p-2", kind=NoticeKind.RESULT, lots=(replace(LOT, result=won),)
    )
    await publish(sessions, result)
    assert await raise_outcomes(sessions, NOW) == 0


async def test_a_correction_under_another_number_is_told_as_a_change(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    await member(sessions, "shown:linge")
    await publish(sessions, NOTICE)
    await mails(sessions, word_tools)
    correction = replace(NOTICE, notice_id="00000009-2026", kind=NoticeKind.CHANGE, changes="00000001-2026")
    await publish(sessions, correction)
    (mail,) = await mails(sessions, word_tools)
    assert "a changé" in mail.text or "has changed" in mail.text


async def test_who_left_the_organisation_hears_nothing(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier("linge"))
    person_id = await member(sessions, "shown:linge")
    async with transaction(sessions) as session:
        await remove_member(session, person_id, "shown:linge", Role.SUPPLIER)
    await publish(sessions, NOTICE)
    assert await mails(sessions, word_tools) == []


async def test_stopped_alerts_stay_stopped_until_saved_again(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    person_id = await member(sessions, "shown:linge")
    await member(sessions, "shown:linge", "colleague@esat.example")
    assert await stop_alerts(sessions, person_id, NOW) == 1
    assert await stop_alerts(sessions, person_id, NOW) == 0
    await publish(sessions, NOTICE)
    assert [mail.to for mail in await mails(sessions, word_tools)] == ["colleague@esat.example"]
    await member(sessions, "shown:linge")
    await publish(sessions, replace(NOTICE, notice_id="00000003-2026"))
    assert sorted(mail.to for mail in await mails(sessions, word_tools)) == [EMAIL, "colleague@esat.example"]


async def test_each_lot_is_taken_for_raising_once(sessions: SessionMaker) -> None:
    await publish(sessions, NOTICE, replace(NOTICE, notice_id="00000002-2026"))
    async with transaction(sessions) as session:
        first = await take_lots_to_raise(session, TODAY, NOW, 1)
        second = await take_lots_to_raise(session, TODAY, NOW, 5)
        third = await take_lots_to_raise(session, TODAY, NOW, 5)
    assert first == [("00000001-2026/LOT-0001", "01")]
    assert second == [("00000002-2026/LOT-0001", "01")]
    assert third == []


async def test_two_workers_never_raise_the_same_lot(committed: SessionMaker) -> None:
    await publish(committed, *(replace(NOTICE, notice_id=f"{number:08d}-2026") for number in range(1, 31)))

    async def take() -> list[tuple[str, str]]:
        taken: list[tuple[str, str]] = []
        for _ in range(10):
            async with transaction(committed) as session:
                taken += await take_lots_to_raise(session, TODAY, NOW, 7)
                await asyncio.sleep(0.01)
        return taken

    found = [lot for taken in await asyncio.gather(*(take() for _ in range(3))) for lot in taken]
    assert len(found) == 30
    assert len(set(found)) == 30


async def test_saving_an_alert_is_written_down_with_what_it_was(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"))
    person_id = await member(sessions, "shown:linge")
    await member(sessions, "shown:linge", minimum_score=0.9)
    async with sessions() as session:
        entries = [entry for entry in await history(session, "shown:linge") if entry.action == "alert saved"]
        stored = await load_alert_profile(session, person_id, "shown:linge")
    assert stored
    assert stored.minimum_score == 0.9
    assert stored.consented_at == NOW
    assert [entry.who for entry in entries] == [str(person_id)] * 2
    assert entries[1].after
    assert entries[1].after["minimum_score"] == 0.9
    assert entries[1].before is not None


async def test_an_alert_for_somebody_else_s_organisation_is_refused(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier("linge"), supplier("other"))
    person_id = await member(sessions, "shown:linge")
    async with sessions() as session:
        person = await load_person(session, person_id)
    assert person
    with pytest.raises(NotFound):
        await save_alert(sessions, person, AlertProfile(person_id, "shown:other"), word_tools.reference, NOW)
    wrong = AlertProfile(person_id, "shown:linge", activities=("flying",))
    with pytest.raises(InvalidValue, match="no activity"):
        await save_alert(sessions, person, wrong, word_tools.reference, NOW)
