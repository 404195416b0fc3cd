"""A purchase described in words alone is judged by the codes its words read like."""

import pytest

from matchmaker.domain.match import Need
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.capability import DECLARED, ELSEWHERE, declared_share, default_capability
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.lexical import WORTH_SAYING, overlap

OFFERS = {
    "kitchen": ("Cuisine collective : repas scolaires livrés chauds, traiteur et restauration d'entreprise.", "55524000"),
    "laundry": ("Blanchisserie : lavage du linge des hôpitaux et des maisons de retraite.", "98311200"),
    "gardens": ("Entretien d'espaces verts, tonte, taille de haies et plantations.", "77310000"),
    "printing": ("Imprimerie, façonnage et mise sous pli.", "79810000"),
}


@pytest.mark.parametrize(
    ("words", "language", "wanted"),
    [
        ("Warme Mittagessen für zwei Grundschulen", "de", "kitchen"),
        ("Laundry of hospital bed linen", "en", "laundry"),
        ("Pranie pościeli szpitalnej", "pl", "laundry"),
        ("Puistojen nurmikoiden leikkuu ja pensaiden hoito", "fi", "gardens"),
        ("Εκτύπωση εντύπων και φυλλαδίων", "el", "printing"),
    ],
)
def test_words_in_any_language_find_the_right_offer_by_far(words: str, language: str, wanted: str) -> None:
    model = default_capability()
    suppliers = [
        SupplierText(key, [text], (CpvCode(code),), model.encoder.encode([text]), "fr") for key, (text, code) in OFFERS.items()
    ]
    answers = dict(zip(OFFERS, model.assess(Need("draft", {language: words}, language=language), suppliers), strict=True))
    best = max(answers, key=lambda key: answers[key].log_odds)
    assert best == wanted
    assert all(answers[best].log_odds - answers[key].log_odds > 2 for key in answers if key != best)


def test_a_code_read_from_words_counts_less_than_one_that_is_named() -> None:
    code = (CpvCode("55524000"),)
    named, read = declared_share(code, code), declared_share(code, code, (0.4,))
    assert named is not None
    assert read is not None
    assert named[0] == 1
    assert read[0] == pytest.approx(0.4)


def test_words_that_most_texts_have_are_counted_but_not_named() -> None:
    common, rare = WORTH_SAYING / 2, WORTH_SAYING * 2
    share, named = overlap([{1: common, 2: rare}], {1: "und", 2: "wäsche"})
    assert named == ["wäsche"]
    assert share == pytest.approx((common + rare) / (common + rare + 2))


def test_declaring_only_a_side_code_of_another_division_is_believed_less() -> None:
    model = default_capability()
    need = Need("golf", {"en": "Running a golf course"}, language="en", cpvs=(CpvCode("92610000"), CpvCode("55300000")))
    text = ["Restaurants and food service"]
    vectors = model.encoder.encode(text)
    side, main = (SupplierText(code, text, (CpvCode(code),), vectors, "en") for code in ("55300000", "92610000"))
    shares = [answer.features[DECLARED] for answer in model.assess(need, [side, main])]
    assert shares == [ELSEWHERE, 1.0]


@pytest.mark.parametrize(
    ("words", "language"),
    [("Repas chauds pour quatre écoles primaires", "fr"), ("Varm lunch till fyra grundskolor", "sv"), ("Kouluruokailu", "fi")],
)
def test_meals_at_schools_are_read_as_meals_whatever_the_language(words: str, language: str) -> None:
    model = default_capability()
    vector = model.encoder.encode([words])[0]
    codes, _ = model.reader.read(vector, vector)
    assert CpvCode("55524000") in codes
