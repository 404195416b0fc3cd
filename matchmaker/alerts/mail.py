"""A mail, ready to be handed to a mailer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from types import MappingProxyType

# Addresses inside headers may be longer than 78 characters; folding would wrap them into encoded words that no reader of
# List-Unsubscribe understands. RFC 5322 allows 998.
POLICY = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, as text and as HTML that say the same. ``message_id`` includes the angle brackets."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    date: datetime
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def mime_message(mail: Mail, sender: str) -> EmailMessage:
    """The mail in Internet Message Format (RFC 5322, 2045), text part first."""
    message = EmailMessage(policy=POLICY)
    name, address = parseaddr(sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = mail.date
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language
    return message
