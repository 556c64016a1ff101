"""Word: .docx. The owner of python-docx."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.paragraphs import table_texts
from corpus.pieces import Line
from corpus.text import tidy


def word_lines(path: Path, data: bytes) -> Iterator[Line]:
    import docx

    document = docx.Document(io.BytesIO(data))
    names = {style.style_id: (style.name or "") for style in document.styles}
    yield from _word_blocks(document.element.body, names)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
# What is not text: properties, and what a review has deleted or moved away.
_HIDDEN = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _word_blocks(parent: Any, names: dict[str, str]) -> Iterator[Line]:
    for element in parent:
        if element.tag == f"{_W}p":
            level = _word_level(element, names)
            for text in tidy(_word_text(element)).split("\n"):
                yield Line(text=text, level=level)
        elif element.tag == f"{_W}tbl":
            rows = [
                [
                    [line.text for line in _word_blocks(cell, names)]
                    for cell in row.iter(f"{_W}tc")
                    if next(cell.iterancestors(f"{_W}tr")) is row
                ]
                for row in element.iter(f"{_W}tr")
                if next(row.iterancestors(f"{_W}tbl")) is element
            ]
            for text in table_texts(rows):
                yield Line(text=text)
        elif element.tag not in _HIDDEN:
            yield from _word_blocks(element, names)


def _word_text(element: Any) -> str:
    """The letters of a paragraph. python-docx itself leaves out insertions and content controls."""
    if element.tag in _HIDDEN or element.tag == _FALLBACK:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[element.tag]
    inner = "".join(map(_word_text, element))
    # A text box holds paragraphs of its own inside this one.
    return f"\n{inner}\n" if element.tag == f"{_W}p" else inner


def _word_level(paragraph: Any, names: dict[str, str]) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = names.get(style.get(f"{_W}val"), "") if style is not None else ""
    if match := re.fullmatch(r"heading ([1-6])", name, re.I):
        return int(match[1])
    return 1 if name == "Title" else 0
