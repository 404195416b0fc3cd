import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from matchmaker.scoring.student import (
    Student,
    counts,
    fold,
    from_bytes,
    inverse_frequency,
    pieces,
    to_bytes,
    train_table,
    weighted,
)

TEXTS = ["cleaning of offices", "nettoyage de bureaux", "school meals", "repas scolaires", "offices and bureaux", "meals"]
TARGETS = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 0], [0, 1]], np.float32)


def trained() -> Student:
    rows = counts(TEXTS)
    frequencies = inverse_frequency(rows)
    lines: list[str] = []
    weights = np.ones(len(TEXTS), np.float32)
    wanted = np.hstack([TARGETS, np.ones((len(TEXTS), 1), np.float32)])
    table = train_table(weighted(rows, frequencies), wanted, weights, 0.1, 20, lines.append)
    assert len(lines) == 4
    return Student(frequencies, table, np.zeros(3, np.float32))


def test_student_puts_words_of_other_languages_where_it_was_taught() -> None:
    vectors, _ = trained().encode(["nettoyage", "repas"])
    assert vectors[0, 0] > vectors[0, 1]
    assert vectors[1, 1] > vectors[1, 0]


def test_training_twice_gives_the_same_table() -> None:
    assert np.array_equal(trained().table, trained().table)


def test_table_as_bytes_stays_within_one_step_of_its_scale() -> None:
    table = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    again = from_bytes(*to_bytes(table))
    assert np.abs(again - table).max() < np.abs(table).max() / 100


def test_pieces_are_letters_inside_words_words_and_pairs() -> None:
    found = list(pieces("Le pain"))
    assert {"=le", "=pain", "le+pain", " pa", "pain", "ain "} <= set(found)
    assert not any(" le p" in piece for piece in found)


@given(st.text())
@example("𝓐")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
