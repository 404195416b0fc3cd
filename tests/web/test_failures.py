from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest
from structlog.testing import capture_logs

from matchmaker.domain.match import Criterion, Match, Need
from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.reference.bundle import core_reference
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import MatchRunRow
from matchmaker.web.app import create_app
from matchmaker.web.matches import Choice, Only, Order, read_choice
from matchmaker.web.names import CRITERIA, QUESTIONS, Names
from matchmaker.web.need_form import split_text
from matchmaker.web.services import Services

Check = Callable[[str], Element]


class Broken:
    """A model that fails and whose error holds what somebody wrote."""

    version = "broken"
    intercept = 0.0
    contributions = ()

    def assess(self, need: Need, suppliers: object) -> list[Match]:
        raise RuntimeError(f"cannot read {need.title}")


@pytest.mark.usefixtures("examples")
async def test_a_mistake_of_ours_is_a_helpful_page_and_no_log_line_holds_the_text(services: Services, check_page: Check) -> None:
    broken = replace(services, tools=replace(services.tools, capability=cast(Any, Broken())))
    transport = httpx.ASGITransport(app=cast(Any, create_app(broken)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
        await client.get("/purchase")
        form = {"_csrf_token": client.cookies["csrf"], "text": "A secret purchase", "country": "FR"}
        with capture_logs() as logs:
            answer = await client.post("/purchase", data=form)
            twin = await client.post("/api/purchase", json={"text": "A secret purchase", "country": "FR"})
    assert answer.status_code == 500
    check_page(answer.text)
    assert "secret" not in answer.text
    assert "secret" not in str(logs)
    assert {entry["error"] for entry in logs} == {"RuntimeError"}
    assert logs[0]["request_id"] in answer.text
    assert twin.status_code == 500
    assert twin.json()["request_id"] == logs[1]["request_id"]


@pytest.mark.usefixtures("examples")
async def test_a_lot_s_ranking_is_kept_once_its_reader_has_the_page(client: httpx.AsyncClient, sessions: SessionMaker) -> None:
    await client.get("/lots/00000001-2026/LOT-0001")
    async with sessions() as session:
        kept = await session.get(MatchRunRow, ("00000001-2026/LOT-0001", "europe"))
    assert kept is not None
    assert kept.scorer_version.startswith("words")


def test_codes_in_a_reason_are_given_by_their_names() -> None:
    names = Names(core_reference(), "fr")
    said = names.plain(Message("It does this kind of work: %(quotes)s.", {"quotes": "“90910000”, “propre”", "count": 3}))
    assert "90910000" not in str(said)
    assert "“propre”" in str(said)
    assert names.quoted("90910000").endswith("(90910000)")
    assert names.quoted("9091") == "9091"


def test_the_first_line_or_sentence_of_a_long_text_is_its_title() -> None:
    assert split_text("Bread\nfor schools") == ("Bread", "for schools")
    long_tail = "and more " * 60
    assert split_text(f"Bread for schools. {long_tail}")[0] == "Bread for schools."
    title, rest = split_text("word " * 100)
    assert len(title) <= 300
    assert rest.startswith(title)


def test_an_old_link_with_a_choice_that_no_longer_exists_still_works() -> None:
    class Query:
        def value(self, name: str) -> str:
            return {"sort": "popularity", "only": "rich", "show": "9999"}[name]

    assert read_choice(cast(Any, Query())) == Choice(Order.SCORE, Only.ALL, 20)


@pytest.mark.parametrize("criterion", list(Criterion))
def test_every_criterion_has_a_name_and_a_question_in_french_too(criterion: Criterion) -> None:
    for message in (CRITERIA[criterion], QUESTIONS[criterion]):
        assert translate(message, "fr") != message.text
