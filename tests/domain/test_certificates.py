"""Certificates named in the running text of notices."""

import pytest

from matchmaker.domain.certificates import certificates_named
from matchmaker.domain.match import need_of
from matchmaker.domain.notice import Lot, Notice, NoticeKind, SelectionCriterion


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Certificat ISO 9001:2015 ou équivalent", ("ISO 9001",)),
        ("UNI EN ISO 14001 e UNI ISO 45001", ("ISO 14001", "ISO 45001")),
        ("EN ISO/IEC 27001 oder gleichwertig, EMAS", ("ISO 27001", "EMAS")),
        ("система HACCP (НАССР)", ("HACCP",)),
        ("Sistema APPCC", ("HACCP",)),
        ("Zertifikat nach ISO9001", ("ISO 9001",)),
        ("SA8000, OHSAS 18001", ("OHSAS 18001", "SA 8000")),
        ("miso 9001, emasculate, ISO 1234", ()),
    ],
)
def test_certificates_are_found_under_the_names_notices_use(text: str, names: tuple[str, ...]) -> None:
    assert certificates_named([text]) == names


def test_a_need_asks_for_what_the_selection_criteria_and_the_description_name() -> None:
    lot = Lot(
        "1",
        {"de": "Reinigung"},
        description={"de": "Reinigung nach EMAS"},
        selection_criteria=(SelectionCriterion("tp-abil", {"de": "Nachweis ISO 14001"}),),
    )
    notice = Notice("000001-2026", "1", NoticeKind.COMPETITION, "ted", "R2.0.9", "de", {"de": "Reinigung"}, (lot,))
    assert need_of(notice, lot).certificates_asked == ("ISO 14001", "EMAS")
