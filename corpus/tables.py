"""Workbooks → scores, totals, awards and units; every value keeps its file, sheet and cell.

Offices draw two shapes of score table. *Long*: one row per unit and criterion, one column per
scorer. *Wide*: one row per unit, one column per criterion, with totals and ranks at the right. The
first is the record; the second is a reading of it, to be checked against it. So ``read_scores``
keeps the two apart, and ``audit``, which sees every file, decides and says what does not agree.

Headings are matched folded and loosely, in any order, below any number of title rows.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpus.files import Cell, Sheet, read_sheets
from corpus.records import (
    Award,
    CriterionKind,
    Problem,
    Record,
    Score,
    Scorer,
    Severity,
    Source,
    Status,
    Total,
    Unit,
)
from corpus.text import fold, tidy


class Tables(Record):
    """What workbooks say. ``wide``: readings of wide tables that ``audit`` has yet to judge."""

    units: tuple[Unit, ...] = ()
    scores: tuple[Score, ...] = ()
    wide: tuple[Score, ...] = ()
    totals: tuple[Total, ...] = ()
    awards: tuple[Award, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_scores(path: Path, file: str) -> Tables:
    """Return the scores, wide readings, stated totals and ranks of a score workbook.

    ``file`` is the path inside the documents folder, with "/". Points are exact; penalties are
    negative. Raises ``FileError`` when the workbook can't be read.
    """
    reader = _Reader(file)
    for sheet in reader.sheets(path):
        _read_score_sheet(reader, sheet)
    return reader.tables()


def read_awards(path: Path, file: str) -> Tables:
    """Return the awards of a workbook, one per row. Raises ``FileError``; see ``read_scores``."""
    reader = _Reader(file)
    for sheet in reader.sheets(path):
        header = _header(sheet, _AWARD_COLUMNS, {"title"}, {"recipient", "person", "unit"})
        if header is None:
            reader.unknown(sheet, "khen thưởng", "Đơn vị/cá nhân, Hình thức, Năm, Trạng thái")
            continue
        for row in sheet.rows[header.end :]:
            if award := _award(reader, _Row(row, header.columns)):
                reader.awards.append(award)
    return reader.tables()


def read_units(path: Path, file: str) -> Tables:
    """Return the units of a .csv or workbook, renamed ones linked. Raises ``FileError``."""
    reader = _Reader(file)
    for sheet in reader.sheets(path):
        header = _header(sheet, _UNIT_COLUMNS, {"unit"}, {"aliases", "block", "since", "until"})
        if header is None:
            reader.unknown(sheet, "đơn vị", "Đơn vị, Tên khác, Khối, Từ, Đến")
            continue
        for row in sheet.rows[header.end :]:
            if unit := _unit(reader, _Row(row, header.columns)):
                reader.units.append(unit)
    reader.units = _with_successors(reader.units)
    return reader.tables()


class _Reader:
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
        return Source(file=self.file, place=cell.place, quote=quote or _show(cell.value))

    def problem(
        self, place: str, message: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(
            Problem(file=self.file, place=place, message=message, remedy=remedy, severity=severity)
        )

    def unknown(self, sheet: Sheet, kind: str, columns: str) -> None:
        """Say that a sheet is not read, unless its name says that it only explains."""
        if re.match(r"(?:ghi chu|huong dan|chu thich|gioi thieu)\b", _plain(sheet.name)):
            return
        self.problem(
            sheet.name, f"Không nhận ra bảng {kind} ở trang này nên bỏ qua.",
            f"Đặt tên cột, chẳng hạn: {columns}.", Severity.WARNING,
        )  # fmt: skip

    def number(self, cell: Cell, name: str) -> Decimal | None:
        """The number in a cell; None when it is blank or, with a problem, when it can't be read."""
        if _is_blank(cell.value):
            return None
        number = _number(cell.value)
        if number is None:
            self.problem(
                cell.place, f"{name}: không đọc được số “{_show(cell.value)}” nên bỏ qua.",
                "Sửa ô này thành số, chẳng hạn 19,5.",
            )  # fmt: skip
        return number

    def date(self, cell: Cell | None, name: str, end: bool = False) -> datetime.date | None:
        """The date in a cell. A bare year is its first day, or its last when ``end``."""
        if cell is None or _is_blank(cell.value):
            return None
        date = _date(cell.value, end)
        if date is None:
            self.problem(
                cell.place, f"{name}: không đọc được ngày “{_show(cell.value)}”.",
                "Ghi ngày theo dạng 31/12/2024.",
            )  # fmt: skip
        return date


# Headings

