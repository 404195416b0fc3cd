"""Alerts arrive although workers are killed with SIGKILL and the mail server misbehaves."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from matchmaker.alerts.compose import Composer, Envelope
from matchmaker.alerts.mailers import DeliveryUnknown, MailRefused, SmtpMailer
from matchmaker.alerts.unreliable_server import HOST, Accepted, Mood, Step, UnreliableServer, listening
from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.workflows.chaos_alerts import Outcome, chaos, count
from matchmaker.workflows.chaos_market import START, Expected, settle_people
from matchmaker.workflows.chaos_worker import default_tools
from matchmaker.workflows.migrate import migrate

MAIL = Composer("https://matchmaker.example", "a key of the tests").sign_in(
    Envelope("<1@x>", 1, "a@x.example", "en", START), "token"
)


async def test_killed_workers_lose_no_alert_and_mark_every_double(
    new_database: Callable[[str], Awaitable[str]], tmp_path: Path
) -> None:
    url = await new_database(f"chaos_{uuid4().hex[:8]}")
    await migrate(url)
    engine = make_engine(url)
    try:
        sessions = make_sessions(engine)
        await settle_people(sessions, default_tools().encoder)
        async with asyncio.timeout(60), chaos(sessions, url, tmp_path, seed=3, crash=None) as made:
            for number in range(3):
                await made.run(number)
        outcome = made.outcome
    finally:
        await engine.dispose()
    assert (outcome.runs, outcome.expected, outcome.lost, outcome.unmarked) == (3, 24, 0, 0)
    assert outcome.deaths.total() > 0, "workers did die"


def test_counting_tells_lost_doubled_and_unmarked_apart() -> None:
    expected = Expected(("a@x", "b@x"), ("1-2026/LOT-0001",))
    text = "https://matchmaker.example/lots/1-2026/LOT-0001"
    outcome = Outcome()
    count(outcome, expected, [Accepted("a@x", "<1>", text), Accepted("a@x", "<1>", text)], doubtful=set())
    assert outcome.line == "runs 1 expected 2 delivered 1 lost 1 duplicated 1 unmarked 1"
    assert not outcome.good
    count(outcome, expected, [Accepted("a@x", "<2>", text)] * 2 + [Accepted("b@x", "<3>", text)], doubtful={"<2>"})
    assert outcome.line == "runs 2 expected 4 delivered 3 lost 1 duplicated 2 unmarked 1"
    count(outcome, expected, [Accepted("a@x", "<4>", text), Accepted("a@x", "<5>", text)], doubtful={"<4>", "<5>"})
    assert outcome.unmarked == 2, "an alert in two messages is never excused"


@pytest.mark.parametrize(
    ("mood", "kept", "failure"),
    [
        (Mood.ACCEPT, 1, None),
        (Mood.SLOW, 1, None),
        (Mood.REFUSE, 0, MailRefused),
        (Mood.DROP_BEFORE, 0, DeliveryUnknown),
        (Mood.DROP_AFTER, 1, DeliveryUnknown),
    ],
    ids=str,
)
async def test_the_unreliable_server_keeps_what_it_accepted_and_shows_each_step(
    mood: Mood, kept: int, failure: type[Exception] | None
) -> None:
    steps: list[Step] = []
    async with listening(UnreliableServer(lambda: mood, steps.append)) as server:
        sending = SmtpMailer(HOST, server.port, "alerts@x.example", timeout=5).send(MAIL)
        if failure is None:
            await sending
        else:
            with pytest.raises(failure):
                await sending
    assert [mail.message_id for mail in server.accepted] == ["<1@x>"] * kept
    assert steps == [Step.GREETING, Step.SENDER, Step.RECIPIENT, Step.TEXT, Step.ACCEPTED][: 4 + kept]
