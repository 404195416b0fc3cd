"""From a need to ranked, explained suppliers, through the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import Criterion, Evidence, Need
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea, SizeFigures
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.criteria.capability import Matrix, SupplierText
from matchmaker.storage.candidates import Scope
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.workflows.match_lots import match_need
from matchmaker.workflows.tools import MatchTools

TODAY = date(2026, 11, 24)
CLEANING = CpvCode("90910000")


class TinyEncoder:
    """Letters counted: enough to tell one word from another."""

    version = "tiny"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), 256), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for first, second in zip(text.lower(), text.lower()[1:], strict=False):
                row[(ord(first) * 31 + ord(second)) % 256] += 1
            row /= max(1.0, float(np.linalg.norm(row)))
        return rows


@dataclass
class TinyAnswer:
    features: dict[str, float | None]
    contributions: dict[str, float]
    probability: float
    evidence: tuple[Evidence, ...] = field(default=())


class TinyModel:
    """One feature: how many words of the title stand in the supplier's texts."""

    version = "tiny-1"
    intercept = -2.0

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> list[TinyAnswer]:
        wanted = set(" ".join(need.title.values()).lower().split())
        answers = []
        for supplier in suppliers:
            found = sorted(wanted & set(" ".join(supplier.texts).lower().split()))
            share = len(found) / max(1, len(wanted))
            evidence = tuple(Evidence("supplier.capabilities", word) for word in found)
            answers.append(TinyAnswer({"capability.words": share}, {"capability.words": 4 * share}, share, evidence))
        return answers


TOOLS = MatchTools(core_reference(), TinyEncoder(), TinyModel(), frozenset({"shown"}))
NEED = Need(
    "draft",
    {"fr": "nettoyage de bureaux"},
    language="fr",
    cpvs=(CLEANING,),
    nuts=(NutsCode("FR10"),),
    country="FR",
    yearly_value=Money(Decimal(50_000), "EUR"),
    deadline=Deadline(TODAY + timedelta(days=40)),
)


def supplier(name: str, text: str, nuts: str = "FR10", source: str = "shown", area: ServiceArea | None = None) -> Organisation:
    return Organisation(
        f"{source}:{name}",
        name,
        Base(NutsCode(nuts).country, nuts=NutsCode(nuts), city="Ville"),
        Provenance(source, name),
        language="fr",
        size=SizeFigures(turnover=Money(Decimal(400_000), "EUR")),
        area=area or ServiceArea(),
        capabilities=(Capability(text, "fr", (CLEANING,)),),
    )


async def store(session: AsyncSession, *organisations: Organisation, claimed: bool = False) -> None:
    for organisation in organisations:
        session.add(
            OrganisationRow(
                key=organisation.key,
                name=organisation.name,
                sort_key=organisation.name,
                country=organisation.base.country,
                nuts=str(organisation.base.nuts),
                area_nuts=[code.code for code in organisation.area.nuts],
                area_countries=list(organisation.area.countries),
                cpvs=[],
                source=organisation.provenance.source,
                source_id=organisation.provenance.source_id,
                claimed=claimed,
                words="",
                doc=to_document(organisation),
                fingerprint="",
                updated_at=datetime(2026, 11, 24, tzinfo=UTC),
            )
        )
        await session.flush()
        for position, capability in enumerate(organisation.capabilities):
            vector = TinyEncoder().encode([capability.text])[0].tolist()
            codes = [code.code for code in capability.cpvs]
            session.add(
                CapabilityRow(
                    organisation_key=organisation.key, position=position, text=capability.text, cpvs=codes, vector=vector
                )
            )
    await session.commit()


async def test_a_need_gets_ranked_and_explained_suppliers(session: AsyncSession, sessions: SessionMaker) -> None:
    near = supplier("near", "Nettoyage de bureaux et vitres")
    far = supplier("far", "Nettoyage de bureaux et vitres", nuts="FI1B")
    other = supplier("other", "Jardinage et élagage")
    await store(session, near, far, other)
    found = await match_need(sessions, NEED, TOOLS, TODAY, top=10)
    assert {match.supplier_key for match in found} == {"shown:near", "shown:far", "shown:other"}
    best = found[0]
    assert best.supplier_key == "shown:near"
    assert [result.criterion for result in best.criteria] == list(Criterion)
    assert best.log_odds == pytest.approx(best.intercept + sum(best.contributions.values()), abs=1e-12)
    assert best.criterion(Criterion.CAPABILITY).value == 1
    assert "Ville" in str(best.criterion(Criterion.PLACE).sentence)


async def test_only_records_that_may_be_shown_are_matched(session: AsyncSession, sessions: SessionMaker) -> None:
    await store(session, supplier("a", "nettoyage"), supplier("b", "nettoyage", source="hidden"))
    await store(session, supplier("c", "nettoyage", source="hidden"), claimed=True)
    objected = supplier("d", "nettoyage")
    await store(session, objected)
    row = await session.get(OrganisationRow, objected.key)
    assert row is not None
    row.objected_at = datetime(2026, 11, 1, tzinfo=UTC)
    await session.commit()
    found = await match_need(sessions, NEED, TOOLS, TODAY, top=10)
    assert {match.supplier_key for match in found} == {"shown:a", "hidden:c"}


async def test_the_scope_bounds_where_suppliers_come_from(session: AsyncSession, sessions: SessionMaker) -> None:
    await store(
        session,
        supplier("paris", "nettoyage", nuts="FR10"),
        supplier("marseille", "nettoyage", nuts="FRL0"),
        supplier("helsinki", "nettoyage", nuts="FI1B"),
        supplier("helsinki-to-france", "nettoyage", nuts="FI1B", area=ServiceArea(countries=("FR",))),
        supplier("helsinki-to-paris", "nettoyage", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR101"),))),
    )

    async def names(scope: Scope) -> set[str]:
        found = await match_need(sessions, NEED, TOOLS, TODAY, top=10, scope=scope)
        return {match.supplier_key.removeprefix("shown:") for match in found}

    assert await names(Scope.REACH) == {"paris", "helsinki-to-france", "helsinki-to-paris"}
    assert await names(Scope.COUNTRY) == {"paris", "marseille", "helsinki-to-france", "helsinki-to-paris"}
    assert len(await names(Scope.EUROPE)) == 5


async def test_an_empty_database_gives_an_empty_list(sessions: SessionMaker) -> None:
    assert await match_need(sessions, NEED, TOOLS, TODAY, top=10) == []
