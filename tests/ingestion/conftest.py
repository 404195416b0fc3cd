"""Notices written for the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from matchmaker.domain.notice import Notice
from matchmaker.ingestion.notices import read_notice

NOTICES = Path(__file__).parent / "notices"

Reading = Callable[[str], Notice]


@pytest.fixture(scope="session")
def read_own() -> Reading:
    """Reads one of the notices beside this file, named without its ending."""

    def read(name: str) -> Notice:
        return read_notice((NOTICES / f"{name}.xml").read_bytes(), f"folder/{name}.xml")

    return read


@pytest.fixture(scope="session")
def own_bytes() -> Callable[[str], bytes]:
    """The bytes of one of the notices beside this file."""
    return lambda name: (NOTICES / f"{name}.xml").read_bytes()
