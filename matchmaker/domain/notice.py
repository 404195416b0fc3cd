"""Notices, procedures, lots, buyers, results: what eForms and its predecessors say, in one form.

Business terms (BT-…) are those of Implementing Regulation (EU) 2019/1780. What a notice does not say is None or empty and
means *unknown*, never "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Money, Period


def _no_text() -> LocalText:
    return MappingProxyType({})


class NoticeKind(StrEnum):
    """What a notice is for, from BT-03 (eForms) or the form and document type (older TED XML).

    ``CHANGE`` is a notice that says nothing but the change (F14, 2nd generation corrigenda). An eForms change notice repeats
    the whole notice: it keeps that notice's kind and names what it corrects in ``changes``.
    """

    PLANNING = "planning"
    COMPETITION = "competition"
    RESULT = "result"
    CHANGE = "change"


class ReservedParticipation(StrEnum):
    """BT-71 and BT-736 as one list of markers; ``none`` only where the notice says so."""

    SHELTERED = "res-ws"
    SHELTERED_PROGRAMME = "res-prog"
    PUBLIC_SERVICE_MISSION = "res-pub-ser"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A register number with its scheme where stated (BT-501)."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """A contracting authority or entity (BT-500, BT-501, BT-507, BT-513, BT-514). Contact persons are never read."""

    name: str
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    town: str | None = None
    nuts: str | None = None
    identifier: Identifier | None = None
    legal_type: str | None = None
    """BT-11, or the older CA_TYPE, as given."""


@dataclass(frozen=True, slots=True)
class Winner:
    """An economic operator that won (BT-500, BT-501, BT-507, BT-165).

    ``natural_person`` winners carry no identifier and their name is never shown.
    """

    name: str
    country: str | None = None
    town: str | None = None
    nuts: str | None = None
    identifier: Identifier | None = None
    size: str | None = None
    """BT-165: micro, small, medium, sme, large; as given."""
    natural_person: bool = False


@dataclass(frozen=True, slots=True)
class LotResult:
    """What became of a lot (BT-13713, BT-142, BT-720, BT-145/1451, BT-759, BT-773/553/555/554)."""

    winners: tuple[Winner, ...] = ()
    value: Money | None = None
    concluded: date | None = None
    bids_received: int | None = None
    bids_from_smes: int | None = None
    awarded: bool | None = None
    subcontracted: str | None = None
    """BT-773: yes, no, not-known."""
    subcontracted_value: Money | None = None
    subcontracted_percent: float | None = None
    subcontracting_description: LocalText = field(default_factory=_no_text)


@dataclass(frozen=True, slots=True)
class SelectionCriterion:
    """What a tenderer must show (BT-747, BT-749, BT-750)."""

    kind: str | None
    description: LocalText


@dataclass(frozen=True, slots=True)
class SubcontractingTerms:
    """BT-65 obligation codes, BT-64 and BT-729 percentages, BT-651 indication codes, as given."""

    obligations: tuple[str, ...] = ()
    minimum_percent: float | None = None
    maximum_percent: float | None = None
    indications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot, or a part of a planning notice (BT-137), as published.

    ``nuts`` holds codes as given (BT-5071, with the fall-backs of the reader: the lot's own, else the procedure's);
    ``countries`` the ISO-2 countries of its places. ``reserved`` is empty when the notice does not say.
    """

    lot_id: str
    title: LocalText
    description: LocalText = field(default_factory=_no_text)
    is_part: bool = False
    nature: str | None = None
    """BT-23: works, supplies, services."""
    main_cpv: CpvCode | None = None
    extra_cpvs: tuple[CpvCode, ...] = ()
    nuts: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    value: Money | None = None
    period: Period = Period()
    deadline: Deadline | None = None
    """BT-131, else BT-1311 (requests to participate)."""
    interest_deadline: Deadline | None = None
    """BT-630: last day to express interest in a call made by a prior information notice."""
    reserved: frozenset[ReservedParticipation] = frozenset()
    strategic: tuple[str, ...] = ()
    """BT-06, as given."""
    environmental: tuple[str, ...] = ()
    """BT-774, as given."""
    social: tuple[str, ...] = ()
    """BT-775, as given."""
    performance_terms: LocalText = field(default_factory=_no_text)
    """BT-70."""
    subcontracting: SubcontractingTerms = SubcontractingTerms()
    suitable_for_smes: bool | None = None
    """BT-726."""
    selection_criteria: tuple[SelectionCriterion, ...] = ()
    options: LocalText = field(default_factory=_no_text)
    """BT-54."""
    result: LotResult | None = None
    award_only: bool = False
    """True for an award that names no known lot."""

    @property
    def closes(self) -> Deadline | None:
        """Until when one can take part: the deadline, else the one for expressing interest."""
        return self.deadline or self.interest_deadline


@dataclass(frozen=True, slots=True)
class Notice:
    """One published notice with its lots.

    ``notice_id`` is the publication number as published (``00123456-2024``), ``version`` BT-757 (``01``; older notices
    ``1``), ``procedure_id`` BT-04, ``previous`` the notices it links to (OPP-090, BT-1251, REF_NOTICE), ``changes`` the
    notice it corrects (BT-758). ``remarks`` are what the reader could not place: unknown codes kept as given, dates
    without zone; shown to the operator.
    """

    notice_id: str
    version: str
    kind: NoticeKind
    schema: str
    """``eforms``, ``ted`` or ``ocds``."""
    schema_version: str
    language: str
    title: LocalText
    lots: tuple[Lot, ...]
    buyers: tuple[Buyer, ...] = ()
    description: LocalText = field(default_factory=_no_text)
    form: str | None = None
    """Subtype (``16``, ``E3``) or form (``F02``)."""
    procedure_id: str | None = None
    procedure_type: str | None = None
    legal_basis: str | None = None
    nature: str | None = None
    published: date | None = None
    dispatched: date | None = None
    main_cpv: CpvCode | None = None
    extra_cpvs: tuple[CpvCode, ...] = ()
    nuts: tuple[str, ...] = ()
    value: Money | None = None
    previous: tuple[str, ...] = ()
    changes: str | None = None
    url: str | None = None
    headings: LocalText = field(default_factory=_no_text)
    """TED's own heading by subject (not the buyer's title) in every EU language; older notices only."""
    remarks: tuple[Message, ...] = ()
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def country(self) -> str | None:
        """ISO-2 of the first buyer that states one."""
        return next((buyer.country for buyer in self.buyers if buyer.country), None)


def full_lot_id(notice_id: str, lot_id: str) -> str:
    """A lot's id everywhere: ``NOTICE_ID/LOT``."""
    return f"{notice_id}/{lot_id}"
