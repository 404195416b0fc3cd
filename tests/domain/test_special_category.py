"""Without its consent, others learn of a small firm's status no more than yes, no or unknown."""

from dataclasses import replace
from datetime import date

import pytest

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.organisation import Base, Organisation, Provenance, SizeFigures, SocialStatus, StatusKind
from matchmaker.domain.reservation import eligibility
from matchmaker.domain.special_category import shown_statuses

TODAY = date(2026, 11, 24)
WORKSHOP = SocialStatus(StatusKind.SHELTERED_WORKSHOP, "ESAT", 0.86)
SMALL = Organisation(
    "x:1", "One", Base("FR"), Provenance("own", "1", claimed=True), statuses=(WORKSHOP,), size=SizeFigures(employees=4)
)
OPEN = replace(SMALL, status_consent=TODAY)
RESERVED = Need("draft", {"en": "A lot"}, reserved=frozenset({ReservedParticipation.SHELTERED}))


@pytest.mark.parametrize(
    ("share", "verdict", "first"),
    [(0.86, Verdict.ELIGIBLE, "Yes"), (0.1, Verdict.NOT_ELIGIBLE, "No"), (None, Verdict.UNKNOWN, "What it states")],
)
def test_under_the_directive_only_the_verdict_is_told_and_it_is_the_same(
    share: float | None, verdict: Verdict, first: str
) -> None:
    stated = (replace(WORKSHOP, integration_share=share),)
    hidden = eligibility(RESERVED, replace(SMALL, statuses=stated), TODAY, frozenset())
    shown = eligibility(RESERVED, replace(OPEN, statuses=stated), TODAY, frozenset())
    assert hidden.verdict is shown.verdict is verdict
    told, *rest = map(str, hidden.reasons)
    assert told.startswith(first)
    assert not any("workshop" in each or "30 %" in each for each in (told, *rest))
    assert any("workshop" in str(each) or "workers" in str(each) for each in shown.reasons)
    assert set(hidden.missing) <= {"statuses"}


def test_a_small_firm_without_any_status_is_still_asked_for_one() -> None:
    assert eligibility(RESERVED, replace(SMALL, statuses=()), TODAY, frozenset()).missing == (
        "statuses",
        "statuses.integration_share",
    )


def test_lists_leave_its_statuses_out_until_it_consents() -> None:
    assert (shown_statuses(SMALL), shown_statuses(OPEN)) == ((), (WORKSHOP,))
