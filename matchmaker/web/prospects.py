"""What would raise the matches on a page: for each supplier shown, and for the buyer in the need."""

from collections.abc import Mapping, Sequence
from typing import Any

from matchmaker.domain.match import Need
from matchmaker.scoring.raise_match import what_blocks, what_would_raise
from matchmaker.web.matches import MatchView
from matchmaker.workflows.tools import MatchTools

EXPLAINED = 20
"""Matches at the top of the page for which it is said."""

NONE: Mapping[str, Any] = {"prospects": {}, "blocks": ()}
"""For a lot that is closed: there is nothing left to do about it."""


def prospects_of(need: Need, found: Sequence[MatchView], shown: Sequence[MatchView], tools: MatchTools) -> dict[str, Any]:
    """``prospects`` by supplier key and ``blocks`` for the templates; ``found`` are all matches, ``shown`` those on the page."""
    return {
        "prospects": {view.organisation.key: what_would_raise(need, view.match, tools.capability) for view in shown[:EXPLAINED]},
        "blocks": what_blocks(need, [view.match for view in found], tools.capability),
    }
