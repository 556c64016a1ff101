"""A meeting report → its passages, its facts, and the awards that it names.

A report is prose, so it is read sentence by sentence with the patterns that clerks use: who is
"Trưởng Khối", what is "đề nghị tặng", where people met. Three rules keep it honest:

* every fact keeps the sentence that says it, word for word;
* what a sentence says is *not* said ("Tin không nói rõ họp ở đâu") is blanked before any pattern
  looks at it, so it can never yield a fact;
* a person is never a unit, and a proposal is never a decision.

The patterns are one small grammar: the name of a unit (`_UNIT`), of an office in it (`_OFFICE`), of
a role in the block (`_ROLE`), of an award (`_TITLE`), and the few words that may stand between two
of them. A word is matched at most one way, so no pattern can backtrack for long.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.records import Award, Fact, Meeting, Passage, Place, Record, Source, Status
from corpus.text import fold

# --- the grammar of names -------------------------------------------------------------------------

_UPPER = "".join(c for c in map(chr, (*range(0x41, 0x1B1), *range(0x1EA0, 0x1EFA))) if c.isupper())
# Possessive: a word is matched whole or not at all.
_WORD = r"[^\W\d_]++(?:/[^\W\d_]++)*+"
_CAPITAL = rf"[{_UPPER}][^\W_]*+"
_AREA = (
    r"(?:tỉnh|thành phố|Thành phố|TP\.?|huyện|quận|thị xã|thị trấn|phường|(?<!tác )xã(?! hội)"
    r"|đặc khu)"
)
# "Chủ tịch Hội Nông dân tỉnh Nguyễn Văn Hùng": a person's name of three syllables is not a place's.
_NAME = (
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ(?! Chí Minh)|Ngô|Dương|Lý|Đinh"
    r"|Trịnh"
    r"|Đoàn|Mai|Cao|Tạ|Lưu|Lương|Hà|Trương|Lâm|Tô|Tống|Đào|Vương|Thái|Chu|Nông|Triệu|Phùng|Lò"
    r"|Giàng)"
    rf" {_CAPITAL}(?: {_CAPITAL}){{1,2}}"
)
# A name of a place may not run into the role that follows it ("tỉnh Trưởng Khối").
_PROPER = (
    rf"(?:(?!{_NAME}){_CAPITAL}"
    rf"(?: (?!(?:Trưởng|Phó|Khối|Cụm|Chủ|Hội|Sở|Liên|Ủy)\b){_CAPITAL}){{0,3}})"
)
_LEVEL = rf"(?: (?:cấp )?{_AREA}(?: {_PROPER})?)"
_HEAD = (
    r"(?:(?:Liên|Tổng) (?:[Hh]iệp|[Đđ]oàn|[Mm]inh|[Hh]ội|[Cc]ông ty|[Cc]ục|[Ll]iên đoàn)"
    r"|Hội(?! (?i:nghị|trường|đồng|viên|thi|thảo|thao|diễn|ý|phí|đàm)\b)|Hiệp hội|Câu lạc bộ"
    r"|Mặt trận Tổ quốc|MTTQ|UBMTTQ|[ỦU][ỷy] ban|Uỷ ban|UBND|HĐND|Sở|Cục|Chi cục|Công an"
    r"|Ban Thi đua(?:,| [-–])? [Kk]hen thưởng|Ban(?! (?i:hành|đầu|tổ chức (?:hội|đại)|thường"
    r"|chấp hành|giám|lãnh đạo|chủ nhiệm)\b)"
    r"|Bộ(?! (?:phận|máy|tiêu|quy)\b)|T[òo][àa] án|Viện(?! trưởng)|Văn phòng|Thanh tra"
    r"|(?:Tỉnh|Thành|Huyện|Quận|Thị|Xã|Phường) (?:[Đđ]oàn|[ủỦ]y)|(?:Tỉnh|Thành|Huyện|Thị) [Hh]ội"
    r"|Đoàn (?:[Tt]hanh niên|[Ll]uật sư|TNCS|[Kk]hối|[Đđ]ại biểu)|Trường(?! hợp)|Đại học|Học viện"
    r"|Bệnh viện|Trung tâm|Quỹ|Ngân hàng|Kho bạc|Bảo hiểm|Đài|Báo(?! cáo)|Tạp chí|Kiểm toán"
    r"|Đảng (?:[ủỦ]y|[bB]ộ)|Phòng(?! (?:họp|chống|trào)\b)|Công đoàn|Công ty|Tập đoàn|Hợp tác xã"
    r"|Chi [Hh]ội|Bưu điện|Viễn thông|Điện lực|Thuế|Hải quan|Nhà hát|Thư viện|Bảo tàng"
    r"|Trung ương (?:Hội|Đoàn)|Trung ương)"
)
# Lower-case words that end a name in running text: nothing is called by them.
_STOP = (
    r"(?:là|làm|giữ|được|đã|đang|sẽ|vừa|có|gồm|đăng|chủ (?:trì|động|tọa|yếu)|(?<!các )tổ chức|năm"
    r"|vào"
    r"|tại|ở|với|cùng|do|để|nhằm|theo|về|trong|ngoài|trên|từ(?! thiện)|khi|nếu|nhưng|song|còn|trình"
    r"|báo cáo|phát|tham (?:dự|gia|quan|luận)|dự|cử|bầu|chọn|đề (?:nghị|xuất|cử|ra)|nhận|đảm|tiếp"
    r"|thay"
    r"|đại diện|lãnh đạo|đạt|dẫn|xếp|đứng|chuyển|gửi|bàn|ký|kí|họp|cũng|đều|lần|ông|bà|cả|này|đó"
    r"|cho"
    r"|đồng (?:chí|chủ|ý|thời|điều)|đơn vị|mỗi|của|thuộc|như|nêu|nói|(?<!thôn )mới|nên|sang"
    r"|thống nhất"
    r"|suy tôn|nhất|chưa|không|thông (?:qua|báo)|triển khai|đóng góp|ủng hộ|vì|vinh dự|trao|tặng"
    r"|khen(?! thưởng)|điều hành|phụ trách|trưởng|phó|xin|đón|hay|hoặc|sau|trước|lên|đến|tới"
    r"|công bố"
    r"|công nhận|quyết (?:định|nghị)|giới thiệu|sơ kết|tổng kết|bình (?:xét|chọn|bầu)|chấm|rà|xét"
    r"|nhìn"
    r"|bước|khép|diễn|bỏ phiếu|biểu quyết|đánh giá|hoàn thành|thực hiện|phối hợp|nghe|xác định|mở"
    r"|hội nghị|kết (?:thúc|quả|luận)|thảo|giao(?! thông| lưu)|quý|hiện|Trưởng|Phó|Khối|Cụm"
    r"|Chủ tịch"
    r"|Giám đốc)"
)
_PART = (
    rf"(?!(?:{_STOP}|{_AREA})(?!\w))"
    rf"(?:(?<=THPT )|(?<=THCS )|(?<=học )|(?<=non )|(?!{_NAME}(?!\w))){_WORD}"
)
_UNIT = (
    rf"(?<![\w/]){_HEAD}(?!\w)"
    rf"(?: - (?=[{_UPPER}]){_PART}| và HĐND(?!\w)| và (?!{_HEAD}(?!\w)|các\b|một\b){_PART}"
    # "Sở Lao động, Thương binh và Xã hội": a comma inside one name is followed by an "và".
    rf"|, (?=[{_UPPER}])(?!{_HEAD}(?!\w)){_PART}(?: {_PART}){{0,3}}"
    rf" và (?=[{_UPPER}])(?!{_HEAD}(?!\w)){_PART}"
    rf"| (?!và\b|các đơn vị){_PART}){{0,14}}{_LEVEL}?"
)
_WHO = (
    rf"(?:{_UNIT}|(?<![\w/])"
    rf"(?:[Tt]hành phố|[Hh]uyện|[Qq]uận|[Tt]hị (?:xã|trấn)|[Pp]hường|[Xx]ã(?! hội)|[Đđ]ặc khu)"
    rf" {_PROPER})"
)
_A_UNIT, _A_UNIT_OR_TOWN = re.compile(_UNIT), re.compile(_WHO)
_POST = (
    r"(?:(?:Phó |Quyền )?(?:Phó )?(?:Chủ tịch|Giám đốc|Tổng Giám đốc|Viện trưởng|Bí thư|Chánh án"
    r"|Cục trưởng|Chi cục trưởng|Chủ nhiệm|Tổng [Bb]iên tập|Hiệu trưởng|Chỉ huy trưởng"
    r"|Tổng Thư ký|Kiểm sát trưởng)(?: (?i:thường trực|kiêm \w+ \w+ \w+))?"
    r"|(?:Phó |Quyền )?(?:Phó )?(?:Trưởng|Chánh)(?= (?:[Bb]an|[Pp]hòng|Thanh tra|Văn phòng)\b)"
    r"(?: ban\b| phòng\b)?)"
)
_BODY = (
    r"(?:(?:Ban )?(?:Thường trực|Thường vụ|Chấp hành|Lãnh đạo|Chủ nhiệm)"
    r"|[Tt]ập thể|[Đđ]ại diện|[Ll]ãnh đạo)"
)
_OFFICE = rf"(?:{_POST}|{_BODY}) {_UNIT}"
_PERSON = (
    rf"(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Đđ]/c|[Tt]hầy|[Cc]ô|[Aa]nh|[Cc]hị)"
    rf"(?: (?:TS|ThS|PGS|GS|BS)\.?)* (?P<person>{_CAPITAL}(?: {_CAPITAL}){{1,4}})"
)
_BLOCK_WORD = r"(?:[Kk]hối|[Cc]ụm)"
_ROLE = (
    rf"(?P<deputy>(?i:Phó (?:trưởng )?{_BLOCK_WORD}(?: trưởng)?|{_BLOCK_WORD} phó))"
    rf"|(?P<lead>(?i:Trưởng {_BLOCK_WORD}|{_BLOCK_WORD} trưởng))"
)
_YEAR = r"(?:năm (?:thi đua |công tác |học (?:\d{4}\s*[-–]\s*)?)?(?P<year>(?:19|20)\d\d)\b)"
_DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_TEENS = tuple(f"mười {word.replace('năm', 'lăm')}" for word in _DIGITS[:9])
_NUMBERS = {word: n for n, word in enumerate([*_DIGITS, *_TEENS, "hai mươi"], start=1)}
_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_MEMBER_NOUN = (
    r"(?:đơn vị|thành viên|cơ quan|tổ chức|tập thể|hội|Hội|sở|ban|ngành|huyện|xã|phường|chi hội"
    r"|doanh nghiệp|trường|cá nhân|trường hợp|cơ sở)"
)


# --- paragraphs and sentences ---------------------------------------------------------------------


class Report(Record):
    """One meeting report as read."""

    meeting: Meeting
    passages: tuple[Passage, ...]
    awards: tuple[Award, ...]


@dataclass
class _Paragraph:
    """Lines that are one passage: headings, a line of prose, from ``opening`` what hangs on it."""

    page: int | None
    heading: str
    lines: list[str]
    opening: int


@dataclass(frozen=True)
class _Sentence:
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
    rf"|{_CAPITAL}(?: {_CAPITAL}){{0,3}}, ngày [\d.…]+ tháng)"
)
# ... and what only adorns it, or says that the text is made up.
_ORNAMENT = re.compile(
    r"^(?:[-–—_*=.\s]+$|\(|\[)|\b(?:dữ liệu mẫu|tài liệu mẫu|báo cáo mẫu|tưởng tượng|bịa|hư cấu)\b",
    re.I,
)
_FORM = re.compile(
    r"^(?:BIÊN BẢN|BÁO CÁO|THÔNG BÁO|KẾT LUẬN|TIN|BẢN TIN|Biên bản|Báo cáo|Thông báo)$"
)
_OPENING = re.compile(
    r"^(?:Hôm nay|Căn cứ|Thời gian|Địa điểm|Thực hiện|Vào|Kính gửi|Ngày|Sáng|Chiều|[IVX\d]+[.)])"
)
_BULLET = re.compile(r"^(?:[•●▪◦+*–-]|[a-zđ]\))\s+")
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
_SENTENCE_END = re.compile(rf"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[{_UPPER}\d])")

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


def _blank_unsaid(text: str) -> str:
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


def _head_length(lines: Sequence[str]) -> tuple[int, int]:
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


def _paragraphs(lines: Sequence[str], pages: Sequence[int | None]) -> list[_Paragraph]:
    """Group lines: a heading joins what follows it, bullets and rows what precedes them."""
    paragraphs: list[_Paragraph] = []
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
            listed = bool(headings and (_BULLET.match(line) or _CELL in line))
            opening = len(headings) + (not listed)
            paragraphs.append(_Paragraph(page, heading, [*headings, line], opening))
            headings = []
    return paragraphs


def _hangs(line: str, above: _Paragraph | None) -> bool:
    """True for a bullet, and for a number or a bare unit in a list that the line above opens."""
    if _BULLET.match(line):
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
    text = _ENUMERATED.sub("", _BULLET.sub("", line))
    unit = _A_UNIT.match(text)
    return unit[0] if unit and re.match(r"\s*(?:$|[,;.(:–-])", text[unit.end() :]) else ""


def _split(line: str) -> list[str]:
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(line):
        if not _ABBREVIATION.search(line[start : end.start() + 1]):
            pieces.append(line[start : end.end()].strip())
            start = end.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]


def _sentences(paragraphs: Sequence[_Paragraph]) -> list[_Sentence]:
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
                said = _blank_unsaid(piece) if len(piece) <= _LONGEST_SENTENCE else ""
                sentences.append(
                    _Sentence(
                        piece, said, number, paragraph.heading,
                        intro if hangs else "", cells, header if cells else (),
                        listing if hangs else "",
                    )
                )  # fmt: skip
            header = (header or cells) if cells else ()
            intro = intro if hangs else pieces[-1]
    return sentences


# --- kind, year, period ---------------------------------------------------------------------------

_KINDS = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("ký giao ước", r"\bk[íý](?: kết)?(?: bản)? giao ước|\b(?:lễ giao ước|giao ước thi đua)"),
        ("sơ kết", r"\bsơ kết|\bnhìn lại (?:6|06|sáu) tháng|\b(?:họp|hội nghị) giữa năm"),
        ("tổng kết", r"\btổng kết|\b(?:nhìn|khép) lại (?:một )?năm"),
        ("chấm điểm", r"\bchấm (?:điểm|chéo)|\b(?:rà soát|thẩm định|phúc tra|kiểm tra chéo) điểm"),
        ("bình xét", r"\bbình (?:xét|chọn|bầu)|\bxét (?:thi đua|khen|tặng|chọn)|\bsuy tôn"),
    )
)
_COUNCIL = re.compile(r"\bHội đồng (?:TĐKT|(?:xét )?thi đua)", re.I)
_COUNCIL_MEETS = re.compile(r"\b(?:họp|xét|phiên|thẩm định|bỏ phiếu|biểu quyết|thông qua)\b", re.I)
_MEETING_NOUN = re.compile(
    r"\b(?:họp|hội nghị|buổi|lễ|phiên|cuộc họp|kỳ họp|diễn ra|sơ kết|tổng kết|giao ước|bình (?:xét"
    r"|chọn)"
    r"|chấm điểm|rà soát|gặp nhau|gặp mặt|thời gian)\b",
    re.I,
)
_NEXT_LEADER = re.compile(rf"\b(?:bầu|chọn|cử|giao)\b.{{0,60}}\b(?:đứng đầu|trưởng|{_ROLE})", re.I)
_ELECTION = re.compile(
    r"\b(?:bầu|đề cử|suy cử|cử|giao|chọn|phân công|thống nhất|nhất trí|tín nhiệm|giới thiệu"
    r"|luân phiên"
    r"|bàn giao|chuyển giao|chuyển sang|kế nhiệm|trúng cử|đảm nhận|đảm nhiệm|tiếp nhận"
    r"|nhận cờ luân lưu)\b",
    re.I,
)
_PERIODS = (
    (
        re.compile(r"\b(?:6|06|sáu) tháng đầu năm|\bnửa (?:đầu )?năm|\bgiữa năm", re.I),
        "6 tháng đầu năm",
    ),
    (re.compile(r"\b(?:6|06|sáu) tháng cuối năm|\bnửa cuối năm", re.I), "6 tháng cuối năm"),
    (re.compile(r"\b(?:9|09|chín) tháng\b(?! \d)", re.I), "9 tháng"),
    (re.compile(r"\b(?:3|03|ba) tháng đầu năm\b", re.I), "quý I"),
)
_QUARTER = re.compile(r"\bquý (IV|I{1,3}|[1-4])\b", re.I)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_ANY_YEAR = re.compile(_YEAR, re.I)
_PATH_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_.](\d{1,2})(?:[-_.](\d{1,2}))?)?(?!\d)")


def _kind(title: str, body: Sequence[_Sentence]) -> str:
    """Return the kind of meeting, from the title, else from the first sentence that names one.

    A year-end meeting that judges the year and chooses the next leader is a tổng kết whatever the
    reporter calls it; a bình chọn on self-given points is a chấm điểm.
    """
    if _COUNCIL.search(title) and _COUNCIL_MEETS.search(title):
        return "họp Hội đồng"
    kind = _first_kind(title)
    if not kind:
        meeting = (s.said for s in body if _MEETING_NOUN.search(s.said))
        kind = next((k for k in map(_first_kind, meeting) if k), "")
    if kind == "bình xét":
        text = " ".join(s.said for s in body)
        if re.search(r"\bhọp cuối năm|\btổng kết", text, re.I) and _NEXT_LEADER.search(text):
            return "tổng kết"
        if re.search(r"\btự chấm|\bchấm điểm", text, re.I):
            return "chấm điểm"
    return kind


def _first_kind(text: str) -> str:
    found = [(m.start(), kind) for kind, pattern in _KINDS if (m := pattern.search(text))]
    return min(found)[1] if found else ""


def _period(kind: str, texts: Iterator[str]) -> str:
    for text in texts:
        found = [(m.start(), name) for pattern, name in _PERIODS if (m := pattern.search(text))]
        if quarter := _QUARTER.search(text):
            found.append((quarter.start(), f"quý {_ROMAN.get(quarter[1], quarter[1].upper())}"))
        if found:
            return min(found)[1]
    return "" if kind == "sơ kết" else "cả năm"


@dataclass(frozen=True)
class _PathDate:
    """What the file's name says of when: nothing, a year, a year and month, or a day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, path: str) -> "_PathDate":
        match = _PATH_DATE.search(PurePosixPath(path).name)
        return cls(*(int(g) if g else None for g in match.groups())) if match else cls()

    @property
    def date(self) -> datetime.date | None:
        return _date(self.year, self.month, self.day)


