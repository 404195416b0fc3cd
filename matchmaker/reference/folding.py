"""Names compared the way people type them: without case, accents and punctuation."""

import unicodedata

_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


class _Kept(dict[int, str]):
    """What becomes of each letter, worked out when it is first met: imports fold millions of them."""

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        self[number] = kept = "" if unicodedata.combining(letter) else letter if letter.isalnum() else " "
        return kept


_KEPT = _Kept()


def fold(text: str) -> str:
    """Lower case without accents; anything but letters and digits becomes one space."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join(letters.translate(_KEPT).split())
