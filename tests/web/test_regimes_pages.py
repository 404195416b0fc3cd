"""The reservation law at hand, for everyone to read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import httpx
import pytest

from matchmaker.reference.bundle import core_reference
from matchmaker.web.regimes import RegimeRow
from matchmaker.web.services import Services

Check = Callable[[str], Element]


@pytest.fixture
def services(services: Services) -> Services:
    """The package's own law instead of the small tools' one."""
    return replace(services, tools=replace(services.tools, reference=core_reference()))


def addresses(tree: Element) -> set[str]:
    return {href for link in tree.iter("a") if (href := link.get("href") or "").startswith("/regimes/")}


async def test_every_regime_in_force_is_listed_with_a_page_of_its_own(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/regimes")
    assert answer.status_code == 200
    found = addresses(check_page(answer.text))
    assert found == {f"/regimes/{regime.regime_id}" for regime in core_reference().regimes.on(datetime.now(UTC).date())}
    for address in sorted(found):
        single = await client.get(address)
        assert single.status_code == 200, address
        check_page(single.text)


async def test_the_list_narrows_to_one_country(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/regimes", params={"country": "LV"})
    assert addresses(check_page(answer.text)) == {"/regimes/LV-16-1", "/regimes/LV-16-2"}
    assert "More than 30 %" in answer.text
    assert "The legal status decides." in answer.text
    assert "Source: legalize-dev/legalize-lv" in answer.text


async def test_a_country_that_is_not_in_the_list_is_said_and_left_out(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/regimes", params={"country": "XX"})
    assert answer.status_code == 422
    assert len(addresses(check_page(answer.text))) == len(core_reference().regimes.on(datetime.now(UTC).date()))


async def test_a_regime_says_of_each_clause_where_and_when_its_text_was_seen(client: httpx.AsyncClient) -> None:
    czech = (await client.get("/regimes/CZ-38")).text
    assert "At least 50 %" in czech
    assert "3 Apr 2025" in czech
    assert "legalize-dev/legalize-cz" in czech
    assert "to be verified" not in czech
    assert "general knowledge" in (await client.get("/regimes/DK-54")).text


async def test_a_regime_shows_its_sentence_in_the_official_languages_and_what_is_a_translation(client: httpx.AsyncClient) -> None:
    belgian = (await client.get("/regimes/BE-15")).text
    for language in ("de", "fr", "nl", "en"):
        assert f'<dd lang="{language}">' in belgian
    assert belgian.count("unreviewed translation") == 2
    assert belgian.count("quotes the law") == 1
    assert "Admit equivalent structures" in belgian
    assert "Sentence for the notice" not in (await client.get("/regimes/DE-224")).text


async def test_the_list_says_how_many_parts_are_verified_and_when_reviews_are_due(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/regimes", params={"country": "DE"})).text
    assert "Verified parts: 0 of " in answer
    assert "review was due on" in answer
    assert "review by" in (await client.get("/regimes", params={"country": "NL"})).text


async def test_the_provisions_that_plans_rest_on_stand_below_the_unions_law(client: httpx.AsyncClient, check_page: Check) -> None:
    union = (await client.get("/regimes", params={"country": "EU"})).text
    check_page(union)
    assert "Art. 5(10)" in union
    assert "Art. 58(3)" in union
    assert "Art. 58(3)" not in (await client.get("/regimes", params={"country": "NL"})).text


async def test_a_regime_that_is_unknown_is_not_found(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/regimes/XX-1")
    assert answer.status_code == 404
    check_page(answer.text)


def test_a_law_that_was_verified_is_to_be_reviewed_later() -> None:
    czech = next(regime for regime in core_reference().regimes.rows if regime.regime_id == "CZ-38")
    now, later = datetime(2026, 11, 24, tzinfo=UTC).date(), datetime(2029, 1, 1, tzinfo=UTC).date()
    assert str(RegimeRow(czech, now).summary) == "all verified"
    assert str(RegimeRow(czech, later).summary) == "review due"
    assert RegimeRow(czech, now).review_by == RegimeRow(czech, later).review_by is not None
