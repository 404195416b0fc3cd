"""Law as data: thresholds, the CPV codes of Art. 77, and the reservation regimes, each with the dates it holds.

The tables in ``law/`` were collected for this project; every row names its source, and rows marked "general knowledge" are
to be verified before anything is decided on them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matchmaker.domain.values import CpvCode
from matchmaker.reference.clauses import Clause, ClauseKind, ClauseState, clause_of
from matchmaker.reference.folding import fold


@dataclass(frozen=True, slots=True)
class Threshold:
    """The value in euro, without VAT, from which a directive applies (``2014/24/EU``; ``4(d)``)."""

    directive: str
    article: str
    category: str
    valid_from: date | None
    valid_to: date | None
    euro: Decimal
    evidence: str


class KindMatch(StrEnum):
    """How a supplier is recognised as one of a regime's kinds.

    By a local status's name, by the general kind of its status, by integration as its main aim; or anybody with the share.
    """

    NAME = "name"
    KIND = "kind"
    AIM = "aim"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class LocalKind:
    """One kind of supplier that a regime lets in. ``value`` is the status's name or general kind.

    ``status_decides``: whether the status alone suffices, without a test of the share.
    """

    match: KindMatch
    value: str
    status_decides: bool

    @property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold(self.value)


RESERVING = frozenset({"integration", "public-service-mission"})
"""Families of regimes that reserve; the others set duties, quotas or preferences, or reserve for no social reason."""


@dataclass(frozen=True, slots=True)
class Regime:
    """One version of a provision that allows or demands a reservation, a quota or a preference.

    ``country`` is ISO-2 of the buyer's country, or ``EU``. ``minimum_share`` (0-1) is the share of disabled or
    disadvantaged workers, None where status decides or none is asked; ``share_operator`` is ``>=`` or ``>``.
    ``valid_from`` None means the date is not yet known.
    """

    regime_id: str
    country: str
    legal_reference: str
    scope_cpv: str
    supplier_types: str
    minimum_share: float | None
    status_decides: bool
    disadvantage_kind: str
    maximum_months: int | None
    exclusion_years: int | None
    quota: str
    notes: str
    evidence: str
    valid_from: date | None
    valid_to: date | None
    family: str
    share_operator: str
    share_basis: str
    eforms_bt71: str
    eforms_bt736: str
    joint_bid_rule: str = ""
    """Empty where the law does not say."""
    reliance_rule: str = ""
    subcontract_rule: str = ""
    cautions: tuple[str, ...] = ()
    """Codes of what a buyer has to mind in the notice and the documents (``each-member-alone``)."""
    kinds: tuple[LocalKind, ...] = ()
    clauses: tuple[Clause, ...] = ()

    @property
    def reserves(self) -> bool:
        """Whether it lets a buyer reserve a lot for social suppliers."""
        return self.family in RESERVING

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force on a day; one without a date counts as in force."""
        return in_force(self.valid_from, self.valid_to, day)

    def clause(self, kind: ClauseKind) -> Clause | None:
        """The clause of one kind; None where nothing is recorded of it."""
        return next((clause for clause in self.clauses if clause.kind is kind), None)

    def states(self, day: date) -> Mapping[ClauseState, int]:
        """How many clauses are verified, stale and missing on ``day``."""
        found = [clause.state(day) for clause in self.clauses]
        return {state: found.count(state) for state in ClauseState}

    def covers(self, code: CpvCode) -> bool | None:
        """Whether a main CPV code lies in the scope; None where the scope is given in words that a code cannot answer."""
        if self.scope_cpv == "any":
            return True
        if not self.scope_cpv or self.scope_cpv.startswith("text:"):
            return None
        return any(first <= code.code <= (last or first) for first, _, last in _ranges(self.scope_cpv))

    @property
    def verified(self) -> bool:
        """Whether the text was seen and no part of the row is general knowledge."""
        return self.evidence.startswith("source seen") and "general knowledge" not in (self.evidence + self.notes)


@dataclass(frozen=True)
class Thresholds:
    """All thresholds over time."""

    rows: tuple[Threshold, ...]

    def on(self, directive: str, article: str, day: date) -> Threshold | None:
        """The one in force on a day; None when the table has none."""
        return next(
            (
                row
                for row in self.rows
                if (row.directive, row.article) == (directive, article) and in_force(row.valid_from, row.valid_to, day)
            ),
            None,
        )


