import numpy as np
import pytest

from matchmaker.scoring.encoder import Encoder, default_encoder

CLEANING = {
    "en": "Office cleaning services",
    "fi": "Toimistojen siivouspalvelut",
    "el": "Υπηρεσίες καθαρισμού γραφείων",
    "hu": "Irodatakarítási szolgáltatások",
    "mt": "Servizzi ta’ tindif tal-uffiċċji",
    "bg": "Почистване на офиси",
}
OTHER = {
    "en": "School catering services",
    "fi": "Kouluruokailupalvelut",
    "el": "Υπηρεσίες σχολικών γευμάτων",
    "hu": "Iskolai étkeztetés",
    "mt": "Servizzi ta’ catering fl-iskejjel",
    "bg": "Ученическо хранене",
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return default_encoder()


def test_same_work_is_nearer_than_other_work_whatever_the_two_languages(encoder: Encoder) -> None:
    cleaning, other = encoder.encode(list(CLEANING.values())), encoder.encode(list(OTHER.values()))
    assert (cleaning @ cleaning.T).min() > (cleaning @ other.T).max()


def test_vectors_have_256_numbers_and_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["Buffet catering", "Entretien d’espaces verts"])
    assert vectors.shape == (2, 256) == (2, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_text_without_letters_has_the_zero_vector(encoder: Encoder) -> None:
    assert not encoder.encode(["", "  ", "12 345 / 6"]).any()


def test_no_text_gives_no_row(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 256)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    alone = encoder.encode(["Printing of leaflets"])[0]
    among = encoder.encode(["Laundry", "Printing of leaflets", "Nettoyage de vitres et de bureaux"])[1]
    assert np.abs(alone - among).max() < 1e-5


def test_case_accents_and_numbers_change_little(encoder: Encoder) -> None:
    one, other = encoder.encode(["Υπηρεσίες καθαρισμού 2024", "ΥΠΗΡΕΣΙΕΣ ΚΑΘΑΡΙΣΜΟΥ 2025"])
    assert float(one @ other) > 0.99
