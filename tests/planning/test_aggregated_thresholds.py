"""Thresholds are decided on all lots together: dividing a purchase never changes the verdict, save under Art. 5(10)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.errors import InvalidValue
from matchmaker.planning.thresholds import SMALL_LOT, SMALL_SHARE, Subject, ThresholdVerdict, threshold_verdict
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.law import Thresholds

THRESHOLDS = core_reference().thresholds
DAY = date(2026, 11, 24)
CENTS = st.integers(0, 2_000_000_000).map(lambda cents: Decimal(cents) / 100)
PARTS = st.lists(CENTS, min_size=1, max_size=12)


def verdict(*lots: Decimal | int, subject: Subject = Subject.SOCIAL_SERVICES, nature: str = "services") -> ThresholdVerdict:
    return threshold_verdict([Decimal(lot) for lot in lots], subject, nature, THRESHOLDS, DAY)


def test_the_threshold_itself_is_reached_and_a_cent_below_is_not() -> None:
    assert verdict(750_000).reached is True
    assert verdict(Decimal("749999.99")).reached is False


def test_ten_small_lots_reach_what_one_large_lot_reaches() -> None:
    found = verdict(*[75_000] * 10)
    assert found.reached is True
    assert "is reached for each" in str(found.sentences[0])
    assert "Art. 5(3)" in str(found.sentences[-1])


def test_small_lots_stay_outside_up_to_a_fifth_of_the_whole() -> None:
    assert verdict(*[75_000] * 10).outside == (0, 1)
    assert verdict(900_000, 79_999).outside == (1,)
    assert verdict(900_000, 80_000).outside == ()
    assert verdict(750_000).outside == ()
    assert verdict(10_000, 20_000).outside == ()


def test_the_threshold_is_that_of_the_day_and_of_the_kind_of_buyer() -> None:
    assert verdict(216_000, subject=Subject.SUB_CENTRAL).reached is True
    before = threshold_verdict([Decimal(216_000)], Subject.SUB_CENTRAL, "services", THRESHOLDS, date(2025, 12, 31))
    assert before.reached is False


def test_a_threshold_known_only_by_hearsay_is_said_to_be_unverified() -> None:
    hearsay = Thresholds(tuple(replace(row, evidence="general knowledge, verify") for row in THRESHOLDS.rows))
    unsure = threshold_verdict([Decimal(10)], Subject.SOCIAL_SERVICES, "services", hearsay, DAY)
    assert any("still to be verified" in str(sentence) for sentence in unsure.sentences)
    assert not any("still to be verified" in str(sentence) for sentence in verdict(10).sentences)


def test_a_day_without_a_known_threshold_is_unknown() -> None:
    found = threshold_verdict([Decimal(10**9)], Subject.WORKS, "works", THRESHOLDS, date(2010, 1, 1))
    assert found.reached is None
    assert len(found.sentences) == 1


@given(PARTS, st.sampled_from(Subject), st.sampled_from(sorted(SMALL_LOT)))
def test_dividing_a_purchase_never_changes_whether_the_threshold_is_reached(
    lots: list[Decimal], subject: Subject, nature: str
) -> None:
    divided = verdict(*lots, subject=subject, nature=nature)
    whole = verdict(sum(lots, Decimal(0)), subject=subject, nature=nature)
    assert (divided.reached, divided.total) == (whole.reached, whole.total)


@given(PARTS, st.sampled_from(sorted(SMALL_LOT)))
def test_what_stays_outside_is_small_a_fifth_at_most_and_never_the_whole(lots: list[Decimal], nature: str) -> None:
    found = verdict(*lots, nature=nature)
    left_out = [lots[position] for position in found.outside]
    assert all(lot < SMALL_LOT[nature] for lot in left_out)
    assert sum(left_out, Decimal(0)) <= found.total * SMALL_SHARE
    if left_out:
        assert found.reached
        assert len(left_out) < len(lots)


@pytest.mark.parametrize(("lots", "nature"), [((), "services"), ((-1,), "services"), ((1,), "ideas")])
def test_values_or_kinds_that_make_no_sense_are_refused(lots: tuple[int, ...], nature: str) -> None:
    with pytest.raises(InvalidValue):
        verdict(*lots, nature=nature)
