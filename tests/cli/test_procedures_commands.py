"""``procedures``: what the commands print and refuse, on values that need no database."""

from datetime import date

from matchmaker.cli.procedures import LINES, _reason, _stage
from matchmaker.domain.procedure import Basis, Stage
from matchmaker.domain.procedure_guesses import Confidence
from matchmaker.storage.awards import Identity
from matchmaker.storage.procedure_history import HistoryEntry
from matchmaker.storage.procedure_upkeep import _FIGURES


def test_every_figure_that_is_counted_is_printed_with_a_label() -> None:
    assert set(LINES) == {*_FIGURES, *(identity.value for identity in Identity)}


def test_a_guessed_notice_is_called_a_guess_and_a_corrected_one_is_marked() -> None:
    sure = HistoryEntry("1-2026", Stage.CALLED, date(2026, 1, 1), Basis.PROCEDURE_ID, corrects=True, superseded=True)
    guessed = HistoryEntry("2-2026", Stage.AWARDED, None, Basis.ALONE, guess=Confidence.PROBABLE)
    assert (_stage(sure), _reason(sure)) == ("called (corrects, superseded)", "procedure-id")
    assert (_stage(guessed), _reason(guessed)) == ("awarded", "guess: probable")
