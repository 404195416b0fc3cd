"""Social, sustainable and subcontracting terms of a lot, from the European extensions to the codes of eForms.

The mapping is that of OCDS for eForms (https://standard.open-contracting.org/profiles/eforms/latest/en/).
"""

from dataclasses import dataclass
from types import MappingProxyType

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import ReservedParticipation, SubcontractingTerms
from matchmaker.ingestion.ocds.context import Context
from matchmaker.ingestion.ocds.fields import Json, at, each, first_with, text, texts, yes_or_no

RESERVED = MappingProxyType(
    {
        "shelteredWorkshop": ReservedParticipation.SHELTERED,
        "publicServiceMissionOrganization": ReservedParticipation.PUBLIC_SERVICE_MISSION,
        "publicService": ReservedParticipation.PUBLIC_SERVICE_MISSION,
    }
)
"""BT-71. The European profile and the extension's own code list spell the second marker differently."""

SOCIAL = MappingProxyType(
    {
        "social": "other",
        "social.accessibility": "acc-all",
        "social.disadvantagedEmploymentOpportunities": "opp",
        "social.ethnicEquality": "et-eq",
        "social.genderEquality": "gen-eq",
        "social.humanRightsInSupplyChain": "hum-right",
        "social.humanRightsInSupplyChains": "hum-right",
        "social.laborRightsPromotion": "work-cond",
    }
)
"""BT-775."""

ENVIRONMENTAL = MappingProxyType(
    {
        "environmental": "other",
        "environmental.biodiversityProtectionRestoration": "biodiv-eco",
        "environmental.circularEconomy": "circ-econ",
        "environmental.climateChangeAdaptation": "clim-adapt",
        "environmental.climateChangeMitigation": "clim-mitig",
        "environmental.pollutionPrevention": "pollu-prev",
        "environmental.waterResourcesProtection": "water-mar",
    }
)
"""BT-774."""

_STRATEGIC = (("environmental", "env-imp"), ("economic", "inn-pur"), ("social", "soc-obj"))


@dataclass(frozen=True, slots=True)
class Sustainability:
    """BT-06, BT-774 and BT-775; goals that are not among the codes of eForms stay as given."""

    strategic: tuple[str, ...] = ()
    environmental: tuple[str, ...] = ()
    social: tuple[str, ...] = ()


def reserved(holders: tuple[Json, ...], context: Context) -> frozenset[ReservedParticipation]:
    """BT-71 and BT-736 of the first of ``holders`` that states them; empty when none does."""
    found = set()
    for code in texts(first_with("otherRequirements", *holders), "otherRequirements.reservedParticipation"):
        if code in RESERVED:
            found.add(RESERVED[code])
        else:
            context.remarks.check_code("BT-71", code, frozenset(RESERVED))
    if yes_or_no(first_with("contractTerms", *holders), "contractTerms.reservedExecution"):
        found.add(ReservedParticipation.SHELTERED_PROGRAMME)
    return frozenset(found)


def sustainability(holders: tuple[Json, ...], context: Context) -> Sustainability:
    """What the lot is to do for society and environment; ``none`` where the release says it is to do nothing."""
    goals = [goal for aim in each(first_with("sustainability", *holders), "sustainability") for goal in _goals(aim)]
    if not goals:
        stated = yes_or_no(first_with("hasSustainability", *holders), "hasSustainability")
        return Sustainability(("none",)) if stated is False else Sustainability()
    for goal in goals:
        if not goal.startswith(("environmental", "economic", "social")):
            context.remarks.say(Message("“%(code)s” is not a sustainability goal; left out.", {"code": goal[:60]}))
    strategic = tuple(code for start, code in _STRATEGIC if any(goal.startswith(start) for goal in goals))
    return Sustainability(
        strategic,
        tuple(dict.fromkeys(ENVIRONMENTAL.get(goal, goal) for goal in goals if goal.startswith("environmental"))),
        tuple(dict.fromkeys(SOCIAL.get(goal, goal) for goal in goals if goal.startswith("social"))),
    )


def _goals(aim: Json) -> tuple[str, ...]:
    """One goal by the extension; a list of them from tools that merge the objects of one lot."""
    return texts(aim, "goal")


def strategies(release: Json) -> tuple[str, ...]:
    """How the goals of all lots are pursued: ``awardCriteria``, ``contractPerformanceConditions`` and so on, sorted."""
    holders = (*each(release, "tender"), *each(release, "tender.lots"))
    aims = (aim for holder in holders for aim in each(holder, "sustainability"))
    return tuple(sorted({strategy for aim in aims for strategy in texts(aim, "strategies")}))


def subcontracting(holders: tuple[Json, ...], context: Context) -> SubcontractingTerms:
    """BT-64, BT-729 and BT-651; what the tenderer is obliged to (BT-65) is there in words only and not read."""
    terms = at(first_with("subcontractingTerms", *holders), "subcontractingTerms")
    submission = first_with("submissionTerms", *holders)
    return SubcontractingTerms(
        minimum_percent=context.share(terms, "competitiveMinimumPercentage"),
        maximum_percent=context.share(terms, "competitiveMaximumPercentage"),
        indications=texts(submission, "submissionTerms.subcontractingClauses"),
    )


def suitable_for_smes(holders: tuple[Json, ...]) -> bool | None:
    """BT-726."""
    return yes_or_no(first_with("suitability", *holders), "suitability.sme")


def nature(holders: tuple[Json, ...]) -> str | None:
    """BT-23: works, services, supplies (which the standard calls goods)."""
    category = text(first_with("mainProcurementCategory", *holders), "mainProcurementCategory")
    return {"goods": "supplies"}.get(category or "", category)
