"""What a notice has to say: the law's sentence, eForms values, and what forbids them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.match import Need
from matchmaker.domain.notice import Lot, Notice, NoticeKind
from matchmaker.domain.values import CpvCode, Period
from matchmaker.planning.notice_text import notice_texts, percent_of, text_languages
from matchmaker.planning.plan import NoticeText, Target
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.notice_sentences import notice_sentences

TODAY = date(2026, 11, 24)
REFERENCE = core_reference()
CARE = CpvCode("85312400")
CLEANING = CpvCode("90910000")


def need(country: str | None, cpv: CpvCode | None = CLEANING, months: float | None = 24, language: str | None = None) -> Need:
    return Need(
        "draft", {"en": "x"}, language=language, cpvs=(cpv,) if cpv else (), country=country, period=Period(months=months)
    )


def texts(
    asked: Need, notice: Notice | None = None, lot: Lot | None = None, choice: str | None = None, target: Target | None = None
) -> dict[str | None, NoticeText]:
    country = {"GB": "UK"}.get(asked.country or "", asked.country)
    regimes = REFERENCE.regimes.on(TODAY, country) if country else ()
    found = notice_texts(asked, notice, lot, regimes, choice, TODAY, REFERENCE.art77_codes, target)
    return {text.regime_id: text for text in found}


def values(text: NoticeText) -> dict[str, list[str]]:
    terms: dict[str, list[str]] = {}
    for value in text.values:
        terms.setdefault(value.term, []).append(value.code)
    return terms


def warnings(text: NoticeText) -> str:
    return " ".join(str(warning) for warning in text.warnings)


def target(hours: float | None = None, likely: float = 0.083) -> Target:
    return Target(0.2, 0.3, 0.4, 0.05, likely, 0.1, hours, (), (), ())


def notice(kind: NoticeKind, *lots: Lot) -> Notice:
    return Notice("1-2026", "01", kind, "eforms", "1.13", "cs", {"cs": "x"}, lots)


def test_a_verified_law_gives_its_sentence_in_the_buyers_language_with_english_last() -> None:
    text = texts(need("CZ"))["CZ-38"]
    assert [sentence.language for sentence in text.sentences] == ["cs", "en"]
    assert "§ 38 zákona č. 134/2016 Sb." in text.sentences[0].text
    assert "50 %" in text.sentences[0].text
    assert text.allowed
    assert "Verify" not in warnings(text)


def test_each_member_and_no_reliance_are_said_where_the_law_says_so() -> None:
    assert "Every member of a joint bid must qualify by itself" in warnings(texts(need("CZ"))["CZ-38"])
    assert "may not rely on others" in warnings(texts(need("CZ"))["CZ-38"])
    assert "only to suppliers of the same kinds" in warnings(texts(need("SI"))["SI-31"])


@pytest.mark.parametrize(
    ("country", "languages"),
    [
        ("BE", ["de", "fr", "nl", "en"]),
        ("FI", ["fi", "sv", "en"]),
        ("LU", ["de", "fr", "en"]),
        ("MT", ["mt", "en"]),
        ("IE", ["ga", "en"]),
        ("CY", ["el", "en"]),
        ("NO", ["no", "en"]),
        ("CH", ["de", "fr", "it", "en"]),
        (None, ["en"]),
    ],
)
def test_the_text_comes_in_every_official_language_of_the_buyer(country: str | None, languages: list[str]) -> None:
    assert list(text_languages(need(country), notice_sentences())) == languages


def test_the_language_of_the_notice_comes_first() -> None:
    assert text_languages(need("BE", language="nl"), notice_sentences()) == ("nl", "de", "fr", "en")


def test_every_jurisdiction_with_a_law_that_reserves_gets_a_text_in_an_official_language() -> None:
    countries = {regime.country for regime in REFERENCE.regimes.rows if regime.reserves} - {"EU", "UK", "UK-SCT"}
    for country in countries:
        for regime_id, text in texts(need(country, CARE)).items():
            assert len(text.sentences) >= (1 if country in ("IE", "MT") else 2), (country, regime_id)
            assert all("%(" not in sentence.text for sentence in text.sentences)


def test_workshops_programmes_and_missions_set_different_values() -> None:
    assert values(texts(need("ES"))["ES-DA4"]) == {
        "BT-71": ["res-ws"],
        "BT-736": ["no"],
        "BT-06": ["soc-obj"],
        "BT-775": ["opp"],
        "BT-777": ["text"],
        "BT-300": ["text"],
    }
    programme = values(texts(need("SE"))["SE-LOU-4-18-2"])
    assert (programme["BT-71"], programme["BT-736"]) == (["none"], ["yes"])
    mission = values(texts(need("ES", CARE))["ES-DA48"])
    assert mission["BT-71"] == ["res-pub-ser"]
    assert "BT-775" not in mission


def test_green_aims_stay_beside_the_social_ones() -> None:
    lot = Lot("LOT-1", {"en": "x"}, environmental=("circ-econ",), strategic=("env-imp",))
    found = values(texts(need("ES"), lot=lot)["ES-DA4"])
    assert found["BT-06"] == ["soc-obj", "env-imp"]
    assert found["BT-774"] == ["circ-econ"]
    unnamed = values(texts(need("ES"), lot=replace(lot, environmental=()))[None])
    assert unnamed["BT-774"] == ["other"]
    assert "BT-774" not in values(texts(need("ES"))["ES-DA4"])


def test_a_mission_is_refused_for_other_services_and_for_more_than_three_years() -> None:
    other = texts(need("ES", CLEANING))["ES-DA48"]
    assert not other.allowed
    assert "90910000" in warnings(other)
    long = texts(need("ES", CARE, 37))["ES-DA48"]
    assert not long.allowed
    assert "BR-BT-00036-0150" in warnings(long)
    assert texts(need("ES", CARE, 36))["ES-DA48"].allowed


def test_eforms_refuse_a_main_code_outside_article_77_even_where_the_law_allows_it() -> None:
    swedish = texts(need("SE", CpvCode("80100000")))["SE-LOU-19-25A"]
    assert not swedish.allowed
    assert "BR-BT-00262-0200" in warnings(swedish)


def test_what_is_not_stated_is_asked_for_and_forbids_nothing() -> None:
    text = texts(need("ES", None, None))["ES-DA48"]
    assert text.allowed
    assert "main CPV code is missing" in warnings(text)
    assert "duration is not stated" in warnings(text)


def test_an_additional_code_does_not_open_the_scope() -> None:
    both = replace(need("ES", CLEANING), cpvs=(CLEANING, CARE))
    assert "the main code decides" in warnings(texts(both)["ES-DA48"])


def test_a_result_notice_cannot_carry_it_and_a_planning_notice_only_for_its_parts() -> None:
    assert "not allowed in result notices" in warnings(texts(need("CZ"), notice(NoticeKind.RESULT))["CZ-38"])
    assert "comes too late" in warnings(texts(need("CZ"), notice(NoticeKind.RESULT))[None])
    assert "E1 does not" in warnings(texts(need("CZ"), notice(NoticeKind.PLANNING))["CZ-38"])


def test_a_law_not_read_or_due_for_review_says_verify() -> None:
    assert "Verify Udbudsloven s.54" in warnings(texts(need("DK"))["DK-54"])
    assert "review is due" in warnings(texts(need("FR"))["FR-2113-12"])


def test_the_chosen_regime_comes_first_and_the_clause_last() -> None:
    order = list(texts(need("FR"), choice="FR-2113-14"))
    assert order[0] == "FR-2113-14"
    assert order[-1] is None


def test_a_social_clause_needs_no_law_of_its_own_and_carries_the_target() -> None:
    clause = texts(need("DK"), target=target(hours=833.3))[None]
    assert values(clause)["BT-70"] == ["text"]
    assert clause.sentences[0].language == "da"
    assert clause.sentences[0].text.endswith("Mindst: 833 arbejdstimer.")
    assert clause.sentences[1].text.endswith("Minimum: 833 hours of work.")
    share = texts(need("DK"), target=target())[None]
    assert share.sentences[1].text.endswith("Minimum: 8 % of the value of the contract.")
    assert "(Art. 70)" in warnings(share)


def test_without_a_figure_the_clause_says_so() -> None:
    clause = texts(need("DK"), target=target(likely=0.0))[None]
    assert "Minimum" not in clause.sentences[-1].text
    assert "No figure is given" in warnings(clause)


def test_buyers_outside_the_union_get_words_but_no_eforms_values() -> None:
    british = texts(need("GB"))
    assert british["UK-32"].values == ()
    assert british[None].values == ()
    assert "does not bind this buyer" in warnings(british[None])


def test_what_is_quoted_is_marked_and_a_translation_is_not() -> None:
    dutch = texts(need("NL"))["NL-282"].sentences
    assert [(sentence.language, sentence.quoted) for sentence in dutch] == [("nl", True), ("en", False)]


@given(st.floats(0.001, 1))
def test_a_share_is_never_rounded_up(share: float) -> None:
    assert float(percent_of(share)) <= share * 100 + 1e-6
