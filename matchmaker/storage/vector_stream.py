"""All capability vectors once, in large blocks: for many lots at a time one reading serves them all."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.storage.columns import VECTOR_DIMENSIONS
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.organisations import visible

SIGNATURE = 19
"""Bytes before the first row of PostgreSQL's binary COPY form, with an empty extension."""

ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("row_length", ">i4"),
        ("page", ">u4"),
        ("slot", ">u2"),
        ("vector_length", ">i4"),
        ("header", ">u4"),
        ("vector", ">f2", (VECTOR_DIMENSIONS,)),
        ("places_length", ">i4"),
        ("places", ">i8"),
        ("codes_length", ">i4"),
        ("codes", ">i8"),
    ]
)
"""A row of that form with where it stands in the table (ctid), a half-precision vector and two hashes: all are equally long."""

QUERY = """SELECT ctid, vector, hash_array_extended(places, 0), hash_array_extended(code_words, 0)
FROM capability WHERE vector IS NOT NULL"""

PLACES_AND_CODES = (
    "SELECT hash_array_extended(held, 0), held FROM (SELECT DISTINCT places AS held FROM capability) AS distinct_places",
    "SELECT hash_array_extended(held, 0), held FROM (SELECT DISTINCT code_words AS held FROM capability) AS distinct_codes",
)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of the table: where each stands (page and slot in one number), its vector, and hashes of its places and its codes."""

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    places: NDArray[np.int64]
    codes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """The different lists of words that the rows of the table have, by their hashes, which are in order."""

    hashes: NDArray[np.int64]
    lists: Sequence[Sequence[str]]

    def having(self, wanted: Sequence[Collection[str]]) -> NDArray[np.bool_]:
        """Which lists share a word with which of ``wanted``: ``(lists, wanted)``."""
        askers: dict[str, list[int]] = {}
        for number, words in enumerate(wanted):
            for word in words:
                askers.setdefault(word, []).append(number)
        found = np.zeros((len(self.lists), len(wanted)), bool)
        for row, words in zip(found, self.lists, strict=True):
            for word in words:
                row[askers.get(word, [])] = True
        return found


async def different_words(session: AsyncSession) -> tuple[Words, Words]:
    """The different places, and the different codes, of all rows."""
    return await _words(session, PLACES_AND_CODES[0]), await _words(session, PLACES_AND_CODES[1])


async def _words(session: AsyncSession, query: str) -> Words:
    rows = sorted((await session.execute(text(query))).all())
    return Words(np.array([number for number, _ in rows], np.int64), [words for _, words in rows])


async def read_for_good(session: AsyncSession) -> None:
    """Begins the transaction of ``session`` so that a row stands where it stood until its end."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


async def vector_blocks(session: AsyncSession, rows: int) -> AsyncIterator[Block]:
    """Every capability with a vector, ``rows`` at a time, as the transaction of ``session`` sees them."""
    held = await (await session.connection()).get_raw_connection()
    driver: Any = held.driver_connection
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=64)
    reading = asyncio.create_task(_copy(driver, chunks))
    waiting, size = bytearray(), rows * ROW.itemsize
    try:
        begun = False
        while (chunk := await chunks.get()) is not None:
            waiting += chunk
            if not begun and len(waiting) >= SIGNATURE:
                del waiting[:SIGNATURE]
                begun = True
            while begun and len(waiting) >= size:
                yield _block(bytes(waiting[:size]))
                del waiting[:size]
        await reading
        if whole := len(waiting) // ROW.itemsize:
            yield _block(bytes(waiting[: whole * ROW.itemsize]))
    finally:
        reading.cancel()


async def _copy(driver: Any, chunks: asyncio.Queue[bytes | None]) -> None:
    try:
        await driver.copy_from_query(QUERY, output=chunks.put, format="binary")
    finally:
        await chunks.put(None)


def _block(packed: bytes) -> Block:
    found = np.frombuffer(packed, ROW)
    rows = found["page"].astype(np.int64) << 16 | found["slot"].astype(np.int64)
    return Block(rows, found["vector"].astype(np.float32), found["places"].astype(np.int64), found["codes"].astype(np.int64))


async def keys_at(session: AsyncSession, rows: Collection[int]) -> dict[int, str]:
    """Whose capability each row is, in the same transaction."""
    tids = [(row >> 16, row & 0xFFFF) for row in rows]
    query = text("SELECT ctid, organisation_key FROM capability WHERE ctid = ANY(CAST(:tids AS tid[]))")
    found = await session.execute(query, {"tids": tids})
    return {page << 16 | slot: key for (page, slot), key in found.all()}


async def shown_among(session: AsyncSession, keys: Sequence[str], shown_sources: Collection[str]) -> set[str]:
    """Those of ``keys`` that everybody may see."""
    held = col(OrganisationRow.key)
    return set(await session.scalars(select(held).where(held.in_(keys), visible(shown_sources))))
