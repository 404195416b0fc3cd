"""Everything stored about one person, found by the foreign keys, so that a new table cannot be forgotten."""

from typing import Any

from sqlalchemy import LargeBinary, Table, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from matchmaker.domain.alert import MailKind
from matchmaker.storage.invitations import InvitationListRow
from matchmaker.storage.outbox_tables import OutboxItemRow
from matchmaker.storage.people import PersonRow
from matchmaker.storage.purchase_plan_tables import PurchasePlanRow
from matchmaker.storage.released_lists import NamingConsentRow

SECRETS = frozenset({"secret", "feed_key"})
"""Columns that give access; they are no data about the person."""


def tables_about_people() -> dict[str, list[str]]:
    """By table: the columns that name a person."""
    found: dict[str, list[str]] = {}
    for table in SQLModel.metadata.sorted_tables:
        columns = [key.parent.name for key in table.foreign_keys if key.column.table.name == "person"]
        if columns:
            found[table.name] = sorted(columns)
    return found


async def rows_about(session: AsyncSession, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Rows by table as JSON values, without hashes and keys."""
    person = SQLModel.metadata.tables["person"]
    rows = {"person": await _rows(session, person, ["person_id"], person_id)}
    for name, columns in tables_about_people().items():
        found = await _rows(session, SQLModel.metadata.tables[name], columns, person_id)
        if found:
            rows[name] = found
    return rows


async def _rows(session: AsyncSession, table: Table, columns: list[str], person_id: int) -> list[dict[str, Any]]:
    shown = [column for column in table.columns if not isinstance(column.type, LargeBinary) and column.name not in SECRETS]
    parts = [part for column in shown for part in (column.name, func.to_jsonb(column))]
    mine = or_(*(table.columns[name] == person_id for name in columns))
    return list(await session.scalars(select(cast(func.jsonb_build_object(*parts), JSONB)).select_from(table).where(mine)))


async def forget_name(session: AsyncSession, person_id: int, email: str, pseudonym: str) -> None:
    """Puts a pseudonym where teams' lists and purchase plans name who made them, and in mails to others about the person.

    A consent to be named under the person's own address ends with it.
    """
    plans = col(PurchasePlanRow.doc)
    await session.execute(
        update(InvitationListRow).where(col(InvitationListRow.person_id) == person_id).values(made_by=pseudonym)
    )
    named = plans["made_by"].astext == email
    renamed = plans.op("||")(func.jsonb_build_object("made_by", pseudonym))
    await session.execute(update(PurchasePlanRow).where(named).values(doc=renamed))
    own_address = (col(NamingConsentRow.given_by) == person_id) & (col(NamingConsentRow.contact) == email)
    await session.execute(delete(NamingConsentRow).where(own_address))
    mail = col(OutboxItemRow.content)
    told = mail["who"].astext == email
    unnamed = mail.op("||")(func.jsonb_build_object("who", pseudonym))
    await session.execute(
        update(OutboxItemRow).where(col(OutboxItemRow.kind) == MailKind.MEMBERSHIP.value, told).values(content=unnamed)
    )


async def delete_person(session: AsyncSession, person_id: int) -> None:
    """Deletes the person; the foreign keys take the person's own rows along and empty the name in those of teams."""
    await session.execute(delete(PersonRow).where(col(PersonRow.person_id) == person_id))
