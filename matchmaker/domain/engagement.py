"""Market engagement: who is invited to talk about upcoming lots, by which rule, and why the others are not."""

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

SMALL_BELOW_EMPLOYEES = 50
"""Small enterprise: fewer than 50 staff (Recommendation 2003/361/EC, Annex, Art. 2)."""


@dataclass(frozen=True, slots=True)
class Balance:
    """The rule an invitation list is drawn up by. Shares are parts of ``seats`` in [0, 1], kept where enough candidates exist.

    ``best_per_lot`` of each lot are invited first, so that no lot is without able suppliers; ``minimum_score`` in [0, 1] is
    what makes an organisation a candidate.
    """

    seats: int = 20
    best_per_lot: int = 2
    small_share: float = 0.3
    newcomer_share: float = 0.3
    minimum_score: float = 0.3

    def __post_init__(self) -> None:
        if not 1 <= self.seats <= 500:
            raise InvalidValue(
                Message("%(seats)s places cannot be given out.", {"seats": self.seats}),
                Message("Choose between 1 and 500 places."),
            )
        shares = (self.small_share, self.newcomer_share, self.minimum_score)
        if self.best_per_lot < 0 or not all(0 <= share <= 1 for share in shares):
            raise InvalidValue(
                Message("A share is not between 0 and 100 percent."),
                Message("Give shares from 0 to 100 percent."),
            )


@dataclass(frozen=True, slots=True)
class LotScore:
    """How well one candidate answers one lot; ``score`` in (0, 1). ``barred`` says why it is out of the question, if it is."""

    need_id: str
    score: float
    reasons: tuple[Message, ...] = ()
    barred: Message | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supplier that might be invited. ``employees`` None: unknown. ``times_invited`` counts this service's earlier lists."""

    key: str
    name: str
    country: str
    lots: tuple[LotScore, ...]
    employees: int | None = None
    times_invited: int = 0

    @property
    def best(self) -> LotScore | None:
        """The lot it answers best among those not out of the question; equal scores by lot id."""
        return min((lot for lot in self.lots if lot.barred is None), key=lambda lot: (-lot.score, lot.need_id), default=None)

    @property
    def small(self) -> bool:
        """Known to have fewer than 50 staff; unknown is not counted as small."""
        return self.employees is not None and self.employees < SMALL_BELOW_EMPLOYEES

    @property
    def newcomer(self) -> bool:
        """Never invited before."""
        return self.times_invited == 0


@dataclass(frozen=True, slots=True)
class Invitee:
    """An organisation on the list, with what put it there."""

    key: str
    name: str
    country: str
    score: float
    because: tuple[Message, ...]
    lots: tuple[str, ...]
    small: bool = False
    newcomer: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An organisation that was considered and is not on the list, with why."""

    key: str
    name: str
    country: str
    score: float | None
    why: Message


@dataclass(frozen=True, slots=True)
class Selection:
    """The outcome of the rule: every candidate is in exactly one of the two."""

    invited: tuple[Invitee, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class ListedLot:
    """A lot an invitation list was computed for, as it was called then."""

    need_id: str
    title: str


@dataclass(frozen=True, slots=True)
class InvitationList:
    """A stored list: for which lots, by whom, when, by which rule and scorer; kept to show equal treatment."""

    list_id: str
    team_key: str
    title: str
    made_by: str
    made_at: datetime
    lots: tuple[ListedLot, ...]
    balance: Balance
    scorer_version: str
    selection: Selection
