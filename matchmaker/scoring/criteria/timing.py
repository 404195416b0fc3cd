"""Timing: the days left against the effort a tender takes."""

from datetime import date
from decimal import Decimal

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.messages import Message
from matchmaker.domain.values import Deadline
from matchmaker.scoring.criteria.finding import Finding

EFFORT_DAYS: tuple[tuple[Decimal | None, int], ...] = ((Decimal(50_000), 10), (Decimal(221_000), 20), (None, 30))
"""Days a tender takes by yearly value in euro (up to, days). 30 days is the shortest time a buyer may give in an open procedure
above the thresholds (Directive 2014/24/EU Art. 27(1) and (4)); smaller ones ask for less paper."""

UNKNOWN_EFFORT_DAYS = 20

PROCEDURE_DAYS = 60
"""Days a buyer needs besides: to evaluate, to wait out the standstill, to sign."""

TRANSLATION_DAYS = 5
"""Added when the supplier is not known to work in the notice's language."""


def effort_days(yearly_euro: Decimal | None, same_language: bool) -> int:
    """Days of preparation to expect for a contract of this yearly value in euro."""
    days = UNKNOWN_EFFORT_DAYS
    if yearly_euro is not None:
        days = next(days for bound, days in EFFORT_DAYS if bound is None or yearly_euro <= bound)
    return days if same_language else days + TRANSLATION_DAYS


def timing(need: Need, same_language: bool, yearly_euro: Decimal | None, today: date) -> Finding:
    """How well the days left on ``today`` cover the effort; 0 once the deadline has passed.

    A need without deadline counts to the start of the contract, before which a procedure has to be run; unknown without both.
    """
    effort = effort_days(yearly_euro, same_language)
    if need.deadline is not None:
        return _until_deadline(need.deadline, effort, today)
    if need.period.start is None or need.period.start <= today:
        return Finding(None, Message("The deadline is not known."), (), {"timing.days": None})
    left = (need.period.start - today).days
    value = min(1.0, left / (effort + PROCEDURE_DAYS))
    text = (
        "The contract is to start in %(days)s days, enough for a tender."
        if value >= 1
        else "The contract is to start in %(days)s days, which is short for a tender."
    )
    evidence = (Evidence("lot.start", need.period.start.isoformat()),)
    return Finding(value, Message(text, {"days": left}), evidence, {"timing.days": value})


def _until_deadline(deadline: Deadline, effort: int, today: date) -> Finding:
    left = deadline.days_left(today)
    evidence = (Evidence("lot.deadline", deadline.isoformat()),)
    if left < 0:
        closed = Message("Closed: the deadline was %(day)s.", {"day": deadline.day.isoformat()})
        return Finding(0.0, closed, evidence, {"timing.days": 0.0})
    value = min(1.0, (left + 1) / (effort + 1))
    text = (
        "%(days)s days are left; preparing a tender like this takes about %(effort)s."
        if value >= 1
        else "Only %(days)s days are left; preparing a tender like this takes about %(effort)s."
    )
    return Finding(value, Message(text, {"days": left, "effort": effort}), evidence, {"timing.days": value})