_UNIT_HEADING = re.compile(
    r"^(?:ten )?(?:don vi|tap the|co quan|unit)(?: duoc cham| thi dua)?(?: thanh vien)?$"
)
_BOTH = r"(?:don vi|tap the|co quan|ca nhan) ?(?:/|,|-|va|hoac) ?(?:don vi|tap the|co quan|ca nhan)"
_AWARD_COLUMNS = {
    "year": re.compile(r"^nam$|^nam (?:thanh tich|khen|xet|duoc|thi dua)"),
    "recipient": re.compile(rf"^(?:ten )?{_BOTH}|^doi tuong|^nguoi nhan"),
    "person": re.compile(r"^ho (?:va )?ten|^(?:ten )?ca nhan$"),
    "unit": _UNIT_HEADING,
    "title": re.compile(r"^(?:hinh thuc|danh hieu|noi dung khen)"),
    "level": re.compile(r"^cap\b"),
    "status": re.compile(r"^(?:trang thai|tinh trang|ket qua)"),
    "decided_on": re.compile(r"^ngay\b"),
    "decision": re.compile(r"^(?:so )?(?:quyet dinh|qd)"),
}
_UNIT_COLUMNS = {
    "unit": _UNIT_HEADING,
    "aliases": re.compile(r"^(?:aliases|(?:ten )?(?:goi )?(?:khac|viet tat)|bi danh)"),
    "block": re.compile(r"^(?:block|khoi|cum)"),
    "since": re.compile(r"^(?:from|tu(?: ngay| nam)?)$"),
    "until": re.compile(r"^(?:to|den(?: het)?(?: ngay| nam)?)$"),
}
_SCORERS = {
    Scorer.SELF: re.compile(r"\btu (?:cham|danh gia)"),
    Scorer.COUNCIL: re.compile(r"\bhoi dong(?! nhan dan)|\btham dinh|\bhdtd|\bban thi dua"),
    Scorer.BLOCK: re.compile(r"\b(?:khoi|cum)(?: thi dua| truong)? cham|\bdiem (?:khoi|cum)\b"),
}
_LONG_COLUMNS = {
    "unit": _UNIT_HEADING,
    "criterion": re.compile(r"^(?:ten |noi dung |cac )?(?:tieu chi|tieu chuan|noi dung)"),
    "group": re.compile(r"^nhom"),
    "code": re.compile(r"^ma(?: so| tieu chi)?$"),
    "max": re.compile(r"^diem (?:toi da|chuan|quy dinh)|^thang diem|^toi da"),
    Scorer.SELF: _SCORERS[Scorer.SELF],
    Scorer.COUNCIL: _SCORERS[Scorer.COUNCIL],
    Scorer.BLOCK: _SCORERS[Scorer.BLOCK],
    "points": re.compile(r"^(?:so )?diem(?: dat(?: duoc)?| cham| thi dua)?$|^ket qua$"),
    "reason": re.compile(r"^(?:ly do|ghi chu|nguyen nhan|giai trinh)"),
    "year": re.compile(r"^nam$|^nam (?:thi dua|cham)"),
    "period": re.compile(r"^ky(?: cham)?$|^giai doan"),
}


class _Header(NamedTuple):
    columns: dict[str, int]
    start: int  # row of the headings
    end: int  # first row below them


class _Row:
    """One row of a table, its cells by the meaning of their column."""

    def __init__(self, cells: Sequence[Cell], columns: dict[str, int]):
        self._cells, self._columns = cells, columns

    def cell(self, name: str) -> Cell | None:
        return self._cells[self._columns[name]] if name in self._columns else None

    def text(self, name: str) -> str:
        cell = self.cell(name)
        return "" if cell is None or cell.value is None else _show(cell.value)

    def joined(self) -> str:
        return " | ".join(_show(cell.value) for cell in self._cells if cell.value is not None)


def _plain(value: object) -> str:
    return re.sub(r"\s+", " ", fold(str(value))).strip(" .:*") if value is not None else ""


def _header(
    sheet: Sheet, columns: dict[str, re.Pattern[str]], needed: set[str], one_of: set[str]
) -> _Header | None:
    """The row of headings: the first that has every ``needed`` column and one of ``one_of``."""
    for start, row in enumerate(sheet.rows[:40]):
        found: dict[str, int] = {}
        for at, cell in enumerate(row):
            heading = _plain(cell.value) if isinstance(cell.value, str) else ""
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
            return _Header(found, start, end)
    return None


# Values

_NUMBER = re.compile(r"([-−–]?)\s*(\d+(?:[.,]\d+)*)\s*(?:điểm|đ)?\.?", re.I)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" -–—./"))


def _number(value: object) -> Decimal | None:
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


def _date(value: object, end: bool = False) -> datetime.date | None:
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


