"""The provisions that plans rest on: each read in a dated text, and none cited in the code that is not among them."""

import re
from datetime import date
from pathlib import Path

import matchmaker.planning
from matchmaker.reference.clauses import ClauseState
from matchmaker.reference.provisions import provisions

TODAY = date(2026, 11, 24)
IN_REGIMES = {"20", "77"}
"""Articles that are reservation regimes of their own."""


def test_every_provision_was_read_and_goes_stale_with_the_moving_law() -> None:
    for provision in provisions():
        assert provision.state(TODAY) is ClauseState.VERIFIED, provision.article
        assert provision.state(date(2027, 6, 1)) is ClauseState.STALE, provision.article
        assert provision.says.endswith(".")


def test_every_article_that_the_planner_names_is_among_them() -> None:
    known = {match.group(1) for provision in provisions() if (match := re.match(r"Art\. (\d+)", provision.article))} | IN_REGIMES
    folder = Path(matchmaker.planning.__file__).parent
    for file in folder.glob("*.py"):
        cited = set(re.findall(r"Art\. (\d+)", file.read_text(encoding="utf-8")))
        assert cited <= known, (file.name, cited - known)
