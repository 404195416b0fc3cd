"""Make the vectors of capabilities again after the encoder changed."""

from collections.abc import AsyncIterator

from matchmaker.scoring.encoder import Encoder
from matchmaker.storage.capability_vectors import count_outdated, outdated_organisations, save_vectors
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.workflows.import_suppliers import BATCH, TextVectors


async def refresh_vectors(sessions: SessionMaker, encoder: Encoder) -> AsyncIterator[int]:
    """Yields how many suppliers each committed batch brought up to date; ends when none is left."""
    vectors = TextVectors(encoder)
    while True:
        async with transaction(sessions) as session:
            organisations = await outdated_organisations(session, encoder.version, BATCH)
            if not organisations:
                return
            await save_vectors(session, vectors.of(organisations), encoder.version)
        yield len(organisations)


async def outdated(sessions: SessionMaker, encoder: Encoder) -> int:
    """How many suppliers have vectors of another encoder, or none."""
    async with sessions() as session:
        return await count_outdated(session, encoder.version)
