"""Legal text → Chương / Mục / Điều / khoản / điểm → passages, and the facts of its head and end.

The passages of a document, in order, are its text: nothing is dropped and nothing is repeated. A
passage is the smallest thing that has a citation of its own: a điểm, the opening words of a khoản,
a khoản without điểm, the heading and opening words of an Điều. Larger quotes are put together from
them.

Legal text is dirty: a wrapped line may begin with "Điều 26, khoản …", other documents are numbered
under "Căn cứ", and annexes restart at "Điều 1". So a heading is believed only when its number
continues the count.
"""

import datetime
import itertools
import re
from collections.abc import Sequence

from corpus.annex import Head, annex_name, heads
from corpus.guidance import sections
from corpus.records import Document, Kind, Passage, Place, Record
from corpus.text import fold

# The order of điểm. The law has no f, j, w and z; Word, where it counts by itself, has them.
POINTS = "abcdđefghijklmnopqrstuvwxyz"
_HEAD_LINES = 15  # a text says its number in its first lines
_ANNEX_PASSAGE = 600  # characters; an annex has no citable parts smaller than its paragraphs

# The capitals of Vietnamese, one by one: a range such as À-Ỹ holds small letters too.
_CAPITAL = "[A-ZĐ" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper()) + "]"
_ARTICLE = re.compile(r"^Điều\s+(\d+[a-zđ]?)\s*(?:[.:](?!\d)\s*(.*)|)$")
_ARTICLE_BARE = re.compile(rf"^Điều\s+(\d+[a-zđ]?)\s+(?=[“\"]|{_CAPITAL})(.+)$")
_CHAPTER = re.compile(r"^(PHẦN|Phần|CHƯƠNG|Chương)\s+([IVXLC]+|\d+|thứ \w+)\s*[.:]?\s*(.*)$")
_SECTION = re.compile(r"^(MỤC|Mục|TIỂU MỤC|Tiểu mục)\s+([IVXLC]+|\d+)\s*[.:]?\s*(.*)$")
_CLAUSE = re.compile(r"^(\d{1,3}[a-zđ]?)[.)](?!\d)\s*(?=\S)")
_AREA = r"(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|QUẬN|THỊ XÃ|PHƯỜNG|XÃ|ĐẶC KHU)(?!\w)"
_LETTERHEAD = re.compile(rf"^({_AREA}) ((?:{_CAPITAL}|[ .-])+)$")
_ISSUED = re.compile(r"^(QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|HƯỚNG DẪN|NỘI QUY)\b[^a-zà-ỹ]*$")
_WITH = re.compile(r"(?:ban hành )?kèm theo", re.I)
_POINT = re.compile(rf"^([{POINTS}]\d?)\)\s*(?=\S)")
# Signs that a line goes on from the one before: that one stops in the middle of a sentence, or this
# one names a part of some text ("Điều 26 Luật này", "Chương II của Nghị định số …").
_UNFINISHED = re.compile(
    r"(?:,|(?<!\w)(?:tại|theo|của|và|hoặc|với|từ|đến|các|khoản(?: \d+[a-zđ]?)?|điểm(?: [a-zđ])?))$"
)
_REFERENCE = re.compile(
    r"^(?:[(;,]|(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư|Quyết định|Quy chế"
    r"|Quy định|Điều lệ|Hướng dẫn|Phụ lục|Chương|Mục)\b.*?(?:\b(?:này|số|năm)\b|\d|,|;))"
)
_END = re.compile(
    r"^(?:T/?M\.|KT\.|TUQ\.|Nơi nhận|NƠI NHẬN|CHỦ TỊCH QUỐC HỘI|BỘ TRƯỞNG\s*$|CHỦ TỊCH\s*$"
    r"|THỦ TƯỚNG\s*$|Luật này (?:đã )?được Quốc hội .* thông qua ngày)"
)
_FORMS = (
    "Bộ luật", "Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Thông tư liên tịch", "Thông tư",
    "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Hướng dẫn", "Kế hoạch", "Công văn",
    "Văn bản hợp nhất", "Điều lệ", "Kết luận", "Thông báo", "Chương trình", "Công điện",
)  # fmt: skip
# "06/2022/QH15", "12/QĐ-UBND"; the Party's are the other way round: "33-CT/TW".
NUMBER = (
    r"(?:\d+/(?:\d{4}/)?[A-ZĐ]+[A-ZĐ0-9&]*(?:-[A-ZĐ]+[A-ZĐ0-9&]*)*"
    r"|\d+\s?-\s?[A-ZĐ]{2,5}/[A-ZĐ]{2,}[A-ZĐ0-9]*)"
)
_HEAD_NUMBER = re.compile(rf"^(?:(?:Luật|Pháp lệnh|Nghị quyết|Bộ luật)\s+)?[Ss]ố\s*:?\s*({NUMBER})")
_ANY_NUMBER = re.compile(rf"(?<![\w/-])({NUMBER})")
_SIGNED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s*\.?\s*năm\s+(\d{4})", re.I)
_EFFECT = re.compile(
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư|Quyết định|Quy chế|Quy định"
    r"|Hướng dẫn|Văn bản)"
    r"\s+này\s+(?:có|bắt đầu có)\s+hiệu lực(?:\s+thi hành)?\s+(?:kể\s+)?(?:từ\s+|sau\s+)(.{0,80})",
    re.S,
)
_DAY = re.compile(r"ngày\s+(\d{1,2})\s*(?:tháng|[/.-])\s*(\d{1,2})\s*[./-]?\s*(?:năm\s*)?(\d{4})")
_AFTER_SIGNING = re.compile(r"^(\d+)\s+(?:\([^)]*\)\s+)?ngày\s*,?\s*kể từ ngày ký")
_FROM_SIGNING = re.compile(r"^ngày\s+ký")
_SELF_EXPIRY = re.compile(
    r"(?:Luật|Nghị quyết|Nghị định|Thông tư|Quyết định)\s+này\s+hết hiệu lực\s+(?:thi hành\s+)?"
    r"(?:kể\s+)?từ\s+(.{0,60})",
    re.S,
)
_SENTENCE = re.compile(r"(?<=\.)\s+")
_LAPSE = re.compile(r"hết hiệu lực(?: thi hành)? (?:kể )?từ ngày \w+(?: \w+)? này có hiệu lực")
_INSTEAD = re.compile(r"này thay thế (?:cho )?(.+?)(?:(?:\s+và|[;,])\s+(?:bãi bỏ|sửa đổi)|$)", re.S)
_PART = re.compile(r"(?:[Đđ]iều|[Kk]hoản|[Cc]hương|[Mm]ục)\s+[\dIVX]|[Đđ]iểm\s+[a-zđ]\b")
# Amending clauses
_ANNOUNCED = re.compile(r"(?:như sau|sau đây|như sau đây)\s*:$", re.I)
_CLOSES = re.compile(r"[”\"]\s*[.;,]?$")
_LONGEST_QUOTE = 400  # lines
_CHANGES = re.compile(
    r"(?:sửa đổi|bổ sung|bãi bỏ|thay thế (?:cụm từ|từ|một số)|hủy bỏ|đính chính)", re.I
)
_NOTE = re.compile(r"^\[\d+\] ")  # a footnote, behind the paragraph that it notes
_DIGEST = re.compile(r"^BẢN TÓM LƯỢC\b")


