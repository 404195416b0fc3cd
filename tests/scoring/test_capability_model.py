from dataclasses import replace
from math import exp

import numpy as np
import pytest

from matchmaker.domain.match import Need
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.capability import DECLARED, CapabilityModel, declared_share, default_capability
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.texts import profile_pieces

NEED = Need("q", {"fi": "Koulujen ruokapalvelut"}, language="fi", cpvs=(CpvCode("55524000"),), country="FI")
PROFILES = {
    "caterer": ("en", "We cook fresh meals for schools and run canteens. We also cater for events."),
    "traiteur": ("fr", "Restauration collective et repas scolaires, service traiteur."),
    "cleaner": ("en", "A workers co-operative that cleans offices and homes."),
    "church": ("en", "The advancement of the Christian religion through worship, for the benefit of the public."),
    "printer": ("de", "Druckerei für Flyer, Plakate und Broschüren."),
}


@pytest.fixture(scope="module")
def model() -> CapabilityModel:
    return default_capability()


@pytest.fixture(scope="module")
def suppliers(model: CapabilityModel) -> list[SupplierText]:
    found = []
    for key, (language, text) in PROFILES.items():
        pieces = profile_pieces(text)
        found.append(SupplierText(key, pieces, (), model.encoder.encode(pieces), language))
    return found


def test_those_who_do_the_work_come_first_in_any_language(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    answers = dict(zip(PROFILES, model.assess(NEED, suppliers), strict=True))
    order = sorted(answers, key=lambda key: -answers[key].log_odds)
    assert set(order[:2]) == {"caterer", "traiteur"}
    assert answers["caterer"].probability > 5 * answers["cleaner"].probability


def test_contributions_sum_to_the_log_odds(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    for answer in model.assess(NEED, suppliers):
        assert model.intercept + sum(answer.contributions.values()) == pytest.approx(answer.log_odds, abs=1e-9)
        assert answer.probability == pytest.approx(1 / (1 + exp(-answer.log_odds)), abs=1e-9)
        assert answer.features.keys() == answer.contributions.keys()


def test_a_supplier_scores_alone_as_among_others(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    together = model.assess(NEED, suppliers)
    alone = [model.assess(NEED, [supplier])[0] for supplier in suppliers]
    assert [each.log_odds for each in alone] == pytest.approx([each.log_odds for each in together], abs=1e-9)


def test_stored_features_give_the_same_contributions_again(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    for answer in model.assess(NEED, suppliers):
        assert model.contributions(answer.features) == pytest.approx(dict(answer.contributions), abs=1e-9)


def test_who_buys_does_not_matter(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    elsewhere = model.assess(replace(NEED, need_id="other", country="PT", nuts=()), suppliers)
    assert [each.log_odds for each in elsewhere] == [each.log_odds for each in model.assess(NEED, suppliers)]


def test_wrong_code_does_not_hide_who_fits_the_words(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    wrong = replace(NEED, cpvs=(CpvCode("98000000"),))
    answers = dict(zip(PROFILES, model.assess(wrong, suppliers), strict=True))
    assert max(answers, key=lambda key: answers[key].log_odds) in {"caterer", "traiteur"}


def test_words_that_counted_are_the_suppliers_own(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    answer = model.assess(NEED, suppliers)[1]
    words = {piece.quote for piece in answer.evidence if piece.field == "words"}
    assert words
    assert all(word in "restauration collective et repas scolaires service traiteur" for word in words)


def test_supplier_without_text_has_unknown_features_and_the_average_score(model: CapabilityModel) -> None:
    answer = model.assess(NEED, [SupplierText("silent", [], (), None, None)])[0]
    assert set(answer.features.values()) == {None}
    assert answer.log_odds == model.intercept
    assert answer.evidence == ()


def test_need_without_codes_or_words_says_nothing(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    answer = model.assess(Need("q", {}), suppliers)[0]
    assert answer.features["capability.codes"] is None
    assert answer.features["capability.text"] is None


def test_declaring_the_code_asked_for_raises_the_score(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    plain = suppliers[0]
    scores = [
        model.assess(NEED, [replace(plain, cpvs=cpvs)])[0].log_odds
        for cpvs in ((), (CpvCode("55000000"),), (CpvCode("55500000"),), (CpvCode("55524000"),))
    ]
    assert scores == sorted(scores)
    assert scores[-1] - scores[0] == pytest.approx(5.5)


def test_more_declared_codes_never_lower_the_agreement() -> None:
    asked, codes = [CpvCode("55524000")], [CpvCode("90910000"), CpvCode("55500000"), CpvCode("55521000"), CpvCode("55524000")]
    shares = [share[0] if (share := declared_share(asked, codes[:count])) else 0.0 for count in range(len(codes) + 1)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert declared_share(asked, [CpvCode("90910000")]) is None


def test_no_supplier_gives_no_answer(model: CapabilityModel) -> None:
    assert model.assess(NEED, []) == []


def test_search_vector_is_nearest_to_those_who_do_the_work(model: CapabilityModel, suppliers: list[SupplierText]) -> None:
    vector = model.search_vector(NEED)
    assert vector is not None
    nearness = {supplier.key: float((supplier.vectors @ vector).max()) for supplier in suppliers if supplier.vectors is not None}
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
    assert max(nearness, key=lambda key: nearness[key]) in {"caterer", "traiteur"}


def test_declared_codes_are_named_apart(model: CapabilityModel) -> None:
    assert DECLARED in model.contributions({})
