"""Refusals: each has a type, a sentence that says what and where, and a next step."""

from matchmaker.domain.messages import Message


class Refusal(Exception):
    """Something was not done, and the person can be told why and what to do next.

    ``sentence`` says what is wrong and where; ``next_step`` what helps. Both are translated where they are shown: in
    ``web/errors.py`` and in the command line, nowhere else.
    """

    def __init__(self, sentence: Message, next_step: Message | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.next_step = next_step


class InvalidValue(Refusal):
    """A value that does not have the form its kind demands (a CPV code of seven digits, a negative amount)."""


class UnreadableDocument(Refusal):
    """Bytes that are not a notice, register or table we can read; they go to quarantine."""


class NotFound(Refusal):
    """The thing named does not exist, or is not visible to this person."""


class NotAllowed(Refusal):
    """The person may not do this."""


class SignInNeeded(NotAllowed):
    """Nobody is signed in, and what was asked for needs somebody to be."""


class TooManyRequests(Refusal):
    """Asked too often in too short a time; ``wait_seconds`` is how long to wait before the next try."""

    def __init__(self, sentence: Message, next_step: Message | None = None, wait_seconds: int = 900) -> None:
        super().__init__(sentence, next_step)
        self.wait_seconds = wait_seconds
