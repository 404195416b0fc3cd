"""CPV codes quoted inside a sentence, given by their names in the reader's language."""

import re

from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.reference.cpv import CpvTable

QUOTED = re.compile(r"“([0-9]{8})”")


def codes_named(message: Message, table: CpvTable, language: str) -> Message:
    """The message with each “98310000” in its parameters replaced by that code's name, where it has one."""

    def name(found: re.Match[str]) -> str:
        return f"“{table.label(CpvCode(found[1]), language) or found[1]}”"

    parameters = {key: QUOTED.sub(name, value) if isinstance(value, str) else value for key, value in message.parameters.items()}
    return Message(message.text, parameters)