def _show(value: object) -> str:
    """A value as a Vietnamese reader writes it: 92,75 and 31/12/2024."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)


# Score sheets

_CODE = re.compile(
    r"^((?:[IVXLC]+|[A-Z]|\d+)(?:\.\d+)+|(?:[IVXLC]+|[A-Za-zđ]|\d+)(?=[.)]))[.)]?\s*(?=\S)(.+)$",
    re.S,
)
_IN_HEADING = re.compile(
    r"\s*\(?\s*((?:điểm\s+)?trừ\s+)?tối đa:?\s*([-−–]?\d+(?:[.,]\d+)?)\s*(?:điểm|đ)?\s*\)?|"
    r"\s*\(\s*(trừ\s+)?([-−–]?\d+(?:[.,]\d+)?)\s*(?:điểm|đ)\s*\)",
    re.I,
)
_TOTAL = re.compile(r"(?:tong|cong)(?: cong)?(?: so)?(?: diem)?(?: thi dua)?$")
_RANK = re.compile(r"(?:xep )?(?:thu )?hang$|xep thu$|thu tu xep hang$|vi thu$|xep hang")
_SUMMARY = re.compile(
    r"(?:diem )?(?:cao nhat|thap nhat|trung binh|binh quan)|tong(?: cong| so| diem)?$|cong$|ghi chu"
)
_MAX_ROW = re.compile(r"diem (?:toi da|chuan)|thang diem|toi da$")
_RANK_WORDS = {"nhat": 1, "nhi": 2, "ba": 3, "tu": 4, "nam": 5}
_BLOCK = re.compile(r"\b(?:khối|cụm)\s+(?:thi đua|các|số)\b.*?(?=\s+năm\s+\d{4}|\s*[(;]|$)", re.I)
_PERIODS = (
    (re.compile(r"\b6 thang dau nam\b|\b6 thang\b(?! cuoi)"), "6 tháng đầu năm"),
    (re.compile(r"\b6 thang cuoi nam\b"), "6 tháng cuối năm"),
    (re.compile(r"\b9 thang\b"), "9 tháng đầu năm"),
    (re.compile(r"\bquy (iv|i{1,3}|[1-4])\b"), "quý {}"),
)


class _About(NamedTuple):
    """What the title rows, the sheet's name and the file's name say of a table."""

    year: int | None
    period: str
    block: str
    scorer: Scorer | None


def _read_score_sheet(reader: _Reader, sheet: Sheet) -> None:
    header = _header(sheet, _LONG_COLUMNS, {"unit", "criterion"}, {*Scorer, "points"})
    if header:
        _read_long(reader, sheet, header)
        return
    header = _header(sheet, {"unit": _UNIT_HEADING}, {"unit"}, {"unit"})
    if header is None or not _read_wide(reader, sheet, header):
        reader.unknown(sheet, "điểm", "Đơn vị, Tiêu chí, Điểm tối đa, Điểm Hội đồng thẩm định")


def _about(reader: _Reader, sheet: Sheet, start: int) -> _About:
    titles = dict.fromkeys(
        str(cell.value) for row in sheet.rows[:start] for cell in row if isinstance(cell.value, str)
    )
    stem = re.sub(r"[-_]+", " ", Path(reader.file).stem)
    # The day of a meeting or a signature is not the year of the points.
    undated = [
        re.sub(r"ngày\s+\d+\s+tháng\s+\d+\s+năm\s+\d+|\d+[/.-]\d+[/.-]\d+", "", t, flags=re.I)
        for t in titles
    ]
    in_titles = {int(y) for t in undated for y in re.findall(r"năm\s+((?:19|20)\d\d)\b", t, re.I)}
    places = [_years(sheet.name), in_titles, _years(stem)]
    years = next((found for found in places if len(found) == 1), set())
    if len(places[0]) == 1 and len(in_titles) == 1 and places[0] != in_titles:
        reader.problem(
            sheet.name,
            f"Tên trang ghi năm {min(places[0])} nhưng tiêu đề ghi năm {min(in_titles)}; "
            f"lấy theo tên trang.",
            "Sửa cho tên trang và tiêu đề cùng một năm.", Severity.WARNING,
        )  # fmt: skip
    text = _plain(" ; ".join([sheet.name, *titles, stem]))
    scorer = _scorer(text)
    blocks = [m[0].strip() for t in titles for line in t.split("\n") if (m := _BLOCK.search(line))]
    return _About(
        next(iter(years), None), _period(text) or "cả năm", max(blocks, key=len, default=""), scorer
    )


def _scorer(folded: str) -> Scorer | None:
    return next((s for s, pattern in _SCORERS.items() if pattern.search(folded)), None)


def _years(text: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)}


def _period(folded: str) -> str:
    for pattern, name in _PERIODS:
        if match := pattern.search(folded):
            return name.format(match[1].upper()) if "{}" in name else name
    return ""


def _coded(text: str) -> tuple[str, str]:
    """ "I.1 Hoàn thành" → ("I.1", "Hoàn thành"); without a code the name stands for both."""
    text = re.sub(r"\s+", " ", text).strip()
    match = _CODE.match(text)
    return (match[1], match[2].strip()) if match else (text, text)


def _kind(group: str, criterion: str, maximum: Decimal | None, deducted: bool) -> CriterionKind:
    words = f"{_plain(group)} ; {_plain(criterion)}"
    if deducted or (maximum is not None and maximum < 0) or re.search(r"\bdiem tru\b", words):
        return CriterionKind.PENALTY
    # "Khen thưởng" is no bonus: only points that are said to be one.
    if re.search(r"\bdiem (?:thuong|cong)\b", words):
        return CriterionKind.BONUS
    return CriterionKind.BASE


class _Criterion(NamedTuple):
    code: str
    name: str
    group: str
    group_name: str
    kind: CriterionKind
    maximum: Decimal | None
    negative: bool  # the maximum itself is written as a negative number


def _criterion(text: str, group: str, maximum: Decimal | None = None, code: str = "") -> _Criterion:
    deducted = False
    negative = maximum is not None and maximum < 0
    if match := _IN_HEADING.search(text):
        text = (text[: match.start()] + " " + text[match.end() :]).strip(" -:")
        deducted = bool(match[1] or match[3])
        if maximum is None:
            maximum = _number(match[2] or match[4])
            negative = maximum is not None and maximum < 0
    own, name = _coded(text)
    group_code, group_name = _coded(group) if group else ("", "")
    if not group and re.match(r"^(?:[IVXLC]+|[A-Z])\.\d", own):
        group_code = own.split(".")[0]
    kind = _kind(group, name, maximum, deducted)
    if kind is CriterionKind.PENALTY and maximum is not None:
        maximum = -abs(maximum)
    return _Criterion(code or own, name, group_code, group_name, kind, maximum, negative)


def _score(
    reader: _Reader, about: _About, unit: str, criterion: _Criterion, scorer: Scorer,
    points: Decimal, cell: Cell, reason: str = "",
) -> Score:  # fmt: skip
    assert about.year is not None
    return Score(
        unit=unit, block=about.block, year=about.year, period=about.period,
        criterion=criterion.code, criterion_name=criterion.name, group=criterion.group,
        group_name=criterion.group_name, kind=criterion.kind, scorer=scorer, points=points,
        max_points=criterion.maximum, reason=reason, source=reader.source(cell),
    )  # fmt: skip


def _with_signs(scores: list[tuple[Score, bool]]) -> list[Score]:
    """Penalties as negative points; a table that writes them all as positive deducts them."""
    penalties = [s for s, negative in scores if s.kind is CriterionKind.PENALTY and s.points]
    flip = (
        penalties
        and all(s.points > 0 for s in penalties)
        and not any(negative for s, negative in scores)
    )
    return [
        s.model_copy(update={"points": -s.points})
        if flip and s.kind is CriterionKind.PENALTY and s.points
        else s
        for s, _ in scores
    ]


def _read_long(reader: _Reader, sheet: Sheet, header: _Header) -> None:
    about = _about(reader, sheet, header.start)
    columns = header.columns
    if about.year is None and "year" not in columns:
        _no_year(reader, sheet)
        return
    scorers = {str(scorer): scorer for scorer in Scorer if scorer in columns}
    if not scorers:
        scorers = {"points": _known_scorer(reader, sheet, about)}
    found: list[tuple[Score, bool]] = []
    unit = group = ""
    for cells in sheet.rows[header.end :]:
        row = _Row(cells, columns)
        text = row.text("criterion")
        # A unit or group that heads several rows is often written only once, without a merge.
        new_unit = row.text("unit")
        if new_unit and new_unit != unit:
            unit, group = new_unit, ""
        group = row.text("group") or group
        if not unit or not text or _SUMMARY.match(_plain(unit)):
            continue
        here = _row_about(reader, about, row)
        if here is None:
            continue
        if _TOTAL.match(_plain(text)):
            for name, scorer in scorers.items():
                cell = cells[columns[name]]
                points = reader.number(cell, f"{unit}, tổng điểm")
                if points is not None:
                    reader.totals.append(_total(reader, here, unit, scorer, (cell, points)))
            continue
        maximum_cell = row.cell("max")
        maximum = reader.number(maximum_cell, f"{text}, điểm tối đa") if maximum_cell else None
        criterion = _criterion(text, group, maximum, row.text("code"))
        for name, scorer in scorers.items():
            cell = cells[columns[name]]
            points = reader.number(cell, f"{unit}, {criterion.code}, {scorer}")
            if points is not None:
                score = _score(
                    reader, here, unit, criterion, scorer, points, cell, row.text("reason")
                )
                found.append((score, criterion.negative))
    reader.scores += _without_subtotals(_with_signs(found))


def _without_subtotals(scores: list[Score]) -> list[Score]:
    """The scores without the rows that sum others: "I" where "I.1" and "I.2" stand too."""
    parents = {
        (s.unit, s.year, s.period, s.criterion.rsplit(".", 1)[0])
        for s in scores
        if "." in s.criterion
    }
    return [s for s in scores if (s.unit, s.year, s.period, s.criterion) not in parents]


def _row_about(reader: _Reader, about: _About, row: _Row) -> _About | None:
    year_cell = row.cell("year")
    year = about.year
    if year_cell and not _is_blank(year_cell.value):
        number = reader.number(year_cell, "Năm")
        if number is None:
            return None
        year = int(number)
    if year is None:
        return None
    period = _period(_plain(row.text("period"))) or about.period
    return about._replace(year=year, period=period)


def _known_scorer(reader: _Reader, sheet: Sheet, about: _About) -> Scorer:
    if about.scorer is None:
        reader.problem(
            sheet.name, "Bảng không ghi ai chấm điểm; tạm hiểu là khối chấm.",
            "Ghi rõ ở tiêu đề, chẳng hạn: Điểm Hội đồng thẩm định.", Severity.WARNING,
        )  # fmt: skip
    return about.scorer or Scorer.BLOCK


def _no_year(reader: _Reader, sheet: Sheet) -> None:
    reader.problem(
        sheet.name, "Không rõ bảng điểm này của năm nào nên bỏ qua.",
        "Ghi năm vào tên trang, chẳng hạn: Năm 2024.",
    )  # fmt: skip


def _total(
    reader: _Reader, about: _About, unit: str, scorer: Scorer, points: tuple[Cell, Decimal] | None,
    rank: tuple[Cell, int] | None = None,
) -> Total:  # fmt: skip
    """A stated total, a stated rank, or both; the place then names both cells, "T!O9:P9"."""
    assert about.year is not None
    cells = [stated[0] for stated in (points, rank) if stated]
    place = ":".join([cells[0].place, *(cell.place.split("!")[-1] for cell in cells[1:])])
    return Total(
        unit=unit, block=about.block, year=about.year, period=about.period, scorer=scorer,
        points=points[1] if points else None, rank=rank[1] if rank else None,
        source=Source(
            file=reader.file, place=place, quote="; ".join(_show(cell.value) for cell in cells)
        ),
    )  # fmt: skip


class _Column(NamedTuple):
    at: int
    kind: str  # "score", "total", "rank"
    scorer: Scorer | None
    heading: str
    group: str


def _read_wide(reader: _Reader, sheet: Sheet, header: _Header) -> bool:
    """Read a wide sheet; False when its columns are not those of a score table."""
    unit_at = header.columns["unit"]
    end = header.end
    while end < len(sheet.rows) and sheet.rows[end][unit_at].value is None:
        if not any(isinstance(cell.value, str) for cell in sheet.rows[end]):
            break
        end += 1  # a second row of headings below an unmerged one
    columns = _wide_columns(sheet.rows[header.start : end], unit_at)
    if not columns:
        return False
    about = _about(reader, sheet, header.start)
    if about.year is None:
        _no_year(reader, sheet)
        return True
    named = [c.scorer for c in columns if c.scorer]
    if any(c.scorer is None and c.kind != "rank" for c in columns):
        scorer = _known_scorer(reader, sheet, about)
    else:
        scorer = Scorer.COUNCIL if Scorer.COUNCIL in named else named[-1]
    rows = sheet.rows[end:]
    maxima: dict[int, Decimal] = {}
    found: list[tuple[Score, bool]] = []
    for row in rows:
        names = [_plain(cell.value) for cell in row[: unit_at + 1]]
        if any(_MAX_ROW.match(name) for name in names):
            maxima = {c.at: n for c in columns if (n := _number(row[c.at].value)) is not None}
            continue
        unit = row[unit_at].value
        if not isinstance(unit, str) or _number(unit) is not None or _SUMMARY.match(_plain(unit)):
            continue
        numbered = any(_number(cell.value) is not None for cell in row[:unit_at])
        if not numbered and all(_number(row[c.at].value) is None for c in columns):
            continue  # dates, signatures
        found += _wide_row(reader, about, unit, row, columns, scorer, maxima)
    reader.wide += _with_signs(found)
    return True


def _wide_columns(heads: Sequence[Sequence[Cell]], unit_at: int) -> list[_Column]:
    columns = []
    for at in range(unit_at + 1, len(heads[0])):
        path = list(dict.fromkeys(str(row[at].value) for row in heads if row[at].value is not None))
        scorer, names = None, []
        for name in path:
            found = _scorer(_plain(name))
            if found and not _CODE.match(name) and not _IN_HEADING.search(name):
                scorer = found
            else:
                names.append(name)
        last = names[-1] if names else ""
        if any(_RANK.match(_plain(name)) for name in path):
            columns.append(_Column(at, "rank", scorer, last, ""))
        elif (scorer and not names) or any(_TOTAL.match(_plain(name)) for name in names):
            columns.append(_Column(at, "total", scorer, last, ""))
        elif last and (_CODE.match(last) or _IN_HEADING.search(last)):
            columns.append(_Column(at, "score", scorer, last, " ".join(names[:-1])))
    return columns


def _wide_row(
    reader: _Reader, about: _About, unit: str, row: Sequence[Cell], columns: Sequence[_Column],
    scorer: Scorer, maxima: dict[int, Decimal],
) -> Iterator[tuple[Score, bool]]:  # fmt: skip
    points_of: dict[Scorer, tuple[Cell, Decimal]] = {}
    rank_of: dict[Scorer, tuple[Cell, int]] = {}
    for column in columns:
        cell = row[column.at]
        by = column.scorer or scorer
        if column.kind == "rank":
            if (rank := _rank(reader, unit, cell)) is not None:
                rank_of[by] = (cell, rank)
            continue
        criterion = _criterion(column.heading, column.group, maxima.get(column.at))
        name = "tổng điểm" if column.kind == "total" else criterion.code
        points = reader.number(cell, f"{unit}, {name}")
        if points is None:
            continue
        if column.kind == "total":
            points_of[by] = (cell, points)
        else:
            yield _score(reader, about, unit, criterion, by, points, cell), criterion.negative
    for by in Scorer:
        if by in points_of or by in rank_of:
            total = _total(reader, about, unit, by, points_of.get(by), rank_of.get(by))
            reader.totals.append(total)


def _rank(reader: _Reader, unit: str, cell: Cell) -> int | None:
    if _is_blank(cell.value):
        return None
    text = _plain(cell.value)
    if match := re.search(r"\d+", text):
        return int(match[0])
    rank = _RANK_WORDS.get(text.split(" ")[-1])
    if rank is None:
        reader.problem(
            cell.place, f"{unit}: không đọc được hạng “{_show(cell.value)}” nên bỏ qua.",
            "Ghi hạng bằng số, chẳng hạn 1.",
        )  # fmt: skip
    return rank


# Award sheets

_ORGANISATION = re.compile(
    r"(?:Sở|Ban|Hội|Liên (?:hiệp|đoàn|minh)|Phòng|Ủy ban|Uỷ ban|UB(?:ND|MTTQ|KT)|Trường|Khối|Cụm|Tổ"
    r"|Công (?:ty|đoàn|an)|Tập thể|Trung tâm|Chi (?:cục|hội|bộ)|Cục|Viện|Báo|Đài|Tỉnh|Huyện|Xã"
    r"|Phường|Thị (?:xã|trấn)|Thành phố|Văn phòng|Tổng|Ngân hàng|Bệnh viện|Bộ|Mặt trận|Kho bạc|Tòa"
    r"|Thanh tra|Đảng|Đoàn (?:thanh|TN|đại|khối)|Nhân dân|Cán bộ|Nhà|Quỹ|Câu lạc bộ)\b",
    re.I,
)
_PERSON = re.compile(r"(?:Cá nhân|Ông|Bà|Đồng chí|Đ/c|Anh|Chị)\s", re.I)
# One family alone decides; "chờ quyết định" belongs to two, so a person has to say which.
_STATUSES = (
    (Status.PROPOSED, re.compile(r"\b(?:de nghi|trinh|suy ton|cho|dang ky|de xuat)\b")),
    (Status.APPROVED, re.compile(r"\b(?:thong qua|dong y|nhat tri|chap thuan)\b")),
    (Status.DECIDED, re.compile(r"\b(?:quyet dinh|(?:da|duoc) (?:tang|khen)|ban hanh)\b")),
)  # fmt: skip


def _award(reader: _Reader, row: _Row) -> Award | None:
    title = row.text("title")
    recipient, person, unit = _recipient(row)
    if not title or not recipient or _SUMMARY.match(_plain(recipient)):
        return None
    year_cell = row.cell("year")
    year = reader.number(year_cell, f"{recipient}, năm") if year_cell else None
    if year_cell and year is None and not _is_blank(year_cell.value):
        return None
    decision, decided_on = row.text("decision"), reader.date(row.cell("decided_on"), recipient)
    if match := re.search(r",?\s*(?:ký\s+)?ngày\s+(.+)$", decision):
        decided_on = decided_on or _date(match[0])
        decision = decision[: match.start()].strip()
    decision = "" if _is_blank(decision) else decision
    place = row.cell("recipient") or row.cell("person") or row.cell("unit")
    assert place
    status = _status(row.text("status"), decision, decided_on)
    if status is None:
        where = row.cell("status") or place
        reader.problem(
            where.place, f"{recipient}, {title}: chưa rõ trạng thái “{row.text('status')}”.",
            f"Ghi một trong: {', '.join(Status)}.",
        )  # fmt: skip
        return None
    return Award(
        recipient=recipient, unit=unit, person=person, title=title, level=row.text("level"),
        year=int(year) if year is not None else None, status=status, decision=decision,
        decided_on=decided_on, source=reader.source(place, row.joined()),
    )  # fmt: skip


def _recipient(row: _Row) -> tuple[str, str, str]:
    """(recipient as written, person, unit) from one column or from two."""
    whole, person, unit = row.text("recipient"), row.text("person"), row.text("unit")
    if not whole and person:
        return (f"{person}, {unit}" if unit else person), person, unit
    whole = whole or unit
    head, comma, tail = whole.partition(",")
    if comma and not _ORGANISATION.match(head):
        return whole, head.strip(), tail.strip()
    return (whole, whole, "") if _PERSON.match(whole) else (whole, "", whole)


def _status(text: str, decision: str, decided_on: datetime.date | None) -> Status | None:
    folded = _plain(text)
    if not folded:
        # Without a word on it, a number and a date are what makes a decision.
        return Status.DECIDED if decision and decided_on else None
    if re.search(r"\b(?:chua|khong)\b", folded):
        return None
    if re.search(r"\b(?:huy|thu hoi)\b", folded):
        return Status.CANCELLED
    found = [status for status, pattern in _STATUSES if pattern.search(folded)]
    return found[0] if len(found) == 1 else None


# Unit sheets


def _unit(reader: _Reader, row: _Row) -> Unit | None:
    name, cell = row.text("unit"), row.cell("unit")
    if not name or cell is None:
        return None
    aliases = (tidy(alias) for alias in re.split(r"[;\n]", row.text("aliases")))
    return Unit(
        name=name, aliases=tuple(dict.fromkeys(a for a in aliases if a and a != name)),
        block=row.text("block"), since=reader.date(row.cell("since"), f"{name}, từ ngày"),
        until=reader.date(row.cell("until"), f"{name}, đến ngày", end=True),
        source=reader.source(cell, row.joined()),
    )  # fmt: skip


def _with_successors(units: Iterable[Unit]) -> list[Unit]:
    """Units with ``successor``: the later unit that lists an ended one's name among its aliases."""
    units = list(units)
    heirs: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for alias in unit.aliases:
            heirs[_plain(alias)].append(unit)
    linked = []
    for unit in units:
        later = [
            heir
            for heir in heirs[_plain(unit.name)]
            if unit.until and heir.since and unit.until < heir.since
        ]
        first = min(later, key=lambda u: u.since or datetime.date.max, default=None)
        linked.append(unit.model_copy(update={"successor": first.name}) if first else unit)
    return linked


