"""A small market for the proof of alerts: people with suppliers that fit every lot, and lots published run by run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from matchmaker.domain.access import Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind, full_lot_id
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.scoring.encoder import Encoder
from matchmaker.storage.alert_profiles import lots_waiting, save_alert_profile
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisations
from matchmaker.storage.outbox_records import outbox_counts, those_marked_doubtful
from matchmaker.storage.outbox_tables import MessageState
from matchmaker.storage.people import add_member, save_person, save_team
from matchmaker.workflows.chaos_worker import DAY

PEOPLE = 4
LOTS = 2
"""New lots a run."""
LAUNDRY = CpvCode("98310000")
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must hear of which lots: everyone of all of them."""

    people: tuple[str, ...]
    lots: tuple[str, ...]


def _address(number: int) -> str:
    return f"person{number}@supplier{number}.example"


async def settle_people(sessions: SessionMaker, encoder: Encoder) -> None:
    """The suppliers, their people and their alerts, all of which let every lot through."""
    words = "laundry and ironing of work clothes"
    async with transaction(sessions) as session:
        for number in range(PEOPLE):
            key = f"proof-{number}"
            supplier = Organisation(
                key,
                f"Laundry {number}",
                Base("FR", city="Lille", nuts=NutsCode("FRE11")),
                Provenance("registered", key, claimed=True),
                area=ServiceArea(countries=("FR",)),
                capabilities=(Capability(words, "en", (LAUNDRY,)),),
            )
            await save_organisations(session, [supplier], {key: list(encoder.encode([words]))}, encoder=encoder.version)
            person = await save_person(session, _address(number), "en", START)
            await save_team(session, key, supplier.name, START)
            await add_member(session, person, key, Role.SUPPLIER, START)
            await save_alert_profile(session, AlertProfile(person, key, minimum_score=0.0), START)


async def publish_lots(sessions: SessionMaker, number: int) -> Expected:
    """Publishes the lots of run ``number``: notices of one lot each."""
    ids = [f"{number * LOTS + position + 1:08d}-2026" for position in range(LOTS)]
    async with transaction(sessions) as session:
        for notice_id in ids:
            await save_notice(session, _notice(notice_id))
    return Expected(tuple(map(_address, range(PEOPLE))), tuple(full_lot_id(notice_id, "LOT-0001") for notice_id in ids))


def _notice(notice_id: str) -> Notice:
    lot = Lot(
        "LOT-0001",
        {"en": "Laundry of work clothes"},
        main_cpv=LAUNDRY,
        nuts=("FRE11",),
        deadline=Deadline(DAY + timedelta(days=60)),
    )
    title, buyers = {"en": "Laundry"}, (Buyer("Town", country="FR"),)
    return Notice(notice_id, "01", NoticeKind.COMPETITION, "eforms", "1.13", "en", title, (lot,), buyers=buyers, published=DAY)


async def nothing_waits(sessions: SessionMaker) -> bool:
    """Whether every lot was looked at and every message reached its end."""
    async with sessions() as session:
        counts = await outbox_counts(session)
        open_messages = sum(counts.get(state.value, 0) for state in (MessageState.WAITING, MessageState.CLAIMED))
        return not (counts["items"] or open_messages or await lots_waiting(session, DAY))


async def those_doubtful(sessions: SessionMaker, message_ids: Collection[str]) -> set[str]:
    """Those of the messages that are marked doubtful."""
    async with sessions() as session:
        return await those_marked_doubtful(session, message_ids)
