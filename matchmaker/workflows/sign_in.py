"""Signing in by a link sent to an e-mail address, and signing out."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.alerts.signed_links import Purpose, keyed_mark
from matchmaker.domain.access import (
    CODE_ATTEMPTS,
    LINKS_PER_ADDRESS,
    LINKS_PER_EMAIL,
    RATE_WINDOW,
    SESSION_LIFETIME,
    SIGN_IN_LINK_LIFETIME,
    Person,
    normal_email,
)
from matchmaker.domain.alert import MailKind
from matchmaker.domain.errors import NotFound, TooManyRequests
from matchmaker.domain.messages import Message
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import load_person, person_id_of, save_person
from matchmaker.storage.signed_sessions import (
    SignInLink,
    SignInLinkRow,
    count_request,
    count_wrong_code,
    end_session,
    hashed,
    load_link,
    mark_link_used,
    save_link,
    save_session,
    session_person,
)

LINK_GONE = Message("This sign-in link has expired or was used already.")
ASK_AGAIN = Message("Ask for a new link on the sign-in page.")


@dataclass(frozen=True, slots=True)
class LinkAsked:
    """What the browser that asked is given: a mark to recognise it by, and the code for another browser."""

    browser: str
    code: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and where to go."""

    session_token: str
    next_path: str


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The code was not the right one; how many tries are left."""

    tries_left: int


def link_token(secret: str, link_id: str) -> str:
    """The secret part of a link. It is made again from the link's id when the mail is written, so it is stored nowhere."""
    return keyed_mark(secret, Purpose.SIGN_IN, link_id)


def short_code(secret: str, link_id: str) -> str:
    """Six digits that belong to a link."""
    return f"{int.from_bytes(keyed_mark(secret, Purpose.SIGN_IN_CODE, link_id).encode(), 'big') % 1_000_000:06d}"


async def ask_for_link(
    sessions: SessionMaker,
    email: str,
    address: str,
    next_path: str,
    secret: str,
    now: datetime,
    newcomer: str | None = None,
) -> LinkAsked:
    """Writes a sign-in mail to the outbox when somebody has this address, and answers the same way when nobody has.

    Both ways run the same statements, so neither the answer nor its time tells them apart. ``newcomer`` is the language of a
    person who wants to join: then an address nobody has becomes a person with no rights yet, and everybody gets a mail.

    Raises:
        InvalidValue: this is no address.
        TooManyRequests: too many links for this e-mail or from this network address.
    """
    wanted = normal_email(email)
    by_email, by_address = f"email {wanted}", f"address {address}"
    async with transaction(sessions) as session:
        counts = await count_request(session, [by_email, by_address], now, now - RATE_WINDOW)
    if counts[by_email] > LINKS_PER_EMAIL or counts[by_address] > LINKS_PER_ADDRESS:
        raise TooManyRequests(
            Message("Too many sign-in links were asked for."),
            Message("Wait %(minutes)s minutes and try again.", {"minutes": int(RATE_WINDOW.total_seconds() // 60)}),
        )
    link_id, browser = uuid4().hex, token_urlsafe(24)
    code = short_code(secret, link_id)
    async with transaction(sessions) as session:
        if newcomer is not None:
            await save_person(session, wanted, newcomer, now)
        person_id = await person_id_of(session, wanted)
        await save_link(
            session,
            SignInLinkRow(
                link_id=link_id,
                token_hash=hashed(link_token(secret, link_id)),
                person_id=person_id,
                browser_hash=hashed(browser),
                code_hash=_code_hash(secret, link_id, code),
                next_path=next_path,
                created_at=now,
                expires_at=now + SIGN_IN_LINK_LIFETIME,
            ),
        )
        await put_item(session, f"sign-in|{link_id}", person_id, MailKind.SIGN_IN, {"link_id": link_id}, now)
    return LinkAsked(browser, code)


async def look_at_link(session: AsyncSession, token: str, browser: str | None, now: datetime) -> bool:
    """Whether the link must be completed with a code: it was asked for in another browser. Changes nothing.

    Raises:
        NotFound: the link is unknown, used, expired or spent.
    """
    return _needs_code(_usable(await load_link(session, token), now), browser)


async def use_link(
    sessions: SessionMaker,
    token: str,
    browser: str | None,
    code: str,
    old_session: str | None,
    secret: str,
    now: datetime,
) -> SignedIn | WrongCode:
    """Uses a link once: a new session begins and the one this browser had ends.

    Raises:
        NotFound: the link is unknown, used, expired, or spent by wrong codes.
    """
    async with transaction(sessions) as session:
        link = _usable(await load_link(session, token, lock=True), now)
        if _needs_code(link, browser) and not _right_code(link, secret, code):
            return WrongCode(max(0, CODE_ATTEMPTS - await count_wrong_code(session, link.link_id)))
        if link.person_id is None:
            raise NotFound(LINK_GONE, ASK_AGAIN)
        if not link.reusable:
            await mark_link_used(session, link.link_id, now)
        if old_session:
            await end_session(session, old_session)
        session_token = token_urlsafe(32)
        await save_session(session, session_token, link.person_id, now, now + SESSION_LIFETIME)
        return SignedIn(session_token, link.next_path)


async def sign_out(sessions: SessionMaker, session_token: str) -> None:
    """Ends the session of one browser."""
    async with transaction(sessions) as session:
        await end_session(session, session_token)


async def person_signed_in(session: AsyncSession, session_token: str, now: datetime) -> Person | None:
    """Who a session belongs to, with all roles; None when it has ended."""
    person_id = await session_person(session, session_token, now)
    return None if person_id is None else await load_person(session, person_id)


def _usable(link: SignInLink | None, now: datetime) -> SignInLink:
    if link is None or link.expires_at <= now or link.wrong_codes >= CODE_ATTEMPTS or (link.used_at and not link.reusable):
        raise NotFound(LINK_GONE, ASK_AGAIN)
    return link


def _needs_code(link: SignInLink, browser: str | None) -> bool:
    if link.browser_hash is None:
        return False
    return browser is None or not hmac.compare_digest(hashed(browser), link.browser_hash)


def _right_code(link: SignInLink, secret: str, code: str) -> bool:
    typed = "".join(code.split()).replace("-", "")
    return link.code_hash is not None and hmac.compare_digest(_code_hash(secret, link.link_id, typed), link.code_hash)


def _code_hash(secret: str, link_id: str, code: str) -> bytes:
    # Six digits can be tried out against a plain hash; with the instance's key in it a stolen table is not enough.
    return hashed(keyed_mark(secret, Purpose.SIGN_IN_CODE, f"{link_id} {code}"))
