"""A file → its text, each piece with its place. One function per format.

This file alone knows the libraries that read them: openpyxl, python-docx, pdfplumber and
beautifulsoup4. pdfplumber and not pypdf: both read Vietnamese letters right, but only pdfplumber
says where each word stands, and the position decides what no string can: whether a line was wrapped
or ended, which column comes first, what is a running head.

A file comes from outside, so nothing in it is believed before it is measured: its size, what its
first bytes say that it is, how far its archive would unpack. What goes wrong is one ``FileError``.
"""

import bisect
import codecs
import contextlib
import csv
import datetime
import html
import io
import itertools
import logging
import re
import statistics
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from corpus.records import Record
from corpus.text import tidy

TEXT_SUFFIXES = (".txt", ".md", ".docx", ".pdf", ".html", ".htm")
TABLE_SUFFIXES = (".xlsx", ".xlsm", ".csv")

MAX_BYTES = 40 * 2**20
MAX_UNZIPPED = 400 * 2**20
MAX_XML = 100 * 2**20  # XML grows some tenfold in memory, pictures don't
MAX_RATIO = 200  # real workbooks pack about 1:20
MAX_CELLS = 2_000_000

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it comments on every odd font


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


class Cell(Record):
    """One cell. Text is tidy; numbers are exact (14.5 → ``Decimal("14.5")``), at most 15 digits."""

    value: str | int | Decimal | datetime.date | bool | None
    place: str  # "Năm 2021!F12"; "F12" in a .csv


class Sheet(Record):
    """A rectangle of cells from A1. A merged range repeats its value and its first cell's place."""

    name: str  # "" in a .csv
    rows: tuple[tuple[Cell, ...], ...]


def read_lines(path: Path) -> tuple[Line, ...]:
    """Return the text of a .txt, .md, .docx, .pdf, .html or .htm, in reading order.

    Raises ``FileError``, and nothing else, when the file can't be read or holds no text.
    """
    readers = {
        ".txt": _text_lines, ".md": _markdown_lines, ".docx": _word_lines, ".pdf": _pdf_lines,
        ".html": _html_lines, ".htm": _html_lines,
    }  # fmt: skip
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = _checked(path, known=reader is not None)
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
    readers = {".xlsx": _workbook_sheets, ".xlsm": _workbook_sheets, ".csv": _csv_sheets}
    with _one_error(path):
        reader = readers.get(path.suffix.lower())
        data = _checked(path, known=reader is not None)
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


# What a file is, before anything is parsed

_NAMES = {
    "pdf": "PDF", "zip": "tệp nén", "broken": "tệp nén", "ole": "tệp Office kiểu cũ",
    "rtf": "RTF", "image": "tệp ảnh",
    "word": "Word", "excel": "Excel", "text": "chữ thường",
    "noise": "dữ liệu lạ",
}  # fmt: skip
_WANTED = {".pdf": "pdf", ".docx": "word", ".xlsx": "excel", ".xlsm": "excel"}
_SUFFIX_OF = {"pdf": ".pdf", "word": ".docx", "excel": ".xlsx", "rtf": ".rtf"}
_OLD = {
    ".doc": "Mở bằng Word và lưu thành .docx.", ".rtf": "Mở bằng Word và lưu thành .docx.",
    ".odt": "Mở và lưu thành .docx.", ".xls": "Mở bằng Excel và lưu thành .xlsx.",
    ".ods": "Mở và lưu thành .xlsx.",
}  # fmt: skip


