"""Readers raise nothing but their own refusal, whatever is done to a notice."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.ingestion.notices import read_notice
from matchmaker.workflows.export_lots import lot_rows

OWN = sorted(path.read_bytes() for path in (Path(__file__).parent / "notices").glob("*.xml"))
TEXT = re.compile(rb">([^<>\s][^<>]*)<")
ATTRIBUTE = re.compile(rb'="([^"<>]*)"')
JUNK = [
    b"",
    b"-1",
    b"9999-99-99",
    b"NaN",
    b"1e999",
    b"0",
    b"x" * 300,
    b"24:61",
    b"00000000",
    b"2024-02-30+99:99",
    "۱۲۳²".encode(),
    b"TEN-0001",
]


def survives(data: bytes) -> bool:
    """Whether the data is read; a refusal is an answer, anything else fails the test."""
    try:
        lot_rows(read_notice(data, "x.xml"))
    except UnreadableDocument:
        return False
    return True


def test_the_notices_themselves_are_read() -> None:
    assert all(survives(data) for data in OWN)


@given(data=st.sampled_from(OWN), draw=st.data())
@settings(max_examples=150, deadline=None)
def test_changed_bytes_are_read_or_refused(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(changed) - 1))
        changed[at : at + draw.draw(st.integers(0, 60))] = draw.draw(st.binary(max_size=8))
    survives(bytes(changed))


@pytest.mark.parametrize("pattern", [TEXT, ATTRIBUTE])
@given(data=st.sampled_from(OWN), draw=st.data())
@settings(max_examples=150, deadline=None)
def test_changed_values_are_always_read(pattern: re.Pattern[bytes], data: bytes, draw: st.DataObject) -> None:
    head, body = data[:200], data[200:]
    places = [found for found in pattern.finditer(body) if b"urn:" not in found[1] and b"http" not in found[1]]
    for found in sorted(draw.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5)), key=lambda found: -found.start(1)):
        body = body[: found.start(1)] + draw.draw(st.sampled_from(JUNK)) + body[found.end(1) :]
    survives(head + body)


@given(data=st.sampled_from(OWN), draw=st.data())
@settings(max_examples=100, deadline=None)
def test_missing_elements_are_unknown(data: bytes, draw: st.DataObject) -> None:
    leaves = list(re.finditer(rb"<([\w:]+)[^<>/]*>[^<>]*</\1>", data))
    for found in sorted(draw.draw(st.sets(st.sampled_from(leaves), max_size=8)), key=lambda found: -found.start()):
        data = data[: found.start()] + data[found.end() :]
    survives(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert not survives(data)
