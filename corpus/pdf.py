"""PDF with text. The owner of pdfplumber.

pdfplumber and not pypdf: both read Vietnamese letters right, but only pdfplumber says where each
word stands, and the position decides what no string can: whether a line was wrapped or ended, which
column comes first, what is a running head.
"""

import bisect
import io
import itertools
import logging
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from corpus import ocr
from corpus.letters import converted, font_of, old_font
from corpus.paragraphs import Row, joined, table_texts
from corpus.pieces import FileError, Line, Loss
from corpus.text import tidy

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it comments on every odd font


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


MAX_PAGES = 2_000
_MANY_LINES = 4_000  # drawn on one page; to look for tables among them takes minutes
_FEW_LETTERS = 50  # on a page: a stamp or a page number on a scan

_WordRow = list[_Word]  # one visual row, from left to right


class _Page(NamedTuple):
    number: int
    height: float
    rows: list[_WordRow]
    tables: list[tuple[float, list[Row]]]  # where each begins, and its rows
    scanned: bool = False  # a picture of a page: nothing on it can be read as text
    turned: int = 0  # letters that do not stand upright


def pdf_lines(path: Path, data: bytes) -> Iterator[Line | Loss]:
    """The paragraphs of a PDF in reading order, and the pages of it that could not be read."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    pages: list[_Page] = []
    losses: list[Loss] = []
    seen: dict[int, list[Line]] = {}  # page → what OCR read of it
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise FileError(
                    path, f"PDF quá dài: {len(pdf.pages)} trang, tối đa {MAX_PAGES}.",
                    "Tách thành nhiều tệp nhỏ hơn.",
                )  # fmt: skip
            for page in pdf.pages:
                pages.append(_page(page, losses))
                if pages[-1].scanned and ocr.is_ready():
                    seen[page.page_number] = _recognised(page, losses)
                page.close()  # drops its cache: a long law would hold every letter in memory
    except Exception as error:
        causes = (error, error.__cause__, error.__context__, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            message = "PDF có mật khẩu hoặc bị khóa."
            raise FileError(path, message, "Lưu lại bản PDF không mật khẩu.") from error
        raise
    if not pages:
        raise FileError(path, "PDF không có trang nào.", "Tải hoặc xuất lại tệp PDF.")
    scanned = [page.number for page in pages if page.scanned and not seen.get(page.number)]
    if len(scanned) == len(pages):
        raise FileError(path, "PDF chỉ có ảnh chụp, không có chữ để đọc.", ocr.REMEDY)
    if scanned:
        yield Loss(
            place=f"trang {_ranges(scanned)}",
            message="Trang chỉ có ảnh chụp, không có chữ để đọc, đã bỏ.",
            remedy=ocr.REMEDY,
        )
    turned = [page.number for page in pages if page.turned > 30]
    if turned:
        yield Loss(
            place=f"trang {_ranges(turned)}",
            message="Có chữ xoay ngang không đọc được.",
            remedy="Xoay trang cho thẳng rồi xuất lại PDF.",
        )
    text = "".join(word.text for page in pages for row in page.rows for word in row)
    if text.count("(cid:") * 20 > len(text) or text.count("\ufffd") * 20 > len(text):
        raise FileError(
            path, "PDF dùng phông chữ không tra được chữ cái.", "Dùng bản Word hoặc xuất lại PDF."
        )
    yield from losses
    pages, losses = _restored(_without_heads(pages))
    yield from losses
    ends = [_end(page.rows) for page in pages if page.rows]
    usual = statistics.median(ends) if ends else 0
    run: list[Row] = []
    for read in pages:
        run += _page_rows(read, usual)
        if read.number in seen:
            yield from joined(run)
            yield from seen[read.number]
            run = []
    yield from joined(run)


def _ranges(numbers: Sequence[int]) -> str:
    """Page numbers in words: "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


def _page(page: Any, losses: list[Loss]) -> _Page:
    """What stands on one page. A page whose drawing is broken off is read as far as it goes."""
    try:
        _lay_out(page)
        letters = sum(map(str.isalpha, "".join(char["text"] for char in page.chars)))
        scanned = letters < _FEW_LETTERS and _has_large_picture(page)
        return _words_and_tables(page, losses)._replace(scanned=scanned)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        if "Encrypt" in type(error).__name__ or "Password" in type(error).__name__:
            raise
        losses.append(
            Loss(
                place=f"trang {page.page_number}",
                message="Trang bị hỏng, không đọc được.",
                remedy="Tải hoặc xuất lại tệp PDF.",
            )
        )
        return _Page(page.page_number, 842, [], [])


