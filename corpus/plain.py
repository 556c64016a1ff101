"""Plain text: .txt."""

from collections.abc import Iterator
from pathlib import Path

from corpus.letters import decoded, restored
from corpus.paragraphs import Row, unwrapped
from corpus.pieces import Line, Loss
from corpus.text import tidy


def text_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The paragraphs of a .txt."""
    written, losses = restored(decoded(path, data).replace("\f", "\n").splitlines())
    yield from losses
    gap, rows = False, []
    for text in tidy("\n".join(written)).split("\n"):
        if text:
            rows.append(Row(text=text, x1=len(text), gap=gap))
        gap = not text
    yield from unwrapped(rows)
