"""``regimes flags``: what is printed of flagged lots, and what is refused."""

from datetime import date

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.cli.regime_flags import as_plain, show
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.planning.plan import Flag, FlagKind
from matchmaker.workflows.flag_lots import FlaggedLot

MISTAKEN = Flag(FlagKind.PROBABLY_MISTAKEN, Message("Marked by mistake: all %(count)s lots.", {"count": 2}))


def lot(lot_id: str, *flags: Flag) -> FlaggedLot:
    return FlaggedLot(f"00000001-2026/{lot_id}", "PL", "Wykład", ("res-ws",), 2, 0, date(2026, 3, 2), flags)


def test_lots_of_one_notice_with_the_same_remark_share_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show([lot("LOT-0001", MISTAKEN), lot("LOT-0002", MISTAKEN), lot("LOT-0003")])
    printed = capsys.readouterr().out
    assert printed.count("Marked by mistake") == 1
    assert "00000001-2026/LOT-0001" in printed
    assert "probably-mistaken: 2" in printed
    assert "2 of 3 lots have a flag." in printed


def test_a_program_gets_every_lot_with_its_flags_in_english() -> None:
    plain = as_plain(lot("LOT-0001", MISTAKEN))
    assert plain["flags"] == [{"kind": "probably-mistaken", "sentence": "Marked by mistake: all 2 lots."}]
    assert plain["judged_on"] == "2026-03-02"


def test_what_is_no_country_is_refused() -> None:
    result = CliRunner().invoke(app, ["regimes", "flags", "--country", "Poland"])
    assert isinstance(result.exception, InvalidValue)