# What the files say of each other


def audit(parts: Iterable[Tables]) -> Tables:
    """All parts as one, with every problem found in comparing them.

    Names become those of the units, blocks are filled in from them, and readings of wide tables
    become scores where no long table has that unit, year, period and scorer. Of a cell given twice,
    the first stays. Problems come in the order of the files and sheets.
    """
    parts = list(parts)
    units = _with_successors(unit for part in parts for unit in part.units)
    names = _Names(units)
    problems = [problem for part in parts for problem in part.problems]
    problems += _alias_problems(units)
    long = [names.score(score) for part in parts for score in part.scores]
    wide = [names.score(score) for part in parts for score in part.wide]
    totals = [names.total(total) for part in parts for total in part.totals]
    awards = [names.award(award) for part in parts for award in part.awards]
    problems += _unknown_units(names, [*long, *wide, *totals, *awards])
    problems += [p for score in (*long, *wide) for p in _out_of_range(score)]
    scores, twice = _once(long)
    problems += twice
    problems += _differing(scores, wide)
    problems += _wrong_totals(totals, [*long, *wide])
    covered = {_who(score) for score in scores}
    extra, twice = _once([score for score in wide if _who(score) not in covered])
    problems += twice
    scores += extra
    problems += _wrong_ranks(totals, scores)
    problems += _undecided(awards)
    return Tables(
        units=tuple(units), scores=tuple(scores), totals=tuple(totals), awards=tuple(awards),
        problems=tuple(problems),
    )  # fmt: skip


