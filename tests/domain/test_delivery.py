"""News leaves at the hour of the person's own day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.answers import Answer, Reason, told
from matchmaker.domain.delivery import Delivery, Rhythm
from matchmaker.domain.errors import InvalidValue

ZONES = ("UTC", "Europe/Paris", "Europe/Dublin", "Atlantic/Azores", "Asia/Nicosia")
MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(MOMENTS, st.sampled_from(Rhythm), st.integers(0, 23), st.integers(0, 6), st.sampled_from(ZONES))
def test_news_is_never_due_before_it_exists_and_at_most_one_period_later(
    now: datetime, rhythm: Rhythm, hour: int, weekday: int, zone: str
) -> None:
    due = Delivery(rhythm, hour, weekday, zone).due_at(now)
    longest = {Rhythm.AT_ONCE: timedelta(0), Rhythm.DAILY: timedelta(hours=26), Rhythm.WEEKLY: timedelta(days=7, hours=2)}
    assert timedelta(0) <= due - now <= longest[rhythm]
    if rhythm is Rhythm.WEEKLY:
        assert due.astimezone(ZoneInfo(zone)).weekday() == weekday


def test_a_daily_mail_keeps_its_local_hour_when_the_clocks_change() -> None:
    daily = Delivery(Rhythm.DAILY, 7, 0, "Europe/Paris")
    assert daily.due_at(datetime(2026, 10, 24, 9, tzinfo=UTC)) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert daily.due_at(datetime(2026, 10, 23, 9, tzinfo=UTC)) == datetime(2026, 10, 24, 5, tzinfo=UTC)


def test_an_hour_that_the_clocks_leave_out_is_kept_one_hour_later() -> None:
    due = Delivery(Rhythm.DAILY, 2, 0, "Europe/Paris").due_at(datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert due == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_news_of_the_very_moment_leaves_in_it() -> None:
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert Delivery(Rhythm.WEEKLY, 7, 0, "Europe/Paris").due_at(now) == now


@pytest.mark.parametrize("wrong", [{"hour": 24}, {"weekday": 7}, {"time_zone": "Europe/Nowhere"}, {"time_zone": "../etc/passwd"}])
def test_an_hour_day_or_zone_that_does_not_exist_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        Delivery(Rhythm.DAILY, **wrong)  # type: ignore[arg-type]


def test_answers_are_told_only_from_three_on() -> None:
    counts = told({Answer.INTERESTED: 2, Answer.PARTNER_WANTED: 3}, {Reason.TOO_LARGE: 4, Reason.PRICE: 2, Reason.TOO_FAR: 5})
    assert (counts.interested, counts.partner_wanted) == (None, 3)
    assert counts.reasons == ((Reason.TOO_FAR, 5), (Reason.TOO_LARGE, 4))
