from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.storage.reference_tables import LoadedTable, load_table, loaded_tables, save_table

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_a_table_comes_back_in_the_order_of_its_keys(session: AsyncSession) -> None:
    await save_table(session, "cpv", {"b": {"en": "B"}, "a": {"en": "A"}, "B": {}}, "file.gc", NOW)
    assert list((await load_table(session, "cpv")).items()) == [("B", {}), ("a", {"en": "A"}), ("b", {"en": "B"})]
    assert await load_table(session, "nuts") == {}


async def test_saving_again_replaces_the_whole_table_and_no_other(session: AsyncSession) -> None:
    await save_table(session, "cpv", {"a": {"en": "A"}}, "old", NOW)
    await save_table(session, "nuts", {"FR": {}}, "nuts.csv", NOW)
    assert await save_table(session, "cpv", {"b": {}}, "new", NOW) == 1
    assert await load_table(session, "cpv") == {"b": {}}
    assert await loaded_tables(session) == [LoadedTable("cpv", "new", 1, NOW), LoadedTable("nuts", "nuts.csv", 1, NOW)]


async def test_an_empty_table_is_remembered_as_loaded(session: AsyncSession) -> None:
    assert await save_table(session, "cpv", {}, "empty", NOW) == 0
    assert await loaded_tables(session) == [LoadedTable("cpv", "empty", 0, NOW)]
