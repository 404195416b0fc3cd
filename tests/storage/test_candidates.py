"""Narrowing keeps what scoring would put first, and hands over vectors exactly."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.scoring.narrowing import Narrowing, Surroundings, overlapping_codes
from matchmaker.storage.candidates import Scope, Search, find_candidates, load_candidates
from matchmaker.storage.nearest_capabilities import nearest_of, ways_in
from matchmaker.storage.organisations import load_vectors, save_organisations

PARIS = Surroundings(48.0, 49.5, 1.5, 3.0)


def direction(number: int) -> tuple[float, ...]:
    """A vector of length one along one axis."""
    return tuple(float(place == number) for place in range(256))


def organisation(
    name: str,
    *,
    nuts: str = "FR10",
    area: ServiceArea | None = None,
    cpvs: Sequence[str] = (),
    point: tuple[float, float] | None = None,
    texts: int = 1,
) -> Organisation:
    latitude, longitude = point or (None, None)
    return Organisation(
        f"open:{name}",
        name,
        Base(NutsCode(nuts).country, nuts=NutsCode(nuts), latitude=latitude, longitude=longitude),
        Provenance("open", name),
        area=area or ServiceArea(),
        capabilities=tuple(Capability(f"{name} {number}", cpvs=tuple(map(CpvCode, cpvs))) for number in range(texts)),
    )


def search(
    vector: tuple[float, ...] = direction(0),
    *,
    codes: tuple[str, ...] = (),
    regions: tuple[str, ...] = ("FR10",),
    boxes: tuple[Surroundings, ...] = (),
    scope: Scope = Scope.EUROPE,
    limit: int = 150,
) -> Search:
    narrowed = Narrowing(vector, codes, tuple(map(NutsCode, regions)), boxes)
    return Search(narrowed, scope, frozenset({"open"}), limit)


async def keys(session: AsyncSession, wanted: Search) -> list[str]:
    found = await find_candidates(session, wanted)
    return [each.key.removeprefix("open:") for each in found.organisations]


async def test_the_nearest_by_meaning_are_kept_and_those_in_reach_and_with_the_code_beside_them(session: AsyncSession) -> None:
    far = [organisation(f"far{number}", nuts="FI1B") for number in range(4)]
    near = organisation("near")
    coded = organisation("coded", nuts="EL30", cpvs=["90911000"])
    other = organisation("other", nuts="EL30")
    vectors = {each.key: [list(direction(0))] for each in far} | {each.key: [list(direction(1))] for each in (near, coded, other)}
    await save_organisations(session, [*far, near, coded, other], vectors)
    found = await keys(session, search(codes=("90910000", "90911000"), limit=2))
    assert set(found) == {"coded", "far0", "far1", "near"}


async def test_reach_follows_area_base_country_radius_and_point(session: AsyncSession) -> None:
    await save_organisations(
        session,
        [
            organisation("around", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR10"),))),
            organisation("inside", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR101"),))),
            organisation("country", nuts="FI1B", area=ServiceArea(countries=("FR",))),
            organisation("based", nuts="FR101"),
            organisation("based-around", nuts="FR1"),
            organisation("radius", nuts="FRL0", area=ServiceArea(radius_km=900)),
            organisation("point", nuts="FRL0", point=(48.5, 2.0)),
            organisation("elsewhere", nuts="FRL0", point=(43.3, 5.4)),
            organisation("abroad", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FI1B"),))),
        ],
        {},
    )
    found = await keys(session, search(scope=Scope.REACH, boxes=(PARIS,)))
    assert set(found) == {"around", "inside", "country", "based", "based-around", "radius", "point"}
    everywhere = await keys(session, search(scope=Scope.REACH, regions=(), boxes=()))
    assert len(everywhere) == 9


async def test_a_region_is_what_lies_in_it_and_around_it_without_its_neighbours(session: AsyncSession) -> None:
    await save_organisations(
        session,
        [
            organisation("inside", nuts="FR101"),
            organisation("around", nuts="FR1"),
            organisation("works-inside", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR101"),))),
            organisation("works-around", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR"),))),
            organisation("near", nuts="FRL0", point=(48.5, 2.0)),
            organisation("radius", nuts="FRL0", area=ServiceArea(radius_km=900)),
            organisation("sibling", nuts="FR20", area=ServiceArea(nuts=(NutsCode("FR2"),))),
        ],
        {},
    )
    found = await keys(session, search(scope=Scope.REGION, boxes=(PARIS,)))
    assert set(found) == {"inside", "around", "works-inside", "works-around"}


async def test_a_stated_code_overlaps_with_those_above_the_asked_one_and_with_its_class(session: AsyncSession) -> None:
    codes = {"above": "90900000", "exact": "90911200", "class": "90919000", "below": "90911299", "elsewhere": "90511000"}
    await save_organisations(session, [organisation(name, cpvs=[code], nuts="EL30") for name, code in codes.items()], {})
    asked = overlapping_codes([CpvCode("90911200")])
    ways = ways_in(search(codes=asked))
    found = await nearest_of(session, search(codes=asked), ways[-1])
    assert {key.removeprefix("open:") for key in found} == {"above", "exact", "class", "below"}


async def test_where_most_suppliers_are_hidden_more_are_measured_until_enough_may_be_shown(session: AsyncSession) -> None:
    hidden = [replace(each, provenance=Provenance("closed", each.name)) for each in (organisation(f"h{n}") for n in range(40))]
    shown = [organisation(f"s{number}", nuts="FI1B") for number in range(3)]
    vectors = {each.key: [list(direction(0))] for each in hidden} | {each.key: [list(direction(1))] for each in shown}
    await save_organisations(session, [*hidden, *shown], vectors)
    assert set(await keys(session, search(limit=2))) == {"s0", "s1"}


async def test_vectors_arrive_as_they_were_stored_in_the_order_of_the_profile(session: AsyncSession) -> None:
    random = np.random.default_rng(7)
    stored = random.normal(size=(3, 256)).astype(np.float16)
    await save_organisations(
        session, [organisation("a", texts=3)], {"open:a": [row.astype(np.float32).tolist() for row in stored]}
    )
    found = await load_candidates(session, ["open:a"])
    assert found.vectors["open:a"].dtype == np.float32
    assert np.array_equal(found.vectors["open:a"], stored.astype(np.float32))


async def test_a_capability_without_vector_is_a_zero_row_and_a_supplier_without_any_has_none(session: AsyncSession) -> None:
    await save_organisations(
        session, [organisation("half", texts=2), organisation("none")], {"open:half": [None, list(direction(3))]}
    )
    found = await load_candidates(session, ["open:half", "open:none"])
    assert list(found.vectors) == ["open:half"]
    assert found.vectors["open:half"].sum(axis=1).tolist() == [0.0, 1.0]


async def test_an_array_for_a_capability_gives_a_row_a_piece_and_is_searched_by_their_common_direction(
    session: AsyncSession,
) -> None:
    works = [np.array([direction(0), direction(1)], np.float32), np.array(direction(2), np.float32)]
    await save_organisations(session, [organisation("a", texts=2)], {"open:a": works})
    found = await load_candidates(session, ["open:a"])
    assert found.vectors["open:a"].argmax(axis=1).tolist() == [0, 1, 2]
    whole = (await load_vectors(session, ["open:a"]))["open:a"][0]
    assert whole[:3] == pytest.approx([2**-0.5, 2**-0.5, 0], abs=1e-3)


async def test_a_supplier_is_loaded_as_it_was_saved(session: AsyncSession) -> None:
    saved = organisation("a", area=ServiceArea(nuts=(NutsCode("FR10"),), radius_km=12.5), cpvs=["90911000"], point=(48.5, 2.0))
    await save_organisations(session, [saved], {})
    assert (await load_candidates(session, ["open:a", "open:nobody"])).organisations == (saved,)


@pytest.mark.parametrize("text", ["FR10'); DROP TABLE organisation; --", "%"])
async def test_what_a_person_typed_is_bound_never_run(session: AsyncSession, text: str) -> None:
    await save_organisations(session, [organisation("a")], {})
    assert await keys(session, search(codes=(text,))) == ["a"]
    assert (await load_candidates(session, [text])).organisations == ()
