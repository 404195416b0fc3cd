"""The purchase a lot is part of: whether all its lots together reach the threshold, and what a division leaves unchanged.

Art. 5(8) and (9) of Directive 2014/24/EU. The verdict is made once, on the sum; a lever that divides the lot asks for it again
with the parts in place of the lot, and only Art. 5(10) can come out otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.planning.eligibility import LAW_OF
from matchmaker.planning.planner_inputs import CENT, PlanInputs
from matchmaker.planning.thresholds import SMALL_LOT, Subject, ThresholdVerdict, threshold_verdict

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK NO IS LI"
UNION_AND_AREA = frozenset(_MEMBERS.split())
"""Where the directives hold: the Union and the European Economic Area (ISO-2)."""

CENTRAL = frozenset({"cga", "ministry", "national_agency"})
"""BT-11 and the older CA_TYPE of central government, in lower case."""

LIGHT_REGIME = (
    ("55100000", "55410000"),
    ("55510000", "55524000"),
    ("64100000", "64116000"),
    ("75000000", "75131000"),
    ("75200000", "75252000"),
    ("75300000", "75340000"),
    ("79100000", "79140000"),
    ("79611000", "79611000"),
    ("79622000", "79625000"),
    ("79700000", "79723000"),
    ("79950000", "79956000"),
    ("79995000", "79995200"),
    ("80000000", "80660000"),
    ("85000000", "85323000"),
    ("92000000", "92342200"),
    ("92360000", "92700000"),
    ("98000000", "98000000"),
    ("98113100", "98113100"),
    ("98120000", "98133110"),
    ("98200000", "98200000"),
    ("98500000", "98514000"),
    ("98900000", "98910000"),
)
"""Main CPV codes of social and other specific services (Annex XIV of Directive 2014/24/EU), first to last of each range. General
knowledge, rounded to whole ranges; to be verified for a code at the edge."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """``total`` euro of all lots where known; ``lots`` their values where every one is; ``verdict`` None if nothing decides."""

    total: Decimal | None
    lots: tuple[Decimal, ...]
    subject: Subject | None
    nature: str
    verdict: ThresholdVerdict | None
    sentences: tuple[Message, ...]


def purchase_of(inputs: PlanInputs) -> Purchase:
    """Adds the lots up and compares with the threshold of the day."""
    context = inputs.context
    stated = context.purchase or (context.total,)
    known = [inputs.euro(value) for value in stated]
    if len(known) == 1 and known[0] is None:
        known = [inputs.total]
    lots = tuple(value for value in known if value is not None)
    missing = len(known) - len(lots)
    whole = inputs.euro(context.whole)
    total = whole if whole is not None and whole >= sum(lots) else (sum(lots, Decimal(0)) if lots and not missing else None)
    subject, nature = subject_of(inputs), context.nature if context.nature in SMALL_LOT else "services"
    if subject is None:
        return Purchase(total, lots, None, nature, None, (_no_threshold(inputs),))
    assumed = _assumed(inputs)
    if total is not None:
        divided = lots if not missing and sum(lots) == total else (total,)
        verdict = threshold_verdict(divided, subject, nature, inputs.thresholds, inputs.today)
        return Purchase(total, divided, subject, nature, verdict, (*verdict.sentences, *assumed))
    if not lots:
        return Purchase(None, (), subject, nature, None, (NO_VALUE,))
    least = threshold_verdict(lots, subject, nature, inputs.thresholds, inputs.today)
    count = Message("Values of other lots of the purchase that are missing: %(count)s.", {"count": missing})
    if least.reached:
        return Purchase(None, (), subject, nature, least, (*least.sentences, count, *assumed))
    undecided = Message("Whether the threshold is reached is not known: the values of all lots count together (Art. 5(8)).")
    return Purchase(None, (), subject, nature, None, (undecided, count))


NO_VALUE = Message(
    "The value is missing: whether the threshold is reached is not known. State the value of all lots together (Art. 5(8))."
)


def divided(inputs: PlanInputs, purchase: Purchase, parts: tuple[Decimal, ...]) -> ThresholdVerdict | None:
    """The verdict with ``parts`` in place of the lot; their sum is the lot's value, so that only Art. 5(10) may differ."""
    total = inputs.total
    if purchase.subject is None or total is None or not purchase.lots:
        return purchase.verdict
    rest = list(purchase.lots)
    if total in rest:
        rest.remove(total)
    else:
        rest = [sum(rest, Decimal(0)) - total] if sum(rest, Decimal(0)) > total else []
    return threshold_verdict((*parts, *rest), purchase.subject, purchase.nature, inputs.thresholds, inputs.today)


def parts_of(value: Decimal, shares: tuple[float, ...]) -> tuple[Decimal, ...]:
    """``value`` divided in these shares to the cent; the parts sum to exactly ``value``, the last takes what rounding leaves."""
    whole = sum(shares)
    parts = [(value * Decimal(str(share)) / Decimal(str(whole))).quantize(CENT) for share in shares[:-1]]
    return (*parts, value - sum(parts, Decimal(0)))


def subject_of(inputs: PlanInputs) -> Subject | None:
    """The letter of Art. 4 that applies; None where the directive for classical contracts does not."""
    context, need = inputs.context, inputs.need
    basis = context.notice.legal_basis if context.notice else None
    if not _in_area(inputs) or (basis is not None and not _classical(basis)):
        return None
    if context.nature == "works":
        return Subject.WORKS
    if need.cpvs and is_light(need.cpvs[0]):
        return Subject.SOCIAL_SERVICES
    central = (context.buyer_legal_type or "").lower() in CENTRAL
    return Subject.CENTRAL_GOVERNMENT if central else Subject.SUB_CENTRAL


def _in_area(inputs: PlanInputs) -> bool:
    country = inputs.need.country or ""
    return LAW_OF.get(country, country) in UNION_AND_AREA


def is_light(code: CpvCode) -> bool:
    """Whether a main CPV code lies among the social and other specific services."""
    return any(first <= code.code <= last for first, last in LIGHT_REGIME)


def _classical(basis: str) -> bool:
    """Directive 2014/24/EU or its forerunner, as notices name it; another word (``OTHER``) tells nothing else."""
    return not any(number in basis for number in ("2014L0025", "2014/25", "2004L0017", "2014L0023", "2014/23", "2009L0081"))


def _no_threshold(inputs: PlanInputs) -> Message:
    if inputs.need.country is None:
        return Message("The buyer's country is not known, so no threshold is either.")
    if not _in_area(inputs):
        return Message("The directives' thresholds do not apply to a buyer of this country; its own are not at hand.")
    return Message("The notice is under another directive (utilities, concessions or defence); its threshold is not tested here.")


def _assumed(inputs: PlanInputs) -> tuple[Message, ...]:
    found = []
    if inputs.context.nature not in SMALL_LOT:
        found.append(Message("The notice does not say whether it is works, supplies or services: services are assumed."))
    if not inputs.context.buyer_legal_type and inputs.context.nature != "works":
        found.append(Message("The kind of buyer is not stated: the threshold of regional and local buyers is assumed."))
    return tuple(found)
