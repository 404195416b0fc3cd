"""Files of many releases, split without holding more than one of them."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.ingestion.archives import Document, Limits, documents
from matchmaker.ingestion.notices import read_notice
from matchmaker.ingestion.ocds.entries import Bounds, entries


def release(number: int) -> dict[str, object]:
    return {
        "ocid": f"ocds-9x9x9x-{number}",
        "id": "1",
        "date": "2026-11-01T00:00:00Z",
        "tag": ["tender"],
        "language": "en",
        "tender": {"title": f"Tender {number}"},
    }


RELEASES = [release(number) for number in range(1, 4)]
RECORDS = [{"ocid": each["ocid"], "compiledRelease": each} for each in RELEASES]


def written(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def taken(path: Path, limits: Limits | None = None) -> tuple[list[str], list[str]]:
    """Titles of the notices read, and the names or sentences of what was not."""
    titles, refused = [], []
    for found in documents([path], limits or Limits()):
        if isinstance(found, UnreadableDocument):
            refused.append(str(found))
            continue
        try:
            titles.append(read_notice(found.data, found.name).title["en"])
        except UnreadableDocument as refusal:
            refused.append(str(refusal))
    return titles, refused


ALL = ["Tender 1", "Tender 2", "Tender 3"]
LINES = "\n".join(json.dumps(each) for each in RELEASES)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"uri": "x", "publisher": {"name": "P"}, "releases": RELEASES}),
        json.dumps({"releases": RELEASES, "uri": "x"}, indent=2),
        json.dumps({"records": RECORDS, "packages": []}),
        json.dumps(RELEASES),
        json.dumps([{"releases": RELEASES[:2]}, {"releases": RELEASES[2:]}]),
        LINES,
        "\ufeff" + LINES + "\n\n",
        "\n".join(json.dumps(each) for each in RECORDS),
        json.dumps({"releases": RELEASES[:2]}) + "\n" + json.dumps({"releases": RELEASES[2:]}),
        "\n".join(json.dumps(each, indent=1) for each in RELEASES),
    ],
    ids=[
        "package",
        "package-first",
        "records",
        "array",
        "packages",
        "lines",
        "mark",
        "record-lines",
        "package-lines",
        "concatenated",
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.json.gz", "X.NDJSON"])
def test_every_layout_gives_every_release(tmp_path: Path, text: str, name: str) -> None:
    assert taken(written(tmp_path / name, text)) == (ALL, [])


def test_a_lone_release_or_record_keeps_the_name_of_its_file(tmp_path: Path) -> None:
    for one in (RELEASES[0], RECORDS[0], {"ocid": "ocds-9x9x9x-1", "releases": [RELEASES[0]]}):
        (found,) = documents([written(tmp_path / "one.json", json.dumps(one))])
        assert isinstance(found, Document)
        assert found.name == "one.json"
        assert read_notice(found.data, found.name).title == {"en": "Tender 1"}


def test_a_bad_entry_is_refused_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    titles, refused = taken(
        written(tmp_path / "x.json", json.dumps({"releases": [RELEASES[0], 7, {"ocid": "o", "id": "1"}, RELEASES[1]]}))
    )
    assert titles == ALL[:2]
    assert ["releases/2" in refused[0], "releases/3" in refused[1], len(refused)] == [True, True, 2]


def test_a_broken_line_is_refused_with_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    broken = LINES.replace('"Tender 2"', '"Tender 2')
    titles, (refusal,) = taken(written(tmp_path / "x.jsonl", broken))
    assert titles == ["Tender 1", "Tender 3"]
    assert "x.jsonl/line 2" in refusal


def test_a_file_that_was_cut_off_gives_what_came_before_and_its_bytes_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "x.json", json.dumps({"releases": RELEASES})[:-120])
    *whole, rest = documents([path])
    assert [isinstance(found, Document) and found.name for found in whole] == ["x.json/releases/1", "x.json/releases/2"]
    assert isinstance(rest, Document)
    assert rest.data == path.read_bytes()
    with pytest.raises(UnreadableDocument, match="line 1"):
        read_notice(rest.data, rest.name)


def test_other_json_is_refused_once_for_the_whole_file(tmp_path: Path) -> None:
    for text in ('{"name": "A"}\n{"name": "B"}\n{"name": "C"}', '[{"a": 1}, {"a": 2}]', '{"releases": []}', "7", ""):
        titles, refused = taken(written(tmp_path / "other.jsonl", text))
        assert (titles, len(refused)) == ([], 1), text


def test_an_entry_beyond_the_limit_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    large = {**release(9), "tender": {"title": "x" * 5000}}
    lines = written(tmp_path / "x.jsonl", "\n".join(json.dumps(each) for each in (RELEASES[0], large, RELEASES[1])))
    package = written(tmp_path / "x.json", json.dumps({"releases": [RELEASES[0], large, RELEASES[1]]}))
    for path in (lines, package):
        titles, refused = taken(path, Limits(document=2000))
        assert (titles, len(refused)) == (ALL[:2], 1)


def test_a_file_that_grows_too_much_on_unpacking_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x.json.gz", json.dumps({"releases": [{**release(1), "pad": " " * 3_000_000}, *RELEASES]}))
    titles, refused = taken(path, Limits(ratio=2, small=1000))
    assert titles == []
    assert len(refused) == 1


def test_one_release_is_held_at_a_time() -> None:
    class Counting(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.given += len(data)
            return data

    pad = "x" * 100_000
    stream = Counting(json.dumps({"releases": [{**release(number), "pad": pad} for number in range(100)]}).encode())
    first = next(entries(stream, "x.json", Bounds(1_000_000, 100_000_000)))
    assert not isinstance(first, UnreadableDocument)
    assert stream.given < 2_000_000


def test_members_of_archives_are_split_too(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("day/a.json", json.dumps({"releases": RELEASES}))
    assert [found.name for found in documents([path]) if isinstance(found, Document)] == [
        f"x.zip/day/a.json/releases/{number}" for number in (1, 2, 3)
    ]
    assert taken(path) == (ALL, [])
