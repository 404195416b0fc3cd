"""Suppliers: saved one by one or in thousands, hidden when they object."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.audit import record
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.lot_columns import PLAIN, Conversions
from matchmaker.storage.organisation_columns import capability_columns, organisation_columns, organisation_fingerprint
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.supplier_keys import store_supplier_keys

Vectors = Mapping[str, Sequence[Any]]
"""By supplier key: one vector a capability, in order."""


class Stored(StrEnum):
    """What saving a supplier does."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OBJECTED = "objected"
    """It objected to being listed: left alone and hidden."""
    CLAIMED = "claimed"
    """Its members keep this record themselves: an import leaves it alone."""


WRITTEN = frozenset({Stored.CREATED, Stored.UPDATED})


def visible(public_sources: Collection[str]) -> ColumnElement[bool]:
    """The condition on ``OrganisationRow`` under which everyone may see it.

    Claimed, or imported under a licence that does not forbid it from a source the settings name; never after an objection.
    """
    imported = and_(col(OrganisationRow.reusable), col(OrganisationRow.source).in_(sorted(public_sources)))
    return and_(col(OrganisationRow.objected_at).is_(None), or_(col(OrganisationRow.claimed), imported))


async def foresee(session: AsyncSession, organisations: Sequence[Organisation]) -> list[Stored]:
    """What saving each would do, without writing."""
    held = select(
        col(OrganisationRow.key),
        col(OrganisationRow.fingerprint),
        col(OrganisationRow.claimed),
        col(OrganisationRow.objected_at),
    ).where(col(OrganisationRow.key).in_([organisation.key for organisation in organisations]))
    stored = {row[0]: row for row in await session.execute(held)}

    def outcome(organisation: Organisation) -> Stored:
        row = stored.get(organisation.key)
        if row is None:
            return Stored.CREATED
        _, mark, claimed, objected_at = row
        if not organisation.provenance.claimed and objected_at is not None:
            return Stored.OBJECTED
        if not organisation.provenance.claimed and claimed:
            return Stored.CLAIMED
        return Stored.UNCHANGED if mark == organisation_fingerprint(to_document(organisation)) else Stored.UPDATED

    return [outcome(organisation) for organisation in organisations]


async def save_organisation(
    session: AsyncSession,
    organisation: Organisation,
    vectors: Sequence[Any] | None = None,
    conversions: Conversions = PLAIN,
    at: datetime | None = None,
    encoder: str | None = None,
) -> Stored:
    """Saves one supplier in the transaction of ``session``; ``vectors`` one a capability, made by ``encoder``."""
    by_key = {organisation.key: vectors} if vectors is not None else {}
    return (await save_organisations(session, [organisation], by_key, conversions, at, encoder))[0]


async def save_organisations(
    session: AsyncSession,
    organisations: Sequence[Organisation],
    vectors: Vectors,
    conversions: Conversions = PLAIN,
    at: datetime | None = None,
    encoder: str | None = None,
) -> list[Stored]:
    """Saves suppliers with different keys in few statements; what each did, in order. ``at`` None: the database's clock."""
    outcomes = await foresee(session, organisations)
    written = [one for one, outcome in zip(organisations, outcomes, strict=True) if outcome in WRITTEN]
    if written:
        moment = at or (await session.execute(select(func.now()))).scalar_one()
        await _write(session, written, vectors, conversions, {"updated_at": moment, "encoder": encoder, "version": 1})
    return outcomes


async def _write(
    session: AsyncSession,
    organisations: list[Organisation],
    vectors: Vectors,
    conversions: Conversions,
    common: dict[str, Any],
) -> None:
    rows = [organisation_columns(organisation, conversions) | common for organisation in organisations]
    statement = upsert(OrganisationRow)
    replaced: dict[str, Any] = {name: statement.excluded[name] for name in rows[0] if name != "key"}
    replaced["version"] = OrganisationRow.version + 1
    await session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=replaced), rows)
    await session.execute(delete(CapabilityRow).where(col(CapabilityRow.organisation_key).in_([row["key"] for row in rows])))
    capabilities = [
        capability
        for organisation, row in zip(organisations, rows, strict=True)
        for capability in capability_columns(organisation, vectors.get(organisation.key), row)
    ]
    if capabilities:
        await session.execute(insert(CapabilityRow), capabilities)
    await store_supplier_keys(session, organisations)


