"""What kind of meeting a report tells of, which period it was about, and on which day it was."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.naming import (
    ROLE,
    YEAR,
)
from corpus.sentences import (
    Sentence,
)

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
COUNCIL = re.compile(r"\bHội đồng (?:TĐKT|(?:xét )?thi đua)", re.I)
COUNCIL_MEETS = re.compile(r"\b(?:họp|xét|phiên|thẩm định|bỏ phiếu|biểu quyết|thông qua)\b", re.I)
MEETING_NOUN = re.compile(
    r"\b(?:hôm nay|họp|hội nghị|buổi|lễ|phiên|cuộc họp|kỳ họp|diễn ra|sơ kết|tổng kết|giao ước|bình (?:xét"
    r"|chọn)"
    r"|chấm điểm|rà soát|gặp nhau|gặp mặt|thời gian)\b",
    re.I,
)
_NEXT_LEADER = re.compile(rf"\b(?:bầu|chọn|cử|giao)\b.{{0,60}}\b(?:đứng đầu|trưởng|{ROLE})", re.I)
ELECTION = re.compile(
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
ANY_YEAR = re.compile(YEAR, re.I)
_PATH_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_.](\d{1,2})(?:[-_.](\d{1,2}))?)?(?!\d)")


def kind_of(title: str, body: Sequence[Sentence]) -> str:
    """Return the kind of meeting, from the title, else from the first sentence that names one.

    A year-end meeting that judges the year and chooses the next leader is a tổng kết whatever the
    reporter calls it; a bình chọn on self-given points is a chấm điểm.
    """
    if COUNCIL.search(title) and COUNCIL_MEETS.search(title):
        return "họp Hội đồng"
    kind = first_kind(title)
    if not kind:
        meeting = (s.said for s in body if MEETING_NOUN.search(s.said))
        kind = next((k for k in map(first_kind, meeting) if k), "")
    if kind == "bình xét":
        text = " ".join(s.said for s in body)
        if re.search(r"\bhọp cuối năm|\btổng kết", text, re.I) and _NEXT_LEADER.search(text):
            return "tổng kết"
        if re.search(r"\btự chấm|\bchấm điểm", text, re.I):
            return "chấm điểm"
    return kind


def first_kind(text: str) -> str:
    found = [(m.start(), kind) for kind, pattern in _KINDS if (m := pattern.search(text))]
    return min(found)[1] if found else ""


def period_of(kind: str, texts: Iterator[str]) -> str:
    for text in texts:
        found = [(m.start(), name) for pattern, name in _PERIODS if (m := pattern.search(text))]
        if quarter := _QUARTER.search(text):
            found.append((quarter.start(), f"quý {_ROMAN.get(quarter[1], quarter[1].upper())}"))
        if found:
            return min(found)[1]
    return "" if kind == "sơ kết" else "cả năm"


@dataclass(frozen=True)
class PathDate:
    """What the file's name says of when: nothing, a year, a year and month, or a day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, path: str) -> "PathDate":
        match = _PATH_DATE.search(PurePosixPath(path).name)
        return cls(*(int(g) if g else None for g in match.groups())) if match else cls()

    @property
    def date(self) -> datetime.date | None:
        return date_of(self.year, self.month, self.day)


def date_of(year: int | None, month: int | None, day: int | None) -> datetime.date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


DAY = re.compile(
    r"(?P<part>\b(?:sáng|trưa|chiều|tối|ngày|hôm|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b"
    r"(?: nay)?[ ,(]*(?:ngày )?)?(?<![\d/.,:hgHG-])(?<!giờ )(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
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
LATER = re.compile(r"\b(?:dự kiến|sẽ|lần sau|kỳ sau|hạn chót|thời hạn)\b", re.I)


@dataclass(frozen=True)
class Dated:
    date: datetime.date
    inferred: bool
    sentence: Sentence


def meeting_date(
    sentences: Sequence[Sentence], path: PathDate, kind: str, year: int | None
) -> Dated | None:
    """Return the first day that a sentence gives to the meeting itself."""
    best: tuple[int, Dated] | None = None
    for s in sentences:
        if LATER.search(s.said):
            continue
        about = 2 * bool(MEETING_NOUN.search(s.said)) + (s.paragraph <= 3)
        for m in DAY.finditer(s.said):
            written = next((m[g] for g in ("year", "year2", "year3", "year4") if m[g]), None)
            part = (m["part"] or "").strip().lower()
            before = s.said[max(0, m.start() - 60) : m.start()]
            labelled = re.search(r"\bthời gian\b", before, re.I) is not None
            if not (written or part or labelled) or _OTHER_DAY.search(before):
                continue
            month, day = int(m["month"] or m["month3"]), int(m["day"])
            date = date_of(
                int(written) if written else _year_of(day, month, path, kind, year), month, day
            )
            if date is None:
                continue
            of_day = part.startswith(("sáng", "trưa", "chiều", "tối"))
            score = about + 2 * labelled + of_day
            if score >= 2 and (best is None or score > best[0]):
                best = (score, Dated(date, not written, s))
    return best[1] if best else None


def _year_of(day: int, month: int, path: PathDate, kind: str, year: int | None) -> int | None:
    """Return the year of a day that is written without one.

    The file's own date decides. Otherwise the year of merit does: what is judged in its first
    months is the year before, and a pledge signed at the end of a year is for the next.
    """
    if filed := path.date:
        near = [d for y in (-1, 0, 1) if (d := date_of(filed.year + y, month, day))]
        return min(near, key=lambda d: abs(d - filed)).year if near else None
    year = year or path.year
    if year is None:
        return None
    if kind in ("tổng kết", "bình xét", "chấm điểm", "họp Hội đồng") and month <= 3:
        return year + 1
    if kind == "ký giao ước" and month >= 11:
        return year - 1
    return year


def one_year(text: str) -> int | None:
    years = {int(m["year"]) for m in ANY_YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None
