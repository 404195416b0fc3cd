"""A supplier's members keep what it can do and where it works."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Capability, Organisation, ServiceArea
from matchmaker.scoring.profile import capability_vectors
from matchmaker.storage.audit import record
from matchmaker.storage.codec import to_builtins
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.organisations import WRITTEN, load_organisation, save_organisation
from matchmaker.workflows.tools import MatchTools


async def edit_profile(
    sessions: SessionMaker,
    person: Person,
    key: str,
    capabilities: Sequence[Capability],
    area: ServiceArea,
    tools: MatchTools,
    now: datetime,
) -> bool:
    """Replaces capabilities and service area, writes down what they were, and marks an imported record as confirmed.

    Returns whether anything changed.

    Raises:
        NotFound: no such supplier among those this person serves.
    """
    if not person.serves(key, Role.SUPPLIER):
        raise _not_yours()
    vectors = capability_vectors(capabilities, tools.encoder)
    async with transaction(sessions) as session:
        before = await load_organisation(session, key)
        if before is None:
            raise _not_yours()
        after = replace(
            before,
            capabilities=tuple(capabilities),
            area=area,
            provenance=replace(before.provenance, claimed=not before.unpublished),
        )
        saved = await save_organisation(session, after, vectors, conversions_of(tools.reference), now, tools.encoder.version)
        if saved not in WRITTEN:
            return False
        await record(session, now, str(person.person_id), "profile edited", key, _edited_part(before), _edited_part(after))
        return True


def _not_yours() -> NotFound:
    return NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))


def _edited_part(organisation: Organisation) -> dict[str, object]:
    return {
        "capabilities": to_builtins(organisation.capabilities),
        "area": to_builtins(organisation.area),
        "claimed": organisation.provenance.claimed,
    }
