"""Procedures over time: planned, called, changed, awarded, modified; which notices tell of the same one.

A procedure is derived from the set of notices at hand and from nothing else: the same notices in any order give the same
procedures. Notices belong together by procedure id (BT-04), by citing one another (OPP-090, BT-1251, REF_NOTICE, BT-758), or by
citing the same notice that is not at hand. Links that are only guessed are another matter: see ``procedure_guesses``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.values import Period


class Stage(StrEnum):
    """What a notice does in a procedure, in the order of time.

    ``INTENDED`` is a voluntary notice before a direct award (VEAT: F15, subtypes 25 to 28); ``MODIFIED`` changes a contract
    (F20, subtypes 38 to 40).
    """

    PLANNED = "planned"
    CALLED = "called"
    CHANGED = "changed"
    INTENDED = "intended"
    AWARDED = "awarded"
    MODIFIED = "modified"


RESULTS = frozenset({Stage.INTENDED, Stage.AWARDED, Stage.MODIFIED})
"""The stages that name winners."""


class Basis(StrEnum):
    """Why a notice belongs to a procedure."""

    ALONE = "alone"
    PROCEDURE_ID = "procedure-id"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What joins need of a lot. ``words`` is its folded title, ``winners`` are keys of those that won."""

    lot_id: str
    words: str = ""
    main_cpv: str | None = None
    reserved: frozenset[ReservedParticipation] = frozenset()
    period: Period = Period()
    award_only: bool = False
    awarded: bool = False
    concluded: date | None = None
    winners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What joins need of a notice.

    ``names`` are the names it may be cited by, ``cites`` those it cites, ``changes`` the one it corrects; all in one spelling.
    ``buyers`` are keys: register numbers, names with town. ``words`` is the folded title. ``replaces`` tells whether it takes
    the whole place of what it changes (eForms, OCDS), rather than stating corrections only.
    """

    notice_id: str
    stage: Stage
    published: date | None = None
    names: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    changes: str | None = None
    replaces: bool = False
    procedure_id: str | None = None
    buyers: tuple[str, ...] = ()
    words: str = ""
    main_cpv: str | None = None
    nuts: tuple[str, ...] = ()
    lots: tuple[LotFacts, ...] = ()

    @property
    def order(self) -> tuple[date, str]:
        """By day of publication, then by number; the undated last."""
        return (self.published or date.max, self.notice_id)


@dataclass(frozen=True, slots=True)
class Procedure:
    """Notices of one procedure, in the order of time, each with the reason it belongs there.

    ``key`` is the number of the earliest notice that runs it, else of the earliest that plans it: unlike procedure ids, which
    some tools repeat, it names one procedure.
    """

    key: str
    notices: tuple[tuple[NoticeFacts, Basis], ...]

    def at(self, *stages: Stage) -> tuple[NoticeFacts, ...]:
        """Its notices of these stages."""
        return tuple(notice for notice, _ in self.notices if notice.stage in stages)


def procedures_of(notices: Iterable[NoticeFacts]) -> tuple[Procedure, ...]:
    """The procedures that ``notices`` tell of, by key. A planning notice belongs to each procedure that cites it."""
    ordered = sorted(notices, key=lambda notice: notice.order)
    by_name = _by_name(ordered)
    groups = _grouped(ordered, by_name)
    planned = {id(group): group for group in groups if not any(_runs(notice) for notice in group)}
    plan_of = {notice.notice_id: id(group) for group in planned.values() for notice in group}
    used: set[int] = set()
    found = []
    for group in groups:
        if id(group) in planned:
            continue
        cited = {plan_of[other.notice_id] for notice in group for other in _cited(notice, by_name) if other.notice_id in plan_of}
        used |= cited
        found.append(_procedure([*group, *(notice for plan in cited for notice in planned[plan])], by_name))
    found += [_procedure(group, by_name) for mark, group in planned.items() if mark not in used]
    return tuple(sorted(found, key=lambda procedure: procedure.key))


def superseded(notices: Sequence[NoticeFacts]) -> Mapping[str, str]:
    """By notice: the one that takes its whole place (BT-758); the last one where several do."""
    by_name = _by_name(notices)
    found: dict[str, str] = {}
    for notice in sorted(notices, key=lambda notice: notice.order):
        for other in by_name.get(notice.changes or "", ()):
            if notice.replaces and other.order < notice.order:
                found[other.notice_id] = notice.notice_id
    return found


def _by_name(notices: Iterable[NoticeFacts]) -> Mapping[str, list[NoticeFacts]]:
    found: defaultdict[str, list[NoticeFacts]] = defaultdict(list)
    for notice in notices:
        for name in notice.names:
            found[name].append(notice)
    return found


def _runs(notice: NoticeFacts) -> bool:
    return notice.stage not in {Stage.PLANNED, Stage.CHANGED}


def _cited(notice: NoticeFacts, by_name: Mapping[str, list[NoticeFacts]]) -> Iterator[NoticeFacts]:
    names = (*notice.cites, notice.changes or "")
    return (other for name in names for other in by_name.get(name, ()) if other.notice_id != notice.notice_id)


def _grouped(ordered: Sequence[NoticeFacts], by_name: Mapping[str, list[NoticeFacts]]) -> list[list[NoticeFacts]]:
    groups = _Groups(notice.notice_id for notice in ordered)
    for notice in ordered:
        for other in _cited(notice, by_name):
            if _of_one_procedure(notice, other):
                groups.unite(notice.notice_id, other.notice_id)
    for together in (*_same_id(ordered), *_same_unseen(ordered, by_name)):
        for other in together[1:]:
            groups.unite(together[0].notice_id, other.notice_id)
    found: defaultdict[str, list[NoticeFacts]] = defaultdict(list)
    for notice in ordered:
        found[groups.root(notice.notice_id)].append(notice)
    return list(found.values())


def _of_one_procedure(later: NoticeFacts, earlier: NoticeFacts) -> bool:
    """Whether citing makes them one: a planning notice may precede several, and two procedure ids are two procedures."""
    if later.stage is Stage.CHANGED or (later.changes and later.changes in earlier.names):
        return True
    if (later.stage is Stage.PLANNED) != (earlier.stage is Stage.PLANNED):
        return False
    return not (later.procedure_id and earlier.procedure_id and later.procedure_id != earlier.procedure_id)


def _same_id(ordered: Sequence[NoticeFacts]) -> Iterator[list[NoticeFacts]]:
    """Those with one procedure id and a buyer or title in common: some tools give one id to everything they publish."""
    found: defaultdict[tuple[str, str], list[NoticeFacts]] = defaultdict(list)
    for notice in ordered:
        for mark in {*notice.buyers, notice.words} - {""}:
            if notice.procedure_id:
                found[notice.procedure_id, mark].append(notice)
    return iter(found.values())


def _same_unseen(ordered: Sequence[NoticeFacts], by_name: Mapping[str, list[NoticeFacts]]) -> Iterator[list[NoticeFacts]]:
    """Results that cite the same notice which is not at hand, unless all have procedure ids, which then decide."""
    found: defaultdict[str, list[NoticeFacts]] = defaultdict(list)
    for notice in ordered:
        for name in {*notice.cites} - by_name.keys():
            if notice.stage in RESULTS:
                found[name].append(notice)
    return (together for together in found.values() if any(not notice.procedure_id for notice in together))


def _procedure(notices: Sequence[NoticeFacts], by_name: Mapping[str, list[NoticeFacts]]) -> Procedure:
    ordered = sorted({notice.notice_id: notice for notice in notices}.values(), key=lambda notice: notice.order)
    ids = sorted(notice.procedure_id for notice in ordered if notice.procedure_id)
    inside = {notice.notice_id for notice in ordered}
    cited = {
        one
        for notice in ordered
        for other in _cited(notice, by_name)
        if other.notice_id in inside
        for one in (notice.notice_id, other.notice_id)
    }

    def basis(notice: NoticeFacts) -> Basis:
        if len(ordered) == 1:
            return Basis.ALONE
        if notice.procedure_id and ids.count(notice.procedure_id) > 1:
            return Basis.PROCEDURE_ID
        return Basis.CITED if notice.notice_id in cited or notice.cites else Basis.PROCEDURE_ID

    first = next((notice for notice in ordered if _runs(notice)), ordered[0])
    return Procedure(first.notice_id, tuple((notice, basis(notice)) for notice in ordered))


class _Groups:
    """Notices that belong together (disjoint sets); the root is the smallest id, whatever the order of uniting."""

    def __init__(self, members: Iterable[str]) -> None:
        self._above = {member: member for member in members}

    def root(self, member: str) -> str:
        """The id that stands for the group of ``member``."""
        while self._above[member] != member:
            self._above[member] = self._above[self._above[member]]
            member = self._above[member]
        return member

    def unite(self, one: str, other: str) -> None:
        """Makes two groups one."""
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low
