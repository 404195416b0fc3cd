"""The page that answers whether a lot can be reserved, for a published lot and for a described purchase."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Assumptions, Plan
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import Reading, save_notices
from matchmaker.storage.organisations import save_organisations
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web import plan, plan_api
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

Check = Callable[[str], Element]
Token = Callable[[], str]
LOT = "/plan/lots/00000001-2026/LOT-0001"
pytestmark = pytest.mark.usefixtures("examples")


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_id(tree: Element, identifier: str) -> Element:
    return next(element for element in tree.iter() if element.get("id") == identifier)


def has_class(element: Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


@pytest_asyncio.fixture
async def by_hand(sessions: SessionMaker, planned: Any, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The plan made by hand in place of the planner's; a larger dependency bound makes its answer stronger."""

    async def answer(*given: Any) -> Plan:
        assumed: Assumptions = given[-2]
        advice = Advice.RESERVE if assumed.dependency > Assumptions().dependency else planned.PLAN.advice
        answered: Plan = replace(planned.PLAN, advice=advice, assumptions=assumed)
        return answered

    async with transaction(sessions) as session:
        await save_organisations(session, list(planned.SUPPLIERS.values()), {})
    for module in (plan, plan_api):
        monkeypatch.setattr(module, "plan_lot", answer)
        monkeypatch.setattr(module, "plan_need", answer)
    made: Plan = planned.PLAN
    return made


@pytest_asyncio.fixture
async def buyer(client: httpx.AsyncClient, services: Services, sessions: SessionMaker) -> httpx.AsyncClient:
    """A buyer's browser."""
    now = services.clock()
    await enrol(sessions, Enrolment("buyer@town.example", Role.BUYER, "team-town"), "test", now)
    async with transaction(sessions) as session:
        person = await person_id_of(session, "buyer@town.example")
        assert person
        await save_session(session, "a buyer's session", person, now, now + SESSION_LIFETIME)
    client.cookies.set("session", "a buyer's session", domain="matchmaker.test", path="/")
    return client


async def test_the_answer_comes_first_with_its_law_and_what_is_left_to_verify(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    answer = await client.get(LOT)
    assert answer.status_code == 200
    tree = check_page(answer.text)
    headings = [text(element) for element in tree.iter("h2")]
    assert headings[:2] == ["Could have been reserved", "Perhaps: talk to the market first, then decide to reserve."]
    first = next(element for element in tree.iter("section") if has_class(element, "answer"))
    assert "/regimes/FR-L2113-12" in {link.get("href") for link in first.iter("a")}
    assert "still to be verified before you rely on it: Share of workers." in text(first)
    assert "Share of workers: art. L2113-12, al. 2" in text(by_id(tree, "regime-FR-L2113-12"))
    assert "Chance of at least 3 bids: 42% (between 18% and 63%)." in text(first)


async def test_each_rule_shows_who_may_bid_and_every_plot_says_the_same_in_words(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await client.get(LOT)).text)
    plots = [element for element in tree.iter("svg") if has_class(element, "plot")]
    assert all(plot.get("aria-label") for plot in plots)
    said = {plot.get("aria-label") for plot in plots}
    assert "1 eligible, 1 probably eligible, 1 not known, 0 not eligible." in said
    rules = [element for element in tree.iter("article") if has_class(element, "regime")]
    assert [rule.get("id") for rule in rules] == ["regime-FR-L2113-12", "regime-FR-L2113-15"]
    assert "One supplier holds 60% of the known capacity" in text(rules[0])
    assert "the share of disabled or disadvantaged workers (1)" in text(rules[0])
    assert "this kind of work is outside it" in text(rules[1])


async def test_what_changes_most_stands_first_with_its_cautions(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await client.get(LOT)).text)
    rows = [text(row) for row in by_id(tree, "changes").iter("tr")][1:]
    assert rows[0].startswith("Divide by place")
    assert "42% → 81%" in rows[0]
    assert "Art. 5(3)" in rows[0]
    assert rows[1].startswith("Admit joint bids")


async def test_the_notice_s_sentence_comes_in_the_official_language_with_english_beside(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await client.get(LOT)).text)
    notice = by_id(tree, "notice")
    sentences = {area.get("lang"): text(area) for area in notice.iter("textarea")}
    assert sentences == {"fr": "Le marché est réservé.", "en": "The contract is reserved."}
    assert all(area.get("readonly") is not None for area in notice.iter("textarea"))
    assert "unreviewed translation" in text(notice)
    assert "BT-71" in text(notice)


