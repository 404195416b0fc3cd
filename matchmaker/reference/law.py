"""Law as data: thresholds, the CPV codes of Art. 77, and the reservation regimes, each with the dates it holds.

The tables in ``law/`` were collected for this project; every row names its source, and rows marked "general knowledge" are
to be verified before anything is decided on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchmaker.domain.values import CpvCode


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
        return tuple(
            row
            for row in self.rows
            if (country is None or row.country == country) and in_force(row.valid_from, row.valid_to, day)
        )


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


def regimes_of(records: Iterable[dict[str, str]], rules: Iterable[dict[str, str]]) -> Regimes:
    """Regimes from the rows of both their tables; a regime without a rule keeps the rule's fields empty."""
    rule_of = {rule["regime_id"]: rule for rule in rules}
    return Regimes(tuple(_regime(row, rule_of.get(row["regime_id"], {})) for row in records))


def _regime(row: dict[str, str], rule: dict[str, str]) -> Regime:
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
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
