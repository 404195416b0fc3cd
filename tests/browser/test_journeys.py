"""What people come for, from the first page to the answer, in real Chromium."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from matchmaker.domain.access import Role

if TYPE_CHECKING:
    from tests.browser.conftest import Inspector, Site

pytestmark = pytest.mark.browser


async def test_an_anonymous_buyer_describes_a_purchase_and_reads_matched_suppliers(page: Page, inspector: "Inspector") -> None:
    await page.goto("/")
    await page.get_by_label("What do you plan to buy?").fill("Warme Mittagessen für zwei Grundschulen, etwa 300 am Tag")
    await page.get_by_label("Country of the buyer").select_option("DE")
    await page.get_by_role("button", name="Find suppliers").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Suppliers for your planned purchase")
    names = await page.locator("ol.listing > li a[href*='/suppliers/']").all_inner_texts()
    assert {"Ruhrwerk Küche Inklusion gGmbH", "Küchenkraut Bonn"} & set(names[:5])
    assert "Mittagessen" not in page.url
    await inspector.approve(page)
    ticks = page.get_by_role("checkbox")
    await ticks.nth(0).check()
    await ticks.nth(1).check()
    await page.get_by_role("button", name="Compare").click()
    for name in names[:2]:
        await expect(page.get_by_role("main")).to_contain_text(name)
    await inspector.approve(page)


async def test_an_empty_purchase_is_refused_with_a_summary_that_leads_to_the_field(page: Page, inspector: "Inspector") -> None:
    await page.goto("/purchase")
    await page.get_by_role("button", name="Find suppliers").click()
    summary = page.locator(".error-summary")
    await expect(summary).to_be_visible()
    await inspector.approve(page)
    await summary.get_by_role("link").first.click()
    await expect(page.locator("#text:target")).to_be_visible()


async def test_a_buyer_signs_in_by_the_mailed_link_and_opens_a_lot(
    page: Page, site: "Site", signed_in: dict[Role | None, BrowserContext], inspector: "Inspector"
) -> None:
    assert Role.BUYER in signed_in  # makes the people of the demonstration
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill("buyer@example.org")
    await page.get_by_role("main").get_by_role("button").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Look at your e-mail")
    await inspector.approve(page)
    mail = await site.mail.next_to("buyer@example.org")
    link = re.search(rf"{re.escape(site.address)}/sign-in/\S+", mail.text)
    assert link
    await page.goto(link[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("main")).to_contain_text("buyer@example.org")
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Lots").click()
    await page.get_by_role("searchbox").fill("Krankenhauswäsche")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Krankenhauswäsche").first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Krankenhauswäsche")
    await expect(page.locator("#suppliers")).to_contain_text("Weiße Wolke Textilservice")


async def test_a_mailed_link_opened_in_another_browser_asks_for_the_code(
    page: Page, browser: Browser, site: "Site", signed_in: dict[Role | None, BrowserContext], inspector: "Inspector"
) -> None:
    assert Role.OFFICER in signed_in
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill("officer@example.org")
    await page.get_by_role("main").get_by_role("button").click()
    code = await page.locator(".code").inner_text()
    mail = await site.mail.next_to("officer@example.org")
    link = re.search(rf"{re.escape(site.address)}/sign-in/\S+", mail.text)
    assert link
    elsewhere = await browser.new_context(base_url=site.address)
    other = await elsewhere.new_page()
    await other.goto(link[0])
    await inspector.approve(other)
    await other.get_by_label("Six-digit code").fill("000 000" if code != "000 000" else "111 111")
    await other.get_by_role("button", name="Sign in").click()
    await expect(other.locator(".error-summary")).to_be_visible()
    await other.get_by_label("Six-digit code").fill(code)
    await other.get_by_role("button", name="Sign in").click()
    await expect(other.get_by_role("main")).to_contain_text("officer@example.org")
    await elsewhere.close()


async def test_a_supplier_edits_a_capability_and_saves_an_alert(
    site: "Site", signed_in: dict[Role | None, BrowserContext]
) -> None:
    page = await signed_in[Role.SUPPLIER].new_page()
    await page.goto(f"{site.address}/supplier")
    await page.get_by_role("link", name="Change what it can do and where").click()
    words = f"Hot school meals for up to 700 children a day, since {datetime.now(UTC):%B %Y}."
    await page.get_by_label("In your own words").first.fill(words)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    await expect(page.get_by_role("main")).to_contain_text(words)
    await page.get_by_role("link", name=re.compile("alert")).first.click()
    await page.get_by_label("Regions or countries").fill("Ireland")
    await page.get_by_role("button", name="Save the alert").click()
    await expect(page.get_by_role("status")).to_contain_text("You get a mail when a new lot matches")
    await page.goto(f"{site.address}/suppliers/example:ie-hearth")
    await expect(page.get_by_role("main")).to_contain_text(words)
    await page.close()


async def test_an_officer_computes_an_invitation_list_and_takes_it_away(
    site: "Site", signed_in: dict[Role | None, BrowserContext], inspector: "Inspector", example_lot: str
) -> None:
    page = await signed_in[Role.OFFICER].new_page()
    await page.goto(f"{site.address}/officer?q=school+runs")
    await page.locator(f"input[name=lot][value='{example_lot}']").check()
    await page.get_by_role("button", name="Go on with the ticked lots").click()
    await page.get_by_role("button", name="Draw up the list").click()
    await expect(page.locator(".error-summary")).to_contain_text("Give the list a name")
    await inspector.approve(page)
    await page.get_by_label("Name of the list").fill("Special transport, round table")
    await page.get_by_role("button", name="Draw up the list").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Special transport, round table")
    await expect(page.get_by_role("main")).to_contain_text("Liffey Wheels")
    await inspector.approve(page)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").first.click()
    assert (await download.value).suggested_filename.endswith(".csv")
    await page.close()


async def test_examples_are_labelled_wherever_they_are_shown(page: Page, example_lot: str) -> None:
    await page.goto("/lots")
    entries = page.locator("ol.listing > li")
    assert await entries.filter(has=page.get_by_text("Example", exact=True)).count() == await entries.count() > 0
    await page.goto(f"/lots/{example_lot}")
    await expect(page.locator(".chips")).to_contain_text("Example")
    suppliers = page.locator("#suppliers ol.listing > li")
    assert await suppliers.filter(has_text="example").count() == await suppliers.count() > 0
    await page.goto("/suppliers/example:ie-hearth")
    await expect(page.get_by_role("main").get_by_text("Example", exact=True)).to_be_visible()


async def test_every_step_works_without_javascript(browser: Browser, site: "Site") -> None:
    context = await browser.new_context(java_script_enabled=False, base_url=site.address)
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_label("What do you plan to buy?").fill("Nettoyage de bureaux avec des produits écologiques")
    await page.get_by_label("Country of the buyer").select_option("FR")
    await page.get_by_role("button", name="Find suppliers").click()
    await expect(page.locator("ol.listing > li").first).to_be_visible()
    await page.get_by_label("Language", exact=True).select_option("fr")
    await page.get_by_role("button", name="Change", exact=True).click()
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await page.goto("/lots")
    await page.locator("ol.listing > li a[href^='/lots/']").first.click()
    await expect(page.locator("#suppliers ol.listing > li").first).to_be_visible()
    await context.close()


async def test_the_main_action_of_each_page_is_reached_with_the_tab_key(
    site: "Site", signed_in: dict[Role | None, BrowserContext], example_lot: str
) -> None:
    goals: list[tuple[Role | None, str, str]] = [
        (None, "/", "main form[action='/purchase'] button"),
        (None, "/purchase", "main form[action='/purchase'] button"),
        (None, "/lots", "main form[action='/lots'] button"),
        (None, f"/lots/{example_lot}", "button[formaction='/compare']"),
        (None, "/sign-in", "main form button"),
        (Role.SUPPLIER, "/supplier/example%3Aie-hearth/profile", "main form button:not([name=more])"),
        (Role.SUPPLIER, "/supplier/example%3Aie-hearth/alert", "main form[action$='/alert'] button"),
        (Role.OFFICER, "/officer", "button[formaction='/officer/lists/new']"),
    ]
    for role, path, goal in goals:
        page = await signed_in[role].new_page()
        await page.goto(site.address + path)
        for _ in range(250):
            await page.keyboard.press("Tab")
            if await page.evaluate("goal => document.activeElement.matches(goal)", goal):
                break
            assert await _unmarked_focus(page) is None, path
        else:
            pytest.fail(f"{path}: {goal} is not reached with the Tab key")
        await page.close()


async def test_the_first_tab_offers_to_skip_to_the_content(page: Page) -> None:
    await page.goto("/lots")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#main$"))
    await expect(page.locator("main")).to_be_focused()


async def _unmarked_focus(page: Page) -> str | None:
    """What has the focus without showing it by an outline or a shadow; None when it shows."""
    unmarked: str | None = await page.evaluate(
        """() => {
            const element = document.activeElement;
            // The button inside a date field has the focus itself; the browser marks it.
            if (!element || element === document.body || !element.matches(':focus')) return null;
            const box = element.getBoundingClientRect(), style = getComputedStyle(element);
            const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
            return box.width > 0 && box.height > 0 && marked ? null : element.outerHTML.slice(0, 200);
        }"""
    )
    return unmarked
