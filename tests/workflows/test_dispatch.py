"""Sending what is due: nothing lost, nothing doubled unseen."""

import asyncio
import random
import warnings
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aiosmtpd.smtp import SMTP

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import DeliveryUnknown, MailRefused, RecordingMailer, SmtpMailer
from matchmaker.domain.alert import LAST_ATTEMPT, SEND_AGAIN_AFTER, LotNews, MailKind, MatchedOrganisation
from matchmaker.domain.messages import Message
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import claim, mark, put_item
from matchmaker.storage.outbox_records import messages_of, outbox_counts, troubled_messages
from matchmaker.storage.outbox_tables import MessageState
from matchmaker.storage.people import save_person
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.save_alert import stop_alerts

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
COMPOSER = Composer("https://matchmaker.example", "a key of the tests", "alerts@matchmaker.example")


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def news(lot: str, score: float = 0.8) -> LotNews:
    reasons = (Message("Does this kind of work."),)
    return LotNews(lot, "01", {"en": f"Laundry {lot}"}, "en", (MatchedOrganisation("s:1", "Wash & Work", score, reasons),))


async def put_news(sessions: SessionMaker, email: str, *lots: str) -> int:
    async with transaction(sessions) as session:
        person = await save_person(session, email, "en", START)
        for lot in lots:
            await put_item(session, f"{email}|{lot}", person, MailKind.LOT_ALERT, to_document(news(lot)), START)
    return person


async def record_of(sessions: SessionMaker, person: int) -> Any:
    async with sessions() as session:
        records = await messages_of(session, person, MailKind.LOT_ALERT, 10)
    assert len(records) == 1
    return records[0]


async def test_news_leaves_once_and_is_marked(sessions: SessionMaker, clock: Clock) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer()
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).sent == 1
    clock.now += timedelta(days=2)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).claimed == 0
    assert [mail.to for mail in mailer.sent] == ["a@x.example"]
    record = await record_of(sessions, person)
    assert (record.state, record.doubtful, record.attempts) == (MessageState.SENT, False, 1)


async def test_news_for_one_person_shares_a_mail_and_people_do_not(sessions: SessionMaker, clock: Clock) -> None:
    await put_news(sessions, "a@x.example", "1-2026/LOT-0001", "1-2026/LOT-0002")
    await put_news(sessions, "b@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer()
    await dispatch_due(sessions, mailer, COMPOSER, clock)
    assert {mail.to: mail.subject for mail in mailer.sent} == {
        "a@x.example": "2 new lots for you",
        "b@x.example": "New lot for you: Laundry 1-2026/LOT-0001",
    }


async def test_the_same_news_is_written_once(sessions: SessionMaker, clock: Clock) -> None:
    for _ in range(2):
        await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer()
    await dispatch_due(sessions, mailer, COMPOSER, clock)
    assert len(mailer.sent) == 1


async def test_a_temporary_refusal_is_tried_again_later_under_the_same_message_id(sessions: SessionMaker, clock: Clock) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    seen: list[str] = []

    class Full(RecordingMailer):
        async def send(self, mail: Mail) -> None:
            seen.append(mail.message_id)
            await super().send(mail)

    mailer = Full(fail_with=[MailRefused("451 full", permanent=False)] * 2)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).retried_later == 1
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).claimed == 0
    clock.now += timedelta(minutes=1)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).retried_later == 1
    clock.now += timedelta(minutes=1)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).claimed == 0
    clock.now += timedelta(minutes=4)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).sent == 1
    assert len(seen) == 3
    assert len(set(seen)) == 1
    record = await record_of(sessions, person)
    assert (record.state, record.doubtful, record.attempts) == (MessageState.SENT, False, 3)


async def test_a_permanent_refusal_is_final_and_shown_to_the_operator(sessions: SessionMaker, clock: Clock) -> None:
    await put_news(sessions, "gone@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer(fail_with=[MailRefused("550 no such user", permanent=True)])
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).failed == 1
    clock.now += timedelta(days=3)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).claimed == 0
    async with sessions() as session:
        (record,) = await troubled_messages(session, 10)
    assert record.last_answer == "550 no such user"


