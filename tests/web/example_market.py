"""Two suppliers and three lots, small enough to know what must come out."""

from datetime import date, time
from decimal import Decimal

from matchmaker.domain.notice import Buyer, Lot, LotResult, Notice, NoticeKind, ReservedParticipation, Winner
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
    Visibility,
)
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode, Period

LAUNDRY = Organisation(
    key="example:laundry",
    name="Blanchisserie du Lac",
    base=Base("FR", "Annecy", nuts=NutsCode("FRK2")),
    provenance=Provenance("example", "laundry", imported_on=date(2026, 11, 1)),
    language="fr",
    statuses=(SocialStatus(StatusKind.SHELTERED_WORKSHOP, "ESAT", integration_share=0.8),),
    capabilities=(
        Capability(
            "Blanchisserie et repassage du linge pour les hôpitaux",
            "fr",
            cpvs=(CpvCode("98310000"),),
            largest=Money(Decimal(400000), "EUR"),
        ),
    ),
    area=ServiceArea(nuts=(NutsCode("FRK2"),)),
    size=SizeFigures(employees=48, turnover=Money(Decimal(1900000), "EUR"), visibility=Visibility.BUYERS),
)
GARDEN = Organisation(
    key="example:garden",
    name="=Jardins & Compagnie",
    base=Base("FR", "Lyon", nuts=NutsCode("FRK2")),
    provenance=Provenance("example", "garden", imported_on=date(2026, 11, 1)),
    language="fr",
    capabilities=(Capability("Entretien des espaces verts", "fr", cpvs=(CpvCode("77310000"),)),),
    website="javascript:alert(1)",
)

OPEN = Notice(
    notice_id="00000001-2026",
    version="01",
    kind=NoticeKind.COMPETITION,
    schema="eforms",
    schema_version="1.10",
    language="fr",
    title={"fr": "Linge des hôpitaux"},
    published=date(2026, 11, 10),
    buyers=(Buyer("Hôpital du Lac", "FR", "Annecy", "FRK28"),),
    lots=(
        Lot(
            "LOT-0001",
            {"fr": "Linge des hôpitaux", "de": "Wäsche der Krankenhäuser"},
            {"fr": "Blanchisserie du linge.\nDeux hôpitaux.", "de": "Waschen der Wäsche."},
            main_cpv=CpvCode("98310000"),
            nuts=("FRK2",),
            value=Money(Decimal(240000), "EUR"),
            period=Period(months=24),
            deadline=Deadline(date(2026, 12, 18), time(12, 0), 60),
            reserved=frozenset({ReservedParticipation.SHELTERED}),
        ),
        Lot("2/4 à 6", {"fr": "Espaces verts <des> écoles"}, main_cpv=CpvCode("77310000"), nuts=("FRK2",)),
    ),
)
CLOSED = Notice(
    notice_id="000044-2020",
    version="1",
    kind=NoticeKind.RESULT,
    schema="ted",
    schema_version="R2.0.9",
    language="el",
    title={"el": "Καθαρισμός κτιρίων"},
    published=date(2020, 3, 2),
    buyers=(Buyer("Δήμος", "GR"),),
    lots=(
        Lot(
            "1",
            {"el": "Καθαρισμός κτιρίων"},
            main_cpv=CpvCode("90911200"),
            nuts=("EL30",),
            result=LotResult(winners=(Winner("Maria P.", natural_person=True), Winner("Καθαρά ΑΕ", "GR")), bids_received=3),
        ),
    ),
)
