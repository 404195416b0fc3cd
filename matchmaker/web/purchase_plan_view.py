"""A purchase plan as its page, its files and its JSON twin show it: rows in the reader's words, groups, and a filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from markupsafe import Markup

from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import Certainty, PlannedPurchase
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.language.translate import translate
from matchmaker.planning.purchase_overview import (
    Overview,
    OverviewRow,
    Tally,
    group_of,
    overview,
    place_of,
    quarter_of,
)
from matchmaker.reference.activities import GROUPS
from matchmaker.reference.bundle import Reference
from matchmaker.storage.purchase_plan_rows import KeptRow
from matchmaker.web.names import Names
from matchmaker.web.plots import share_bar

FILTERS = ("advice", "group", "place", "quarter", "state")
PER_PAGE = 50
FEWEST_REGIONS = 2
"""A plan that lies in fewer regions of a level is shown by the next finer one."""
COUNTRY_DIGITS = 2
"""A region's code has so many letters for the country, and one sign more for each level."""
CHECK, WAITING, GONE = "check", "waiting", "removed"
"""States to filter by besides the advice: a decision is needed, not planned yet, no longer in the file."""


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What of a plan is wanted; empty parts let everything through."""

    advice: str = ""
    group: str = ""
    place: str = ""
    quarter: str = ""
    state: str = ""

    def query(self, **changed: str) -> str:
        """The query of an address with other values; empty ones are left out."""
        values = {name: getattr(self, name) for name in FILTERS} | changed
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Groups:
    """How rows are told apart: by activities of the tables at hand and a NUTS level that suits the plan."""

    reference: Reference
    level: int

    def lets_in(self, wanted: PlanFilter, row: KeptRow) -> bool:
        """Whether a row passes the filter; rows that are no longer in the file pass only when they are asked for."""
        purchase = row.purchase
        if row.removed is not (wanted.state == GONE):
            return False
        return (
            _is(wanted.advice, row.summary.advice.value if row.summary else "none")
            and _is(wanted.group, group_of(purchase, self.reference.activities) or "none")
            and _is(wanted.place, place_of(purchase, self.level) or "none")
            and _is(wanted.quarter, quarter_of(purchase) or "none")
            and (wanted.state != CHECK or not purchase.settled)
            and (wanted.state != WAITING or row.waiting)
        )


def _is(wanted: str, found: str) -> bool:
    return not wanted or wanted == found


def read_filter(parameters: Mapping[str, str]) -> PlanFilter:
    """The filter of an address; values that mean nothing find nothing."""
    return PlanFilter(**{name: parameters.get(name, "")[:40] for name in FILTERS})


def groups_for(rows: Sequence[KeptRow], reference: Reference) -> Groups:
    """The coarsest NUTS level at which the plan lies in several regions; the finest where it lies in one."""
    for level in (1, 2, 3):
        places = {place_of(row.purchase, level) for row in rows if not row.removed}
        if sum(len(place) == COUNTRY_DIGITS + level for place in places) >= FEWEST_REGIONS:
            return Groups(reference, level)
    return Groups(reference, 3)


def overview_of(rows: Sequence[KeptRow], groups: Groups) -> Overview:
    """The rows of the file at a glance."""
    counted = [OverviewRow(row.purchase, row.euro, row.summary) for row in rows if not row.removed]
    return overview(counted, groups.reference.activities, groups.level)


@dataclass(frozen=True)
class Words:
    """Groups, codes and dates of a plan in the reader's language."""

    names: Names

    def group(self, key: str) -> str:
        """A product group, or a CPV division by its name."""
        if key.startswith("cpv:"):
            return self.names.cpv(CpvCode(key[4:] + "000000"))
        label = next((group.label for group in GROUPS if group.key == key), Message("Work not understood"))
        return translate(label, self.names.language)

    def place(self, key: str) -> str:
        """A region; the country where the key is one."""
        if not key:
            return translate(Message("Place not understood"), self.names.language)
        return self.names.region(NutsCode.parse(key))

    def quarter(self, key: str) -> str:
        """``2027, 2nd quarter`` as the reader's language has it."""
        if not key:
            return translate(Message("No start stated"), self.names.language)
        year, _, number = key.partition("-Q")
        return translate(Message("%(year)s, quarter %(number)s", {"year": year, "number": number}), self.names.language)

    def work(self, purchase: PlannedPurchase) -> str:
        """The kind of work a row was understood as; empty where it was not."""
        code = purchase.work.working_code
        return self.names.cpv(CpvCode(code)) if code else ""

    def where(self, purchase: PlannedPurchase) -> str:
        """The region a row was understood as; empty where it was not."""
        code = purchase.place.working_code
        return self.names.region(NutsCode.parse(code)) if code else ""


def value_bar(tally: Tally, largest: float, words: str) -> Markup:
    """A group's value beside the largest one's, with the part that is advised to be reserved."""
    part = float(tally.euro) / largest if largest else 0.0
    share = tally.reservable_share or 0.0
    return share_bar(part, share, share, words)


CERTAINTIES: Mapping[Certainty, Message] = {
    Certainty.SURE: Message("understood"),
    Certainty.CHOOSE: Message("to choose"),
    Certainty.UNKNOWN: Message("not understood"),
}


def euros(amount: Decimal) -> Money:
    """Whole euro: amounts converted at yearly rates are no more exact."""
    return Money(amount.quantize(Decimal(1)), "EUR")


def shown_day(day: date | None) -> str:
    """A date for a file; empty where there is none."""
    return day.isoformat() if day else ""
