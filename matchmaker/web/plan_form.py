"""The assumptions a buyer may move: read from a form or an address, checked, and compared with the published ones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from matchmaker.domain.messages import Message, Parameter
from matchmaker.language.formats import number, read_number
from matchmaker.planning.plan import Assumptions
from matchmaker.web.forms import Form


class Unit(StrEnum):
    """How an assumption is typed."""

    PERCENT = "percent"
    COUNT = "count"
    EURO = "euro"


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption as the form shows it; ``least`` and ``most`` in its unit. An ``optional`` one may be left open."""

    name: str
    label: Message
    hint: Message
    unit: Unit
    least: int
    most: int
    optional: bool = False


SIZE: Sequence[Assumed] = (
    Assumed(
        "dependency",
        Message("Largest part of its turnover, in percent"),
        Message("How much of a supplier's yearly turnover one contract may become. 30 is prudent, 50 the edge."),
        Unit.PERCENT,
        1,
        100,
    ),
    Assumed("members", Message("Members of a joint bid"), Message("At most. 1 admits no joint bids."), Unit.COUNT, 1, 20),
    Assumed(
        "capable_from",
        Message("Capable from, of 100"),
        Message("From which capability a supplier counts as able to do the work."),
        Unit.PERCENT,
        1,
        99,
    ),
    Assumed(
        "unknown_up_to",
        Message("A supplier of unknown size carries at most, euro a year"),
        Message("Widens the range upwards only. 0: suppliers of unknown size count for nothing."),
        Unit.EURO,
        0,
        100_000_000,
    ),
)
BIDS: Sequence[Assumed] = (
    Assumed("wanted", Message("Bids wanted"), Message("How many make a competition."), Unit.COUNT, 1, 20),
    Assumed(
        "bid_low",
        Message("Of the able, bid at least, in percent"),
        Message("When the market is reluctant."),
        Unit.PERCENT,
        0,
        100,
    ),
    Assumed(
        "bid_likely", Message("Of the able, probably bid, in percent"), Message("The middle of the range."), Unit.PERCENT, 0, 100
    ),
    Assumed(
        "bid_high",
        Message("Of the able, bid at most, in percent"),
        Message("When you talk to them before."),
        Unit.PERCENT,
        0,
        100,
    ),
)
WORK: Sequence[Assumed] = (
    Assumed(
        "labour_share",
        Message("Part of the value that pays work, in percent"),
        Message("Turns money into hours. Empty: the usual part for this kind of work."),
        Unit.PERCENT,
        1,
        100,
        optional=True,
    ),
    Assumed("hourly_cost", Message("Cost of one hour of work, in euro"), Message("Wage and social charges."), Unit.EURO, 1, 500),
    Assumed(
        "norm_low",
        Message("Social part that is usual, from, in percent"),
        Message("What policies ask for."),
        Unit.PERCENT,
        0,
        100,
    ),
    Assumed("norm_high", Message("Social part that is usual, to, in percent"), Message("The upper end."), Unit.PERCENT, 0, 100),
)
GROUPS: Sequence[tuple[Message, Sequence[Assumed]]] = (
    (Message("Who counts as able"), SIZE),
    (Message("How many bid"), BIDS),
    (Message("Target for a social part"), WORK),
)
ALL: Sequence[Assumed] = (*SIZE, *BIDS, *WORK)

CODE = re.compile(r"[0-9]{8}")
MOST_TASKS = 12

_DECIMAL = {"dependency", "hourly_cost", "unknown_up_to"}
"""Held as decimals; the others as numbers."""

TASK = "task_part_"
"""Begins the names of the fields that take a task's part of the value; the task's CPV code follows."""
TASK_LABEL = Message("Part of the value of task %(code)s, in percent")
_TASK = Assumed(TASK, TASK_LABEL, Message("Empty: equal parts of what is left."), Unit.PERCENT, 0, 100, optional=True)


@dataclass(frozen=True, slots=True)
class Moved:
    """An assumption the buyer changed, as it is written."""

    label: Message
    before: str
    after: str


