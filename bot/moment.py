"""Which time a question is about: a day, a month, a year, "hiện nay", "theo luật cũ".

A time is a span of days, because rules change inside years. Where it is cut out of the question, what
is left is the question that could be asked of any day.
"""

import datetime
import re
from calendar import monthrange

from corpus import Record, fold

_Y = r"((?:19|20)\d{2})"
_D = rf"(\d{{1,2}})\s*(?:[/.-]|thang)\s*(\d{{1,2}})\s*(?:[/.-]|,?\s*nam)\s*{_Y}"
_DAY = re.compile(
    rf"(?P<how>\b(?:truoc|sau|tu sau|ke tu|tu|den het|den|toi|tinh den|vao|trong))?\s*(?:ngay\s+)?(?<![\d/]){_D}(?![\d/])"
)
_MONTH = re.compile(
    rf"(?P<how>\b(?:truoc|sau|tu|den het|den|trong|vao))?\s*\bthang\s*(\d{{1,2}})\s*(?:/|-|nam|\s)\s*(?:nam\s*)?{_Y}(?!\d)"
)
_PARTS = (
    (rf"(?:6|sau) thang dau (?:cua )?nam {_Y}|nua dau nam {_Y}", (1, 6)),
    (rf"(?:6|sau) thang cuoi (?:cua )?nam {_Y}|nua cuoi nam {_Y}", (7, 12)),
    (rf"dau nam {_Y}", (1, 3)),
    (rf"giua nam {_Y}", (5, 8)),
    (rf"cuoi nam {_Y}", (10, 12)),
    (rf"quy (?:i|1|mot|nhat)(?: nam|/)? ?{_Y}", (1, 3)),
    (rf"quy (?:ii|2|hai)(?: nam|/)? ?{_Y}", (4, 6)),
    (rf"quy (?:iii|3|ba)(?: nam|/)? ?{_Y}", (7, 9)),
    (rf"quy (?:iv|4|bon|tu)(?: nam|/)? ?{_Y}", (10, 12)),
)
_SPAN = re.compile(
    rf"(?:(?:trong )?(?:giai doan|thoi ky)|(?:tu )?(?:cuoi |dau )?nam)?\s*\b{_Y}\s*(?:-|–|den|toi)\s*(?:het )?(?:nam )?{_Y}(?!\d)"
)
_YEAR = re.compile(
    rf"(?P<how>\b(?:truoc|sau|tu sau|tu|ke tu|den het|den|trong|vao|thanh tich|cua))?\s*\b(?:cac )?nam\s+{_Y}(?![/.-]?\d)"
)
_BARE = re.compile(rf"(?<![\w/.,-]){_Y}(?![\w/]|[.,-]\d)")
_TODAY = re.compile(
    r"\b(?:hien nay|hien tai|hien hanh|hien gio|hom nay|bay gio|luc nay|nam nay|dang co hieu luc|ngay nay)\b"
)
_LAST = re.compile(r"\bnam (?:ngoai|truoc|roi|vua roi|vua qua)\b(?! do)")
_NEXT = re.compile(r"\b(?:nam (?:sau|toi)|sang nam)\b")
_OLDER = re.compile(
    r"(?:\b(?:theo|cua|trong|tai|ap dung)\s+)?\b(?:cac )?(?:(?P<form>luat|nghi dinh|thong tu|quyet dinh)|quy dinh|van ban|quy che)"
    r"(?: thi dua,? khen thuong)? (?:cu|truoc day|truoc do|luc truoc|da het hieu luc)\b|\b(?:truoc day|hoi truoc|ngay truoc)\b"
)
_MEETING = re.compile(
    rf"\b(?:khi|luc|tai|vao (?:luc |dip |thoi diem )?|o|thoi diem)\s*(?:hop |hoi nghi |ky )?(?:so ket|tong ket|giao uoc|ky giao uoc|binh xet)"
    rf"[^,?.]{{0,40}}?\bnam {_Y}"
)
# What is done to a file, or an award, right before the words that say when.
_FILED = re.compile(
    r"\b(?:nop|gui|trinh|tiep nhan|nhan|tham dinh|lap|xet|tang|truy tang|khen|khen thuong|cong nhan|quyet dinh|ky|de nghi|ve)"
    r"(?: (?:den|cho|len|vao|tai|ve|bo noi vu|bo|noi vu|so noi vu|hoi dong|ubnd|tinh|cap tren|co quan|da|duoc|tu|xong|roi|o|hoi)){0,5}\s*$"
)
# The year in the name of a text is no time that is asked about: "Luật Thi đua, khen thưởng năm 2003".
_NAMED = re.compile(
    r"\b(?:luat|nghi dinh|nd|thong tu|tt|quyet dinh|qd)\s*(?:(?:so|tdkt|thi dua,? khen thuong)\s*)*(?:nam\s*)?"
    r"\d[\w/-]*(?:\s+nam\s+(?:19|20)\d{2})?"
    r"(?:\s*(?:,|va|voi|so voi|so sanh voi|hay|hoac)\s*(?:luat |nam )*(?:19|20)\d{2}(?![/\d]))?"
    r"|\d+/(?:19|20)\d{2}/[a-z]+[\w-]*"
)


