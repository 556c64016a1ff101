"""Workbooks: .xlsx, .xlsm, .xls, .csv. The owner of openpyxl and xlrd."""

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
from typing import Any, NamedTuple

from corpus.letters import Convert, converted, decoded, font_of, old_font, restored
from corpus.pieces import Cell, FileError, Loss, Sheet
from corpus.text import tidy

MAX_CELLS = 2_000_000


class _Raw(NamedTuple):
    """A sheet as its library gives it. Rows and columns count from 1."""

    name: str
    values: dict[tuple[int, int], Any]  # only cells that hold something
    fonts: dict[tuple[int, int], str]
    merged: list[tuple[int, int, int, int]]  # first row, first column, last row, last column


def workbook_sheets(path: Path, data: bytes) -> Iterator[Sheet | Loss]:
    """The sheets of a .xlsx or .xlsm. A formula without a stored result is its own text."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if _uncalculated(data) else None
    raw = []
    for sheet in book.worksheets:
        # Only cells that hold something count: a coloured column would reach row 1,048,576.
        held = {at: cell for at, cell in sheet._cells.items() if cell.value is not None}
        values = {at: cell.value for at, cell in held.items()}
        fonts = {
            at: cell.font.name or ""
            for at, cell in held.items()
            if isinstance(cell.value, str) and not cell.value.isascii()
        }
        if formulas:
            for at, cell in formulas[sheet.title]._cells.items():
                if cell.data_type == "f" and values.get(at) is None:
                    values[at] = str(cell.value)
        merged = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
        raw.append(_Raw(sheet.title, values, fonts, merged))
    yield from _sheets(path, raw)


def old_workbook_sheets(path: Path, data: bytes) -> Iterator[Sheet | Loss]:
    """The sheets of a .xls, with the results that its formulas were saved with."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise FileError(path, "Tệp có mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại.") from error
        raise
    raw = []
    for sheet in book.sheets():
        values: dict[tuple[int, int], Any] = {}
        fonts: dict[tuple[int, int], str] = {}
        for r in range(sheet.nrows):
            for c, cell in enumerate(sheet.row(r)):
                if (value := _old_value(book, cell)) is not None:
                    values[r + 1, c + 1] = value
                    if isinstance(value, str) and not value.isascii():
                        font = book.font_list[book.xf_list[cell.xf_index].font_index]
                        fonts[r + 1, c + 1] = font.name
        merged = [(a + 1, c + 1, b, d) for a, b, c, d in sheet.merged_cells]
        raw.append(_Raw(sheet.name, values, fonts, merged))
    yield from _sheets(path, raw)


def _old_value(book: Any, cell: Any) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#LỖI")
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(cell.value) if cell.value.is_integer() else cell.value
    return cell.value or None


def _sheets(path: Path, raw: Sequence[_Raw]) -> Iterator[Sheet | Loss]:
    yield from _restore(raw)
    for sheet in raw:
        yield _sheet(path, sheet)


def _restore(raw: Sequence[_Raw]) -> list[Loss]:
    """Give the letters of cells in old fonts back, in place: by the font's name or by what they say."""
    found: dict[Convert, int] = {}
    rest: list[tuple[_Raw, tuple[int, int]]] = []
    for sheet in raw:
        for at, name in sheet.fonts.items():
            text = sheet.values[at]
            font = font_of(name)
            if font and not any("\xff" < letter < "\u2000" for letter in text):
                sheet.values[at] = font(text)
                found[font] = found.get(font, 0) + 1
            else:
                rest.append((sheet, at))
    if old := old_font([sheet.values[at] for sheet, at in rest]):
        for sheet, at in rest:
            sheet.values[at] = old.read(sheet.values[at])
        found[old.convert] = len(rest)
    return [converted(max(found, key=lambda font: found[font]))] if found else []


def _sheet(path: Path, raw: _Raw) -> Sheet:
    from openpyxl.utils import get_column_letter

    values = dict(raw.values)
    places = {at: at for at in values}
    for first_row, first_column, last_row, last_column in raw.merged:
        first = (first_row, first_column)
        size = (last_row - first_row + 1) * (last_column - first_column + 1)
        if first in values and size <= 10_000:
            for at in itertools.product(
                range(first_row, last_row + 1), range(first_column, last_column + 1)
            ):
                values[at], places[at] = values[first], first
    height = max((row for row, _ in values), default=0)
    width = max((column for _, column in values), default=0)
    if height * width > MAX_CELLS:
        raise FileError(
            path, f"Trang “{raw.name}” quá lớn: {height} dòng × {width} cột.",
            "Xóa các ô thừa ở xa bảng rồi lưu lại.",
        )  # fmt: skip
    letters = [get_column_letter(c) for c in range(1, width + 1)]
    return Sheet(
        name=tidy(raw.name),
        rows=tuple(
            tuple(
                Cell(
                    value=_value(values.get((r, c))),
                    place="{}!{}{}".format(raw.name, *_named(places, letters, r, c)),
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


def csv_sheets(path: Path, data: bytes) -> Iterator[Sheet | Loss]:
    """The one sheet of a .csv."""
    import openpyxl

    written, losses = restored(decoded(path, data).replace("\x00", "").split("\n"))
    yield from losses
    text = "\n".join(written)
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
    best: tuple[tuple[bool, int, bool], list[list[str]]] | None = None
    for mark in ";\t,":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        widths = Counter(len(row) for row in rows if any(row))
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        first = next((len(row) for row in rows if any(row)), 0)
        merit = (count * 10 >= 8 * widths.total(), width, first == width)
        if best is None or merit > best[0]:
            best = (merit, rows)
    assert best
    return best[1]


def write_table(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write rows, the headings first, as an .xlsx workbook of one sheet. Raises OSError.

    Decimals stay numbers and dates stay dates; a text is a text whatever it begins with, so that no
    cell of somebody's workbook becomes a formula in ours.
    """
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    for row_number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            text = isinstance(value, str)
            cell = sheet.cell(row_number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value)) if text else value
            if text:
                cell.data_type = "s"
            if row_number == 1:
                cell.font = Font(bold=True)
    for column in sheet.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(60, 2 + longest)
    sheet.freeze_panes = "A2"
    book.save(path)
