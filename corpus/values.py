"""Numbers, dates and words as the cells of Vietnamese workbooks write them."""

import datetime
import re
from decimal import Decimal

from corpus.records import Scorer
from corpus.text import fold

_NUMBER = re.compile(r"([-−–]?)\s*(\d+(?:[.,]\d+)*)\s*(?:điểm|đ)?\.?", re.I)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")

SCORERS = {
    Scorer.SELF: re.compile(r"\btu (?:cham|danh gia)"),
    Scorer.COUNCIL: re.compile(r"\bhoi dong(?! nhan dan)|\btham dinh|\bhdtd|\bban thi dua"),
    Scorer.BLOCK: re.compile(r"\b(?:khoi|cum)(?: thi dua| truong)? cham|\bdiem (?:khoi|cum)\b"),
}


def plain(value: object) -> str:
    return re.sub(r"\s+", " ", fold(str(value))).strip(" .:*") if value is not None else ""


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" -–—./"))


def number_in(value: object) -> Decimal | None:
    """A number as cells write it: 19.5, "19,5", "-2", "1.250,5 điểm"; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    match = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    digits = match[2]
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "")
    if len(re.findall(r"[.,]", digits)) > 1:
        return None
    number = Decimal(digits.replace(",", "."))
    return -number if match[1] else number


def date_in(value: object, end: bool = False) -> datetime.date | None:
    if isinstance(value, datetime.date):
        return value
    text = str(value).strip()
    try:
        if match := re.search(r"(\d{4})-(\d{1,2})-(\d{1,2})$", text):
            return datetime.date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.search(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})$", text):
            return datetime.date(int(match[3]), int(match[2]), int(match[1]))
        if match := re.search(r"ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})$", text):
            return datetime.date(int(match[3]), int(match[2]), int(match[1]))
        if re.fullmatch(r"(?:19|20)\d\d", text):
            return datetime.date(int(text), *((12, 31) if end else (1, 1)))
    except ValueError:
        pass
    return None


def show(value: object) -> str:
    """A value as a Vietnamese reader writes it: 92,75 and 31/12/2024."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)


def scorer_in(folded: str) -> Scorer | None:
    """Who scored, as the folded words of a heading or a sentence say; None when they do not."""
    return next((s for s, pattern in SCORERS.items() if pattern.search(folded)), None)