async def test_nobody_without_a_buyer_s_account_reads_what_a_supplier_can_carry(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    for address in (LOT, f"/api{LOT}"):
        answer = (await client.get(address)).text
        for figure in ("111111", "222222", "333333", "555555", "140001", "100002"):
            assert figure not in answer.replace(",", ""), address
    assert "could carry it alone" in (await client.get(LOT)).text


async def test_a_buyer_reads_sizes_that_suppliers_show_to_buyers_and_each_reading_is_written_down(
    buyer: httpx.AsyncClient, check_page: Check, by_hand: Plan, queries: Any
) -> None:
    answer = await buyer.get(LOT)
    tree = check_page(answer.text)
    table = text(next(by_id(tree, "regime-FR-L2113-12").iter("table")))
    assert "€222,222" in table
    assert "€333,333" in table
    assert "111,111" not in answer.text
    assert "100,002" not in answer.text
    assert [statement for statement in queries.statements if "INSERT INTO" in statement]
    record = (await buyer.get(f"/api{LOT}")).json()
    carried = {each["key"]: each["carries"] for each in record["regimes"][1]["suppliers"]}
    assert carried == {"example:private": None, "example:buyers": "222222", "example:open": "333333"}


async def test_a_moved_assumption_changes_the_answer_and_the_page_says_so(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await client.get(LOT, params={"dependency": "50"})).text)
    said = by_id(tree, "compared")
    assert "With your assumptions the answer changes" in text(said)
    assert "Largest part of its turnover, in percent: 50 (published: 30)" in text(said)
    assert LOT in {link.get("href") for link in said.iter("a")}
    assert by_id(tree, "dependency").get("value") == "50"


async def test_a_moved_assumption_that_changes_nothing_is_said_to_change_nothing(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await client.get(LOT, params={"hourly_cost": "41"})).text)
    assert "With your assumptions the answer stays the same" in text(by_id(tree, "compared"))
    assert not [each for each in check_page((await client.get(LOT)).text).iter() if each.get("id") == "compared"]


