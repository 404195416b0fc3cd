"""Which winners are people."""

import pytest

from matchmaker.ingestion.natural_persons import is_natural_person


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Minta Béla e.v.", "HU"),
        ("Minta Béla egyéni vállalkozó", "HU"),
        ("Anna Przykład prowadząca działalność gospodarczą pod firmą AP", "PL"),
        ("Janez Vzor s.p.", "SI"),
        ("Tmi Maija Malli", "FI"),
        ("Dr. Erika Muster", "DE"),
        ("Me Jeanne Exemple", "FR"),
        ("Ing. Jan Vzor", "CZ"),
    ],
)
def test_a_sole_trader_or_titled_person_is_one_by_the_form_of_the_name(name: str, country: str) -> None:
    assert is_natural_person(name, country, stated=False, numbered=True)


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Lebenshilfe Beispiel e.V.", "DE"),
        ("Dr. Muster & Partner", "DE"),
        ("Ing. Elmar Muster GmbH", "DE"),
        ("Mr Solutions Ltd", "GB"),
        ("Esimerkki Oy", "FI"),
        ("Forest Cars", "GB"),
        ("ЕТ „Пример – Иван Иванов“", "BG"),
        ("Coopérative Exemple", "FR"),
        ("Προτυπο ΑΕ", "GR"),
    ],
)
def test_an_organisation_is_not_a_person(name: str, country: str) -> None:
    assert not is_natural_person(name, country, stated=False, numbered=True)


def test_a_person_by_mark_is_one_whatever_the_name() -> None:
    assert is_natural_person("Erika Musterfrau", None, stated=True, numbered=True)


@pytest.mark.parametrize("name", ["Voorbeeld Bouw B.V.", "Minta Korlátolt Felelősségű Társaság", "Przykład Sp. z o.o."])
def test_a_company_form_outweighs_a_mark_set_by_mistake(name: str) -> None:
    assert not is_natural_person(name, None, stated=True, numbered=True)


@pytest.mark.parametrize(
    "name",
    [
        "Joanna Przykład",
        "Przykład Joanna",
        "Jean-Luc Exemple Martin",
        "Anna Vzor, Petr Vzor",
        "Marek Wzór i Ewa Wzór",
        "ANNA MUSTER",
    ],
)
def test_a_bare_personal_name_is_a_person_where_no_number_speaks_for_a_firm(name: str) -> None:
    assert is_natural_person(name, None, stated=False, numbered=False)
    assert not is_natural_person(name, None, stated=False, numbered=True)


@pytest.mark.parametrize(
    "name",
    ["Forest Cars", "Martin Taxi", "Thomas Architekten", "Anna", "Stadt Paul der Beispiele", "Peter & Söhne"],
)
def test_a_firms_bare_name_is_not_a_person(name: str) -> None:
    assert not is_natural_person(name, None, stated=False, numbered=False)
