"""What result notices at hand say a buyer awarded, to whom, and when it ends."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.notice import Buyer
from matchmaker.domain.values import CpvCode


async def won_from_buyer(
    session: AsyncSession,
    buyer: Buyer,
    supplier_keys: Sequence[str],
    regime_years: int,
    today: date,
    cpvs: Sequence[CpvCode] = (),
) -> dict[str, bool | None]:
    """Whether ``buyer`` awarded each supplier a contract reserved under Art. 77 within ``regime_years`` before ``today``.

    Art. 77(2)(d) of Directive 2014/24/EU: the same contracting authority, the services concerned (``cpvs``, main code first;
    empty: any). True only where register numbers agree and the reservation is known from the call; False only where the history
    at hand covers the buyer for all these years; None in every other case: ask.
    """
    return dict.fromkeys(supplier_keys)
