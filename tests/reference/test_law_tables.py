"""Law as data, by date."""

from datetime import date
from decimal import Decimal

from matchmaker.domain.values import CpvCode
from matchmaker.reference.bundle import core_reference, core_table, reference_from_tables
from matchmaker.reference.law import Regimes, regimes_of
from matchmaker.reference.tables import Table, TableKind

REFERENCE = core_reference()


def test_the_codes_of_article_77_are_one_hundred_and_fifteen() -> None:
    assert len(REFERENCE.art77_codes) == 115
    assert CpvCode("85312400") in REFERENCE.art77_codes
    assert CpvCode("90910000") not in REFERENCE.art77_codes


def test_a_threshold_is_that_of_the_day() -> None:
    before = REFERENCE.thresholds.on("2014/24/EU", "4(c)", date(2025, 12, 31))
    after = REFERENCE.thresholds.on("2014/24/EU", "4(c)", date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.euro, after.euro) == (Decimal(221000), Decimal(216000))
    assert REFERENCE.thresholds.on("2014/24/EU", "4(c)", date(2010, 1, 1)) is None


def test_the_light_regime_begins_at_three_quarters_of_a_million() -> None:
    threshold = REFERENCE.thresholds.on("2014/24/EU", "4(d)", date(2030, 1, 1))
    assert threshold is not None
    assert threshold.euro == Decimal(750000)


def test_all_regimes_are_loaded_and_those_of_the_union_hold_since_2016() -> None:
    assert len(REFERENCE.regimes.rows) == 63
    union = REFERENCE.regimes.on(date(2026, 1, 1), "EU")
    assert {"EU-24-20-A", "EU-24-20-B", "EU-24-77"} <= {regime.regime_id for regime in union}
    assert "EU-24-77" not in {regime.regime_id for regime in REFERENCE.regimes.on(date(2015, 1, 1), "EU")}


def test_a_regime_knows_its_share_and_whether_its_text_was_seen() -> None:
    regimes = {regime.regime_id: regime for regime in REFERENCE.regimes.rows}
    assert regimes["EU-24-20-A"].minimum_share == 0.30
    assert regimes["EU-24-20-A"].share_operator == ">="
    assert regimes["EU-24-20-A"].verified
    assert not regimes["EU-09-81-14"].verified
    assert regimes["EU-24-77"].minimum_share is None
    assert regimes["EU-24-77"].maximum_months == 36
    assert any(regime.status_decides for regime in regimes.values())


def test_a_loaded_regime_without_dates_keeps_those_the_package_knows() -> None:
    core = core_table(TableKind.REGIMES)
    undated = [(*row[:-2], "", "") for row in core.rows]
    reference = reference_from_tables({TableKind.REGIMES: Table(TableKind.REGIMES, core.columns, undated, "old.csv")})
    assert reference.regimes == REFERENCE.regimes


def test_an_older_table_never_undoes_a_correction_and_a_newer_one_replaces_it() -> None:
    core = core_table(TableKind.REGIMES)
    share, edited = core.columns.index("min_disadvantaged_share"), core.columns.index("edited")

    def loaded(day: str) -> Regimes:
        rows = [(*row[:share], "0.40", *row[share + 1 : edited], day, *row[edited + 1 :]) for row in core.rows]
        table = Table(TableKind.REGIMES, core.columns, rows, "loaded.csv")
        return reference_from_tables({TableKind.REGIMES: table}).regimes

    assert loaded("2026-11-23") == REFERENCE.regimes
    assert {regime.minimum_share for regime in loaded("2027-01-01").rows} == {0.40}


def test_a_loaded_threshold_that_agrees_keeps_the_source_that_was_read() -> None:
    core = core_table(TableKind.THRESHOLDS)
    evidence, euro = core.columns.index("evidence"), core.columns.index("eur")
    hearsay = [(*row[:evidence], "general knowledge", *row[evidence + 1 :]) for row in core.rows]
    agreeing = reference_from_tables({TableKind.THRESHOLDS: Table(TableKind.THRESHOLDS, core.columns, hearsay, "old.csv")})
    assert agreeing.thresholds == REFERENCE.thresholds
    other = [(*row[:euro], "1", *row[euro + 1 :]) for row in hearsay]
    differing = reference_from_tables({TableKind.THRESHOLDS: Table(TableKind.THRESHOLDS, core.columns, other, "new.csv")})
    assert {row.euro for row in differing.thresholds.rows} == {Decimal(1)}


def test_the_swedish_reservations_for_welfare_are_those_of_the_day() -> None:
    def on(day: date) -> set[str]:
        return {regime.regime_id for regime in REFERENCE.regimes.on(day, "SE") if regime.family == "public-service-mission"}

    assert on(date(2022, 1, 31)) == {"SE-LOU-19-6A"}
    assert on(date(2022, 2, 1)) == {"SE-LOU-19-25"}
    assert on(date(2023, 1, 1)) == {"SE-LOU-19-25", "SE-LOU-19-25A"}
    idea_driven = next(regime for regime in REFERENCE.regimes.rows if regime.regime_id == "SE-LOU-19-25A")
    assert idea_driven.covers(CpvCode("80100000")) is True
    assert (
        next(regime for regime in REFERENCE.regimes.rows if regime.regime_id == "SE-LOU-19-25").covers(CpvCode("80100000"))
        is False
    )


def test_the_spanish_and_dutch_laws_hold_since_their_days_and_not_before() -> None:
    assert not REFERENCE.regimes.on(date(2018, 3, 8), "ES")
    assert {regime.regime_id for regime in REFERENCE.regimes.on(date(2018, 3, 9), "ES")} == {"ES-DA4", "ES-DA48"}
    dutch = {regime.regime_id for regime in REFERENCE.regimes.on(date(2016, 6, 30), "NL")}
    assert "NL-282" not in dutch


def test_a_new_version_of_a_law_is_a_new_row_with_its_date() -> None:
    row = {
        **dict.fromkeys(
            ("legal_reference", "scope_cpv", "supplier_types", "disadvantage_kind", "quota", "notes", "evidence"), ""
        ),
        **{"country": "XX", "regime_id": "XX-1", "max_duration_months": "", "exclusion_years": ""},
    }
    old = {**row, "min_disadvantaged_share": "0.50", "valid_from": "", "valid_to": "2025-12-31"}
    new = {**row, "min_disadvantaged_share": "0.30", "valid_from": "2026-01-01", "valid_to": ""}
    regimes: Regimes = regimes_of([old, new], [])
    assert [regime.minimum_share for regime in regimes.on(date(2025, 12, 31))] == [0.50]
    assert [regime.minimum_share for regime in regimes.on(date(2026, 1, 1), "XX")] == [0.30]
