"""Suppliers whose scores cannot be told apart take turns; nothing else may ever move them."""

import inspect
import random
from dataclasses import fields

import pytest

from matchmaker.domain.exposure import Exposure, Turns
from matchmaker.planning import exposure
from matchmaker.planning.exposure import SEEN, WIDTH, asked_for, bands, take_turns, worth

Scored = list[tuple[str, float]]


def market(seed: int) -> tuple[Scored, dict[str, Exposure]]:
    draw = random.Random(seed)
    scored = [(f"s{number}", draw.gauss(0, 0.6)) for number in range(draw.randint(0, 60))]
    scored.sort(key=lambda each: (-each[1], each[0]))
    state = {key: Exposure(draw.uniform(0, 5), draw.uniform(0, 5)) for key, _ in scored if draw.random() < 0.6}
    return scored, state


@pytest.mark.parametrize("seed", range(40))
def test_turns_are_a_permutation_inside_the_bands_of_uncertainty(seed: int) -> None:
    scored, state = market(seed)
    odds, base = dict(scored), [key for key, _ in scored]
    turns = take_turns("LOT", scored, state)
    assert turns.base == tuple(base)
    assert sorted(turns.order) == sorted(base)
    reached = 0
    for band in bands(scored):
        assert band.start == reached
        reached = band.stop
        assert set(turns.order[band]) == set(base[band])
        assert max(odds[key] for key in base[band]) - min(odds[key] for key in base[band]) <= WIDTH
    assert turns.order[reached:] == tuple(base[reached:])
    assert reached >= min(len(base), SEEN)


@pytest.mark.parametrize("seed", range(20))
def test_the_same_state_gives_the_same_order_whatever_order_the_state_is_told_in(seed: int) -> None:
    scored, state = market(seed)
    assert take_turns("LOT", scored, state) == take_turns("LOT", scored, dict(reversed(state.items())))


def test_what_was_taken_back_leaves_no_trace() -> None:
    scored = [(f"s{number}", 1 - number / 1000) for number in range(10)]
    nothing = {key: Exposure(0.1 + 0.2, 0.7).minus(Exposure(0.3, 0.7)) for key, _ in scored}
    assert nothing["s0"] != Exposure()
    assert take_turns("LOT", scored, nothing) == take_turns("LOT", scored, {})


def test_the_record_alone_finds_the_order_again() -> None:
    scored, state = market(3)
    turns = take_turns("LOT", scored, state)
    assert set(turns.state) <= set(asked_for(scored))
    assert take_turns("LOT", scored, turns.state) == turns


@pytest.mark.parametrize("seed", range(20))
def test_a_list_gives_as_much_as_its_scores_deserve(seed: int) -> None:
    scored, state = market(seed)
    given = take_turns("LOT", scored, state).given
    assert sum(each.owed for each in given.values()) == pytest.approx(0)
    assert sum(each.received for each in given.values()) == pytest.approx(
        sum(worth(place) for place in range(1, min(len(scored), SEEN) + 1))
    )


def test_who_is_owed_most_comes_first_among_equals() -> None:
    scored = [("a", 1.0), ("b", 0.99), ("c", 0.98), ("far", 0.0)]
    state = {"a": Exposure(3, 1), "b": Exposure(1, 1), "c": Exposure(0, 1), "far": Exposure(0, 9)}
    assert take_turns("LOT", scored, state).order == ("c", "b", "a", "far")


def test_over_many_lots_equals_are_shown_equally() -> None:
    scored = [(f"s{number}", 1 - number / 1000) for number in range(10)]
    state: dict[str, Exposure] = {}
    for lot in range(100):
        for key, each in take_turns(f"LOT-{lot}", scored, state).given.items():
            state[key] = state.get(key, Exposure()).plus(each)
    received = [each.received for each in state.values()]
    assert max(received) - min(received) < 1
    assert max(abs(each.owed) for each in state.values()) < 1


def test_without_a_state_lots_still_differ_in_who_comes_first() -> None:
    scored = [(f"s{number}", 1 - number / 1000) for number in range(10)]
    assert len({take_turns(f"LOT-{lot}", scored, {}).order[0] for lot in range(50)}) >= 5


def test_scores_far_apart_never_change_places() -> None:
    scored = [(f"s{number}", -number * (WIDTH + 0.01)) for number in range(10)]
    state = {"s9": Exposure(0, 100)}
    assert take_turns("LOT", scored, state).order == tuple(key for key, _ in scored)


def test_nothing_but_scores_and_earlier_places_is_read() -> None:
    assert list(inspect.signature(take_turns).parameters) == ["lot_id", "scored", "state", "width"]
    assert [field.name for field in fields(Exposure)] == ["received", "deserved"]
    assert {field.name for field in fields(Turns)} == {"rule", "width", "base", "order", "state", "given"}


def test_a_list_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        take_turns("LOT", [("a", 0.0), ("b", 1.0)], {})


def test_the_third_place_is_worth_half_and_unseen_places_nothing() -> None:
    assert (worth(1), worth(3), worth(SEEN + 1)) == (1.0, 0.5, 0.0)
    assert exposure.RULE
