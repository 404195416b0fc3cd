"""Importing registers: twice changes nothing, every row has its outcome, objections stay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matchmaker.domain.organisation import Organisation
from matchmaker.ingestion.suppliers.locating import Locator
from matchmaker.ingestion.suppliers.organisations import Origin, read_organisations
from matchmaker.ingestion.suppliers.reading import read_table, write_table
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.student import Floats
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import (
    count_organisations,
    load_organisation,
    load_vectors,
    record_objection,
    save_organisation,
)
from matchmaker.workflows.import_suppliers import ImportTools, Outcome, RowResult, import_suppliers, note_import
from matchmaker.workflows.refresh_vectors import outdated, refresh_vectors
from matchmaker.workflows.tools import MatchTools

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
REGISTER = "id,name,country,sector\n1,Hof,DE,Gardening\n2,Werk,DE,Gardening\n2,Doppelt,DE,Laundry\n3,,DE,Printing\n"


class CountingEncoder:
    """Passes on to another encoder and counts the texts it was given."""

    def __init__(self, tools: MatchTools, version: str = "first") -> None:
        self.inner = tools.encoder
        self.version = version
        self.dimensions = 256
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.texts += texts
        return self.inner.encode(texts)


@pytest.fixture
def encoder(word_tools: MatchTools) -> CountingEncoder:
    return CountingEncoder(word_tools)


async def imported(
    sessions: SessionMaker, text: str, encoder: CountingEncoder, dry_run: bool = False, now: datetime = NOW
) -> list[RowResult]:
    table = read_table(text.encode(), "register.csv")
    rows = read_organisations(table, Origin("register", None, now.date()), Locator(core_reference()))
    tools = ImportTools(core_reference(), encoder)
    return [result async for part in import_suppliers(sessions, rows, tools, now, dry_run) for result in part]


def outcomes(results: list[RowResult]) -> list[str]:
    return [result.outcome.value for result in results]


async def test_every_row_has_an_outcome_and_the_second_import_changes_nothing(
    sessions: SessionMaker, encoder: CountingEncoder
) -> None:
    assert outcomes(await imported(sessions, REGISTER, encoder)) == ["created", "created", "refused", "refused"]
    later = NOW.replace(month=12)
    assert outcomes(await imported(sessions, REGISTER, encoder, now=later)) == ["unchanged", "unchanged", "refused", "refused"]
    async with sessions() as session:
        assert await count_organisations(session) == 2
        stored = await load_organisation(session, "register:1")
    assert stored is not None
    assert stored.provenance.imported_on == NOW.date()


async def test_each_text_is_encoded_once_and_unchanged_ones_never_again(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    await imported(sessions, REGISTER, encoder)
    await imported(sessions, REGISTER, encoder)
    assert encoder.texts == ["Gardening"]
    async with sessions() as session:
        vectors = await load_vectors(session, ["register:1", "register:2"])
    assert {key: found.shape for key, found in vectors.items()} == {"register:1": (1, 256), "register:2": (1, 256)}


async def test_a_changed_row_updates_its_supplier_only(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    await imported(sessions, REGISTER, encoder)
    results = await imported(sessions, REGISTER.replace("Hof", "Neuer Hof"), encoder)
    assert outcomes(results) == ["updated", "unchanged", "refused", "refused"]


async def test_a_dry_run_says_the_same_and_stores_nothing(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    assert outcomes(await imported(sessions, REGISTER, encoder, dry_run=True)) == ["created", "created", "refused", "refused"]
    async with sessions() as session:
        assert await count_organisations(session) == 0
    assert encoder.texts == []


async def test_an_objection_survives_the_next_import_which_says_so(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    await imported(sessions, REGISTER, encoder)
    async with transaction(sessions) as session:
        await record_objection(session, "register:1", NOW)
    first, *_ = await imported(sessions, REGISTER.replace("Hof", "Neuer Hof"), encoder)
    assert first.outcome is Outcome.REFUSED
    assert "objected" in str(first.reason)
    async with sessions() as session:
        assert await load_organisation(session, "register:1") is None


async def test_what_members_keep_themselves_is_not_taken_over(
    sessions: SessionMaker, encoder: CountingEncoder, claimed_hof: Organisation
) -> None:
    async with transaction(sessions) as session:
        await save_organisation(session, claimed_hof)
    first, *_ = await imported(sessions, REGISTER, encoder)
    assert (first.outcome, "keeps this record itself" in str(first.reason)) == (Outcome.REFUSED, True)
    async with sessions() as session:
        assert await load_organisation(session, "register:1") == claimed_hof


@pytest.fixture
def claimed_hof() -> Organisation:
    table = read_table(b"id,name,country\n1,Unser Hof,DE\n", "register.csv")
    (row,) = read_organisations(table, Origin("register", None, NOW.date()), Locator(core_reference()))
    assert row.organisation is not None
    return replace(row.organisation, provenance=replace(row.organisation.provenance, claimed=True))


async def test_the_file_comes_back_with_what_happened_to_each_row(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    results = await imported(sessions, REGISTER, encoder)
    table = read_table(REGISTER.encode(), "register.csv")
    lines = write_table(table, {result.number: result.note() for result in results}).decode("utf-8-sig").splitlines()
    assert lines[0] == "id,name,country,sector,result,reason"
    assert lines[1] == "1,Hof,DE,Gardening,created,"
    assert lines[3] == "2,Doppelt,DE,Laundry,refused,Rows 3 and 4 have the same identifier “2”."
    assert lines[4] == "3,,DE,Printing,refused,The row has no name."


async def test_an_import_is_noted_in_the_audit(sessions: SessionMaker, encoder: CountingEncoder) -> None:
    results = await imported(sessions, REGISTER, encoder)
    await note_import(sessions, "register", results, NOW)
    async with sessions() as session:
        (entry,) = await history(session, "register")
    assert (entry.action, entry.after) == ("import", {"created": 2, "refused": 2})


async def test_vectors_of_another_encoder_are_made_again(
    sessions: SessionMaker, encoder: CountingEncoder, word_tools: MatchTools
) -> None:
    await imported(sessions, REGISTER, encoder)
    second = CountingEncoder(word_tools, "second")
    assert await outdated(sessions, second) == 2
    assert [count async for count in refresh_vectors(sessions, second)] == [2]
    assert (await outdated(sessions, second), second.texts) == (0, ["Gardening"])
