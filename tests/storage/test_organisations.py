from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.notice import Identifier
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Delivery,
    FreeCapacity,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.storage.audit import history
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.organisations import (
    Stored,
    count_organisations,
    load_organisation,
    load_organisations,
    load_public_organisation,
    load_vectors,
    organisation_version,
    record_objection,
    save_organisation,
    save_organisations,
    withdraw_objection,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLIC = frozenset({"register"})


def supplier(key: str = "register:1", **changed: object) -> Organisation:
    base = Organisation(
        key,
        "Les Jardins d’Été",
        Base("FR", "Lyon", "69001", 45.77, 4.83, NutsCode("FRK26")),
        Provenance("register", key.partition(":")[2], "Licence ouverte 2.0", date(2026, 3, 1)),
        description="Entretien des espaces verts.",
        language="fr",
        identifiers=(Identifier("80746931700018", "SIRET"),),
        statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, "ACI", integration_share=0.6),),
        size=SizeFigures(employees=12, turnover=Money(Decimal("250000"), "EUR")),
        free_capacity=FreeCapacity(hours=1200.0, as_of=date(2026, 1, 1)),
        area=ServiceArea(nuts=(NutsCode("FRK2"),), radius_km=40.0),
        capabilities=(
            Capability("Entretien des espaces verts", "fr", (CpvCode("77310000"),), (Delivery.SERVICES,)),
            Capability("Taille de haies", "fr", (CpvCode("77342000"), CpvCode("77310000"))),
        ),
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def unit(position: int) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    vector = np.zeros(256, dtype=np.float32)
    vector[position] = 1.0
    return vector


async def test_a_supplier_comes_back_as_it_was_saved(session: AsyncSession) -> None:
    assert await save_organisation(session, supplier()) is Stored.CREATED
    assert await load_organisation(session, "register:1") == supplier()
    assert await load_organisation(session, "register:2") is None


async def test_saving_the_same_supplier_on_another_day_changes_nothing(session: AsyncSession) -> None:
    await save_organisation(session, supplier())
    later = replace(supplier().provenance, imported_on=date(2026, 4, 1))
    assert await save_organisation(session, supplier(provenance=later)) is Stored.UNCHANGED
    assert await organisation_version(session, "register:1") == 1


async def test_a_changed_supplier_is_updated_with_its_capabilities(session: AsyncSession) -> None:
    await save_organisation(session, supplier())
    changed = supplier(capabilities=supplier().capabilities[:1])
    assert await save_organisation(session, changed) is Stored.UPDATED
    assert await load_organisation(session, "register:1") == changed
    assert await session.scalar(select(func.count()).select_from(CapabilityRow)) == 1
    assert await organisation_version(session, "register:1") == 2


async def test_vectors_come_back_in_the_order_of_the_capabilities(session: AsyncSession) -> None:
    await save_organisation(session, supplier(), [unit(3), unit(7)], encoder="test-1")
    vectors = (await load_vectors(session, ["register:1", "register:2"]))["register:1"]
    assert vectors.shape == (2, 256)
    assert vectors.argmax(axis=1).tolist() == [3, 7]


async def test_suppliers_come_in_the_order_asked_for(session: AsyncSession) -> None:
    await save_organisations(session, [supplier(f"register:{number}") for number in range(4)], {}, at=NOW)
    found = await load_organisations(session, ["register:3", "register:9", "register:1"])
    assert [organisation.key for organisation in found] == ["register:3", "register:1"]
    assert await count_organisations(session) == 4


async def test_the_columns_hold_what_queries_need(session: AsyncSession) -> None:
    await save_organisation(session, supplier())
    row = await session.get_one(OrganisationRow, "register:1")
    assert (row.sort_key, row.country, row.nuts) == ("les jardins d ete", "FR", "FRK26")
    assert (row.area_nuts, row.area_radius_km, row.statuses) == (["FRK2"], 40.0, ["work-integration"])
    assert row.cpvs == ["77310000", "77342000"]


async def test_an_objection_hides_and_survives_the_next_import(session: AsyncSession) -> None:
    await save_organisation(session, supplier())
    assert await record_objection(session, "register:1", NOW)
    assert not await record_objection(session, "register:1", NOW)
    assert await save_organisation(session, supplier(name="Autre nom")) is Stored.OBJECTED
    assert await load_organisation(session, "register:1") is None
    assert await load_public_organisation(session, "register:1", PUBLIC) is None
    assert [entry.action for entry in await history(session, "register:1")] == ["objection"]


async def test_a_withdrawn_objection_shows_the_supplier_again(session: AsyncSession) -> None:
    await save_organisation(session, supplier())
    await record_objection(session, "register:1", NOW)
    assert await withdraw_objection(session, "register:1", NOW, "person 1")
    assert await load_public_organisation(session, "register:1", PUBLIC) == supplier()


async def test_an_import_leaves_alone_what_members_have_confirmed(session: AsyncSession) -> None:
    confirmed = supplier(provenance=replace(supplier().provenance, claimed=True), description="Selbst geschrieben")
    await save_organisation(session, confirmed)
    assert await save_organisation(session, supplier()) is Stored.CLAIMED
    assert await load_organisation(session, "register:1") == confirmed


async def test_an_imported_supplier_is_public_only_where_source_and_licence_allow(session: AsyncSession) -> None:
    closed = replace(supplier().provenance, licence="© 2026. All rights reserved.")
    await save_organisations(session, [supplier(), supplier("register:2", provenance=closed)], {}, at=NOW)
    assert await load_public_organisation(session, "register:1", PUBLIC) is not None
    assert await load_public_organisation(session, "register:1", frozenset({"other"})) is None
    assert await load_public_organisation(session, "register:2", PUBLIC) is None


async def test_a_confirmed_supplier_is_public_whatever_its_source(session: AsyncSession) -> None:
    await save_organisation(session, supplier(provenance=replace(supplier().provenance, claimed=True)))
    assert await load_public_organisation(session, "register:1", frozenset()) is not None