def _has_large_picture(page: Any) -> bool:
    area = float(page.width) * float(page.height)
    return any(
        abs((i["x1"] - i["x0"]) * (i["bottom"] - i["top"])) > 0.3 * area for i in page.images
    )


def _recognised(page: Any, losses: list[Loss]) -> list[Line]:
    picture = io.BytesIO()
    page.to_image(resolution=ocr.RESOLUTION).original.save(picture, "PNG")
    try:
        return list(ocr.picture_lines(picture.getvalue(), page.page_number))
    except ocr.NotRecognised as error:
        losses.append(
            Loss(place=f"trang {page.page_number}", message=str(error), remedy=ocr.REMEDY)
        )
        return []


def _lay_out(page: Any) -> None:
    """Lay a page out with what its letters stand for, which pdfplumber by itself does not heed.

    A font may draw "Ả" as an A and a hook, and its table then gives every A as "Ả". Such a PDF says
    what is meant beside what is drawn: /ActualText.
    """
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LTChar
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.utils import decode_text

    class Device(PDFPageAggregator):
        def __init__(self, *arguments: Any, **options: Any):
            super().__init__(*arguments, **options)
            self.meant: list[str | None] = []
            self.drawn: list[tuple[list[Any], Any]] = []

        def begin_tag(self, tag: Any, props: Any = None) -> None:
            meant = props.get("ActualText") if isinstance(props, dict) else None
            self.meant.append(decode_text(meant) if isinstance(meant, bytes) else None)
            self.drawn = []

        def end_tag(self) -> None:
            meant = self.meant.pop() if self.meant else None
            # One word at most: where the letters of a longer text stand, nobody could say.
            if meant and meant.strip() and not re.search(r"\s", meant) and self.drawn:
                first = self.drawn[0][1]
                first._text = meant
                for held, letter in self.drawn[1:]:
                    if held and held[-1] is letter:
                        held.pop()
                    else:
                        letter._text = ""
            self.drawn = []

        def render_char(
            self,
            matrix: Any,
            font: Any,
            fontsize: Any,
            scaling: Any,
            rise: Any,
            cid: int,
            *rest: Any,
        ) -> float:
            advance = super().render_char(matrix, font, fontsize, scaling, rise, cid, *rest)
            held = self.cur_item._objs
            letter = held[-1] if held else None
            if isinstance(letter, LTChar):
                if self.meant and self.meant[-1]:
                    self.drawn.append((held, letter))
                elif letter.fontname.rsplit("+", 1)[-1].startswith(".Vn"):
                    letter._text = _of_code(letter._text, cid)
            return advance

    device = Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


def _of_code(letter: str, code: int) -> str:
    """A letter of a .Vn font that goes by its code: where others have no letter, or a soft hyphen."""
    unnamed = letter.startswith("(cid:") or (letter == " " and code == 0xAD)
    return chr(code) if unnamed and 0x80 <= code < 0x100 else letter


def _words_and_tables(page: Any, losses: list[Loss]) -> _Page:
    tables = []
    drawn = len(page.lines) + len(page.rects) + len(page.curves)
    if drawn > _MANY_LINES:
        losses.append(
            Loss(
                place=f"trang {page.page_number}",
                message="Hình vẽ quá nhiều nét, nên nếu trang có bảng thì bảng đọc theo dòng.",
                remedy="Dùng bản Word nếu trang này có bảng.",
            )
        )
    elif drawn:
        tables = [t for t in page.find_tables() if len(t.rows) > 1 and len(t.columns) > 1]
    words = []
    turned = 0
    for found in page.extract_words(x_tolerance_ratio=0.2, return_chars=True):
        letters = found["chars"]
        font = font_of(letters[0]["fontname"])
        word = _Word(
            font(found["text"]) if font else found["text"],
            found["x0"], found["x1"], found["top"], found["bottom"],
            size=statistics.median(c["size"] for c in letters),
            bold=all("bold" in c["fontname"].lower() for c in letters),
        )  # fmt: skip
        if not found["upright"]:
            turned += sum(map(str.isalpha, word.text))
        elif not any(_inside(word, table.bbox) for table in tables):
            words.append(word)
    found_tables = [(table.bbox[1], _ruled(table)) for table in tables]
    return _Page(
        page.page_number, float(page.height), _grouped(words), sorted(found_tables), turned=turned
    )


