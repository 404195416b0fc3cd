"""Calls, plans and changes in eForms."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

import pytest

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import (
    Buyer,
    Identifier,
    Notice,
    NoticeKind,
    ReservedParticipation,
    SelectionCriterion,
    SubcontractingTerms,
)
from matchmaker.domain.values import CpvCode, Deadline, Money, Period
from matchmaker.ingestion.notices import read_notice

Reading = Callable[[str], Notice]


@pytest.fixture(scope="module")
def call(read_own: Reading) -> Notice:
    return read_own("eforms_call")


def test_a_call_has_its_publication_number_procedure_and_dates(call: Notice) -> None:
    assert (call.notice_id, call.version, call.kind) == ("00012345-2026", "01", NoticeKind.COMPETITION)
    assert (call.schema, call.schema_version, call.form) == ("eforms", "eforms-sdk-1.10", "16")
    assert call.procedure_id == "0b7a2a3e-0000-4000-8000-0000000000aa"
    assert (call.published, call.dispatched) == (date(2026, 3, 2), date(2026, 2, 27))
    assert call.previous == ("00000777-2025",)
    assert call.changes is None
    assert (call.procedure_type, call.legal_basis, call.nature) == ("open", "32014L0024", "services")
    assert call.url == "https://ted.europa.eu/en/notice/-/detail/12345-2026"


def test_texts_are_kept_in_every_language_present(call: Notice) -> None:
    assert call.language == "fr"
    assert call.title == {"fr": "Services aux écoles", "nl": "Diensten voor scholen"}
    assert call.lots[0].title == {"fr": "Blanchisserie", "nl": "Wasserij"}


def test_line_breaks_stay_and_indentation_goes(call: Notice) -> None:
    assert call.lots[0].description == {"fr": "Linge des internats,\nà laver chaque semaine."}


def test_a_buyer_named_by_its_touch_point_is_found_in_the_notices_language(call: Notice) -> None:
    identifier = Identifier("0123 456 789", "national")
    assert call.buyers == (Buyer("Ville d’Exemple", "BE", "Exemple", "BE100", identifier, "la"),)
    assert call.country == "BE"


def test_contact_persons_are_never_read(call: Notice) -> None:
    assert "Dupont" not in repr(call)
    assert "claire.dupont" not in repr(call)


def test_a_group_of_lots_is_not_a_lot(call: Notice) -> None:
    assert [lot.lot_id for lot in call.lots] == ["LOT-0001", "LOT-0002"]


def test_a_lot_says_what_where_when_and_for_how_much(call: Notice) -> None:
    lot = call.lots[0]
    assert (lot.main_cpv, lot.extra_cpvs) == (CpvCode("98311000"), (CpvCode("98312000"),))
    assert (lot.nuts, lot.countries) == (("BE100",), ("BE",))
    assert lot.value == Money(Decimal("120000.50"), "EUR")
    assert lot.period == Period(start=date(2026, 9, 1), months=24.0)
    assert lot.nature == "services"
    assert lot.options == {"fr": "Une année de plus."}
    assert lot.suitable_for_smes is True


def test_a_deadline_keeps_its_time_and_offset(call: Notice) -> None:
    assert call.lots[0].deadline == Deadline(date(2026, 4, 15), time(11, 30), 120)
    assert call.lots[0].deadline.isoformat() == "2026-04-15T11:30:00+02:00"


def test_without_a_tender_deadline_that_for_requests_to_participate_counts(call: Notice) -> None:
    assert call.lots[1].deadline == Deadline(date(2026, 4, 1))


def test_reserved_participation_is_found_beside_other_requirements_and_joined_with_reserved_execution(call: Notice) -> None:
    assert call.lots[0].reserved == {ReservedParticipation.SHELTERED, ReservedParticipation.SHELTERED_PROGRAMME}
    assert call.lots[1].reserved == {ReservedParticipation.NONE}


def test_strategic_social_and_environmental_codes_are_kept_and_unknown_ones_reported(call: Notice) -> None:
    lot = call.lots[0]
    assert (lot.strategic, lot.environmental, lot.social) == (("soc-obj",), ("circ-econ",), ("opp", "kindness"))
    told = {"code": "kindness", "term": "BT-775"}
    assert Message("“%(code)s” is not in the code list of %(term)s; kept as given.", told) in call.remarks


def test_terms_of_performance_subcontracting_and_selection_are_read(call: Notice) -> None:
    lot = call.lots[0]
    assert lot.performance_terms == {"fr": "Dix heures d’insertion par semaine."}
    assert lot.subcontracting == SubcontractingTerms(("subc-min",), 10.0, 30.0, ("shar-subc",))
    assert lot.selection_criteria == (SelectionCriterion("tp-abil", {"fr": "Trois références de blanchisserie."}),)


def test_what_a_lot_does_not_say_is_unknown(call: Notice) -> None:
    lot = call.lots[1]
    assert lot.title == call.title
    assert (lot.value, lot.suitable_for_smes, lot.nature, lot.result) == (None, None, None, None)
    assert (lot.nuts, lot.strategic, lot.description, lot.period) == ((), (), {}, Period())


def test_a_change_notice_keeps_the_kind_of_what_it_changes_and_names_it(read_own: Reading) -> None:
    changed = read_own("eforms_change")
    assert (changed.kind, changed.version) == (NoticeKind.COMPETITION, "02")
    assert changed.changes == "0b7a2a3e-0000-4000-8000-000000000001-01"
    assert changed.extra["change_description"] == "Délai prolongé."
    assert changed.lots[0].deadline is not None
    assert changed.lots[0].deadline.day == date(2026, 4, 29)


def test_a_change_by_form_type_has_the_kind_of_its_root(own_bytes: Callable[[str], bytes]) -> None:
    data = own_bytes("eforms_change").replace(b'listName="competition">cn-standard', b'listName="change">corr')
    assert read_notice(data, "x").kind is NoticeKind.COMPETITION


def test_a_national_notice_takes_its_id_from_the_file_name_and_its_parts_are_parts(read_own: Reading) -> None:
    plan = read_own("eforms_plan")
    assert (plan.notice_id, plan.kind, plan.form, plan.language) == ("eforms_plan", NoticeKind.PLANNING, "N4", "no")
    assert [(lot.lot_id, lot.is_part) for lot in plan.lots] == [("PAR-0001", True)]
    assert plan.lots[0].main_cpv == CpvCode("55510000")
    assert plan.lots[0].reserved == {ReservedParticipation.PUBLIC_SERVICE_MISSION}
    assert plan.lots[0].description == {"no": "Drift av kantine."}


def test_an_only_lot_without_value_takes_the_estimate_of_the_whole(read_own: Reading) -> None:
    assert read_own("eforms_plan").lots[0].value == Money(Decimal(3_000_000), "NOK")


def test_the_last_day_to_express_interest_is_not_a_tender_deadline(read_own: Reading) -> None:
    lot = read_own("eforms_plan").lots[0]
    assert lot.deadline is None
    assert lot.closes == lot.interest_deadline == Deadline(date(2026, 3, 1), time(12), 60)
