"""OCDS records: one notice for all releases of a procedure."""

import json

import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.notice import Notice, NoticeKind
from matchmaker.ingestion.notices import read_notice

OCID = "ocds-9x9x9x-5"


def release(number: int, **parts: object) -> dict[str, object]:
    return {
        "ocid": OCID,
        "id": str(number),
        "date": f"2026-11-{number:02}T00:00:00Z",
        "language": "en",
        "buyer": {"name": "Town"},
        **parts,
    }


CALL = release(
    1,
    tag=["tender"],
    tender={
        "id": "t",
        "title": "Bread",
        "items": [
            {"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": "15811000"}, {"scheme": "CPV", "id": "15812000"}]}
        ],
        "lots": [{"id": "A", "title": "White"}, {"id": "B", "title": "Brown"}],
    },
)
UPDATE = release(
    2,
    tag=["tenderUpdate"],
    tender={
        "id": "t",
        "items": [{"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": "15811000"}]}],
        "lots": [{"id": "B", "title": "Dark"}],
    },
)
AWARD = release(3, tag=["award"], awards=[{"id": "a", "relatedLots": ["A"], "suppliers": [{"id": "s", "name": "Bakers Ltd"}]}])


def read(record: dict[str, object]) -> Notice:
    return read_notice(json.dumps(record).encode(), "record.json")


def test_releases_are_merged_in_the_order_of_their_dates_whatever_order_they_come_in() -> None:
    records = [read({"ocid": OCID, "releases": releases}) for releases in ([CALL, UPDATE, AWARD], [AWARD, CALL, UPDATE])]
    assert records[0] == records[1]
    notice = records[0]
    assert (notice.notice_id, notice.kind, notice.title) == (OCID, NoticeKind.RESULT, {"en": "Bread"})
    assert [lot.title for lot in notice.lots] == [{"en": "White"}, {"en": "Dark"}]
    assert [bool(lot.result) for lot in notice.lots] == [True, False]


def test_a_list_of_codes_is_replaced_as_a_whole() -> None:
    notice = read({"ocid": OCID, "releases": [CALL, UPDATE]})
    assert [code.code for code in (notice.main_cpv, *notice.extra_cpvs) if code] == ["15811000"]


def test_a_compiled_release_is_taken_as_it_is() -> None:
    compiled = {**CALL, "tag": ["compiled"], "tender": {"title": "As compiled"}}
    notice = read({"ocid": OCID, "releases": [CALL, UPDATE], "compiledRelease": compiled})
    assert (notice.notice_id, notice.title) == (OCID, {"en": "As compiled"})


def test_a_record_that_grew_has_the_same_id_and_a_higher_version() -> None:
    before, after = (read({"ocid": OCID, "releases": releases}) for releases in ([CALL], [CALL, UPDATE]))
    assert before.notice_id == after.notice_id
    assert int(before.version) < int(after.version)


@pytest.mark.parametrize(
    ("releases", "says"),
    [
        ([{"url": "https://example.org/1.json", "date": "2026-01-01T00:00:00Z"}], "links"),
        ([CALL, {**UPDATE, "ocid": "ocds-other-1"}], "different ocids"),
        ([CALL, {**UPDATE, "date": None}], "no date"),
        ([{**CALL, "tender": "t"}, UPDATE], "cannot be merged"),
    ],
)
def test_what_cannot_be_merged_is_refused_in_words(releases: list[object], says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read({"ocid": OCID, "releases": releases})
