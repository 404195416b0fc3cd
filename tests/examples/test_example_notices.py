"""The example notices: genuine eForms, read by the real readers."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree

from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.examples.notices import example_notices
from matchmaker.ingestion.notices import read_notice
from matchmaker.reference.bundle import core_reference

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def notices() -> list[Notice]:
    return [read_notice(document.data, document.name) for document in example_notices(TODAY)]


@pytest.fixture(scope="module")
def lots(notices: list[Notice]) -> list[Lot]:
    return [lot for notice in notices for lot in notice.lots]


def test_the_readers_take_every_notice_without_a_remark(notices: list[Notice]) -> None:
    assert [remark for notice in notices for remark in notice.remarks] == []


def test_there_are_about_40_notices_with_about_90_lots(notices: list[Notice], lots: list[Lot]) -> None:
    assert 38 <= len(notices) <= 50
    assert 85 <= len(lots) <= 110
    assert len({notice.country for notice in notices}) >= 12
    assert len({notice.language for notice in notices}) >= 12


def test_food_textiles_and_transport_have_at_least_ten_lots_each(lots: list[Lot]) -> None:
    codes = [lot.main_cpv.code for lot in lots if lot.main_cpv]
    assert len(codes) == len(lots)
    assert sum(code.startswith(("55", "15")) for code in codes) >= 10
    assert sum(code.startswith(("9831", "18", "395")) for code in codes) >= 10
    assert sum(code.startswith("60") for code in codes) >= 10


def test_planning_competition_and_results_occur_and_only_planning_has_parts(notices: list[Notice]) -> None:
    kinds = Counter(notice.kind for notice in notices)
    assert kinds[NoticeKind.PLANNING] >= 5
    assert kinds[NoticeKind.COMPETITION] >= 20
    assert kinds[NoticeKind.RESULT] >= 2
    for notice in notices:
        assert {lot.is_part for lot in notice.lots} == {notice.kind is NoticeKind.PLANNING}, notice.notice_id


def test_every_kind_of_reservation_occurs_and_some_notices_do_not_say(lots: list[Lot]) -> None:
    marks = Counter(mark for lot in lots for mark in lot.reserved)
    assert set(marks) == set(ReservedParticipation)
    assert sum(not lot.reserved for lot in lots) >= 20
    assert sum("opp" in lot.social for lot in lots) >= 20


def test_lots_for_public_service_missions_keep_to_article_77(lots: list[Lot]) -> None:
    allowed = {code.code for code in core_reference().art77_codes}
    reserved = [lot for lot in lots if ReservedParticipation.PUBLIC_SERVICE_MISSION in lot.reserved]
    assert reserved
    for lot in reserved:
        assert lot.main_cpv is not None
        assert lot.main_cpv.code in allowed
        assert lot.period.months is not None
        assert 0 < lot.period.months <= 36


def test_result_notices_name_winners_and_carry_no_reservation(notices: list[Notice]) -> None:
    results = [notice for notice in notices if notice.kind is NoticeKind.RESULT]
    assert all(not lot.reserved for notice in results for lot in notice.lots)
    outcomes = [lot.result for notice in results for lot in notice.lots]
    assert all(outcome is not None for outcome in outcomes)
    assert {outcome.awarded for outcome in outcomes if outcome} == {True, False}
    winners = [winner for outcome in outcomes if outcome for winner in outcome.winners]
    assert all(winner.name and winner.country and winner.size for winner in winners)


def test_a_result_leads_back_to_its_contract_notice(notices: list[Notice]) -> None:
    by_id = {notice.notice_id: notice for notice in notices}
    linked = [(notice, by_id[previous]) for notice in notices for previous in notice.previous]
    assert linked
    for result, contract in linked:
        assert result.procedure_id == contract.procedure_id


def test_publication_numbers_and_buyers_say_that_they_are_examples(notices: list[Notice]) -> None:
    for notice in notices:
        assert notice.notice_id.startswith("EX")
        assert notice.notice_id.endswith("-2026")
        assert notice.url is None
        assert all("(" in buyer.name for buyer in notice.buyers), notice.notice_id


def test_dates_count_from_the_day_of_loading(notices: list[Notice]) -> None:
    later = [read_notice(each.data, each.name) for each in example_notices(TODAY + timedelta(days=28), 2026, 2)]
    assert [notice.notice_id for notice in later] == [notice.notice_id for notice in notices]
    assert {notice.version for notice in later} == {"02"}
    for before, after in zip(notices, later, strict=True):
        for first, second in zip(before.lots, after.lots, strict=True):
            if first.deadline and second.deadline:
                assert second.deadline.day - first.deadline.day == timedelta(days=28)
    open_lots = [lot.deadline for notice in notices for lot in notice.lots if lot.deadline]
    assert sum(deadline.days_left(TODAY) > 14 for deadline in open_lots) >= 50
    assert any(deadline.days_left(TODAY) < 0 for deadline in open_lots)
    assert all(deadline.day.weekday() < 5 and deadline.offset_minutes is not None for deadline in open_lots)


def test_some_notices_speak_several_languages(lots: list[Lot]) -> None:
    assert {frozenset(lot.title) for lot in lots if len(lot.title) > 1} >= {
        frozenset(("fi", "sv")),
        frozenset(("fr", "nl")),
        frozenset(("ca", "es")),
    }


@pytest.mark.shared
def test_elements_attributes_and_their_order_are_those_of_real_notices(shared: Path) -> None:
    paths, attributes, order = _shape([path.read_bytes() for path in (shared / "data/notices/eforms").glob("*.xml")])
    own_paths, own_attributes, own_order = _shape([document.data for document in example_notices(TODAY)])
    assert own_paths - paths == set()
    assert own_attributes - attributes == set()
    assert [pair for pair in own_order if order[pair] <= order[(pair[0], pair[2], pair[1])]] == []


def _shape(documents: list[bytes]) -> tuple[set[str], set[tuple[str, ...]], Counter[tuple[str, str, str]]]:
    """Paths of elements, coded attributes, and how often one child precedes another."""
    paths: set[str] = set()
    attributes: set[tuple[str, ...]] = set()
    order: Counter[tuple[str, str, str]] = Counter()

    def walk(element: etree._Element, path: str) -> None:
        paths.add(path)
        name = path.rsplit("/", 1)[-1]
        for key, value in element.attrib.items():
            attributes.add((name, str(key), str(value) if key in {"listName", "schemeName"} else ""))
        children = [child for child in element if isinstance(child.tag, str)]
        names = list(dict.fromkeys(etree.QName(child).localname for child in children))
        order.update((name, first, second) for index, first in enumerate(names) for second in names[index + 1 :])
        for child in children:
            walk(child, f"{path}/{etree.QName(child).localname}")

    for document in documents:
        walk(etree.fromstring(document), "Notice")
    return paths, attributes, order
