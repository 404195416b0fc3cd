"""Do stated chances hold? Judged pairs grouped by the chance they were given, and the picture of it as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from scipy.special import expit

from matchmaker.scoring.additive import Doubles
from matchmaker.scoring.benchmark import FIRM
from matchmaker.scoring.scorer_training import Measured

EDGES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
"""Bounds of the groups of stated chances; narrow where most pairs are."""
SURE = 1.96
"""Standard errors to both sides that hold 95 of 100 cases."""
SIDE, MARGIN = 320, 48
"""Of the square that is plotted in, and around it, in pixels."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs given about the same chance: the mean of it, the share found able, its 95 % interval (Wilson), and how many."""

    stated: float
    found: float
    low: float
    high: float
    pairs: int


def groups_of(measured: Measured, odds: Sequence[Doubles]) -> list[Group]:
    """All pairs by stated chance, lowest first; a pair nobody judged counts as not able."""
    chance = np.concatenate([expit(each) for each in odds])
    firm = np.concatenate(measured.grades) >= FIRM
    member = np.digitize(chance, EDGES[1:-1])
    found = []
    for number in range(len(EDGES) - 1):
        mine = member == number
        if mine.any():
            low, high = wilson(int(firm[mine].sum()), int(mine.sum()))
            found.append(Group(float(chance[mine].mean()), float(firm[mine].mean()), low, high, int(mine.sum())))
    return found


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share (Wilson 1927); never leaves 0 to 1."""
    share, squared = hits / cases, SURE**2
    middle = (share + squared / (2 * cases)) / (1 + squared / cases)
    spread = SURE * (share * (1 - share) / cases + squared / (4 * cases**2)) ** 0.5 / (1 + squared / cases)
    return max(middle - spread, 0.0), min(middle + spread, 1.0)


def reliability_svg(groups: Sequence[Group], title: str) -> str:
    """The diagram: stated chance to the right, share found able upwards, the diagonal where both agree.

    Its only words are ``title`` and what a pointer over a dot tells, so that a page in any language can show it.
    """
    whole = SIDE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>',
        _line(0, 0, 1, 1, 'stroke="#777" stroke-dasharray="4 4"'),
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            _line(tick, 0, tick, 1, 'stroke="#ddd"'),
            _line(0, tick, 1, tick, 'stroke="#ddd"'),
            _text(_x(tick), MARGIN + SIDE + 18, f"{tick:.0%}", "middle"),
            _text(MARGIN - 6, _y(tick) + 4, f"{tick:.0%}", "end"),
        ]
    for group in groups:
        told = f"stated {group.stated:.1%}, found {group.found:.1%} ({group.low:.1%} to {group.high:.1%}), {group.pairs} pairs"
        dot = f'cx="{_x(group.stated):.1f}" cy="{_y(group.found):.1f}" r="4" fill="#0b4f6c"'
        parts += [
            _line(group.stated, group.low, group.stated, group.high, 'stroke="#0b4f6c" stroke-width="2"'),
            f"<circle {dot}><title>{escape(told)}</title></circle>",
        ]
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return MARGIN + SIDE * (1 - share)


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<line x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}" {look}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222">{escape(text)}</text>'
