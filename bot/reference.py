"""A place of a document in a few letters: what buttons and links carry.

Such a code means the same after a restart and in a rebuilt index, as long as the document is held
under its number (or, where it has none, at its path).
"""

import hashlib
import re
from collections.abc import Iterable

from corpus import Document, Place, Record

_CODE = re.compile(r"([0-9a-f]{8})-(\w*)-(\w*)-(\w*)-(\d*)-([0-9a-f]{4})?", re.ASCII)


class Reference(Record):
    """A place of one document."""

    document: Document
    place: Place


def code(document: Document, place: Place) -> str:
    """At most 44 of the letters that Telegram allows in links: A–Z a–z 0–9 _ -."""
    point = "dd" if place.point == "đ" else place.point
    parts = (place.article, place.clause, point, str(place.paragraph or ""), _digest(place.part, 4))
    return "-".join((_digest(document.number or document.path, 8), *parts))


def referred(text: str, documents: Iterable[Document], parts: Iterable[str]) -> Reference | None:
    """What a code stands for; None when it is no code, or what it stood for is gone. ``parts`` are
    the parts (annexes) that the documents have."""
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    name, article, clause, point, paragraph, part = match.groups(default="")
    document = next((d for d in documents if _digest(d.number or d.path, 8) == name), None)
    within = next((p for p in parts if _digest(p, 4) == part), None) if part else ""
    if document is None or within is None:
        return None
    place = Place(
        part=within, article=article, clause=clause, point="đ" if point == "dd" else point,
        paragraph=int(paragraph or 0),
    )  # fmt: skip
    return Reference(document=document, place=place)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length] if text else ""