class Moment(Record):
    """The days a question is about, both counted. ``now`` says that it means today in so many words."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    now: bool = False
    older: bool = False  # "luật cũ": the text before the one that applies now
    form: str = ""  # of the older text, folded; "" for any
    meeting: int = 0  # the year of the meeting whose day is meant
    before: datetime.date | None = None  # "trước 01/7/2025": the day itself
    filed: bool = False  # it is the time at which a file was handed in

    def day(self, today: datetime.date) -> datetime.date:
        """The one day that stands for it: its last, but today where today is in it."""
        if self.until is None or self.since is None:
            return self.until or self.since or today
        if self.until < today:
            return self.until
        return max(self.since, today)


def moment_in(folded: str, today: datetime.date) -> Moment | None:
    """The time that a folded question names; None where it names none."""
    found = _found(folded, today)
    return found[0] if found else None


def without(text: str, today: datetime.date) -> str:
    """``text`` without the words that name its time (those that mean today may stay)."""
    for turn in range(4):
        found = _found(fold(text), today)
        # "… năm 2019 …? Còn hiện nay?": both go, for the day is kept apart.
        if found is None or (found[0].now and not turn):
            break
        start, end = found[1]
        # "Theo luật cũ, tiêu chuẩn …"
        rest = re.sub(r"^\s*[,;:]\s*", " ", text[end:])
        text = re.sub(r"\s+", " ", f"{text[:start]} {rest}").strip(" ,;:")
    return text


def _found(folded: str, today: datetime.date) -> tuple[Moment, tuple[int, int]] | None:
    folded = _NAMED.sub(lambda m: "·" * len(m[0]), folded)
    for find in (_meeting, _days, _months, _parts, _spans, _years, _relative, _bare):
        if found := find(folded, today):
            moment, at = found
            filed = bool(_FILED.search(folded[: at[0]]))
            return (moment.model_copy(update={"filed": True}) if filed else moment), at
    return None


_Found = tuple[Moment, tuple[int, int]] | None


def _meeting(folded: str, today: datetime.date) -> _Found:
    match = _MEETING.search(folded)
    if not match:
        return None
    year = int(match[1])
    return Moment(since=_first(year, 1), until=_last(year, 12), meeting=year), match.span()


def _days(folded: str, today: datetime.date) -> _Found:
    matches = [(m, day) for m in _DAY.finditer(folded) if (day := _date(m[4], m[3], m[2]))]
    if not matches:
        return None
    first, day = matches[0]
    if len(matches) > 1 and (first["how"] or "").endswith("tu") and matches[1][1] > day:
        last, until = matches[1]
        return Moment(since=day, until=until), (first.start(), last.end())
    return _how(first["how"] or "", day, day), first.span()


def _months(folded: str, today: datetime.date) -> _Found:
    match = _MONTH.search(folded)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    year, month = int(match[3]), int(match[2])
    return _how(match["how"] or "", _first(year, month), _last(year, month)), match.span()


def _parts(folded: str, today: datetime.date) -> _Found:
    for pattern, (first, last) in _PARTS:
        if match := re.search(rf"(?:\btrong |\bvao )?\b(?:{pattern})(?!\d)", folded):
            year = int(next(group for group in match.groups() if group))
            return Moment(since=_first(year, first), until=_last(year, last)), match.span()
    return None


def _spans(folded: str, today: datetime.date) -> _Found:
    match = _SPAN.search(folded)
    if not match or int(match[1]) >= int(match[2]):
        return None
    return Moment(since=_first(int(match[1]), 1), until=_last(int(match[2]), 12)), match.span()


def _years(folded: str, today: datetime.date) -> _Found:
    matches = list(_YEAR.finditer(folded))
    if len({m[2] for m in matches}) != 1:
        return None
    match, year = matches[0], int(matches[0][2])
    return _how(match["how"] or "", _first(year, 1), _last(year, 12)), match.span()


def _relative(folded: str, today: datetime.date) -> _Found:
    if match := _OLDER.search(folded):
        return Moment(older=True, form=match["form"] or ""), match.span()
    if match := _LAST.search(folded):
        return Moment(
            since=_first(today.year - 1, 1), until=_last(today.year - 1, 12)
        ), match.span()
    if match := _NEXT.search(folded):
        return Moment(
            since=_first(today.year + 1, 1), until=_last(today.year + 1, 12)
        ), match.span()
    if match := _TODAY.search(folded):
        return Moment(since=today, until=today, now=True), match.span()
    return None


def _bare(folded: str, today: datetime.date) -> _Found:
    matches = list(_BARE.finditer(folded))
    if len(matches) != 1:
        return None
    year = int(matches[0][1])
    return Moment(since=_first(year, 1), until=_last(year, 12)), matches[0].span()


def _how(how: str, first: datetime.date, last: datetime.date) -> Moment:
    """ "Trước tháng 7/2025" ends on the day before; "từ 01/7/2025" and "sau …" are of the first days."""
    if how == "truoc":
        day = first - datetime.timedelta(days=1)
        return Moment(since=day, until=day, before=first)
    if how in ("tu", "ke tu"):
        return Moment(since=first, until=first)
    if how in ("sau", "tu sau"):
        after = last if first == last else last + datetime.timedelta(days=1)
        return Moment(since=after, until=after)
    if how in ("den het", "den", "toi", "tinh den"):
        return Moment(since=last, until=last)
    return Moment(since=first, until=last)


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _first(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, 1)


def _last(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, monthrange(year, month)[1])