def _date(year: int | None, month: int | None, day: int | None) -> datetime.date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


# --- the date of the meeting ----------------------------------------------------------------------

_DAY = re.compile(
    r"(?P<part>\b(?:sáng|trưa|chiều|tối|ngày|hôm|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b"
    r"(?: nay)?[ ,(]*(?:ngày )?)?(?<![\d/.,-])(?P<day>\d{1,2})"
    r"(?:(?: và | đến |, |-)(?:ngày )?\d{1,2}(?=\s*/|\s+tháng))?"  # "14 và 15/11"
    r"(?:\s*[/.-]\s*(?P<month>\d{1,2})(?:\s*[/.-]\s*(?P<year>(?:19|20)\d\d)"
    r"|\s+năm\s+(?P<year2>(?:19|20)\d\d))?"
    r"|\s+tháng\s+(?P<month3>\d{1,2})(?:\s*(?:,\s*)?năm\s+(?P<year3>(?:19|20)\d\d)"
    r"|\s*/\s*(?P<year4>(?:19|20)\d\d))?)(?![\d/%]|[.,-]\d)",
    re.I,
)
# A day that is not the meeting's: of a document, a deadline, an anniversary, a later meeting.
_OTHER_DAY = re.compile(
    r"(?:\b(?:trước|đến|tới|từ|hết|hạn|sau|nhất)(?: hết)?|\b(?:kỷ niệm|chào mừng|thành lập"
    r"|truyền thống"
    r"|hiệu lực)(?: \w+){0,5}|[A-ZĐ]{2,}[-/][A-ZĐ][\w-]*|\bsố \S+)[ ,]*$",
    re.I,
)
_LATER = re.compile(r"\b(?:dự kiến|sẽ|lần sau|kỳ sau|hạn chót|thời hạn)\b", re.I)


