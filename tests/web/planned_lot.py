"""A plan with every part in it, made by hand: three suppliers, two rules, and something to say everywhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Base, Organisation, Provenance, SizeFigures, Visibility
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import (
    Assumptions,
    Change,
    Consortium,
    ConsortiumMember,
    Flag,
    FlagKind,
    Lever,
    MissingField,
    NoticeSentence,
    NoticeText,
    NoticeValue,
    Plan,
    PlannedSupplier,
    RegimePlan,
    Role,
    Target,
    TaskShare,
)


def _supplier(key: str, name: str, visibility: Visibility) -> Organisation:
    size = SizeFigures(turnover=Money(Decimal(1_900_000), "EUR"), visibility=visibility)
    return Organisation(key, name, Base("FR", "Annecy"), Provenance("example", key), size=size)


OPEN_TO_ALL = _supplier("example:open", "Linge Ouvert", Visibility.PUBLIC)
FOR_BUYERS = _supplier("example:buyers", "Blanchisserie du Lac", Visibility.BUYERS)
PRIVATE = _supplier("example:private", "Atelier Discret", Visibility.PRIVATE)
SUPPLIERS = {each.key: each for each in (OPEN_TO_ALL, FOR_BUYERS, PRIVATE)}

SHARE = "statuses.integration_share"


def _planned(key: str, verdict: Verdict, role: Role, carries: int, to_verify: bool = False) -> PlannedSupplier:
    missing = (SHARE,) if verdict is Verdict.UNKNOWN else ()
    reasons = (Message("The share of workers it states reaches the law's %(percent)s %%.", {"percent": 50}),)
    return PlannedSupplier(key, 0.8, verdict, to_verify, role, Decimal(carries), reasons, missing)


WORKSHOPS = RegimePlan(
    regime_id="FR-L2113-12",
    legal_reference="Code de la commande publique, art. L2113-12",
    supplier_types="sheltered workshops",
    family="integration",
    in_scope=True,
    eligible=2,
    probably=1,
    not_eligible=0,
    unknown=1,
    missing=(MissingField(SHARE, 1),),
    suppliers=(
        _planned("example:private", Verdict.UNKNOWN, Role.NOT_COUNTED, 111_111),
        _planned("example:buyers", Verdict.ELIGIBLE, Role.IN_GROUP, 222_222, to_verify=True),
        _planned("example:open", Verdict.ELIGIBLE, Role.ALONE, 333_333),
    ),
    groups=(("example:buyers", "example:open"),),
    joint_euro=Decimal(555_555),
    concentration=0.6,
    n=3,
    expected_bids=1.4,
    p_at_least_n=0.42,
    low=0.18,
    high=0.63,
    advice=Advice.DIALOGUE,
    sentences=(Message("Ask the market before you reserve: enough bids are possible, not certain."),),
    verify=("share: art. L2113-12, al. 2",),
    cooperation=(Message("Joint bids are allowed."),),
)
MISSION = replace(
    WORKSHOPS,
    regime_id="FR-L2113-15",
    legal_reference="Code de la commande publique, art. L2113-15",
    in_scope=False,
    eligible=0,
    probably=0,
    not_eligible=3,
    unknown=0,
    missing=(),
    suppliers=(),
    groups=(),
    joint_euro=Decimal(0),
    concentration=None,
    expected_bids=0.0,
    p_at_least_n=0.0,
    low=0.0,
    high=0.0,
    advice=Advice.NOT_NOW,
    verify=(),
    cooperation=(),
)

PLAN = Plan(
    need=Need(
        "00000001-2026/LOT-0001",
        {"fr": "Linge des hôpitaux <deux>"},
        language="fr",
        cpvs=(CpvCode("98310000"),),
        nuts=(NutsCode("FRK2"),),
        country="FR",
    ),
    today=date(2026, 11, 24),
    scorer_version="words",
    assumptions=Assumptions(),
    yearly=Decimal(240_000),
    total=Decimal(480_000),
    purchase_total=Decimal(480_000),
    threshold=(Message("All lots together are above the threshold of the Directive."),),
    capable=3,
    advice=Advice.DIALOGUE,
    regime_id="FR-L2113-12",
    answer=(Message("Two suppliers may bid, and one of them could carry it alone."),),
    regimes=(MISSION, WORKSHOPS),
    changes=(
        Change(Lever.CONSORTIA, "FR-L2113-12", Message("Say that joint bids are welcome."), 2, 2, 0.42, 0.45, Advice.DIALOGUE),
        Change(
            Lever.SPLIT_BY_PLACE,
            "FR-L2113-12",
            Message("Two lots, one for each hospital."),
            2,
            4,
            0.42,
            0.81,
            Advice.RESERVE,
            cautions=(Message("Dividing changes neither the threshold nor the rule (Art. 5(3))."),),
            lots=2,
        ),
    ),
    target=Target(
        ceiling_low=0.10,
        ceiling_likely=0.18,
        ceiling_high=0.25,
        low=0.05,
        likely=0.08,
        high=0.12,
        hours=1240.0,
        tasks=(TaskShare("Ironing", "98312000", 0.3, 2, 0.2, 0.4, 0.6),),
        sentences=(Message("About as much as two suppliers could carry."),),
        limits=(Message("The main contractor must be allowed to offer alternatives (Art. 71)."),),
    ),
    consortia=(
        Consortium(
            "FR-L2113-12",
            (
                ConsortiumMember("example:buyers", ("washing",), Decimal(140_001)),
                ConsortiumMember("example:private", ("ironing",), Decimal(100_002)),
            ),
            Verdict.ELIGIBLE,
            Message("Both may bid under this rule."),
        ),
    ),
    notice=(
        NoticeText(
            "FR-L2113-12",
            (NoticeValue("BT-71", "res-ws", Message("Reserved for sheltered workshops.")),),
            (
                NoticeSentence("fr", "Le marché est réservé."),
                NoticeSentence("en", "The contract is reserved."),
            ),
            (Message("Check the share before you publish."),),
        ),
    ),
    flags=(Flag(FlagKind.COULD_BE_RESERVED, Message("It was not reserved, although enough suppliers could bid.")),),
    basis=(Message("Bids are reckoned from awards of the past years."),),
)
