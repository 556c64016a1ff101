"""A report as paragraphs and sentences, each with what it hangs on and what it leaves unsaid.

What a sentence says is *not* said ("Tin không nói rõ họp ở đâu") is blanked before any pattern looks
at it, so it can never yield a fact.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.naming import (
    A_UNIT,
    CAPITAL,
    UPPER,
)
from corpus.records import Place, Source


@dataclass
class Paragraph:
    """Lines that are one passage: headings, a line of prose, from ``opening`` what hangs on it."""

    page: int | None
    heading: str
    lines: list[str]
    opening: int


@dataclass(frozen=True)
class Sentence:
    """One sentence. ``said`` is ``text`` with what it says to be unknown made blank.

    ``intro`` is the sentence that introduces a bullet or a row and ``listing`` that line with all
    that hangs on it; ``heading`` is the heading above; ``cells`` and ``header`` are the cells of a
    table row and of the table's first row.
    """

    text: str
    said: str
    paragraph: int
    heading: str = ""
    intro: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    listing: str = ""


# What stands above a title: the national motto, the number and the place and day of signing ...
_PREFACE = re.compile(
    r"^(?:(?i:cộng h[oò][aà] xã hội chủ nghĩa|độc lập\s*[-–]\s*tự do|số\s*:?\s*\d*\s*/)"
    rf"|{CAPITAL}(?: {CAPITAL}){{0,3}}, ngày [\d.…]+ tháng)"
)
# ... and what only adorns it, or says that the text is made up.
_ORNAMENT = re.compile(
    r"^(?:[-–—_*=.\s]+$|\(|\[)|\b(?:dữ liệu mẫu|tài liệu mẫu|báo cáo mẫu|tưởng tượng|bịa|hư cấu)\b",
    re.I,
)
_FORM = re.compile(
    r"^(?:KẾ HOẠCH|CHƯƠNG TRÌNH|TỜ TRÌNH|GIẤY MỜI|BIÊN BẢN|BÁO CÁO|THÔNG BÁO|KẾT LUẬN|TIN|BẢN TIN|Biên bản|Báo cáo|Thông báo)$"
)
_OPENING = re.compile(
    r"^(?:Hôm nay|Căn cứ|Thời gian|Địa điểm|Thực hiện|Vào|Kính gửi|Ngày|Sáng|Chiều|[IVX\d]+[.)])"
)
BULLET = re.compile(r"^(?:[•●▪◦+*–-]|[a-zđ]\))\s+")
_ENUMERATED = re.compile(r"^\d{1,2}[.)]\s+")
_CAPTION = re.compile(
    r"^(?:Toàn cảnh|Quang cảnh|Ảnh|Hình|Các đại biểu|Đại biểu|Nguồn|Tin|Bài)\b"
    r"|\b(?:phát biểu|chụp ảnh|trao|ký kết|lưu niệm)\b.*\b(?:tại|cho|với)\b|\(ảnh|Ảnh:"
)
_CELL = " | "
_SHORT_HEADING, _SHORT_BULLET, _LONG_PARAGRAPH = 100, 300, 2400  # characters
_LONGEST_SENTENCE = 4000  # characters; what is longer is noise, and no pattern looks at it
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|TS|ThS|PGS|GS|BS|KS|TX|TT|P|Q|H|T|[Đđ]/c|\d{1,2}|[IVX]+)\.$"
)
_SENTENCE_END = re.compile(rf"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[{UPPER}\d])")
# What a clause says to be unknown, not done or not yet done. It takes the clause with it, back to
# the last comma and on to a "nhưng" or the end, because nothing in it is a fact.
_UNSAID = re.compile(
    r"\b(?:không|chưa|chẳng)(?: hề| thể| phải)?(?: được| bị)? (?:nêu|ghi|nói|nhắc|rõ|có|thấy"
    r"|công bố"
    r"|xét|bàn|chấm|bình|biết|xác định|đề|thống nhất|quyết|bầu|tặng|trao|phải|thông|chốt|chọn"
    r"|ấn định"
    r"|tổ chức|cho|kèm|đưa|dùng|chính thức|liệt kê|tìm|lưu|đính|chỉ ra|nhận|suy tôn|đạt|đủ|cung cấp"
    r"|tiết lộ|phân công|tiến hành|giao|cử|họp|diễn ra|mời|đăng|là|do|in|chép|viết|được|tên)\b"
    r"|\b(?:bỏ|để) trống\b|\b(?:thông báo|công bố|xác định|quyết định|xem xét|bầu) sau\b"
    r"|\bthiếu (?:thông tin|tên|ngày)\b|\b(?:nào|ở đâu|hay không)\b",
    re.I,
)
_CLAUSE_START = re.compile(r"[,;:(–]|\b(?:nhưng|song|tuy nhiên|và)\b")
_CLAUSE_END = re.compile(r"[;)]|\.$|,? (?:nhưng|song|tuy nhiên)\b|, (?:chỉ|riêng|còn|mà)\b")


def blank_unsaid(text: str) -> str:
    said, stop = [], 0
    starts = [0, *(m.end() for m in _CLAUSE_START.finditer(text))]
    for match in _UNSAID.finditer(text):
        if match.start() < stop:
            continue
        start = max(stop, starts[bisect_right(starts, match.start()) - 1])
        end = _CLAUSE_END.search(text, match.end())
        said.append(text[stop:start])
        stop = end.start() if end else len(text)
        said.append(" " * (stop - start))
    return "".join(said) + text[stop:]


def head_length(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the title starts and where the body starts, as indexes of ``lines``."""
    start = max((i + 1 for i, line in enumerate(lines[:12]) if _PREFACE.match(line)), default=0)
    while start < len(lines) and _ORNAMENT.search(lines[start]):
        start += 1
    start = min(start, len(lines) - 1)
    end = start + 1
    while end < min(len(lines), start + 4):
        line, before = lines[end], lines[end - 1]
        if line.endswith((".", ";", ":")) or _OPENING.match(line) or len(line) > 250:
            break
        wrapped = line[0].islower() or bool(re.match(r"- [^\W\d_]", line) and line[2].islower())
        shouted = line.isupper() and before.isupper()
        if not (wrapped or shouted or _FORM.match(before)):
            break
        end += 1
    return start, end


