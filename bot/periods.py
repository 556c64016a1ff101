"""Which years and parts of a year a question is about: said, or counted from today."""

import datetime
import re

from corpus import Record

_NUMBER_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10,
}  # fmt: skip
_COUNT = r"\d{1,2}|" + "|".join(_NUMBER_WORDS)
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/]|[.,]\d)")
_YEAR_IN_DATE = re.compile(r"\d{1,2}[/.-](?:\d{1,2}[/.-])?((?:19|20)\d{2})")
_SPAN = re.compile(
    r"((?:19|20)\d{2})\s*(?:-|–|den(?: het)?(?: nam)?|toi(?: nam)?|sang(?: nam)?)\s*((?:19|20)\d{2})"
)
_SINCE = re.compile(
    r"\b(?:tu|ke tu)(?: sau)? (?:nam )?((?:19|20)\d{2}) (?:den|toi)(?: nam)? (?:nay|gio|hien)"
    r"|\btu (?:nam )?((?:19|20)\d{2}) tro (?:lai day|di|ve sau)"
)
_RECENT = re.compile(rf"\b({_COUNT}) nam (?:gan day|gan nhat|qua\b|lien truoc|vua qua|tro lai day)")
_YEAR_BEFORE = re.compile(r"\bnam (?:lien |ngay )?(?:ngoai|truoc|roi)\b(?! do)")
_COMPARED = re.compile(r"so (?:voi|sanh)|tang|giam|thay doi|chenh")
_SHORT = re.compile(
    r"(?<![\w/.,])(?:nam|nh|n\.?)\s*[’']?(\d{2})\b(?!\s*(?:[/.,%]|thang|nam|don|diem|lan))"
)
_LONGEST = 30  # years in one span
_PERIODS = (
    (re.compile(r"(?:6|sau) thang\b(?! cuoi| nam sau)|nua dau nam|nua nam dau"), "6 tháng đầu năm"),
    (re.compile(r"(?:6|sau) thang cuoi|nua cuoi nam|nua nam cuoi"), "6 tháng cuối năm"),
    (re.compile(r"(?:9|chin) thang"), "9 tháng đầu năm"),
    (re.compile(r"\bquy (iv|i{1,3}|[1-4]|mot|hai|ba|bon|tu|nhat|nhi)\b(?! dinh| che)"), "quý {}"),
    (re.compile(r"(?<!\d )(?<!\d)\bthang (\d{1,2})\b(?! nam sau)"), "tháng {}"),
)
_ROMAN = {
    "1": "I", "2": "II", "3": "III", "4": "IV", "mot": "I", "nhat": "I", "hai": "II", "nhi": "II",
    "ba": "III", "bon": "IV", "tu": "IV",
}  # fmt: skip


class Span(Record):
    """The years a question is about, and which of them it says as such."""

    years: tuple[int, ...] = ()
    said: tuple[int, ...] = ()


def number_word(word: str) -> int:
    """ "ba" → 3, "12" → 12; 0 for anything else."""
    return int(word) if word.isdigit() else _NUMBER_WORDS.get(word, 0)


def years_in(folded: str, today: datetime.date, before: tuple[int, ...] = ()) -> Span:
    """The years of a question. "Năm trước" beside a year, or after a question about the years
    ``before``, is the year before that one; alone it is last year."""
    said = {int(m[0]) for m in _YEAR.finditer(folded)} | {
        int(m[1]) for m in _YEAR_IN_DATE.finditer(folded)
    }
    years = set(said)
    for match in _SPAN.finditer(folded):
        first, last = sorted((int(match[1]), int(match[2])))
        if last - first <= _LONGEST:
            years |= set(range(first, last + 1))
    if since := _SINCE.search(folded):
        first = int(since[1] or since[2])
        years |= set(range(max(first, today.year - _LONGEST), today.year + 1))
    if recent := _RECENT.search(folded):
        count = min(number_word(recent[1]), _LONGEST)
        years |= set(range(today.year - count, today.year))
    if re.search(r"\bnam (?:nay|hien tai)\b", folded):
        years.add(today.year)
    if not years and (short := _SHORT.search(folded)):
        years.add(2000 + int(short[1]))
    if _YEAR_BEFORE.search(folded) and not recent:
        anchors = years or (set(before) if _COMPARED.search(folded) else set())
        if anchors:
            years |= {min(years) - 1} if years else {max(before) - 1, max(before)}
        else:
            years.add(today.year - 1)
    return Span(years=tuple(sorted(years)), said=tuple(sorted(said)))


def period_in(folded: str) -> str:
    """The part of a year that a question names, as workbooks and reports name it; "" for none."""
    for pattern, name in _PERIODS:
        if match := pattern.search(folded):
            part = match[1] if match.groups() else ""
            if "tháng {" in name and not 1 <= int(part) <= 12:
                continue
            return name.format(_ROMAN.get(part, part.upper()) if "quý" in name else part)
    return ""