async def test_no_message_is_tried_for_ever(sessions: SessionMaker, clock: Clock) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer(fail_with=[MailRefused("451", permanent=False)] * 50)
    for _ in range(30):
        await dispatch_due(sessions, mailer, COMPOSER, clock)
        clock.now += timedelta(hours=13)
    record = await record_of(sessions, person)
    assert (record.state, record.attempts) == (MessageState.FAILED, LAST_ATTEMPT)


async def test_a_worker_that_dies_after_claiming_leaves_a_doubtful_message_that_is_sent_again(
    sessions: SessionMaker, clock: Clock
) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    async with transaction(sessions) as session:
        (lost,) = await claim(session, clock(), 5, COMPOSER.new_message_id)
    mailer = RecordingMailer()
    clock.now += SEND_AGAIN_AFTER
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).claimed == 0
    clock.now += timedelta(seconds=1)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).sent == 1
    assert mailer.sent[0].message_id == lost.message_id
    record = await record_of(sessions, person)
    assert (record.state, record.doubtful) == (MessageState.SENT, True)


async def test_a_connection_lost_after_the_text_makes_the_message_doubtful_for_good(sessions: SessionMaker, clock: Clock) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer(fail_with=[DeliveryUnknown("connection lost")])
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).unknown == 1
    clock.now += timedelta(minutes=1)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).sent == 1
    record = await record_of(sessions, person)
    assert (record.state, record.doubtful) == (MessageState.SENT, True)


async def test_a_worker_that_comes_back_late_cannot_mark_what_another_has_claimed(sessions: SessionMaker, clock: Clock) -> None:
    await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    async with transaction(sessions) as session:
        (first,) = await claim(session, clock(), 5, COMPOSER.new_message_id)
    clock.now += SEND_AGAIN_AFTER + timedelta(seconds=1)
    async with transaction(sessions) as session:
        (second,) = await claim(session, clock(), 5, COMPOSER.new_message_id)
        assert not await mark(session, first, MessageState.FAILED, clock())
        assert await mark(session, second, MessageState.SENT, clock())


async def test_a_slow_batch_gives_back_what_it_could_not_send_in_time(sessions: SessionMaker, clock: Clock) -> None:
    for name in "abc":
        await put_news(sessions, f"{name}@x.example", "1-2026/LOT-0001")

    class Slow(RecordingMailer):
        async def send(self, mail: Mail) -> None:
            clock.now += SEND_AGAIN_AFTER * 0.4
            await super().send(mail)

    mailer = Slow()
    done = await dispatch_due(sessions, mailer, COMPOSER, clock)
    assert (done.sent, done.retried_later) == (2, 1)
    assert (await dispatch_due(sessions, mailer, COMPOSER, clock)).sent == 1
    async with sessions() as session:
        assert (await outbox_counts(session))["doubtful"] == 0