@dataclass(frozen=True)
class _Dated:
    date: datetime.date
    inferred: bool
    sentence: _Sentence


def _meeting_date(
    sentences: Sequence[_Sentence], path: _PathDate, kind: str, year: int | None
) -> _Dated | None:
    """Return the first day that a sentence gives to the meeting itself."""
    best: tuple[int, _Dated] | None = None
    for s in sentences:
        if _LATER.search(s.said):
            continue
        about = 2 * bool(_MEETING_NOUN.search(s.said)) + (s.paragraph <= 3)
        for m in _DAY.finditer(s.said):
            written = next((m[g] for g in ("year", "year2", "year3", "year4") if m[g]), None)
            part = (m["part"] or "").strip().lower()
            before = s.said[max(0, m.start() - 60) : m.start()]
            labelled = re.search(r"\bthời gian\b", before, re.I) is not None
            if not (written or part or labelled) or _OTHER_DAY.search(before):
                continue
            month, day = int(m["month"] or m["month3"]), int(m["day"])
            date = _date(
                int(written) if written else _year_of(day, month, path, kind, year), month, day
            )
            if date is None:
                continue
            of_day = part.startswith(("sáng", "trưa", "chiều", "tối"))
            score = about + 2 * labelled + of_day
            if score >= 2 and (best is None or score > best[0]):
                best = (score, _Dated(date, not written, s))
    return best[1] if best else None


def _year_of(day: int, month: int, path: _PathDate, kind: str, year: int | None) -> int | None:
    """Return the year of a day that is written without one.

    The file's own date decides. Otherwise the year of merit does: what is judged in its first
    months is the year before, and a pledge signed at the end of a year is for the next.
    """
    if filed := path.date:
        near = [d for y in (-1, 0, 1) if (d := _date(filed.year + y, month, day))]
        return min(near, key=lambda d: abs(d - filed)).year if near else None
    year = year or path.year
    if year is None:
        return None
    if kind in ("tổng kết", "bình xét", "chấm điểm", "họp Hội đồng") and month <= 3:
        return year + 1
    if kind == "ký giao ước" and month >= 11:
        return year - 1
    return year


# --- the block ------------------------------------------------------------------------------------

_BLOCK = re.compile(
    r"(?<![\w/])(?:Khối|Cụm)(?P<emulation> [Tt]hi đua)?(?P<number>(?: [Ss]ố)? (?:\d+|[IVX]+)"
    r"(?!\w))?"
    rf"(?P<alias> \((?:[{_UPPER}][^()]*)\))?(?P<aside> \([^()]*\))?"
    # "các trường đại học, cao đẳng tỉnh": a comma, a few small words, and where they are.
    rf"(?P<name>(?:,(?= (?![{_UPPER}]))(?=(?: (?!(?:{_STOP})(?!\w)){_WORD}){{1,4}} {_AREA})"
    rf"| đóng trên địa bàn| trên địa bàn|,? (?:đoàn thể|Đoàn thể|hiệp hội|giúp việc|các đơn vị)"
    rf"(?!\w)| các {_AREA}(?!\w)"
    rf"| (?:- )?(?!(?:{_STOP}|{_AREA})(?!\w)){_WORD}){{0,18}})"
    rf"(?P<area>{_LEVEL}|, {_AREA} {_PROPER})?"
)
_NOT_THE_BLOCK = re.compile(r"(?:[Hh]ội trường|[Tt]rụ sở|Đảng ủy|Đoàn|mỗi|từng|các) $")
_DATELINE = re.compile(rf"^({_PROPER}|TP\.? ?HCM)(?: \([^)]*\))?\s*:")
_COUNCIL_NAME = re.compile(
    rf"Hội đồng (?:[Xx]ét )?(?:TĐKT|[Tt]hi đua(?:,? (?:- )?[Kk]hen thưởng)?)(?: \([^()]*\))?"
    rf"(?P<area>{_LEVEL})?"
)


@dataclass(frozen=True)
class _Named:
    """A value with the sentence that says it."""

    value: str
    sentence: _Sentence
    inferred: bool = False


def _block(title: _Sentence, body: Sequence[_Sentence]) -> _Named | None:
    """Return whose meeting it is: the block in its fullest form, else the council or the unit."""
    if _COUNCIL.search(title.text) and _COUNCIL_MEETS.search(title.text):
        councils = [
            (len((m["area"] or "").split()), -i, m, s)
            for i, s in enumerate((title, *body))
            for m in _COUNCIL_NAME.finditer(s.said)
        ]
        if councils:
            _, _, m, s = max(councils, key=lambda c: c[:2])
            return _Named(re.sub(r" \([^()]*\)", "", m[0]), s)
    named = [(m, s) for s in (title, *body) for m in _BLOCK.finditer(s.said) if _is_block(m)]
    in_title = [(m, s) for m, s in named if s is title]
    own = _A_UNIT.search(title.text) if not in_title else None
    several = re.search(r"\bcác (?:khối|cụm)\b", title.text, re.I)
    if own and (several or not any(m["emulation"] for m, _ in named)):
        return _Named(own[0], title)
    if not named:
        return None
    first = next(((m, s) for m, s in in_title or named if m["emulation"]), (in_title or named)[0])
    same = [first, *((m, s) for m, s in named if _same_block(m, first[0]))]
    match, sentence = max(same, key=lambda pair: _fullness(pair[0]))
    value = match[0].replace(match["aside"] or "", "", 1)
    if not match["emulation"]:
        value = re.sub(r"^\w+", r"\g<0> thi đua", value)
    if sentence is title and not match["name"] and not match["area"]:
        owner = re.match(rf", ({_UNIT})", title.text[match.end() :])
        value += f" {owner[1]}" if owner else ""
    text = " ".join(s.said for s in body)
    areas = [m["area"] for m, _ in same if m["area"] and re.search(rf" {_PROPER}$", m["area"])]
    full = _with_province(value, areas[0] if areas else "", title.text, text)
    return _Named(full, sentence, inferred=full != value)


def _is_block(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return bool(match["number"] or match["name"] or match["area"]) and not _NOT_THE_BLOCK.search(
        before
    )


def _fullness(match: re.Match[str]) -> tuple[bool, bool, int]:
    """More is better: a province named, the block's own name, then length as far as names go."""
    area = bool(match["area"] and re.search(rf" {_PROPER}$", match["area"]))
    name = bool(match["name"] or match["alias"])
    return area and name, name, min(len(match[0]), 110)


def _same_block(a: re.Match[str], b: re.Match[str]) -> bool:
    if a["number"] and b["number"]:
        return a["number"].split()[-1] == b["number"].split()[-1]
    x, y = (_name_words(m["name"] or m["alias"] or "") for m in (a, b))
    return bool(x and y) and (x <= y or y <= x)


def _name_words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(name).replace("mttq", "mat tran to quoc"))) - {
        "va",
        "cac",
    }


