"""What mails say: subject, text and HTML in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from jinja2 import Environment

from matchmaker.alerts.mail import Mail
from matchmaker.alerts.signed_links import Purpose, signed_answer, signed_for, signed_value
from matchmaker.domain.alert import LotNews, MatchedOrganisation
from matchmaker.domain.answers import ANSWERS
from matchmaker.domain.conversation import ContactMail
from matchmaker.domain.expiry import ExpiryNews
from matchmaker.domain.membership import SUBJECTS, MembershipMail, MembershipNews
from matchmaker.domain.messages import Message
from matchmaker.domain.released_list import ContractorMessage
from matchmaker.domain.sounding import SoundingMail
from matchmaker.domain.values import text_in
from matchmaker.language.templates import environment, render
from matchmaker.language.translate import translate, translate_plural
from matchmaker.package_files import folder
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.quoted_codes import codes_named

SUBJECT_LENGTH = 90


@dataclass(frozen=True)
class Envelope:
    """To whom a mail goes, under which name, and when it is written."""

    message_id: str
    person_id: int
    email: str
    language: str
    now: datetime


@dataclass(frozen=True)
class Composer:
    """Writes mails for one instance: its public address, and the key that signs its links."""

    base_url: str
    secret: str = field(repr=False)
    sender: str = "matchmaker@localhost"

    @cached_property
    def _templates(self) -> Environment:
        return environment(folder("templates"))

    def new_message_id(self) -> str:
        """A Message-ID nobody has used (RFC 5322, 3.6.4), at the sender's domain."""
        domain = parseaddr(self.sender)[1].partition("@")[2] or urlsplit(self.base_url).hostname or "localhost"
        return f"<{uuid4().hex}@{domain}>"

    def sign_in(self, envelope: Envelope, token: str) -> Mail:
        """The mail with a sign-in link."""
        subject = translate(Message("Your link to sign in to Matchmaker"), envelope.language)
        return self._mail(envelope, subject, "sign_in", {"link": f"{self.base_url}/sign-in/{quote(token)}"}, {})

    def lot_alert(self, envelope: Envelope, news: Sequence[LotNews]) -> Mail:
        """The mail about new lots, best first, each with why it suits whom; can be stopped with one click (RFC 8058)."""
        best_first = sorted(news, key=lambda lot: (-max((match.score for match in lot.organisations), default=0.0), lot.need_id))
        lots = [self._lot_values(lot, envelope) for lot in best_first]
        stop = f"{self.base_url}/alerts/stop/{self.stop_token(envelope.person_id)}"
        token = signed_value(self.secret, Purpose.PREFERENCES, str(envelope.person_id))
        preferences = f"{self.base_url}/alerts/preferences/{token}"
        new = sum(not lot.newer_version for lot in news)
        values = {"lots": lots, "new": new, "stop": stop, "preferences": preferences, "email": envelope.email, "answers": ANSWERS}
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return self._mail(envelope, self._alert_subject(lots, envelope.language), "lot_alert", values, headers)

    def contractor_message(self, envelope: Envelope, message: ContractorMessage) -> Mail:
        """A main contractor's message to a supplier on a released list; an answer goes to the address the contractor named."""
        subject = translate(
            Message("A main contractor writes to you: %(title)s", {"title": _short(message.lot_title)}), envelope.language
        )
        values = {
            "message": message,
            "link": f"{self.base_url}/lots/{quote(message.lot_id)}",
            "consent": f"{self.base_url}/supplier/naming",
        }
        return self._mail(envelope, subject, "contractor_message", values, {"Reply-To": message.answer_to})

    def membership(self, envelope: Envelope, mail: MembershipMail) -> Mail:
        """About joining a team or claiming a record; a link in it shows a page and changes nothing."""
        subject = translate(Message(SUBJECTS[mail.news].text, {"team": _short(mail.team_name)}), envelope.language)
        path = f"/team/{quote(mail.team_key, safe='')}"
        if mail.news is MembershipNews.INVITED:
            path = f"/join/{signed_value(self.secret, Purpose.INVITATION, mail.reference)}"
        elif mail.news is MembershipNews.PROVE_CLAIM:
            path = f"/claims/confirm/{signed_value(self.secret, Purpose.CLAIM, mail.reference)}"
        return self._mail(envelope, subject, "membership", {"mail": mail, "link": f"{self.base_url}{path}"}, {})

    def expiry(self, envelope: Envelope, news: ExpiryNews) -> Mail:
        """The reminder that a status or certificate expires."""
        what = translate(news.what, envelope.language)
        subject = translate(Message("Expires soon: %(what)s", {"what": _short(what)}), envelope.language)
        link = f"{self.base_url}/supplier/{quote(news.organisation_key, safe='')}/details/{news.step}"
        return self._mail(envelope, subject, "expiry", {"news": news, "link": link}, {})

    def contact(self, envelope: Envelope, message: ContactMail) -> Mail:
        """A buyer's message to a supplier, or its answer; answered by a link, so that neither learns the other's address."""
        subject = translate(
            Message("%(writer)s writes to you: %(topic)s", {"writer": message.writer, "topic": _short(message.topic)}),
            envelope.language,
        )
        token = signed_for(self.secret, Purpose.REPLY, envelope.person_id, message.conversation_id)
        values = {
            "message": message,
            "writer": message.writer,
            "answer": f"{self.base_url}/reply/{token}",
            "lot": f"{self.base_url}/lots/{quote(message.lot_id)}" if message.lot_id else None,
            "record": f"{self.base_url}/suppliers/{quote(message.supplier_key)}",
        }
        return self._mail(envelope, subject, "contact", values, {})

    def sounding(self, envelope: Envelope, asked: SoundingMail) -> Mail:
        """A buyer asks a supplier whether it could deliver a planned lot."""
        subject = translate(Message("Could you deliver this? %(topic)s", {"topic": _short(asked.topic)}), envelope.language)
        token = signed_for(self.secret, Purpose.SOUNDING, envelope.person_id, f"{asked.sounding_id} {asked.supplier_key}")
        values = {
            "message": asked,
            "writer": asked.buyer,
            "answer": f"{self.base_url}/sounding/{token}",
            "lot": f"{self.base_url}/lots/{quote(asked.lot_id)}",
            "record": f"{self.base_url}/suppliers/{quote(asked.supplier_key)}",
        }
        return self._mail(envelope, subject, "sounding", values, {})

    def stop_token(self, person_id: int) -> str:
        """The part of an address that lets its holder stop this person's alerts, and do nothing else."""
        return signed_value(self.secret, Purpose.STOP_ALERTS, str(person_id))

    def _lot_values(self, lot: LotNews, envelope: Envelope) -> dict[str, Any]:
        language = envelope.language
        title_language, title = text_in(lot.title, language, lot.language) or (language, lot.need_id)
        return {
            "lot": lot,
            "organisations": [self._plain(match, language) for match in lot.organisations],
            "title": title,
            "title_language": title_language,
            "link": f"{self.base_url}/lots/{quote(lot.need_id)}",
            "answer": f"{self.base_url}/answer/{signed_answer(self.secret, envelope.person_id, lot.need_id)}",
        }

    def _plain(self, match: MatchedOrganisation, language: str) -> MatchedOrganisation:
        """The same with codes given by their names."""
        table = core_reference().cpv
        reasons = tuple(codes_named(reason, table, language) for reason in match.reasons)
        return replace(match, reasons=reasons, caveats=tuple(codes_named(each, table, language) for each in match.caveats))

    def _alert_subject(self, lots: list[dict[str, Any]], language: str) -> str:
        new = sum(not each["lot"].newer_version for each in lots)
        if len(lots) > 1 and new:
            return translate_plural("%(count)s new lot for you", "%(count)s new lots for you", new, language)
        if len(lots) > 1:
            return translate_plural("News of %(count)s lot", "News of %(count)s lots", len(lots), language)
        title, lot = str(lots[0]["title"]), lots[0]["lot"]
        short = title if len(title) <= SUBJECT_LENGTH else title[: SUBJECT_LENGTH - 1].rstrip() + "…"
        if lot.over:
            return translate(Message("Result: %(title)s", {"title": short}), language)
        if lot.newer_version:
            return translate(Message("Changed lot: %(title)s", {"title": short}), language)
        return translate(Message("New lot for you: %(title)s", {"title": short}), language)

    def _mail(self, envelope: Envelope, subject: str, template: str, values: dict[str, Any], headers: dict[str, str]) -> Mail:
        known = {**values, "subject": subject, "base_url": self.base_url}
        return Mail(
            message_id=envelope.message_id,
            to=envelope.email,
            subject=subject,
            text=render(self._templates, f"mail/{template}.txt", envelope.language, known).rstrip() + "\n",
            html=render(self._templates, f"mail/{template}.html", envelope.language, known),
            language=envelope.language,
            date=envelope.now,
            headers=headers,
        )


def _short(title: str) -> str:
    return title if len(title) <= SUBJECT_LENGTH else title[: SUBJECT_LENGTH - 1].rstrip() + "…"
