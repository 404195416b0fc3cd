from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation, SelectionCriterion, Winner
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, Visibility
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode, Period
from matchmaker.storage.codec import fingerprint, from_document, json_line, read_json, to_document

text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20)
texts = st.dictionaries(st.sampled_from(["en", "fr", "el", "bg"]), text, max_size=3)
money = st.builds(Money, st.decimals(0, 10**12, places=2), st.sampled_from(["EUR", "PLN"]))
codes = st.integers(10_000_000, 99_999_999).map(lambda number: CpvCode(str(number)))
deadlines = st.builds(
    Deadline, st.dates(), st.none() | st.times().map(lambda at: at.replace(microsecond=0)), st.sampled_from([None, 60])
)
lots = st.builds(
    Lot,
    lot_id=text,
    title=texts,
    description=texts,
    main_cpv=st.none() | codes,
    extra_cpvs=st.lists(codes, max_size=2).map(tuple),
    nuts=st.lists(text, max_size=2).map(tuple),
    value=st.none() | money,
    period=st.builds(Period, st.none() | st.dates(), st.none() | st.dates(), st.none() | st.floats(0, 100)),
    deadline=st.none() | deadlines,
    reserved=st.frozensets(st.sampled_from(ReservedParticipation)),
    suitable_for_smes=st.sampled_from([None, True, False]),
    selection_criteria=st.lists(st.builds(SelectionCriterion, st.none() | text, texts), max_size=2).map(tuple),
)
notices = st.builds(
    Notice,
    notice_id=text,
    version=text,
    kind=st.sampled_from(NoticeKind),
    schema=text,
    schema_version=text,
    language=text,
    title=texts,
    lots=st.lists(lots, max_size=3).map(tuple),
    published=st.none() | st.dates(),
    remarks=st.lists(st.builds(Message, text, st.dictionaries(text, st.integers(-9, 9) | text, max_size=2)), max_size=2).map(
        tuple
    ),
)


@given(notices)
def test_a_notice_survives_the_way_to_json_and_back(notice: Notice) -> None:
    assert from_document(read_json(json_line(to_document(notice))), Notice) == notice


@given(st.builds(Capability, text, st.none() | text, st.lists(codes, max_size=3).map(tuple), smallest=st.none() | money))
def test_a_supplier_survives_the_way_to_json_and_back(capability: Capability) -> None:
    organisation = Organisation(
        "a:1",
        "Hof",
        Base("DE", nuts=NutsCode("DE1")),
        Provenance("a", "1", imported_on=date(2026, 1, 1)),
        capabilities=(capability,),
    )
    assert from_document(read_json(json_line(to_document(organisation))), Organisation) == organisation


def test_fields_with_their_default_are_left_out_but_never_those_without_one() -> None:
    assert to_document(Winner("x")) == {"name": "x"}
    assert to_document(SelectionCriterion(None, {})) == {"kind": None, "description": {}}
    assert to_document(Money(Decimal("1.50"), "EUR")) == {"amount": "1.50", "currency": "EUR"}
    assert to_document(Deadline(date(2026, 1, 2), time(12, 30))) == {"day": "2026-01-02", "at": "12:30:00"}


def test_fingerprints_depend_on_content_and_not_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1}) != fingerprint({"a": 1, "b": [3]})


def test_sets_come_in_one_order() -> None:
    @dataclass(frozen=True)
    class Holder:
        kinds: frozenset[Visibility]

    assert to_document(Holder(frozenset(Visibility))) == {"kinds": ["buyers", "private", "public"]}


def test_what_json_has_no_form_for_is_an_error() -> None:
    with pytest.raises(TypeError):
        to_document(object())
