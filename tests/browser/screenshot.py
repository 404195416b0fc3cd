"""Takes README's picture from a running demonstration: ``python tests/browser/screenshot.py http://127.0.0.1:8000``."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

CHROMIUM = "/usr/bin/chromium"
PICTURE = Path(__file__).parents[2] / ".readme" / "lot.png"
LOT = "Day-service journeys, commuter counties"
WINDOW = ViewportSize(width=1160, height=1760)


async def take(address: str) -> None:
    """Looks for a lot, opens it and keeps what the window shows."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport=WINDOW, base_url=address)
        await page.goto("/lots?q=day-service")
        await page.get_by_role("link", name=LOT).click()
        await page.locator("#suppliers ol.listing > li").first.wait_for()
        PICTURE.parent.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