def _checked(path: Path, known: bool) -> bytes:
    """The bytes of a file whose size and kind are what its name promises."""
    suffix = path.suffix.lower()
    if not known:
        supported = " ".join(TEXT_SUFFIXES + TABLE_SUFFIXES)
        raise FileError(
            path, f"Chưa đọc được tệp dạng {suffix or 'không có đuôi'}.",
            _OLD.get(suffix, f"Chuyển sang một trong các dạng {supported}."),
        )  # fmt: skip
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileError(
            path, f"Tệp quá lớn: {size / 2**20:.0f} MB, tối đa {MAX_BYTES // 2**20} MB.",
            "Tách thành nhiều tệp nhỏ hơn.",
        )  # fmt: skip
    data = path.read_bytes()
    if not data.strip(b"\x00 \t\r\n"):
        raise FileError(path, "Tệp trống.", "Chép lại tệp từ bản gốc.")
    found, wanted = _kind(path, data), _WANTED.get(suffix, "text")
    if found == "ole" and wanted in ("word", "excel"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileError(path, "Tệp có mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại.")
        raise FileError(
            path, f"Tệp Office kiểu cũ mang đuôi {suffix}.",
            f"Mở bằng {_NAMES[wanted]} và lưu thành {'.docx' if wanted == 'word' else '.xlsx'}.",
        )  # fmt: skip
    if found == "broken" and wanted in ("word", "excel"):
        message = "Tệp bị cắt cụt, thiếu phần cuối."
        raise FileError(path, message, "Chép hoặc tải lại tệp từ bản gốc.")
    if found != wanted and (found, wanted) != ("noise", "text"):  # UTF-16 is full of zeros too
        remedy = "Kiểm tra lại tệp, hoặc xuất lại từ phần mềm gốc."
        if found in _SUFFIX_OF:
            remedy = f"Đổi đuôi tệp thành {_SUFFIX_OF[found]}."
        raise FileError(path, f"Tệp mang đuôi {suffix} nhưng thật ra là {_NAMES[found]}.", remedy)
    return data


def _kind(path: Path, data: bytes) -> str:
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "image"
    if head.startswith(b"PK\x03\x04"):
        if not zipfile.is_zipfile(io.BytesIO(data)):
            return "broken"
        names = _safe_names(path, data)
        if "word/document.xml" in names:
            return "word"
        return "excel" if any(name.startswith("xl/") for name in names) else "zip"
    return "noise" if b"\x00" in head else "text"


def _safe_names(path: Path, data: bytes) -> set[str]:
    """The names in an archive that is safe to unpack: of bounded size, whole, without a DTD.

    The sizes an archive states are binding: zipfile never unpacks more of a member than its stated
    size. A DTD, which Office never writes, is how entities are multiplied.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        total = sum(m.file_size for m in members)
        xml = [m for m in members if m.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if (
            total > MAX_UNZIPPED
            or sum(m.file_size for m in xml) > MAX_XML
            or (total > 20 * 2**20 and total > MAX_RATIO * len(data))
        ):
            raise FileError(
                path, f"Tệp nén bung ra quá lớn ({total / 2**20:.0f} MB), có thể là tệp phá hoại.",
                "Xóa tệp này, hoặc lưu lại từ phần mềm gốc và bỏ phần thừa.",
            )  # fmt: skip
        for member in xml:
            if member.flag_bits & 1:
                raise FileError(path, "Tệp có mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại.")
            part = archive.read(member)
            if b"<!DOCTYPE" in part or "<!DOCTYPE".encode("utf-16-le") in part[:2000]:
                raise FileError(
                    path, "Tệp có phần khai báo DTD lạ, không an toàn.",
                    "Mở bằng phần mềm gốc và lưu lại.",
                )  # fmt: skip
        return {m.filename for m in members}


# Plain text

_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ“”‘’–—…•«»°§±×½²³€™®©·"
)


def _decoded(path: Path, data: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16 or Windows-1258; anything else is an error."""
    text: str | None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(data, "utf-16")
    elif data.startswith(codecs.BOM_UTF8):
        text = _try(data, "utf-8-sig")
    elif (zeros := data[:4000].count(0)) * 4 > len(data[:4000]):
        # UTF-16 without a mark: the empty half of most letters tells the byte order.
        big = data[:4000:2].count(0) * 2 > zeros
        text = _plausible(_try(data, "utf-16-be" if big else "utf-16-le"))
    else:
        text = _try(data, "utf-8") or _plausible(_try(data, "cp1258"))
    if text is None:
        raise FileError(
            path,
            "Không nhận ra bảng mã chữ Việt: có thể là phông cũ TCVN3, VNI hoặc không phải chữ.",
            "Chuyển sang Unicode (UTF-8) rồi lưu lại.",
        )  # fmt: skip
    noise = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85" for c in text)
    if noise > max(2, len(text) // 200):
        raise FileError(
            path, "Tệp không phải là chữ mà là dữ liệu nhị phân.", "Xuất lại tệp từ phần mềm gốc."
        )
    return text


def _plausible(text: str | None) -> str | None:
    """A text in a guessed encoding, if nearly all its letters are ours."""
    odd = [c for c in unicodedata.normalize("NFC", (text or "").lower()) if c > "\x7f"]
    known = sum(c in _VIETNAMESE or c == "\xa0" for c in odd)
    return text if known >= 0.95 * len(odd) else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _text_lines(path: Path, data: bytes) -> Iterator[Line]:
    gap, rows = False, []
    for text in tidy(_decoded(path, data).replace("\f", "\n")).split("\n"):
        if text:
            rows.append(_Row(text=text, x1=len(text), gap=gap))
        gap = not text
    yield from _unwrapped(rows)


def _unwrapped(rows: Sequence["_Row"]) -> Iterator[Line]:
    """The paragraphs of plain text, which may have been wrapped at a fixed width."""
    width = max((row.x1 for row in rows), default=0)
    rows = [r._replace(margin=width, first=len(r.text.split(" ")[0]), size=1) for r in rows]
    pairs = [(a, b) for a, b in itertools.pairwise(rows) if not b.gap]
    wrapped = sum(_is_full(a, b) for a, b in pairs)
    if width > 120 or len(pairs) < 5 or wrapped * 2 < len(pairs):
        yield from (Line(text=row.text, level=row.level) for row in rows)
    else:
        yield from _joined(rows)


# Wrapped lines → paragraphs, for PDF and for text wrapped at a fixed width


class _Row(NamedTuple):
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
    r"|Điều\s+\d+[a-zđ]?\s*[.:]|PHỤ LỤC|Phụ lục\s)"
)
_ARTICLE = re.compile(r"^Điều\s+\d+[a-zđ]?\.")
_ITEM = re.compile(r"^(?:\d{1,3}[a-zđ]?[.)]\s|[IVXLC]+[.)]\s|[a-zđ]\d?\)\s|[-–—+•*▪]\s)")


def _is_full(row: _Row, following: _Row) -> bool:
    """True when the first word of the next line had no room on this one: the line was wrapped.

    The 0.6 is a blank, and what a ragged margin may hide.
    """
    return row.x1 + following.first > row.margin - 0.6 * row.size


def _joined(rows: Iterable[_Row]) -> Iterator[Line]:
    """Rows → paragraphs. Nothing is dropped: the words of the rows are the words of the lines."""
    held: list[_Row] = []
    for row in rows:
        if held and _begins(held[-1], row, held[0].text):
            yield _one(held)
            held = []
        held.append(row)
    if held:
        yield _one(held)


def _one(rows: Sequence[_Row]) -> Line:
    text = " ".join(row.text for row in rows)
    return Line(text=text, page=rows[0].page, level=rows[0].level)


def _begins(former: _Row, row: _Row, opening: str) -> bool:
    """True when ``row`` opens a paragraph, after ``former`` of the one that ``opening`` opened."""
    if row.whole or former.whole or row.gap:
        return True
    if row.bold != former.bold or abs(row.size - former.size) > 0.06 * former.size:
        return True
    if _ARTICLE.match(row.text):
        return True  # to lose an Điều is worse than to cut a sentence, which its reader can see
    ended = former.text[-1] in '.;:!?…”"'
    if _HEADING.match(row.text) or _ITEM.match(row.text):
        # A wrapped line may begin with "Mục 2 …" or "- xã hội": a full line that ends no sentence
        # goes on, unless it is a heading, which needs no full stop.
        heading = _HEADING.match(opening) is not None or opening == opening.upper()
        return ended or heading or not _is_full(former, row)
    if row.text[0].islower() and not ended and former.x1 * 2 > former.margin:
        return False
    indented = row.x0 - former.x0 > 0.8 * row.size and not row.start and not _ITEM.match(opening)
    return indented or not _is_full(former, row)


# PDF


class _Word(NamedTuple):
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


_WordRow = list[_Word]  # one visual row, from left to right


class _Page(NamedTuple):
    number: int
    height: float
    rows: list[_WordRow]
    tables: list[tuple[float, list[_Row]]]  # where each begins, and its rows


def _pdf_lines(path: Path, data: bytes) -> Iterator[Line]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    pages: list[_Page] = []
    pictures = False
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                pages.append(_page(page))
                pictures = pictures or bool(page.images)
                page.close()  # drops its cache: a long law would hold every letter in memory
    except Exception as error:
        causes = (error, error.__cause__, error.__context__, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            message = "PDF có mật khẩu hoặc bị khóa."
            raise FileError(path, message, "Lưu lại bản PDF không mật khẩu.") from error
        raise
    if not pages:
        raise FileError(path, "PDF không có trang nào.", "Tải hoặc xuất lại tệp PDF.")
    text = "".join(word.text for page in pages for row in page.rows for word in row)
    if sum(map(str.isalpha, text)) < 10 * len(pages) and (pictures or not text):
        raise FileError(
            path, "PDF chỉ có ảnh chụp, không có chữ để đọc.",
            "Chưa hỗ trợ nhận dạng ảnh; hãy dùng bản Word hoặc PDF có chữ.",
        )  # fmt: skip
    if text.count("(cid:") * 20 > len(text) or text.count("\ufffd") * 20 > len(text):
        raise FileError(
            path, "PDF dùng phông chữ không tra được chữ cái.", "Dùng bản Word hoặc xuất lại PDF."
        )
    pages = _without_heads(pages)
    ends = [_end(page.rows) for page in pages if page.rows]
    usual = statistics.median(ends) if ends else 0
    yield from _joined(row for page in pages for row in _page_rows(page, usual))


def _page(page: Any) -> _Page:
    tables = []
    if page.lines or page.rects or page.curves:
        tables = [t for t in page.find_tables() if len(t.rows) > 1 and len(t.columns) > 1]
    words = []
    for found in page.extract_words(x_tolerance_ratio=0.2, return_chars=True):
        letters = found["chars"]
        word = _Word(
            found["text"], found["x0"], found["x1"], found["top"], found["bottom"],
            size=statistics.median(c["size"] for c in letters),
            bold=all("bold" in c["fontname"].lower() for c in letters),
        )  # fmt: skip
        if found["upright"] and not any(_inside(word, table.bbox) for table in tables):
            words.append(word)
    found_tables = [(table.bbox[1], _ruled(table)) for table in tables]
    return _Page(page.page_number, float(page.height), _grouped(words), sorted(found_tables))


def _inside(word: _Word, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= word.middle <= box[3]


def _ruled(table: Any) -> list[_Row]:
    rows = table.extract(x_tolerance_ratio=0.2)
    cells = [[tidy(cell or "").split("\n") for cell in row] for row in rows]
    return [_Row(text=text, whole=True) for text in _table_texts(cells)]


def _grouped(words: Sequence[_Word]) -> list[_WordRow]:
    """Words → rows, from the top down."""
    rows: list[_WordRow] = []
    for word in sorted(words, key=lambda w: w.middle):
        if rows and word.middle - rows[-1][-1].middle < 0.4 * (word.bottom - word.top):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


_PAGE_NUMBER = re.compile(r"(?:Trang\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*/\s*\d{1,4})?", re.I)


def _without_heads(pages: Sequence[_Page]) -> list[_Page]:
    """The pages without page numbers and running heads: what repeats at one height near an edge."""

    def edge(page: _Page, row: _WordRow) -> bool:
        return row[0].bottom < 0.1 * page.height or row[0].top > 0.9 * page.height

    def sign(row: _WordRow) -> tuple[int, str]:
        return round(row[0].middle / 6), re.sub(r"\d+", "0", _text(row))

    seen = Counter(s for page in pages for s in {sign(row) for row in page.rows if edge(page, row)})
    kept = []
    for page in pages:
        rows = []
        for row in page.rows:
            count = seen[sign(row)] if edge(page, row) else 0
            repeats = count >= 2 and count * 3 >= len(pages)
            if not (count and (repeats or _PAGE_NUMBER.fullmatch(_text(row)))):
                rows.append(row)
        kept.append(page._replace(rows=rows))
    return kept


def _text(row: _WordRow) -> str:
    return tidy(" ".join(word.text for word in row))


def _end(rows: Sequence[_WordRow]) -> float:
    return max((row[-1].x1 for row in rows), default=0)


def _page_rows(page: _Page, usual_end: float) -> Iterator[_Row]:
    """The rows of one page in reading order. Tables part it into bands, read from the top down."""
    end = max(_end(page.rows), usual_end)
    tops = [top for top, _ in page.tables]
    for i in range(len(tops) + 1):
        band = [row for row in page.rows if bisect.bisect(tops, row[0].top) == i]
        blocks = list(_blocks(band, end))
        if i < len(tops):
            blocks.append(page.tables[i][1])
        for block in blocks:
            for at, row in enumerate(block):
                yield row._replace(page=page.number, start=at == 0)


def _blocks(rows: Sequence[_WordRow], end: float) -> Iterator[list[_Row]]:
    """Cut rows into blocks that are read one after another: full width, or a column of two."""
    plain: list[_WordRow] = []
    start = min((row[0].x0 for row in rows), default=0)
    at = 0
    while at < len(rows):
        stop, cut = _columns(rows, at)
        # A narrow left side is the numbers of a list, not a column.
        if not stop or not 0.2 < (cut - start) / (end - start) < 0.8:
            plain.append(rows[at])
            at += 1
            continue
        yield _measured(plain, end)
        plain = []
        run, at = rows[at:stop], stop
        left = [side for row in run if (side := [w for w in row if w.x1 <= cut])]
        right = [side for row in run if (side := [w for w in row if w.x1 > cut])]
        if _is_table(left, right):
            yield [_Row(text=_cells(row), whole=True) for row in run]
            continue
        for column in (left, right):
            # A few rows are the head or the signatures, where each line stands for itself.
            yield [row._replace(whole=len(run) < 6) for row in _measured(column, _end(column))]
    yield _measured(plain, end)


def _columns(rows: Sequence[_WordRow], at: int) -> tuple[int, float]:
    """Where a run of rows in two columns that starts at ``at`` stops, and the x that parts them.

    (0, 0) when there is none. A gutter is a blank band that every row of the run respects: rows
    that stand on both sides of it, six at least unless it is wide, and rows on one side of it.
    """
    best = (0, 0.0)
    least = 0.8 * rows[at][0].size
    for one, two in itertools.pairwise(rows[at]):
        low, high = one.x1, two.x0
        if high - low < least:
            continue
        crossed, stop = 1, at + 1
        for i, row in enumerate(rows[at + 1 :], start=at + 1):
            blanks = [(a.x1, b.x0) for a, b in itertools.pairwise(row)]
            blanks += [(0, row[0].x0), (row[-1].x1, float("inf"))]
            shared = ((max(low, a), min(high, b)) for a, b in blanks)
            widest = max(shared, key=lambda s: s[1] - s[0])
            if widest[1] - widest[0] < least:
                break
            low, high = widest
            if row[0].x0 < low and row[-1].x1 > high:
                crossed, stop = crossed + 1, i + 1
        else:
            stop = len(rows) if crossed >= 6 else stop  # the last lines of the longer column
        if (crossed >= 6 or (crossed >= 2 and high - low >= 2.5 * least)) and stop > best[0]:
            best = (stop, (low + high) / 2)
    return best


def _is_table(left: Sequence[_WordRow], right: Sequence[_WordRow]) -> bool:
    """True for rows of short cells, which belong together across. Columns of text are full."""
    if all(re.fullmatch(r"[\d.,%/-]+", word.text) for row in right for word in row):
        return True
    start, end = min(row[0].x0 for row in left), _end(left)
    full = sum(row[-1].x1 > end - 0.25 * (end - start) for row in left)
    return len(left) >= 6 and full * 2 < len(left)


def _cells(row: _WordRow) -> str:
    text = row[0].text
    for former, word in itertools.pairwise(row):
        text += (" | " if word.x0 - former.x1 > 1.2 * word.size else " ") + word.text
    return tidy(text)


def _measured(rows: Sequence[_WordRow], margin: float) -> list[_Row]:
    """The rows of one column, which ends at ``margin``."""
    steps = [b[0].bottom - a[0].bottom for a, b in itertools.pairwise(rows)]
    usual = statistics.median_low(steps) if steps else 0
    sizes = [statistics.median(word.size for word in row) for row in rows]
    size = statistics.median(sizes) if sizes else 0
    made = []
    for i, row in enumerate(rows):
        step = 1.25 * usual * max(1, sizes[i] / size)
        made.append(
            _Row(
                text=_text(row),
                x0=row[0].x0,
                x1=row[-1].x1,
                size=sizes[i],
                bold=all(word.bold for word in row),
                first=row[0].x1 - row[0].x0,
                margin=margin,
                gap=i > 0 and steps[i - 1] > step,
            )
        )
    return [row for row in made if row.text]


# Tables inside texts


_LAID_OUT = re.compile(r"^(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI|Nơi nhận)|, ngày .* tháng .* năm ", re.I)


def _table_texts(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
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


# Word


def _word_lines(path: Path, data: bytes) -> Iterator[Line]:
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
            for text in _table_texts(rows):
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


# HTML

_DROPPED = [
    "script", "style", "nav", "footer", "aside", "form", "noscript", "template", "iframe", "button",
    "select", "svg", "head", "menu", "object", "video", "audio", "canvas",
]  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|footer|sidebar|breadcrumbs?|related|lien-?quan|comments?|banner"
    r"|share|social|pagination|popup|advert|ads)(?:$|[\s_-])",
    re.I,
)
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
        "img", "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p",
    }
)  # fmt: skip


def _html_lines(path: Path, data: bytes) -> Iterator[Line]:
    import bs4

    soup = bs4.BeautifulSoup(_decoded(path, data), "lxml")
    for comment in soup.find_all(string=lambda s: isinstance(s, bs4.element.PreformattedString)):
        comment.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    root = soup.body or soup
    size = len(root.get_text())
    for tag in root.find_all(True):
        if not tag.decomposed and _is_chrome(tag) and len(tag.get_text()) * 2 < size:
            tag.decompose()
    main = root.find(["main", "article"]) or root.find(True, attrs={"role": "main"})
    if main and len(main.get_text()) * 2 > len(root.get_text()):
        root = main
    yield from _html_blocks(root)


def _is_chrome(tag: Any) -> bool:
    """True for what surrounds the text of a page: menus, heads, related links."""
    if tag.name == "header":
        return tag.find_parent(["main", "article"]) is None
    if tag.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
        return True
    if tag.name in _INLINE or tag.name in ("html", "body"):
        return False
    if tag.has_attr("hidden") or _CHROME.search(
        " ".join([*tag.get("class", []), tag.get("id", "")])
    ):
        return True
    if tag.name in ("ul", "ol", "div", "table", "section"):
        links = tag.find_all("a")
        linked = sum(len(a.get_text()) for a in links)
        return len(links) >= 3 and linked * 10 > 8 * len(tag.get_text().strip())
    return False


def _html_blocks(root: Any) -> Iterator[Line]:
    """Block elements → lines. Inline text gathers until a block begins or ends."""
    text: list[str] = []
    for node in root.children:
        name = getattr(node, "name", None)
        if name is None:
            text.append(str(node) if root.name == "pre" else re.sub(r"\s+", " ", str(node)))
        elif name == "br":
            text.append("\n")
        elif name in _INLINE and not node.find(lambda t: t.name not in _INLINE and t.name != "br"):
            for br in node.find_all("br"):
                br.replace_with("\x85")  # a break that survives the folding of blanks
            text.append(re.sub(r"[^\S\x85\xa0]+", " ", node.get_text()))
        else:
            yield from _flushed(text, root)
            yield from _html_block(node)
    yield from _flushed(text, root)


def _flushed(text: list[str], root: Any) -> Iterator[Line]:
    level = int(root.name[1]) if re.fullmatch(r"h[1-6]", root.name or "") else 0
    for line in tidy("".join(text)).split("\n"):
        if line:
            yield Line(text=line, level=level)
    text.clear()


def _html_block(node: Any) -> Iterator[Line]:
    if node.name == "table" and not node.find("table") and not _is_layout(node):
        rows = [
            [[line.text for line in _html_blocks(cell)] for cell in row.find_all(["td", "th"])]
            for row in node.find_all("tr")
        ]
        for text in _table_texts(rows):
            yield Line(text=text)
    elif node.name == "li":
        lines = list(_html_blocks(node))
        mark = "- "
        if node.parent is not None and node.parent.name == "ol":
            mark = f"{len(node.find_previous_siblings('li')) + 1}. "
        for i, line in enumerate(lines):
            bare = i > 0 or _ITEM.match(line.text)
            yield line if bare else line.model_copy(update={"text": mark + line.text})
    else:
        yield from _html_blocks(node)


def _is_layout(table: Any) -> bool:
    """True when a table only lays out a page: a cell of it holds running text."""
    return any(len(cell.get_text()) > 1500 for cell in table.find_all("td"))


# Markdown

_MD_RULE = re.compile(
    r"(?:[-*_]\s*){3,}|\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\||```.*|~~~.*"
)
_MD_DEFINITION = re.compile(r"\[[^\]^]+\]:\s*\S+")
_MD_HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_MD_SPANS = (
    (re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\]\[]+)\]\[[^\]\[]*\]"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"<br\s*/?>", re.I), "\n"),
    (re.compile(r"</?[a-zA-Z][^<>\n]*>"), ""),
    (re.compile(r"`+([^`]+)`+"), r"\1"),
    (re.compile(r"\*{2,}"), ""),
    (re.compile(r"(?<!\*)\*(?=[^\s*)])(.{1,999}?)\*(?!\*)", re.S), r"\1"),
    (re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])(.{1,999}?)(?<=[^\s_])\1(?!\w)", re.S), r"\2"),
    (re.compile(r"~~(?=\S)(.{1,999}?)~~", re.S), r"\1"),
)
_SHELTER = 0xE000  # private-use letters stand in for escaped signs while the markup is removed


