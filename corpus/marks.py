"""The points and ranks that a report gives to units: "Sở Y tế 98,5 điểm, xếp thứ hai".

Only what is said plainly is read: a unit, then the number, with nothing between them but the words
that join them. Points for a part ("48 điểm ở nhóm I"), limits, bonuses, aims and contests are not a
unit's points of a year and are left alone; so is a number that may belong to a person or to two units.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.naming import A_UNIT_OR_TOWN, PERSON
from corpus.occasion import one_year
from corpus.records import Meeting, Scorer, Total
from corpus.sentences import Sentence, source_of
from corpus.text import fold
from corpus.values import number_in, plain, scorer_in

_POINTS = re.compile(
    r"(?<![\d.,/-])(?P<points>\d{1,4}(?:\.\d{3})*(?:[.,]\d{1,3})?)(?:\s*/\s*\d+(?:,\d+)?)? ?(?:điểm|đ)"
    # What follows may be a part of the points, and only an end is none.
    r"(?=\s*(?:$|[.;,)(–|-]|\b(?:và|xếp|đứng|dẫn|trên tổng|cao nhất|thấp nhất|theo|do|năm \d{4})\b))"
)
_MANY = re.compile(
    r"lần lượt (?:đạt |được |có |là |với )?(?P<list>\d[\d.,]*(?: điểm)?(?:(?:[,;] | và )\d[\d.,]*"
    r"(?: điểm)?)+)"
)
_ORDINALS = {"nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6,
             "bảy": 7, "tám": 8, "chín": 9, "mười": 10}  # fmt: skip
_ORDINAL = (
    rf"(?:thứ|hạng|vị trí(?: thứ)?) (?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d{{1,3}}))"
)
_RANK = re.compile(rf"\b(?:(?:xếp|đứng|giữ|đạt|ở) )?(?:vị )?{_ORDINAL}(?:/\d{{1,3}})?(?!\w)", re.I)
_RANK_OF = re.compile(rf"\b(?:{_ORDINAL}|[Ii]|nhất|nhì|ba) thuộc về ")
# What may stand between a unit and its points or its rank.
_JOINS = re.compile(
    rf"(?:[\s,:(–|-]|\b(?:đạt|được|có|với|là|giành|nhận|chấm|cùng|đều|dẫn đầu|đứng đầu|cao nhất"
    rf"|thấp nhất|xếp cuối|xếp|trong|toàn|(?:[Kk]hối|[Cc]ụm)(?: thi đua)?|tổng|tổng cộng|số|điểm"
    rf"|thi đua|tự chấm|tự đánh giá|kết quả|hiện|năm \d{{4}}|năm nay)\b|{_RANK.pattern})*",
    re.I,
)
_TOGETHER = re.compile(r"\b(?:cùng|đều|bằng điểm)\b")
_AND = re.compile(r"\s*(?:,|và|, và)\s*")
_OF_OTHERS = re.compile(r"\b(?:thuộc|tại|so với|hơn|kém|bằng|cho|giữa|trừ|cộng|từ|đến|về)\s+$")
# Sentences in which points are no unit's points of a year.
_NOT_SO = re.compile(
    r"\b(?:điểm (?:thưởng|cộng|trừ|chuẩn|tối đa|liệt|sàn)|bị trừ|trừ \d|cộng (?:thêm )?\d|tối đa|tối thiểu"
    r"|thang điểm|trở lên|trở xuống|phấn đấu|đăng ký|mục tiêu|chỉ tiêu|dự kiến|nếu|mỗi (?:đơn vị|tiêu)"
    r"|chỉ số|cải cách hành chính|PCI|PAPI|SIPAS|DDCI|PAR|hội thi|hội thao|hội diễn|cuộc thi|kỳ thi|giải"
    r"|khảo sát|hài lòng|tiêu chí|nhóm|nội dung|phần thi|tăng|giảm)\b",
    re.I,
)
_JUDGED = re.compile(r"điểm|xếp hạng|xếp loại|bình xét|kết quả thi đua|chấm", re.I)
_GROUP = re.compile(r"^(?:[•●▪+*–-]\s*)?((?:Cụm|Khối|Nhóm) [^:,;.\d]{2,60}):")
_BRACKETS = re.compile(r"\([^()]*\)")
_RANK_COLUMN = re.compile(r"^(?:xep (?:hang|thu)|thu hang|hang|vi thu)$")
_POINTS_COLUMN = re.compile(r"^(?:tong )?(?:so )?diem|^tong cong$|^ket qua cham")
_PART_COLUMN = re.compile(r"\b(?:thuong|tru|cong them|toi da|chuan|nhom|tieu chi|muc)\b")


@dataclass(frozen=True)
class _Mark:
    """What one sentence gives one unit."""

    unit: str
    points: Decimal | None
    rank: int | None
    said: str  # the words before it in the sentence: who scored


def marks_of(meeting: Meeting, sentences: Sequence[Sentence]) -> tuple[Total, ...]:
    """The points and ranks of a report, each with its sentence, the first time that each is said.

    Nothing where the year or the part of it is not known.
    """
    if not meeting.period:
        return ()
    own = meeting.year if meeting.kind != "ký giao ước" else None  # a pledge is of a year to come
    named = meeting.fact("block")
    # A council judges blocks and is none.
    block = named.value if named and re.match(r"(?:Khối|Cụm)\b", named.value) else ""
    found: dict[tuple[object, ...], Total] = {}
    for s in sentences:
        for mark in _marks(s):
            year = one_year(s.said) or own
            if year is None:
                continue
            group = _GROUP.match(s.said)
            total = Total(
                unit=mark.unit, block=group[1] if group else block,
                year=year, period=meeting.period, scorer=_scorer(mark, s), points=mark.points,
                rank=mark.rank, source=source_of(meeting.document, s),
            )  # fmt: skip
            key = (total.unit, total.year, total.scorer, total.points, total.rank)
            found.setdefault(key, total)
    return tuple(found.values())


def _marks(s: Sentence) -> Iterator[_Mark]:
    if s.cells:
        yield from _in_row(s)
        return
    context = f"{s.heading} {s.intro} {s.text}"
    if _NOT_SO.search(s.said) or not _JUDGED.search(context):
        return
    units = list(A_UNIT_OR_TOWN.finditer(s.said))
    if many := _MANY.search(s.said):
        yield from _one_each(s, units, many)
        return
    marked: set[int] = set()
    for m in _POINTS.finditer(s.said):
        points = number_in(m["points"])
        before = [u for u in units if u.end() <= m.start()]
        if points is None or not before or not _is_own(s.said, before[-1]):
            continue
        gap = s.said[before[-1].end() : m.start()]
        if not _JOINS.fullmatch(gap):
            continue
        group = _joined(before, s.said)
        if len(group) > 1 and not _TOGETHER.search(gap):
            continue
        following = re.match(rf"[,;)\s–-]*(?:và )?{_RANK.pattern}", s.said[m.end() :], re.I)
        rank = _rank(_RANK.search(gap)) or (_rank(following) if len(group) == 1 else None)
        for unit in group:
            marked.add(unit.start())
            yield _Mark(unit[0], points, rank, s.said[: m.start()])
    yield from _ranked(s, [u for u in units if u.start() not in marked])


def _is_own(said: str, unit: re.Match[str]) -> bool:
    """False where the unit is only whose: a person's, another's superior, what one is compared to."""
    before = said[: unit.start()]
    person = list(re.finditer(PERSON, before))
    if person and re.fullmatch(r"[\s,(–-]*(?:\w+ ){0,4}", before[person[-1].end() :]):
        return False
    return not _OF_OTHERS.search(before)


def _joined(units: Sequence[re.Match[str]], said: str) -> list[re.Match[str]]:
    """The last unit with those named together with it: "A, B và C"."""
    group = [units[-1]]
    for unit in units[-2::-1]:
        if not _AND.fullmatch(said[unit.end() : group[0].start()]):
            break
        group.insert(0, unit)
    return group


def _one_each(s: Sentence, units: Sequence[re.Match[str]], many: re.Match[str]) -> Iterator[_Mark]:
    """ "A, B và C lần lượt đạt 98, 97,5 và 96 điểm": as many numbers as units, or nothing."""
    before = [u for u in units if u.end() <= many.start()]
    if not before or not s.said[many.start() : many.end() + 6].rstrip(" .,;").endswith("điểm"):
        return
    group = _joined(before, s.said)
    numbers = [
        number_in(text.replace("điểm", "").strip(" ,.;"))
        for text in re.split(r"[,;] | và ", many["list"])
    ]
    gap = s.said[group[-1].end() : many.start()]
    if len(group) == len(numbers) and None not in numbers and _JOINS.fullmatch(gap):
        for unit, points in zip(group, numbers, strict=True):
            yield _Mark(unit[0], points, None, s.said[: many.start()])


def _ranked(s: Sentence, units: Sequence[re.Match[str]]) -> Iterator[_Mark]:
    """Ranks without points: "thứ nhất thuộc về A", "A xếp thứ hai"."""
    for m in _RANK_OF.finditer(s.said):
        right = next((u for u in units if u.start() == m.end()), None)
        if right and (rank := _rank(m)):
            yield _Mark(right[0], None, rank, s.said[: m.start()])
    for m in _RANK.finditer(s.said):
        left = [u for u in units if u.end() <= m.start()]
        if left and _is_own(s.said, left[-1]) and len(_joined(left, s.said)) == 1:
            gap = s.said[left[-1].end() : m.start()]
            if re.fullmatch(r"\s*(?:được )?", gap) and m[0].startswith(("xếp", "đứng")):
                yield _Mark(left[-1][0], None, _rank(m), s.said[: m.start()])


def _rank(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    return int(match["digits"]) if match["digits"] else _ORDINALS.get((match["word"] or "").lower())


def _in_row(s: Sentence) -> Iterator[_Mark]:
    """A row of a table that has a unit and one column of points, or one for each scorer."""
    if not s.header or len(s.header) != len(s.cells):
        return
    unit = next((c for c in s.cells if A_UNIT_OR_TOWN.match(c)), None)
    columns = [plain(name) for name in s.header]
    rank = next(
        (_cell_rank(c) for n, c in zip(columns, s.cells, strict=True) if _RANK_COLUMN.match(n)),
        None,
    )
    scored = [
        (name, number)
        for name, cell in zip(columns, s.cells, strict=True)
        if _POINTS_COLUMN.match(name) and not _PART_COLUMN.search(name)
        and (number := number_in(cell)) is not None
    ]  # fmt: skip
    whole = [(n, p) for n, p in scored if "tong" in n.split()]
    named = [(n, p) for n, p in scored if scorer_in(n)]
    chosen = named if len(named) == len(scored) else whole if len(whole) == 1 else scored
    if unit is None or (len(chosen) > 1 and chosen is not named):
        return
    order = (None, Scorer.SELF, Scorer.BLOCK, Scorer.COUNCIL)  # a rank is by the last who scored
    final = max((name for name, _ in chosen), key=lambda n: order.index(scorer_in(n)), default="")
    for name, points in chosen:
        yield _Mark(unit, points, rank if name == final else None, name)
    if not chosen and rank is not None:
        yield _Mark(unit, None, rank, "")


def _cell_rank(cell: str) -> int | None:
    words = cell.lower().split()
    number = number_in(words[-1].split("/")[0]) if words else None
    return int(number) if number else _ORDINALS.get(words[-1] if words else "")


def _scorer(mark: _Mark, s: Sentence) -> Scorer | None:
    """Who gave the points, as the words before them say, else what they hang on; None when neither."""
    for text in (mark.said, s.intro, s.heading):
        found = set(_scorers(_BRACKETS.sub("", text)))
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _scorers(text: str) -> Iterable[Scorer]:
    folded = fold(text)
    return (found for clause in re.split(r"[;:]", folded) if (found := scorer_in(clause)))
