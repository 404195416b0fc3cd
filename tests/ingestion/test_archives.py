"""Documents from files, folders and archives."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.ingestion.archives import Document, Limits, documents


def packed(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


ALL = Limits()


def taken(*paths: Path, limits: Limits = ALL) -> tuple[list[str], list[str]]:
    """Names of documents, sentences of refusals."""
    found = list(documents(paths, limits))
    names = [entry.name for entry in found if isinstance(entry, Document)]
    return names, [str(entry) for entry in found if isinstance(entry, UnreadableDocument)]


def test_a_folder_is_read_to_its_depth_in_order_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.xml", "a/c.XML", "a/read.me", "a/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"<x/>")
    assert taken(tmp_path) == (["c.XML", "b.xml"], [])


def test_archives_give_their_xml_members(tmp_path: Path) -> None:
    one = packed(tmp_path / "one.zip", ("day/a.xml", b"<a/>"), ("read.me", b"no"), ("day/", b""))
    two = tarred(tmp_path / "two.tar.gz", ("b.xml", b"<b/>"), ("notes.txt", b"no"))
    assert list(documents([one, two])) == [Document("one.zip/day/a.xml", b"<a/>"), Document("two.tar.gz/b.xml", b"<b/>")]


@pytest.mark.parametrize("name", ["../up.xml", "a/../../up.xml", "/etc/up.xml", "..\\up.xml", "C:up.xml"])
@pytest.mark.parametrize("kind", [packed, tarred])
def test_a_member_that_leads_out_is_refused_and_the_rest_goes_on(tmp_path: Path, kind: object, name: str) -> None:
    path = tmp_path / ("x.zip" if kind is packed else "x.tar.gz")
    (packed if kind is packed else tarred)(path, (name, b"<x/>"), ("good.xml", b"<x/>"))
    names, refusals = taken(path)
    assert names == [f"{path.name}/good.xml"]
    assert len(refusals) == 1
    assert "leads out of the archive" in refusals[0]


@pytest.mark.parametrize("inner", ["more.zip", "more.tar.gz", "more.tgz", "notice.xml.gz"])
def test_an_archive_inside_an_archive_is_not_opened(tmp_path: Path, inner: str) -> None:
    names, refusals = taken(packed(tmp_path / "x.zip", (inner, b"PK"), ("a.xml", b"<a/>")))
    assert names == ["x.zip/a.xml"]
    assert "archives inside archives are not opened" in refusals[0]


def test_a_member_that_grows_too_much_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", ("bomb.xml", b" " * 3_000_000), ("a.xml", b"<a/>"))
    names, refusals = taken(path)
    assert names == ["x.zip/a.xml"]
    assert "grows too much" in refusals[0]


@pytest.mark.parametrize("kind", [packed, tarred])
def test_an_over_large_member_is_refused_with_its_size(tmp_path: Path, kind: object) -> None:
    path = tmp_path / ("x.zip" if kind is packed else "x.tar.gz")
    (packed if kind is packed else tarred)(path, ("big.xml", b"a" * 600_000), ("a.xml", b"<a/>"))
    names, refusals = taken(path, limits=Limits(document=500_000))
    assert names == [f"{path.name}/a.xml"]
    assert "0.6 MB large; at most 0.5 MB" in refusals[0]


@pytest.mark.parametrize("limits", [Limits(archive=25), Limits(members=2)])
@pytest.mark.parametrize("kind", [packed, tarred])
def test_an_archive_is_read_up_to_its_bounds(tmp_path: Path, kind: object, limits: Limits) -> None:
    path = tmp_path / ("x.zip" if kind is packed else "x.tar.gz")
    (packed if kind is packed else tarred)(path, *((f"{at}.xml", b"<abcdefg/>") for at in range(5)))
    names, refusals = taken(path, limits=limits)
    assert names == [f"{path.name}/0.xml", f"{path.name}/1.xml"]
    assert len(refusals) == 1
    assert "the rest of it was not read" in refusals[0]


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        link = tarfile.TarInfo("link.xml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "link or a device" in taken(path)[1][0]


def test_a_broken_archive_or_member_is_a_refusal_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "b.tar.gz").write_bytes(b"\x1f\x8b garbage")
    whole = packed(tmp_path / "c.zip", ("a.xml", b"<a>" + bytes(range(1, 256)) * 40 + b"</a>"), ("b.xml", b"<b/>"))
    data = bytearray(whole.read_bytes())
    data[60:70] = b"\xff" * 10
    whole.write_bytes(data)
    names, refusals = taken(tmp_path)
    assert names == ["c.zip/b.xml"]
    assert len(refusals) == 3


def test_a_truncated_tar_gives_what_came_before_the_cut(tmp_path: Path) -> None:
    path = tarred(tmp_path / "x.tar.gz", ("a.xml", bytes(range(256)) * 400), ("b.xml", bytes(range(255, -1, -1)) * 400))
    path.write_bytes(path.read_bytes()[:-200])
    _, refusals = taken(path)
    assert any("could not be read" in sentence for sentence in refusals)


def test_an_over_large_file_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "big.xml").write_bytes(b"a" * 2_000)
    assert "MB large" in taken(tmp_path / "big.xml", limits=Limits(document=1_000))[1][0]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        list(documents([tmp_path / "nowhere"]))
