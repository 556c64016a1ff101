"""A small table of the office's own, such as its rules: rows below headings that are matched loosely."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from corpus.files import TABLE_SUFFIXES, Cell, FileError, read_sheets
from corpus.text import fold

_TITLES = 20  # rows that may stand above the headings


class HeadedRow(NamedTuple):
    """One row: its cells by the meaning of their column."""

    cells: Mapping[str, Cell]

    def value(self, name: str) -> object:
        """What a cell holds; None where the column is missing."""
        return self.cells[name].value if name in self.cells else None

    def text(self, name: str) -> str:
        """A cell as text, "" where there is none; a date day first."""
        value = self.value(name)
        if isinstance(value, datetime.date):
            return value.strftime("%d/%m/%Y")
        return "" if value is None else str(value).strip()

    def quote(self) -> str:
        """The whole row, as it is quoted."""
        return " | ".join(filter(None, map(self.text, self.cells)))


def find_table(folder: Path, stem: str) -> Path | None:
    """The table of that name in ``folder``, whatever its format; None when there is none."""
    if not folder.is_dir():
        return None
    found = (p for p in folder.iterdir() if p.stem == stem and p.suffix.lower() in TABLE_SUFFIXES)
    return min(found, default=None)


def headed_rows(
    path: Path, columns: Mapping[str, re.Pattern[str]], needed: Collection[str], told: str
) -> Iterator[HeadedRow]:
    """The rows below the headings of every sheet; patterns match folded headings.

    Raises FileError when the file cannot be read or no sheet has the ``needed`` headings; ``told``
    names them in the remedy.
    """
    found = False
    for sheet in read_sheets(path).sheets:
        at: dict[str, int] = {}
        for number, row in enumerate(sheet.rows):
            if at:
                cells = {name: row[column] for name, column in at.items()}
                if any(cell.value is not None for cell in cells.values()):
                    yield HeadedRow(cells)
            elif number < _TITLES:
                named = _named(row, columns)
                if set(needed) <= named.keys():
                    at, found = named, True
    if not found:
        raise FileError(path, "Không thấy dòng tiêu đề cột.", f"Ghi đủ các cột {told}.")


def _named(row: Collection[Cell], columns: Mapping[str, re.Pattern[str]]) -> dict[str, int]:
    named: dict[str, int] = {}
    for column, cell in enumerate(row):
        heading = fold(cell.value).strip(" .:*") if isinstance(cell.value, str) else ""
        for name, pattern in columns.items():
            if heading and name not in named and pattern.search(heading):
                named[name] = column
                break
    return named


def day_of(value: object) -> datetime.date | None:
    """A day as cells write it: a date, 2027-01-15, 15/01/2027; None for anything else."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(value or "").strip()
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    ours = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    numbers = iso.groups() if iso else ours.groups()[::-1] if ours else None
    try:
        return datetime.date(*map(int, numbers)) if numbers else None
    except ValueError:
        return None
