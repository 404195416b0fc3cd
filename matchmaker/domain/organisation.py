"""Suppliers: social enterprises, WISEs, sheltered and supported employment providers, social co-operatives."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matchmaker.domain.notice import Identifier
from matchmaker.domain.values import CpvCode, Money, NutsCode

REGISTERED = "registered"
"""Source of the records that organisations made here themselves; one is public once its members have published it."""


class Visibility(StrEnum):
    """Who sees a figure: everyone, signed-in buyers, or nobody (used for verdicts only)."""

    PUBLIC = "public"
    BUYERS = "buyers"
    PRIVATE = "private"


class StatusKind(StrEnum):
    """What kind of social-economy organisation it says it is; which law follows is decided per regime."""

    SHELTERED_WORKSHOP = "sheltered-workshop"
    WORK_INTEGRATION = "work-integration"
    SOCIAL_COOPERATIVE = "social-cooperative"
    SOCIAL_ENTERPRISE = "social-enterprise"
    NON_PROFIT = "non-profit"
    OTHER = "other"


class Delivery(StrEnum):
    """What is delivered, in the words of Art. 2(1)(5) of Directive 2014/24/EU."""

    WORKS = "works"
    SUPPLIES = "supplies"
    SERVICES = "services"


class Tier(StrEnum):
    """How far a status is verified, from the organisation's word to a register's."""

    SELF_DECLARED = "self-declared"
    DOCUMENT_SEEN = "document-seen"
    CONFIRMED = "confirmed"
    """By the register that grants it, or by a network that knows its members."""


@dataclass(frozen=True, slots=True)
class SocialStatus:
    """A status held or claimed, with its evidence.

    ``integration_share`` is the share (0-1) of disabled or disadvantaged workers among the employees.
    """

    kind: StatusKind
    name: str | None = None
    """The local name (ESAT, cooperativa sociale B), as given."""
    integration_share: float | None = None
    main_aim_integration: bool | None = None
    evidence: str | None = None
    evidence_date: date | None = None
    valid_until: date | None = None
    verified_by: str | None = None
    """The register, network or operator that looked; None where nobody did."""
    verified_as: Tier | None = None
    """Read it through ``tier``: records from registers name who verified and nothing else."""
    verified_on: date | None = None

    @property
    def tier(self) -> Tier:
        """How far it is verified."""
        if self.verified_by is None:
            return Tier.SELF_DECLARED
        return self.verified_as or Tier.CONFIRMED


@dataclass(frozen=True, slots=True)
class PublicServiceMission:
    """What the organisation says of the four conditions of Art. 77(2) of Directive 2014/24/EU; None where it says nothing."""

    has_mission: bool | None = None
    """(a) Its objective is a public service mission linked to the services."""
    reinvests_profits: bool | None = None
    """(b) Profits are reinvested, or shared out on participatory considerations."""
    participatory: bool | None = None
    """(c) Employees own or take part in it, or employees, users or stakeholders take an active part."""
    recent_award: bool | None = None
    """(d) Whether any authority awarded it such services under this Article within the past three years."""


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """Headcount and yearly turnover with who may see them."""

    employees: int | None = None
    turnover: Money | None = None
    as_of: date | None = None
    visibility: Visibility = Visibility.BUYERS
    """Of the headcount, and of the turnover unless that has its own."""
    turnover_visibility: Visibility | None = None

    @property
    def turnover_shown_to(self) -> Visibility:
        """Who sees the turnover."""
        return self.turnover_visibility or self.visibility


@dataclass(frozen=True, slots=True)
class FreeCapacity:
    """What it could take on in a year, as money or hours, when and by whom it was said."""

    amount: Money | None = None
    hours: float | None = None
    as_of: date | None = None
    stated_by: str | None = None
    visibility: Visibility = Visibility.PUBLIC


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate or label (ISO 14001, HACCP) and its expiry."""

    name: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing an organisation can do, in its own words."""

    text: str
    language: str | None = None
    cpvs: tuple[CpvCode, ...] = ()
    delivery: tuple[Delivery, ...] = ()
    smallest: Money | None = None
    largest: Money | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """Where it is: town-level address, point (WGS 84) and NUTS region where known."""

    country: str
    """ISO 3166-1 alpha-2."""
    city: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    nuts: NutsCode | None = None


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """Where it works: regions, whole countries (ISO-2) and/or a radius in kilometres around its base. All empty: unknown."""

    nuts: tuple[NutsCode, ...] = ()
    countries: tuple[str, ...] = ()
    radius_km: float | None = None

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return bool(self.nuts or self.countries or self.radius_km)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from. ``claimed`` once a member of the organisation has confirmed it."""

    source: str
    source_id: str
    licence: str | None = None
    imported_on: date | None = None
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """A supplier. ``key`` is stable and public: ``source:source_id`` for imported records, a slug for registered ones."""

    key: str
    name: str
    base: Base
    provenance: Provenance
    legal_name: str | None = None
    legal_form: str | None = None
    description: str = ""
    language: str | None = None
    """Language of ``description``, two letters."""
    identifiers: tuple[Identifier, ...] = ()
    statuses: tuple[SocialStatus, ...] = ()
    size: SizeFigures = SizeFigures()
    free_capacity: FreeCapacity | None = None
    area: ServiceArea = ServiceArea()
    languages: tuple[str, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    references: tuple[str, ...] = ()
    website: str | None = None
    email: str | None = None
    """A role address only; never a person's."""
    public_service: PublicServiceMission = PublicServiceMission()
    contract_sizes_shown_to: Visibility = Visibility.PUBLIC
    """Who sees the smallest and largest contracts of its capabilities."""
    status_consent: date | None = None
    """When a firm of few people agreed that its status is shown (Art. 9(2)(a) GDPR): see ``special_category``."""

    @property
    def unpublished(self) -> bool:
        """Whether its members registered it here and have not published it yet."""
        return self.provenance.source == REGISTERED and not self.provenance.claimed

    @property
    def keeps_a_size_private(self) -> bool:
        """Whether it shows one of its stated figures to nobody: what is reckoned from them is then not told either."""
        size, free = self.size, self.free_capacity
        audiences = {
            size.visibility if size.employees is not None else None,
            size.turnover_shown_to if size.turnover is not None else None,
            free.visibility if free is not None else None,
            self.contract_sizes_shown_to if any(work.smallest or work.largest for work in self.capabilities) else None,
        }
        return Visibility.PRIVATE in audiences
