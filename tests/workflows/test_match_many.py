"""Many lots matched together give what each alone gives, stored with its turns, and are not matched twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.candidates import Scope
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import MatchRow, MatchRunRow, suppliers_stamp, take_run
from matchmaker.storage.notices import load_needs, save_notice
from matchmaker.storage.organisations import save_organisations
from matchmaker.workflows import match_many
from matchmaker.workflows.keep_rankings import Rankings
from matchmaker.workflows.match_lots import match_lot, match_need, run_of
from matchmaker.workflows.tools import MatchTools

TODAY = date(2026, 11, 24)
WORK = {
    "90910000": "nettoyage de bureaux",
    "77310000": "jardinage et élagage",
    "98310000": "pesula ja silitys",
    "55520000": "restauration collective",
}
REGIONS = ("FR10", "FRL0", "FI1B")


def supplier(number: int) -> Organisation:
    code, text = list(WORK.items())[number % len(WORK)]
    nuts = NutsCode(REGIONS[number % len(REGIONS)])
    declared = (CpvCode(code),) if number % 2 else ()
    return Organisation(
        f"shown:{number:02d}",
        f"Atelier {number}",
        Base(nuts.country, nuts=nuts),
        Provenance("shown", str(number)),
        language="fr",
        capabilities=(Capability(f"{text} {'et ateliers ' * (number % 5)}", "fr", declared),),
    )


def notice(number: int) -> Notice:
    lots = tuple(
        Lot(
            f"LOT-{place:04d}",
            {"fr": text},
            main_cpv=CpvCode(code),
            nuts=(REGIONS[(number + place) % len(REGIONS)],),
            deadline=Deadline(TODAY + timedelta(days=10 + place)),
        )
        for place, (code, text) in enumerate(WORK.items(), 1)
    )
    return Notice(
        f"{number:08d}-2026",
        "01",
        NoticeKind.COMPETITION,
        "eforms",
        "1.13",
        "fr",
        {"fr": "Services"},
        lots,
        buyers=(Buyer("Ville", country="FR"),),
        published=TODAY,
    )


async def save(sessions: SessionMaker, tools: MatchTools, *organisations: Organisation) -> None:
    encode = tools.encoder.encode
    vectors = {each.key: list(encode([work.text for work in each.capabilities])) for each in organisations}
    async with transaction(sessions) as session:
        await save_organisations(session, organisations, vectors, encoder="pairs")


@pytest_asyncio.fixture
async def lots(committed: SessionMaker, word_tools: MatchTools, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twelve lots of three notices, of which five are taken together, and thirty suppliers, of which twenty are remembered."""
    monkeypatch.setattr(match_many, "TOGETHER", 5)
    monkeypatch.setattr(match_many, "WORTH_A_PASS", 3)
    monkeypatch.setattr(match_many, "REMEMBERED", 20)
    await save(committed, word_tools, *(supplier(number) for number in range(30)))
    notices = [notice(number) for number in range(1, 4)]
    async with transaction(committed) as session:
        for each in notices:
            await save_notice(session, each)
    return [f"{each.notice_id}/{lot.lot_id}" for each in notices for lot in each.lots]


async def done(sessions: SessionMaker, lots: list[str], tools: MatchTools, scope: Scope = Scope.EUROPE) -> list[str]:
    return [lot async for lot in match_many.match_many(sessions, lots, tools, TODAY, scope)]


async def count(sessions: SessionMaker, kind: type[MatchRow] | type[MatchRunRow]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.parametrize("scope", [Scope.EUROPE, Scope.COUNTRY])
async def test_every_lot_gets_the_scores_it_gets_alone(
    lots: list[str], committed: SessionMaker, word_tools: MatchTools, scope: Scope
) -> None:
    async with committed() as session:
        needs = await load_needs(session, lots)
    alone = {need.need_id: await match_need(committed, need, word_tools, TODAY, 50, scope) for need in needs}
    assert sorted(await done(committed, [*lots, "nobody/knows"], word_tools, scope)) == sorted(lots)
    assert await count(committed, MatchRunRow) == len(lots)
    asked = word_tools.capability.asked  # type: ignore[attr-defined]
    for lot in lots:
        stored = await match_lot(committed, lot, word_tools, TODAY, 50, scope)
        assert sorted(stored, key=lambda each: each.supplier_key) == sorted(alone[lot], key=lambda each: each.supplier_key)
    assert word_tools.capability.asked == asked  # type: ignore[attr-defined]


async def test_what_was_interrupted_is_gone_on_with_and_what_is_current_is_left_alone(
    lots: list[str], committed: SessionMaker, word_tools: MatchTools
) -> None:
    first = []
    async for lot in match_many.match_many(committed, lots, word_tools, TODAY):
        first.append(lot)
        if len(first) == 3:
            break
    assert await count(committed, MatchRunRow) == 3
    for _ in range(2):
        assert sorted(await done(committed, lots, word_tools)) == sorted(lots)
        assert word_tools.capability.asked == len(lots)  # type: ignore[attr-defined]


async def test_a_supplier_that_changed_is_read_again(lots: list[str], committed: SessionMaker, word_tools: MatchTools) -> None:
    await done(committed, lots[:4], word_tools)
    await save(committed, word_tools, replace(supplier(1), capabilities=(Capability("nettoyage de bureaux", "fr"),)))
    await done(committed, lots, word_tools)
    stored = await match_lot(committed, lots[0], word_tools, TODAY)
    changed = next(each for each in stored if each.supplier_key == "shown:01")
    assert changed.contributions["capability.words"] == 4


async def test_a_lot_that_another_process_matches_is_left_to_it(
    lots: list[str], committed: SessionMaker, word_tools: MatchTools
) -> None:
    async with committed() as session:
        need = (await load_needs(session, lots[:1]))[0]
        run = run_of(need, word_tools, TODAY, Scope.EUROPE, await suppliers_stamp(session))
        assert await take_run(session, run, 1)
        assert await done(committed, lots, word_tools) == lots
    assert await count(committed, MatchRunRow) == len(lots) - 1


async def test_a_worker_matches_once_nothing_changes_any_more_and_again_the_next_day(
    lots: list[str], committed: SessionMaker, word_tools: MatchTools
) -> None:
    rankings, now = Rankings(committed, word_tools), datetime.now(UTC)
    assert await rankings.advance(TODAY, now) == 0
    later = now + timedelta(minutes=3)
    assert [await rankings.advance(TODAY, later) for _ in range(4)] == [10, 2, 0, 0]
    assert word_tools.capability.asked == len(lots)  # type: ignore[attr-defined]
    await save(committed, word_tools, supplier(30))
    assert await rankings.advance(TODAY, later - timedelta(minutes=3)) == 0
    assert sum([await rankings.advance(TODAY, later + timedelta(minutes=3)) for _ in range(3)]) == len(lots)
    assert sum([await rankings.advance(TODAY + timedelta(1), later + timedelta(1)) for _ in range(3)]) == len(lots)
    assert word_tools.capability.asked == 3 * len(lots)  # type: ignore[attr-defined]
