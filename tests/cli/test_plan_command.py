"""``plan`` at the command line: the whole answer for people and for programs."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.cli.planning import task_part, with_bids
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode, Period
from matchmaker.planning.plan import Assumptions
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.encoder import default_encoder
from matchmaker.scoring.profile import profile_vectors
from matchmaker.storage.engine import make_engine, make_sessions, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisations
from matchmaker.workflows.migrate import migrate

CLEANING = CpvCode("90910000")
LOT_ID = "00000001-2026/LOT-0001"
LOT = Lot(
    "LOT-0001",
    {"fr": "Nettoyage des bureaux"},
    nature="services",
    main_cpv=CLEANING,
    nuts=("FR10",),
    value=Money(Decimal(120_000), "EUR"),
    period=Period(months=12),
    deadline=Deadline(date(2026, 12, 20)),
)
NOTICE = Notice(
    "00000001-2026",
    "01",
    NoticeKind.COMPETITION,
    "eforms",
    "1.13",
    "fr",
    {"fr": "Nettoyage"},
    (LOT,),
    buyers=(Buyer("Ville", country="FR"),),
    published=date(2026, 11, 20),
)


def supplier(number: int) -> Organisation:
    return Organisation(
        f"own:net{number}",
        f"Net {number}",
        Base("FR", city="Paris", nuts=NutsCode("FR10")),
        Provenance("own", str(number), claimed=True),
        language="fr",
        area=ServiceArea(nuts=(NutsCode("FR10"),)),
        statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, "EI", integration_share=0.6, main_aim_integration=True),),
        size=SizeFigures(turnover=Money(Decimal(300_000 + number), "EUR")),
        capabilities=(Capability("Nettoyage de bureaux et de vitres", "fr", cpvs=(CLEANING,)),),
    )


async def _fill(url: str) -> None:
    await migrate(url)
    suppliers = [supplier(number) for number in range(6)]
    engine = make_engine(url)
    async with transaction(make_sessions(engine)) as session:
        vectors = profile_vectors(suppliers, default_encoder())
        await save_organisations(session, suppliers, vectors, conversions_of(core_reference()))
        await save_notice(session, NOTICE, conversions_of(core_reference()))
    await engine.dispose()


@pytest.fixture(scope="module")
def instance(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an instance with six suppliers and one lot."""
    url = asyncio.run(new_database(f"plan_{uuid4().hex[:8]}"))
    asyncio.run(_fill(url))
    home: Path = tmp_path_factory.mktemp("instance")
    return {"DATABASE_URL": url, "MATCHMAKER_HOME": str(home)}


def call(environment: dict[str, str], *arguments: str) -> Any:
    return CliRunner().invoke(app, ["plan", *arguments, "--today", "2026-11-24"], env=environment)


def test_json_carries_the_whole_answer(instance: dict[str, str]) -> None:
    result = call(instance, LOT_ID, "--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.output)
    law = next(each for each in made["regimes"] if each["regime_id"] == "FR-2113-13")
    assert law["eligible"] + law["not_eligible"] + law["unknown"] == made["capable"] == 6
    assert 0 <= law["low"] <= law["p_at_least_n"] <= law["high"] <= 1
    assert law["n"] == 3
    assert law["expected_bids"] > 0
    assert law["advice"] in {"reserve", "reserve-after-dialogue", "split-first", "social-clause", "not-now"}
    assert law["sentences"][0]["sentence"]
    assert len(law["suppliers"]) == 6
    assert made["changes"][0]["able_after"] >= made["changes"][0]["able_before"]
    assert 0 <= made["target"]["low"] <= made["target"]["high"] <= 1
    assert {"regime_id", "values", "sentences"} <= made["notice"][0].keys()
    assert made["consortia"][0]["members"]


def test_people_read_the_answer_first_and_what_it_rests_on_last(instance: dict[str, str]) -> None:
    result = call(instance, LOT_ID)
    assert result.exit_code == 0, result.output
    order = [result.output.index(part) for part in ("FR-2113-13  CCP", "What would change", "Social part", "What this rests on")]
    assert order == sorted(order)
    assert "Net 5" in result.output


def test_moved_assumptions_move_the_answer(instance: dict[str, str]) -> None:
    prudent = json.loads(call(instance, LOT_ID, "--json", "--dependency", "0.3", "--members", "1").output)
    bold = json.loads(call(instance, LOT_ID, "--json", "--dependency", "0.5", "--bids", "0.5,0.8,0.9").output)
    chance = {made["assumptions"]["dependency"]: made["regimes"][1]["p_at_least_n"] for made in (prudent, bold)}
    assert chance["0.3"] < chance["0.5"]


def test_a_lot_that_is_not_there_is_refused(instance: dict[str, str]) -> None:
    result = call(instance, "00000002-2026/LOT-0001")
    assert isinstance(result.exception, NotFound)


def test_parts_of_tasks_and_of_bids_have_a_form() -> None:
    assert task_part("9091=0.6") == ("90910000", 0.6)
    assert with_bids(Assumptions(), "0.2,0.4,0.6").bid_likely == 0.4
    for text in ("0.6", "9091=2", "x=0.5"):
        with pytest.raises(InvalidValue):
            task_part(text)
    for text in ("0.1,0.2", "a,b,c", "0.5,0.3,0.4"):
        with pytest.raises(InvalidValue):
            with_bids(Assumptions(), text)
