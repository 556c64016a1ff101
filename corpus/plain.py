"""Plain text: .txt."""

from collections.abc import Iterator
from pathlib import Path

from corpus.letters import decoded
from corpus.paragraphs import Row, unwrapped
from corpus.pieces import Line
from corpus.text import tidy


def text_lines(path: Path, data: bytes) -> Iterator[Line]:
    gap, rows = False, []
    for text in tidy(decoded(path, data).replace("\f", "\n")).split("\n"):
        if text:
            rows.append(Row(text=text, x1=len(text), gap=gap))
        gap = not text
    yield from unwrapped(rows)