async def test_one_message_that_cannot_be_written_does_not_hold_up_the_others(sessions: SessionMaker, clock: Clock) -> None:
    async with transaction(sessions) as session:
        person = await save_person(session, "a@x.example", "en", START)
        await put_item(session, "broken", person, MailKind.LOT_ALERT, {"nonsense": True}, START)
    await put_news(sessions, "b@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer()
    with pytest.RaisesGroup(Exception):
        await dispatch_due(sessions, mailer, COMPOSER, clock)
    assert [mail.to for mail in mailer.sent] == ["b@x.example"]


async def test_stopping_alerts_takes_back_what_has_not_left(sessions: SessionMaker, clock: Clock) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")
    other = await put_news(sessions, "b@x.example", "1-2026/LOT-0001")
    refusing = RecordingMailer(fail_with=[MailRefused("451", permanent=False)] * 2)
    await dispatch_due(sessions, refusing, COMPOSER, clock)
    await put_news(sessions, "a@x.example", "1-2026/LOT-0002")
    await stop_alerts(sessions, person, clock())
    clock.now += timedelta(days=1)
    mailer = RecordingMailer()
    await dispatch_due(sessions, mailer, COMPOSER, clock)
    assert [mail.to for mail in mailer.sent] == ["b@x.example"]
    assert (await record_of(sessions, other)).state is MessageState.SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (None, MessageState.SENT),
        (MailRefused("451", permanent=False), MessageState.DROPPED),
        (DeliveryUnknown("connection lost"), MessageState.DROPPED),
    ],
    ids=["accepted", "refused", "unknown"],
)
async def test_alerts_stopped_while_a_mail_is_under_way_are_not_tried_again(
    sessions: SessionMaker, clock: Clock, answer: Exception | None, state: MessageState
) -> None:
    person = await put_news(sessions, "a@x.example", "1-2026/LOT-0001")

    class Slow(RecordingMailer):
        async def send(self, mail: Mail) -> None:
            await stop_alerts(sessions, person, clock())
            await super().send(mail)

    await dispatch_due(sessions, Slow(fail_with=[answer] if answer else []), COMPOSER, clock)
    clock.now += timedelta(days=1)
    assert (await dispatch_due(sessions, RecordingMailer(), COMPOSER, clock)).claimed == 0
    assert (await record_of(sessions, person)).state is state


class Server:
    """An SMTP server that sometimes refuses, waits or breaks the connection after it has taken a mail."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.received: Counter[tuple[str, str]] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        fate = self.dice.random()
        await asyncio.sleep(self.dice.random() / 200)
        if fate < 0.2:
            return "451 try again later"
        self.received[envelope.rcpt_tos[0], message_from_bytes(envelope.content)["Message-ID"]] += 1
        if fate < 0.35:
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def smtp_server(handler: Server) -> AsyncIterator[SmtpMailer]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    try:
        yield SmtpMailer("127.0.0.1", server.sockets[0].getsockname()[1], "alerts@matchmaker.example", timeout=5)
    finally:
        server.close()
        await server.wait_closed()


async def test_several_workers_at_once_send_each_mail_once(committed: SessionMaker, clock: Clock) -> None:
    for number in range(40):
        await put_news(committed, f"p{number}@x.example", "1-2026/LOT-0001")
    mailer = RecordingMailer()

    async def work() -> None:
        while True:
            if not (await dispatch_due(committed, mailer, COMPOSER, clock, limit=3)).claimed:
                return

    await asyncio.gather(*(work() for _ in range(4)))
    await dispatch_due(committed, mailer, COMPOSER, clock, limit=100)
    assert Counter(mail.to for mail in mailer.sent) == Counter(f"p{number}@x.example" for number in range(40))


@pytest.mark.parametrize("seed", range(2))
async def test_killed_workers_and_a_broken_server_lose_nothing_and_mark_every_double(
    committed: SessionMaker, clock: Clock, seed: int
) -> None:
    """Workers are cancelled at random moments; PostgreSQL sees what it sees when a process dies."""
    dice = random.Random(seed)
    people = [await put_news(committed, f"p{number}@x.example", "1-2026/LOT-0001") for number in range(12)]
    server = Server(dice)
    async with smtp_server(server) as mailer:
        for _ in range(30):
            workers = [asyncio.create_task(dispatch_due(committed, mailer, COMPOSER, clock, limit=3)) for _ in range(2)]
            if dice.random() < 0.7:
                await asyncio.sleep(dice.random() / 20)
                dice.choice(workers).cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            clock.now += timedelta(minutes=31)
    async with committed() as session:
        records = [(await messages_of(session, person, MailKind.LOT_ALERT, 5))[0] for person in people]
    for number, record in enumerate(records):
        times = [count for (to, _), count in server.received.items() if to == f"p{number}@x.example"]
        assert len(times) == 1, "each person's mail keeps one Message-ID and arrives"
        assert record.state in (MessageState.SENT, MessageState.WAITING)
        assert times[0] == 1 or record.doubtful, "whatever arrived twice is marked"