def _with_province(block: str, area: str, title: str, text: str) -> str:
    """Complete the block's name with where it is, as another sentence or the dateline says it.

    ``area`` is where another mention of the block places it; the dateline is "Bắc Ninh: …".
    """
    if re.search(rf"{_AREA} {_PROPER}$", block):
        return block
    bare = re.search(rf" {_AREA}$", block)
    if area and (not bare or area.strip(" ,").startswith(bare[0].strip())):
        return f"{block[: bare.start()] if bare else block} {area.strip(' ,')}"
    dateline = _DATELINE.match(title)
    if not dateline or dateline[1] in block:
        return block
    if bare:
        return f"{block} {dateline[1]}" if bare[0].strip() in ("tỉnh", "thành phố") else block
    named = re.search(rf"\b(?:tỉnh|thành phố|huyện|thị xã) {re.escape(dateline[1])}\b", text)
    return f"{block} {named[0]}" if named else block


# --- who leads ------------------------------------------------------------------------------------

_BLOCK_TAIL = rf"(?: (?:thi|khi) đua(?:(?: -)? (?!{_HEAD}(?!\w)){_PART}|{_LEVEL}){{0,12}}| số \w+)?"
_ROLES = re.compile(
    rf"(?<!\w)(?:{_ROLE})(?!\w){_BLOCK_TAIL}"
    rf"(?:,?(?: trong)? \(?(?:{_YEAR}|(?P<next>năm (?:sau|tới|tiếp theo|kế tiếp))|(?P<now>năm nay"
    rf"|năm này))\)?)?"
)
_HOLDS = re.compile(
    r"\b(?:là|làm|giữ|nhận|đảm nhận|đảm nhiệm|đảm đương|phụ trách|với tư cách|trong vai|bầu|cử"
    r"|giao|đóng vai)\b"
)
# What may stand between a unit and its role: "được bầu làm", ", đơn vị giữ cương vị", " - ".
_BEFORE_ROLE = re.compile(
    r"(?:[\s,(–\"“”-]|\b(?:đơn vị|cơ quan|hiện|đang|đã|được|tiếp tục|sẽ|trúng cử|tín nhiệm"
    r"|tin tưởng"
    r"|nhất trí|thống nhất|bầu|cử|chọn|giao|phân công|đề cử|suy cử|giới thiệu|là|làm|giữ|nhận"
    r"|đảm nhận"
    r"|đảm nhiệm|đảm đương|phụ trách|đóng|chức vụ|chức danh|chức|vai trò|vai|nhiệm vụ|cương vị"
    r"|trách nhiệm|vị trí|cùng|đồng|với|tư cách|trong|hội nghị|khối|cụm|Khối|Cụm|các thành viên"
    r"|năm \d{4})\b"
    rf"|{_NAME}(?!\w))*"
)
_AFTER_ROLE = re.compile(
    r"(?:[\s,:(–-]|\b(?:thuộc|về|được|giao|trao|chuyển|bàn giao|lại|sang|từ nay|cho|là|do|đơn vị"
    r"|hiện nay|mới"
    r"|cơ quan)\b)*"
    rf"(?:{_PERSON}\s*[,(–-]?\s*)?(?:{_POST}\s+|{_BODY}\s+)*"
)
_ATTENDS = re.compile(
    r"^(?:(?:Tham|Tới|Đến|Về|Cùng) )?[Dd]ự\b(?! (?:thảo|kiến|án))|\btham dự\b|^(?:Có mặt"
    r"|Thành phần)\b",
    re.I,
)
_NEVER_LEADS = re.compile(
    r"^(?:Ban Thi đua|UBND tỉnh|Ủy ban nhân dân tỉnh|HĐND|Tỉnh ủy|Thành ủy|Hội đồng)"
)


# "Tại hội nghị tổng kết năm 2022, Khối bầu …": the year judged, not the year of the role.
_JUDGED_YEAR = re.compile(
    r"\b(?:kết|thi đua|công tác|phong trào|khen thưởng|hội nghị|nhiệm vụ|hoạt động) năm \d{4}", re.I
)


@dataclass(frozen=True)
class _Held:
    """A unit in a role, as one sentence says it. ``firm`` where a verb or a colon says so."""

    unit: str
    deputy: bool
    year: int | None
    firm: bool
    elected: bool
    sentence: _Sentence


def _roles(sentences: Sequence[_Sentence], year: int | None, kind: str) -> dict[str, _Named]:
    """Return lead_unit, deputy_unit and both of next year, as far as the report names them."""
    found: dict[str, tuple[bool, _Named]] = {}
    for held in (h for s in sentences for h in _held(s, year)):
        if year is None or held.year is None:
            # Who is elected when a year is closed leads the next one.
            coming = held.elected and kind in ("tổng kết", "bình xét", "chấm điểm")
        elif held.year in (year, year + 1):
            coming = held.year > year
        else:
            continue
        name = ("next_" if coming else "") + ("deputy_unit" if held.deputy else "lead_unit")
        if name not in found or (held.firm and not found[name][0]):
            found[name] = (held.firm, _Named(held.unit, held.sentence))
    return {name: named for name, (_, named) in found.items()}


def _held(s: _Sentence, merit: int | None) -> Iterator[_Held]:
    if s.cells:
        yield from _held_in_row(s)
        return
    units = [m for m in _A_UNIT_OR_TOWN.finditer(s.said) if not _NEVER_LEADS.match(m[0])]
    roles = list(_ROLES.finditer(s.said))
    sentence_year = _one_year(_JUDGED_YEAR.sub("", s.said)) or _one_year(s.heading)
    for i, role in enumerate(roles):
        linked = _linked_unit(s, role, units)
        if linked is None:
            continue
        unit, firm, handed = linked
        if role["next"]:
            year = merit + 1 if merit else None
        elif role["now"]:
            year = merit
        elif role["year"]:
            year = int(role["year"])
        else:
            later = next((int(r["year"]) for r in roles[i + 1 :] if r["year"]), None)
            year = (later or sentence_year) if firm else None
        elected = handed or (firm and bool(_ELECTION.search(s.said))) or bool(role["next"])
        yield _Held(unit, bool(role["deputy"]), year, firm, elected, s)