def _who(record: Score | Total) -> tuple[str, int, str, Scorer]:
    return record.unit, record.year, record.period, record.scorer


def _found(
    source: Source, message: str, remedy: str, severity: Severity = Severity.AUDIT
) -> Problem:
    return Problem(
        file=source.file, place=source.place, message=message, remedy=remedy, severity=severity
    )


class _Names:
    """Units by name and alias."""

    def __init__(self, units: Sequence[Unit]):
        self.known = bool(units)
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_alias: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._by_name[_plain(unit.name)].append(unit)
            for alias in unit.aliases:
                self._by_alias[_plain(alias)].append(unit)

    def find(self, text: str, year: int | None = None) -> Unit | None:
        """The unit of that name, else of that alias; None when there is none, or more than one."""
        for index in (self._by_name, self._by_alias):
            found = index.get(_plain(text), [])
            active = [unit for unit in found if _is_active(unit, year)]
            if len({unit.name for unit in active or found}) == 1:
                return (active or found)[0]
        return None

    def score(self, score: Score) -> Score:
        return score.model_copy(update=self._named(score))

    def total(self, total: Total) -> Total:
        return total.model_copy(update=self._named(total))

    def _named(self, record: Score | Total) -> dict[str, str]:
        unit = self.find(record.unit, record.year)
        if unit is None:
            return {}
        mine, theirs = _plain(record.block), _plain(unit.block)
        same = mine in theirs or (theirs and theirs in mine)
        return {"unit": unit.name, "block": unit.block if same else record.block}

    def award(self, award: Award) -> Award:
        """The award with its unit's name. A name may itself hold commas, so each is tried."""
        if whole := self.find(award.recipient, award.year):
            return award.model_copy(update={"unit": whole.name, "person": ""})
        rest = award.unit
        while rest:
            if unit := self.find(rest, award.year):
                return award.model_copy(update={"unit": unit.name})
            rest = rest.partition(",")[2].strip()
        return award


