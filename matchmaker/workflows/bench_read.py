"""How fast documents become notices, in processor time of one core."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.ingestion.archives import Document
from matchmaker.ingestion.notices import read_notice


@dataclass(slots=True)
class Speed:
    """Documents, their bytes and the processor seconds they took."""

    documents: int = 0
    bytes: int = 0
    seconds: float = 0.0

    @property
    def megabytes(self) -> float:
        """Size in millions of bytes."""
        return self.bytes / 1e6

    @property
    def per_second(self) -> float:
        """Documents per second of processor time of one core."""
        return self.documents / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class ReadingSpeed:
    """Speed by schema and as a whole; documents that could not be read are counted, not timed."""

    by_schema: dict[str, Speed] = field(default_factory=dict)
    whole: Speed = field(default_factory=Speed)
    refused: int = 0


def reading_speed(found: Sequence[Document | UnreadableDocument], repeat: int) -> ReadingSpeed:
    """Reads every document ``repeat`` times."""
    speed = ReadingSpeed()
    for _ in range(repeat):
        for document in found:
            if isinstance(document, UnreadableDocument):
                speed.refused += 1
            else:
                _time(document, speed)
    return speed


def _time(document: Document, speed: ReadingSpeed) -> None:
    started = time.process_time()
    try:
        notice = read_notice(document.data, document.name)
    except UnreadableDocument:
        speed.refused += 1
        return
    taken = time.process_time() - started
    for part in (speed.by_schema.setdefault(notice.schema, Speed()), speed.whole):
        part.documents += 1
        part.bytes += len(document.data)
        part.seconds += taken