class Regulation(Record):
    """One legal text as read: its document, its passages, and the numbers that it ends or changes."""

    document: Document
    passages: tuple[Passage, ...]
    replaces: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()  # numbers of which it changes or abolishes a part
    annexes: tuple[Head, ...] = ()  # annexes and forms, as places name them and with their titles


class _Leaf:
    """A passage that is still growing."""

    def __init__(self, place: Place, headings: tuple[str, ...], lead: str, page: int | None):
        self.place, self.headings, self.lead, self.page = place, headings, lead, page
        self.lines: list[str] = []


class _Reader:
    """The state of one pass over the lines: where in the law we are, and what the count expects."""

    def __init__(self, articles: Sequence[int], base: str = ""):
        self.base = base  # "Quy chế" in what a Quyết định issues; "" in the document itself
        self.leaves: list[_Leaf] = [_Leaf(Place(part=base or "Phần đầu"), (), "", None)]
        self.articles = set(articles)  # line numbers that open an Điều
        self.quoted: frozenset[int] = frozenset()  # line numbers of what another text shall say
        self.chapter = self.section = self.article_title = ""
        self.annexes: dict[int, Head] = {}  # by the line that opens each
        self.part = self.part_heading = ""
        self.article = self.clause = self.point = ""
        self.letter = ""  # the last điểm of the khoản, also after a paragraph between two điểm
        self.article_lead: list[str] = []
        self.clause_lead: list[str] = []
        self.used: dict[Place, int] = {}
        self.naming = False  # the lines that follow are still the title of a Chương or Mục

    def headings(self) -> tuple[str, ...]:
        names = (self.base, self.part_heading, self.chapter, self.section, self.article_title)
        return tuple(name for name in names if name)

    def place(self, article: str = "", clause: str = "", point: str = "") -> Place:
        return Place(part=self.base, article=article, clause=clause, point=point)

    def open(self, place: Place, page: int | None, lead: str = "") -> None:
        self.leaves.append(_Leaf(place, self.headings(), lead, page))

    def add(self, line: str) -> None:
        self.leaves[-1].lines.append(line)


