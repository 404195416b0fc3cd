"""Suppliers whose status waits to be verified, and those whose members are to be reminded of an expiry."""

from sqlalchemy import cast, exists, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.access import Role
from matchmaker.domain.organisation import Organisation
from matchmaker.storage.codec import from_document
from matchmaker.storage.evidence import EvidenceRow, EvidenceState
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.people import MembershipRow


async def statuses_to_verify(session: AsyncSession, limit: int) -> list[Organisation]:
    """Up to ``limit``: those with a document nobody has looked at, then claimed ones with an unverified status; newest first."""
    waiting = (
        exists()
        .where(col(EvidenceRow.organisation_key) == col(OrganisationRow.key))
        .where(col(EvidenceRow.state) == EvidenceState.WAITING.value)
    )
    unverified = col(OrganisationRow.doc).bool_op("@?")(cast("$.statuses[*] ? (!exists(@.verified_by))", JSONPATH))
    query = (
        select(col(OrganisationRow.doc))
        .where(col(OrganisationRow.objected_at).is_(None), waiting | (col(OrganisationRow.claimed) & unverified))
        .order_by(waiting.desc(), col(OrganisationRow.updated_at).desc(), col(OrganisationRow.key))
        .limit(limit)
    )
    return [from_document(doc, Organisation) for doc in await session.scalars(query)]


async def suppliers_with_members(session: AsyncSession) -> list[tuple[Organisation, tuple[int, ...]]]:
    """Suppliers that somebody keeps, with the ids of those who do."""
    rows = await session.execute(
        select(col(OrganisationRow.key), col(OrganisationRow.doc), col(MembershipRow.person_id))
        .join(MembershipRow, col(MembershipRow.team_key) == col(OrganisationRow.key))
        .where(col(MembershipRow.role) == Role.SUPPLIER.value, col(OrganisationRow.objected_at).is_(None))
        .order_by(col(OrganisationRow.key), col(MembershipRow.person_id))
    )
    members: dict[str, list[int]] = {}
    docs = {}
    for key, doc, person_id in rows:
        docs[key] = doc
        members.setdefault(key, []).append(person_id)
    return [(from_document(doc, Organisation), tuple(members[key])) for key, doc in docs.items()]
