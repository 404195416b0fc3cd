"""With the model that is shipped: the reason named is the reason, and the words quoted are the words that counted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from matchmaker.domain.match import Criterion, Match, Need
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.capability import CapabilityModel, default_capability
from matchmaker.scoring.criteria.capability import Matrix
from matchmaker.scoring.matching import match, replay
from matchmaker.scoring.profile import profile_vectors
from matchmaker.scoring.reasons import strongest_reasons

TODAY = date(2026, 11, 24)
NEED = Need(
    "draft",
    {"fr": "Nettoyage des bureaux et des vitres de la mairie"},
    language="fr",
    cpvs=(CpvCode("90919200"),),
    nuts=(NutsCode("FR10"),),
    country="FR",
)
TEXTS = {
    "fr": "Nettoyage de bureaux et de vitres. Nous accompagnons des personnes vers l’emploi.",
    "de": "Reinigung von Büros und Fenstern. Wir begleiten Menschen auf dem Weg zur Arbeit.",
    "fi": "Toimistojen ja ikkunoiden siivous. Autamme ihmisiä työllistymään.",
    "el": "Καθαρισμός γραφείων και τζαμιών. Στηρίζουμε ανθρώπους προς την εργασία.",
}


@pytest.fixture(scope="module")
def model() -> CapabilityModel:
    return default_capability()


def supplier(key: str, text: str, language: str) -> Organisation:
    works = (Capability(text, language),) if text else ()
    area = ServiceArea(nuts=(NutsCode("FR10"),))
    return Organisation(key, key, Base("FR", nuts=NutsCode("FR10")), Provenance("t", key), area=area, capabilities=works)


def ranked(model: CapabilityModel, *suppliers: Organisation) -> list[Match]:
    return match(NEED, suppliers, vectors_of(model, *suppliers), model, core_reference(), TODAY)


def vectors_of(model: CapabilityModel, *suppliers: Organisation) -> dict[str, Matrix]:
    return {key: rows[0] for key, rows in profile_vectors(suppliers, model.encoder).items() if rows}


@pytest.mark.parametrize("language", list(TEXTS))
def test_capability_is_the_top_reason_of_a_fitting_supplier_in_any_language(model: CapabilityModel, language: str) -> None:
    other = supplier("garden", {"fr": "Jardins"}.get(language, "Gardens"), language)
    best, second = ranked(model, supplier("clean", TEXTS[language], language), other)
    assert best.supplier_key == "clean"
    assert strongest_reasons(best).supporting[0].criterion is Criterion.CAPABILITY
    assert best.score > second.score


@pytest.mark.parametrize("language", list(TEXTS))
def test_deleting_what_the_top_reason_quotes_lowers_the_score(model: CapabilityModel, language: str) -> None:
    before = ranked(model, supplier("clean", TEXTS[language], language))[0]
    top = strongest_reasons(before).supporting[0]
    assert top.evidence
    left = TEXTS[language]
    for piece in top.evidence:
        left = _without(left, piece.quote)
    after = ranked(model, supplier("clean", left, language))[0]
    assert after.score < before.score
    assert ranked(model, supplier("clean", "", language))[0].score < before.score


def _without(text: str, quote: str) -> str:
    """The sentences that do not hold the quoted words, whose letters may have been folded."""
    first = quote.rstrip("…").casefold()[:4]
    return ". ".join(part for part in text.split(". ") if first not in part.casefold())


def test_a_match_of_the_shipped_model_replays_from_its_feature_values(model: CapabilityModel) -> None:
    suppliers = [supplier(language, text, language) for language, text in TEXTS.items()]
    suppliers.append(replace(suppliers[0], key="coded", capabilities=(Capability("Services", "fr", (CpvCode("90919200"),)),)))
    found = ranked(model, *suppliers)
    nothing: Mapping[str, float] = {}
    again = replay([replace(each, log_odds=0.0, score=0.5, contributions=nothing) for each in found], model)
    assert [each.supplier_key for each in again] == [each.supplier_key for each in found]
    assert [each.log_odds for each in again] == pytest.approx([each.log_odds for each in found], abs=1e-9)


def test_contributions_of_the_shipped_model_sum_to_the_log_odds(model: CapabilityModel) -> None:
    for found in ranked(model, *(supplier(language, text, language) for language, text in TEXTS.items())):
        assert found.intercept + sum(found.contributions.values()) == pytest.approx(found.log_odds, abs=1e-9)
        assert found.features.keys() == found.contributions.keys()


def test_a_supplier_scores_the_same_alone_and_among_others(model: CapabilityModel) -> None:
    suppliers = [supplier(f"{language}{number}", text, language) for number in range(9) for language, text in TEXTS.items()]
    vectors = vectors_of(model, *suppliers)
    together = {each.supplier_key: each for each in match(NEED, suppliers, vectors, model, core_reference(), TODAY)}
    for organisation in suppliers[:4]:
        alone = match(NEED, [organisation], vectors, model, core_reference(), TODAY)[0]
        assert alone.log_odds == pytest.approx(together[organisation.key].log_odds, abs=1e-12)