def _one_year(text: str) -> int | None:
    years = {int(m["year"]) for m in _ANY_YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None


def _linked_unit(
    s: _Sentence, role: re.Match[str], units: Sequence[re.Match[str]]
) -> tuple[str, bool, bool] | None:
    """Return who holds ``role``, whether a verb or colon says so, and whether it is handed over."""
    right = next((u for u in units if u.start() >= role.end()), None)
    if right:
        gap = s.said[role.end() : right.start()]
        if _AFTER_ROLE.fullmatch(gap) and re.search(r":|\b(?:là|cho|sang|về|do)\b", gap):
            return right[0], True, bool(re.search(r"\b(?:cho|sang|về)\b", gap))
    lefts = [u for u in units if u.end() <= role.start()]
    if lefts:
        gap = s.said[lefts[-1].end() : role.start()]
        if _BEFORE_ROLE.fullmatch(gap):
            firm = bool(_HOLDS.search(gap))
            if not firm and _ATTENDS.search(s.said) and not role["year"]:
                return None
            return _joint(lefts, s.said) if firm else lefts[-1][0], firm, False
    if right and re.fullmatch(
        rf"\s*[(–-]\s*(?:đơn vị |{_POST} )?|\s+", gap := s.said[role.end() : right.start()]
    ):
        return right[0], bool(gap.strip()), False
    return None


def _joint(lefts: Sequence[re.Match[str]], said: str) -> str:
    """Return the last unit, with those joined to it ("Hội A và Hội B làm Phó khối")."""
    names = [lefts[-1][0]]
    for left, after in zip(lefts[-2::-1], lefts[:0:-1], strict=False):
        if said[left.end() : after.start()].strip() not in (",", "và", ", và"):
            break
        names.insert(0, left[0])
    return "; ".join(names)


def _held_in_row(s: _Sentence) -> Iterator[_Held]:
    unit = next((c for c in s.cells if _A_UNIT.match(c)), None)
    if unit is None:
        return
    for cell in s.cells:
        role = _ROLES.search(cell)
        if role and cell != unit:
            year = int(role["year"]) if role["year"] else _one_year(" ".join(s.header))
            yield _Held(unit, bool(role["deputy"]), year, True, False, s)


# --- the names of awards --------------------------------------------------------------------------

_ISSUER = (
    rf"(?:Chính phủ|Thủ tướng(?: Chính phủ)?|Chủ tịch nước|Nhà nước|(?:{_POST} |Bộ trưởng )?{_UNIT}"
    rf"|{_AREA}(?!\w)|cấp trên)"
)
_TITLE = (
    r"(?:[Cc]ờ (?:đơn vị )?[Tt]hi đua(?: (?:xuất sắc|dẫn đầu))?|Cờ(?= của (?:Chính phủ|Thủ tướng"
    r"|UBND|Bộ))"
    r"|[Bb]ằng khen|[Gg]iấy khen|Huân chương(?: [A-ZĐ]\w+ \w+)(?: hạng \w+)?|Kỷ niệm chương"
    r"|[Tt]ập thể [Ll]ao động (?:xuất sắc|tiên tiến)|[Cc]hiến sĩ thi đua(?: cơ sở| toàn quốc)?"
    r"|[Ll]ao động tiên tiến|Đơn vị (?:thi đua )?xuất sắc|danh hiệu [“\"]?(?:[Đđ]ơn vị )?"
    r"(?:thi đua )?xuất sắc"
    r"|Anh hùng Lao động)"
    rf"(?: [Cc]ấp {_AREA}(?!\w))?(?: (?:của|do) {_ISSUER})?"
    rf"|(?P<praise>(?<=đề nghị ){_ISSUER} khen\b(?! thưởng))"
)
_TITLES = re.compile(rf"(?<!\w)(?:{_TITLE})")


# --- where, who hosts, who chairs -----------------------------------------------------------------

_FACILITY = (
    r"(?:(?:[Hh]ội trường|[Tt]rụ sở|[Pp]hòng họp|[Cc]ơ quan|[Nn]hà [Vv]ăn [Hh]óa|[Nn]hà khách"
    r"|[Kk]hách sạn"
    r"|[Tt]rung tâm [Hh]ội nghị|[Tt]rung tâm|[Nn]hà [Hh]ội nghị|[Tt]rường|[Hh]ội quán"
    r"|[Tt]ruyền thống)"
    r"(?: (?:lớn|số \d+|tầng \d+|[A-D]\d?|làm việc))?)"
)
_SOMEWHERE = (
    rf"(?:(?:{_FACILITY},? )*(?:của )?(?:{_UNIT}|{_AREA} {_PROPER})"
    rf"|{_FACILITY}(?: Khối| Cụm)?(?: - {_WORD}| {_PART}){{1,8}}{_LEVEL}?|{_PROPER})"
    rf"(?:, (?:{_AREA} {_PROPER}|{_PROPER}(?=[.;]|$)))*"
)
_PLACE_LABEL = re.compile(
    r"\b(?i:địa điểm|nơi họp|nơi tổ chức)[^:]{0,20}:\s*(?P<place>[^;]*?)(?:[.;]?$|\. |;)"
)
_PLACE = re.compile(
    rf"\b(?:[Tt]ại|[Ởở]|trong(?= [Hh]ội trường)) (?!(?:Hội nghị|Quyết định|Nghị|Luật|Kế hoạch"
    rf"|Công văn|Báo cáo|Thông|Điều"
    rf"|Đại hội|Lễ|Quy|Hướng|Khối|Cụm|Chỉ thị)\b)(?P<place>{_SOMEWHERE})"
)
_PLACE_IS = re.compile(rf"^(?P<place>{_SOMEWHERE}) là (?:nơi|địa điểm|điểm)\b")
_ELSEWHERE = re.compile(
    r"\b(?:thăm|dâng hương|về nguồn|tập huấn|giải bóng|hội thao|hội thi|mô hình|trồng cây|tặng quà"
    r"|công tác tại"
    r"|làm việc tại|điển hình)\b",
    re.I,
)
_MEETS_AT = re.compile(
    r"\b(?:họp|tổ chức|diễn ra|được làm|gặp nhau|gặp mặt|ký|khai mạc)\b[^.;]{0,40}$", re.I
)
# Houses that anybody may meet in: their owner is not the host.
_NEUTRAL = re.compile(
    r"^(?:Trung tâm|UBND|Ủy ban nhân dân|HĐND|(?:Tỉnh|Thành|Huyện|Quận|Thị) ủy|Văn phòng UBND)"
)
_NEUTRAL_HALL = re.compile(r"nhà khách|khách sạn|trung tâm|nhà văn hóa|bảo tàng", re.I)

_HOST = re.compile(
    rf"(?P<a>{_UNIT})(?:, [^,.;]{{1,40}},)?(?:,? (?:là|đơn vị|được chọn|cơ quan|nơi|giao|nhận))* "
    rf"(?:đăng cai|chủ nhà)\b"
    rf"|(?:[Đđ]ăng cai|[Cc]hủ nhà)(?: tổ chức| của hội nghị)?(?: (?:là|bởi|do)|:)? (?P<b>{_UNIT})"
)
_ORGANISER = re.compile(
    rf"(?i:đứng ra tổ chức|đơn vị tổ chức|chủ trì tổ chức)(?: là|:)? (?P<a>{_UNIT})"
    rf"|do (?P<b>{_UNIT})(?:(?:,| -) [^,.;]{{1,40}}(?:,| -))? (?:chủ trì )?tổ chức"
)

_CHAIR = r"(?:[Cc]hủ trì|[Đđ]iều hành|[Cc]hủ tọa)"
_TOGETHER = r"(?:cùng |(?<!Hội )đồng )?"
_CHAIRED = re.compile(
    rf"\bdo\b(?P<by>[^.;]{{3,220}}?){_TOGETHER}\b{_CHAIR}\b"
    rf"|[Dd]ưới sự {_CHAIR} của(?P<under>[^.;]{{3,220}})"
    rf"|^(?:[\dIVX]+[.)] ?|[-+•*] ?)*(?:Người |Đồng )?{_CHAIR}(?: [^:.;]{{0,30}}?)?"
    rf"(?::|\b(?:có|là|gồm)\b)(?P<label>(?:(?![Tt]hư ký|; Hội)[^.]){{3,260}})"
    rf"|\b{_CHAIR}(?: [^:.;,]{{1,30}}?)?(?:\s*:| là\b)(?P<seat>[^.;]{{3,260}})"
    rf"|^(?P<both>[^.]{{3,300}}?)\b(?:cùng|(?<!Hội )đồng) {_CHAIR}\b(?! là|\s*:)"
    rf"|^(?P<they>[^.;]{{3,220}}?)(?<!sự )\b{_CHAIR}\b(?! (?:tổ chức|xây|soạn|là)|\s*:)"
)
_ROW_CHAIR = re.compile(r"\b(?:chủ trì|chủ tọa|điều hành)\b", re.I)
_CONCLUDES = re.compile(
    r"^Kết luận (?:buổi|cuộc|hội nghị|phiên|tại)[^,]{0,30}, (?P<w>[^.;]{3,120})"
)


def _place(title: _Sentence, body: Sequence[_Sentence], dated: _Dated | None) -> _Named | None:
    """Return where they met, from a label or from a sentence about the meeting itself."""
    for s in body:
        if label := _PLACE_LABEL.search(s.said):
            place = label["place"]
            if _DAY.search(place):
                place = next((m["place"] for m in _PLACE.finditer(place)), "")
            if place.strip():
                return _Named(_venue(re.sub(r"^(?:[Tt]ại|[Ởở]) ", "", place)), s)
    opening = [s for s in body if s.paragraph <= 4 and not s.cells]
    if dated and dated.sentence not in opening:
        opening.insert(0, dated.sentence)
    for s in opening:
        if not _MEETING_NOUN.search(s.said) or _LATER.search(s.said):
            continue
        if here := _PLACE_IS.match(s.said):
            return _Named(_venue(here["place"]), s)
        for m in _PLACE.finditer(s.said):
            before = s.said[: m.start()]
            dates = dated is not None and dated.sentence == s
            if not _ELSEWHERE.search(before) and (dates or _MEETS_AT.search(before)):
                return _Named(_venue(m["place"]), s)
    there = _PLACE.search(title.said)
    return _Named(_venue(there["place"]), title) if there else None


def _venue(place: str) -> str:
    return re.sub(r"^[Tt]rụ sở (?:của )?(?:làm việc )?", "", place).strip(" ,")


def _host(
    body: Sequence[_Sentence], place: _Named | None, block: _Named | None, met: bool
) -> _Named | None:
    """Return the unit in whose house they met: the one that is said to, else the venue's owner.

    Where a single association gathers its own people, it is its own host.
    """
    for s in body:
        if (m := _HOST.search(s.said)) and not _LATER.search(s.said):
            return _Named(m["a"] or m["b"], s)
    if place and not _NEUTRAL_HALL.search(place.value):
        unit = _A_UNIT.search(place.value)
        if unit and not _NEUTRAL.match(unit[0]):
            return _Named(unit[0], place.sentence)
    for s in body:
        if m := _ORGANISER.search(s.said):
            return _Named(m["a"] or m["b"], s)
    if met and block and _A_UNIT.match(block.value):
        return block
    return None


def _chair(body: Sequence[_Sentence], kind: str) -> _Named | None:
    """Return the offices that chaired, joined by "; ", or the person where no office is named."""
    rows = [
        (s, c)
        for s in body
        if s.cells and any(_ROW_CHAIR.search(c) for c in s.cells)
        for c in s.cells
        if _A_UNIT.match(c)
    ]
    if rows:
        return _Named("; ".join(c for _, c in rows), _whole(rows[0][0]))
    for s in body:
        if s.cells:
            continue
        for m in _CHAIRED.finditer(s.said):
            if named := _officers(m[m.lastgroup or 0]):
                return _Named(named, s)
    if kind == "họp Hội đồng":
        for s in body:
            closing = _CONCLUDES.match(s.said)
            if closing and (named := _officers(closing["w"])):
                return _Named(named, s)
    return None


def _officers(span: str) -> str:
    offices = [
        m[0]
        for m in re.finditer(
            rf"{_OFFICE}|{_POST} Hội đồng(?: {_PART}| - {_WORD}){{0,6}}{_LEVEL}?", span
        )
    ]
    if not offices:
        offices = [m[0] for m in _A_UNIT.finditer(span)] or [
            m[0] for m in re.finditer(_PERSON, span)
        ]
    return "; ".join(dict.fromkeys(offices))


# --- members --------------------------------------------------------------------------------------

_ABOUT_MEMBERS = re.compile(
    r"\b(?:Khối|Cụm|thành viên|[Kk]hối thi đua|[Cc]ụm thi đua)\b|^(?:Có mặt|Thành viên)\b", re.I
)
_LIST_LINK = re.compile(r"(?:\bgồm(?: có)?|\bcòn có|\blà|:)(?:\s*:)?\s+", re.I)
_OTHERS = re.compile(r"^Thành viên|\b(?:thành viên|đơn vị) (?:khác|còn lại)\b")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_BARE_NAME = re.compile(rf"{_PROPER}(?: {_CAPITAL})?")
_LISTED = re.compile(rf"{_WHO}|{_CAPITAL}(?: (?!và\b){_PART}){{0,7}}{_LEVEL}?")
_LIST_GAP = re.compile(r"\s*(?:[,;]\s*(?:và\s+)?|\bvà\s+)")
_ATTENDANCE = re.compile(r"^(?:Có mặt|(?:Tham |Tới |Đến )?[Dd]ự)\b", re.I)
_BESIDES = re.compile(rf"\bNgoài ({_UNIT}),")
_COUNTED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?P<n>{_NUMBER}) {_MEMBER_NOUN}(?: thành viên)? (?:của|thuộc|trong)(?: [Cc]ác)? "
        rf"(?:Khối|Cụm)\b",
        rf"\b(?P<n>{_NUMBER})(?: {_MEMBER_NOUN})? thành viên\b",
        rf"\b(?P<n>{_NUMBER}) {_MEMBER_NOUN} (?:Khối|Cụm) ",
        rf"\b(?:Khối|Cụm)\b[^.;:]{{0,80}}? (?:có|gồm(?: có)?)(?: tổng (?:cộng|số))?(?: đủ)? "
        rf"(?P<n>{_NUMBER}) {_MEMBER_NOUN}\b",
        rf"\b(?P<n>\d{{1,3}})/(?P<all>\d{{1,3}})(?: chủ tịch| đại diện"
        rf"| lãnh đạo)? {_MEMBER_NOUN}\b(?! viên)",
    )
)


