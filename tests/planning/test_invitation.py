from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.engagement import Balance, Candidate, LotScore, Selection
from matchmaker.domain.messages import Message
from matchmaker.planning.invitation import select_invitees

LOTS = ("00000001-2026/LOT-0001", "00000001-2026/LOT-0002", "00000002-2026/LOT-0001")


def candidate(key: str, score: float, employees: int | None = 200, times_invited: int = 3, lot: str = LOTS[0]) -> Candidate:
    reasons = (Message("Does this work."),)
    return Candidate(key, key.title(), "FR", (LotScore(lot, score, reasons),), employees, times_invited)


scores = st.builds(
    LotScore,
    st.sampled_from(LOTS),
    st.floats(0.01, 0.99),
    st.just((Message("Does this work."),)),
    st.none() | st.just(Message("Too far.")),
)
candidates = st.lists(
    st.builds(
        Candidate,
        key=st.text("abcdef", min_size=1, max_size=4),
        name=st.just("Someone"),
        country=st.sampled_from(("FR", "FI")),
        lots=st.lists(scores, min_size=1, max_size=3, unique_by=lambda lot: lot.need_id).map(tuple),
        employees=st.none() | st.integers(0, 500),
        times_invited=st.integers(0, 3),
    ),
    max_size=30,
    unique_by=lambda each: each.key,
)
balances = st.builds(
    Balance,
    seats=st.integers(1, 12),
    best_per_lot=st.integers(0, 3),
    small_share=st.sampled_from((0.0, 0.3, 0.5)),
    newcomer_share=st.sampled_from((0.0, 0.3, 0.5)),
    minimum_score=st.sampled_from((0.0, 0.3, 0.7)),
)


def invited_keys(selection: Selection) -> list[str]:
    return [invitee.key for invitee in selection.invited]


@given(candidates, balances)
def test_everyone_is_either_invited_or_left_out_with_a_reason(everyone: list[Candidate], balance: Balance) -> None:
    selection = select_invitees(everyone, balance)
    listed = invited_keys(selection) + [each.key for each in selection.left_out]
    assert sorted(listed) == sorted(each.key for each in everyone)
    assert len(selection.invited) <= balance.seats
    assert all(each.because and each.lots for each in selection.invited)
    assert all(each.why.in_english() for each in selection.left_out)


@given(candidates, balances, st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_arrive_changes_nothing(everyone: list[Candidate], balance: Balance, dice: object) -> None:
    shuffled = list(everyone)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert select_invitees(shuffled, balance) == select_invitees(everyone, balance)


@given(candidates, balances)
def test_free_places_are_never_refused_to_somebody_able(everyone: list[Candidate], balance: Balance) -> None:
    selection = select_invitees(everyone, balance)
    able = [each for each in everyone if each.best and each.best.score >= balance.minimum_score]
    assert len(selection.invited) == min(balance.seats, len(able))


@given(candidates, balances)
def test_nobody_stays_out_for_somebody_worse_of_the_same_kind(everyone: list[Candidate], balance: Balance) -> None:
    by_key = {each.key: each for each in everyone}
    selection = select_invitees(everyone, Balance(balance.seats, 0, balance.small_share, balance.newcomer_share, 0.0))
    for out in selection.left_out:
        loser = by_key[out.key]
        for invitee in selection.invited:
            winner = by_key[invitee.key]
            if loser.best and (winner.small, winner.newcomer) == (loser.small, loser.newcomer):
                assert invitee.score >= (out.score or 0)


def test_small_organisations_get_their_share_although_large_ones_score_higher() -> None:
    large = [candidate(f"large-{number:02d}", 0.9) for number in range(20)]
    small = [candidate(f"small-{number:02d}", 0.5, employees=8) for number in range(20)]
    selection = select_invitees(large + small, Balance(seats=10, best_per_lot=2, small_share=0.3, newcomer_share=0))
    assert sum(1 for each in selection.invited if each.small) == 3
    kept = next(each for each in selection.invited if each.small)
    assert kept.because[0].in_english() == "One of the places kept for organisations with fewer than 50 staff."


def test_a_newcomer_is_invited_before_somebody_equal_who_was_invited_often() -> None:
    selection = select_invitees(
        [candidate("a-known", 0.8, times_invited=5), candidate("b-new", 0.8, times_invited=0)],
        Balance(seats=1, best_per_lot=0, small_share=0, newcomer_share=0),
    )
    assert invited_keys(selection) == ["b-new"]


def test_each_lot_has_an_able_supplier_before_any_lot_has_two() -> None:
    crowd = [candidate(f"cleaner-{number}", 0.9 - number / 100) for number in range(10)]
    lonely = candidate("printer", 0.4, lot=LOTS[2])
    selection = select_invitees([*crowd, lonely], Balance(seats=2, best_per_lot=2, small_share=0, newcomer_share=0))
    assert sorted(invited_keys(selection)) == ["cleaner-0", "printer"]


def test_an_organisation_barred_from_every_lot_is_left_out_for_the_reason_of_its_best() -> None:
    lots = (LotScore(LOTS[0], 0.95, (), Message("Reserved for others.")), LotScore(LOTS[1], 0.5, (), Message("Too far.")))
    barred = Candidate("barred", "Barred", "FR", lots)
    selection = select_invitees([barred], Balance())
    assert selection.invited == ()
    assert selection.left_out[0].why.in_english() == "Reserved for others."
    assert selection.left_out[0].score is None


def test_who_is_left_out_for_lack_of_places_reads_both_scores() -> None:
    selection = select_invitees([candidate("a", 0.9), candidate("b", 0.61)], Balance(seats=1))
    sentence = selection.left_out[0].why.in_english()
    assert sentence == "All places (1) were taken; its best score is 61 %, the lowest on the list 90 %."
