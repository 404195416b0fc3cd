"""Ranked matches as a page shows them: joined with their suppliers, filtered and sorted as the reader chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.domain.match import Criterion, CriterionResult, Match, Verdict, points
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.reference.folding import fold
from matchmaker.web.forms import Form

POOL = 200
"""How many matches are computed; sorting and filtering choose among them."""
GOOD_FROM = 50
"""Scores from here up are called good matches: more likely than not to suit."""
SHOWN = (20, 50, 100, 200)


class Order(StrEnum):
    """How a list of matches is sorted."""

    SCORE = "score"
    CAPABILITY = "capability"
    PLACE = "place"
    SCALE = "scale"
    NAME = "name"


ORDERS: Mapping[Order, Message] = {
    Order.SCORE: Message("Best match first"),
    Order.CAPABILITY: Message("Capability first"),
    Order.PLACE: Message("Nearest first"),
    Order.SCALE: Message("Best size first"),
    Order.NAME: Message("By name"),
}


class Only(StrEnum):
    """What a list of matches can be narrowed to."""

    ALL = ""
    CONFIRMED = "confirmed"
    REACHES = "reaches"
    NOT_EXCLUDED = "not-excluded"


ONLY: Mapping[Only, Message] = {
    Only.ALL: Message("All suppliers"),
    Only.REACHES: Message("Known to work in the area"),
    Only.CONFIRMED: Message("Profile confirmed by the organisation"),
    Only.NOT_EXCLUDED: Message("Not excluded by a reservation"),
}
REACHES_FROM = 0.5
"""Place values from here up count as working in the area."""


@dataclass(frozen=True)
class Choice:
    """Order, filter and number of matches shown."""

    order: Order = Order.SCORE
    only: Only = Only.ALL
    show: int = SHOWN[0]


def read_choice(form: Form) -> Choice:
    """The reader's choice; a value that does not exist is the default, so that an old link still works."""
    order, only, show = form.value("sort"), form.value("only"), form.value("show")
    return Choice(
        order=Order(order) if order in set(Order) else Order.SCORE,
        only=Only(only) if only in set(Only) else Only.ALL,
        show=int(show) if show in {str(count) for count in SHOWN} else SHOWN[0],
    )


@dataclass(frozen=True)
class MatchView:
    """One match with its supplier.

    ``rank`` is its place among all that were computed: by score, where those of a lot too close to tell apart have taken turns.
    """

    rank: int
    match: Match
    organisation: Organisation

    @property
    def score(self) -> int:
        """Of 100, at most 99."""
        return points(self.match.score)

    @property
    def known(self) -> list[CriterionResult]:
        """Criteria with a value, in their order."""
        return [result for result in self.match.criteria if result.value is not None]

    @property
    def unknown(self) -> list[CriterionResult]:
        """Criteria nobody can judge from what is known."""
        return [result for result in self.match.criteria if result.value is None]

    def value(self, criterion: Criterion) -> float | None:
        """The value of one criterion."""
        return self.match.criterion(criterion).value


@dataclass(frozen=True)
class MatchList:
    """What is shown, of how many."""

    shown: list[MatchView]
    fitting: int
    good: int
    """How many of the fitting ones have at least ``GOOD_FROM``."""
    total: int
    choice: Choice


def views(matches: Sequence[Match], organisations: Mapping[str, Organisation]) -> list[MatchView]:
    """Matches joined with their suppliers; one whose supplier has gone meanwhile is left out."""
    ranked = enumerate(matches, 1)
    return [
        MatchView(rank, match, organisations[match.supplier_key]) for rank, match in ranked if match.supplier_key in organisations
    ]


def arrange(found: Sequence[MatchView], choice: Choice) -> MatchList:
    """Filters, sorts and cuts."""
    fitting = [view for view in found if _fits(view, choice.only)]
    ordered = sorted(fitting, key=_sort_keys[choice.order])
    good = sum(view.score >= GOOD_FROM for view in fitting)
    return MatchList(ordered[: choice.show], len(fitting), good, len(found), choice)


def _fits(view: MatchView, only: Only) -> bool:
    if only is Only.CONFIRMED:
        return view.organisation.provenance.claimed
    if only is Only.REACHES:
        place = view.value(Criterion.PLACE)
        return place is not None and place >= REACHES_FROM
    if only is Only.NOT_EXCLUDED:
        return view.match.verdict is not Verdict.NOT_ELIGIBLE
    return True


def _by(criterion: Criterion) -> Callable[[MatchView], tuple[float, str]]:
    """Highest value first, unknown after all known, then by rank."""

    def key(view: MatchView) -> tuple[float, str]:
        value = view.value(criterion)
        return (2.0 if value is None else -value, f"{view.rank:06d}")

    return key


_sort_keys: dict[Order, Callable[[MatchView], tuple[float, str]]] = {
    Order.SCORE: lambda view: (float(view.rank), ""),
    Order.CAPABILITY: _by(Criterion.CAPABILITY),
    Order.PLACE: _by(Criterion.PLACE),
    Order.SCALE: _by(Criterion.SCALE),
    Order.NAME: lambda view: (0.0, f"{fold(view.organisation.name)}\x00{view.organisation.key}"),
}
