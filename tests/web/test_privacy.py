"""The page of data protection: linked from every page, with this instance's own periods, and links that lead on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import httpx
import pytest

from matchmaker.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = read_settings({"MATCHMAKER_HOME": str(tmp_path), "MATCHMAKER_SECRET": "a key of the tests, long enough to sign"})
    return replace(made, record_years=11, audit_years=1, quarantine_days=17)


async def test_the_page_of_data_protection_says_how_long_this_instance_keeps_what(
    client: httpx.AsyncClient, check_page: Callable[[str], Element]
) -> None:
    text = (await client.get("/privacy")).text
    check_page(text)
    assert "Sourcing records: 11 years after the award" in text
    assert "Log of who changed what: 1 year." in text
    assert "could not be read: 17 days." in text


async def test_every_page_leads_to_it_and_it_leads_to_ones_own_data(client: httpx.AsyncClient) -> None:
    assert 'href="/privacy"' in (await client.get("/")).text
    text = (await client.get("/privacy")).text
    for address in ("/account/data", "/account/alerts", "/suppliers"):
        assert f'href="{address}"' in text
        assert (await client.get(address)).status_code in (200, 303)
