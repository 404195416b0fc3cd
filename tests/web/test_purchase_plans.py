"""A buyer's purchase plan: taken in, understood, planned, shown to its team, and to nobody else by any way."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from sqlalchemy import text

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.prove_record import prove
from matchmaker.workflows.purchase_plan_planning import Batches, plan_waiting
from matchmaker.workflows.sourcing_record import record_for_operator

SECRET = "Blanchisserie confidentielle du palais"
PLAN = (
    "Objet;Montant;Code CPV;Région;Trimestre;Service\n"
    f"{SECRET};240 000;98310000;FRK2;T2 2027;Achats\n"
    "Entretien des jardins;90 000;77310000;FRK2;T3 2027;Parcs\n"
    "=1+1 accord-cadre 7;10 000;;FRK2;;\n"
)

Browser = Callable[[str, Role, str], Any]


@pytest_asyncio.fixture
async def browser(app: Litestar, services: Services, sessions: SessionMaker) -> AsyncIterator[Browser]:
    """Makes a browser in which somebody is signed in."""
    opened: list[httpx.AsyncClient] = []

    async def sign_in(email: str, role: Role, team: str) -> httpx.AsyncClient:
        now = services.clock()
        await enrol(sessions, Enrolment(email, role, team), "test", now)
        async with transaction(sessions) as session:
            await save_session(session, f"token {email}", await person_id_of(session, email) or 0, now, now + SESSION_LIFETIME)
        transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test")
        client.cookies.set("session", f"token {email}", domain="matchmaker.test", path="/")
        await client.get("/sign-in")
        opened.append(client)
        return client

    yield sign_in
    for client in opened:
        await client.aclose()


async def send(client: httpx.AsyncClient, path: str, data: dict[str, str], file: str | None = None) -> httpx.Response:
    fields = {**data, "_csrf_token": client.cookies.get("csrf") or ""}
    if file is None:
        return await client.post(path, data=fields)
    return await client.post(path, data=fields, files={"file": ("achats 2027.csv", file.encode(), "text/csv")})


async def upload(client: httpx.AsyncClient, file: str = PLAN, **more: str) -> str:
    """Uploads a plan and returns its address."""
    answer = await send(client, "/purchase-plans", {"country": "FR", "currency": "EUR", **more}, file)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


@pytest_asyncio.fixture
async def buyer(browser: Browser, examples: None) -> httpx.AsyncClient:
    client: httpx.AsyncClient = await browser("buyer@town.example", Role.BUYER, "town")
    return client


@pytest_asyncio.fixture
async def address(buyer: httpx.AsyncClient, sessions: SessionMaker, services: Services) -> str:
    """A plan of the town's, planned."""
    found = await upload(buyer)
    assert await plan_waiting(Batches(sessions, services.tools, services.today)) == 2
    return found


def rows_of(html: str) -> list[str]:
    return re.findall(r"/rows/([0-9a-f]{20})\"", html)


async def test_a_plan_is_taken_in_shown_and_its_pages_are_sound(
    buyer: httpx.AsyncClient, address: str, check_page: Callable[[str], Element]
) -> None:
    overview = await buyer.get(address)
    check_page(overview.text)
    assert SECRET in overview.text
    assert "achats 2027" in overview.text
    assert "Textiles and laundry" in overview.text
    row = rows_of(overview.text)[0]
    for path in (
        "",
        "?advice=not-now",
        "?state=check",
        "/check",
        "/check?about=place&state=sure",
        f"/rows/{row}/words",
        "/delete",
    ):
        answer = await buyer.get(address + path)
        assert answer.status_code == 200, path
        check_page(answer.text)
    full = await buyer.get(f"{address}/rows/{row}")
    check_page(full.text)
    assert "Can this purchase be reserved?" in full.text
    for path in ("/purchase-plans", "/purchase-plans/new", f"/purchase-plans/new?plan={address.rpartition('/')[2]}"):
        check_page((await buyer.get(path)).text)


