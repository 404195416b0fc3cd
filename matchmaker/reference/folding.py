"""Names compared the way people type them: without case, accents and punctuation."""

import unicodedata

_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


def fold(text: str) -> str:
    """Lower case without accents; anything but letters and digits becomes one space."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())
