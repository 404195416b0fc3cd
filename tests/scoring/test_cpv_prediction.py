import numpy as np
import pytest

from matchmaker.scoring.cpv_prediction import CpvSuggester, calibrated, default_suggester, fit, load_classifier, packed


@pytest.fixture(scope="module")
def suggester() -> CpvSuggester:
    return default_suggester()


@pytest.mark.parametrize(
    ("text", "division"),
    [
        ("Laundry and ironing", "98"),
        ("Siivouspalvelut toimistoissa", "90"),
        ("Ταχυδρομικές υπηρεσίες", "64"),
        ("Dodávka čerstvého pečiva", "15"),
        ("Entretien des espaces verts", "77"),
        ("Druck von Broschüren und Plakaten", "79"),
    ],
)
def test_right_division_is_among_the_five_codes_suggested(suggester: CpvSuggester, text: str, division: str) -> None:
    divisions = {suggestion.code.division for suggestion in suggester.suggest(text, 5)}
    assert division in divisions


def test_suggestions_are_ordered_distinct_and_within_one(suggester: CpvSuggester) -> None:
    found = suggester.suggest("Catering for conferences", 10)
    chances = [suggestion.probability for suggestion in found]
    assert len({suggestion.code for suggestion in found}) == len(found) == 10
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] > 0
    assert sum(chances) <= 1


def test_text_without_letters_gets_no_suggestion(suggester: CpvSuggester) -> None:
    assert suggester.suggest("12/2024", 5) == []
    assert suggester.suggest("", 5) == []


def test_classifier_learns_what_it_is_shown_and_packs() -> None:
    draw = np.random.default_rng(0)
    middle = np.repeat(np.eye(3, 8), 40, axis=0)
    vectors = (middle + 0.1 * draw.normal(size=middle.shape)).astype(np.float32)
    codes = np.repeat(["55520000", "90910000", "15810000"], 40).tolist()
    model = calibrated(fit(vectors, codes, np.ones(120, np.float32)), vectors, codes)
    chances = model.probabilities(vectors)
    assert [model.stems[place] for place in chances.argmax(axis=1)] == [code[:4] for code in codes]
    assert chances.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert set(packed(model)) == {"stems", "directions", "shifts", "sharpness"}


def test_packed_classifier_reads_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cpv") / "cpv.npz"
    vectors = np.eye(4, 8, dtype=np.float32)
    model = fit(np.vstack([vectors, vectors]), ["55520000", "90910000"] * 4, np.ones(8, np.float32))
    np.savez(path, **packed(model))  # type: ignore[arg-type]
    assert load_classifier(path).probabilities(vectors) == pytest.approx(model.probabilities(vectors), abs=1e-2)