async def test_the_same_file_again_changes_nothing_and_a_newer_one_only_what_differs(
    buyer: httpx.AsyncClient, address: str
) -> None:
    again = await send(buyer, "/purchase-plans", {"country": "FR", "currency": "EUR"}, PLAN)
    assert again.headers["location"] == f"{address}?new=0&changed=0&same=3&removed=0&refused=0"
    newer = PLAN.replace("240 000", "260 000").replace("=1+1 accord-cadre 7;10 000;;FRK2;;\n", "Pain;5 000;15811000;FRK2;;\n")
    changed = await send(buyer, "/purchase-plans", {"country": "FR", "currency": "EUR", "name": "achats 2027"}, newer)
    assert changed.headers["location"] == f"{address}?new=1&changed=1&same=1&removed=1&refused=0"
    gone = await buyer.get(f"{address}?state=removed")
    assert "accord-cadre" in gone.text
    assert "accord-cadre" not in (await buyer.get(address)).text


async def test_a_decision_about_words_counts_for_every_row_and_for_the_next_plan(buyer: httpx.AsyncClient, address: str) -> None:
    page = await buyer.get(f"{address}/check?about=work&state=unknown")
    state = "unknown" if "accord-cadre" in page.text else "choose"
    page = await buyer.get(f"{address}/check?about=work&state={state}")
    words = re.findall(r'name="words-0" value="([^"]+)"', page.text)[0]
    answers = {"about": "work", "state": state, "words-0": words, "other-0": "98310000"}
    saved = await send(buyer, f"{address}/check", answers)
    assert saved.status_code == 303
    assert saved.headers["location"].endswith("saved=1")
    other = await upload(buyer, name="Next year")
    asked = await buyer.get(f"/api{other}")
    works = {row["title"]: row["work"] for row in asked.json()["rows"]}
    assert works["=1+1 accord-cadre 7"]["certainty"] == "sure"
    assert works["=1+1 accord-cadre 7"]["ground"] == "remembered"


async def test_what_is_typed_and_means_nothing_is_said_beside_its_field(
    buyer: httpx.AsyncClient, address: str, check_page: Callable[[str], Element]
) -> None:
    row = rows_of((await buyer.get(address)).text)[0]
    wrong = await send(buyer, f"{address}/rows/{row}/words", {"other-0": "nonsense", "other-1": "Narnia"})
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert "no CPV code we know" in wrong.text
    assert "no region we know" in wrong.text


async def test_one_row_alone_may_be_put_right(buyer: httpx.AsyncClient, address: str) -> None:
    rows = (await buyer.get(f"/api{address}")).json()["rows"]
    saved = await send(buyer, f"{address}/rows/{rows[0]['row_id']}/words", {"other-0": "77310000", "other-1": "FR10"})
    assert saved.status_code == 303
    after = (await buyer.get(f"/api{address}")).json()["rows"]
    assert (after[0]["work"]["code"], after[0]["place"]["code"]) == ("77310000", "FR10")
    assert after[1]["place"] == rows[1]["place"]
    await upload(buyer)
    again = (await buyer.get(f"/api{address}")).json()["rows"]
    assert again[0]["work"]["code"] == "77310000"


async def test_the_overview_says_of_a_row_what_its_own_page_says(buyer: httpx.AsyncClient, address: str) -> None:
    before = (await buyer.get(f"/api{address}")).json()["rows"]
    for row in before[:2]:
        assert (await buyer.get(f"{address}/rows/{row['row_id']}")).status_code == 200
    after = (await buyer.get(f"/api{address}")).json()["rows"]
    told = [{name: each for name, each in row["plan"].items() if name != "suppliers"} for row in before[:2]]
    assert told == [{name: each for name, each in row["plan"].items() if name != "suppliers"} for row in after[:2]]
    assert [sorted(row["plan"].get("suppliers", [])) for row in before[:2]] == [
        sorted(row["plan"].get("suppliers", [])) for row in after[:2]
    ]


async def test_files_hold_every_row_and_no_formula(buyer: httpx.AsyncClient, address: str) -> None:
    file = await buyer.get(f"{address}/file?kind=csv")
    assert file.headers["cache-control"] == "private, no-store"
    lines = file.text.splitlines()
    assert len(lines) == 4
    assert "'=1+1 accord-cadre 7" in file.text
    assert (await buyer.get(f"{address}/file?kind=xlsx")).content.startswith(b"PK")
    filtered = await buyer.get(f"{address}/file?kind=csv&group=green")
    assert len(filtered.text.splitlines()) == 2
    for kind in ("csv", "xlsx"):
        assert (await buyer.get(f"/purchase-plans/template?kind={kind}")).status_code == 200


