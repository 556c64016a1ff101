"""Telegram's messages: parts put together, escaped, and cut where they are too long for one.

A message is built from parts; a part never breaks inside a tag, so a long answer can be cut anywhere
between parts. Everything that comes from a document or a user is escaped.
"""

import html
import re
from collections.abc import Iterable
from enum import StrEnum

from corpus import Record

LIMIT = 4096  # UTF-16 units in one Telegram message, counted after the markup is parsed
SHORT = 320


class Button(Record):
    """One inline button. ``data`` has at most 64 bytes."""

    label: str
    data: str


class Message(Record):
    """One message in Telegram's HTML, the same without markup, and its rows of buttons."""

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class Style(StrEnum):
    TEXT = "text"
    QUOTE = "quote"


class Part(Record):
    """A piece of a message: ``text`` is HTML for TEXT and raw words for QUOTE."""

    text: str
    style: Style = Style.TEXT


def plain_of(text: str) -> str:
    """Telegram HTML without its markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def html_of(part: Part) -> str:
    if part.style is Style.TEXT:
        return part.text
    tag = "blockquote expandable" if len(part.text) > SHORT else "blockquote"
    return f"<{tag}>{escaped(part.text)}</blockquote>"


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(plain_of(text).encode("utf-16-le")) // 2


def packed(parts: Iterable[Part]) -> list[str]:
    packed: list[str] = []
    for piece in (piece for part in parts for piece in _cut(part)):
        text = html_of(piece)
        if packed and _units(packed[-1]) + 2 + _units(text) <= LIMIT:
            packed[-1] += f"\n\n{text}"
        else:
            packed.append(text)
    return packed or [escaped("Không có nội dung.")]


def _cut(part: Part) -> list[Part]:
    """A part that is too long for one message, cut at lines, then at sentences, then at words."""
    if _units(html_of(part)) <= LIMIT:
        return [part]
    if part.style is Style.TEXT:
        lines = part.text.split("\n")
        if len(lines) == 1:
            return _cut(Part(text=plain_of(part.text), style=Style.QUOTE))
        middle = len(lines) // 2
        halves = ["\n".join(lines[:middle]), "\n".join(lines[middle:])]
        return [piece for half in halves for piece in _cut(Part(text=half))]
    text = part.text
    middle = len(text) // 2
    at = next(
        (i for mark in ("\n", ". ", " ") if (i := text.rfind(mark, 1, middle + middle // 2)) > 0),
        middle,
    )
    return [
        p
        for half in (text[: at + 1], text[at + 1 :])
        if half.strip()
        for p in _cut(Part(text=half.strip(), style=part.style))
    ]