def _members(body: Sequence[_Sentence], held: dict[str, _Named]) -> _Named | None:
    """Return the members joined by "; ", or their number where the report gives only that."""
    counted = _counted(body)
    declared = int(counted.value) if counted else None
    listed = _listed(body, held, declared)
    if listed and not (declared and declared > listed.value.count(";") + 1):
        return listed
    return counted


def _counted(body: Sequence[_Sentence]) -> _Named | None:
    for s in body:
        if s.cells or re.search(r"\b(?:còn lại|đề nghị tặng|được tặng)\b", s.said):
            continue
        for pattern in _COUNTED:
            if m := pattern.search(s.said):
                number = _number(m["n"])
                if "all" in m.groupdict() and number != int(m["all"]):
                    number = int(m["all"])
                if number >= 2:
                    return _Named(str(number), s)
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _listed(
    body: Sequence[_Sentence], held: dict[str, _Named], declared: int | None
) -> _Named | None:
    for s in body:
        if s.cells or _TITLES.search(s.said) or not _ABOUT_MEMBERS.search(s.said):
            continue
        for link in _LIST_LINK.finditer(s.said):
            names = _names(s.said[link.end() :])
            if not names:
                continue
            if _OTHERS.search(s.said[: link.end()]):
                names = _with_leaders(names, held)
            elif len(names) < 3 or (_ATTENDANCE.match(s.said) and len(names) != declared):
                continue
            if besides := _BESIDES.search(s.said):
                names = [besides[1], *names]
            return _Named("; ".join(dict.fromkeys(names)), s)
    return _hanging_members(body)


def _with_leaders(names: list[str], held: dict[str, _Named]) -> list[str]:
    """Put the leaders first, where a list is of the others ("Cụm trưởng: A. Thành viên: B, C.")."""
    leaders = [held[role].value for role in ("lead_unit", "deputy_unit") if role in held]
    return [*(n for n in leaders if n not in names), *names]


def _hanging_members(body: Sequence[_Sentence]) -> _Named | None:
    """Members in bullets or in the rows of a table that is about the members."""
    groups: dict[tuple[int, str], list[_Sentence]] = {}
    for s in body:
        if (s.intro or s.cells) and not _TITLES.search(s.said):
            groups.setdefault((s.paragraph, "row" if s.cells else s.intro), []).append(s)
    for (_, _), group in groups.items():
        about = f"{group[0].intro} {group[0].heading} {' '.join(group[-1].header)}"
        roles = any("thành viên" in c.lower() for s in group for c in s.cells)
        if not roles and not re.search(
            r"(?:đơn vị|thành viên|cơ quan|hội)\b.{0,30}\b(?:Khối|Cụm)\b|(?:Khối|Cụm).{0,40}gồm",
            about,
            re.I,
        ):
            continue
        if not roles and re.search(r"\b(?:dự|khách mời|đề nghị|suy tôn|điểm)\b", about, re.I):
            continue
        names = [name for s in group if (name := _hanging_name(s))]
        if len(names) >= 3:
            return _Named("; ".join(dict.fromkeys(names)), _whole(group[0]))
    return None


def _hanging_name(s: _Sentence) -> str:
    if s.cells:
        return next((c for c in s.cells if _A_UNIT.match(c)), "")
    return _bare_unit(s.text)


def _names(text: str) -> list[str]:
    """Return the names when ``text`` is nothing but a list of units or of bare places, else []."""
    text = _ASIDE.sub("", text).strip().rstrip(".;, ")
    names, units, at = [], 0, 0
    while at < len(text):
        m = _LISTED.match(text, at)
        if m is None or not m[0]:
            return []
        names.append(m[0])
        units += bool(_A_UNIT_OR_TOWN.match(m[0]))
        gap = _LIST_GAP.match(text, m.end())
        if gap is None and m.end() < len(text):
            return []
        at = gap.end() if gap else len(text)
    bare = len(names) >= 3 and all(_BARE_NAME.fullmatch(n) for n in names)
    return names if bare or 2 * units > len(names) else []


# --- awards ---------------------------------------------------------------------------------------

_PROPOSES = re.compile(r"\b(?:đề nghị|suy tôn|đề xuất|trình|giới thiệu|kiến nghị|đề cử)\b", re.I)
_APPROVES = re.compile(
    r"\b(?:thông qua|nhất trí|biểu quyết|đồng ý|bỏ phiếu|tán thành|thống nhất)\b", re.I
)
_DECIDES = re.compile(
    r"\b(?:đã (?:được|có quyết định|quyết định|tặng|trao)|được [^,;:]{0,60}?(?:tặng|trao|khen"
    r"|công nhận)"
    r"|trao|đón nhận|vinh dự nhận|[Qq]uyết định (?:số \S+ )?(?:.{0,40})tặng|công nhận|đạt|tặng)\b",
    re.I,
)
_SURELY = re.compile(
    r"\b(?:đã (?:được (?!đề nghị|suy tôn|giới thiệu)|có quyết định|quyết định)|trao|đón nhận"
    r"|công bố quyết định|vinh dự)\b",
    re.I,
)
_CANCELS = re.compile(r"\b(?:hủy bỏ|hủy|huỷ|thu hồi)\b", re.I)
_WISHES = re.compile(
    r"\b(?:đăng ký|phấn đấu|mục tiêu|tiêu chuẩn|tiêu chí|mỗi|không quá|tối đa|tổng số|xin tặng"
    r"|nếu)\b",
    re.I,
)
_SUBMITS = re.compile(
    r"\b(?:bản trình|tờ trình|hồ sơ|đơn vị|cụm|khối)\b[^.;]*\b(?:gồm|trình)\b", re.I
)
_AND = re.compile(r"\s*(?:,|và|cùng|, và)?\s*")
_RECIPIENT_GAP = re.compile(r"(?:[\s,;)]|\([^()]*\)|\b(?:và|tập thể|đơn vị|các)\b)*")
_SOMEBODY = re.compile(rf"{_PERSON}(?:\s*[,(–-]\s*(?:{_POST} )?(?P<unit>{_UNIT})\)?)?")
_AND_GIVES = re.compile(
    rf"[\s,]*(?:và |đồng thời |cùng )?(?:trao )?(?:tặng|trao)(?: {_NUMBER})?\s*"
)
_GIVER = re.compile(
    rf"(?P<giver>{_ISSUER}) (?:ký |quyết định |ký quyết định )?(?:tặng(?: thưởng)?|trao(?: tặng)?"
    rf"|thưởng)(?: {_NUMBER})?\s*$"
)
_TO = re.compile(
    r"(?:,? năm \d{4})?,?\s*(?:\b(?:cho|là|gồm(?: có)?|thuộc về|đối với|dành cho"
    r"|được trao cho)\b\s*:?|[:(])\s*"
)
_TO_COUNTED = re.compile(
    rf"(?:các |{_NUMBER} ){_MEMBER_NOUN}\b[^;:]*?(?::|\blà\b|\bgồm\b)\s*", re.I
)
_COUNT_TO = re.compile(
    rf"(?:,? năm \d{{4}})?,?\s*(?:\b(?:cho|đối với|là|giữ nguyên)\b|:)\s*"
    rf"(?P<n>{_NUMBER}) {_MEMBER_NOUN}\b",
    re.I,
)
_COUNT_NEXT = re.compile(rf"\s*(?P<n>{_NUMBER}) {_MEMBER_NOUN}\b", re.I)
_COUNT_MORE = re.compile(rf"\s*(?:,|và)\s*(?P<n>{_NUMBER}) {_MEMBER_NOUN}\b", re.I)
_COUNT_BEFORE = re.compile(
    rf"\b(?P<n>{_NUMBER}) {_MEMBER_NOUN}\b(?:(?:,| và) (?P<more>{_NUMBER}) {_MEMBER_NOUN}\b)?"
    r"[^,;:]*?\b(?:đề nghị|được|suy tôn|đạt|nhận|tặng)\b[^,;:]*$",
    re.I,
)
_COUNT_AT = re.compile(rf"\b(?P<n>{_NUMBER}) $", re.I)
_RECEIVES = re.compile(
    r"[^;:]*?\b(?:được|nhận|đạt|đón nhận|giành)\b|\s*[:–-]\s*$|\s*\((?:đạt|được)?\s*$"
)
_OPENS = re.compile(r"[\s•●▪+*–-]*(?:\d+[.)]\s*|[a-zđ]\)\s*)?")
_PROPOSED_PLAIN = re.compile(r"\s*,?\s*đề nghị (?:tặng|khen|nhận)\s*$")
_SELECTS = re.compile(
    r"\b(?:suy tôn|bình chọn|bầu chọn|lựa chọn|chọn|bình bầu|tặng|đề nghị|giới thiệu|tôn vinh)"
    r"(?: \w+){0,2}[\s:]*$"
)
_GOES_ON = re.compile(
    r"\s*(?:$|[,(]|\b(?:là|dẫn|đứng|để|đề nghị|được|nhận|xếp|đạt|vì|có thành tích|xứng đáng)\b)"
)
_DECISION = re.compile(
    r"[Qq]uyết định số\s*:?\s*(?P<number>\d+[\w/-]*/[\w/-]+)(?:[ ,]*ngày (?P<day>\d{1,2})[/.-]"
    r"(?P<month>\d{1,2})[/.-](?P<year>\d{4}))?"
)
_STATUS_WORDS = (
    (re.compile(r"hủy|huỷ|thu hồi", re.I), Status.CANCELLED),
    (re.compile(r"đã quyết định|đã có quyết định|được tặng|đã tặng|đã trao", re.I), Status.DECIDED),
    (re.compile(r"thông qua|nhất trí", re.I), Status.APPROVED),
    (re.compile(r"đề nghị|suy tôn|đề xuất|trình", re.I), Status.PROPOSED),
)
_LEVELS = (
    (
        "Nhà nước",
        re.compile(r"Chính phủ|Thủ tướng|Chủ tịch nước|Nhà nước|Huân chương|Anh hùng|toàn quốc"),
    ),
    ("Tỉnh", re.compile(r"\btỉnh|thành phố")),
    ("Bộ", re.compile(r"\bBộ\b|Trung ương|Tổng Liên đoàn")),
    ("Huyện", re.compile(r"\bhuyện|quận|thị xã")),
    ("Xã", re.compile(r"\bxã|phường|thị trấn|đặc khu")),
)


