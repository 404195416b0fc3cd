"""What no row can hold is refused as the sender's mistake, wherever it came in."""

import pytest
from sqlalchemy import text

from matchmaker.domain.errors import InvalidValue
from matchmaker.storage.engine import SessionMaker


@pytest.mark.parametrize("statement", ["SELECT CAST(:sent AS text)", "SELECT CAST('\"\\u0000\"' AS jsonb) ->> 0 || :sent"])
async def test_a_zero_byte_in_text_or_json_is_an_invalid_value(sessions: SessionMaker, statement: str) -> None:
    sent = "a\x00b" if "text" in statement else "b"
    async with sessions() as session:
        with pytest.raises(InvalidValue):
            await session.execute(text(statement), {"sent": sent})
