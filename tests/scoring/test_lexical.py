from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.scoring.lexical import LabelWords, load_label_words, overlap, pack, words_of

LABELS = {
    "90910000": {"en": "Cleaning services", "fr": "Services de nettoyage"},
    "55520000": {"en": "Catering services", "fr": "Services traiteur"},
}
PROFILES = [("en", "services for all"), ("fr", "services à la personne"), *[("en", "bread"), ("fr", "pain")] * 200]


def packed(folder: Path) -> LabelWords:
    np.savez(folder / "words.npz", **pack(LABELS, PROFILES, []))  # type: ignore[arg-type]
    return load_label_words(folder / "words.npz")


def test_rare_word_of_a_label_counts_more_than_a_common_one(tmp_path: Path) -> None:
    labels = packed(tmp_path).labels(["90910000"], "en")
    common, _ = overlap(labels, words_of("good services", "en"))
    rare, found = overlap(labels, words_of("we love cleaning", "en"))
    assert rare > common > 0
    assert found == ["cleaning"]


def test_label_is_compared_in_the_language_of_the_text(tmp_path: Path) -> None:
    words = packed(tmp_path)
    assert overlap(words.labels(["90910000"], "fr"), words_of("entreprise de nettoyage", "fr"))[1] == ["nettoyage"]
    assert overlap(words.labels(["90910000"], "fr"), words_of("cleaning", "fr"))[0] == 0


def test_language_or_code_without_labels_has_none(tmp_path: Path) -> None:
    assert packed(tmp_path).labels(["90910000"], "tr") == []
    assert packed(tmp_path).labels(["11111111"], "en") == []


@given(st.lists(st.sampled_from(["cleaning", "services", "bread", "of"])), st.sampled_from(["cleaning", "services"]))
def test_one_more_word_of_the_label_never_lowers_the_share(words: list[str], more: str) -> None:
    label = [{next(iter(words_of(word, "en"))): worth for word, worth in (("cleaning", 3.0), ("services", 0.5))}]
    before, _ = overlap(label, words_of(" ".join(words), "en"))
    after, _ = overlap(label, words_of(" ".join([*words, more]), "en"))
    assert 0 <= before <= after < 1
