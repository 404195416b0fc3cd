"""The plots of a plan. Templates give each its words, already in the reader's language."""

from markupsafe import Markup

from matchmaker.language.formats import percent
from matchmaker.planning.feasibility import Limits
from matchmaker.planning.plan import Change, RegimePlan, Target, TaskShare
from matchmaker.web.plots import Part, Tick, dumbbell, interval, range_under_ceiling, share_bar, stacked_bar

WHOLE = (0.0, 0.5, 1.0)
"""Marks of an axis from nothing to all."""
AXES = (0.1, 0.25, 0.5, 1.0)
"""Where the axis of a target may end, so that a small one is still seen."""


def supply(regime: RegimePlan, words: str) -> Markup:
    """Suppliers by verdict: eligible, probably, not known, not eligible."""
    parts = (
        Part("sure", regime.eligible - regime.probably),
        Part("may", regime.probably),
        Part("open", regime.unknown),
        Part("not", regime.not_eligible),
    )
    return stacked_bar(parts, words)


def chance(regime: RegimePlan, words: str, language: str, marked: bool = True) -> Markup:
    """The chance of enough bids with its range; shaded from where reserving at once is advised. Empty where it is not known."""
    if regime.p_at_least_n is None or regime.low is None or regime.high is None:
        return Markup("")
    ticks = [Tick(at, percent(at, language)) for at in WHOLE] if marked else []
    return interval(regime.low, regime.p_at_least_n, regime.high, words, ticks, (Limits().reserve, 1.0))


def change(row: Change, words: str) -> Markup:
    """The chance of enough bids before and after a change."""
    return dumbbell(row.p_before, row.p_after, words)


def target(found: Target, words: str, language: str) -> Markup:
    """What to ask for, under the ceiling of what social suppliers could carry."""
    most = next((end for end in AXES if end >= max(found.ceiling_high, found.high)), AXES[-1])
    ticks = [Tick(most * at, percent(most * at, language)) for at in WHOLE]
    return range_under_ceiling(found.low, found.likely, found.high, found.ceiling_likely, words, ticks, most)


def task(row: TaskShare, words: str) -> Markup:
    """A task's part of the value, and which part of that social suppliers could carry."""
    return share_bar(row.part, row.low, row.high, words)
