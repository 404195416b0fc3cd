"""What has changed in a lot, said to those who were told of it."""

from typing import Any

import pytest

from matchmaker.domain.lot_changes import FieldChange, sentences_of


@pytest.mark.parametrize(
    ("field", "before", "after", "said"),
    [
        ("deadline", {"day": "2026-12-03"}, {"day": "2026-12-20"}, "The deadline has moved from 2026-12-03 to 2026-12-20."),
        ("deadline", None, {"day": "2026-12-20"}, "There is a deadline now: 2026-12-20."),
        ("deadline", {"day": "2026-12-20"}, None, "The deadline of 2026-12-20 no longer stands."),
        (
            "deadline",
            {"day": "2026-12-20", "at": "12:00:00"},
            {"day": "2026-12-20", "at": "10:00:00"},
            "The hour of the deadline on 2026-12-20 has changed.",
        ),
        ("reserved", ["res-ws"], [], "The lot is no longer reserved."),
        ("reserved", ["none"], ["res-ws"], "The lot is reserved now."),
        ("reserved", ["res-ws"], ["res-pub-ser"], "Who may take part has changed."),
        (
            "value",
            {"amount": "5", "currency": "EUR"},
            {"amount": "7", "currency": "EUR"},
            "The estimated value has changed from EUR 5 to EUR 7.",
        ),
    ],
)
def test_each_kind_of_change_has_its_sentence(field: str, before: Any, after: Any, said: str) -> None:
    assert [str(sentence) for sentence in sentences_of([FieldChange(field, before, after)])] == [said]


def test_the_deadline_comes_first_and_what_does_not_matter_is_left_out() -> None:
    found = sentences_of(
        [
            FieldChange("suitable_for_smes", None, True),
            FieldChange("title", {"en": "a"}, {"en": "b"}),
            FieldChange("deadline", None, {"day": "2026-12-20"}),
            FieldChange("interest_deadline", None, {"day": "2026-12-20"}),
            FieldChange("reserved", [], ["none"]),
        ]
    )
    assert [str(sentence) for sentence in found] == ["There is a deadline now: 2026-12-20.", "The title has changed."]
