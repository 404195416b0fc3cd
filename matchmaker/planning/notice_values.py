"""The eForms values that a reservation or a social clause sets, each with what it means."""

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot
from matchmaker.planning.plan import NoticeValue
from matchmaker.reference.law import Regime

OUTSIDE = frozenset({"GB", "UK", "CH"})
"""Countries of buyers here that neither use eForms nor are bound by Directive 2014/24/EU."""

TEXT = "text"
"""The code of a value that is a text: the sentences go there."""

PARTICIPATION = {
    "res-ws": Message(
        "Participation is reserved to sheltered workshops and operators that integrate disabled or disadvantaged persons."
    ),
    "res-pub-ser": Message("Participation is reserved to organisations pursuing a public service mission."),
    "none": Message("Participation is not reserved: every supplier may bid."),
}
EXECUTION = {
    "yes": Message("The contract must be performed within sheltered employment programmes."),
    "no": Message("Performance is not reserved to sheltered employment programmes."),
}
SOCIAL_AIM = NoticeValue("BT-06", "soc-obj", Message("Strategic procurement: fulfilment of social objectives."))
EMPLOYMENT = NoticeValue(
    "BT-775",
    "opp",
    Message("Social objective: employment for the long-term unemployed, the disadvantaged or people with disabilities."),
)
GREEN_AIM = NoticeValue("BT-06", "env-imp", Message("Strategic procurement: fewer environmental impacts, beside the social aim."))
WHY_STRATEGIC = NoticeValue("BT-777", TEXT, Message("Says in words what is strategic; must be filled when BT-06 is set."))
LAW_NAMED = NoticeValue(
    "BT-300", TEXT, Message("Additional information on the lot: the sentence below, which names the law as the law demands.")
)
TERMS = NoticeValue("BT-70", TEXT, Message("Terms of performance: the sentence below, so that it binds whoever wins."))

GREEN: dict[str, Message] = {
    "biodiv-eco": Message("Environmental aim: biodiversity and ecosystems."),
    "circ-econ": Message("Environmental aim: circular economy."),
    "clim-adapt": Message("Environmental aim: adaptation to climate change."),
    "clim-mitig": Message("Environmental aim: less climate change."),
    "pollu-prev": Message("Environmental aim: less pollution."),
    "water-mar": Message("Environmental aim: water and marine resources."),
    "other": Message("Environmental aim: another one; say which in BT-777."),
}


def reservation_values(regime: Regime, lot: Lot | None) -> tuple[NoticeValue, ...]:
    """BT-71 and BT-736 as the regime has them, then the aims; empty where the regime's country does not use eForms."""
    if regime.eforms_bt71 not in PARTICIPATION:
        return ()
    return (
        NoticeValue("BT-71", regime.eforms_bt71, PARTICIPATION[regime.eforms_bt71]),
        NoticeValue("BT-736", regime.eforms_bt736, EXECUTION[regime.eforms_bt736]),
        *_aims(lot, employs=regime.family == "integration"),
        LAW_NAMED,
    )


def clause_values(country: str | None, lot: Lot | None) -> tuple[NoticeValue, ...]:
    """The values of a lot that is not reserved and asks for a social part of the work; empty where eForms are not used."""
    return () if country in OUTSIDE else (*_aims(lot, employs=True), TERMS)


def _aims(lot: Lot | None, employs: bool) -> tuple[NoticeValue, ...]:
    """Social, and green beside it where the lot states a green aim; BT-06 and BT-777 repeat."""
    values = [SOCIAL_AIM]
    if employs:
        values.append(EMPLOYMENT)
    if lot is not None and (lot.environmental or "env-imp" in lot.strategic):
        values.append(GREEN_AIM)
        codes = tuple(code for code in lot.environmental if code in GREEN) or ("other",)
        values.extend(NoticeValue("BT-774", code, GREEN[code]) for code in codes)
    return (*values, WHY_STRATEGIC)
