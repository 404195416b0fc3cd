"""The sentences of notices: whole in every language, and quoted only where a source is named."""

import re
from datetime import date

from matchmaker.planning.notice_warnings import CAUTIONS
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.notice_sentences import PARTS, Wording, family_of, notice_sentences

KNOWN = notice_sentences()
REGIMES = core_reference().regimes.rows
QUOTATION = re.compile("[“„«”]")
PLACEHOLDERS = re.compile(r"%\((\w+)\)s")


def test_every_language_has_every_part() -> None:
    assert len(KNOWN.languages) == 25
    for language in KNOWN.languages:
        for part in PARTS:
            assert KNOWN.part(part, language) is not None, (part, language)


def test_every_language_has_the_same_placeholders_and_no_stray_percent_sign() -> None:
    for (subject, language), wording in KNOWN.rows.items():
        if not wording.text:
            continue
        english = KNOWN.rows[(subject, "en")].text or KNOWN.rows[(family_of_subject(subject), "en")].text
        assert set(PLACEHOLDERS.findall(wording.text)) == set(PLACEHOLDERS.findall(english)), (subject, language)
        filled = wording.filled(hours="100", percent="7")
        assert "%(" not in filled
        assert filled.endswith("."), (subject, language)


def family_of_subject(subject: str) -> str:
    return next((family_of(regime) for regime in REGIMES if regime.regime_id == subject), subject)


def test_every_regime_that_reserves_names_its_law_in_english_and_has_a_sentence() -> None:
    for regime in REGIMES:
        wording = KNOWN.reservation(regime, "en")
        assert (wording is not None) == regime.reserves, regime.regime_id
        if wording is not None and regime.regime_id not in ("EU-09-81-14", "UK-SCT-21"):
            assert (regime.regime_id, "en") in KNOWN.rows, regime.regime_id


def test_rows_belong_to_regimes_or_parts_that_exist() -> None:
    subjects = {regime.regime_id for regime in REGIMES} | set(PARTS)
    assert {subject for subject, _ in KNOWN.rows} <= subjects


def test_only_what_names_its_source_is_quoted() -> None:
    quoted = [wording for wording in KNOWN.rows.values() if wording.quoted]
    assert len(quoted) >= 15
    assert all(wording.source and QUOTATION.search(wording.text) for wording in quoted)
    assert not any(QUOTATION.search(wording.text) for wording in KNOWN.rows.values() if not wording.quoted)


def test_a_sentence_of_the_family_carries_the_name_of_the_law() -> None:
    finland = next(regime for regime in REGIMES if regime.regime_id == "FI-24")
    wording = KNOWN.reservation(finland, "fi")
    assert isinstance(wording, Wording)
    assert "(1397/2016) 24 §:n nojalla" in wording.filled()
    assert not wording.quoted


def test_every_caution_of_the_rules_has_words() -> None:
    used = {code for regime in REGIMES for code in regime.cautions}
    assert used
    assert used <= set(CAUTIONS)


def test_a_day_in_the_evidence_is_never_later_than_the_table() -> None:
    for regime in REGIMES:
        for clause in regime.clauses:
            assert clause.checked_on is None or clause.checked_on <= date(2026, 11, 24)