@dataclass(frozen=True)
class _Recipient:
    name: str
    unit: str = ""
    person: str = ""


class _Awards:
    """Collects the awards of one report, sentence by sentence."""

    def __init__(self, path: str, kind: str, year: int | None):
        self._path, self._kind, self._year = path, kind, year
        self._found: dict[tuple, Award] = {}
        self._status: Status | None = None  # of the last sentence, for "Bằng khen giữ nguyên 05 …"
        self._paragraph = 0

    def read(self, sentences: Sequence[_Sentence]) -> tuple[Award, ...]:
        intros = {s.intro for s in sentences}
        for s in sentences:
            if s.paragraph != self._paragraph:
                self._paragraph, self._status = s.paragraph, None
            if s.cells:
                self._row(s)
            elif _TITLES.search(s.said):
                self._prose(s, opens_list=s.text in intros)
            else:
                self._under_title(s)
        return tuple(self._found.values())

    def _add(
        self, s: _Sentence, title: str, status: Status | None, recipients: Sequence[_Recipient],
        counts: Sequence[int], clause: str,
    ) -> None:  # fmt: skip
        if status is None:
            return
        year = self._merit(title, clause, s, status)
        title = _title(title)
        decision = _DECISION.search(s.said) if status is Status.DECIDED else None
        for recipient in recipients or [_Recipient("")] * len(counts):
            count = 1 if recipient.name else counts[0]
            if not recipient.name:
                counts = counts[1:]
            key = (fold(recipient.name), fold(title), status, 0 if recipient.name else count)
            if key in self._found:
                continue
            self._found[key] = Award(
                recipient=recipient.name, unit=recipient.unit, person=recipient.person, title=title,
                level=next((name for name, pattern in _LEVELS if pattern.search(title)), ""),
                year=year, status=status, count=count,
                decision=decision["number"] if decision else "",
                decided_on=_date(*(int(decision[g]) for g in ("year", "month", "day")))
                if decision and decision["year"] else None,
                source=_source(self._path, s),
            )  # fmt: skip

    def _merit(self, title: str, clause: str, s: _Sentence, status: Status) -> int | None:
        """Return the year of merit: the clause's or the meeting's; a past award may have none."""
        clause = _DECISION.sub("", clause)
        own = _ANY_YEAR.search(title) or _ANY_YEAR.search(clause[clause.find(title) :])
        year = int(own["year"]) if own else _one_year(clause)
        if year or status in (Status.PROPOSED, Status.APPROVED):
            return year or self._year
        context = f"{s.intro} {s.heading}"
        if re.search(r"\b(?:đạt|công nhận)\b", f"{clause} {context}"):
            return _one_year(context) or self._year  # what a year's judging itself found
        if self._year and re.search(r"\bnăm (?:trước|ngoái)\b", s.said + context):
            return self._year - 1
        return _one_year(context)

    def _row(self, s: _Sentence) -> None:
        if not s.header:
            return
        columns = [h.lower() for h in s.header] + [""] * len(s.cells)
        title = next((m for c in s.cells if (m := _TITLES.match(c))), None)
        if title is None:
            return
        recipient = next((c for c in s.cells if _A_UNIT.match(c) and c != title.string), "")
        person = ""
        for column, cell in zip(columns, s.cells, strict=False):
            if re.search(r"họ|cá nhân", column) and _BARE_NAME.fullmatch(cell):
                person = recipient = cell
            elif (
                not recipient
                and _BARE_NAME.fullmatch(cell)
                and not cell.isdigit()
                and cell != title.string
            ):
                head = s.header[columns.index(column)]
                # Under "Ủy ban MTTQ huyện", "Cẩm Mỹ" is "Ủy ban MTTQ huyện Cẩm Mỹ".
                recipient = f"{head} {cell}" if _A_UNIT.match(head) else cell
        if not recipient:
            return
        name, giver = title[0], re.search(rf"cấp tặng: ({_ISSUER})", " ".join(s.header))
        if giver and " của " not in name:
            name += f" của {giver[1]}"
        own = " ".join(c for c in s.cells if c not in (recipient, title.string))
        status = _said_status(own) or _said_status(" ".join(s.header)) or self._context_status(s)
        unit = next((c for c in s.cells if _A_UNIT.match(c)), "" if person else recipient)
        self._add(s, name, status, [_Recipient(recipient, unit, person)], [], title.string)

    def _context_status(self, s: _Sentence) -> Status | None:
        return self._status_of(s.intro, s) or self._status_of(s.heading, s)

    def _status_of(self, text: str, s: _Sentence) -> Status | None:
        """Return how far the words before a title say that it has come."""
        if _CANCELS.search(text):
            return Status.CANCELLED
        proposals = list(_PROPOSES.finditer(text))
        if proposals and not any(m.start() > proposals[-1].start() for m in _SURELY.finditer(text)):
            council = self._kind == "họp Hội đồng" and _APPROVES.search(text) and not _submits(s)
            return Status.APPROVED if council else Status.PROPOSED
        if _SURELY.search(text):
            return Status.DECIDED
        if _APPROVES.search(text):
            return Status.APPROVED
        return Status.DECIDED if _DECIDES.search(text) else None

    def _prose(self, s: _Sentence, opens_list: bool) -> None:
        last: Status | None = None
        given = ""
        for clause in _clauses(s.said):
            titles = list(_TITLES.finditer(clause))
            start = 0
            before: list[_Recipient] = []
            for i, title in enumerate(titles):
                stop = titles[i + 1].start() if i + 1 < len(titles) else len(clause)
                region = clause[start : title.start()]
                recipients, used = _after(clause[title.end() : stop])
                counts: list[int] = []
                giver = _GIVER.search(region)
                joined = bool(i and _AND.fullmatch(region))
                goes_on = bool(last and _AND_GIVES.fullmatch(region))
                if not recipients:
                    recipients = before if joined else _before(region, giver, bool(before))
                if not recipients and not opens_list:
                    counts = _counts(region, clause[title.end() : stop])
                status = None if goes_on else self._status_of(region, s)
                status = status or last or self._context_status(s)
                status = status or (self._status if recipients or counts else None)
                if region.strip(" -+•") and status:
                    last = status
                name = title[0]
                given = giver["giver"] if giver else given if joined or goes_on else ""
                if given and not title["praise"] and not re.search(r" (?:của|do|[Cc]ấp) ", name):
                    name += f" của {given}"
                after = clause[title.end() + used : stop]
                start, before = title.end() + used, recipients
                if _WISHES.search(clause[: title.start()]) or (
                    _WISHES.search(s.intro) and not region.strip(" -+•")
                ):
                    continue
                # "A và B được tặng Cờ thi đua, Bằng khen" does not say who gets which.
                several = len(recipients) > 1 and not used
                if several and (joined or (i + 1 < len(titles) and _AND.fullmatch(after))):
                    continue
                self._add(s, name, status, recipients, counts, clause)
        self._status = last or self._status

    def _under_title(self, s: _Sentence) -> None:
        """Read a bare list under a heading or after an introduction that names the award."""
        if s.intro:
            name = _hanging_name(s)
            above, names = s.intro, [name] if name else _names(_BULLET.sub("", s.said))
        else:
            link = list(_LIST_LINK.finditer(s.said))
            above, names = s.heading, _names(s.said[link[-1].end() :]) if link else []
        title = _TITLES.search(above)
        if title and names and not _WISHES.search(above):
            people = [_Recipient(n, n) for n in names]
            self._add(s, title[0], self._status_of(above, s), people, [], above)