def _is_heading(line: str) -> bool:
    return (
        len(line) <= _SHORT_HEADING
        and line[-1] not in ".;:,!?…/"
        and (line[0].isupper() or line[0].isdigit())
        and _CELL not in line
        and not _CAPTION.search(line)
    )


def paragraphs_of(lines: Sequence[str], pages: Sequence[int | None]) -> list[Paragraph]:
    """Group lines: a heading joins what follows it, bullets and rows what precedes them."""
    paragraphs: list[Paragraph] = []
    heading = ""
    headings: list[str] = []
    page_of_heading: int | None = None
    for i, line in enumerate(lines):
        last = paragraphs[-1] if paragraphs else None
        follows = _CELL in line or (len(line) <= _SHORT_BULLET and _hangs(line, last))
        if follows and not headings and last and sum(map(len, last.lines)) < _LONG_PARAGRAPH:
            last.lines.append(line)
        elif not follows and i + 1 < len(lines) and _is_heading(line):
            page_of_heading = page_of_heading if headings else pages[i]
            headings.append(line)
        else:
            heading = headings[-1] if headings else heading
            page = page_of_heading if headings else pages[i]
            listed = bool(headings and (BULLET.match(line) or _CELL in line))
            opening = len(headings) + (not listed)
            paragraphs.append(Paragraph(page, heading, [*headings, line], opening))
            headings = []
    return paragraphs


def _hangs(line: str, above: Paragraph | None) -> bool:
    """True for a bullet, and for a number or a bare unit in a list that the line above opens."""
    if BULLET.match(line):
        return True
    if above is None:
        return False
    before = above.lines[-1]
    opened = before.endswith(":") or (len(above.lines) > 1 and before.endswith((";", ",")))
    if _ENUMERATED.match(line):
        return opened or bool(_ENUMERATED.match(before) and len(above.lines) > 1)
    listed = len(above.lines) > 1 and bool(_bare_unit(before))
    return (opened or listed) and bool(_bare_unit(line))


def _bare_unit(line: str) -> str:
    """Return the unit when a list's line is nothing else, else ""."""
    text = _ENUMERATED.sub("", BULLET.sub("", line))
    unit = A_UNIT.match(text)
    return unit[0] if unit and re.match(r"\s*(?:$|[,;.(:–-])", text[unit.end() :]) else ""


def _split(line: str) -> list[str]:
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(line):
        if not _ABBREVIATION.search(line[start : end.start() + 1]):
            pieces.append(line[start : end.end()].strip())
            start = end.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]


def sentences_of(paragraphs: Sequence[Paragraph]) -> list[Sentence]:
    sentences = []
    for number, paragraph in enumerate(paragraphs, start=2):
        intro, header = "", tuple[str, ...]()
        listing = "\n".join(paragraph.lines[max(0, paragraph.opening - 1) :])
        for i, line in enumerate(paragraph.lines):
            is_row = _CELL in line and len(line) <= _LONGEST_SENTENCE
            cells = tuple(c.strip() for c in line.split(_CELL.strip())) if is_row else ()
            hangs = i >= paragraph.opening
            pieces = [line] if cells else _split(line)
            for piece in pieces:
                said = blank_unsaid(piece) if len(piece) <= _LONGEST_SENTENCE else ""
                sentences.append(
                    Sentence(
                        piece, said, number, paragraph.heading,
                        intro if hangs else "", cells, header if cells else (),
                        listing if hangs else "",
                    )
                )  # fmt: skip
            header = (header or cells) if cells else ()
            intro = intro if hangs else pieces[-1]
    return sentences


@dataclass(frozen=True)
class Named:
    """A value with the sentence that says it."""

    value: str
    sentence: Sentence
    inferred: bool = False


def hanging_name(s: Sentence) -> str:
    if s.cells:
        return next((c for c in s.cells if A_UNIT.match(c)), "")
    return _bare_unit(s.text)


def whole(s: Sentence) -> Sentence:
    """Return the whole list that a bullet or a row belongs to, for a fact that is all of it."""
    return replace(s, text=s.listing or s.text)


def source_of(path: str, s: Sentence) -> Source:
    return Source(file=path, place=str(Place(paragraph=s.paragraph)), quote=s.text)
