"""A file → its text or its cells, each piece with its place: the front of all readers.

One file per format; each knows the library that reads it. What goes wrong is one ``FileError``.
"""

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.intake import PICTURES, TABLE_SUFFIXES, TEXT_SUFFIXES, checked
from corpus.markdown import markdown_lines
from corpus.mending import good_share, mend
from corpus.ocr import photo_lines
from corpus.old_office import old_lines
from corpus.pdf import pdf_lines
from corpus.pieces import Book, Cell, FileError, Line, Loss, Sheet, Text
from corpus.plain import text_lines
from corpus.web import html_lines
from corpus.word import word_lines
from corpus.workbook import csv_sheets, old_workbook_sheets, workbook_sheets

__all__ = [
    "TABLE_SUFFIXES", "TEXT_SUFFIXES", "Book", "Cell", "FileError", "Line", "Loss", "Sheet", "Text",
    "read_sheets", "read_text",
]  # fmt: skip

# Shares of words that can be Vietnamese. Of real documents .99 are and more, of web pages with bits
# of English .94; of a PDF that has lost its accents .78, of a file in a wrong encoding .57.
REJECTED = 0.8
DOUBTED = 0.93


def read_text(path: Path) -> Text:
    """Return the text of a document in reading order, with what could not be read of it.

    Raises ``FileError``, and nothing else, when the file can't be read, holds no text, or holds
    text that can't be Vietnamese.
    """
    readers = {
        ".txt": text_lines, ".md": markdown_lines, ".docx": word_lines, ".pdf": pdf_lines,
        ".html": html_lines, ".htm": html_lines, ".doc": old_lines, ".rtf": old_lines,
        ".odt": old_lines, **dict.fromkeys(PICTURES, photo_lines),
    }  # fmt: skip
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = checked(path, known=reader is not None)
        assert reader
        pieces = list(reader(path, data))
        lines = [piece for piece in pieces if isinstance(piece, Line) and piece.text]
        losses = [piece for piece in pieces if isinstance(piece, Loss)]
        if not lines:
            raise FileError(
                path, "Tệp không có chữ nào.", "Kiểm tra lại nội dung rồi chép lại tệp."
            )
        lines = _mended(lines, losses)
        losses += _recognised(lines)
        lines = _plausible(path, lines, losses)
        return Text(lines=tuple(lines), losses=tuple(losses))


def _recognised(lines: Sequence[Line]) -> list[Loss]:
    """A word on the pages that were read from pictures."""
    sure = [line.sure for line in lines if line.sure is not None]
    if not sure:
        return []
    pages = sorted({line.page for line in lines if line.sure is not None and line.page})
    return [
        Loss(
            place=f"trang {', '.join(map(str, pages))}" if pages else "",
            message=f"{'Đọc' if pages else f'Có {len(sure)} đoạn trong hình, đọc'} bằng nhận dạng ảnh, độ tin cậy {sum(sure) / len(sure):.0f}%.",
            remedy="Đối chiếu số liệu với bản giấy; tốt hơn nên dùng bản Word.",
        )
    ]


def _mended(lines: list[Line], losses: list[Loss]) -> list[Line]:
    """The lines with words put together that were torn apart at their accents."""
    texts = mend([line.text for line in lines])
    torn = sum(line.text != text for line, text in zip(lines, texts, strict=True))
    if not torn:
        return lines
    losses.append(
        Loss(
            message=f"Chữ bị tách rời ở dấu trong {torn} đoạn, đã ghép lại.",
            remedy="Đối chiếu vài đoạn với bản gốc; tốt hơn nên dùng bản Word.",
        )
    )
    return [
        line if line.text == text else line.model_copy(update={"text": text})
        for line, text in zip(lines, texts, strict=True)
    ]


def _plausible(path: Path, lines: list[Line], losses: list[Loss]) -> list[Line]:
    """The lines without pages whose words can't be Vietnamese: what is not writing is not indexed."""
    pages: dict[int | None, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    shares = {page: good_share(_whole(held)) for page, held in pages.items()}
    whole = good_share(_whole(lines))
    lost = [page for page, share in shares.items() if share is not None and share < REJECTED]
    if (whole is not None and whole < REJECTED) or len(lost) == len(pages):
        raise FileError(
            path,
            f"Chữ không ra tiếng Việt: chỉ {_percent(whole or 0)} số từ đúng chính tả.",
            "Phông chữ bị mất hoặc nhận dạng ảnh kém; dùng bản Word hoặc PDF khác.",
        )
    for page in lost:
        losses.append(
            Loss(
                place=f"trang {page}",
                message=f"Chỉ {_percent(shares[page] or 0)} số từ của trang đúng chính tả, "
                "đã bỏ trang này.",
                remedy="Dùng bản Word hoặc PDF khác.",
            )
        )
    if not lost and whole is not None and whole < DOUBTED:
        losses.append(
            Loss(
                message=f"Chỉ {_percent(whole)} số từ đúng chính tả tiếng Việt.",
                remedy="Đối chiếu với bản gốc trước khi dùng.",
            )
        )
    return [line for line in lines if line.page not in lost]


def _whole(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def read_sheets(path: Path) -> Book:
    """Return the sheets of a workbook that hold anything, in order, and what could not be read.

    Raises ``FileError``, and nothing else, when the file can't be read or holds no value.
    """
    readers = {
        ".xlsx": workbook_sheets, ".xlsm": workbook_sheets, ".xls": old_workbook_sheets,
        ".csv": csv_sheets,
    }  # fmt: skip
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = checked(path, known=reader is not None)
        assert reader
        pieces = list(reader(path, data))
        sheets = [piece for piece in pieces if isinstance(piece, Sheet) and piece.rows]
        if not sheets:
            raise FileError(path, "Bảng không có dữ liệu nào.", "Kiểm tra lại rồi lưu lại bảng.")
        losses = [piece for piece in pieces if isinstance(piece, Loss)]
        return Book(sheets=tuple(sheets), losses=tuple(losses))


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
