from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.values import CpvCode, Deadline, Money
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.notices import (
    Reading,
    Saved,
    all_notices,
    count_notices,
    load_lot,
    load_notice,
    notice_changes,
    save_notice,
    save_notices,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def notice(notice_id: str = "00000001-2026", version: str = "01", **changed: object) -> Notice:
    lots = (
        Lot(
            "LOT-0001",
            {"de": "Wäscherei für das Krankenhaus", "en": "Laundry for the hospital"},
            main_cpv=CpvCode("98310000"),
            nuts=("DE212", "GR30"),
            value=Money(Decimal("120000.50"), "EUR"),
            deadline=Deadline(date(2026, 4, 1)),
            reserved=frozenset({ReservedParticipation.SHELTERED}),
        ),
        Lot("LOT-0002", {"de": "Bügeln"}),
    )
    base = Notice(
        notice_id,
        version,
        NoticeKind.COMPETITION,
        "eforms",
        "1.10",
        "de",
        {"de": "Wäscherei"},
        lots,
        buyers=(Buyer("Klinikum", country="DE"),),
        published=date(2026, 2, 1),
        remarks=(Message("Unknown code %(code)s.", {"code": "x"}),),
    )
    return replace(base, **changed)  # type: ignore[arg-type]


async def test_a_notice_comes_back_as_it_was_saved(session: AsyncSession) -> None:
    assert await save_notice(session, notice()) is Saved.NEW
    assert await load_notice(session, "00000001-2026") == notice()
    assert await load_notice(session, "00000002-2026") is None


async def test_a_lot_is_found_by_its_full_id(session: AsyncSession) -> None:
    await save_notice(session, notice())
    assert await load_lot(session, "00000001-2026/LOT-0002") == (notice(), notice().lots[1])
    assert await load_lot(session, "00000001-2026/LOT-0009") is None


async def test_saving_the_same_version_twice_changes_nothing(session: AsyncSession) -> None:
    await save_notice(session, notice())
    assert await save_notice(session, notice(title={"de": "Anders"})) is Saved.SEEN
    assert await load_notice(session, "00000001-2026") == notice()
    assert await count_notices(session) == (1, 2)


async def test_an_older_version_never_replaces_a_newer_one(session: AsyncSession) -> None:
    await save_notice(session, notice(version="10"))
    assert await save_notice(session, notice(version="9")) is Saved.SEEN


async def test_a_newer_version_replaces_and_says_what_changed(session: AsyncSession) -> None:
    await save_notice(session, notice(), at=NOW)
    first = replace(notice().lots[0], deadline=Deadline(date(2026, 5, 1)))
    assert await save_notice(session, notice(version="02", lots=(first,)), at=NOW) is Saved.NEWER
    assert await count_notices(session) == (1, 1)
    (change,) = await notice_changes(session, "00000001-2026")
    assert (change.from_version, change.to_version, change.at) == ("01", "02", NOW)
    assert change.changes == [
        {"field": "deadline", "lot": "LOT-0001", "before": {"day": "2026-04-01"}, "after": {"day": "2026-05-01"}},
        {"field": "lot", "lot": "LOT-0002", "before": {"de": "Bügeln"}, "after": None},
    ]


async def test_one_batch_may_hold_the_same_notice_several_times(session: AsyncSession) -> None:
    batch = [Reading(notice()), Reading(notice(version="02")), Reading(notice(version="02")), Reading(notice("00000002-2026"))]
    assert await save_notices(session, batch, at=NOW) == [Saved.NEW, Saved.NEWER, Saved.SEEN, Saved.NEW]
    found = await load_notice(session, "00000001-2026")
    assert found is not None
    assert found.version == "02"


async def test_the_same_version_is_replaced_when_asked_to_read_again(session: AsyncSession) -> None:
    await save_notice(session, notice())
    better = notice(title={"de": "Besser gelesen"})
    assert await save_notices(session, [Reading(better)], at=NOW, again=True) == [Saved.SEEN]
    assert await load_notice(session, "00000001-2026") == better


async def test_a_lot_is_stored_with_the_columns_a_search_needs(session: AsyncSession) -> None:
    await save_notice(session, notice())
    row = await session.get_one(LotRow, "00000001-2026/LOT-0001")
    assert row.nuts == ["DE", "DE2", "DE21", "DE212", "EL", "EL3", "EL30"]
    assert (row.country, row.division, row.value_eur, row.basis) == ("DE", "98", Decimal("120000.50"), "open")
    assert row.open_until == row.deadline == date(2026, 4, 1)
    assert " wascherei fur das krankenhaus laundry for the hospital " in row.words
    assert row.reserved == ["res-ws"]


async def test_an_eforms_change_notice_takes_the_place_of_the_notice_it_changes(session: AsyncSession) -> None:
    await save_notice(session, notice(extra={"notice_uuid": "3f0c"}), at=NOW)
    await save_notice(session, notice("00000009-2026", changes="3f0c-01", kind=NoticeKind.CHANGE, title={"de": "Neu"}), at=NOW)
    listed = await session.scalars(select(col(LotRow.notice_id)).where(col(LotRow.listed)).distinct())
    assert list(listed) == ["00000009-2026"]
    await save_notices(session, [Reading(notice(extra={"notice_uuid": "3f0c"}))], at=NOW, again=True)
    (change,) = await notice_changes(session, "00000009-2026")
    assert change.from_notice_id == "00000001-2026"
    assert {"field": "title", "lot": None, "before": {"de": "Wäscherei"}, "after": {"de": "Neu"}} in change.changes


async def test_the_order_of_arrival_of_a_change_notice_does_not_matter(session: AsyncSession) -> None:
    await save_notice(session, notice("00000009-2026", changes="1-2026", kind=NoticeKind.CHANGE))
    await save_notice(session, notice())
    hidden = await session.scalar(select(func.count()).where(~col(LotRow.listed), col(LotRow.notice_id) == "00000001-2026"))
    assert hidden == 2


async def test_a_corrigendum_of_the_older_schema_replaces_nothing(session: AsyncSession) -> None:
    await save_notice(session, notice(schema="ted"))
    await save_notice(session, notice("00000009-2026", schema="ted", changes="00000001-2026", kind=NoticeKind.CHANGE, lots=()))
    assert await session.scalar(select(func.count()).where(col(LotRow.listed))) == 2


async def test_all_notices_come_in_the_order_of_their_ids(session: AsyncSession) -> None:
    await save_notices(session, [Reading(notice("00000002-2026")), Reading(notice())], at=NOW)
    assert [found.notice_id async for found in all_notices(session)] == ["00000001-2026", "00000002-2026"]
