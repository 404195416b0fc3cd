"""Small plots: right lengths, words beside them, nothing inline."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from markupsafe import Markup

from matchmaker.web.plots import INSET, WIDTH, Part, Tick, dumbbell, interval, range_under_ceiling, share_bar, stacked_bar

AXIS = WIDTH - 2 * INSET


def shapes(plot: Markup, kind: str) -> list[Element]:
    return [shape for shape in ElementTree.fromstring(plot) if shape.get("class") == kind]


def number(shape: Element, name: str) -> float:
    return float(shape.get(name) or "nan")


def test_the_parts_of_a_stacked_bar_are_as_long_as_what_they_count() -> None:
    plot = stacked_bar([Part("sure", 30), Part("may", 0), Part("open", 60), Part("not", 10)], "thirty")
    widths = {kind: number(shapes(plot, kind)[0], "width") for kind in ("sure", "open", "not")}
    assert not shapes(plot, "may")
    assert widths["open"] == pytest.approx(2 * widths["sure"], abs=1.5)
    assert widths["sure"] == pytest.approx(3 * widths["not"], abs=3)
    last = shapes(plot, "not")[0]
    assert number(last, "x") + number(last, "width") <= WIDTH


def test_one_supplier_among_ten_thousand_is_still_seen() -> None:
    plot = stacked_bar([Part("sure", 1), Part("open", 9_999)], "one")
    assert number(shapes(plot, "sure")[0], "width") >= 2


def test_a_bar_that_counts_nothing_is_an_empty_track() -> None:
    plot = stacked_bar([Part("sure", 0)], "nobody")
    assert [shape.get("class") for shape in ElementTree.fromstring(plot)] == ["track"]


def test_an_interval_puts_its_dot_and_range_where_they_belong() -> None:
    plot = interval(0.2, 0.5, 0.9, "half", [Tick(0, "0 %"), Tick(1, "100 %")], (0.7, 1.0))
    assert number(shapes(plot, "dot")[0], "cx") == pytest.approx(WIDTH / 2)
    span, zone = shapes(plot, "span")[0], shapes(plot, "zone")[0]
    assert number(span, "x") == pytest.approx(INSET + 0.2 * AXIS, abs=0.1)
    assert number(span, "width") == pytest.approx(0.7 * AXIS, abs=0.1)
    assert number(zone, "x") + number(zone, "width") == pytest.approx(INSET + AXIS, abs=0.1)
    assert "100 %" in plot


@pytest.mark.parametrize("value", [-0.5, 1.7])
def test_what_lies_beyond_the_axis_stays_at_its_end(value: float) -> None:
    dot = shapes(interval(value, value, value, "out"), "dot")[0]
    assert INSET <= number(dot, "cx") <= INSET + AXIS


def test_a_change_for_the_worse_is_drawn_from_right_to_left() -> None:
    plot = dumbbell(0.8, 0.3, "less")
    before, after = shapes(plot, "dot-open")[0], shapes(plot, "dot")[0]
    assert number(before, "cx") > number(after, "cx")
    assert number(shapes(plot, "way")[0], "width") == pytest.approx(0.5 * AXIS, abs=0.1)


def test_a_target_ends_below_its_ceiling_on_an_axis_that_may_be_shorter() -> None:
    plot = range_under_ceiling(0.02, 0.04, 0.06, 0.08, "four", [Tick(0.1, "10 %")], most=0.1)
    span, stop = shapes(plot, "span")[0], shapes(plot, "stop")[0]
    assert number(span, "x") + number(span, "width") < number(stop, "x1")
    assert number(stop, "x1") == pytest.approx(INSET + 0.8 * AXIS, abs=0.1)


def test_a_task_shows_what_is_carried_within_its_own_part() -> None:
    plot = share_bar(0.5, 0.2, 0.6, "half")
    assert number(shapes(plot, "track")[0], "width") == pytest.approx(0.5 * AXIS, abs=0.1)
    assert number(shapes(plot, "sure")[0], "width") == pytest.approx(0.1 * AXIS, abs=0.1)
    assert number(shapes(plot, "may")[0], "width") == pytest.approx(0.2 * AXIS, abs=0.1)


@pytest.mark.parametrize("plot", [stacked_bar([Part("sure", 1)], '"<b>&'), dumbbell(0, 1, '"<b>&')])
def test_every_plot_has_its_words_escaped_and_nothing_inline(plot: Markup) -> None:
    tree = ElementTree.fromstring(plot)
    assert tree.get("role") == "img"
    assert tree.get("aria-label") == '"<b>&'
    assert not [shape for shape in tree.iter() if shape.get("style") or shape.get("fill")]