@dataclass(frozen=True)
class Regimes:
    """All regimes, every version of each."""

    rows: tuple[Regime, ...]

    def on(self, day: date, country: str | None = None) -> tuple[Regime, ...]:
        """Those in force on a day, of one country (ISO-2, or ``EU``) or of all; a version without a date counts as in force."""
        return tuple(row for row in self.rows if (country is None or row.country == country) and row.holds_on(day))


def in_force(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether ``day`` lies between both days, each included; a missing day is no limit."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def thresholds_of(records: Iterable[dict[str, str]]) -> Thresholds:
    """Thresholds from the rows of their table."""
    return Thresholds(
        tuple(
            Threshold(
                row["directive"],
                row["article"],
                row["category"],
                _day(row["valid_from"]),
                _day(row["valid_to"]),
                Decimal(row["eur"]),
                row["evidence"],
            )
            for row in records
        )
    )


def codes_of(records: Iterable[dict[str, str]]) -> frozenset[CpvCode]:
    """CPV codes from the rows of a table with the column ``cpv``."""
    return frozenset(CpvCode.parse(row["cpv"]) for row in records)


def regimes_of(
    records: Iterable[dict[str, str]],
    rules: Iterable[dict[str, str]],
    clauses: Iterable[dict[str, str]] = (),
    kinds: Iterable[dict[str, str]] = (),
) -> Regimes:
    """Regimes from the rows of their tables.

    A regime without a rule keeps the rule's fields empty. Clauses belong to one version of a regime (its id and its first
    day), kinds to all of them.
    """
    rule_of = {rule["regime_id"]: rule for rule in rules}
    clauses_of: defaultdict[tuple[str, str], list[Clause]] = defaultdict(list)
    for row in clauses:
        clauses_of[(row["regime_id"], row["valid_from"])].append(clause_of(row))
    kinds_of: defaultdict[str, list[LocalKind]] = defaultdict(list)
    for row in kinds:
        kinds_of[row["regime_id"]].append(LocalKind(KindMatch(row["match"]), row["value"], row["decides"] == "status"))
    return Regimes(
        tuple(
            _regime(
                row,
                rule_of.get(row["regime_id"], {}),
                tuple(kinds_of[row["regime_id"]]),
                tuple(clauses_of[(row["regime_id"], row["valid_from"])]),
            )
            for row in records
        )
    )


def _ranges(scope: str) -> Iterable[tuple[str, str, str]]:
    """``80110000;85000000-85323000`` as first code, separator, last code."""
    return (part.strip().partition("-") for part in scope.split(";"))


def _regime(row: dict[str, str], rule: dict[str, str], kinds: tuple[LocalKind, ...], clauses: tuple[Clause, ...]) -> Regime:
    share = row["min_disadvantaged_share"]
    return Regime(
        regime_id=row["regime_id"],
        country=row["country"],
        legal_reference=row["legal_reference"],
        scope_cpv=row["scope_cpv"],
        supplier_types=row["supplier_types"],
        minimum_share=float(share) if share and share != "status" else None,
        status_decides=share == "status",
        disadvantage_kind=row["disadvantage_kind"],
        maximum_months=int(row["max_duration_months"]) if row["max_duration_months"] else None,
        exclusion_years=int(row["exclusion_years"]) if row["exclusion_years"] else None,
        quota=row["quota"],
        notes=row["notes"],
        evidence=row["evidence"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        family=rule.get("family", ""),
        share_operator=rule.get("share_operator", ""),
        share_basis=rule.get("share_basis", ""),
        eforms_bt71=rule.get("eforms_bt71", ""),
        eforms_bt736=rule.get("eforms_bt736", ""),
        joint_bid_rule=_stated(rule.get("joint_bid_rule", "")),
        reliance_rule=_stated(rule.get("reliance_rule", "")),
        subcontract_rule=_stated(rule.get("subcontract_rule", "")),
        cautions=tuple(rule.get("cautions", "").split()),
        kinds=kinds,
        clauses=clauses,
    )


def _stated(text: str) -> str:
    return "" if text == "not stated" else text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