def _is_active(unit: Unit, year: int | None) -> bool:
    if year is None:
        return True
    return (unit.since is None or unit.since.year <= year) and (
        unit.until is None or unit.until.year >= year
    )


def _alias_problems(units: Sequence[Unit]) -> Iterator[Problem]:
    """A name or alias that means two units at once; an old name that its heir keeps is none."""
    owners: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
    for unit in units:
        for text in (unit.name, *unit.aliases):
            owners[_plain(text)].append((text, unit))
    for shared in owners.values():
        (text, first), *others = shared
        for _, other in others:
            heirs = first.successor == other.name or other.successor == first.name
            if other.name != first.name and not heirs:
                yield _found(
                    other.source,
                    f"Tên “{text}” dùng cho cả {first.name} và {other.name}.",
                    "Bỏ tên này ở một trong hai đơn vị.", Severity.WARNING,
                )  # fmt: skip


def _unknown_units(names: _Names, records: Iterable[Score | Total | Award]) -> Iterator[Problem]:
    told: set[tuple[str, str]] = set()
    for record in records:
        key = (record.source.file, record.unit)
        if not names.known or not record.unit or key in told:
            continue
        told.add(key)
        if names.find(record.unit, record.year) is None:
            yield _found(
                record.source, f"“{record.unit}” không có trong danh sách đơn vị.",
                "Sửa tên, hoặc thêm đơn vị vào danh sách.", Severity.WARNING,
            )  # fmt: skip


