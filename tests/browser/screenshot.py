"""Takes README's screenshot from a running demonstration: ``python tests/browser/screenshot.py http://127.0.0.1:8000``."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

CHROMIUM = "/usr/bin/chromium"
PICTURE = Path(__file__).parents[2] / "docs" / "matched-suppliers.png"
WORDS = {
    "text": "Hot lunches for four primary schools, about 400 a day, with a vegetarian choice and reusable trays",
    "place": "Nordrhein-Westfalen",
    "value": "350000",
}
CHOICES = {"country": "DE", "activity": "school-meals"}
WINDOW = ViewportSize(width=1200, height=1100)


async def take(address: str) -> None:
    """Describes a purchase and keeps what is answered."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport=WINDOW, base_url=address)
        await page.goto("/purchase")
        for field, words in WORDS.items():
            await page.locator(f"#{field}").fill(words)
        for folded in await page.locator("main details:not([open]) > summary").all():
            await folded.click()
        for field, choice in CHOICES.items():
            await page.locator(f"#{field}").select_option(choice)
        await page.get_by_role("button", name="Find suppliers").click()
        await page.locator("ol.listing > li").first.wait_for()
        PICTURE.parent.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
