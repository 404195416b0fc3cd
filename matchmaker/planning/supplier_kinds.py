"""Which of a regime's kinds a supplier is: by the local name of its status, by its general kind, or by its main aim."""

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, SocialStatus, StatusKind
from matchmaker.domain.reservation_evidence import valid_statuses
from matchmaker.domain.values import iso_country
from matchmaker.reference.folding import fold
from matchmaker.reference.law import KindMatch, LocalKind, Regime

AIMED = frozenset({StatusKind.SHELTERED_WORKSHOP, StatusKind.WORK_INTEGRATION})
"""Kinds whose main aim is integration by definition."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a supplier was recognised as one that the law admits."""

    match: KindMatch
    status_decides: bool
    sentence: Message


def recognise(regime: Regime, organisation: Organisation, today: date) -> Recognised | None:
    """The best of the regime's kinds that a status still valid on ``today`` shows; one whose status decides comes first.

    Names of statuses belong to the law of one country, so they count only for suppliers of that country.
    """
    at_home = organisation.base.country == iso_country(regime.country[:2])
    statuses = valid_statuses(organisation.statuses, today)
    order = list(KindMatch)
    for kind in sorted(regime.kinds, key=lambda kind: (not kind.status_decides, order.index(kind.match))):
        if kind.match is KindMatch.ANY:
            return Recognised(kind.match, kind.status_decides, Message("The law admits any supplier with the share of workers."))
        for status in statuses:
            if _shows(status, kind, at_home):
                return Recognised(kind.match, kind.status_decides, _sentence(status, kind))
    return None


def _shows(status: SocialStatus, kind: LocalKind, at_home: bool) -> bool:
    if kind.match is KindMatch.NAME:
        return at_home and status.name is not None and fold(status.name) == kind.folded
    if kind.match is KindMatch.KIND:
        return status.kind.value == kind.value
    return status.kind in AIMED or status.main_aim_integration is True


def _sentence(status: SocialStatus, kind: LocalKind) -> Message:
    if kind.match is KindMatch.NAME:
        return Message("The law names its status: %(status)s.", {"status": status.name or kind.value})
    if kind.match is KindMatch.KIND:
        return Message("It is recorded as a kind of organisation that the law admits.")
    return Message("Its main aim is the integration of disabled or disadvantaged people.")
