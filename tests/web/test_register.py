"""Somebody who has never seen a CPV code registers an organisation, step by step, without JavaScript."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import (
    REGISTERED,
    Base,
    Certificate,
    FreeCapacity,
    Organisation,
    Provenance,
    SocialStatus,
    StatusKind,
    Tier,
    Visibility,
)
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import load_organisation, load_public_organisation, save_organisation
from matchmaker.storage.people import person_id_of, save_person
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.register_supplier import UNPUBLISHED_KEPT, forget_abandoned

Check = Callable[[str], Element]
Post = Callable[..., Awaitable[httpx.Response]]
EMAIL = "maeve@tidyhands.example"
FIRST = {"name": "Tidy Hands", "country": "IE", "city": "Cork", "number": "IE 612345"}


@pytest_asyncio.fixture
async def newcomer(services: Services, sessions: SessionMaker, client: httpx.AsyncClient) -> int:
    """The browser signed in as somebody with no organisation."""
    now = services.clock()
    async with transaction(sessions) as session:
        person_id = await save_person(session, EMAIL, "en", now)
        await save_session(session, "a session", person_id, now, now + SESSION_LIFETIME)
    client.cookies.set("session", "a session", domain="matchmaker.test", path="/")
    await client.get("/register")
    return person_id


@pytest.fixture
def post(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Post:
    async def send(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return send


async def begun(post: Post, **more: str) -> str:
    """The key of a record begun with the first answers."""
    answer = await post("/register", **{**FIRST, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].split("/")[2]


async def stored(sessions: SessionMaker, key: str) -> Organisation:
    async with sessions() as session:
        organisation = await load_organisation(session, key)
    assert organisation
    return organisation


async def test_anybody_is_sent_a_link_and_the_answer_tells_nothing_of_who_is_known(
    client: httpx.AsyncClient, post: Post, sessions: SessionMaker, check_page: Check
) -> None:
    check_page((await client.get("/register")).text)
    unknown = await post("/register/sign-in", email="new@nowhere.example")
    known = await post("/register/sign-in", email="new@nowhere.example")
    plain = [re.sub(r"\d{3} \d{3}|value=\"[^\"]*\"", "", answer.text) for answer in (unknown, known)]
    assert plain[0] == plain[1]
    async with sessions() as session:
        assert await person_id_of(session, "new@nowhere.example")
    assert (await post("/register/sign-in", email="nobody")).status_code == 422


async def test_from_nothing_to_published_in_eight_small_pages(
    client: httpx.AsyncClient, post: Post, sessions: SessionMaker, newcomer: int, check_page: Check
) -> None:
    check_page((await client.get("/register")).text)
    key = await begun(post)
    start = f"/supplier/{quote(key)}"

    async def step(slug: str, **data: Any) -> str:
        check_page((await client.get(f"{start}/details/{slug}")).text)
        answer = await post(f"{start}/details/{slug}", **data)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    assert await step("work", places="1", written_in="en", text_0="cleaning offices and windows") == f"{start}/details/codes"
    codes = (await client.get(f"{start}/details/codes")).text
    assert "cleaning offices" in codes
    assert "CPV 909" in codes
    assert await step("codes", work_0="cleaning offices and windows", code_0="90919200") == f"{start}/details/places"
    assert await step("places", regions="Southern", radius="30") == f"{start}/details/size"
    sizes = {"employees": "24", "employees_shown": "public", "turnover": "700000", "turnover_shown": "private"}
    await step("size", **sizes, smallest="5000", largest="90000", sizes_shown="buyers", free="60000", free_shown="public")
    await step("status", places="1", kind_0="work-integration", share_0="55", aim_0="yes", has_mission="no")
    await step("proof", places="1", certificate_0="ISO 14001", until_0="2028-05-01", references="City hall, since 2021")
    preview = (await client.get(f"{start}/preview")).text
    check_page(preview)
    assert "Nobody sees it yet." in preview
    assert "700,000" not in preview
    made = await stored(sessions, key)
    assert made.unpublished
    async with sessions() as session:
        assert await load_public_organisation(session, key, frozenset({"example"})) is None
    assert (await post(f"{start}/publish")).status_code == 303
    made = await stored(sessions, key)
    assert made.provenance.claimed
    assert (made.identifiers, made.base.city) == ((Identifier("IE 612345"),), "Cork")
    assert made.capabilities[0].cpvs == (CpvCode("90919200"),)
    assert made.area.nuts == (NutsCode("IE05"),)
    assert (made.size.employees, made.size.visibility, made.size.turnover_shown_to) == (24, Visibility.PUBLIC, Visibility.PRIVATE)
    assert made.free_capacity
    assert made.statuses[0] == SocialStatus(StatusKind.WORK_INTEGRATION, None, 0.55, True)
    assert made.certificates[0].name == "ISO 14001"
    shown = (await client.get(f"/suppliers/{key}")).text
    check_page(shown)
    async with sessions() as session:
        acts = [entry.action for entry in await history(session, key)]
    assert acts[0] in ("registered", "member added")
    assert "published" in acts
    assert "size edited" in acts


async def test_what_nobody_could_find_is_not_published(
    client: httpx.AsyncClient, post: Post, newcomer: int, check_page: Check
) -> None:
    key = await begun(post)
    answer = await post(f"/supplier/{key}/publish")
    assert answer.status_code == 422
    check_page(answer.text)
    assert "does not say what you do and where" in answer.text


async def test_a_record_begun_is_offered_again_and_deleted_when_nobody_comes_back(
    client: httpx.AsyncClient, post: Post, services: Services, sessions: SessionMaker, newcomer: int
) -> None:
    key = await begun(post)
    assert f"/supplier/{key}/preview" in (await client.get("/register")).text
    assert await forget_abandoned(sessions, services.clock() + UNPUBLISHED_KEPT - timedelta(hours=1)) == 0
    assert await forget_abandoned(sessions, services.clock() + UNPUBLISHED_KEPT + timedelta(hours=1)) == 1
    async with sessions() as session:
        assert await load_organisation(session, key) is None


async def test_a_public_record_that_looks_alike_is_offered_before_a_new_one_is_made(
    client: httpx.AsyncClient, post: Post, sessions: SessionMaker, newcomer: int, check_page: Check
) -> None:
    known = Organisation("example:tidy", "Tidy Hands CLG", Base("IE", "Cork"), Provenance("example", "tidy"))
    async with transaction(sessions) as session:
        await save_organisation(session, known, [])
    answer = await post("/register", **FIRST)
    assert answer.status_code == 200
    check_page(answer.text)
    assert "/suppliers/example%3Atidy/claim" in answer.text or "/suppliers/example:tidy/claim" in answer.text
    assert (await post("/register", **FIRST, none_of_these="1")).status_code == 303


async def test_a_wrong_answer_is_given_back_with_what_to_put_right(
    client: httpx.AsyncClient, post: Post, newcomer: int, check_page: Check
) -> None:
    answer = await post("/register", name="", country="", email="a person", website="not a site")
    assert answer.status_code == 422
    check_page(answer.text)
    key = await begun(post)
    await post(f"/supplier/{key}/details/work", places="1", written_in="en", text_0="cleaning")
    wrong: dict[str, dict[str, str]] = {
        "organisation": {"name": "", "country": "IE"},
        "work": {"places": "1", "written_in": "en", "text_0": ""},
        "codes": {"work_0": "cleaning", "more_0": "12345678"},
        "places": {"regions": "", "radius": ""},
        "size": {"employees": "a few", "smallest": "900", "largest": "5"},
        "status": {"places": "1", "share_0": "140", "kind_0": ""},
        "proof": {"places": "1", "until_0": "2027-01-01"},
    }
    for slug, data in wrong.items():
        answer = await post(f"/supplier/{key}/details/{slug}", **data)
        assert answer.status_code == 422, slug
        check_page(answer.text)


async def test_a_map_of_dots_shows_where_one_works_with_the_same_in_words(
    client: httpx.AsyncClient, post: Post, newcomer: int, check_page: Check
) -> None:
    key = await begun(post, country="FR", city="Bretagne")
    await post(f"/supplier/{key}/details/places", regions="Bretagne, Normandie", radius="100")
    tree = check_page((await client.get(f"/supplier/{key}/details/places")).text)
    drawn = [circle.get("class") for circle in tree.iter("circle")]
    assert drawn[0] == "reach"
    assert drawn[-1] == "base"
    words = " ".join("".join(tree.itertext()).split())
    assert f"{drawn.count('in')} of the {drawn.count('in') + drawn.count('out')} regions shown lie in it." in words
    assert 2 <= drawn.count("in") < drawn.count("out")


async def test_the_law_of_the_country_names_the_statuses_offered(client: httpx.AsyncClient, post: Post, newcomer: int) -> None:
    key = await begun(post, country="FR", city="Lyon")
    page = (await client.get(f"/supplier/{key}/details/status")).text
    assert "entreprise adaptée" in page
    assert "Inklusionsbetrieb" not in page
    answer = await post(f"/supplier/{key}/details/status", places="1", kind_0="sheltered-workshop", name_0="Inklusionsbetrieb")
    assert answer.status_code == 422


VERIFIED = SocialStatus(StatusKind.WORK_INTEGRATION, "ESAT", 0.6, True, verified_by="Register", verified_as=Tier.CONFIRMED)


async def test_a_status_that_changes_loses_its_verification_and_one_that_stays_keeps_it(
    post: Post, services: Services, sessions: SessionMaker, newcomer: int
) -> None:
    key = await begun(post, country="FR", city="Lyon")
    async with transaction(sessions) as session:
        await save_organisation(session, replace(await stored(sessions, key), statuses=(VERIFIED,)), [])
    same = {"places": "1", "kind_0": "work-integration", "name_0": "ESAT", "share_0": "60", "aim_0": "yes"}
    await post(f"/supplier/{key}/details/status", **same)
    assert (await stored(sessions, key)).statuses == (VERIFIED,)
    await post(f"/supplier/{key}/details/status", **{**same, "share_0": "95"})
    changed = (await stored(sessions, key)).statuses[0]
    assert (changed.integration_share, changed.tier) == (0.95, Tier.SELF_DECLARED)


async def test_a_small_firm_is_asked_for_consent_and_without_it_only_the_verdict_is_public(
    client: httpx.AsyncClient, post: Post, sessions: SessionMaker, newcomer: int
) -> None:
    key = await begun(post)
    small = Organisation(
        key,
        "Tidy Hands",
        Base("IE", "Cork"),
        Provenance(REGISTERED, key, claimed=True),
        statuses=(SocialStatus(StatusKind.SHELTERED_WORKSHOP, integration_share=0.9),),
    )
    async with transaction(sessions) as session:
        await save_organisation(session, replace(small, size=replace(small.size, employees=3)), [])
    assert "Your firm is small" in (await client.get(f"/supplier/{key}/details/status")).text
    hidden = (await client.get(f"/suppliers/{key}")).text
    assert "Sheltered or supported employment" not in hidden
    assert "It says that it holds one" in hidden
    assert (await client.get(f"/api/suppliers/{key}")).json()["statuses"] == []
    answers = {"places": "1", "kind_0": "sheltered-workshop", "share_0": "90", "consent": "1"}
    await post(f"/supplier/{key}/details/status", **answers)
    assert "Sheltered or supported employment" in (await client.get(f"/suppliers/{key}")).text


async def test_each_figure_is_seen_by_those_it_is_shown_to(
    client: httpx.AsyncClient, post: Post, services: Services, sessions: SessionMaker, newcomer: int
) -> None:
    key = await begun(post)
    made = replace(
        await stored(sessions, key),
        provenance=Provenance(REGISTERED, key, claimed=True),
        free_capacity=FreeCapacity(hours=1234, visibility=Visibility.BUYERS),
        certificates=(Certificate("EMAS"),),
    )
    async with transaction(sessions) as session:
        await save_organisation(session, made, [])
    await enrol(sessions, Enrolment("b@council.example", Role.BUYER, "council", "Council"), "test", services.clock())
    async with transaction(sessions) as session:
        buyer = await person_id_of(session, "b@council.example") or 0
        await save_session(session, "a buyer", buyer, services.clock(), services.clock() + SESSION_LIFETIME)
    client.cookies.delete("session")
    assert "1,234" not in (await client.get(f"/suppliers/{key}")).text
    client.cookies.set("session", "a buyer", domain="matchmaker.test", path="/")
    assert "1,234" in (await client.get(f"/suppliers/{key}")).text
    assert (await client.get(f"/supplier/{key}/details/size")).status_code == 403


async def test_nobody_reaches_the_steps_of_another_organisation(
    client: httpx.AsyncClient, post: Post, services: Services, sessions: SessionMaker, newcomer: int
) -> None:
    await begun(post)
    other = Organisation("example:other", "Other", Base("IE"), Provenance("example", "other"))
    async with transaction(sessions) as session:
        await save_organisation(session, other, [])
    for path in ("details/size", "preview", "evidence", "details/nothing"):
        assert (await client.get(f"/supplier/{quote(other.key)}/{path}")).status_code == 404
    assert (await post(f"/supplier/{quote(other.key)}/publish")).status_code == 404
