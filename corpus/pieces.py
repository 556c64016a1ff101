"""What reading a file gives: lines of text, sheets of cells; or one error with its remedy."""

import datetime
from decimal import Decimal
from pathlib import Path

from corpus.records import Record


class FileError(Exception):
    """A file that can't be read. ``message`` and ``remedy`` are one Vietnamese sentence each."""

    def __init__(self, path: Path, message: str, remedy: str):
        super().__init__(path, message, remedy)
        self.path, self.message, self.remedy = path, message, remedy

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')} ({self.remedy.rstrip('.')})"


class Line(Record):
    """One paragraph, or one hard line of it. ``text`` is tidy and never empty."""

    text: str
    page: int | None = None  # 1, 2, … in a PDF
    level: int = 0  # 1..6 for a heading of a .docx, .md or .html
    sure: int | None = None  # read from a picture: how sure OCR was of it, 0–100


class Loss(Record):
    """What was not read of a file, or read with a doubt. One Vietnamese sentence each."""

    place: str = ""  # "trang 3", "Năm 2021!F12"
    message: str
    remedy: str


class Text(Record):
    """All of a text file that could be read, in reading order."""

    lines: tuple[Line, ...]
    losses: tuple[Loss, ...] = ()


class Cell(Record):
    """One cell. Text is tidy; numbers are exact (14.5 → ``Decimal("14.5")``), at most 15 digits."""

    value: str | int | Decimal | datetime.date | bool | None
    place: str  # "Năm 2021!F12"; "F12" in a .csv


class Sheet(Record):
    """A rectangle of cells from A1. A merged range repeats its value and its first cell's place."""

    name: str  # "" in a .csv
    rows: tuple[tuple[Cell, ...], ...]


class Book(Record):
    """The sheets of a workbook that hold anything."""

    sheets: tuple[Sheet, ...]
    losses: tuple[Loss, ...] = ()