async def load_organisation(session: AsyncSession, key: str) -> Organisation | None:
    """One supplier whether public or not, for those who may see it anyway; None if unknown or if it objected."""
    found = await load_organisations(session, [key])
    return found[0] if found else None


async def load_public_organisation(session: AsyncSession, key: str, public_sources: Collection[str]) -> Organisation | None:
    """One supplier as everyone may see it; None if unknown or not public."""
    query = select(col(OrganisationRow.doc)).where(col(OrganisationRow.key) == key, visible(public_sources))
    doc = await session.scalar(query)
    return from_document(doc, Organisation) if doc is not None else None


async def load_organisations(session: AsyncSession, keys: Sequence[str]) -> list[Organisation]:
    """Suppliers in the order of ``keys``, without those unknown and those that objected."""
    query = select(col(OrganisationRow.key), col(OrganisationRow.doc)).where(
        col(OrganisationRow.key).in_(keys), col(OrganisationRow.objected_at).is_(None)
    )
    docs = {row.key: row.doc for row in await session.execute(query)}
    return [from_document(docs[key], Organisation) for key in keys if key in docs]


async def load_vectors(session: AsyncSession, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Vectors of the capabilities that have one, by supplier, in the order of the profile: arrays ``(n, 256)``."""
    query = (
        select(col(CapabilityRow.organisation_key), col(CapabilityRow.vector))
        .where(col(CapabilityRow.organisation_key).in_(keys), col(CapabilityRow.vector).is_not(None))
        .order_by(col(CapabilityRow.organisation_key), col(CapabilityRow.position))
    )
    found: dict[str, list[Any]] = {}
    for key, vector in await session.execute(query):
        found.setdefault(key, []).append(vector)
    return {key: np.asarray(vectors, dtype=np.float32) for key, vectors in found.items()}


async def organisation_version(session: AsyncSession, key: str) -> int | None:
    """How often the record was written; None if unknown."""
    return await session.scalar(select(col(OrganisationRow.version)).where(col(OrganisationRow.key) == key))


async def organisation_sample(session: AsyncSession, count: int) -> list[str]:
    """The keys of up to ``count`` suppliers spread over all that are stored, the same ones every time."""
    return list(await session.scalars(select(col(OrganisationRow.key)).order_by(func.md5(col(OrganisationRow.key))).limit(count)))


async def count_organisations(session: AsyncSession) -> int:
    """How many suppliers are stored, hidden ones included."""
    return (await session.execute(select(func.count()).select_from(OrganisationRow))).scalar_one()


async def record_objection(session: AsyncSession, key: str, at: datetime, who: str = "objection link") -> bool:
    """Hides a supplier for good, noted in the audit; False if it is unknown or had objected before."""
    hidden = await session.scalar(
        update(OrganisationRow)
        .where(col(OrganisationRow.key) == key, col(OrganisationRow.objected_at).is_(None))
        .values(objected_at=at)
        .returning(col(OrganisationRow.key))
    )
    if hidden is None:
        return False
    await record(session, at, who, "objection", key, before={"hidden": False}, after={"hidden": True})
    return True


async def withdraw_objection(session: AsyncSession, key: str, at: datetime, who: str) -> bool:
    """Shows a supplier again at its own wish, noted in the audit; False if it had not objected."""
    shown = await session.scalar(
        update(OrganisationRow)
        .where(col(OrganisationRow.key) == key, col(OrganisationRow.objected_at).is_not(None))
        .values(objected_at=None)
        .returning(col(OrganisationRow.key))
    )
    if shown is None:
        return False
    await record(session, at, who, "objection withdrawn", key, before={"hidden": True}, after={"hidden": False})
    return True
