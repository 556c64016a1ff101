"""Laid out rows → paragraphs: for PDF, and for text wrapped at a fixed width."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.pieces import Line


class Row(NamedTuple):
    """A line as laid out. Widths are points in a PDF, letters in plain text."""

    text: str
    page: int | None = None
    x0: float = 0
    x1: float = 0
    size: float = 0
    bold: bool = False
    first: float = 0  # width of the first word
    margin: float = 0  # where its column ends
    gap: bool = False  # more room above than between the lines of a paragraph
    whole: bool = False  # a table row or a heading: never joined
    start: bool = False  # opens a column or a page
    level: int = 0


_HEADING = re.compile(
    r"^(?:(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Tiểu mục|TIỂU MỤC)\s+(?:[IVXLC]+|\d+|thứ)\b"
    r"|Điều\s+\d+[a-zđ]?\s*(?:[.:]|$)|PHỤ LỤC|Phụ lục\s"
    r"|(?:T/?M|KT|TL|TUQ)\.\s|Nơi nhận\b)"
)
_ARTICLE = re.compile(r"^Điều\s+\d+[a-zđ]?\.")
ITEM = re.compile(r"^(?:\d{1,3}[a-zđ]?[.)]\s|[IVXLC]+[.)]\s|[a-zđ]\d?\)\s|[-–—+•*▪]\s)")


def _is_full(row: Row, following: Row) -> bool:
    """True when the first word of the next line had no room on this one: the line was wrapped.

    The 0.6 is a blank, and what a ragged margin may hide.
    """
    return row.x1 + following.first > row.margin - 0.6 * row.size


def joined(rows: Iterable[Row]) -> Iterator[Line]:
    """Rows → paragraphs. Nothing is dropped: the words of the rows are the words of the lines."""
    held: list[Row] = []
    for row in rows:
        if held and _begins(held[-1], row, held[0].text):
            yield _one(held)
            held = []
        held.append(row)
    if held:
        yield _one(held)


def _one(rows: Sequence[Row]) -> Line:
    text = " ".join(row.text for row in rows)
    return Line(text=text, page=rows[0].page, level=rows[0].level)


def _begins(former: Row, row: Row, opening: str) -> bool:
    """True when ``row`` opens a paragraph, after ``former`` of the one that ``opening`` opened."""
    if row.whole or former.whole or row.gap:
        return True
    if row.bold != former.bold or abs(row.size - former.size) > 0.06 * former.size:
        return True
    if _ARTICLE.match(row.text):
        return True  # to lose an Điều is worse than to cut a sentence, which its reader can see
    ended = former.text[-1] in '.;:!?…”"'
    if _HEADING.match(row.text) or ITEM.match(row.text):
        # A wrapped line may begin with "Mục 2 …" or "- xã hội": a full line that ends no sentence
        # goes on, unless it is a heading, which needs no full stop.
        heading = _HEADING.match(opening) is not None or opening == opening.upper()
        return ended or heading or not _is_full(former, row)
    if row.text[0].islower() and not ended and former.x1 * 2 > former.margin:
        return False
    indented = row.x0 - former.x0 > 0.8 * row.size and not row.start and not ITEM.match(opening)
    return indented or not _is_full(former, row)


def unwrapped(rows: Sequence[Row]) -> Iterator[Line]:
    """The paragraphs of plain text, which may have been wrapped at a fixed width."""
    width = max((row.x1 for row in rows), default=0)
    rows = [r._replace(margin=width, first=len(r.text.split(" ")[0]), size=1) for r in rows]
    pairs = [(a, b) for a, b in itertools.pairwise(rows) if not b.gap]
    wrapped = sum(_is_full(a, b) for a, b in pairs)
    if width > 120 or len(pairs) < 5 or wrapped * 2 < len(pairs):
        yield from (Line(text=row.text, level=row.level) for row in rows)
    else:
        yield from joined(rows)


# Tables inside texts

_LAID_OUT = re.compile(r"^(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI|Nơi nhận)|, ngày .* tháng .* năm ", re.I)


def table_texts(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Rows of cells, each cell some lines → one text per row, cells joined with " | ".

    Vietnamese documents lay out their head ("QUỐC HỘI" beside "CỘNG HÒA…") and their end ("Nơi
    nhận" beside the signature) as tables; there each line of a cell stands for itself.
    """
    for row in rows:
        cells = [[line for line in cell if line] for cell in row]
        cells = [cell for cell in cells if cell]
        if len(cells) > 1 and any(_LAID_OUT.search(cell[0]) for cell in cells):
            yield from (line for cell in cells for line in cell)
        elif cells:
            yield " | ".join(" ".join(cell) for cell in cells)
