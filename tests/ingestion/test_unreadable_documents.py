"""Documents that are not notices, or not safe to read, are refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.notice import Notice
from matchmaker.ingestion.notices import read_notice

Bytes = Callable[[str], bytes]


def refusal(data: bytes, **options: int) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_notice(data, "some.xml", **options)
    assert "some.xml" in str(caught.value)
    assert caught.value.next_step is not None
    return str(caught.value)


@pytest.mark.parametrize("data", [b"", b"  \n\t"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert "is empty" in refusal(data)


@pytest.mark.parametrize("name", ["eforms_call", "ted_call"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_truncated_xml_is_refused(own_bytes: Bytes, name: str, part: float) -> None:
    data = own_bytes(name)
    assert "not readable XML" in refusal(data[: int(len(data) * part)])


def test_a_billion_laughs_are_refused_without_being_laughed() -> None:
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    data = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><TED_EXPORT>&l9;</TED_EXPORT>'
    assert "document type declaration" in refusal(data.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_document_type_declaration_is_refused_in_any_encoding(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE TED_EXPORT SYSTEM "http://127.0.0.1:9/x.dtd"><TED_EXPORT/>'
    assert "document type declaration" in refusal(data.encode(encoding))


def test_an_external_entity_is_refused_and_its_file_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell", encoding="utf-8")
    data = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><TED_EXPORT>&e;</TED_EXPORT>'
    assert "do not tell" not in refusal(data.encode())


def test_an_undeclared_entity_is_refused() -> None:
    assert "not readable XML" in refusal(b"<TED_EXPORT>&nothing;</TED_EXPORT>")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<ContractNotice xmlns="urn:example:other"/>', "urn:example:other"),
        (b"<ContractNotice/>", "ContractNotice"),
        (b'<TED_EXPORT xmlns="urn:example:other"/>', "urn:example:other"),
        (b"<html><body/></html>", "html"),
    ],
)
def test_xml_of_another_kind_or_namespace_is_refused_by_its_name(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_a_ted_document_without_a_form_is_refused() -> None:
    assert "without a form" in refusal(
        b'<TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication"/>'
    )


def test_a_shell_of_an_eforms_notice_is_refused() -> None:
    data = b'<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"/>'
    assert "neither a language nor a procurement" in refusal(data)


def test_an_over_large_document_is_refused_with_both_sizes(own_bytes: Bytes) -> None:
    data = own_bytes("ted_call") + b" " * 2_000_000
    assert "2.0 MB large; at most 1.0 MB" in refusal(data, max_bytes=1_000_000)


@pytest.mark.parametrize("depth", [150, 5_000])
def test_an_over_deep_document_is_refused(depth: int) -> None:
    data = b"<TED_EXPORT>" + b"<a>" * depth + b"</a>" * depth + b"</TED_EXPORT>"
    said = refusal(data)
    assert "more than 100 deep" in said


def test_bytes_that_are_not_xml_at_all_are_refused() -> None:
    assert "not readable XML" in refusal(b"\x89PNG\r\n\x1a\n\x00\x00")


def test_the_reason_is_a_sentence_that_tells_the_place_and_nothing_of_the_program() -> None:
    said = refusal(b"<TED_EXPORT>\n<a></b></TED_EXPORT>")
    assert "line 2, column" in said
    assert said.rstrip().endswith(".")
    assert "<string>" not in said


def test_text_in_another_encoding_than_declared_is_refused() -> None:
    assert "not readable XML" in refusal("<?xml version='1.0' encoding='utf-8'?><TED_EXPORT>Größe</TED_EXPORT>".encode("latin-1"))


def test_mojibake_is_kept_as_given(own_bytes: Bytes) -> None:
    garbled = "Ã‰coles et crÃ¨ches"
    data = own_bytes("eforms_call").replace("Services aux écoles".encode(), garbled.encode())
    assert read_notice(data, "x").title["fr"] == garbled


def test_values_that_make_no_sense_become_remarks_and_the_notice_is_read(own_bytes: Bytes) -> None:
    data = own_bytes("eforms_call")
    for old, new in (
        (b"120000.50", b"-5"),
        (b"98311000", b"ABC"),
        (b"2026-04-15+02:00", b"2026-13-45"),
        (b"BE100</cbc:CountrySubentityCode>\n        <cac:Country>", b"ZZ999</cbc:CountrySubentityCode>\n        <cac:Country>"),
        (b'unitCode="YEAR"', b'unitCode="AEON"'),
        (b"<cbc:MinimumPercent>10", b"<cbc:MinimumPercent>1000"),
    ):
        assert old in data
        data = data.replace(old, new, 1)
    notice: Notice = read_notice(data, "x")
    lot = notice.lots[0]
    assert (lot.value, lot.main_cpv, lot.deadline, lot.period.months) == (None, None, None, None)
    assert lot.nuts == ("ZZ999",)
    assert lot.subcontracting.minimum_percent is None
    said = " ".join(str(remark) for remark in notice.remarks)
    assert all(word in said for word in ("-5", "ABC", "2026-13-45", "AEON"))
