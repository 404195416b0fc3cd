"""A link is used once, however many try at the same moment."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.domain.access import CODE_ATTEMPTS, Role
from matchmaker.domain.errors import NotFound
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import claim, forget_sign_in_items
from matchmaker.storage.signed_sessions import forget_expired
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.sign_in import SignedIn, WrongCode, ask_for_link, link_token, person_signed_in, use_link

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KEY = "a key of the tests"
EMAIL = "ann@council.example"


async def asked(sessions: SessionMaker) -> tuple[str, str, str]:
    """Token, browser mark and code of a fresh link."""
    await enrol(sessions, Enrolment(EMAIL, Role.BUYER, "council"), "test", NOW)
    made = await ask_for_link(sessions, EMAIL, "10.0.0.1", "/account", KEY, NOW)
    async with sessions() as session:
        (message,) = await claim(session, NOW, 1, lambda: "<one@x.example>")
        await session.rollback()
    return link_token(KEY, str(message.items[0]["link_id"])), made.browser, made.code


async def test_of_many_uses_at_the_same_moment_one_signs_in(committed: SessionMaker) -> None:
    token, browser, _ = await asked(committed)
    uses = (use_link(committed, token, browser, "", None, KEY, NOW) for _ in range(6))
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    signed = [each for each in outcomes if isinstance(each, SignedIn)]
    assert len(signed) == 1
    assert all(isinstance(each, NotFound) for each in outcomes if each not in signed)
    async with committed() as session:
        person = await person_signed_in(session, signed[0].session_token, NOW)
    assert person
    assert person.email == EMAIL


async def test_guesses_at_the_same_moment_are_all_counted(committed: SessionMaker) -> None:
    token, _, code = await asked(committed)
    wrong = "000000" if code != "000000" else "111111"
    guesses = (use_link(committed, token, None, wrong, None, KEY, NOW) for _ in range(CODE_ATTEMPTS + 3))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(each, WrongCode) for each in outcomes) == CODE_ATTEMPTS
    with pytest.raises(NotFound):
        await use_link(committed, token, None, code, None, KEY, NOW)


async def test_what_is_past_its_time_is_deleted(sessions: SessionMaker) -> None:
    token, browser, _ = await asked(sessions)
    signed = await use_link(sessions, token, browser, "", None, KEY, NOW)
    assert isinstance(signed, SignedIn)
    later = NOW + timedelta(days=20)
    async with transaction(sessions) as session:
        assert await person_signed_in(session, signed.session_token, NOW)
        await forget_expired(session, later, later)
        await forget_sign_in_items(session, later)
        assert await person_signed_in(session, signed.session_token, NOW) is None
        assert await claim(session, later, 5, lambda: "<two@x.example>") == []