async def test_a_wrong_assumption_is_explained_at_its_field_and_the_published_one_stands(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    answer = await client.get(LOT, params={"members": "<b>many", "wanted": "2"})
    assert answer.status_code == 422
    tree = check_page(answer.text)
    summary = next(element for element in tree.iter("div") if element.get("class") == "error-summary")
    assert [link.get("href") for link in summary.iter("a")] == ["#members"]
    assert by_id(tree, "members").get("value") == "<b>many"
    assert (await client.get(f"/api{LOT}", params={"members": "many"})).json()["errors"][0]["field"] == "members"


async def test_a_long_list_is_cut_and_shown_whole_on_request(
    client: httpx.AsyncClient, check_page: Check, by_hand: Plan, monkeypatch: pytest.MonkeyPatch, planned: Any
) -> None:
    many = tuple(replace(planned.WORKSHOPS.suppliers[2], score=number / 100) for number in range(12))
    long = replace(by_hand, regimes=(replace(planned.WORKSHOPS, suppliers=many),))

    async def answer(*given: Any) -> Plan:
        return long

    monkeypatch.setattr(plan, "plan_lot", answer)
    tree = check_page((await client.get(LOT)).text)
    rule = by_id(tree, "regime-FR-L2113-12")
    assert len(list(next(rule.iter("tbody")).iter("tr"))) == 8
    link = next(link.get("href") or "" for link in rule.iter("a") if "Show 4 more suppliers" in text(link))
    whole = check_page((await client.get(link)).text)
    assert len(list(next(by_id(whole, "regime-FR-L2113-12").iter("tbody")).iter("tr"))) == 12


async def test_the_lot_leads_to_its_plan_and_the_plan_back(client: httpx.AsyncClient, check_page: Check) -> None:
    for lot in ("00000001-2026/LOT-0001", "00000001-2026/2/4 à 6"):
        page = check_page((await client.get("/lots/" + quote(lot))).text)
        link = next(address for each in page.iter("a") if (address := each.get("href") or "").startswith("/plan/"))
        answer = await client.get(link)
        assert answer.status_code == 200
        assert "/lots/" + quote(lot) in {each.get("href") for each in check_page(answer.text).iter("a")}


async def test_a_lot_that_is_over_is_planned_for_the_next_time(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/plan/lots/000044-2020/1")
    check_page(answer.text)
    assert "This lot is closed." in answer.text


@pytest.mark.parametrize("address", ["/plan/lots/1-2026/LOT-9999", "/api/plan/lots/1-2026/LOT-9999"])
async def test_the_plan_of_a_lot_that_is_not_here_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).status_code == 404


def described(token: str, **more: str) -> dict[str, str]:
    return {
        "_csrf_token": token,
        "text": "Blanchisserie du linge pour deux hôpitaux",
        "country": "FR",
        "value": "120 000",
        "currency": "EUR",
        **more,
    }


async def test_a_described_purchase_is_planned_and_stands_in_no_address(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/plan", data=described(csrf(), dependency="50"))
    assert answer.status_code == 200
    tree = check_page(answer.text)
    addresses = [value for element in tree.iter() for name in ("href", "action", "formaction") if (value := element.get(name))]
    assert not [address for address in addresses if "linge" in address.lower()]
    form = by_id(tree, "assumptions")
    carried = {field.get("name"): field.get("value") for field in form.iter("input") if field.get("type") == "hidden"}
    assert carried["text"] == "Blanchisserie du linge pour deux hôpitaux"
    assert form.get("method") == "post"
    assert "(published: 30)" in text(by_id(tree, "compared"))


async def test_the_list_of_suppliers_leads_to_the_plan_of_the_same_purchase(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    tree = check_page((await client.post("/purchase", data=described(csrf()))).text)
    button = next(each for each in tree.iter("button") if each.get("formaction") == "/purchase/plan")
    assert button.get("form") == "purchase"


async def test_the_language_of_a_described_plan_changes_without_losing_it(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/plan", data=described(csrf(), language="fr"))
    assert check_page(answer.text).get("lang") == "fr"
    assert client.cookies.get("language") == "fr"


async def test_an_incomplete_purchase_comes_back_as_the_form(client: httpx.AsyncClient, check_page: Check, csrf: Token) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/plan", data={"_csrf_token": csrf(), "text": ""})
    assert answer.status_code == 422
    assert by_id(check_page(answer.text), "country").get("aria-invalid") == "true"


async def test_programs_get_the_same_answer_with_sentences_in_their_language_and_source(
    client: httpx.AsyncClient, by_hand: Plan
) -> None:
    record = (await client.get(f"/api{LOT}")).json()
    assert record["advice"] == "reserve-after-dialogue"
    assert record["regimes"][1]["p_at_least_n"] == 0.42
    assert record["answer"][0]["message"] == by_hand.answer[0].text
    assert record["need"]["title"] == {"fr": "Linge des hôpitaux <deux>"}
    assert record["target"]["tasks"][0]["label"] == "Ironing"


async def test_programs_plan_a_described_purchase_with_moved_assumptions(client: httpx.AsyncClient) -> None:
    need = {"text": "Blanchisserie du linge", "country": "FR", "value": 120000}
    record = (await client.post("/api/plan/purchase", json={**need, "assumptions": {"dependency": 50}})).json()
    assert record["assumptions"]["dependency"] == "0.5"
    wrong = await client.post("/api/plan/purchase", json={**need, "assumptions": {"wanted": 0}})
    assert wrong.status_code == 422
    assert [each["field"] for each in wrong.json()["errors"]] == ["wanted"]


async def test_what_is_odd_about_a_marked_lot_is_said_on_its_page_in_its_plan_and_to_programs(
    client: httpx.AsyncClient, check_page: Check, sessions: SessionMaker, market: Any
) -> None:
    marked = replace(market.OPEN.lots[0], reserved=frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION}))
    async with transaction(sessions) as session:
        await save_notices(session, [Reading(replace(market.OPEN, notice_id="00000077-2026", lots=(marked,)))])
    record = (await client.get("/api/plan/lots/00000077-2026/LOT-0001")).json()
    said = [flag["sentence"]["sentence"] for flag in record["flags"] if flag["kind"] == "breaks-rule"]
    assert said
    for address in ("/lots/00000077-2026/LOT-0001", "/plan/lots/00000077-2026/LOT-0001"):
        shown = text(check_page((await client.get(address)).text))
        assert all(sentence in shown for sentence in said), address


async def test_a_buyer_is_offered_to_keep_the_plan_with_the_assumptions_moved_and_nobody_else_is(
    client: httpx.AsyncClient, buyer: httpx.AsyncClient, check_page: Check, by_hand: Plan
) -> None:
    tree = check_page((await buyer.get(LOT, params={"dependency": "50"})).text)
    form = next(each for each in tree.iter("form") if each.get("action") == "/records")
    sent = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert (sent["lot"], sent["dependency"], sent["members"]) == ("00000001-2026/LOT-0001", "50", "4")
    client.cookies.delete("session")
    assert not [each for each in check_page((await client.get(LOT)).text).iter("form") if each.get("action") == "/records"]
