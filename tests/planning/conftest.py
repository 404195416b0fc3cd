"""What a plan is made from, small enough to reckon by hand: suppliers of stated size, one lot, the law of the package."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Organisation, Provenance, SizeFigures, SocialStatus, StatusKind, Visibility
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.planning.bids import default_bid_model
from matchmaker.planning.capacity import Capacity
from matchmaker.planning.plan import Assumptions
from matchmaker.planning.planner_inputs import PlanContext, PlanInputs, Supplier
from matchmaker.reference.bundle import core_reference

DAY = date(2026, 11, 24)
CLEANING = CpvCode("90910000")

MakeSupplier = Callable[..., Supplier]
MakeInputs = Callable[..., PlanInputs]


def euro(money: Money) -> Decimal | None:
    return money.amount if money.currency == "EUR" else None


@pytest.fixture
def make_supplier() -> MakeSupplier:
    """A German integration enterprise with the share that the law asks for; ``share`` None where it does not state it."""

    def make(
        key: str,
        turnover: int | None,
        share: float | None = 0.4,
        visibility: Visibility = Visibility.BUYERS,
        place: float | None = 1.0,
    ) -> Supplier:
        status = SocialStatus(StatusKind.WORK_INTEGRATION, integration_share=share, main_aim_integration=True)
        amount = None if turnover is None else Decimal(turnover)
        organisation = Organisation(
            key,
            key.title(),
            Base("DE", nuts=NutsCode("DE212")),
            Provenance("own", key, claimed=True),
            statuses=(status,),
            size=SizeFigures(turnover=None if amount is None else Money(amount, "EUR"), visibility=visibility),
        )
        return Supplier(organisation, 0.9, 0.9, place, Capacity(key, amount))

    return make


@pytest.fixture
def make_inputs() -> MakeInputs:
    """A German cleaning lot of ``value`` euro for ``months``, with these suppliers."""

    def make(value: int | None, suppliers: Sequence[Supplier] = (), months: float | None = 12, **more: Any) -> PlanInputs:
        reference = core_reference()
        country = more.pop("country", "DE")
        money = None if value is None else Money(Decimal(value), "EUR")
        yearly = (
            money if months is None or months <= 12 or money is None else Money(money.amount * 12 / Decimal(str(months)), "EUR")
        )
        need = Need(
            "draft",
            {"de": "Unterhaltsreinigung"},
            language="de",
            cpvs=more.pop("cpvs", (CLEANING,)),
            nuts=(NutsCode("DE212"),),
            country=country,
            yearly_value=yearly,
            period=Period(months=months),
        )
        defaults: dict[str, Any] = {
            "need": need,
            "context": PlanContext(nature="services", total=money, buyer_legal_type="la", open=True),
            "suppliers": tuple(suppliers),
            "regimes": reference.regimes,
            "thresholds": reference.thresholds,
            "to_euro": euro,
            "model": default_bid_model(),
            "today": DAY,
            "scorer_version": "test",
            "assumptions": Assumptions(),
            "art77_codes": reference.art77_codes,
        }
        return PlanInputs(**(defaults | more))

    return make
