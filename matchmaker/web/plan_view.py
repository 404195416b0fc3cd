"""A plan as a page shows it: suppliers with their names, plots with their words, and what this reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person
from matchmaker.domain.match import points
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import Money, text_in
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Consortium, NoticeText, Plan, PlannedSupplier, RegimePlan, Role, TaskShare
from matchmaker.reference.clauses import ClauseKind
from matchmaker.storage.organisations import load_organisations
from matchmaker.web import plan_plots
from matchmaker.web.forms import Form
from matchmaker.web.plan_form import GROUPS, Moved, moved
from matchmaker.web.plan_sharing import for_reader, joint_shown, seen_by
from matchmaker.web.plan_words import ADVICE, ADVICE_SHORT, FIELDS, FLAGS, LEVERS, ROLES, VERDICTS
from matchmaker.web.regimes import CLAUSES

SHOWN = 8
"""Suppliers of a regime in the table before the reader asks for all."""
GROUPS_SHOWN = 6
CHANGES_SHOWN = 8
REASONS_SHOWN = 5
"""Sentences of the answer before the reader asks for more."""
RESERVING = frozenset({Advice.RESERVE, Advice.DIALOGUE, Advice.SPLIT})
"""Answers that end, now or later, in a reservation."""
CONCENTRATED_FROM = 0.5
"""From this part of the known capacity in one hand the page warns."""


@dataclass(frozen=True)
class PlanPlace:
    """What stands around a plan: where it leads back to, where its form goes, and what the form carries along.

    ``method`` is ``get`` for what is public; ``post`` keeps a planned purchase out of addresses. ``lot_id`` names a published
    lot. ``links`` lead on; ``remark`` is said under the title; ``keep`` offers a buyer to keep the
    plan as a sourcing record; ``kept_as`` names what is kept where it is no published lot and nothing that ``hidden`` describes.
    """

    back: str
    back_words: Message
    action: str
    method: str
    lot_id: str | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[tuple[str, Message]] = ()
    remark: Message | None = None
    keep: bool = True
    kept_as: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RegimeView:
    """One regime with the suppliers shown: ``hidden`` are left out of the table, ``joint`` tells whether the sum shows."""

    plan: RegimePlan
    rows: tuple[PlannedSupplier, ...]
    hidden: int
    joint: bool
    advised: bool

    @property
    def certain(self) -> int:
        """Eligible without anything left to verify."""
        return self.plan.eligible - self.plan.probably

    @property
    def concentrated(self) -> bool:
        """Whether one supplier holds so much of the capacity that a reservation would hang on it."""
        return self.plan.concentration is not None and self.plan.concentration >= CONCENTRATED_FROM

    @property
    def alone(self) -> int:
        """Suppliers that could carry the lot by themselves."""
        return sum(each.role is Role.ALONE for each in self.plan.suppliers)

    @property
    def verify(self) -> tuple[tuple[ClauseKind | None, str], ...]:
        """The clauses to verify: their kind where it is one of ours, and the legal reference."""
        return tuple(_clause(text) for text in self.plan.verify)

    @property
    def sizes(self) -> bool:
        """Whether this reader sees what any of the suppliers shown can carry."""
        return any(each.carries is not None for each in self.rows)


@dataclass(frozen=True)
class Compared:
    """What moving assumptions did to the answer."""

    moved: tuple[Moved, ...]
    before: Advice
    after: Advice
    p_before: float | None
    p_after: float | None

    @property
    def same(self) -> bool:
        """Whether the answer stays."""
        return self.before is self.after


def keys_shown(plan: Plan, show_all: bool) -> list[str]:
    """Keys of the suppliers that the page names."""
    keys: dict[str, None] = {}
    for regime in plan.regimes:
        keys |= dict.fromkeys(each.key for each in _rows(regime, show_all))
        keys |= dict.fromkeys(key for group in regime.groups[:GROUPS_SHOWN] for key in group)
    keys |= dict.fromkeys(member.key for consortium in plan.consortia for member in consortium.members)
    return list(keys)


async def organisations_of(session: AsyncSession, plan: Plan, show_all: bool) -> dict[str, Organisation]:
    """The suppliers that the page names, by key."""
    return {each.key: each for each in await load_organisations(session, keys_shown(plan, show_all))}


def plan_context(
    plan: Plan,
    organisations: Mapping[str, Organisation],
    person: Person | None,
    place: PlanPlace,
    form: Form,
    language: str,
    published: Plan | None = None,
    show_all: bool = False,
) -> dict[str, Any]:
    """Everything ``plan.html`` needs besides the layout.

    ``organisations`` are those of ``keys_shown``; ``published`` is the plan under the published assumptions where the buyer has
    moved some; ``form`` holds the assumptions as typed.
    """
    shown = seen_by(person, organisations.values())
    seen = for_reader(plan, shown)
    regimes = _regimes(seen, organisations, shown, show_all)
    return {
        "plan": seen,
        "place": place,
        "form": form,
        "organisations": organisations,
        "size_seen": shown,
        "regimes": regimes,
        "chosen": next((view for view in regimes if view.advised), None),
        "by_regime": {regime.regime_id: regime for regime in plan.regimes},
        "changes": sorted(seen.changes, key=lambda change: -change.gain)[:CHANGES_SHOWN],
        "compared": compared(plan, published, language),
        "show_all": show_all,
        "reasons_shown": REASONS_SHOWN,
        "reserving": RESERVING,
        "notices": _notices(plan),
        "groups_shown": GROUPS_SHOWN,
        "consortia": [each for each in plan.consortia if _known(each, organisations)],
        "assumption_groups": GROUPS,
        "tasks_to_move": tasks_to_move(plan),
        **WORDS,
    }


def in_euro(amount: Decimal) -> Money:
    """An amount of a plan as money; whole euro, for they are estimates."""
    return Money(Decimal(round(amount)), "EUR")


WORDS: Mapping[str, Any] = {
    "in_euro": in_euro,
    "text_in": text_in,
    "points": points,
    "plots": plan_plots,
    "advice_words": ADVICE,
    "advice_short": ADVICE_SHORT,
    "verdict_words": VERDICTS,
    "role_words": ROLES,
    "lever_words": LEVERS,
    "flag_words": FLAGS,
    "field_words": FIELDS,
    "clause_words": CLAUSES,
}


def compared(plan: Plan, published: Plan | None, language: str) -> Compared | None:
    """What the assumptions the buyer moved did; None where none is."""
    changed = moved(plan.assumptions, language)
    if published is None or not changed:
        return None
    return Compared(changed, published.advice, plan.advice, _chance(published), _chance(plan))


def tasks_to_move(plan: Plan) -> list[TaskShare]:
    """The tasks whose part of the value may be put in: those of a lot that has several, each with its code."""
    tasks = [each for each in plan.target.tasks if each.cpv] if plan.target else []
    return tasks if len(tasks) > 1 else []


def _chance(plan: Plan) -> float | None:
    return next((regime.p_at_least_n for regime in plan.regimes if regime.regime_id == plan.regime_id), None)


_FIRST = {role: place for place, role in enumerate(Role)}


def _rows(regime: RegimePlan, show_all: bool) -> tuple[PlannedSupplier, ...]:
    """Those who could carry the lot first; among equals in the order of the plan."""
    ordered = sorted(regime.suppliers, key=lambda supplier: _FIRST[supplier.role])
    return tuple(ordered if show_all else ordered[:SHOWN])


def _clause(text: str) -> tuple[ClauseKind | None, str]:
    kind, _, reference = text.partition(": ")
    return (ClauseKind(kind), reference) if kind in set(ClauseKind) else (None, text)


def _regimes(
    plan: Plan, organisations: Mapping[str, Organisation], shown: frozenset[str], show_all: bool
) -> tuple[RegimeView, ...]:
    """The regime advised first, the others in the order of the plan."""
    ordered = sorted(plan.regimes, key=lambda regime: regime.regime_id != plan.regime_id)
    views = []
    for regime in ordered:
        rows = tuple(each for each in _rows(regime, show_all) if each.key in organisations)
        views.append(
            RegimeView(
                plan=regime,
                rows=rows,
                hidden=0 if show_all else max(len(regime.suppliers) - SHOWN, 0),
                joint=joint_shown(regime, shown),
                advised=regime.regime_id == plan.regime_id,
            )
        )
    return tuple(views)


def _notices(plan: Plan) -> list[NoticeText]:
    """The text that fits the answer first, then what is allowed, then what is not."""
    fits = plan.regime_id if plan.advice in RESERVING else None
    return sorted(plan.notice, key=lambda text: (text.regime_id != fits, not text.allowed))


def _known(consortium: Consortium, organisations: Mapping[str, Organisation]) -> bool:
    return all(member.key in organisations for member in consortium.members)
