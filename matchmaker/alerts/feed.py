"""A person's news as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from matchmaker.domain.alert import LotNews
from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.language.translate import translate

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"


def atom_feed(news: Iterable[tuple[datetime, LotNews]], address: str, base_url: str, language: str, made_at: datetime) -> bytes:
    """The feed in the reader's language; an entry keeps its id when the lot is told of again in the same version.

    ``news`` newest first with when it arose; ``address`` is the feed's own; ``made_at`` stands where there is no entry.
    """
    entries = list(news)
    feed = Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": language})
    _text(feed, "id", address)
    _text(feed, "title", translate(Message("New lots for you"), language))
    _text(feed, "updated", _moment(entries[0][0] if entries else made_at))
    SubElement(feed, "link", {"rel": "self", "href": address})
    author = SubElement(feed, "author")
    _text(author, "name", "Matchmaker")
    for at, lot in entries:
        _entry(feed, at, lot, base_url, language)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Element, at: datetime, lot: LotNews, base_url: str, language: str) -> None:
    spoken, title = text_in(lot.title, language, lot.language) or (language, lot.need_id)
    link = f"{base_url}/lots/{quote(lot.need_id)}"
    entry = SubElement(feed, "entry")
    _text(entry, "id", f"{link}#{quote(lot.version)}")
    _text(entry, "title", title).set(f"{{{XML}}}lang", spoken)
    _text(entry, "updated", _moment(at))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
    _text(entry, "summary", "\n".join(_lines(lot, language)))


def _lines(lot: LotNews, language: str) -> Iterable[str]:
    if lot.buyer:
        yield lot.buyer
    for match in lot.organisations:
        yield f"{match.name}: {match.score:.0%}"
        yield from (translate(reason, language) for reason in match.reasons)


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    return element


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
