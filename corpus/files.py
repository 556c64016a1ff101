"""A file → its text or its cells, each piece with its place: the front of all readers.

One file per format; each knows the library that reads it. What goes wrong is one ``FileError``.
"""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from corpus.intake import TABLE_SUFFIXES, TEXT_SUFFIXES, checked
from corpus.markdown import markdown_lines
from corpus.pdf import pdf_lines
from corpus.pieces import Cell, FileError, Line, Sheet
from corpus.plain import text_lines
from corpus.web import html_lines
from corpus.word import word_lines
from corpus.workbook import csv_sheets, workbook_sheets

__all__ = [
    "TABLE_SUFFIXES",
    "TEXT_SUFFIXES",
    "Cell",
    "FileError",
    "Line",
    "Sheet",
    "read_lines",
    "read_sheets",
]


def read_lines(path: Path) -> tuple[Line, ...]:
    """Return the text of a .txt, .md, .docx, .pdf, .html or .htm, in reading order.

    Raises ``FileError``, and nothing else, when the file can't be read or holds no text.
    """
    readers = {
        ".txt": text_lines, ".md": markdown_lines, ".docx": word_lines, ".pdf": pdf_lines,
        ".html": html_lines, ".htm": html_lines,
    }  # fmt: skip
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = checked(path, known=reader is not None)
        assert reader
        lines = tuple(line for line in reader(path, data) if line.text)
        if not lines:
            raise FileError(
                path, "Tệp không có chữ nào.", "Kiểm tra lại nội dung rồi chép lại tệp."
            )
        return lines


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a .xlsx, .xlsm or .csv that hold anything, in order.

    Raises ``FileError``, and nothing else, when the file can't be read or holds no value.
    """
    readers = {".xlsx": workbook_sheets, ".xlsm": workbook_sheets, ".csv": csv_sheets}
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = checked(path, known=reader is not None)
        assert reader
        sheets = tuple(sheet for sheet in reader(path, data) if sheet.rows)
        if not sheets:
            raise FileError(path, "Bảng không có dữ liệu nào.", "Kiểm tra lại rồi lưu lại bảng.")
        return sheets


@contextlib.contextmanager
def _one_error(path: Path) -> Iterator[None]:
    """Any failure inside becomes one ``FileError``; libraries raise what they please."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            message = f"Không mở được tệp: {error.strerror}."
            raise FileError(path, message, "Kiểm tra tệp còn đó và có quyền đọc.") from error
        raise FileError(
            path, "Tệp bị hỏng hoặc sai cấu trúc.",
            f"Mở bằng phần mềm gốc, lưu lại thành {path.suffix.lower()} rồi thử lại.",
        ) from error  # fmt: skip
