"""Any notice this program reads, from bytes."""

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.ingestion import safe_xml
from matchmaker.ingestion.eforms import notice as eforms
from matchmaker.ingestion.ocds import reading as ocds
from matchmaker.ingestion.ted import notice as ted


def read_notice(data: bytes, name: str, max_bytes: int = safe_xml.MAX_BYTES) -> Notice:
    """The notice in ``data``; ``name`` (a file name) gives its id when it carries no publication number.

    Raises:
        UnreadableDocument: not a notice of a known schema, or not safe to read; says what and where.
    """
    if ocds.looks_like_json(data, name):
        return ocds.read(data, name, max_bytes)
    root, namespace = safe_xml.read_tree(data, name, max_bytes)
    if root.tag in eforms.ROOTS and namespace.startswith(eforms.NAMESPACES):
        return eforms.read(root, name)
    if root.tag == ted.ROOT and ted.known_namespace(namespace):
        return ted.read(root, name, namespace)
    raise UnreadableDocument(
        Message(
            "“%(name)s” is XML but not a notice: it starts with %(tag)s in the namespace “%(namespace)s”.",
            {"name": name, "tag": str(root.tag)[:80], "namespace": namespace[:120]},
        ),
        Message("eForms notices, TED_EXPORT documents (R2.0.8, R2.0.9) and OCDS releases (JSON) can be read."),
    )