@pytest.mark.parametrize("file", ["", "x", "a,b\n1,2\n"])
async def test_what_is_no_plan_is_refused_on_the_form(
    buyer: httpx.AsyncClient, file: str, check_page: Callable[[str], Element]
) -> None:
    answer = await send(buyer, "/purchase-plans", {"country": "FR", "currency": "EUR"}, file)
    assert answer.status_code == 422
    check_page(answer.text)


async def test_a_plan_is_never_stored_for_somebody_elses_team(buyer: httpx.AsyncClient) -> None:
    answer = await send(buyer, "/purchase-plans", {"country": "FR", "currency": "EUR", "team": "village"}, PLAN)
    assert answer.status_code == 403
    assert "village" not in (await buyer.get("/purchase-plans")).text


async def test_nobody_else_finds_the_plan_by_any_route(
    buyer: httpx.AsyncClient, address: str, browser: Browser, client: httpx.AsyncClient, app: Litestar
) -> None:
    rows = (await buyer.get(f"/api{address}")).json()["rows"]
    plan_id, row_id = address.rpartition("/")[2], rows[0]["row_id"]
    others = [
        await browser("buyer@village.example", Role.BUYER, "village"),
        await browser("office@work.example", Role.SUPPLIER, "example:laundry"),
        await browser("officer@town.example", Role.OFFICER, "town"),
        await browser("operator@town.example", Role.OPERATOR, "operation"),
        await browser("main@builder.example", Role.MAIN_CONTRACTOR, "builder"),
        client,
    ]
    await client.get("/sign-in")
    for other in others:
        for route in app.routes:
            if "/purchase-plans/{plan_id" not in route.path_format:
                continue
            path = route.path_format.replace("{plan_id}", plan_id).replace("{row_id}", row_id)
            for method in sorted(route.methods - {"OPTIONS", "HEAD"}):
                data = {"_csrf_token": other.cookies.get("csrf") or "", "other-0": "77310000", "words-0": "x", "about": "work"}
                answer = await other.request(method, path, data=data if method == "POST" else None)
                assert answer.status_code in (303, 401, 403, 404), f"{method} {path}: {answer.status_code}"
                assert answer.status_code != 303 or answer.headers["location"].startswith("/sign-in"), path
                assert SECRET not in answer.text
        for path in ("/purchase-plans", "/lots", "/suppliers", "/", "/api/lots", "/officer", "/operator/mail", "/supplier"):
            found = await other.get(path)
            assert SECRET not in found.text
            assert plan_id not in found.text
    another_buyer = await others[0].get(f"{address}/rows/{row_id}")
    missing = await others[0].get("/purchase-plans/no-such-plan")
    assert another_buyer.status_code == missing.status_code == 404
    assert (await buyer.get(f"/api{address}")).json()["rows"] == rows


async def test_an_officer_reads_only_the_plan_it_was_let_into_and_changes_nothing(
    buyer: httpx.AsyncClient, address: str, browser: Browser, check_page: Callable[[str], Element]
) -> None:
    officer = await browser("officer@town.example", Role.OFFICER, "town")
    other = await browser("second@town.example", Role.OFFICER, "town")
    another = await upload(buyer, name="Next year")
    assert (await officer.get(address)).status_code == 404
    granted = await send(buyer, f"{address}/readers", {"email": "Officer@town.example"})
    assert granted.headers["location"].endswith("#readers")
    assert "shared=no" not in granted.headers["location"]
    read = await officer.get(address)
    assert SECRET in read.text
    assert "/delete" not in read.text
    check_page((await buyer.get(address)).text)
    check_page(read.text)
    assert address in (await officer.get("/officer/purchase-plans")).text
    assert (await officer.get(f"/api{address}")).json()["rows"]
    row = (await officer.get(f"/api{address}")).json()["rows"][0]["row_id"]
    for path in ("/check", "/delete", f"/rows/{row}", f"/rows/{row}/words"):
        assert (await officer.get(address + path)).status_code in (403, 404), path
    for path in ("/again", "/delete", "/readers"):
        assert (await send(officer, address + path, {"email": "second@town.example"})).status_code in (403, 404), path
    assert (await officer.get(another)).status_code == 404
    assert (await other.get(address)).status_code == 404
    number = re.findall(r'name="end" value="([0-9]+)"', (await buyer.get(address)).text)[0]
    await send(buyer, f"{address}/readers", {"end": number})
    assert (await officer.get(address)).status_code == 404
    assert address not in (await officer.get("/officer/purchase-plans")).text


