"""The whole answer for one lot or planned purchase: what the page shows, the command prints and the sourcing record keeps.

Values only, without behaviour, so that a record stores them as they are. Suppliers are named by key; money is euro without VAT;
shares, chances and scores lie between 0 and 1; what is not known is None.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.planning.feasibility import Advice


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the buyer may move; every answer names those it rests on.

    ``dependency``: the largest part of its turnover that a contract may become; ``members``: of a joint bid; ``wanted``: bids
    that make a competition; ``bid_*``: which part of the able bids; ``capable_from``: the capability from which a supplier
    counts as able to do the work; ``labour_share`` and ``hourly_cost`` (euro) turn money into hours; ``norm_*``: the part of
    the value that policies ask for; ``task_parts``: the part of the value of a task, by its CPV code; ``unknown_up_to``: euro a
    year that a supplier of unknown size is thought possible to carry, at the upper end of the interval.
    """

    dependency: Decimal = Decimal("0.3")
    members: int = 4
    wanted: int = 3
    bid_low: float = 0.1
    bid_likely: float = 0.3
    bid_high: float = 0.5
    capable_from: float = 0.4
    labour_share: float | None = None
    hourly_cost: Decimal = Decimal(30)
    norm_low: float = 0.05
    norm_high: float = 0.10
    task_parts: tuple[tuple[str, float], ...] = ()
    unknown_up_to: Decimal = Decimal(500_000)


class Role(StrEnum):
    """How a supplier counts for a lot of this size."""

    ALONE = "alone"
    IN_GROUP = "in-group"
    TOO_SMALL = "too-small"
    TURNOVER_UNKNOWN = "turnover-unknown"
    NOT_COUNTED = "not-counted"
    """Its eligibility is unknown or denied, or the value of the lot is not known."""


@dataclass(frozen=True, slots=True)
class PlannedSupplier:
    """One capable supplier in reach under one regime; ``carries`` is euro a year within the dependency bound."""

    key: str
    score: float
    verdict: Verdict
    to_verify: bool
    role: Role
    carries: Decimal | None
    reasons: tuple[Message, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that would decide the eligibility of ``count`` suppliers (``statuses.integration_share``)."""

    field: str
    count: int


@dataclass(frozen=True, slots=True)
class RegimePlan:
    """Feasibility of a reservation under one regime of the buyer's country.

    ``in_scope`` is None where the scope is given in words; ``probably`` are the eligible whose verdict rests on clauses still to
    verify. ``p_at_least_n`` with ``low`` and ``high`` is the chance of at least ``n`` bids; None without a value to carry.
    """

    regime_id: str
    legal_reference: str
    supplier_types: str
    family: str
    in_scope: bool | None
    eligible: int
    probably: int
    not_eligible: int
    unknown: int
    missing: tuple[MissingField, ...]
    suppliers: tuple[PlannedSupplier, ...]
    groups: tuple[tuple[str, ...], ...]
    joint_euro: Decimal
    concentration: float | None
    n: int
    expected_bids: float | None
    p_at_least_n: float | None
    low: float | None
    high: float | None
    advice: Advice
    sentences: tuple[Message, ...]
    verify: tuple[str, ...]
    """Clauses to verify, each with its legal reference."""
    cooperation: tuple[Message, ...] = ()
    """What the law says of joint bids, reliance and subcontracting."""


class Lever(StrEnum):
    """What a buyer could change."""

    SPLIT_BY_PLACE = "split-by-place"
    SPLIT_BY_TASK = "split-by-task"
    SPLIT_EQUALLY = "split-equally"
    TURNOVER = "lower-turnover-requirement"
    DEADLINE = "longer-deadline"
    AREA = "wider-area"
    CONSORTIA = "admit-consortia"
    REGIME = "other-regime"


@dataclass(frozen=True, slots=True)
class Change:
    """One change and what it does under ``regime_id``: able bidders and the chance of enough bids, before and after."""

    lever: Lever
    regime_id: str
    sentence: Message
    able_before: int
    able_after: int
    p_before: float
    p_after: float
    advice_after: Advice
    cautions: tuple[Message, ...] = ()
    lots: int | None = None

    @property
    def gain(self) -> float:
        """How much the chance rises."""
        return self.p_after - self.p_before


@dataclass(frozen=True, slots=True)
class TaskShare:
    """A task of the lot: its part of the value and which part of it social suppliers could carry (0-1)."""

    label: str
    cpv: str | None
    part: float
    suppliers: int
    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Target:
    """A share of the lot's value that social suppliers could really deliver as subcontractors, and the same as hours.

    ``ceiling_*`` is what they could carry, ``low``, ``likely`` and ``high`` what to ask for: never above the ceiling.
    """

    ceiling_low: float
    ceiling_likely: float
    ceiling_high: float
    low: float
    likely: float
    high: float
    hours: float | None
    tasks: tuple[TaskShare, ...]
    sentences: tuple[Message, ...]
    limits: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ConsortiumMember:
    """Who does which tasks and carries how much of the yearly value."""

    key: str
    tasks: tuple[str, ...]
    euro: Decimal


@dataclass(frozen=True, slots=True)
class Consortium:
    """A smallest group that covers the work, with the verdict on bidding together under ``regime_id``."""

    regime_id: str
    members: tuple[ConsortiumMember, ...]
    verdict: Verdict
    sentence: Message


@dataclass(frozen=True, slots=True)
class NoticeValue:
    """A value to set in the notice: ``term`` (BT-71), ``code`` (res-ws), and what it means."""

    term: str
    code: str
    meaning: Message


@dataclass(frozen=True, slots=True)
class NoticeSentence:
    """The sentence in one language. ``quoted``: taken from the law; else an unreviewed translation of ours."""

    language: str
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What the notice has to say for a reservation (or, without ``regime_id``, for a social clause).

    ``warnings`` tell what a rule forbids or what is still to verify; ``allowed`` is False where a rule forbids the reservation.
    """

    regime_id: str | None
    values: tuple[NoticeValue, ...]
    sentences: tuple[NoticeSentence, ...]
    warnings: tuple[Message, ...]
    allowed: bool = True


class FlagKind(StrEnum):
    """What is odd about a published notice."""

    NOBODY_ELIGIBLE = "nobody-eligible"
    PROBABLY_MISTAKEN = "probably-mistaken"
    COULD_BE_RESERVED = "could-be-reserved"
    BREAKS_RULE = "breaks-rule"
    LAW_REFUSES = "law-refuses"
    """Its country's law at hand does not know such a reservation."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark on what a published lot says about reservation, tested against supply."""

    kind: FlagKind
    sentence: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the planner says of one need on one day.

    ``capable`` counts suppliers able to do the work, not known to be out of reach; ``yearly`` and ``total`` are the value of the
    lot, ``purchase_total`` that of all lots of the purchase together, which decides thresholds.
    """

    need: Need
    today: date
    scorer_version: str
    assumptions: Assumptions
    yearly: Decimal | None
    total: Decimal | None
    purchase_total: Decimal | None
    threshold: tuple[Message, ...]
    capable: int
    advice: Advice
    regime_id: str | None
    """The regime the advice is for."""
    answer: tuple[Message, ...]
    regimes: tuple[RegimePlan, ...]
    changes: tuple[Change, ...]
    target: Target | None
    consortia: tuple[Consortium, ...]
    notice: tuple[NoticeText, ...]
    flags: tuple[Flag, ...] = ()
    basis: tuple[Message, ...] = ()
    """What the figures rest on: how many awards, how old the profiles, which law on which date."""
