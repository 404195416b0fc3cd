"""Values inside sentences are written as the reader's language writes them."""

from decimal import Decimal

import pytest

from matchmaker.domain.messages import Message, in_euro
from matchmaker.language.translate import translate

SENTENCE = Message("%(limit_money)s from %(start_date)s, %(hours_number)s hours, lot %(lot)s.")


def said(language: str, **parameters: str | int | float) -> str:
    return translate(Message(SENTENCE.text, parameters), language).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "€3,350,000 from 3 Dec 2026, 1,240.5 hours, lot 3350000."),
        ("de", "3.350.000 € from 03.12.2026, 1.240,5 hours, lot 3350000."),
        ("fr", "3 350 000 € from 3 déc. 2026, 1 240,5 hours, lot 3350000."),
    ],
)
def test_amounts_days_and_numbers_follow_the_language_and_names_stay_as_they_are(language: str, sentence: str) -> None:
    amount = in_euro(Decimal("3350000.40"))
    assert said(language, limit_money=amount, start_date="2026-12-03", hours_number=1240.5, lot="3350000") == sentence


def test_a_value_of_another_kind_is_shown_as_it_stands() -> None:
    assert said("de", limit_money="-", start_date="soon", hours_number="many", lot=1) == "- from soon, many hours, lot 1."


def test_the_source_language_sets_thousands_apart() -> None:
    assert str(Message("From %(limit_money)s on.", {"limit_money": in_euro(3_350_000)})) == "From EUR 3,350,000 on."