def typed(assumptions: Assumptions, language: str) -> dict[str, str]:
    """The assumptions as the form shows them; what is left open is empty."""
    fixed = {each.name: _written(each, getattr(assumptions, each.name), language) for each in ALL}
    return fixed | {TASK + code: _written(_TASK, share, language) for code, share in assumptions.task_parts}


def assumptions_form(values: Mapping[str, object], language: str) -> Form:
    """A form with what was typed and, where nothing was, the published assumptions."""
    given = {name: value for name, value in values.items() if isinstance(value, str) and value.strip()}
    return Form({**typed(Assumptions(), language), **given})


def read_assumptions(form: Form, language: str) -> Assumptions:
    """The assumptions typed; where one is wrong, ``form.errors`` says why and the published one stands in its place."""
    found: dict[str, Any] = {}
    for each in ALL:
        value = _value(form, each, language)
        if value is not None:
            found[each.name] = value
    _in_order(form, found, ("bid_low", "bid_likely", "bid_high"))
    _in_order(form, found, ("norm_low", "norm_high"))
    return Assumptions(
        **{name: value for name, value in found.items() if name not in form.errors}, task_parts=_task_parts(form, language)
    )


def _task_parts(form: Form, language: str) -> tuple[tuple[str, float], ...]:
    """The parts typed, by CPV code; none of them where one is wrong or they are more than the whole."""
    names = [name for name in form.names(TASK) if CODE.fullmatch(name.removeprefix(TASK))][:MOST_TASKS]
    typed_parts = {name: _value(form, replace(_TASK, name=name), language) for name in names}
    parts = {name: float(part) for name, part in typed_parts.items() if part is not None}
    if sum(parts.values()) > 1 + 1e-9:
        for name in parts:
            form.refuse(name, Message("The parts of the tasks add up to more than 100 percent."))
    if any(name in form.errors for name in names):
        return ()
    return tuple((name.removeprefix(TASK), part) for name, part in parts.items())


def with_published(chosen: Assumptions) -> list[Assumptions]:
    """The assumptions to plan under: those chosen and, where they differ, the published ones to compare with."""
    return [chosen] if chosen == Assumptions() else [chosen, Assumptions()]


def moved(chosen: Assumptions, language: str) -> tuple[Moved, ...]:
    """What differs from the published assumptions, in the order of the form."""
    before, after = typed(Assumptions(), language), typed(chosen, language)
    fixed = [Moved(each.label, before[each.name], after[each.name]) for each in ALL if before[each.name] != after[each.name]]
    tasks = [Moved(replace(TASK_LABEL, parameters={"code": code}), "", after[TASK + code]) for code, _ in chosen.task_parts]
    return (*fixed, *tasks)


def _value(form: Form, each: Assumed, language: str) -> Decimal | float | int | None:
    text = form.value(each.name)
    if not text:
        return None
    found = read_number(text, language)
    limits: dict[str, Parameter] = {"typed": text[:40], "least": each.least, "most": each.most}
    if found is None or not each.least <= found <= each.most:
        form.refuse(each.name, Message("“%(typed)s” is not a number from %(least)s to %(most)s.", limits))
        return None
    if each.unit is Unit.COUNT:
        if found != found.to_integral_value():
            form.refuse(each.name, Message("“%(typed)s” is not a whole number.", {"typed": text[:40]}))
            return None
        return int(found)
    exact = found / 100 if each.unit is Unit.PERCENT else found
    return exact if each.name in _DECIMAL else float(exact)


def _in_order(form: Form, found: dict[str, Any], names: tuple[str, ...]) -> None:
    """Values that must not fall; where they do, the whole row is refused, because nobody knows which one was meant."""
    standing = {name: found.get(name, getattr(Assumptions(), name)) for name in names}
    values = list(standing.values())
    if values != sorted(values):
        for name in names:
            form.refuse(name, Message("The lower number is above the higher one. Put them in order."))


def _written(each: Assumed, value: Any, language: str) -> str:
    if value is None:
        return ""
    return number(round(float(value) * 100, 2) if each.unit is Unit.PERCENT else value, language)