def _restored(pages: Sequence[_Page]) -> tuple[list[_Page], list[Loss]]:
    """The pages with the letters that an old font stands for, where the font's name said nothing."""
    texts = [" ".join(word.text for word in row) for page in pages for row in page.rows]
    texts += [row.text for page in pages for _, rows in page.tables for row in rows]
    old = old_font(texts)
    if old is None:
        return list(pages), []
    made = []
    for page in pages:
        rows = []
        for row in page.rows:
            text = old.read(" ".join(word.text for word in row)).split(" ")
            whole = len(text) == len(row)
            rows.append(
                [w._replace(text=t) for w, t in zip(row, text, strict=True)] if whole else row
            )
        tables = [
            (top, [row._replace(text=tidy(old.read(row.text))) for row in held])
            for top, held in page.tables
        ]
        made.append(page._replace(rows=rows, tables=tables))
    return made, [converted(old.convert)]


def _inside(word: _Word, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= word.middle <= box[3]


def _ruled(table: Any) -> list[Row]:
    rows = table.extract(x_tolerance_ratio=0.2)
    cells = [[tidy(cell or "").split("\n") for cell in row] for row in rows]
    return [Row(text=text, whole=True) for text in table_texts(cells)]


def _grouped(words: Sequence[_Word]) -> list[_WordRow]:
    """Words → rows, from the top down."""
    rows: list[_WordRow] = []
    for word in sorted(words, key=lambda w: w.middle):
        if rows and word.middle - rows[-1][-1].middle < 0.4 * (word.bottom - word.top):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


_PAGE_NUMBER = re.compile(
    r"(?P<dressed>Trang\s*|[-–—]\s*)?(?P<number>\d{1,4})(?P<after>\s*[-–—]|\s*/\s*\d{1,4})?", re.I
)


def _without_heads(pages: Sequence[_Page]) -> list[_Page]:
    """The pages without page numbers and running heads: what repeats at one height near an edge."""

    def edge(page: _Page, row: _WordRow) -> bool:
        return row[0].bottom < 0.1 * page.height or row[0].top > 0.9 * page.height

    def sign(row: _WordRow) -> tuple[int, str]:
        return round(row[0].middle / 6), re.sub(r"\d+", "0", _text(row))

    def ahead(page: _Page, row: _WordRow) -> tuple[int, int] | None:
        """How far a bare number is ahead of the count of pages, and its height; None for others."""
        match = _PAGE_NUMBER.fullmatch(_text(row))
        bare = match and not match["dressed"] and not match["after"]
        return (int(match["number"]) - page.number, sign(row)[0]) if match and bare else None

    # A bare number at an edge may be the text's own: page numbers go on from page to page.
    aheads = Counter(
        found
        for page in pages
        for found in {ahead(page, row) for row in page.rows if edge(page, row)}
        if found is not None
    )

    def is_number(page: _Page, row: _WordRow) -> bool:
        if (found := ahead(page, row)) is None:
            return _PAGE_NUMBER.fullmatch(_text(row)) is not None
        return found[0] == 0 or aheads[found] > 1

    seen = Counter(s for page in pages for s in {sign(row) for row in page.rows if edge(page, row)})
    kept = []
    for page in pages:
        rows = []
        for row in page.rows:
            count = seen[sign(row)] if edge(page, row) else 0
            repeats = count >= 2 and count * 3 >= len(pages) and ahead(page, row) is None
            if not (count and (repeats or is_number(page, row))):
                rows.append(row)
        kept.append(page._replace(rows=rows))
    return kept


def _text(row: _WordRow) -> str:
    return tidy(" ".join(word.text for word in row))


def _end(rows: Sequence[_WordRow]) -> float:
    return max((row[-1].x1 for row in rows), default=0)


def _page_rows(page: _Page, usual_end: float) -> Iterator[Row]:
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


def _blocks(rows: Sequence[_WordRow], end: float) -> Iterator[list[Row]]:
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
            yield [Row(text=_cells(row), whole=True) for row in run]
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


def _measured(rows: Sequence[_WordRow], margin: float) -> list[Row]:
    """The rows of one column, which ends at ``margin``."""
    steps = [b[0].bottom - a[0].bottom for a, b in itertools.pairwise(rows)]
    usual = statistics.median_low(steps) if steps else 0
    sizes = [statistics.median(word.size for word in row) for row in rows]
    size = statistics.median(sizes) if sizes else 0
    made = []
    for i, row in enumerate(rows):
        step = 1.25 * usual * max(1, sizes[i] / size)
        made.append(
            Row(
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
