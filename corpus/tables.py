"""Sheets → rows whose cells have a meaning; what is read of them, each with its file, sheet and cell.

Headings are matched folded and loosely, in any order, below any number of title rows.
"""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpus.files import Cell, Sheet, read_sheets
from corpus.records import (
    Award,
    Problem,
    Record,
    Score,
    Severity,
    Source,
    Total,
    Unit,
)
from corpus.values import (
    date_in,
    is_blank,
    number_in,
    plain,
    show,
)

ORGANISATION = re.compile(
    r"(?:Sở|Ban|Hội|Liên (?:hiệp|đoàn|minh)|Phòng|Ủy ban|Uỷ ban|UB(?:ND|MTTQ|KT)|Trường|Khối|Cụm|Tổ"
    r"|Công (?:ty|đoàn|an)|Tập thể|Trung tâm|Chi (?:cục|hội|bộ)|Cục|Viện|Báo|Đài|Tỉnh|Huyện|Xã"
    r"|Phường|Thị (?:xã|trấn)|Thành phố|Văn phòng|Tổng|Ngân hàng|Bệnh viện|Bộ|Mặt trận|Kho bạc|Tòa"
    r"|Thanh tra|Đảng|Đoàn (?:thanh|TN|đại|khối)|Nhân dân|Cán bộ|Nhà|Quỹ|Câu lạc bộ)\b",
    re.I,
)
UNIT_HEADING = re.compile(
    r"^(?:ten )?(?:don vi|tap the|co quan|unit)(?: duoc cham| thi dua)?(?: thanh vien)?$"
)
SUMMARY = re.compile(
    r"(?:diem )?(?:cao nhat|thap nhat|trung binh|binh quan)|tong(?: cong| so| diem)?$|cong$|ghi chu"
)


class Tables(Record):
    """What workbooks say. ``wide``: readings of wide tables that ``audit`` has yet to judge.

    ``reported``: points and ranks that meeting reports give.
    """

    units: tuple[Unit, ...] = ()
    scores: tuple[Score, ...] = ()
    wide: tuple[Score, ...] = ()
    totals: tuple[Total, ...] = ()
    reported: tuple[Total, ...] = ()
    awards: tuple[Award, ...] = ()
    problems: tuple[Problem, ...] = ()


class Reader:
    """The records and problems of one file, as they are found."""

    def __init__(self, file: str):
        self.file = file
        self.units: list[Unit] = []
        self.scores: list[Score] = []
        self.wide: list[Score] = []
        self.totals: list[Total] = []
        self.awards: list[Award] = []
        self.problems: list[Problem] = []

    def tables(self) -> Tables:
        return Tables(
            units=tuple(self.units), scores=tuple(self.scores), wide=tuple(self.wide),
            totals=tuple(self.totals), awards=tuple(self.awards), problems=tuple(self.problems),
        )  # fmt: skip

    def sheets(self, path: Path) -> tuple[Sheet, ...]:
        book = read_sheets(path)
        for loss in book.losses:
            self.problem(loss.place, loss.message, loss.remedy, Severity.WARNING)
        return book.sheets

    def source(self, cell: Cell, quote: str = "") -> Source:
        return Source(file=self.file, place=cell.place, quote=quote or show(cell.value))

    def problem(
        self, place: str, message: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(
            Problem(file=self.file, place=place, message=message, remedy=remedy, severity=severity)
        )

    def unknown(self, sheet: Sheet, kind: str, columns: str) -> None:
        """Say that a sheet is not read, unless its name says that it only explains."""
        if re.match(r"(?:ghi chu|huong dan|chu thich|gioi thieu)\b", plain(sheet.name)):
            return
        self.problem(
            sheet.name, f"Không nhận ra bảng {kind} ở trang này nên bỏ qua.",
            f"Đặt tên cột, chẳng hạn: {columns}.", Severity.WARNING,
        )  # fmt: skip

    def number(self, cell: Cell, name: str) -> Decimal | None:
        """The number in a cell; None when it is blank or, with a problem, when it can't be read."""
        if is_blank(cell.value):
            return None
        number = number_in(cell.value)
        if number is None:
            self.problem(
                cell.place, f"{name}: không đọc được số “{show(cell.value)}” nên bỏ qua.",
                "Sửa ô này thành số, chẳng hạn 19,5.",
            )  # fmt: skip
        return number

    def date(self, cell: Cell | None, name: str, end: bool = False) -> datetime.date | None:
        """The date in a cell. A bare year is its first day, or its last when ``end``."""
        if cell is None or is_blank(cell.value):
            return None
        date = date_in(cell.value, end)
        if date is None:
            self.problem(
                cell.place, f"{name}: không đọc được ngày “{show(cell.value)}”.",
                "Ghi ngày theo dạng 31/12/2024.",
            )  # fmt: skip
        return date


class Header(NamedTuple):
    columns: dict[str, int]
    start: int  # row of the headings
    end: int  # first row below them


class Row:
    """One row of a table, its cells by the meaning of their column."""

    def __init__(self, cells: Sequence[Cell], columns: dict[str, int]):
        self._cells, self._columns = cells, columns

    def cell(self, name: str) -> Cell | None:
        return self._cells[self._columns[name]] if name in self._columns else None

    def text(self, name: str) -> str:
        cell = self.cell(name)
        return "" if cell is None or cell.value is None else show(cell.value)

    def joined(self) -> str:
        return " | ".join(show(cell.value) for cell in self._cells if cell.value is not None)


def header_of(
    sheet: Sheet, columns: dict[str, re.Pattern[str]], needed: set[str], one_of: set[str]
) -> Header | None:
    """The row of headings: the first that has every ``needed`` column and one of ``one_of``."""
    for start, row in enumerate(sheet.rows[:40]):
        found: dict[str, int] = {}
        for at, cell in enumerate(row):
            heading = plain(cell.value) if isinstance(cell.value, str) else ""
            for name, pattern in columns.items():
                if name not in found and heading and pattern.search(heading):
                    found[name] = at
                    break
        if needed <= found.keys() and one_of & found.keys():
            end = start + 1
            # A heading merged over two rows repeats with the place of its first cell.
            while end < len(sheet.rows) and all(
                sheet.rows[end][at].place == row[at].place for at in found.values()
            ):
                end += 1
            return Header(found, start, end)
    return None