async def test_a_row_is_kept_as_a_record_that_its_team_alone_sees_and_that_is_proved(
    buyer: httpx.AsyncClient, address: str, browser: Browser, services: Services, sessions: SessionMaker
) -> None:
    plan_id, row = address.rpartition("/")[2], rows_of((await buyer.get(address)).text)[0]
    offered = (await buyer.get(f"{address}/rows/{row}")).text
    assert f'name="row" value="{row}"' in offered
    sent = {"purchase_plan": plan_id, "row": row, "dependency": "50"}
    kept = await send(buyer, "/records", sent)
    record = kept.headers["location"]
    assert SECRET in (await buyer.get(record)).text
    village = await browser("buyer@village.example", Role.BUYER, "village")
    assert (await village.get(record)).status_code == 404
    assert (await send(village, "/records", sent)).status_code == 404
    found = await record_for_operator(sessions, record.rpartition("/")[2])
    assert found.opened.content["plan"]["assumptions"]["dependency"] == "0.5"
    assert prove(found, services.tools.capability).holds


async def test_only_officers_are_let_into_a_plan(buyer: httpx.AsyncClient, address: str, browser: Browser) -> None:
    village = await browser("buyer@village.example", Role.BUYER, "village")
    for email in ("buyer@village.example", "nobody@nowhere.example", "no address"):
        refused = await send(buyer, f"{address}/readers", {"email": email})
        assert refused.headers["location"].endswith("?shared=no#readers")
    assert (await village.get(address)).status_code == 404


async def test_no_table_log_line_or_audit_entry_beyond_the_plans_own_tells_of_it(
    buyer: httpx.AsyncClient, address: str, sessions: SessionMaker, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rows_of((await buyer.get(address)).text)[0]
    await buyer.get(f"{address}/rows/{row}")
    await buyer.get(f"{address}/file?kind=csv")
    own = {"purchase_plan", "planned_purchase", "purchase_words"}
    async with sessions() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in sorted(set(tables) - own):
            query = text(f"SELECT count(*) FROM \"{table}\" t WHERE t::text ILIKE '%' || :words || '%'")
            for words in (SECRET, "blanchisserie confidentielle", row):
                assert await session.scalar(query, {"words": words}) == 0, table
        for table in ("match", "match_run", "exposure", "outbox_item"):
            assert await session.scalar(text(f'SELECT count(*) FROM "{table}"')) == 0, table
        audited = await session.scalars(text("SELECT row_to_json(a)::text FROM audit a WHERE action LIKE '%purchase plan%'"))
        entries = list(audited)
    assert entries
    assert not [entry for entry in entries if "achats" in entry or SECRET in entry]
    captured = capsys.readouterr()
    for written in (captured.out, captured.err):
        assert SECRET not in written
        assert row not in written
        assert "achats" not in written


async def test_a_deleted_plan_is_gone(buyer: httpx.AsyncClient, address: str, sessions: SessionMaker) -> None:
    answer = await send(buyer, f"{address}/delete", {"words": "1"})
    assert answer.status_code == 303
    assert (await buyer.get(address)).status_code == 404
    async with sessions() as session:
        for table in ("purchase_plan", "planned_purchase", "purchase_words"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_a_plan_can_be_planned_again(
    buyer: httpx.AsyncClient, address: str, sessions: SessionMaker, services: Services
) -> None:
    await send(buyer, f"{address}/again", {})
    assert "Planned: 0 of 2" in (await buyer.get(address)).text
    batches = Batches(sessions, services.tools, services.today)
    assert [await plan_waiting(batches), await plan_waiting(batches)] == [2, 0]
    assert "Planned: " not in (await buyer.get(address)).text
