"""Tokens for programs: made by a person, shown once, and worth at most what that person may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from matchmaker.domain.access import TOKEN_PREFIX, Person, Scope
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.api_tokens import ApiToken, find_token, note_token_used, revoke_token, save_token, tokens_of
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person

MOST_TOKENS = 20
LIFETIMES = (30, 90, 365)
"""Days a token may live; there is none that never ends."""


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """Who a program speaks for, and what it may ask."""

    person: Person
    scopes: frozenset[Scope]


async def make_token(
    sessions: SessionMaker, person: Person, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> str:
    """Makes a token of 32 random bytes; this answer is the only place where it can be read.

    Raises:
        InvalidValue: no name, no scope, a lifetime not offered, or too many tokens that work.
    """
    if not name or not scopes or days not in LIFETIMES:
        raise InvalidValue(Message("A token needs a name, at least one permission, and an end."))
    token = TOKEN_PREFIX + token_urlsafe(32)
    async with transaction(sessions) as session:
        working = [each for each in await tokens_of(session, person.person_id) if not each.revoked_at and each.expires_at > now]
        if len(working) >= MOST_TOKENS:
            raise InvalidValue(
                Message("You have %(count)s tokens that work.", {"count": len(working)}), Message("End one you do not use.")
            )
        token_id = await save_token(session, token, person.person_id, name, scopes, now, now + timedelta(days=days))
        after = {"token": token_id, "scopes": sorted(scope.value for scope in scopes), "days": days}
        await record(session, now, str(person.person_id), "token made", f"person {person.person_id}", after=after)
    return token


async def own_tokens(sessions: SessionMaker, person: Person) -> list[ApiToken]:
    """Those of one person, ended ones too, the newest first."""
    async with sessions() as session:
        return await tokens_of(session, person.person_id)


async def end_token(sessions: SessionMaker, person: Person, token_id: str, now: datetime) -> None:
    """A program that holds it is refused from now on.

    Raises:
        NotFound: this person has no such token that works.
    """
    async with transaction(sessions) as session:
        if not await revoke_token(session, person.person_id, token_id, now):
            raise NotFound(Message("You have no such token."), Message("Load the page of your tokens again."))
        before = {"token": token_id}
        await record(session, now, str(person.person_id), "token ended", f"person {person.person_id}", before=before)


async def bearer_of(sessions: SessionMaker, token: str, now: datetime) -> TokenBearer | None:
    """Who a token belongs to; None when it is unknown, ended or lapsed. Writes down the day it was used, once a day."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    async with sessions() as session:
        found = await find_token(session, token, now)
        person = await load_person(session, found.person_id) if found else None
    if found is None or person is None:
        return None
    if found.last_used_on != now.date():
        async with transaction(sessions) as session:
            await note_token_used(session, found.token_id, now.date())
    return TokenBearer(person, found.scopes)