def _submits(s: _Sentence) -> bool:
    """True when a sentence tells what a council was given, not what it made of it."""
    return bool(_SUBMITS.search(s.said))


def _said_status(text: str) -> Status | None:
    return next((status for pattern, status in _STATUS_WORDS if pattern.search(text)), None)


def _title(text: str) -> str:
    """Return a name: "danh hiệu thi đua xuất sắc" → "Đơn vị thi đua xuất sắc"."""
    text = re.sub(r"^danh hiệu [“\"]?", "", text)
    if re.match(r"(?:thi đua )?xuất sắc", text):
        text = f"Đơn vị {text}"
    return text[0].upper() + text[1:]


def _clauses(said: str) -> list[str]:
    """Split at ";", but keep a list that is itself set off with ";" whole."""
    clauses: list[str] = []
    pending = ""
    for piece in said.split(";"):
        names = _names(re.sub(r"^\s*và ", "", piece)) if not _TITLES.search(piece) else []
        if names and clauses and _TITLES.search(clauses[-1]):
            clauses[-1] += f",{piece}"
        elif names:
            pending += f"{piece},"
        else:
            clauses.append(pending + piece)
            pending = ""
    return clauses


def _after(text: str) -> tuple[list[_Recipient], int]:
    """Return who is named after a title ("… cho A, B và C"), and how many letters that takes."""
    link = _TO.match(text)
    if not link:
        return [], 0
    start = link.end()
    if counted := _TO_COUNTED.match(text, start):
        start = counted.end()
    recipients, end = _recipients(text, start)
    if not recipients and (names := _names(text[start:])):
        return [_Recipient(n, n) for n in names], len(text)
    return recipients, end


def _recipients(text: str, start: int) -> tuple[list[_Recipient], int]:
    """Return the persons and units listed from ``start`` on, and where the list ends."""
    found = []
    while True:
        gap = _RECIPIENT_GAP.match(text, start)
        at = gap.end() if gap else start
        if m := _SOMEBODY.match(text, at):
            found.append(_Recipient(m["person"], m["unit"] or "", m["person"]))
        elif m := _A_UNIT_OR_TOWN.match(text, at):
            found.append(_Recipient(m[0], m[0]))
        else:
            return found, start
        start = m.end()


def _before(region: str, giver: re.Match[str] | None, parallel: bool) -> list[_Recipient]:
    """Return who is named before a title: "A và B được tặng …", "suy tôn A …, đề nghị tặng …".

    ``parallel`` where another award of the clause was read: "…, B đề nghị UBND tỉnh tặng …".
    """
    said = region[: giver.start()] if giver else region
    starts = [m.start() for m in re.finditer(rf"{_PERSON}|{_WHO}", said)]
    runs, end = [], 0
    for start in starts:
        if start >= end:
            recipients, end = _recipients(said, start)
            runs.append((start, recipients, end))
    if not runs:
        return []
    start, recipients, end = runs[-1]
    gap = said[end:]
    opens = _OPENS.fullmatch(said[:start]) and gap.lstrip().startswith((":", "-", "–", "("))
    passive = opens or _RECEIVES.match(gap) or (not giver and _PROPOSED_PLAIN.fullmatch(gap))
    chosen = _SELECTS.search(said[:start]) and _GOES_ON.match(gap)
    alike = parallel and not said[:start].strip(" ,") and "đề nghị" in gap
    return recipients if passive or chosen or alike else []


def _counts(before: str, after: str) -> list[int]:
    """Return the number of awards; two where collectives and persons are counted apart."""
    for m in (
        _COUNT_TO.match(after), _COUNT_BEFORE.search(before), _COUNT_NEXT.match(after),
        _COUNT_AT.search(before),
    ):  # fmt: skip
        if m:
            counts = [_number(m["n"])]
            if (more := m.groupdict().get("more")) is not None:
                counts.append(_number(more))
            while m.string is after and (m := _COUNT_MORE.match(after, m.end())):
                counts.append(_number(m["n"]))
            return counts
    return []


# --- the whole report -----------------------------------------------------------------------------


def _whole(s: _Sentence) -> _Sentence:
    """Return the whole list that a bullet or a row belongs to, for a fact that is all of it."""
    return replace(s, text=s.listing or s.text)


def _source(path: str, s: _Sentence) -> Source:
    return Source(file=path, place=str(Place(paragraph=s.paragraph)), quote=s.text)


def read_meeting(lines: Sequence[str], path: str, pages: Sequence[int | None] = ()) -> Report:
    """Read one report.

    ``lines`` are its tidy paragraphs in order (a table row has its cells joined with " | "),
    ``pages`` the page of each where the file has pages, ``path`` the file's place in the documents
    folder, whose name may hold the date or the year. Paragraph 1 holds the title and what stands
    above it; the passages together are the whole text. Nothing is raised: a text that says nothing
    gives a Meeting without facts, and an empty one is called by its file's name.
    """
    pages = list(pages) or [None] * len(lines)
    kept = [(line.strip(), page) for line, page in zip(lines, pages, strict=True) if line.strip()]
    if not kept:
        meeting = Meeting(document=path, title=PurePosixPath(path).stem)
        return Report(meeting=meeting, passages=(), awards=())
    texts, numbers = [t for t, _ in kept], [p for _, p in kept]
    start, end = _head_length(texts)
    title_text = re.sub(r"^#+\s*", "", " ".join(texts[start:end]))
    paragraphs = _paragraphs(texts[end:], numbers[end:])
    # The title may be wrapped over lines; a quote must stand verbatim, so the passage unwraps it.
    head = "\n".join([*texts[:start], " ".join(texts[start:end])])
    title = _Sentence(title_text, _blank_unsaid(title_text), 1)
    body = _sentences(paragraphs)
    meeting, awards = _meeting(path, title, body)
    return Report(
        meeting=meeting,
        passages=(
            Passage(document=path, order=0, place=Place(paragraph=1), text=head, page=numbers[0]),
            *(
                Passage(
                    document=path, order=i, place=Place(paragraph=i + 1), text="\n".join(p.lines),
                    headings=(title_text, p.heading) if p.heading else (title_text,), page=p.page,
                )
                for i, p in enumerate(paragraphs, start=1)
            ),
        ),
        awards=awards,
    )  # fmt: skip


def _meeting(
    path: str, title: _Sentence, body: Sequence[_Sentence]
) -> tuple[Meeting, tuple[Award, ...]]:
    when = _PathDate.of(path)
    kind = _kind(title.said, body)
    year = _merit_year(title, body, kind, when)
    dated = _meeting_date(body, when, kind, year) or _meeting_date([title], when, kind, year)
    if year is None and dated:
        closes = kind in ("tổng kết", "bình xét", "chấm điểm") and dated.date.month <= 3
        year = dated.date.year - closes
    block = _block(title, body)
    held = _roles((title, *body), year, kind)
    place = _place(title, body, dated)
    facts: dict[str, _Named | None] = {
        "date": _Named(dated.date.isoformat(), dated.sentence, dated.inferred) if dated else None,
        "place": place,
        "block": block,
        "host": _host(body, place, block, bool(dated or place)),
        "chair": _chair(body, kind),
        **held,
        "members": _members(body, held),
    }
    meeting = Meeting(
        document=path,
        title=title.text,
        kind=kind,
        year=year,
        period=_period(kind, (s.said for s in (title, *(body[:3] if kind == "sơ kết" else ())))),
        date=dated.date if dated else None,
        facts=tuple(
            Fact(name=name, value=n.value, source=_source(path, n.sentence), inferred=n.inferred)
            for name, n in facts.items()
            if n
        ),
    )
    return meeting, _Awards(path, kind, year).read(body)


def _merit_year(
    title: _Sentence, body: Sequence[_Sentence], kind: str, path: _PathDate
) -> int | None:
    """Return the year that the meeting is about: the title's, else the first that is given it."""
    about = (s.said for s in body if _first_kind(s.said) == kind)
    for text in (title.said, *about):
        if year := _ANY_YEAR.search(text):
            return int(year["year"])
    # A file named by year alone is named by the year of merit; one named by a day, by that day.
    return path.year if path.month is None else None
