"""What each part of a law rests on, and when that stops being good enough."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import CpvCode
from matchmaker.reference.bundle import core_reference, core_table, reference_from_tables
from matchmaker.reference.clauses import Clause, ClauseKind, ClauseState, Mark
from matchmaker.reference.law import Regime, regimes_of
from matchmaker.reference.tables import Table, TableKind

TODAY = date(2026, 11, 24)
REGIMES = {regime.regime_id: regime for regime in core_reference().regimes.rows}

SEEN = Clause(
    ClauseKind.SHARE,
    "Act 1",
    Mark.SEEN,
    "the gazette",
    date(2026, 1, 1),
    date(2026, 6, 30),
    moving=False,
    valid_from=date(2020, 1, 1),
)


def test_a_seen_clause_is_verified_until_its_review_is_due_after_eighteen_months() -> None:
    assert SEEN.review_by == date(2027, 12, 30)
    assert SEEN.state(date(2027, 12, 30)) is ClauseState.VERIFIED
    assert SEEN.state(date(2027, 12, 31)) is ClauseState.STALE


def test_a_clause_of_a_moving_law_is_reviewed_after_six_months() -> None:
    moving = replace(SEEN, moving=True, checked_on=date(2026, 8, 31))
    assert moving.review_by == date(2027, 2, 28)
    assert moving.state(date(2027, 3, 1)) is ClauseState.STALE


def test_a_superseded_text_is_stale_on_every_day() -> None:
    assert replace(SEEN, mark=Mark.OLDER).state(TODAY) is ClauseState.STALE


def test_what_lacks_a_date_or_a_source_or_is_general_knowledge_is_missing() -> None:
    for lacking in (
        replace(SEEN, mark=Mark.GENERAL),
        replace(SEEN, source=""),
        replace(SEEN, text_version=None),
        replace(SEEN, checked_on=None),
        replace(SEEN, valid_from=None),
    ):
        assert lacking.state(TODAY) is ClauseState.MISSING


@given(st.dates(date(2016, 1, 1), date(2040, 1, 1)), st.integers(0, 3000), st.booleans())
def test_time_alone_never_makes_a_clause_better(day: date, later: int, moving: bool) -> None:
    order = [ClauseState.MISSING, ClauseState.STALE, ClauseState.VERIFIED]
    for clause in (replace(SEEN, moving=moving), replace(SEEN, mark=Mark.OLDER), replace(SEEN, mark=Mark.GENERAL)):
        assert order.index(clause.state(day + timedelta(later))) <= order.index(clause.state(day))


def test_every_reserving_regime_records_who_is_eligible_and_for_what() -> None:
    reserving = [regime for regime in REGIMES.values() if regime.reserves]
    assert len(reserving) > 45
    for regime in reserving:
        kinds = [clause.kind for clause in regime.clauses]
        assert len(kinds) == len(set(kinds)), regime.regime_id
        assert {ClauseKind.ELIGIBLE, ClauseKind.SCOPE} <= set(kinds), regime.regime_id
        assert (ClauseKind.SHARE in kinds) == (regime.minimum_share is not None or regime.status_decides), regime.regime_id
        assert (ClauseKind.DURATION in kinds) == (regime.maximum_months is not None), regime.regime_id
        assert (ClauseKind.LOOK_BACK in kinds) == (regime.exclusion_years is not None), regime.regime_id


def test_no_clause_of_a_regime_marked_general_knowledge_is_verified() -> None:
    for regime in REGIMES.values():
        if not regime.evidence.startswith("source seen"):
            assert not regime.states(TODAY)[ClauseState.VERIFIED], regime.regime_id


def test_the_laws_read_in_dated_texts_are_verified_but_for_what_they_leave_to_others() -> None:
    verified = {regime_id for regime_id, regime in REGIMES.items() if regime.states(TODAY)[ClauseState.VERIFIED]}
    assert {
        "EU-25-38",
        "EU-25-94",
        "EU-23-24",
        "ES-DA4",
        "ES-DA48",
        "NL-282",
        "BE-15",
        "AT-23",
        "SE-LOU-4-18",
        "UK-32",
    } <= verified
    spain = REGIMES["ES-DA4"].clause(ClauseKind.SHARE)
    assert spain is not None
    assert spain.state(TODAY) is ClauseState.MISSING
    assert sum(regime.states(TODAY)[ClauseState.VERIFIED] for regime in REGIMES.values()) >= 98


def test_a_text_seen_before_its_law_was_amended_is_stale() -> None:
    for regime_id in ("DE-118", "FR-2113-12", "LU-2018", "PL-94"):
        clause = REGIMES[regime_id].clause(ClauseKind.ELIGIBLE)
        assert clause is not None
        assert clause.state(TODAY) is ClauseState.STALE, regime_id


def test_the_czech_law_was_seen_in_a_dated_version_and_the_danish_one_was_not() -> None:
    assert REGIMES["CZ-38"].states(TODAY)[ClauseState.MISSING] == 0
    assert REGIMES["CZ-38"].clause(ClauseKind.SHARE) is not None
    assert REGIMES["DK-54"].states(TODAY)[ClauseState.VERIFIED] == 0


def test_the_scope_holds_for_a_main_code_or_says_that_a_code_cannot_answer() -> None:
    assert REGIMES["EU-24-77"].covers(CpvCode("85312400")) is True
    assert REGIMES["EU-24-77"].covers(CpvCode("90910000")) is False
    assert REGIMES["FR-2113-12"].covers(CpvCode("90910000")) is True
    assert REGIMES["BG-12"].covers(CpvCode("90910000")) is None


def test_a_loaded_version_that_says_something_else_rests_on_nothing_yet() -> None:
    core = core_table(TableKind.REGIMES)
    place = core.columns.index("min_disadvantaged_share")
    changed = [
        (*row[:place], "0.40", *row[place + 1 :]) if row[core.columns.index("regime_id")] == "CZ-38" else row for row in core.rows
    ]
    loaded = reference_from_tables({TableKind.REGIMES: Table(TableKind.REGIMES, core.columns, changed, "new.csv")})
    by_id: dict[str, Regime] = {regime.regime_id: regime for regime in loaded.regimes.rows}
    assert by_id["CZ-38"].minimum_share == 0.40
    assert by_id["CZ-38"].clauses == ()
    assert by_id["FI-24"] == REGIMES["FI-24"]


def test_a_new_version_of_a_law_brings_its_own_clauses() -> None:
    row = dict.fromkeys(core_table(TableKind.REGIMES).columns, "") | {"country": "XX", "regime_id": "XX-1"}
    old = row | {"min_disadvantaged_share": "0.50", "valid_from": "2020-01-01", "valid_to": "2025-12-31"}
    new = row | {"min_disadvantaged_share": "0.30", "valid_from": "2026-01-01"}
    clause = {
        "regime_id": "XX-1",
        "clause": "share",
        "legal_reference": "Act 1",
        "mark": "seen",
        "source": "gazette",
        "moving": "",
    }
    of_old = clause | {"valid_from": "2020-01-01", "text_version": "2020-01-01", "checked_on": "2026-11-01"}
    regimes = regimes_of([old, new], [], [of_old])
    before, after = regimes.on(date(2025, 12, 31))[0], regimes.on(date(2026, 1, 1))[0]
    assert before.states(TODAY)[ClauseState.VERIFIED] == 1
    assert after.clauses == ()
