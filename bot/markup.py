"""Telegram's messages: parts put together, escaped, and cut where they are too long for one.

A message is built from parts; a part never breaks inside a tag, so a long answer can be cut anywhere
between parts. Everything that comes from a document or a user is escaped.
"""

import html
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from corpus import Record

LIMIT = 4096  # UTF-16 units in one Telegram message, counted after the markup is parsed
SHORT = 320  # characters of a quote that is given by its opening
FOLDED = 400  # characters from which on a quote is folded
SHOWN_ROWS = 30  # rows of a list that is long
_COPIED = 256  # characters that a button can put on the clipboard
Span = tuple[int, int]


class Button(Record):
    """One inline button: it asks the bot (``data``, at most 64 bytes), opens a ``link``, or puts
    ``copied`` on the clipboard."""

    label: str
    data: str = ""
    link: str = ""
    copied: str = ""


class Message(Record):
    """One message in Telegram's HTML, the same without markup, and its rows of buttons."""

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class Style(StrEnum):
    TEXT = "text"
    QUOTE = "quote"


class Part(Record):
    """A piece of a message: ``text`` is HTML for TEXT and raw words for QUOTE, where the words at
    ``bold`` (first and end) stand out. A long quote is folded unless it is ``unfolded``."""

    text: str
    style: Style = Style.TEXT
    bold: tuple[Span, ...] = ()
    unfolded: bool = False


def message_of(parts: Iterable[Part], rows: Sequence[Sequence[Button]] = ()) -> tuple[Message, ...]:
    """The messages that hold ``parts``, with the rows of buttons under the last."""
    texts = packed(parts)
    last = len(texts) - 1
    buttons = tuple(tuple(row) for row in rows if row)
    return tuple(
        Message(html=text, plain=plain_of(text), buttons=buttons if i == last else ())
        for i, text in enumerate(texts)
    )


def copying(label: str, text: str) -> Button:
    """A button that puts a text on the clipboard, cut where Telegram takes no more."""
    cut = text if len(text) <= _COPIED else f"{text[: text.rfind(' ', 0, _COPIED - 1)]}…"
    return Button(label=label, copied=cut)


def plain_of(text: str) -> str:
    """Telegram HTML without its markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def escaped(text: str) -> str:
    """``text`` as Telegram's HTML shows it as it stands."""
    return html.escape(text, quote=False)


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names one after another, and how many more there are: HTML."""
    shown = ", ".join(escaped(n) for n in names[:most])
    return shown + (f" và {len(names) - most} mục khác" if len(names) > most else "")


def source_line(places: Iterable[str]) -> str:
    """The line of sources; a file is named once for places of it that follow one another."""
    told: list[str] = []
    last = ""
    for source in dict.fromkeys(places):
        file, _, place = source.partition(", ")
        told.append(place if place and file == last else source)
        last = file
    return f"<i>Nguồn: {escaped('; '.join(told))}</i>"


def html_of(part: Part) -> str:
    """A part in Telegram's HTML."""
    if part.style is Style.TEXT:
        return part.text
    folded = len(part.text) > FOLDED and not part.unfolded
    tag = "blockquote expandable" if folded else "blockquote"
    shown, at = [], 0
    for first, end in part.bold:
        shown += [escaped(part.text[at:first]), f"<b>{escaped(part.text[first:end])}</b>"]
        at = end
    return f"<{tag}>{''.join(shown)}{escaped(part.text[at:])}</blockquote>"


def packed(parts: Iterable[Part]) -> list[str]:
    """The HTML of as many messages as the parts need: cut between parts where that is enough."""
    texts: list[str] = []
    for part in parts:
        room = LIMIT - _units(plain_of(texts[-1])) - 2 if texts else 0
        for piece in _cut(part, room):
            text = html_of(piece)
            if texts and _units(plain_of(texts[-1])) + 2 + _units(plain_of(text)) <= LIMIT:
                texts[-1] += f"\n\n{text}"
            else:
                texts.append(text)
    return texts or [escaped("Không có nội dung.")]


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _cut(part: Part, room: int = 0) -> list[Part]:
    """A part that is too long for one message, cut at lines, then at sentences, then at words. The
    first piece fills the ``room`` that is left in a message, where that is worth while."""
    if _units(plain_of(html_of(part))) <= LIMIT:
        return [part]
    if part.style is Style.TEXT:
        return _cut_lines(part.text)
    pieces, start = [], 0
    while start < len(part.text):
        most = room if not start and room > LIMIT // 4 else LIMIT
        end = _end_of_piece(part.text, start, most)
        inside = part.text[start:end]
        first = start + len(inside) - len(inside.lstrip())
        last = start + len(inside.rstrip())
        if first < last:
            bold = tuple(
                (max(a, first) - first, min(b, last) - first)
                for a, b in part.bold
                if a < last and b > first
            )
            text = part.text[first:last]
            pieces.append(part.model_copy(update={"text": text, "bold": bold}))
        start = end
    return pieces


def _cut_lines(text: str) -> list[Part]:
    """Lines of HTML, each whole in itself, put together as far as they go into one message."""
    pieces: list[Part] = []
    for line in text.split("\n"):
        if _units(plain_of(line)) > LIMIT:
            pieces += _cut(Part(text=plain_of(line), style=Style.QUOTE))
        elif (
            pieces
            and pieces[-1].style is Style.TEXT
            and _units(plain_of(f"{pieces[-1].text}\n{line}")) <= LIMIT
        ):
            pieces[-1] = Part(text=f"{pieces[-1].text}\n{line}")
        elif line.strip():
            pieces.append(Part(text=line))
    return pieces


def _end_of_piece(text: str, start: int, most: int) -> int:
    """Where the piece that begins at ``start`` ends: at a line if one ends in its latter half, else
    at a sentence, else at a word, else where the message is full."""
    units, end = 0, start
    while end < len(text) and units + (step := 2 if text[end] > "\uffff" else 1) <= most:
        units, end = units + step, end + 1
    if end == len(text):
        return end
    middle = (start + end) // 2
    for mark in ("\n", ". ", "; ", " "):
        if (at := text.rfind(mark, middle, end)) > 0:
            return at + len(mark)
    return end
