"""Mails that come back, and news as a feed."""

from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

from matchmaker.alerts.bounces import read_bounce
from matchmaker.alerts.feed import atom_feed
from matchmaker.alerts.signed_links import read_signed_answer, signed_answer
from matchmaker.domain.alert import LotNews, MatchedOrganisation
from matchmaker.domain.messages import Message

NOTIFICATION = """\
From: MAILER-DAEMON@mail.example
To: alerts@matchmaker.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; gone@x.example
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {kind}

Message-ID: <abc@matchmaker.example>
Subject: New lot

{body}
--b--
"""
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NEWS = LotNews(
    "1-2026/LOT-0001",
    "01",
    {"fr": "Linge\x0b & draps"},
    "fr",
    (MatchedOrganisation("s:1", "Wash", 0.78, (Message("It works in %(regions)s.", {"regions": "Nord"}),)),),
    buyer="Hôpital <Nord>",
)


def notification(status: str = "5.1.1", kind: str = "text/rfc822-headers", body: str = "") -> bytes:
    return NOTIFICATION.format(status=status, kind=kind, body=body).encode()


def test_a_notification_names_our_mail_and_whether_it_came_back_for_good() -> None:
    for kind, body in (("text/rfc822-headers", ""), ("message/rfc822", "text")):
        bounce = read_bounce(notification(kind=kind, body=body))
        assert bounce is not None
        assert (bounce.message_id, bounce.permanent) == ("<abc@matchmaker.example>", True)
        assert bounce.answer == "5.1.1 smtp; 550 no such user"
    late = read_bounce(notification("4.4.1"))
    assert late is not None
    assert not late.permanent


def test_an_ordinary_mail_or_nonsense_is_no_notification() -> None:
    for data in (b"", b"\xff\x00", b"Subject: Hello\n\nMessage-ID: <abc@matchmaker.example>\nStatus: 5.0.0"):
        assert read_bounce(data) is None


def test_a_feed_holds_lots_with_why_in_the_readers_language() -> None:
    data = atom_feed([(AT, NEWS)], "https://m.example/feeds/k.atom", "https://m.example", "fr", AT)
    feed = fromstring(data)
    atom = "{http://www.w3.org/2005/Atom}"
    entry = feed.find(f"{atom}entry")
    assert entry is not None
    assert [entry.findtext(f"{atom}{name}") for name in ("id", "title", "updated")] == [
        "https://m.example/lots/1-2026/LOT-0001#01",
        "Linge & draps",
        "2026-11-24T09:30:00Z",
    ]
    summary = entry.findtext(f"{atom}summary") or ""
    assert summary.splitlines()[:2] == ["Hôpital <Nord>", "Wash: 78%"]
    assert feed.findtext(f"{atom}updated") == "2026-11-24T09:30:00Z"


def test_an_empty_feed_is_a_feed() -> None:
    assert fromstring(atom_feed([], "https://m.example/f", "https://m.example", "en", AT)).tag.endswith("feed")


def test_an_answer_link_is_good_for_one_person_and_one_lot() -> None:
    token = signed_answer("key", 7, "00 1/2.3-2026/LOT-0001")
    assert read_signed_answer("key", token) == (7, "00 1/2.3-2026/LOT-0001")
    assert read_signed_answer("another", token) is None
    forged = signed_answer("another", 8, "00 1/2.3-2026/LOT-0001").partition(".")[0] + "." + token.partition(".")[2]
    assert read_signed_answer("key", forged) is None
    assert read_signed_answer("key", "") is None
