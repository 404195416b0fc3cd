"""Reference tables in the database: stored, added to, replaced, and given out as look-ups."""

from datetime import UTC, datetime

from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.reading import Reading
from matchmaker.reference.tables import COLUMNS, Table, TableKind
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.load_reference import BLOCK, load_reference, stored_reference, stored_tables

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def cpv(*rows: tuple[str, str], source: str = "a.csv") -> Reading:
    return Reading({TableKind.CPV: Table(TableKind.CPV, ("code", "en"), rows, source)}, ())


def postcodes(count: int) -> Reading:
    rows = [("FR", f"{number:05d}", "48.1", "-1.7", "FRH03") for number in range(count)]
    return Reading({TableKind.POSTCODES: Table(TableKind.POSTCODES, COLUMNS[TableKind.POSTCODES], rows, "p.csv")}, ())


async def test_an_empty_database_gives_the_core(sessions: SessionMaker) -> None:
    reference = await stored_reference(sessions)
    assert reference.loaded == frozenset()
    assert reference.cpv.label(CpvCode("90910000"), "de") == "Reinigung"


async def test_a_loaded_table_replaces_the_core_and_leaves_the_other_tables_to_it(sessions: SessionMaker) -> None:
    stored = await load_reference(sessions, cpv(("90910000", "Cleaning, “officially”,\nso called")), NOW)
    reference = await stored_reference(sessions)
    assert [(table.kind, table.rows) for table in stored] == [(TableKind.CPV, 1)]
    assert reference.cpv.label(CpvCode("90910000"), "en") == "Cleaning, “officially”,\nso called"
    assert reference.loaded == {TableKind.CPV}
    assert reference.nuts.name(NutsCode("FRH0"), "en") == "Bretagne"


async def test_a_second_table_adds_to_the_first_and_loading_it_again_changes_nothing(sessions: SessionMaker) -> None:
    await load_reference(sessions, cpv(("90910000", "Cleaning"), ("90920000", "Hygiene")), NOW)
    for _ in range(2):
        await load_reference(sessions, cpv(("90910000", "Cleaning services"), source="b.csv"), NOW)
    table = (await stored_tables(sessions))[0][0]
    assert (table.rows, table.source) == (2, "a.csv; b.csv")
    labels = (await stored_reference(sessions)).cpv
    assert [labels.label(CpvCode(code), "en") for code in ("90910000", "90920000")] == ["Cleaning services", "Hygiene"]


async def test_replacing_forgets_what_was_there(sessions: SessionMaker) -> None:
    await load_reference(sessions, cpv(("90910000", "Cleaning"), ("90920000", "Hygiene")), NOW)
    await load_reference(sessions, cpv(("90910000", "Cleaning")), NOW, replace=True)
    assert [(table.rows, moment) for table, moment in await stored_tables(sessions)] == [(1, NOW)]


async def test_a_table_of_many_blocks_comes_back_whole(sessions: SessionMaker) -> None:
    await load_reference(sessions, postcodes(2 * BLOCK + 7), NOW)
    assert [table.rows for table, _ in await stored_tables(sessions)] == [2 * BLOCK + 7]
    reference = await stored_reference(sessions)
    for code in ("00000", f"{2 * BLOCK + 6:05d}"):
        assert reference.postcodes.place_of("FR", code) == (NutsCode("FRH03"), 48.1, -1.7)


async def test_a_table_without_rows_is_stored_as_such(sessions: SessionMaker) -> None:
    await load_reference(sessions, postcodes(0), NOW)
    assert [table.rows for table, _ in await stored_tables(sessions)] == [0]
    assert (await stored_reference(sessions)).postcodes.place_of("FR", "35000") is None
