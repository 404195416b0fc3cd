"""Many notices at a time: one transaction for all, or one for each when the database refuses something among them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from matchmaker.domain.errors import InvalidValue, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import Conversions
from matchmaker.storage.notices import Reading, Saved, save_notices
from matchmaker.storage.quarantine import digest, put_into_quarantine, release

UNSTORABLE = ("22", "23", "54")
"""SQLSTATE classes that blame the data: wrong value, broken rule, over a limit of the database."""


async def save_apart(
    sessions: SessionMaker, readings: Sequence[Reading], conversions: Conversions, at: datetime, again: bool
) -> list[Saved | UnreadableDocument]:
    """Saves notices; what each did, or why the database did not take it. Any other trouble (no connection) is raised."""
    try:
        async with transaction(sessions) as session:
            return list(await save_notices(session, readings, conversions, at, again))
    except (DBAPIError, InvalidValue) as error:
        refusal = _refusal(error, readings[0].document)
    if len(readings) == 1:
        return [refusal]
    return [outcome for one in readings for outcome in await save_apart(sessions, [one], conversions, at, again)]


def _refusal(error: DBAPIError | InvalidValue, name: str) -> UnreadableDocument:
    # The engine tells of text that no row can hold as a value that is not valid; its cause is what the database said.
    said = error.__cause__ if isinstance(error, InvalidValue) else error.orig
    if not str(getattr(said, "sqlstate", None) or "").startswith(UNSTORABLE):
        raise error
    return UnreadableDocument(
        Message("“%(name)s” was read but could not be stored: %(reason)s", {"name": name, "reason": str(said)[:300]}),
        Message("Tell those who look after the program; the document is kept in quarantine."),
    )


async def settle_quarantine(
    sessions: SessionMaker,
    unreadable: Sequence[tuple[str, bytes, UnreadableDocument]],
    readable: Sequence[tuple[str, bytes]],
    at: datetime,
) -> None:
    """Puts what could not be read into quarantine and takes out what now can."""
    async with transaction(sessions) as session:
        for name, data, refusal in unreadable:
            await put_into_quarantine(session, name, data, refusal, at)
        await release(session, [digest(name, data) for name, data in readable])
