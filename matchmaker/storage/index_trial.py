"""What an index over vectors would be worth: tried on a copy that goes with the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from pgvector import HalfVector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Rows = list[int]

NEAREST = text("SELECT row FROM vector_trial ORDER BY vector <#> CAST(CAST(:vector AS text) AS halfvec(256)), row LIMIT :count")

KINDS = {
    "IVFFlat": (
        "CREATE INDEX vector_trial_index ON vector_trial USING ivfflat (vector halfvec_ip_ops) WITH (lists = {lists})",
        "SET LOCAL ivfflat.probes = {reach}",
    ),
    "HNSW": (
        "CREATE INDEX vector_trial_index ON vector_trial USING hnsw (vector halfvec_ip_ops)",
        "SET LOCAL hnsw.ef_search = {reach}",
    ),
}
"""How each kind is made, and how it is told how far to look."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The nearest rows for each vector asked for, and the milliseconds each took."""

    rows: list[Rows]
    milliseconds: list[float]


async def copy_vectors(session: AsyncSession) -> int:
    """Makes the copy, in the transaction of ``session``; how many vectors there are."""
    await session.execute(
        text(
            "CREATE TEMPORARY TABLE vector_trial ON COMMIT DROP AS"
            " SELECT row_number() OVER (ORDER BY organisation_key, position) AS row, vector"
            " FROM capability WHERE vector IS NOT NULL"
        )
    )
    await session.execute(text("ANALYZE vector_trial"))
    return await session.scalar(text("SELECT count(*) FROM vector_trial")) or 0


async def build(session: AsyncSession, kind: str, vectors: int) -> float:
    """Indexes the copy in place of an earlier index; seconds it took. As many lists as pgvector advises: a thousandth."""
    await session.execute(text("DROP INDEX IF EXISTS vector_trial_index"))
    await session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    start = perf_counter()
    await session.execute(text(KINDS[kind][0].format(lists=max(10, vectors // 1000))))
    return perf_counter() - start


async def nearest(
    session: AsyncSession, wanted: Sequence[Sequence[float]], count: int, kind: str = "", reach: int = 0
) -> Answers:
    """The ``count`` nearest of each vector: by the index of that kind looking so far, or by comparing all."""
    await session.execute(text(f"SET LOCAL enable_seqscan = {'off' if kind else 'on'}"))
    await session.execute(text(f"SET LOCAL enable_indexscan = {'on' if kind else 'off'}"))
    if kind:
        await session.execute(text(KINDS[kind][1].format(reach=reach)))
    found = Answers([], [])
    for vector in wanted:
        start = perf_counter()
        rows = await session.scalars(NEAREST, {"vector": HalfVector(list(vector)).to_text(), "count": count})
        found.rows.append(list(rows))
        found.milliseconds.append((perf_counter() - start) * 1000)
    return found
