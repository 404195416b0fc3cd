"""Keep the language a person has chosen, for mails too."""

from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import set_language


async def remember_language(sessions: SessionMaker, person_id: int, language: str) -> None:
    """From now on this person's mails are written in ``language``, one of those offered."""
    async with transaction(sessions) as session:
        await set_language(session, person_id, language)
