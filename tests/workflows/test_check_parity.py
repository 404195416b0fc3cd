"""Our reading against an independent one, and one notice against itself in the other schema."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Identifier, Lot, LotResult, Notice, NoticeKind, Winner
from matchmaker.domain.values import CpvCode
from matchmaker.ingestion.archives import Document, documents
from matchmaker.workflows.bench_read import reading_speed
from matchmaker.workflows.check_pairs import check_pairs
from matchmaker.workflows.check_parity import (
    FIELDS,
    TARGET,
    ParityReport,
    check_parity,
    compare_notice,
    read_reference,
    sample,
)

WINNER = {"name": "Wäscherei GmbH", "country": "DE", "town": None, "nuts": None, "id": "7", "size": None}


def notice(**changes: Any) -> Notice:
    lot = Lot("1", {"de": "Wäsche  waschen"}, {"de": "a\nb"}, main_cpv=CpvCode("98310000"), nuts=("DE1", "DE2"))
    result = LotResult((Winner("Wäscherei GmbH", "DE", identifier=Identifier("7")),))
    whole = Notice("1-2020", "1", NoticeKind.RESULT, "ted", "R2.0.9", "de", {}, (replace(lot, result=result),))
    return replace(whole, **changes)


def row(**changes: Any) -> dict[str, Any]:
    same: dict[str, Any] = {
        "notice_id": "1-2020",
        "lot_id": "1",
        "language": "de",
        "title": "Wäsche waschen",
        "description": "a b",
        "main_cpv": "98310000",
        "extra_cpvs": [],
        "nuts": ["DE2", "DE1"],
        "value": None,
        "currency": None,
        "deadline": None,
        "reserved": [],
        "winners": [WINNER],
    }
    return {**same, **changes}


def compared(ours: Notice, *theirs: dict[str, Any]) -> ParityReport:
    report = ParityReport()
    compare_notice(ours, theirs, report)
    return report


def test_equal_readings_are_equal_in_every_field_after_folding_only() -> None:
    report = compared(notice(), row())
    assert report.reached
    assert not report.differences
    assert {name: (tally.compared, tally.equal) for name, tally in report.tallies.items()} == dict.fromkeys(FIELDS, (1, 1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Wäsche"),
        ("description", "A b"),
        ("main_cpv", "98311000"),
        ("extra_cpvs", ["98311000"]),
        ("nuts", ["DE1"]),
        ("value", 5.0),
        ("deadline", "2020-01-01"),
        ("reserved", ["res-ws"]),
        ("winners", []),
        ("winners", [{**WINNER, "name": "Andere AG"}]),
    ],
)
def test_a_difference_in_one_field_is_counted_there_and_nowhere_else(field: str, value: object) -> None:
    report = compared(notice(), row(**{field: value}))
    assert [difference.field for difference, _ in report.differences] == [field]
    assert report.tallies[field].share == 0.0
    assert not report.reached


def test_an_explicit_none_among_the_raw_markers_counts() -> None:
    report = compared(notice(), row(reserved_markers=["none"]))
    assert [difference.field for difference, _ in report.differences] == ["reserved"]


def test_lots_of_one_side_only_are_differences_of_the_lot_id() -> None:
    report = compared(notice(), row(lot_id="2"))
    assert report.tallies["lot_id"].compared == 2
    assert report.tallies["lot_id"].equal == 0
    assert report.tallies["title"].compared == 0


def test_awards_that_stand_alone_are_not_compared() -> None:
    alone = Lot("AWARD-1", {}, award_only=True)
    assert compared(notice(lots=(*notice().lots, alone)), row()).reached


def test_an_explained_difference_still_counts_in_the_first_figure() -> None:
    report = compared(notice(), row(winners=[{**WINNER, "country": "DEU"}]))
    [(_, reason)] = report.differences
    assert isinstance(reason, Message)
    assert (report.tallies["winners"].share, report.tallies["winners"].share_with_explained) == (0.0, 1.0)
    assert not report.reached


def test_a_natural_persons_missing_number_is_explained_and_anything_else_is_not() -> None:
    person = replace(notice().lots[0], result=LotResult((Winner("Dr. Wäscher", "DE", natural_person=True),)))
    theirs = {**WINNER, "name": "Dr. Wäscher"}
    assert compared(notice(lots=(person,)), row(winners=[theirs])).differences[0][1] is not None
    assert compared(notice(), row(winners=[{**WINNER, "id": "8"}])).differences[0][1] is None


def test_an_unreadable_document_fails_the_check() -> None:
    refused = UnreadableDocument(Message("no"))
    report = check_parity([refused, Document("x.xml", b"")], {})
    assert len(report.refusals) == 2
    assert not report.reached


def test_the_reference_leaves_out_awards_of_no_known_lot(tmp_path: Path) -> None:
    path = tmp_path / "lots.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in (row(), row(lot_id="AWARD:?", award_only=True)))
    assert [one["lot_id"] for one in read_reference(path)["1-2020"]] == ["1"]
    with pytest.raises(NotFound, match=r"nowhere\.gz"):
        read_reference(tmp_path / "nowhere.gz")


def test_a_sample_is_the_same_for_the_same_seed_and_all_without_size(tmp_path: Path) -> None:
    for at in range(20):
        (tmp_path / f"{at}.xml").write_bytes(b"<x/>")
    assert sample([tmp_path], 5, 1) == sample([tmp_path], 5, 1)
    assert set(sample([tmp_path], 5, 1)) != set(sample([tmp_path], 5, 2))
    assert len(sample([tmp_path], None, 1)) == 20


def test_speed_is_counted_by_schema(tmp_path: Path) -> None:
    own = Path(__file__).parent.parent / "ingestion" / "notices"
    speed = reading_speed([*documents([own]), Document("bad.xml", b"")], repeat=2)
    assert speed.refused == 2
    assert speed.whole.documents == 2 * len(list(own.glob("*.xml")))
    assert set(speed.by_schema) == {"eforms", "ted"}
    assert speed.whole.per_second > 0
    assert speed.whole.megabytes > 0


def test_a_pair_that_differs_or_is_broken_is_named(tmp_path: Path) -> None:
    own = Path(__file__).parent.parent / "ingestion" / "notices"
    for schema, source in (("legacy", "ted_call"), ("eforms", "eforms_call")):
        (tmp_path / schema).mkdir()
        (tmp_path / schema / "a.xml").write_bytes((own / f"{source}.xml").read_bytes())
        (tmp_path / schema / "b.xml").write_bytes(b"")
    different, broken = check_pairs(tmp_path)
    assert {name for name, *_ in different.differences} == {"title", "cpv", "nuts"}
    assert broken.refusal is not None
    with pytest.raises(NotFound, match="both schemas"):
        check_pairs(tmp_path / "legacy")


@pytest.mark.shared
def test_a_sample_of_real_notices_reaches_parity(shared: Path) -> None:
    files = sample([shared / "data" / "notices"], 300, 20)
    report = check_parity(documents(files), read_reference(shared / "data" / "lots.jsonl.gz"))
    assert report.notices == 300
    assert all(tally.share >= TARGET for tally in report.tallies.values())
    assert all(reason is not None for _, reason in report.differences)


@pytest.mark.shared
def test_notices_published_in_both_schemas_agree(shared: Path) -> None:
    results = check_pairs(shared / "data" / "pairs")
    assert len(results) == 43
    assert [result.name for result in results if result.refusal] == ["20-168879-001-EXP.xml", "23-119901-001-EXP.xml"]
    differences = [(name, reason) for result in results for name, _, _, reason in result.differences]
    assert {name for name, _ in differences} <= {"nuts"}
    assert all(reason is not None for _, reason in differences)
