"""A supplier sees the lots it nearly matches, with what would make the difference; no other supplier does."""

from collections.abc import Callable
from datetime import date
from xml.etree.ElementTree import Element

import httpx
import pytest

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.match import Match
from matchmaker.domain.notice import Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import Deadline, NutsCode
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import matches_of_supplier
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.match_lots import match_lot
from matchmaker.workflows.near_misses import near_misses

Check = Callable[[str], Element]
KEY = "example:laundry"
LOT_ID = "00000009-2026/LOT-0001"
LAUNDRY = Organisation(
    KEY,
    "Wash & Work",
    Base("IE", city="Cork", nuts=NutsCode("IE053")),
    Provenance("example", "laundry"),
    language="en",
    area=ServiceArea(nuts=(NutsCode("IE053"),)),
    capabilities=(Capability("washing hospital linen", "en"),),
)


async def matched(services: Services, closes: date) -> list[Match]:
    lot = Lot("LOT-0001", {"en": "Washing of hospital linen"}, nuts=("IE041",), deadline=Deadline(closes))
    notice = Notice("00000009-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "en", {"en": "Linen"}, (lot,))
    async with transaction(services.sessions) as session:
        await save_organisation(session, LAUNDRY, None, at=services.clock())
        await save_notice(session, notice)
    return await match_lot(services.sessions, LOT_ID, services.tools, services.today)


async def test_a_lot_out_of_the_stated_area_is_a_near_miss_and_shown_on_the_desk(
    services: Services, sessions: SessionMaker, client: httpx.AsyncClient, check_page: Check
) -> None:
    now = services.clock()
    await matched(services, services.today.replace(year=services.today.year + 1))
    email = "niamh@laundry.example"
    await enrol(sessions, Enrolment(email, Role.SUPPLIER, KEY), "test", now)
    async with transaction(sessions) as session:
        await save_session(session, "a session", await person_id_of(session, email) or 0, now, now + SESSION_LIFETIME)
    client.cookies.set("session", "a session", domain="matchmaker.test", path="/")
    page = (await client.get("/supplier")).text
    check_page(page)
    assert "Lots it nearly matches" in page
    assert f"/lots/{LOT_ID}" in page
    assert "If you work where the lot is, add that region to those you work in." in page


@pytest.mark.parametrize("why", ["closed", "other supplier", "none asked for"])
async def test_what_is_not_one_s_own_open_near_miss_is_not_shown(services: Services, sessions: SessionMaker, why: str) -> None:
    closes = services.today.replace(year=services.today.year + (-1 if why == "closed" else 1))
    match = (await matched(services, closes))[0]
    key = "example:nobody" if why == "other supplier" else KEY
    async with sessions() as session:
        found = await near_misses(session, key, services.tools, services.today, 5)
        assert found == [] if why != "none asked for" else len(found) == 1
        assert await matches_of_supplier(session, KEY, "europe", 5, below=match.score) == []
        assert await matches_of_supplier(session, KEY, "europe", 5, below=match.score + 0.01) == [match]
