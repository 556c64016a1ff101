"""What a row of a score table says of its criterion: the most it gives, its levels, its sense.

A ladder ("5; 3; 0") lists the only points there are. A condition gives none: a unit meets it or does
not, and what follows of that is for the sheet to say. Less is better where the row says "nghịch".
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from corpus.files import Cell
from corpus.records import Severity
from corpus.tables import Reader, Row
from corpus.values import is_blank, number_in, plain, show

SCHEME_COLUMNS = {
    "levels": re.compile(
        r"^(?:thang|muc) diem(?! (?:toi da|dat|cham))|^bac (?:thang|diem)|^cac muc(?: diem)?$"
    ),
    "max": re.compile(r"^diem (?:toi da|chuan|quy dinh)|^thang diem|^toi da"),
    "sort": re.compile(r"^(?:phan )?loai(?: tieu chi| chi tieu)?$|^tinh chat$"),
    "sense": re.compile(r"^chieu\b(?! (?:dai|cao|rong))"),
}
_CONDITION = re.compile(r"\bdieu kien\b|\bliet\b|\bphu quyet\b|\bkhong xet\b")
_EITHER = re.compile(
    r"(?:dat|khong vi pham|co) ?[/;,-] ?(?:khong(?: dat)?|chua dat|(?:co )?vi pham)"
)
_VERDICT = re.compile(
    r"(?:(?:khong|chua) )?(?:dat|dam bao|dap ung)(?: (?:yeu cau|dieu kien))?(?: ?[(,;:–-].*)?"
    r"|(?:(?:khong|co|khong co|da|khong bi|bi) )?vi pham(?: ?[(,;:–-].*)?"
)
_YES_OR_NO = re.compile(r"(?:co|khong)(?: ?[(,;:–-].*)?")
_INVERSE = re.compile(r"\bnghich\b|\bgiam\b|\bcang (?:it|thap|nho) cang tot\b")
_CALLED_INVERSE = re.compile(r"\b(?:chi tieu|tieu chi) nghich\b")
_BETWEEN = re.compile(r"[;|\n]|,\s|\s/\s")
_ROW = re.compile(
    r"[-−–]?\d+(?:[.,]\d+)?(?:\s*([/–-])\s*\d+(?:[.,]\d+)?)(?:\s*\1\s*\d+(?:[.,]\d+)?)+"
)


class Scheme(NamedTuple):
    """What the columns beside a criterion say of it."""

    maximum: Decimal | None
    levels: tuple[Decimal, ...]
    condition: bool  # the row is marked as one
    inverse: bool


def scheme_of(reader: Reader, row: Row, text: str) -> Scheme:
    """The scheme of the criterion ``text``, from the cells of its row."""
    most, ladder = row.cell("max"), row.cell("levels")
    sort, sense = plain(row.text("sort")), plain(row.text("sense"))
    either = [c for c in (most, ladder) if c is not None and _EITHER.fullmatch(plain(c.value))]
    levels: tuple[Decimal, ...] = ()
    if ladder is not None and ladder not in either:
        levels = levels_in(ladder.value)
        if not levels and most is None:
            most = ladder  # a lone number is the maximum
        elif not levels and not is_blank(ladder.value) and number_in(ladder.value) is None:
            reader.problem(
                ladder.place, f"{text}: không đọc được các mức điểm “{show(ladder.value)}”.",
                "Ghi các mức cách nhau bằng dấu chấm phẩy, chẳng hạn: 5; 3; 0.", Severity.WARNING,
            )  # fmt: skip
    maximum = None
    if most is not None and most not in either:
        maximum = reader.number(most, f"{text}, điểm tối đa")
    if maximum is None and levels:
        maximum = max(levels) if max(levels) > 0 else min(levels)
    return Scheme(
        maximum,
        levels,
        bool(either or _CONDITION.search(sort)),
        bool(
            (("nghich" in sort.split() or _INVERSE.search(sense)) and "thuan" not in sense.split())
            or _CALLED_INVERSE.search(plain(text))
        ),
    )  # fmt: skip


def levels_in(value: object) -> tuple[Decimal, ...]:
    """The points that "5; 3; 0" or "100%: 350; 90-<100%: 315" lists; () for anything else."""
    if not isinstance(value, str):
        return ()
    text = re.sub(r"\([^()]*\)", "", value).strip(" ;.\n")
    parts = _BETWEEN.split(text)
    if match := _ROW.fullmatch(text):  # "5/3/0", "5-3-0": two alone may be a fraction or a range
        parts = re.split(rf"\s*{match[1]}\s*", text)
    numbers = [number_in(re.split(r"[:=→]", part)[-1].strip()) for part in parts if part.strip()]
    levels = tuple(number for number in numbers if number is not None)
    return levels if 1 < len(levels) == len(numbers) else ()


def is_condition(scheme: Scheme, given: Sequence[Cell]) -> bool:
    """True when a row gives no points: it is marked so, or holds a verdict where points would be.

    A criterion with a maximum gives points, unless it is marked and a cell holds a verdict.
    """
    judged = any(verdict_in(cell, scheme.condition) for cell in given)
    return (scheme.condition or judged) if not scheme.maximum else scheme.condition and judged


def verdict_in(cell: Cell, marked: bool = True) -> str:
    """ "Đạt", "Không đạt", "Không vi phạm" as the cell writes it, else ""; "Có", "Không" only of
    a row that is ``marked`` as a condition."""
    text = plain(cell.value)
    if _VERDICT.fullmatch(text) or (marked and _YES_OR_NO.fullmatch(text)):
        return re.sub(r"\s+", " ", show(cell.value)).strip(" .")
    return ""
