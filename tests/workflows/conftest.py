"""Matching tools small enough to predict, and suppliers to match with."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import numpy as np
import pytest
import pytest_asyncio
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.organisation import Organisation
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.criteria.capability import Matrix, SupplierText
from matchmaker.storage.engine import SessionMaker, make_engine, make_sessions
from matchmaker.storage.migrating import EXTENSIONS
from matchmaker.storage.organisations import save_organisations
from matchmaker.storage.tables import metadata
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]


class PairsOfLetters:
    """An encoder that counts pairs of letters: enough to tell one word from another."""

    version = "pairs"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), 256), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for first, second in zip(text.lower(), text.lower()[1:], strict=False):
                row[(ord(first) * 31 + ord(second)) % 256] += 1
            row /= max(1.0, float(np.linalg.norm(row)))
        return rows


@dataclass(frozen=True)
class Shared:
    """Which words of the title the supplier uses."""

    share: float
    evidence: tuple[Evidence, ...]

    @property
    def features(self) -> Mapping[str, float | None]:
        return {"capability.words": self.share}

    @property
    def contributions(self) -> Mapping[str, float]:
        return {"capability.words": 4 * self.share}

    @property
    def probability(self) -> float:
        return self.share


class SharedWords:
    """One feature: the share of the title's words that stand in the supplier's texts."""

    version = "shared-words"
    intercept = -2.0

    def __init__(self) -> None:
        self.asked = 0

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> list[Shared]:
        self.asked += 1
        wanted = set(" ".join(need.title.values()).lower().split())
        return [self._answer(wanted, supplier) for supplier in suppliers]

    def _answer(self, wanted: set[str], supplier: SupplierText) -> Shared:
        found = sorted(wanted & set(" ".join(supplier.texts).lower().split()))
        return Shared(len(found) / len(wanted), tuple(Evidence("supplier.capabilities", word) for word in found))

    def contributions(self, features: Mapping[str, float | None]) -> Mapping[str, float]:
        return {name: 4 * (value or 0.0) for name, value in features.items()}


@pytest.fixture
def word_model() -> SharedWords:
    """``asked`` counts how often it was used."""
    return SharedWords()


@pytest.fixture
def word_tools(word_model: SharedWords) -> MatchTools:
    """Records of the source ``shown`` are public."""
    return MatchTools(core_reference(), PairsOfLetters(), word_model, frozenset({"shown"}))


@pytest.fixture
def store(session: AsyncSession) -> Store:
    """Saves suppliers with the vectors of their capabilities."""

    async def save(*organisations: Organisation) -> None:
        encode = PairsOfLetters().encode
        vectors = {each.key: list(encode([work.text for work in each.capabilities])) for each in organisations}
        await save_organisations(session, organisations, vectors, encoder="pairs")
        await session.commit()

    return save


@pytest_asyncio.fixture
async def committed(new_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[SessionMaker]:
    """Sessions that really commit, on a database of this test's own, for what several connections do at once."""
    engine = make_engine(await new_database(f"workflows_{uuid4().hex[:8]}"))
    async with engine.begin() as connection:
        for extension in EXTENSIONS:
            await connection.execute(sql(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
        await connection.run_sync(metadata.create_all)
    yield make_sessions(engine)
    await engine.dispose()
