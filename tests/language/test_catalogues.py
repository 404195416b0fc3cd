import re
from pathlib import Path

import pytest

from matchmaker.language import catalogues
from matchmaker.language.catalogues import coverage, load, update
from matchmaker.language.extraction import Hidden, Sentence, sentences
from matchmaker.language.translate import CATALOGUES, languages, translate, translate_plural, translations
from matchmaker.package_files import folder

PACKAGE = Path(catalogues.__file__).parents[1]
PARAMETER = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def in_the_source() -> tuple[list[Sentence], list[Hidden]]:
    return sentences(PACKAGE, folder("templates"))


@pytest.fixture(scope="module")
def all_sentences(in_the_source: tuple[list[Sentence], list[Hidden]]) -> list[Sentence]:
    return in_the_source[0]


def test_every_sentence_can_be_found_by_reading_the_source(in_the_source: tuple[list[Sentence], list[Hidden]]) -> None:
    found, hidden = in_the_source
    assert len(found) > 500
    assert [item.place for item in hidden] == []


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_a_language_that_is_offered_lacks_nothing(language: str, all_sentences: list[Sentence]) -> None:
    found = coverage(CATALOGUES / f"{language}.po", all_sentences)
    assert found.missing == ()


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.po")), ids=lambda path: path.stem)
def test_a_translation_has_the_parameters_of_its_sentence(path: Path) -> None:
    for message in load(path):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        allowed = {name for text in originals for name in PARAMETER.findall(text)}
        for form in map(str, forms):
            used = set(PARAMETER.findall(form))
            assert used <= allowed, form
            assert len(originals) > 1 or used == allowed, form
            remainder = PARAMETER.sub("", form).replace("%%", "")
            assert "%" not in remainder or not allowed, f"a lone per cent sign beside parameters: {form}"


def test_the_catalogues_present_are_the_languages_offered() -> None:
    assert languages()[0] == "en"
    assert "fr" in languages()


def test_a_sentence_without_translation_stays_english() -> None:
    assert translate("Nobody has ever written this.", "fr") == "Nobody has ever written this."
    assert translations("xx").gettext("Lots") == "Lots"


def test_french_counts_zero_as_one_and_english_does_not() -> None:
    assert translate_plural("%(count)s month", "%(count)s months", 0, "en") == "0 months"
    assert translations("fr").ngettext("lot", "lots", 0) == "lot"
    assert translations("fr").ngettext("lot", "lots", 2) == "lots"


def test_a_chosen_text_a_named_text_and_a_handed_on_text_are_all_found(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "module.py").write_text(
        'def ask(few):\n    return Message("Few." if few else "Many.")\n'
        'def named():\n    text = "Named."\n    return Message(text)\n'
        "def hand_on(text):\n    return Message(text)\n"
        'hand_on("Handed on.")\ntranslate_plural("%(count)s lot", "%(count)s lots", 2, "en")\n'
        "def hidden(parts):\n    return Message(parts[0])\n"
    )
    found, hidden = sentences(package, tmp_path / "none")
    assert {sentence.text for sentence in found} == {"Few.", "Many.", "Named.", "Handed on.", "%(count)s lot"}
    assert [item.place for item in hidden] == ["package/module.py:11"]


def test_updating_keeps_what_is_translated_adds_what_is_new_and_drops_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: fr\\n"\n\nmsgid "Kept"\nmsgstr "Gardé"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    wanted = [Sentence("Kept", None, "a:1"), Sentence("New", None, "a:2"), Sentence("%(num)s lot", "%(num)s lots", "a:3")]
    update(path, wanted)
    found = load(path)
    assert {message.id if isinstance(message.id, str) else message.id[0] for message in found if message.id} == {
        "Kept",
        "New",
        "%(num)s lot",
    }
    kept = found.get("Kept")
    assert kept is not None
    assert kept.string == "Gardé"
    assert coverage(path, wanted).missing == ("%(num)s lot", "New")
