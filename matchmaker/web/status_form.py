"""The step about a supplier's status: kinds the law of its country knows, the share of workers, the conditions of Art. 77."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, PublicServiceMission, SocialStatus, StatusKind
from matchmaker.domain.special_category import is_small
from matchmaker.language.formats import number
from matchmaker.reference.law import KindMatch, Regimes
from matchmaker.web.forms import Form
from matchmaker.web.names import STATUSES
from matchmaker.web.supplier_forms import places
from matchmaker.workflows.complete_profile import Change

MOST_STATUSES = 6
CONDITIONS: dict[str, Message] = {
    "has_mission": Message("Is it your purpose to serve the public with such services?"),
    "reinvests_profits": Message(
        "Do profits stay in the organisation, or are they shared out so that those who take part benefit?"
    ),
    "participatory": Message("Do employees own it or help to run it, or do users or other people concerned take an active part?"),
    "recent_award": Message(
        "In the last three years, did a public body award you such services in a procedure reserved this way?"
    ),
}
"""The conditions of Art. 77(2) of Directive 2014/24/EU as questions, by the field of ``PublicServiceMission``."""

YES_NO = {"yes": True, "no": False}
SHORTEST_NAME = 4
"""Shorter names in the law's tables are abbreviations of others there."""


def local_names(regimes: Regimes, country: str, today: date) -> list[str]:
    """What the reservation law of a country (ISO-2) calls the organisations it lets in, each once; abbreviations too."""
    found: dict[str, str] = {}
    for regime in regimes.on(today, country):
        for kind in regime.kinds:
            if regime.reserves and kind.match is KindMatch.NAME:
                found.setdefault(kind.folded, kind.value)
    return sorted(found.values(), key=lambda name: (len(name) < SHORTEST_NAME, name.casefold()))


def status_values(organisation: Organisation, language: str) -> dict[str, str]:
    """The step filled with what is stored."""
    values = {"places": str(max(1, len(organisation.statuses))), "consent": "1" if organisation.status_consent else ""}
    for position, status in enumerate(organisation.statuses):
        values[f"kind_{position}"] = status.kind.value
        values[f"name_{position}"] = status.name or ""
        share = status.integration_share
        values[f"share_{position}"] = number(share * 100, language) if share is not None else ""
        values[f"aim_{position}"] = _answer(status.main_aim_integration)
        values[f"until_{position}"] = status.valid_until.isoformat() if status.valid_until else ""
    for name in CONDITIONS:
        values[name] = _answer(getattr(organisation.public_service, name))
    return values


def _answer(known: bool | None) -> str:
    return "" if known is None else "yes" if known else "no"


def status_places(form: Form) -> range:
    """Positions of the statuses on the form."""
    return range(min(MOST_STATUSES, len(places(form))))


def read_status(form: Form, offered: Sequence[str], organisation: Organisation, language: str, today: date) -> Change | None:
    """Statuses and conditions as typed. A status whose words change loses its verification: it was of something else."""
    statuses = [
        status for position in status_places(form) if (status := _status(form, position, offered, language, organisation))
    ]
    mission = PublicServiceMission(**{name: _yes_no(form, name) for name in CONDITIONS})
    consent = bool(form.value("consent"))
    if form.errors:
        return None

    def change(before: Organisation) -> Organisation:
        given = (before.status_consent or today) if consent and is_small(before) else None
        kept = tuple(_with_verification(status, before.statuses) for status in statuses)
        return replace(before, statuses=kept, public_service=mission, status_consent=given)

    return change


def _status(form: Form, position: int, offered: Sequence[str], language: str, organisation: Organisation) -> SocialStatus | None:
    kinds = {kind.value for kind in STATUSES}
    kind = form.choice(f"kind_{position}", kinds, Message("Choose what you are from the list."))
    known = {*offered, *(status.name for status in organisation.statuses if status.name)}
    name = form.choice(f"name_{position}", known, Message("Choose the name in your law from the list."))
    share = _share(form, f"share_{position}", language)
    aim, until = _yes_no(form, f"aim_{position}"), form.day(f"until_{position}")
    if kind is None:
        if name or share is not None or until:
            form.refuse(f"kind_{position}", Message("Choose what you are; if nothing fits, choose the last entry."))
        return None
    return SocialStatus(StatusKind(kind), name, share, aim, valid_until=until)


def _share(form: Form, field: str, language: str) -> float | None:
    if form.value(field) in ("0", "0 %"):
        return 0.0
    amount = form.amount(field, language, Decimal(100))
    if field in form.errors:
        form.errors[field] = Message("Give a share from 0 to 100.")
    return float(amount) / 100 if amount is not None else None


def _yes_no(form: Form, field: str) -> bool | None:
    return YES_NO.get(form.value(field))


def _with_verification(status: SocialStatus, before: Sequence[SocialStatus]) -> SocialStatus:
    """The status with the evidence of the same one before; what was verified counts only while nothing about it changes."""
    old = next((each for each in before if (each.kind, each.name) == (status.kind, status.name)), None)
    if old is None:
        return status
    share, aim, until = status.integration_share, status.main_aim_integration, status.valid_until
    changed = replace(old, integration_share=share, main_aim_integration=aim, valid_until=until)
    return changed if changed == old else replace(changed, verified_by=None, verified_as=None, verified_on=None)
