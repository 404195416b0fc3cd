"""Who is invited to talk about upcoming lots: the best first, without starving small organisations and newcomers."""

from collections.abc import Iterable, Sequence

from matchmaker.domain.engagement import Balance, Candidate, Invitee, LeftOut, Selection
from matchmaker.domain.messages import Message

REASONS = 3
"""Most sentences taken over from the match of the best lot."""


def select_invitees(candidates: Iterable[Candidate], balance: Balance) -> Selection:
    """Applies ``balance`` to ``candidates``; the same candidates in any order give the same list.

    First each lot's best, then seats held for small organisations and for newcomers, then everyone by score. Equal scores:
    whoever was invited less often, then by key. Every candidate ends up either invited, with what put it there, or left out,
    with why.
    """
    everyone = sorted(candidates, key=lambda candidate: candidate.key)
    able = sorted((candidate for candidate in everyone if _able(candidate, balance)), key=_order)
    because = _seats(able, balance)
    invited = tuple(_invitee(candidate, because[candidate.key], balance) for candidate in able if candidate.key in because)
    last = min((invitee.score for invitee in invited), default=0.0)
    left_out = [candidate for candidate in everyone if candidate.key not in because]
    left_out.sort(key=_order)
    return Selection(invited, tuple(_left_out(candidate, balance, last) for candidate in left_out))


def _able(candidate: Candidate, balance: Balance) -> bool:
    best = candidate.best
    return best is not None and best.score >= balance.minimum_score


def _score(candidate: Candidate) -> float:
    return candidate.best.score if candidate.best else 0.0


def _order(candidate: Candidate) -> tuple[float, int, str]:
    return -_score(candidate), candidate.times_invited, candidate.key


def _seats(able: Sequence[Candidate], balance: Balance) -> dict[str, Message]:
    """What puts each invited candidate on the list."""
    because: dict[str, Message] = {}
    _best_of_each_lot(able, balance, because)
    kept = (
        (
            balance.small_share,
            [each for each in able if each.small],
            Message("One of the places kept for organisations with fewer than 50 staff."),
        ),
        (
            balance.newcomer_share,
            [each for each in able if each.newcomer],
            Message("One of the places kept for organisations not invited before."),
        ),
    )
    for share, group, sentence in kept:
        already = sum(1 for each in group if each.key in because)
        for each in group:
            if already >= round(share * balance.seats) or len(because) >= balance.seats:
                break
            if each.key not in because:
                because[each.key] = sentence
                already += 1
    for each in able:
        if len(because) >= balance.seats:
            break
        because.setdefault(each.key, Message("Among the best matches of all candidates."))
    return because


def _best_of_each_lot(able: Sequence[Candidate], balance: Balance, because: dict[str, Message]) -> None:
    # Lots take turns, so that with few seats each has one able supplier before any has two.
    scores = {
        (candidate.key, lot.need_id): lot.score
        for candidate in able
        for lot in candidate.lots
        if lot.barred is None and lot.score >= balance.minimum_score
    }
    lots = sorted({need_id for _, need_id in scores})
    ranked = {
        need_id: sorted(
            (each for each in able if (each.key, need_id) in scores),
            key=lambda each: (-scores[each.key, need_id], each.times_invited, each.key),
        )
        for need_id in lots
    }
    for place in range(balance.best_per_lot):
        for need_id in lots:
            if place < len(ranked[need_id]) and len(because) < balance.seats:
                because.setdefault(
                    ranked[need_id][place].key,
                    Message("One of the best %(count)s for lot %(lot)s.", {"count": balance.best_per_lot, "lot": need_id}),
                )


def _invitee(candidate: Candidate, seat: Message, balance: Balance) -> Invitee:
    best = candidate.best
    answered = [lot for lot in candidate.lots if lot.barred is None and lot.score >= balance.minimum_score]
    answered.sort(key=lambda lot: (-lot.score, lot.need_id))
    return Invitee(
        key=candidate.key,
        name=candidate.name,
        country=candidate.country,
        score=_score(candidate),
        because=(seat, *(best.reasons[:REASONS] if best else ())),
        lots=tuple(lot.need_id for lot in answered),
        small=candidate.small,
        newcomer=candidate.newcomer,
    )


def _left_out(candidate: Candidate, balance: Balance, last: float) -> LeftOut:
    best = candidate.best
    return LeftOut(
        key=candidate.key,
        name=candidate.name,
        country=candidate.country,
        score=best.score if best else None,
        why=_why_not(candidate, balance, last),
    )


def _why_not(candidate: Candidate, balance: Balance, last: float) -> Message:
    best = candidate.best
    if best is None:
        nearest = min(candidate.lots, key=lambda lot: (-lot.score, lot.need_id))
        return nearest.barred or Message("None of the lots suits it.")
    percent = {"score": round(best.score * 100), "minimum": round(balance.minimum_score * 100)}
    if best.score < balance.minimum_score:
        return Message("Its best score is %(score)s %%, below the %(minimum)s %% asked for.", percent)
    return Message(
        "All places (%(seats)s) were taken; its best score is %(score)s %%, the lowest on the list %(last)s %%.",
        {"seats": balance.seats, "score": round(best.score * 100), "last": round(last * 100)},
    )