def read_regulation(
    lines: Sequence[str], path: str, pages: Sequence[int | None] | None = None
) -> Regulation:
    """Cut a legal text into passages.

    ``lines`` are tidy, one heading, khoản, điểm or paragraph each; ``path`` is the path inside the
    documents folder; ``pages`` has one entry a line where the format has pages. Returns the document
    with what its own head and last Điều say (never the numbers under "Căn cứ").
    """
    lines = list(lines)
    pages = list(pages) if pages is not None else [None] * len(lines)
    if any(_ARTICLE.match(line) or _ARTICLE_BARE.match(line) for line in lines):
        issued, name = _issued_text(lines)
        readers = [_read_articles(lines[:issued], pages[:issued])]
        if name:
            readers.append(_read_articles(lines[issued:], pages[issued:], name))
    else:
        readers = [_read_guidance(lines, pages)]
    passages = _passages([leaf for reader in readers for leaf in reader.leaves], path)
    document, replaces = _facts(lines, passages, path)
    return Regulation(
        document=document, passages=passages, replaces=replaces,
        amends=_amended(lines, passages, document.number),
        annexes=tuple(head for reader in readers for head in reader.annexes.values()),
    )  # fmt: skip


def _read_guidance(lines: Sequence[str], pages: Sequence[int | None]) -> _Reader:
    """A text that has no Điều, up to the annexes behind its signature, then these."""
    reader = _Reader(())
    signed = next((at for at, line in enumerate(lines) if at and _END.match(line)), len(lines))
    reader.annexes = heads(lines, signed, _UNFINISHED)
    body_end = min(reader.annexes, default=len(lines))
    reader.leaves = []
    for section in sections(lines[:body_end], _FORMS):
        page = pages[section.lines[0]] if section.lines else None
        leaf = _Leaf(section.place, section.headings, section.lead, page)
        leaf.lines = [lines[at] for at in section.lines]
        reader.leaves.append(leaf)
    for at in range(body_end, len(lines)):
        if lines[at]:
            _take(reader, at, lines[at], pages[at], in_body=False)
    return reader


