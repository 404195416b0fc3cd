"""Small plots as SVG, drawn on the server: no script, no inline style, every one with its meaning in words.

Lengths are shares of an axis from 0 to 1 unless said otherwise. Colours come from the style sheet by class; the words beside a
plot say the same, so that nothing depends on seeing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 320.0
"""Width of every plot in its own units; the style sheet sets how wide it is shown."""
INSET = 12.0
"""Room left and right of an axis, so that a dot at its end is whole."""
GAP = 2.0
"""Between the parts of a stacked bar."""
NARROWEST = 4.0
"""A part that counts at least one is never thinner than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stacked bar: the class that colours it, and how many it counts."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis with its words: ``50 %``."""

    at: float
    words: str


def stacked_bar(parts: Sequence[Part], words: str) -> Markup:
    """The parts side by side, each as long as its share; an empty bar where nothing is counted."""
    height = 16.0
    counted = [part for part in parts if part.count > 0]
    if not counted:
        return _svg("stack", height, words, _rect("track", 0.5, 0.5, WIDTH - 1, height - 1))
    room = WIDTH - GAP * (len(counted) - 1)
    total = sum(part.count for part in counted)
    wanted = [max(NARROWEST, room * part.count / total) for part in counted]
    scale = room / sum(wanted)
    drawn, x = [], 0.0
    for part, width in zip(counted, wanted, strict=True):
        drawn.append(_rect(part.kind, x + 0.5, 0.5, max(width * scale - 1, 1), height - 1))
        x += width * scale + GAP
    return _svg("stack", height, words, *drawn)


def interval(
    low: float, likely: float, high: float, words: str, ticks: Sequence[Tick] = (), zone: tuple[float, float] | None = None
) -> Markup:
    """A dot with its range on an axis; ``zone`` is shaded: where a value would have to lie."""
    height = 38.0 if ticks else 24.0
    shaded = [_rect("zone", _x(zone[0]), 2, _x(zone[1]) - _x(zone[0]), 20)] if zone else []
    return _svg(
        "interval",
        height,
        words,
        *shaded,
        _line("axis", _x(0), _x(1), 12),
        *_ticks(ticks),
        _rect("span", _x(low), 9, max(_x(high) - _x(low), 1), 6, radius=3),
        _dot("dot", likely, 12, 6),
    )


def dumbbell(before: float, after: float, words: str) -> Markup:
    """An open dot for before, a filled one for after, and the way between them."""
    return _svg(
        "dumbbell",
        24.0,
        words,
        _line("axis", _x(0), _x(1), 12),
        _rect("way", min(_x(before), _x(after)), 10.5, max(abs(_x(after) - _x(before)), 0.5), 3),
        _dot("dot-open", before, 12, 5),
        _dot("dot", after, 12, 6),
    )


def range_under_ceiling(
    low: float, likely: float, high: float, ceiling: float, words: str, ticks: Sequence[Tick] = (), most: float = 1.0
) -> Markup:
    """What to ask for, as a dot with its range, on a bar that ends at the ceiling; the axis ends at ``most``."""
    height = 46.0 if ticks else 30.0
    at = [min(max(each / most, 0.0), 1.0) for each in (low, likely, high, ceiling)]
    return _svg(
        "target",
        height,
        words,
        _line("axis", _x(0), _x(1), 15),
        *_ticks([Tick(tick.at / most, tick.words) for tick in ticks], 28),
        _rect("ceiling", _x(0), 4, max(_x(at[3]) - _x(0), 1), 22, radius=3),
        _rect("span", _x(at[0]), 12, max(_x(at[2]) - _x(at[0]), 1), 6, radius=3),
        _dot("dot", at[1], 15, 6),
        _stop("stop", at[3], 1, 29),
    )


def share_bar(part: float, low: float, high: float, words: str) -> Markup:
    """A task: a track as long as its part of the whole, and in it the part from ``low`` to ``high`` of that task."""
    return _svg(
        "share",
        14.0,
        words,
        _line("axis", _x(0), _x(1), 7),
        _rect("track", _x(0), 2, max(_x(part) - _x(0), 1), 10),
        _rect("sure", _x(0), 2, max(_x(part * low) - _x(0), 0.5), 10),
        _rect("may", _x(part * low), 2, max(_x(part * high) - _x(part * low), 0.5), 10),
    )


def _x(share: float) -> float:
    return INSET + min(max(share, 0.0), 1.0) * (WIDTH - 2 * INSET)


def _svg(kind: str, height: float, words: str, *shapes: Markup) -> Markup:
    opened = Markup('<svg class="plot plot-{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        kind, _short(WIDTH), _short(height), escape(words)
    )
    return opened + Markup("").join(shapes) + Markup("</svg>")


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: float = 2) -> Markup:
    shape = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>')
    return shape.format(kind, _short(x), _short(y), _short(width), _short(height), _short(radius))


def _line(kind: str, start: float, end: float, y: float) -> Markup:
    shape = Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    return shape.format(kind, _short(start), _short(end), _short(y), _short(y))


def _stop(kind: str, share: float, top: float, bottom: float) -> Markup:
    shape = Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    return shape.format(kind, _short(_x(share)), _short(_x(share)), _short(top), _short(bottom))


def _dot(kind: str, share: float, y: float, radius: float) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(kind, _short(_x(share)), _short(y), _short(radius))


def _ticks(ticks: Sequence[Tick], top: float = 19) -> list[Markup]:
    drawn = []
    for tick in ticks:
        drawn.append(_stop("tick-mark", tick.at, top, top + 4))
        anchor = "start" if tick.at < 0.02 else "end" if tick.at > 0.98 else "middle"
        x = {"start": 0.0, "middle": _x(tick.at), "end": WIDTH}[anchor]
        words = Markup('<text x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text>')
        drawn.append(words.format(_short(x), _short(top + 17), anchor, tick.words))
    return drawn


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
