"""Awards and the history of a procedure in words, for templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Buyer, ReservedParticipation
from matchmaker.domain.procedure import Stage
from matchmaker.domain.procedure_guesses import Confidence
from matchmaker.domain.procedure_lots import EndBasis
from matchmaker.domain.values import Money
from matchmaker.storage.awards import Award
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.party_keys import buyer_keys
from matchmaker.storage.procedure_history import History, HistoryEntry, history_of

STAGES: dict[Stage, Message] = {
    Stage.PLANNED: Message("Planned"),
    Stage.CALLED: Message("Called for bids"),
    Stage.CHANGED: Message("Corrected"),
    Stage.INTENDED: Message("Direct award announced"),
    Stage.AWARDED: Message("Awarded"),
    Stage.MODIFIED: Message("Contract modified"),
}
CORRECTED: dict[Stage, Message] = {
    Stage.PLANNED: Message("Plan corrected"),
    Stage.CALLED: Message("Call corrected"),
    Stage.AWARDED: Message("Award notice corrected"),
}
GUESSES: dict[Confidence, Message] = {Confidence.PROBABLE: Message("probably"), Confidence.POSSIBLE: Message("perhaps")}
ENDS: dict[EndBasis, Message] = {
    EndBasis.STATED: Message("as the notice states"),
    EndBasis.START_AND_DURATION: Message("estimated: start and duration"),
    EndBasis.AWARD_AND_DURATION: Message("estimated: day of award and duration"),
}


def buyer_path(buyer: Buyer) -> str:
    """The address of a buyer's page, from how one of its notices names it."""
    return key_path(buyer_keys(buyer)[0])


def key_path(key: str) -> str:
    """The address of a buyer's page, from its key."""
    return "/buyers/" + quote(key, safe="")


def stage_label(entry: HistoryEntry) -> Message:
    """What a notice did, in words."""
    return CORRECTED.get(entry.stage, STAGES[entry.stage]) if entry.corrects else STAGES[entry.stage]


@dataclass(frozen=True)
class AwardView:
    """An award with what templates show of it; ``reserved`` is None where no call at hand tells."""

    award: Award

    @property
    def value(self) -> Money | None:
        """The awarded value as stated; nothing where the notice gives a symbolic amount."""
        award = self.award
        if award.value is None or award.currency is None or award.value <= Decimal(1):
            return None
        return Money(award.value, award.currency)

    @property
    def reserved(self) -> bool | None:
        """Whether the lot called for was reserved."""
        markers = set(self.award.reserved)
        return None if not markers else bool(markers - {ReservedParticipation.NONE.value})

    @property
    def ends_words(self) -> Message | None:
        """Where the end comes from."""
        return ENDS[self.award.ends_basis] if self.award.ends_basis else None

    @property
    def estimated(self) -> bool:
        """Whether the end is an estimate."""
        return self.award.ends_basis not in (None, EndBasis.STATED)

    @property
    def plan_path(self) -> str:
        """The plan for buying the same again: that of the lot called for, else of the award's own lot."""
        return "/plan/lots/" + quote(self.award.call_lot or self.award.card.full_id, safe="/")


def award_views(awards: Iterable[Award]) -> list[AwardView]:
    """Awards for templates."""
    return [AwardView(award) for award in awards]


async def lot_history(sessions: SessionMaker, notice_id: str, lot_id: str) -> dict[str, Any]:
    """What the page of a lot shows of its procedure."""
    async with sessions() as session:
        history: History = await history_of(session, notice_id, lot_id)
    return {"history": history, "stage_label": stage_label, "guess_names": GUESSES}