def _out_of_range(score: Score) -> Iterator[Problem]:
    points, most = score.points, score.max_points
    what = f"{score.unit}, {score.criterion} {score.criterion_name}".removesuffix(
        f" {score.criterion}"
    )
    if score.kind is CriterionKind.PENALTY:
        if points > 0:
            yield _found(
                score.source, f"{what}: điểm trừ ghi số dương {_show(points)}.",
                "Ghi điểm trừ bằng số âm.",
            )  # fmt: skip
        elif most is not None and points < most:
            yield _found(
                score.source,
                f"{what}: trừ {_show(-points)} điểm, quá mức trừ tối đa {_show(-most)}.",
                "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
            )  # fmt: skip
    elif most is not None and points > most:
        yield _found(
            score.source, f"{what}: ghi {_show(points)}, vượt điểm tối đa {_show(most)}.",
            "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
        )  # fmt: skip
    elif points < 0:
        yield _found(
            score.source, f"{what}: ghi {_show(points)}, điểm âm ở tiêu chí không phải điểm trừ.",
            "Đối chiếu với biên bản chấm điểm rồi sửa ô này.",
        )  # fmt: skip


def _once(scores: Iterable[Score]) -> tuple[list[Score], list[Problem]]:
    """Each score once, the first that was read; another figure for the same is a problem."""
    kept: dict[tuple[object, ...], Score] = {}
    problems = []
    for score in scores:
        first = kept.setdefault((*_who(score), score.criterion), score)
        if first.points != score.points:
            problems.append(
                _found(
                    score.source,
                    f"{score.unit}, {score.criterion}, năm {score.year}, {score.scorer}: ghi "
                    f"{_show(score.points)}, còn {first.source} ghi {_show(first.points)}; "
                    f"lấy số sau.",
                    "Giữ một số đúng.",
                )
            )
    return list(kept.values()), problems