def _read_articles(lines: Sequence[str], pages: Sequence[int | None], base: str = "") -> _Reader:
    body_end = _end_of_articles(lines)
    quoted = _quoted(lines)
    articles = [at for at in _article_lines(lines, body_end, quoted) if at not in quoted]
    reader = _Reader(articles, base)
    reader.quoted = quoted
    reader.annexes = heads(lines, body_end, _UNFINISHED)
    for number, (line, page) in enumerate(zip(lines, pages, strict=True)):
        if line:
            _take(reader, number, line, page, in_body=number < body_end)
    return reader


def _issued_text(lines: Sequence[str]) -> tuple[int, str]:
    """Where the Quy chế (Quy định, …) begins that a Quyết định issues, and what it is called.

    Most provincial texts are so: some Điều of the Quyết định, its signature, then the text itself,
    whose Điều count from 1 again. Returns (len(lines), "") where nothing is issued.
    """
    body_end = _end_of_articles(lines)
    for at in range(body_end, len(lines)):
        if annex_name(lines[at]):
            break
        match = _ISSUED.match(_shouted(lines[at]))
        following = [line for line in lines[at + 1 : at + 12] if line]
        restarts = any((m := _ARTICLE.match(line)) and m[1] == "1" for line in lines[at:])
        if match and restarts and any(_WITH.search(line) for line in following):
            return at, match[1].capitalize()
    return len(lines), ""


def _shouted(line: str) -> str:
    """A line in capitals as such, also where an old font had no capitals with accents ("QUY CHế")."""
    letters = [c for c in line if c.isalpha()]
    return line.upper() if 2 * sum(map(str.isupper, letters)) > len(letters) else line


