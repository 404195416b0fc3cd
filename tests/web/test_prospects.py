"""Pages say what would raise a match, to the supplier and to the buyer."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import httpx
import pytest

Check = Callable[[str], Element]
pytestmark = pytest.mark.usefixtures("examples")


async def test_a_lot_that_is_open_says_what_would_raise_each_match(client: httpx.AsyncClient, check_page: Check) -> None:
    page = (await client.get("/lots/00000001-2026/LOT-0001")).text
    check_page(page)
    assert "What would raise this match" in page
    assert "If you work where the lot is, add that region to those you work in." in page
    assert "points of 100 more." in page


async def test_a_closed_lot_says_nothing_of_it(client: httpx.AsyncClient, check_page: Check) -> None:
    page = (await client.get("/lots/000044-2020/1")).text
    check_page(page)
    assert "What would raise this match" not in page
