"""``match`` at the command line: a lot, a purchase in own words, every open lot."""

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
from matchmaker.cli.match_all import read_part
from matchmaker.cli.matching import amount_of, need_from
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode, Period
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
LOT = Lot("LOT-0001", {"fr": "Nettoyage des bureaux"}, main_cpv=CLEANING, nuts=("FR10",), deadline=Deadline(date(2026, 12, 20)))
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


def supplier(name: str, text: str) -> Organisation:
    return Organisation(
        f"own:{name}",
        name,
        Base("FR", city="Paris", nuts=NutsCode("FR10")),
        Provenance("own", name, claimed=True),
        language="fr",
        area=ServiceArea(nuts=(NutsCode("FR10"),)),
        capabilities=(Capability(text, "fr"),),
    )


async def _fill(url: str) -> None:
    await migrate(url)
    suppliers = [
        supplier("Net", "Nettoyage de bureaux et de vitres. Nous accompagnons des personnes en insertion."),
        supplier("Jardin", "Création et entretien de jardins, élagage."),
    ]
    engine = make_engine(url)
    async with transaction(make_sessions(engine)) as session:
        await save_organisations(
            session, suppliers, profile_vectors(suppliers, default_encoder()), conversions_of(core_reference())
        )
        await save_notice(session, NOTICE, conversions_of(core_reference()))
    await engine.dispose()


@pytest.fixture(scope="module")
def instance(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an instance with two suppliers and one open lot."""
    url = asyncio.run(new_database(f"match_{uuid4().hex[:8]}"))
    asyncio.run(_fill(url))
    home: Path = tmp_path_factory.mktemp("instance")
    return {"DATABASE_URL": url, "MATCHMAKER_HOME": str(home)}


def call(environment: dict[str, str], *arguments: str) -> Any:
    return CliRunner().invoke(app, ["match", *arguments], env=environment)


def test_a_lot_gets_its_suppliers_with_reasons_for_people(instance: dict[str, str]) -> None:
    result = call(instance, LOT_ID, "--today", "2026-11-24")
    assert result.exit_code == 0, result.output
    assert result.output.index("Net (Paris, FR) own:Net") < result.output.index("Jardin (Paris, FR) own:Jardin")
    assert "place: It works in Île-de-France." in result.output
    assert "capability: If you do this work, add its CPV code 90910000 to your profile." in result.output


def test_json_carries_everything_a_score_is_made_of(instance: dict[str, str]) -> None:
    purchase = ("--text", "Nettoyage de bureaux", "--nuts", "FR10", "--value", "20 000")
    result = call(instance, *purchase, "--json", "--today", "2026-11-24")
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.output)
    assert (first["rank"], first["supplier"], first["name"], second["supplier"]) == (1, "own:Net", "Net", "own:Jardin")
    assert first["log_odds"] == pytest.approx(first["intercept"] + sum(first["contributions"].values()), abs=1e-9)
    assert [each["criterion"] for each in first["criteria"]] == [
        "capability",
        "place",
        "scale",
        "eligibility",
        "readiness",
        "timing",
    ]
    assert first["features"].keys() == first["contributions"].keys()
    assert {each["criterion"] for each in first["would_raise"]} <= {"capability", "place", "scale", "readiness"}
    assert all(0 < each["gain"] < 1 and each["sentence"] for each in first["would_raise"])
    assert first["near_miss"] in (True, False)


def test_other_weights_show_who_would_move(instance: dict[str, str]) -> None:
    result = call(instance, LOT_ID, "--without", "capability", "--weight", "place=2", "--json", "--today", "2026-11-24")
    assert result.exit_code == 0, result.output
    moves = json.loads(result.output)
    assert {move["supplier"] for move in moves} == {"own:Net", "own:Jardin"}
    assert sorted(move["rank_as_published"] for move in moves) == [1, 2]
    assert all(move["score"] != move["score_as_published"] for move in moves)
    told = call(instance, LOT_ID, "--without", "capability", "--today", "2026-11-24")
    assert "in brackets the rank and score as published" in told.output
    assert call(instance, LOT_ID, "--weight", "price=2").exit_code != 0


def test_all_matches_every_open_lot_and_says_how_many(instance: dict[str, str]) -> None:
    assert call(instance, "--all", "--today", "2026-11-24").output.endswith("1 lots matched.\n")
    assert call(instance, "--all", "--today", "2027-11-24").output.endswith("0 lots matched.\n")


def test_a_lot_that_is_not_there_is_refused_with_the_form_of_its_name(instance: dict[str, str]) -> None:
    result = call(instance, "00000002-2026/LOT-0001")
    assert isinstance(result.exception, NotFound)
    assert "00123456-2024/LOT-0001" in str(result.exception.next_step)


@pytest.mark.parametrize("arguments", [[], ["X/1", "--text", "a"], ["--all", "--text", "a"]])
def test_one_thing_is_matched_at_a_time(arguments: list[str]) -> None:
    result = call({}, *arguments)
    assert result.exit_code == 2
    assert "Name one lot" in result.output


def test_a_purchase_in_own_words_becomes_a_need() -> None:
    need = need_from("Repas\nPour trois écoles", "fr", ["GR30"], Money(Decimal(5), "EUR"), ["5552"], "2027-01-01")
    assert (need.title, need.description, need.country) == ({"fr": "Repas"}, {"fr": "Pour trois écoles"}, "GR")
    assert (need.nuts, need.cpvs) == ((NutsCode("EL30"),), (CpvCode("55520000"),))
    assert need.period == Period(start=date(2027, 1, 1))


@pytest.mark.parametrize(("text", "amount"), [("50000", 50_000), ("50 000", 50_000), ("50,000.50", Decimal("50000.50"))])
def test_amounts_are_read_as_people_type_them(text: str, amount: Decimal) -> None:
    assert amount_of(text, "eur") == Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(("text", "currency"), [("much", "EUR"), ("-5", "EUR"), ("5", "EURO")])
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidValue):
        amount_of(text, currency)


def test_parts_share_all_lots_between_them() -> None:
    lots = list(range(10))
    assert sorted(lots[read_part("1/3")] + lots[read_part("2/3")] + lots[read_part("3/3")]) == lots
    for text in ("0/2", "3/2", "2", "a/b", "1/"):
        with pytest.raises(InvalidValue, match="names no part"):
            read_part(text)