def _end_of_articles(lines: Sequence[str]) -> int:
    """The line at which signatures or annexes begin: an Điều after it is not of this document."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if _ARTICLE.match(lines[i])), -1)
    first = next((i for i, line in enumerate(lines) if _ARTICLE.match(line)), len(lines))
    for i in range(first, len(lines)):
        if annex_name(lines[i]):
            if not _UNFINISHED.search(lines[i - 1]) and not _next_article_continues(lines, i, last):
                return i
        elif _END.match(lines[i]) and _next_article_restarts(lines, i, last):
            return i
    return len(lines)


def _next_article_continues(lines: Sequence[str], at: int, last: int) -> bool:
    """True when the Điều after line ``at`` is the next of the count: no annex begins there."""
    before = [m for line in lines[:at] if (m := _ARTICLE.match(line))]
    after = [m for line in lines[at : last + 1] if (m := _ARTICLE.match(line))]
    return bool(before and after) and _count(after[0][1]) == _count(before[-1][1]) + 1


def _next_article_restarts(lines: Sequence[str], at: int, last: int) -> bool:
    """True when no Điều follows line ``at``, or the next one starts counting again."""
    before = [m for line in lines[:at] if (m := _ARTICLE.match(line))]
    after = [m for line in lines[at : last + 1] if (m := _ARTICLE.match(line))]
    return not after or not before or _count(after[0][1]) <= _count(before[-1][1])


def _count(number: str) -> int:
    return int(re.match(r"\d+", number)[0])  # type: ignore[index]


def _quoted(lines: Sequence[str]) -> frozenset[int]:
    """The lines that an amending clause puts into another text: "…như sau:", then a quotation.

    What is counted there ("“Điều 4. …”", "2. …") are the other text's Điều and khoản.
    """
    found: set[int] = set()
    at = 0
    while at < len(lines):
        before = next((line for line in reversed(lines[max(0, at - 3) : at]) if line), "")
        if lines[at][:1] in '“"' and lines[at] and _ANNOUNCED.search(before):
            stop = next(
                (
                    i
                    for i in range(at, min(at + _LONGEST_QUOTE, len(lines)))
                    if _CLOSES.search(lines[i])
                ),
                -1,
            )
            if stop >= 0:
                found.update(range(at, stop + 1))
                at = stop
        at += 1
    return frozenset(found)


def _article_lines(lines: Sequence[str], end: int, quoted: frozenset[int]) -> list[int]:
    """The lines before ``end`` that truly open an Điều.

    An extract may jump (Điều 8, then Điều 27), and a wrapped line may begin with the number of some
    other Điều. A jump is believed only if the number that was expected does not come later, and a
    doubtful line never where a clear heading of that number follows.
    """
    found = [
        (i, m[1], _is_clear(lines, i))
        for i in range(end)
        if i not in quoted and (m := _ARTICLE.match(lines[i]) or _ARTICLE_BARE.match(lines[i]))
    ]
    kept: list[int] = []
    last = 0
    last_name = ""
    for at, (i, name, clear) in enumerate(found):
        n = _count(name)
        follows = n == last + 1 or (n == last and name > last_name and not name.isdigit())
        later = any(_count(other) == last + 1 for _, other, _ in found[at + 1 :])
        if follows:
            believed = clear or not _comes_clear(name, found[at + 1 :])
        else:
            believed = clear and n > last and not later
        if believed:
            kept.append(i)
            last, last_name = n, name
    return kept


def _is_clear(lines: Sequence[str], at: int) -> bool:
    """False for what may be the rest of a sentence: "… quy định tại / Điều 5 Luật này"."""
    bare = None if _ARTICLE.match(lines[at]) else _ARTICLE_BARE.match(lines[at])
    before = next((line for line in reversed(lines[:at]) if line), "")
    return not _UNFINISHED.search(before) and not (bare and _is_reference(bare[2]))


def _is_reference(rest: str) -> bool:
    """True when what follows the number of an Điều, Chương or Mục names a text, not a subject."""
    return rest[:1].islower() or bool(_REFERENCE.match(rest))


def _comes_clear(name: str, following: Sequence[tuple[int, str, bool]]) -> bool:
    """True when a clear heading of that number comes before the count goes on."""
    for _, other, clear in following:
        if other == name and clear:
            return True
        if _count(other) == _count(name) + 1:
            return False
    return False


def _take(reader: _Reader, number: int, line: str, page: int | None, in_body: bool) -> None:
    if head := reader.annexes.get(number):
        reader.part, reader.part_heading = head
        reader.chapter = reader.section = reader.article_title = ""
        reader.article = reader.clause = reader.point = ""
        reader.open(_next_paragraph(reader, Place(part=reader.part)), page)
        reader.add(line)
    elif not in_body:
        _take_tail(reader, line, page)
    elif number in reader.articles:
        _take_article(reader, line, page)
    elif number in reader.quoted or _NOTE.match(line):
        reader.add(line)
    elif _take_structure(reader, line, page) or (
        reader.article and _take_clause_or_point(reader, line, page)
    ):
        pass
    else:
        _take_text(reader, line, page)


def _take_tail(reader: _Reader, line: str, page: int | None) -> None:
    """Signatures and annexes: passages of some hundred characters, cut between paragraphs."""
    part = reader.part or f"{reader.base} Phần cuối".strip()
    leaf = reader.leaves[-1]
    if leaf.place.part != part or sum(map(len, leaf.lines)) + len(line) > _ANNEX_PASSAGE:
        reader.article_title = ""
        if not reader.part:
            reader.chapter = reader.section = ""
        reader.open(_next_paragraph(reader, Place(part=part)), page)
    reader.add(line)


def _next_paragraph(reader: _Reader, place: Place) -> Place:
    reader.used[place] = reader.used.get(place, 0) + 1
    return place.model_copy(update={"paragraph": reader.used[place]})


def _take_article(reader: _Reader, line: str, page: int | None) -> None:
    match = _ARTICLE.match(line) or _ARTICLE_BARE.match(line)
    assert match
    reader.article, reader.clause, reader.point, reader.letter = match[1], "", "", ""
    title = (match[2] or "").strip()
    reader.article_title = f"Điều {match[1]}. {title}" if title else f"Điều {match[1]}"
    reader.article_lead, reader.clause_lead, reader.naming = [], [], False
    reader.open(reader.place(match[1]), page)
    reader.add(line)


def _take_structure(reader: _Reader, line: str, page: int | None) -> bool:
    lines = reader.leaves[-1].lines
    if lines and _UNFINISHED.search(lines[-1]):
        return False
    if (match := _CHAPTER.match(line)) and not _is_reference(match[3]):
        title = f"{match[1].capitalize()} {match[2]}"
        reader.chapter, reader.section = f"{title}. {match[3]}".rstrip(". "), ""
    elif (match := _SECTION.match(line)) and not _is_reference(match[3]):
        title = f"{match[1].capitalize()} {match[2]}"
        reader.section = f"{title}. {match[3]}".rstrip(". ")
    else:
        return False
    reader.article = reader.clause = reader.point = reader.article_title = ""
    where = " ".join(h.split(".")[0] for h in (reader.chapter, reader.section) if h)
    place = Place(part=f"{reader.base} {where}".strip())
    # Two Chương of one number (it happens in consolidated texts) still get two citations.
    reader.used[place] = reader.used.get(place, 0) + 1
    if reader.used[place] > 1:
        place = place.model_copy(update={"paragraph": reader.used[place]})
    reader.open(place, page)
    reader.add(line)
    reader.naming = not match[3]
    return True


def _take_clause_or_point(reader: _Reader, line: str, page: int | None) -> bool:
    if (match := _CLAUSE.match(line)) and _continues(reader.clause, match[1]):
        reader.clause, reader.point, reader.letter = match[1], "", ""
        reader.clause_lead = [line]
        lead = "\n".join(reader.article_lead)
        reader.open(reader.place(reader.article, match[1]), page, lead)
        reader.add(line)
        return True
    if (match := _POINT.match(line)) and _continues_point(reader.letter, match[1]):
        reader.point = reader.letter = match[1]
        place = reader.place(reader.article, reader.clause, match[1])
        leads = [*reader.article_lead, *reader.clause_lead]
        reader.open(place, page, "\n".join(leads))
        reader.add(line)
        return True
    return False


def _continues(last: str, number: str) -> bool:
    n, before = _count(number), _count(last) if last else 0
    if n == before:
        return not number.isdigit() and number > last
    return before < n <= before + 2


def _continues_point(last: str, point: str) -> bool:
    if point == last:
        return False
    before = POINTS.index(last[0]) if last else -1
    now = POINTS.index(point[0])
    return now == before + 1 or now == before + 2 or (now == before and point > last)


def _take_text(reader: _Reader, line: str, page: int | None) -> None:
    leaf = reader.leaves[-1]
    if not reader.article:
        if reader.naming and line.upper() == line and len(leaf.lines) < 4:
            _extend_heading(reader, line)
        reader.add(line)
        return
    # A paragraph of a law begins with a capital: anything else is the rest of a wrapped line.
    if reader.point and not line[0].islower() and line[0] not in "-+•–*|":
        # After the last điểm, an unnumbered paragraph speaks for the whole khoản again. Law cites it
        # by counting paragraphs: "khoản 1 đoạn 2".
        reader.point = ""
        place = reader.place(reader.article, reader.clause)
        reader.used.setdefault(place, 1)
        lead = [*reader.article_lead, *reader.clause_lead]
        reader.open(_next_paragraph(reader, place), page, "\n".join(lead))
    elif leaf.place == reader.place(reader.article):
        reader.article_lead.append(line)
    reader.add(line)


def _extend_heading(reader: _Reader, line: str) -> None:
    if reader.section:
        joined = f"{reader.section}{'. ' if reader.section[-1].isalnum() and '.' not in reader.section else ' '}"
        reader.section = joined + line
    else:
        joined = f"{reader.chapter}{'. ' if '.' not in reader.chapter else ' '}"
        reader.chapter = joined + line


def _passages(leaves: Sequence[_Leaf], path: str) -> tuple[Passage, ...]:
    kept = [leaf for leaf in leaves if leaf.lines]
    return tuple(
        Passage(
            document=path,
            order=order,
            place=leaf.place,
            text="\n".join(leaf.lines),
            headings=leaf.headings,
            lead=leaf.lead,
            page=leaf.page,
        )
        for order, leaf in enumerate(kept)
    )


def _facts(
    lines: Sequence[str], passages: Sequence[Passage], path: str
) -> tuple[Document, tuple[str, ...]]:
    head = [line for p in passages if p.place.part == "Phần đầu" for line in p.text.split("\n")]
    if not head:
        head = list(lines[:15])
    cut = next((i for i, line in enumerate(head) if line.startswith("Căn cứ")), len(head))
    top = head[:cut]
    at = _form_line(top)
    number = _own_number(top, at)
    form, title = _form_and_title(top, at)
    title = _as_written(title, lines)
    office, where = _issuer(top)
    issuer = " ".join(filter(None, (_as_written(office, lines), where)))
    issued = next((d for line in top if (d := _signed(line))), None)
    closing = [p for p in passages if p.place.article][-60:]
    effective = next((d for p in closing if (d := _effective(p.text, issued))), None)
    expires = next((d for p in closing if (d := _expires(p.text))), None)
    replaces: list[str] = []
    for passage in closing:
        replaces += [n for n in _replaced(passage.text) if n != number and n not in replaces]
    document = Document(
        path=path, kind=Kind.REGULATION, number=number, form=form,
        title=title or path.rsplit("/", 1)[-1], issuer=issuer, issued=issued,
        effective=effective, expires=expires, digest=any(_DIGEST.match(line) for line in head),
    )  # fmt: skip
    return document, tuple(replaces)


def _form_line(top: Sequence[str]) -> int:
    """The line that says "NGHỊ ĐỊNH", "LUẬT", …; -1 where there is none."""
    folded = {fold(form) for form in _FORMS}
    found = [i for i, line in enumerate(top) if fold(line.strip(" .:")) in folded]
    capital = [i for i in found if top[i] == top[i].upper()]
    return next(iter(capital or [i for i in found if 3 <= i < _HEAD_LINES]), -1)


def _own_number(top: Sequence[str], form_at: int) -> str:
    """The number nearest above the form: those further up may be of other texts (a web page's)."""
    found = [(i, _tight(m[1])) for i, line in enumerate(top) if (m := _HEAD_NUMBER.match(line))]
    if form_at < 0:
        return next((number for i, number in found if i < _HEAD_LINES), "")
    above = [number for i, number in found if i < form_at]
    below = [number for i, number in found if form_at < i < form_at + _HEAD_LINES]
    return above[-1] if above else next(iter(below), "")


def _form_and_title(top: Sequence[str], form_at: int) -> tuple[str, str]:
    if form_at < 0:
        return "", next((line for line in top if len(line) > 20 and line != line.upper()), "")
    form = next(form for form in _FORMS if fold(form) == fold(top[form_at].strip(" .:")))
    rest: list[str] = []
    for line in top[form_at + 1 :]:
        if _DIGEST.match(line) or _CHAPTER.match(line) or line.startswith("(") or len(rest) == 3:
            break
        rest.append(line)
    title = " ".join(rest)
    if about := re.match(r"CỦA .* VỀ (.+)$", title):
        title = about[1]
    if title.upper() == title:
        return form, f"{form} {title}".strip()
    return form, f"{form} {title[:1].lower()}{title[1:]}"


def _issuer(top: Sequence[str]) -> tuple[str, str]:
    """Who issued the text, in its capitals, and of where: a province's letterhead has two lines."""
    for line, following in itertools.zip_longest(top, top[1:], fillvalue=""):
        if re.match(
            r"^(QUỐC HỘI|CHÍNH PHỦ|THỦ TƯỚNG|BỘ |ỦY BAN|UBND|HỘI ĐỒNG|TỈNH ỦY|BAN |SỞ )", line
        ):
            name = line.rstrip(" -*—–")
            where = _LETTERHEAD.match(following) if not re.search(_AREA, name) else None
            return name, f"{where[1].lower()} {where[2].title().strip(' -')}" if where else ""
    return "", ""


def _as_written(name: str, lines: Sequence[str]) -> str:
    """A name in capitals as the text itself writes it ("BỘ NỘI VỤ" → "Bộ Nội vụ").

    Capitals hide which letters a proper name keeps, so the spelling is looked up, not guessed; a
    name that the text never repeats keeps only its first capital.
    """
    words = name
    for form in _FORMS:
        if name.startswith(f"{form} "):
            words = name[len(form) + 1 :]
            break
    if not words or words != words.upper():
        return name
    pattern = re.compile(re.escape(words), re.I)
    found = (m[0] for line in lines if (m := pattern.search(line)) and m[0] != m[0].upper())
    start = name[: len(name) - len(words)]
    written = next(found, words.lower() if start else words.capitalize())
    return start + written


def _date(day: str, month: str, year: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _signed(line: str) -> datetime.date | None:
    if len(line) > 120:
        return None
    match = _SIGNED.search(line)
    return _date(*match.groups()) if match else None


def _effective(text: str, issued: datetime.date | None) -> datetime.date | None:
    match = _EFFECT.search(text)
    if not match:
        return None
    words = match[1]
    # The day of signing first: "từ ngày ký, trừ Điều 5 có hiệu lực từ ngày 01/7/2025".
    if after := _AFTER_SIGNING.match(words):
        return issued + datetime.timedelta(days=int(after[1])) if issued else None
    if _FROM_SIGNING.match(words):
        return issued
    day = _DAY.search(words.split("trừ")[0])
    return _date(*day.groups()) if day else None


def _expires(text: str) -> datetime.date | None:
    match = _SELF_EXPIRY.search(text)
    day = _DAY.search(match[1]) if match else None
    return _date(*day.groups()) if day else None


def _amended(lines: Sequence[str], passages: Sequence[Passage], own: str) -> tuple[str, ...]:
    """Numbers of the documents of which a clause of this text changes or abolishes a part.

    Said by the title ("sửa đổi, bổ sung một số điều của Nghị định số …") or by an amending clause;
    never by the grounds, and never by what a clause quotes.
    """
    top = next((i for i, line in enumerate(lines) if line.startswith("Căn cứ")), len(lines))
    texts = [" ".join(line for line in lines[: min(top, 2 * _HEAD_LINES)] if line)]
    texts += [p.text for p in passages if p.place.article]
    found: list[str] = []
    for text in texts:
        for sentence in _SENTENCE.split(text):
            plain = re.sub(r"“[^”]*”", "", sentence)
            match = _CHANGES.match(re.sub(r"^(?:\d+[a-zđ]?[.)]|[a-zđ]\)|Điều \d+\.)\s*", "", plain))
            titled = text is texts[0] and _CHANGES.search(plain)
            start = 0 if match else titled.start() if titled else -1
            if start >= 0 and (_PART.search(plain, start) or "một số" in plain[start:]):
                numbers = (_tight(n) for n in _ANY_NUMBER.findall(plain[start:]))
                found += [n for n in numbers if n != own and n not in found]
    return tuple(found)


def _tight(number: str) -> str:
    return re.sub(r"\s", "", number)


def _replaced(text: str) -> list[str]:
    """Numbers of the documents that this clause replaces or lets lapse as a whole."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        if match := _LAPSE.search(sentence):
            what = sentence[: match.start()]
        elif match := _INSTEAD.search(sentence):
            what = match[1]
        else:
            continue
        if not _PART.search(what):
            found += map(_tight, _ANY_NUMBER.findall(what))
    return found
