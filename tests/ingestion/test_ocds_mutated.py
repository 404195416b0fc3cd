"""The OCDS reader raises nothing but its own refusal, whatever a release holds."""

import copy
import io
import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.ingestion.notices import read_notice
from matchmaker.ingestion.ocds.entries import Bounds, Entry, Unsplittable, entries
from matchmaker.workflows.export_lots import lot_rows

AWARDED = {
    "ocid": "ocds-9x9x9x-1",
    "id": "1",
    "date": "2026-11-01T00:00:00Z",
    "tag": ["award"],
    "language": "en",
    "parties": [
        {"id": "b", "name": "Town", "roles": ["buyer"], "address": {"countryName": "France", "region": "FR1", "locality": "X"}},
        {"id": "s", "name": "Bakers Ltd", "identifier": {"scheme": "FR-RCS", "id": "807469317"}, "details": {"scale": "sme"}},
    ],
    "buyer": {"id": "b"},
    "planning": {"budget": {"amount": {"amount": 3, "currency": "EUR"}}, "rationale": "Bread"},
    "tender": {
        "id": "t",
        "title": "Bread",
        "status": "active",
        "value": {"amount": 1.5, "currency": "EUR"},
        "tenderPeriod": {"endDate": "2026-12-01T12:00:00+01:00"},
        "items": [
            {
                "id": "1",
                "relatedLot": "A",
                "classification": {"scheme": "CPV", "id": "15811000"},
                "deliveryAddresses": [{"region": "FR101", "country": "FR"}],
            }
        ],
        "lots": [
            {
                "id": "A",
                "contractPeriod": {"startDate": "2027-01-01", "durationInDays": 10},
                "otherRequirements": {"reservedParticipation": ["shelteredWorkshop"]},
                "contractTerms": {"reservedExecution": True, "performanceTerms": "T"},
                "sustainability": [{"goal": "social", "strategies": ["awardCriteria"]}],
                "subcontractingTerms": {"competitiveMinimumPercentage": 0.1},
                "submissionTerms": {"subcontractingClauses": ["none"]},
                "selectionCriteria": {"criteria": [{"type": "x", "description": "y"}]},
                "suitability": {"sme": True},
            }
        ],
    },
    "awards": [{"id": "a", "relatedLots": ["A"], "suppliers": [{"id": "s"}], "date": "2026-10-01"}],
    "contracts": [{"id": "c", "awardID": "a", "dateSigned": "2026-10-02", "relatedBids": ["b1"]}],
    "bids": {
        "details": [{"id": "b1", "hasSubcontracting": True, "subcontracting": {"value": {"amount": 1, "currency": "EUR"}}}],
        "statistics": [{"measure": "bids", "value": 2, "relatedLot": "A"}],
    },
    "relatedProcesses": [{"scheme": "eu-oj", "identifier": "2026/S 1-1"}],
}
RECORD = {
    "ocid": "ocds-9x9x9x-1",
    "releases": [{**AWARDED, "date": "2026-01-01T00:00:00Z", "awards": [], "tag": ["tender"]}, AWARDED],
}
SURPRISE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["\x00", "\ud800", "9999-99-99", "0001-01-01T00:00:00+14:00", "NaN", "1e999", "x" * 400, "-1", "٣"]),
    st.sampled_from([[], {}, [[]], [{}], [None], {"id": {}}, {"id": []}, [{"id": []}, {"id": None}], [{"id": 1}, {"id": "1"}]]),
)


def survives(found: object) -> bool:
    """Whether it is read; a refusal is an answer, anything else fails the test."""
    try:
        rows = list(lot_rows(read_notice(json.dumps(found).encode(), "x.json")))
    except UnreadableDocument:
        return False
    json.dumps(rows, default=str, ensure_ascii=False).encode()
    return True


def places(found: object) -> list[tuple[object, object]]:
    """Every container with a key or index in it."""
    if isinstance(found, dict):
        return [(found, key) for key in found] + [place for value in found.values() for place in places(value)]
    if isinstance(found, list):
        return [(found, index) for index in range(len(found))] + [place for value in found for place in places(value)]
    return []


def test_the_releases_themselves_are_read() -> None:
    assert survives(AWARDED)
    assert survives(RECORD)


@given(base=st.sampled_from([AWARDED, RECORD]), draw=st.data())
@settings(max_examples=200, deadline=None)
def test_any_value_in_any_place_is_read_or_refused(base: dict[str, object], draw: st.DataObject) -> None:
    changed = copy.deepcopy(base)
    for _ in range(draw.draw(st.integers(1, 4))):
        if there := places(changed):
            holder, key = draw.draw(st.sampled_from(there))
            holder[key] = copy.deepcopy(draw.draw(SURPRISE))  # type: ignore[index]
    survives(changed)


@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_a_missing_field_is_unknown(draw: st.DataObject) -> None:
    changed = copy.deepcopy(AWARDED)
    for _ in range(draw.draw(st.integers(1, 5))):
        there = [(holder, key) for holder, key in places(changed) if isinstance(holder, dict)]
        holder, key = draw.draw(st.sampled_from(there))
        del holder[key]
    survives(changed)


@given(
    data=st.sampled_from([json.dumps({"releases": [AWARDED, AWARDED]}), f"{json.dumps(AWARDED)}\n{json.dumps(RECORD)}\n"]),
    draw=st.data(),
)
@settings(max_examples=100, deadline=None)
def test_changed_bytes_are_split_or_refused(data: str, draw: st.DataObject) -> None:
    changed = bytearray(data.encode())
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(changed) - 1))
        changed[at : at + draw.draw(st.integers(0, 60))] = draw.draw(st.binary(max_size=8))
    with suppress(Unsplittable):
        for entry in entries(io.BytesIO(changed), "x.json", Bounds(100_000, 1_000_000)):
            with suppress(UnreadableDocument):
                read_notice(entry.data if isinstance(entry, Entry) else b"", f"x.json/{getattr(entry, 'place', '')}")
