import numpy as np

from matchmaker.scoring.student import Floats
from matchmaker.scoring.understanding import likely_codes


class Given:
    """Meanings whose weights are given."""

    codes = ("55523100", "55524000", "90910000", "98310000")

    def __init__(self, *weights: float) -> None:
        self._weights = np.array(weights, dtype=np.float32)

    def weights(self, text: Floats) -> Floats:
        return self._weights


TEXT = np.zeros(4, dtype=np.float32)


def test_a_group_that_stands_out_names_its_likeliest_code() -> None:
    found = likely_codes(TEXT, Given(0.3, 0.5, 0.1, 0.1))
    assert [each.code.code for each in found] == ["55524000"]
    assert found[0].share == np.float32(0.3) + np.float32(0.5)


def test_a_second_group_is_named_when_it_has_its_share() -> None:
    found = likely_codes(TEXT, Given(0.0, 0.1, 0.65, 0.25))
    assert [each.code.code for each in found] == ["90910000", "98310000"]


def test_a_text_that_could_mean_anything_is_left_to_speak_for_itself() -> None:
    assert likely_codes(TEXT, Given(0.2, 0.2, 0.3, 0.3)) == ()
