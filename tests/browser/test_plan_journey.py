"""A buyer who knows procurement and no statistics asks whether a lot can be reserved, in real Chromium."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from matchmaker.domain.access import Role

if TYPE_CHECKING:
    from tests.browser.conftest import Inspector, Site

pytestmark = pytest.mark.browser


async def test_a_buyer_goes_from_a_lot_to_its_plan_and_sees_whether_the_answer_holds(
    site: "Site", signed_in: dict[Role | None, BrowserContext], example_lot: str
) -> None:
    page = await signed_in[Role.BUYER].new_page()
    await page.goto(f"{site.address}/lots/{example_lot}")
    await page.get_by_role("link", name="Can this lot be reserved?").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Can this lot be reserved?")
    answer = await page.locator(".answer-title").inner_text()
    assert answer
    await expect(page.locator("#compared")).to_have_count(0)
    await page.get_by_label("Bids wanted").fill("1")
    await page.get_by_role("button", name="Plan again").click()
    said = page.locator("#compared")
    await expect(said).to_contain_text("Bids wanted: 1 (published: 3)")
    stays = await page.locator(".answer-title").inner_text() == answer
    await expect(said.get_by_role("heading")).to_have_text(
        "With your assumptions the answer stays the same" if stays else "With your assumptions the answer changes"
    )
    await expect(page.get_by_label("Bids wanted")).to_have_value("1")
    await said.get_by_role("link", name="Back to the published assumptions").click()
    await expect(page.get_by_label("Bids wanted")).to_have_value("3")
    assert await page.locator(".answer-title").inner_text() == answer
    await page.close()


async def test_a_wrong_assumption_leads_to_its_field(page: Page, example_lot: str) -> None:
    await page.goto(f"/plan/lots/{example_lot}?dependency=a+third")
    summary = page.locator(".error-summary")
    await summary.get_by_role("link").click()
    await expect(page.locator("#dependency:target")).to_be_visible()


async def test_a_described_purchase_is_planned_without_javascript_and_stands_in_no_address(
    browser: Browser, site: "Site"
) -> None:
    context = await browser.new_context(java_script_enabled=False, base_url=site.address)
    page = await context.new_page()
    await page.goto("/purchase")
    await page.get_by_label("What do you plan to buy?").fill("Wäsche für zwei Krankenhäuser waschen und bügeln")
    await page.get_by_label("Country of the buyer").select_option("DE")
    await page.get_by_label("Value a year").fill("150 000")
    await page.get_by_role("button", name="Find suppliers").click()
    await page.get_by_role("button", name="Can this purchase be reserved?").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Can this purchase be reserved?")
    await page.get_by_label("Members of a joint bid").fill("2")
    await page.get_by_role("button", name="Plan again").click()
    await expect(page.locator("#compared")).to_contain_text("Members of a joint bid: 2")
    await expect(page.get_by_role("main")).to_contain_text("Wäsche für zwei Krankenhäuser")
    assert page.url == f"{site.address}/purchase/plan"
    await context.close()


async def test_the_plan_of_a_described_purchase_has_no_accessibility_fault(page: Page, inspector: "Inspector") -> None:
    await page.goto("/purchase")
    await page.get_by_label("What do you plan to buy?").fill("Entretien des espaces verts de trois parcs")
    await page.get_by_label("Country of the buyer").select_option("FR")
    await page.get_by_label("Value a year").fill("90000")
    await page.get_by_role("button", name="Find suppliers").click()
    await page.get_by_role("button", name="Can this purchase be reserved?").click()
    await expect(page.locator(".answer-title")).to_be_visible()
    await inspector.approve(page)
