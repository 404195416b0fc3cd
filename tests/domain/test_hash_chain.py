"""A chain of texts shows every change; canonical JSON is one text for one value."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from matchmaker.domain.hash_chain import BEGINNING, Link, canonical_json, first_broken, linked

values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
bodies = some.lists(some.text(min_size=1, max_size=30), min_size=1, max_size=6)


def chain(texts: list[str]) -> list[Link]:
    links: list[Link] = []
    for number, body in enumerate(texts, 1):
        links.append(linked(links[-1].digest if links else BEGINNING, number, body))
    return links


@given(values)
def test_canonical_json_survives_reading_and_writing_it_again(value: Any) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text
    assert json.loads(text) == value


@given(some.dictionaries(some.text(max_size=5), some.integers(), max_size=5))
def test_the_order_of_keys_makes_no_difference(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_a_number_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"score": float("nan")})


@given(bodies)
def test_an_untouched_chain_is_whole(texts: list[str]) -> None:
    assert first_broken(chain(texts)) is None


@settings(max_examples=150)
@given(bodies, some.data())
def test_any_altered_byte_is_found_at_the_event_it_was_altered_in(texts: list[str], data: some.DataObject) -> None:
    links = chain(texts)
    at = data.draw(some.integers(0, len(links) - 1))
    field = data.draw(some.sampled_from(["body", "digest"]))
    raw = bytearray(getattr(links[at], field).encode("utf-8", "surrogatepass"))
    place = data.draw(some.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(some.integers(1, 255))
    altered = raw.decode("utf-8", "replace")
    if altered == getattr(links[at], field):
        return
    body, digest = (altered, links[at].digest) if field == "body" else (links[at].body, altered)
    links[at] = Link(links[at].number, body, digest)
    assert first_broken(links) == at + 1


@given(some.lists(some.text(min_size=1, max_size=9), min_size=2, max_size=6, unique=True), some.data())
def test_events_left_out_or_moved_are_found(texts: list[str], data: some.DataObject) -> None:
    links = chain(texts)
    at = data.draw(some.integers(0, len(links) - 2))
    assert first_broken(links[:at] + links[at + 1 :]) == at + 1
    swapped = [*links[:at], links[at + 1], links[at], *links[at + 2 :]]
    assert first_broken(swapped) == at + 1
