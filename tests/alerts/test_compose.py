"""What mails say, word for word."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

import html5lib
import pytest

from matchmaker.alerts.compose import Composer, Envelope
from matchmaker.alerts.mail import Mail
from matchmaker.alerts.signed_links import Purpose, keyed_mark, read_signed_value, signed_value
from matchmaker.domain.alert import LotNews, MatchedOrganisation
from matchmaker.domain.messages import Message
from matchmaker.domain.values import Deadline

COMPOSER = Composer("https://matchmaker.example", "a key of the tests", "Matchmaker <alerts@matchmaker.example>")
ENVELOPE = Envelope("<one@matchmaker.example>", 7, "ann@wash.example", "en", datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
WHY = MatchedOrganisation(
    "s:1",
    "Wash & Work",
    0.783,
    (
        Message("It works in %(regions)s.", {"regions": "Nord"}),
        Message("It does this kind of work: %(words)s.", {"words": "“linge”"}),
    ),
    (Message("Only %(days)s days are left.", {"days": 9}),),
)
NEWS = LotNews(
    "00000001-2026/LOT-0001",
    "01",
    {"fr": "Blanchisserie <lot 1>"},
    "fr",
    (WHY,),
    buyer="Hôpital & fils",
    country="FR",
    deadline=Deadline(date(2026, 12, 3), time(12, 0), 60),
    reserved=True,
)
TEXT = """\
A lot that suits you

Blanchisserie <lot 1>
Hôpital & fils, France
Offers until 3 Dec 2026, 12:00 (UTC+01:00).
Reserved for sheltered workshops, social enterprises or public-service organisations.
https://matchmaker.example/lots/00000001-2026/LOT-0001

Why it suits Wash & Work (score 78%):
- It works in Nord.
- It does this kind of work: “linge”.
What speaks against it:
- Only 9 days are left.

Your answer, without signing in: ANSWER

--
You get this because you saved an alert for this address, ann@wash.example.
Change when and how we write to you: PREFERENCES
Stop all alerts to this address: STOP
"""


def alert(*news: LotNews, language: str = "en") -> Mail:
    return COMPOSER.lot_alert(replace(ENVELOPE, language=language), news)


def test_an_alert_says_what_until_when_and_why() -> None:
    mail = alert(NEWS)
    stop = mail.headers["List-Unsubscribe"].strip("<>")
    text = re.sub(r"https://\S+/answer/\S+", "ANSWER", mail.text.replace(stop, "STOP"))
    assert re.sub(r"https://\S+/alerts/preferences/\S+", "PREFERENCES", text) == TEXT
    assert mail.subject == "New lot for you: Blanchisserie <lot 1>"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_html_is_sound_says_the_same_and_needs_nothing_from_elsewhere(language: str) -> None:
    for mail in (alert(NEWS, replace(NEWS, need_id="2/LOT-2"), language=language), COMPOSER.sign_in(ENVELOPE, "token")):
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        tree = parser.parse(mail.html)
        assert not parser.errors
        assert tree.get("lang") == mail.language
        assert len(list(tree.iter("h1"))) == 1
        assert not [tag for tag in ("img", "script", "link", "iframe", "form", "table") if list(tree.iter(tag))]
        words = set(re.findall(r"\w{4,}", "".join(tree.find("body").itertext())))
        said = set(re.findall(r"\w{4,}", re.sub(r"https?://\S+", "", mail.text)))
        assert said <= words
        assert {link.get("href") for link in tree.iter("a")} >= set(
            re.findall(r"https?://\S+/(?:lots|sign-in|alerts)/\S+", mail.text)
        )


def test_what_notices_and_organisations_wrote_never_becomes_markup() -> None:
    mail = alert(replace(NEWS, title={"en": "<script>alert(1)</script>"}, buyer='"><img src=x>'))
    assert "<script" not in mail.html
    assert "<img" not in mail.html


def test_a_title_in_another_language_is_marked_as_such() -> None:
    assert '<a href="https://matchmaker.example/lots/00000001-2026/LOT-0001" style="color:#14532d" lang="fr">' in alert(NEWS).html
    both = replace(NEWS, title={"fr": "Linge", "en": "Linen"})
    assert ">Linen</a>" in alert(both).html
    assert 'lang="fr"' not in alert(both).html


def test_the_best_lot_comes_first_and_the_subject_counts() -> None:
    better = replace(NEWS, need_id="2/LOT-2", title={"en": "Better"}, organisations=(replace(WHY, score=0.9),))
    mail = alert(NEWS, better)
    assert mail.subject == "2 new lots for you"
    assert mail.text.index("Better") < mail.text.index("Blanchisserie")


def test_planned_changed_and_open_ended_lots_are_told_apart() -> None:
    planned = alert(replace(NEWS, planned=True, deadline=None))
    assert "offers cannot be made yet" in planned.text
    changed = alert(replace(NEWS, newer_version=True))
    assert changed.subject.startswith("Changed lot: ")
    assert "has changed since we told you" in changed.text
    assert "does not say until when" in alert(replace(NEWS, deadline=None)).text


def test_a_long_title_is_cut_in_the_subject_only() -> None:
    mail = alert(replace(NEWS, title={"en": "word " * 60}))
    assert len(mail.subject) <= 120
    assert mail.subject.endswith("…")
    assert mail.text.count("word") == 60


def test_a_sign_in_mail_holds_one_link_and_no_code() -> None:
    mail = COMPOSER.sign_in(ENVELOPE, "the-token")
    assert re.findall(r"https?://\S+sign-in\S+", mail.text) == ["https://matchmaker.example/sign-in/the-token"]
    assert not re.search(r"\b\d{3} ?\d{3}\b", mail.text)
    assert "List-Unsubscribe" not in mail.headers


def test_message_ids_are_new_each_time_and_name_the_sender_s_domain() -> None:
    made = {COMPOSER.new_message_id() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"<[0-9a-f]{32}@matchmaker\.example>", each) for each in made)


def test_a_signed_value_is_good_for_one_purpose_one_key_and_itself() -> None:
    text = signed_value("key", Purpose.STOP_ALERTS, "7")
    assert read_signed_value("key", Purpose.STOP_ALERTS, text) == "7"
    assert read_signed_value("other", Purpose.STOP_ALERTS, text) is None
    assert read_signed_value("key", Purpose.SIGN_IN, text) is None
    assert read_signed_value("key", Purpose.STOP_ALERTS, "8" + text[1:]) is None
    assert read_signed_value("key", Purpose.STOP_ALERTS, "7") is None
    assert read_signed_value("key", Purpose.STOP_ALERTS, "é.é") is None
    assert keyed_mark("key", Purpose.SIGN_IN, "7") != keyed_mark("key", Purpose.STOP_ALERTS, "7")