def _differing(scores: Iterable[Score], wide: Iterable[Score]) -> Iterator[Problem]:
    record = {(*_who(score), score.criterion): score for score in scores}
    for reading in wide:
        score = record.get((*_who(reading), reading.criterion))
        if score and score.points != reading.points:
            yield _found(
                reading.source,
                f"{reading.unit}, {reading.criterion}: bảng tổng hợp ghi {_show(reading.points)}, "
                f"bảng chi tiết ghi {_show(score.points)} ({score.source}); lấy bảng chi tiết.",
                "Đối chiếu với biên bản chấm điểm rồi sửa một trong hai bảng.",
            )  # fmt: skip


def _sheet(source: Source) -> tuple[str, str]:
    return source.file, source.place.rpartition("!")[0]


def _wrong_totals(totals: Iterable[Total], scores: Iterable[Score]) -> Iterator[Problem]:
    """Totals that are not the sum of the cells of their own sheet."""
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for score in scores:
        sums[(_sheet(score.source), *_who(score))] += score.points
    for total in totals:
        added = sums.get((_sheet(total.source), *_who(total)))
        if added is not None and total.points is not None and added != total.points:
            yield _found(
                total.source.model_copy(update={"place": _cell(total, 0)}),
                f"{total.unit}: tổng ghi {_show(total.points)} nhưng các ô cộng lại là "
                f"{_show(added)}.",
                "Cộng lại rồi sửa tổng điểm.",
            )  # fmt: skip


def _cell(total: Total, which: int) -> str:
    """The cell of the points (0) or of the rank (-1) of a total whose place may name both."""
    sheet, mark, cells = total.source.place.rpartition("!")
    return sheet + mark + cells.split(":")[which]


def _wrong_ranks(totals: Sequence[Total], scores: Iterable[Score]) -> Iterator[Problem]:
    """Ranks that are not those of the correct totals. Equal totals may share ranks or not."""
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for score in scores:
        sums[_who(score)] += score.points
    tables: dict[tuple[object, ...], list[tuple[Total, Decimal]]] = defaultdict(list)
    for total in totals:
        right = sums.get(_who(total), total.points)
        if right is not None:
            tables[(_sheet(total.source), total.year, total.period, total.scorer)].append(
                (total, right)
            )
    for ranked in tables.values():
        for total, right in ranked:
            best = 1 + sum(other > right for _, other in ranked)
            last = best - 1 + sum(other == right for _, other in ranked)
            if total.rank is not None and not best <= total.rank <= last:
                rank = str(best) if best == last else f"{best}-{last}"
                yield _found(
                    total.source.model_copy(update={"place": _cell(total, -1)}),
                    f"{total.unit}: ghi hạng {total.rank}, theo tổng đúng {_show(right)} điểm là "
                    f"hạng {rank}.",
                    "Xếp lại hạng theo tổng điểm đúng.",
                )  # fmt: skip


def _undecided(awards: Iterable[Award]) -> Iterator[Problem]:
    for award in awards:
        lacking = [
            name
            for name, value in (("số", award.decision), ("ngày", award.decided_on))
            if not value
        ]
        if award.status is Status.DECIDED and lacking:
            yield _found(
                award.source,
                f"{award.recipient}, {award.title}: ghi đã quyết định nhưng thiếu "
                f"{' và '.join(lacking)} quyết định.",
                "Bổ sung quyết định, hoặc sửa trạng thái.",
            )  # fmt: skip
