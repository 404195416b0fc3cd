"""A buyer's purchase plan: what each row says, what its words were taken to mean, and where a person has to decide.

A plan is seen by the buyer's team alone until the buyer announces a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.match import Need, yearly
from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period

UNDETERMINED = "und"
"""BCP 47 tag of a text whose language nobody stated."""


class Subject(StrEnum):
    """What the words of a row have to be understood as: the kind of work (CPV), and the place (NUTS)."""

    WORK = "work"
    PLACE = "place"


class Certainty(StrEnum):
    """The three states of a row's words."""

    SURE = "sure"
    CHOOSE = "choose"
    UNKNOWN = "unknown"


class Ground(StrEnum):
    """Why a code was taken."""

    DECLARED = "declared"
    """The row gives the code itself."""
    DECIDED = "decided"
    """Somebody of the team chose it for this row."""
    REMEMBERED = "remembered"
    """Somebody of the team chose it for these words before."""
    NAME = "name"
    """The words are the name of the code, or its postcode."""
    MEANING = "meaning"
    """The words mean it, as far as the meaning of words can be told."""
    PLAN = "plan"
    """The row says nothing; the plan's own place stands in."""


@dataclass(frozen=True, slots=True)
class Option:
    """A code that words may stand for; ``likelihood`` in (0, 1] where it can be told."""

    code: str
    likelihood: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row's words were understood as. ``words`` is the key under which a decision is remembered; empty: there is none.

    Sure: one code and its ground. Choose: no code, several ``options``, best first. Unknown: neither; ``reason`` may say why.
    """

    words: str
    certainty: Certainty
    code: str | None = None
    ground: Ground | None = None
    options: tuple[Option, ...] = ()
    reason: Message | None = None

    @property
    def working_code(self) -> str | None:
        """The code to go on with: the sure one, else the best option, which is provisional."""
        return self.code or (self.options[0].code if self.options else None)


def sure(words: str, code: str, ground: Ground) -> Reading:
    """Words that are understood."""
    return Reading(words, Certainty.SURE, code, ground)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row as the file has it. ``row_id`` is the same in every version of the file; ``number`` counts as a spreadsheet does.

    ``value`` is for the whole contract without VAT, ``yearly_value`` for a year where the file says so. ``remarks`` tell what
    could not be read, each naming its column.
    """

    row_id: str
    number: int
    title: str
    description: str = ""
    value: Money | None = None
    yearly_value: Money | None = None
    cpvs: tuple[CpvCode, ...] = ()
    unknown_cpv: str = ""
    """What stands in the column of codes and is none."""
    place: str = ""
    postcode: str = ""
    nuts: tuple[NutsCode, ...] = ()
    period: Period = Period()
    department: str = ""
    notes: str = ""
    remarks: tuple[Message, ...] = ()

    @property
    def whole_value(self) -> Money | None:
        """The value of the whole contract: as stated, else the yearly one over its length (a year where that is unknown)."""
        if self.value is not None or self.yearly_value is None:
            return self.value
        months = self.period.length_in_months or 12.0
        factor = type(self.yearly_value.amount)(str(round(max(months, 12.0) / 12, 4)))
        return Money(self.yearly_value.amount * factor, self.yearly_value.currency)

    @property
    def value_a_year(self) -> Money | None:
        """The value of a contract year."""
        return self.yearly_value or yearly(self.value, self.period)


@dataclass(frozen=True, slots=True)
class PlannedPurchase:
    """A row with what it was understood as. ``private`` is true until the buyer announces the purchase."""

    row: PlanRow
    work: Reading
    place: Reading
    private: bool = True

    def reading(self, subject: Subject) -> Reading:
        """What the words of one kind were understood as."""
        return self.work if subject is Subject.WORK else self.place

    def understood_as(self, subject: Subject, reading: Reading) -> "PlannedPurchase":
        """The same row with other words understood."""
        return replace(self, work=reading) if subject is Subject.WORK else replace(self, place=reading)

    @property
    def settled(self) -> bool:
        """Whether nobody has to decide anything."""
        return self.work.certainty is Certainty.SURE and self.place.certainty is Certainty.SURE

    def need(self, country: str) -> Need:
        """The row as a private need of a buyer of ``country`` (ISO-2); the whole country where the place is not known."""
        row = self.row
        declared = row.cpvs if self.work.ground is Ground.DECLARED else ()
        code = self.work.working_code
        place = self.place.working_code
        return Need(
            need_id="draft",
            title=MappingProxyType({UNDETERMINED: row.title}),
            description=MappingProxyType({UNDETERMINED: row.description} if row.description else {}),
            cpvs=declared or ((CpvCode(code),) if code else ()),
            nuts=(NutsCode.parse(place),) if place else (NutsCode.parse(country),),
            country=country,
            yearly_value=row.value_a_year,
            period=row.period,
        )


@dataclass(frozen=True, slots=True)
class PurchasePlan:
    """A plan of one team. ``country`` (ISO-2) is the buyer's; ``place`` stands in where a row names none; ``currency`` where an
    amount has none.
    """

    plan_id: str
    team_key: str
    name: str
    country: str
    currency: str
    place: NutsCode | None
    file_name: str
    made_by: str
    made_at: datetime
    changed_at: datetime
    remarks: tuple[Message, ...] = ()
    """What was strange about the file: columns not understood, its encoding."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody of the team says that words stand for."""

    subject: Subject
    words: str
    code: str


@dataclass(frozen=True, slots=True)
class UploadCounts:
    """What an upload changed, in rows."""

    new: int
    changed: int
    unchanged: int
    removed: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """The codes a team has given to words before, by subject."""

    work: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    place: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def quarter(day: date) -> str:
    """``2027-Q2``."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
