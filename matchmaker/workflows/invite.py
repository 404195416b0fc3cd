"""Draw up an invitation list for upcoming lots and keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from matchmaker.domain.access import Person, Role
from matchmaker.domain.engagement import Balance, Candidate, InvitationList, ListedLot, LotScore
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import Criterion, Match, Need, Verdict, need_of, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.planning.invitation import select_invitees
from matchmaker.scoring.reasons import sentences, strongest_reasons
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.invitations import save_list, times_invited
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.workflows.match_lots import match_lot
from matchmaker.workflows.tools import MatchTools

MOST_LOTS = 40
CONSIDERED_PER_LOT = 150
"""How many of each lot's best matches are considered; all of them are kept with the list."""


@dataclass(frozen=True, slots=True)
class InvitationRequest:
    """What an officer asks for. ``lots`` are full ids."""

    team_key: str
    title: str
    lots: tuple[str, ...]
    balance: Balance


async def invite(
    sessions: SessionMaker, person: Person, request: InvitationRequest, tools: MatchTools, today: date, now: datetime
) -> str:
    """Computes the list from published lots that are still open or planned, stores it with who and when; returns its id.

    Raises:
        NotFound: not an officer of that team, or a lot that does not exist.
        InvalidValue: no lot, too many, or one that is closed.
    """
    if not person.serves(request.team_key, Role.OFFICER):
        raise NotFound(Message("We could not find that team among yours."), Message("Choose one on your own page."))
    if not 1 <= len(set(request.lots)) <= MOST_LOTS:
        raise InvalidValue(
            Message("%(count)s lots are chosen.", {"count": len(set(request.lots))}),
            Message("Choose between 1 and %(most)s lots.", {"most": MOST_LOTS}),
        )
    needs = await _needs(sessions, request.lots, today)
    matches = {need.need_id: await match_lot(sessions, need.need_id, tools, today, CONSIDERED_PER_LOT) for need in needs}
    candidates = await _candidates(sessions, matches)
    made = InvitationList(
        list_id=uuid4().hex,
        team_key=request.team_key,
        title=request.title,
        made_by=person.email,
        made_at=now,
        lots=tuple(ListedLot(need.need_id, _title(need, person.language)) for need in needs),
        balance=request.balance,
        scorer_version=tools.version,
        selection=select_invitees(candidates, request.balance),
    )
    async with transaction(sessions) as session:
        await save_list(session, made, person.person_id)
        summary = {"list": made.list_id, "lots": list(request.lots), "invited": len(made.selection.invited)}
        await record(session, now, str(person.person_id), "invitation list computed", request.team_key, after=summary)
    return made.list_id


async def _needs(sessions: SessionMaker, lots: Sequence[str], today: date) -> list[Need]:
    needs: list[Need] = []
    async with sessions() as session:
        for full_id in dict.fromkeys(lots):
            found = await load_lot(session, full_id)
            if found is None:
                raise NotFound(
                    Message("There is no lot “%(lot)s”.", {"lot": full_id[:80]}), Message("Choose lots from the list.")
                )
            if lot_state(*found, today) is LotState.CLOSED:
                raise InvalidValue(
                    Message("The lot “%(lot)s” is closed.", {"lot": full_id}), Message("Choose lots that are open or planned.")
                )
            needs.append(need_of(*found))
    return needs


async def _candidates(sessions: SessionMaker, matches: dict[str, list[Match]]) -> list[Candidate]:
    scores: dict[str, list[LotScore]] = {}
    for need_id, found in matches.items():
        for match in found:
            reasons = sentences(strongest_reasons(match).supporting)
            scores.setdefault(match.supplier_key, []).append(LotScore(need_id, match.score, reasons, _barred(match)))
    keys = sorted(scores)
    async with sessions() as session:
        organisations = await load_organisations(session, keys)
        invited = await times_invited(session, keys)
    return [
        Candidate(
            key=organisation.key,
            name=organisation.name,
            country=organisation.base.country,
            lots=tuple(scores[organisation.key]),
            employees=organisation.size.employees,
            times_invited=invited.get(organisation.key, 0),
        )
        for organisation in organisations
    ]


def _barred(match: Match) -> Message | None:
    """The sentence of what puts a supplier out of the question whatever its score: the law, or the place."""
    if match.verdict is Verdict.NOT_ELIGIBLE:
        return match.criterion(Criterion.ELIGIBILITY).sentence
    return match.criterion(Criterion.PLACE).sentence if out_of_reach(match) else None


def _title(need: Need, language: str) -> str:
    found = text_in(need.title, language, need.language)
    return found[1] if found else need.need_id
