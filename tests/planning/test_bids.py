"""How many bids to expect, and how sure one can be."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.planning.bid_fitting import Award, calibration, fit, read_awards
from matchmaker.planning.bids import LotFeatures, Participation, chance_of_bids, default_bid_model, load_bid_model
from matchmaker.reference.bundle import core_reference

MODEL = default_bid_model()
TO_EURO = core_reference().currencies.to_euro
LOT = LotFeatures("services", open=True, value=200_000.0)
LOTS = st.builds(
    LotFeatures,
    nature=st.sampled_from(["works", "supplies", "services", None]),
    open=st.booleans(),
    direct=st.booleans(),
    value=st.none() | st.floats(1, 1e9),
)


@settings(deadline=None)
@given(LOTS, st.integers(0, 300), st.integers(0, 300), st.integers(0, 10))
def test_more_able_bidders_never_lower_the_chance(lot: LotFeatures, one: int, other: int, wanted: int) -> None:
    fewer, more = sorted((one, other))
    before, after = chance_of_bids(fewer, lot, MODEL, wanted), chance_of_bids(more, lot, MODEL, wanted)
    assert after.likely >= before.likely - 1e-9
    assert after.low >= before.low - 1e-9
    assert after.high >= before.high - 1e-9


@settings(deadline=None)
@given(LOTS, st.integers(0, 200), st.integers(1, 10))
def test_the_chance_lies_in_its_interval_and_falls_with_the_bids_wanted(lot: LotFeatures, bidders: int, wanted: int) -> None:
    found = chance_of_bids(bidders, lot, MODEL, wanted)
    assert 0 <= found.low <= found.likely <= found.high <= 1
    assert found.likely <= chance_of_bids(bidders, lot, MODEL, wanted - 1).likely + 1e-9


def test_fewer_able_bidders_than_bids_wanted_is_no_chance() -> None:
    found = chance_of_bids(2, LOT, MODEL, 3)
    assert (found.low, found.likely, found.high) == (0, 0, 0)


def test_bids_spread_more_than_chance_alone_would() -> None:
    mean, shape = MODEL.mean(LOT), MODEL.shape(LOT)
    assert mean + mean**2 / shape > 3 * mean


def test_a_buyer_who_expects_more_of_the_able_to_bid_gets_a_higher_chance() -> None:
    bold = chance_of_bids(10, LOT, MODEL, participation=Participation(0.4, 0.6, 0.8))
    assert bold.likely > chance_of_bids(10, LOT, MODEL).likely
    assert "About 6.0 bids are to be expected" in str(bold.sentence)


def test_the_interval_is_wider_while_few_reserved_awards_are_known() -> None:
    many = replace(MODEL, reserved_awards=30)
    few, enough = chance_of_bids(10, LOT, MODEL), chance_of_bids(10, LOT, many)
    assert MODEL.reserved_awards < 30
    assert few.low <= enough.low
    assert few.high >= enough.high
    assert few.high - few.low > enough.high - enough.low


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InvalidValue):
        chance_of_bids(-1, LOT, MODEL)
    with pytest.raises(InvalidValue):
        Participation(0.5, 0.3, 0.9)


def invented(count: int, seed: int = 7) -> list[Award]:
    """Awards drawn from a known law: 1 + a negative binomial of mean 6 (open) or 1, shape 2."""
    random = np.random.default_rng(seed)
    awards = []
    for position in range(count):
        openly = position % 2 == 0
        mean = 6.0 if openly else 1.0
        bids = 1 + int(random.negative_binomial(2.0, 2.0 / (2.0 + mean)))
        awards.append(
            Award(LotFeatures("services", open=openly, value=250_000.0), bids, reserved=False, held_out=position % 5 == 4)
        )
    return awards


def test_fitting_finds_the_law_that_made_the_awards() -> None:
    awards = invented(4000)
    model = fit(awards)
    for openly, mean in ((True, 6.0), (False, 1.0)):
        lot = LotFeatures("services", open=openly, value=250_000.0)
        assert model.mean(lot) == pytest.approx(mean, rel=0.15)
        assert model.shape(lot) == pytest.approx(2.0, rel=0.4)
    for row in calibration(model, [award for award in awards if award.held_out]):
        assert row.predicted == pytest.approx(row.observed, abs=0.05)


def test_too_few_awards_fit_nothing() -> None:
    with pytest.raises(InvalidValue):
        fit(invented(20))


def test_awards_are_read_with_their_value_in_euro_and_those_without_bids_left_out(tmp_path: Path) -> None:
    rows = [
        {
            "notice_id": "1-2024",
            "n_tenders": 4.0,
            "nature": "Services",
            "procedure_type": "Open procedure",
            "reserved": ["res-ws"],
        },
        {"notice_id": "2-2024", "n_tenders": 2, "value": 1000.0, "currency": "EUR", "procedure_type": "neg-wo-call"},
        {"notice_id": "3-2024", "n_tenders": None},
        {"notice_id": "4-2024", "n_tenders": 0},
    ]
    path = tmp_path / "lots.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second = read_awards(path, TO_EURO)
    assert (first.lot.nature, first.lot.open, first.reserved, first.bids) == ("services", True, True, 4)
    assert (second.lot.value, second.lot.direct, second.reserved) == (1000.0, True, False)
    with pytest.raises(NotFound):
        read_awards(tmp_path / "none", TO_EURO)


def test_the_command_fits_writes_and_reports(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with gzip.open(tmp_path / "data" / "lots.jsonl.gz", "wt", encoding="utf-8") as lines:
        for position, award in enumerate(invented(400)):
            procedure = "open" if award.lot.open else "restricted"
            lines.write(
                json.dumps({"notice_id": f"{position}-2024", "n_tenders": award.bids, "procedure_type": procedure}) + "\n"
            )
    out = tmp_path / "model.json"
    result = CliRunner().invoke(app, ["train", "bids", "--shared", str(tmp_path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert re.search(r"all: at least 3 bids: predicted 0\.\d+, observed 0\.\d+, n \d+", result.output)
    assert "the interval for reserved lots is widened" in result.output
    assert load_bid_model(out).reserved_awards == 0


def test_the_package_s_model_is_calibrated_on_real_awards_it_did_not_see(shared: Path) -> None:
    held_out = [award for award in read_awards(shared / "data" / "lots.jsonl.gz", TO_EURO) if award.held_out]
    assert len(held_out) > 300
    for row in calibration(MODEL, held_out):
        assert row.predicted == pytest.approx(row.observed, abs=0.08)
