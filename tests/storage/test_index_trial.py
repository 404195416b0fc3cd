"""An index is tried on a copy, which finds what comparing all finds when it looks far enough, and leaves nothing behind."""

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.storage.index_trial import KINDS, build, copy_vectors, nearest
from matchmaker.storage.organisations import save_organisations


async def test_an_index_that_looks_everywhere_finds_all_of_the_nearest(session: AsyncSession) -> None:
    vectors = np.random.default_rng(5).normal(size=(60, 256)).astype(np.float16).astype(np.float32)
    suppliers = [
        Organisation(f"t:{n:02d}", "A", Base("FR"), Provenance("t", str(n)), capabilities=(Capability("work"),))
        for n in range(60)
    ]
    await save_organisations(session, suppliers, {each.key: [row] for each, row in zip(suppliers, vectors, strict=True)})
    assert await copy_vectors(session) == 60
    wanted = [tuple(map(float, vectors[3])), tuple(map(float, -vectors[9]))]
    exact = await nearest(session, wanted, 5)
    assert exact.rows == [(np.argsort(-(vectors @ np.array(one)))[:5] + 1).tolist() for one in wanted]
    assert len(exact.milliseconds) == 2
    for kind in KINDS:
        assert await build(session, kind, 60) > 0
        assert (await nearest(session, wanted, 5, kind, 100)).rows == exact.rows
    await session.rollback()
    assert await session.scalar(text("SELECT to_regclass('vector_trial')")) is None
