"""Workbooks: .xlsx, .xlsm, .csv. The owner of openpyxl."""

import csv
import datetime
import io
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from corpus.letters import decoded
from corpus.pieces import Cell, FileError, Sheet
from corpus.text import tidy

MAX_CELLS = 2_000_000


def workbook_sheets(path: Path, data: bytes) -> Iterator[Sheet]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if _uncalculated(data) else None
    for sheet in book.worksheets:
        # Only cells that hold something count: a coloured column would reach row 1,048,576.
        values = {at: cell.value for at, cell in sheet._cells.items() if cell.value is not None}
        if formulas:
            for at, cell in formulas[sheet.title]._cells.items():
                if cell.data_type == "f" and values.get(at) is None:
                    values[at] = str(cell.value)
        places = {at: at for at in values}
        for merged in sheet.merged_cells.ranges:
            first = (merged.min_row, merged.min_col)
            if first in values and merged.size["rows"] * merged.size["columns"] <= 10_000:
                for at in itertools.product(
                    range(merged.min_row, merged.max_row + 1),
                    range(merged.min_col, merged.max_col + 1),
                ):
                    values[at], places[at] = values[first], first
        height = max((row for row, _ in values), default=0)
        width = max((column for _, column in values), default=0)
        if height * width > MAX_CELLS:
            raise FileError(
                path, f"Trang “{sheet.title}” quá lớn: {height} dòng × {width} cột.",
                "Xóa các ô thừa ở xa bảng rồi lưu lại.",
            )  # fmt: skip
        letters = [openpyxl.utils.get_column_letter(c) for c in range(1, width + 1)]
        yield Sheet(
            name=tidy(sheet.title),
            rows=tuple(
                tuple(
                    Cell(
                        value=_value(values.get((r, c))),
                        place="{}!{}{}".format(sheet.title, *_named(places, letters, r, c)),
                    )
                    for c in range(1, width + 1)
                )
                for r in range(1, height + 1)
            ),
        )


def _named(
    places: dict[tuple[int, int], tuple[int, int]], letters: Sequence[str], row: int, column: int
) -> tuple[str, int]:
    row, column = places.get((row, column), (row, column))
    return letters[column - 1], row


_NO_RESULT = re.compile(rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)")


def _uncalculated(data: bytes) -> bool:
    """True when some formula was saved without its result, as programs other than Excel may do."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            _NO_RESULT.search(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _value(value: Any) -> str | int | Decimal | datetime.date | bool | None:
    if isinstance(value, str):
        return tidy(value) or None
    if isinstance(value, float):
        # Excel itself keeps 15 digits; what a float has beyond them is rounding, not data.
        return Decimal(format(value, ".15g"))
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, bool | int | datetime.date):
        return value
    return tidy(str(value))


def csv_sheets(path: Path, data: bytes) -> Iterator[Sheet]:
    import openpyxl

    text = decoded(path, data).replace("\x00", "")
    rows = [[tidy(cell) for cell in row] for row in _split(text)]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    if len(rows) * width > MAX_CELLS:
        message = f"Bảng quá lớn: {len(rows)} dòng × {width} cột."
        raise FileError(path, message, "Tách thành nhiều tệp nhỏ hơn.")
    letters = [openpyxl.utils.get_column_letter(c) for c in range(1, width + 1)]
    yield Sheet(
        name="",
        rows=tuple(
            tuple(
                Cell(value=(row[c] or None) if c < len(row) else None, place=f"{letters[c]}{r}")
                for c in range(width)
            )
            for r, row in enumerate(rows, start=1)
        ),
    )


def _split(text: str) -> list[list[str]]:
    """Rows of a .csv. Vietnamese Excel parts cells with ";", since "," is its decimal comma."""
    best: tuple[tuple[bool, int], list[list[str]]] | None = None
    for mark in ",;\t":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        widths = Counter(len(row) for row in rows if any(row))
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        merit = (count * 10 >= 8 * widths.total(), width)
        if best is None or merit > best[0]:
            best = (merit, rows)
    assert best
    return best[1]