def _markdown_lines(path: Path, data: bytes) -> Iterator[Line]:
    text = _decoded(path, data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = re.sub(r"<!--(?:(?!<!--).)*?-->", "", text, flags=re.S)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda m: chr(_SHELTER + ord(m[1])), text)
    rows = [row for block in re.split(r"\n[ \t]*\n", text) for row in _markdown_rows(block)]
    yield from _unwrapped(rows)


def _markdown_rows(block: str) -> Iterator[_Row]:
    """The lines of one block, without markup. What one line opens ("**") another may close."""
    raw: list[_Row] = []
    gap = True
    for line in block.split("\n"):
        bare = re.sub(r"^(?:>\s?)+", "", line.strip())
        if raw and re.fullmatch(r"={3,}|-{3,}", bare) and not raw[-1].level and len(raw) == 1:
            raw[-1] = raw[-1]._replace(level=1 if bare[0] == "=" else 2, whole=True)
        elif not bare or _MD_RULE.fullmatch(bare) or _MD_DEFINITION.fullmatch(bare):
            gap = True
        elif match := _MD_HEADING.fullmatch(bare):
            raw.append(_Row(text=match[2], level=len(match[1]), whole=True))
        else:
            text = re.sub(r"^[*+-]\s+", "- ", bare)
            raw.append(_Row(text=text, x1=len(line.rstrip()), gap=gap, whole=bare[0] == "|"))
            gap = line.endswith(("  ", "\\"))
    marked = "\n".join(f"\x00{i}\x01{row.text}" for i, row in enumerate(raw))
    for pattern, plain in _MD_SPANS:
        marked = pattern.sub(plain, marked)
    for line in html.unescape(marked).split("\n"):
        mark = re.match(r"\x00(\d+)\x01", line.lstrip())
        row = raw[int(mark[1])] if mark else _Row(text="", gap=True)
        text = re.sub(r"\x00\d+\x01", " ", line).rstrip("\\ ")
        if row.text.startswith("|"):
            text = " | ".join(filter(None, map(str.strip, text.strip("| ").split("|"))))
        text = "".join(
            chr(ord(c) - _SHELTER) if _SHELTER <= ord(c) < _SHELTER + 128 else c for c in text
        )
        for i, part in enumerate(tidy(text).split("\n")):
            # What is only a drawn line says nothing.
            if re.sub(r"[_|\s-]", "", part):
                yield row._replace(text=part, gap=row.gap or i > 0)


# Workbooks


def _workbook_sheets(path: Path, data: bytes) -> Iterator[Sheet]:
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


def _csv_sheets(path: Path, data: bytes) -> Iterator[Sheet]:
    import openpyxl

    text = _decoded(path, data).replace("\x00", "")
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


# --- writing --------------------------------------------------------------------------------------


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
