"""The three first visits: a supplier registers, a buyer finds a lot's suppliers, an alert mail leads to an answer.

Each without JavaScript or with it, and every page of it without accessibility faults in wide and narrow windows.
"""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from matchmaker.domain.access import Role
from matchmaker.domain.alert import LotNews, MailKind, MatchedOrganisation
from matchmaker.domain.answers import Answer
from matchmaker.domain.messages import Message
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import transaction
from matchmaker.storage.lot_answers import answers_of
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import person_id_of
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due

if TYPE_CHECKING:
    from tests.browser.conftest import Inspector, Site

pytestmark = pytest.mark.browser

SUPPLIER_KEY = "example:ie-hearth"


async def mailed(site: "Site", address: str, path: str) -> str:
    """The link to ``path`` in the next mail to an address."""
    mail = await site.mail.next_to(address, f"{path}/")
    link = re.search(rf"{re.escape(site.address)}{path}/\S+", mail.text)
    assert link, mail.text
    return link[0]


async def signed_by_mail(page: Page, site: "Site", address: str) -> None:
    """Goes through the mailed link, in the browser that asked for it."""
    await page.goto(await mailed(site, address, "/sign-in"))
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scripts", [False, True], ids=["without JavaScript", "with JavaScript"])
async def test_a_supplier_registers_from_nothing_to_published(
    scripts: bool, browser: Browser, site: "Site", inspector: "Inspector"
) -> None:
    # axe itself is a script: the journey with JavaScript looks for faults, the other one shows that nothing needs it.
    context = await browser.new_context(
        base_url=site.address, java_script_enabled=scripts, viewport={"width": 1280 if scripts else 360, "height": 900}
    )
    page = await context.new_page()

    async def go_on(button: str = "Save and go on") -> None:
        if scripts:
            await inspector.approve(page)
        await page.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    address = f"newcomer-{'with' if scripts else 'without'}@tidy.example"
    await page.goto("/")
    await page.get_by_role("link", name="Register your organisation").click()
    await page.get_by_label("Your e-mail address").fill(address)
    await go_on("Send me the link")
    await signed_by_mail(page, site, address)
    await page.get_by_label("Name of your organisation").fill("Hearth Kitchen" if scripts else "Tidy Hands")
    await page.get_by_label("Country", exact=True).select_option("IE")
    await page.get_by_label("Town").fill("Cork")
    await go_on()
    if scripts:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Is this you?")
        await go_on("None of these: register anew")
    await page.get_by_label("In your own words").fill("Cleaning of offices and schools, morning and evening")
    await go_on()
    await expect(page.get_by_role("checkbox", checked=True).first).to_be_visible()
    await go_on()
    await page.get_by_label("Regions or countries").fill("Southern")
    await go_on()
    await page.get_by_label("Turnover in a year").fill("480000")
    await go_on()
    await page.get_by_label("What are you?").select_option("work-integration")
    await page.get_by_label("Share of disabled").fill("45")
    await go_on()
    await page.get_by_label("References").fill("City library, cleaning since 2022")
    await go_on()
    await expect(page.get_by_role("main")).to_contain_text("Nobody sees it yet.")
    await go_on("Publish it")
    await expect(page.get_by_role("status")).to_contain_text("Published.")
    await page.get_by_role("link", name="As buyers see it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hearth Kitchen" if scripts else "Tidy Hands")
    await context.close()


async def test_a_buyer_signs_in_and_finds_a_lots_suppliers_on_a_narrow_screen_without_javascript(
    browser: Browser, site: "Site", signed_in: dict[Role | None, BrowserContext], example_lot: str
) -> None:
    assert Role.BUYER in signed_in  # makes the people of the demonstration
    context = await browser.new_context(base_url=site.address, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill("buyer@example.org")
    await page.get_by_role("main").get_by_role("button").click()
    await signed_by_mail(page, site, "buyer@example.org")
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Lots", exact=True).click()
    await page.get_by_role("searchbox").fill("school runs")
    await page.get_by_role("button", name="Search").click()
    await page.locator(f"a[href='/lots/{example_lot}']").first.click()
    suppliers = page.locator("#suppliers ol.listing > li")
    await expect(suppliers.first).to_be_visible()
    await suppliers.first.get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="In figures and facts")).to_be_visible()
    await context.close()


async def test_an_alert_mail_leads_to_a_stored_answer_without_signing_in(
    page: Page, site: "Site", signed_in: dict[Role | None, BrowserContext], inspector: "Inspector", example_lot: str
) -> None:
    assert Role.SUPPLIER in signed_in
    services = site.services
    suited = MatchedOrganisation(SUPPLIER_KEY, "Hearth Kitchen Co-op", 0.8, (Message("It does this kind of work."),))
    news = LotNews(example_lot, "first visit", {"en": "Day-service journeys"}, "en", (suited,))
    async with transaction(services.sessions) as session:
        person_id = await person_id_of(session, "supplier@example.org") or 0
        await put_item(session, "first visit", person_id, MailKind.LOT_ALERT, to_document(news), services.clock())
    await dispatch_due(services.sessions, site.mail, composer_of(services), services.clock)
    await page.goto(await mailed(site, "supplier@example.org", "/answer"))
    await inspector.approve(page)
    async with services.sessions() as session:
        assert not await answers_of(session, [SUPPLIER_KEY], [example_lot])
    await page.get_by_role("radio").first.check()
    await page.get_by_role("main").get_by_role("button").first.click()
    await expect(page).to_have_url(re.compile("saved=1"))
    await inspector.approve(page)
    async with services.sessions() as session:
        stored = await answers_of(session, [SUPPLIER_KEY], [example_lot])
    assert [each.answer for each in stored] == [Answer.INTERESTED]
