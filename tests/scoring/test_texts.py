from matchmaker.domain.match import Need
from matchmaker.scoring.texts import need_texts, profile_pieces, sentences, without_numbers


def test_title_loses_lot_numbers_dates_and_quotes() -> None:
    assert without_numbers("Lot 3 – «Nettoyage des bureaux» 2024/2025 (CIG A017DF329B)") == "Nettoyage des bureaux"


def test_profile_of_several_sentences_is_read_whole_and_in_pieces() -> None:
    text = "We clean offices and schools. We also wash windows of all kinds.\nAnd we iron."
    assert profile_pieces(text) == [text, "We clean offices and schools.", "We also wash windows of all kinds."]


def test_short_profile_is_one_piece() -> None:
    assert profile_pieces(" Services des traiteurs. ") == ["Services des traiteurs."]


def test_empty_profile_has_no_piece() -> None:
    assert profile_pieces("  ") == []


def test_sentences_too_short_for_the_bound_are_left_out_unless_all_are() -> None:
    assert sentences("Yes. We print books and posters.") == ["We print books and posters."]
    assert sentences("Bread.") == ["Bread."]


def test_title_that_says_nothing_is_completed_by_the_first_sentence() -> None:
    need = Need("q", {"nl": "CW29032/RM - 1"}, {"nl": "Levering van uniformen voor chauffeurs. Met voorraadbeheer."}, "nl")
    title, both = need_texts(need)
    assert "uniformen" in title
    assert title == both


def test_need_without_words_gives_empty_texts() -> None:
    assert need_texts(Need("q", {})) == ("", "")
