"""Score workbooks → scores, totals and ranks.

Offices draw two shapes of score table. *Long*: one row per unit and criterion, one column per
scorer. *Wide*: one row per unit, one column per criterion, with totals and ranks at the right. The
first is the record; the second is a reading of it, to be checked against it. So ``read_scores``
keeps the two apart, and ``audit``, which sees every file, decides and says what does not agree.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpus.files import Cell, Sheet
from corpus.records import CriterionKind, Score, Scorer, Severity, Source, Total
from corpus.tables import (
    SUMMARY,
    UNIT_HEADING,
    Header,
    Reader,
    Row,
    Tables,
    header_of,
)
from corpus.values import (
    SCORERS,
    is_blank,
    number_in,
    plain,
    scorer_in,
    show,
)

_LONG_COLUMNS = {
    "unit": UNIT_HEADING,
    "criterion": re.compile(r"^(?:ten |noi dung |cac )?(?:tieu chi|tieu chuan|noi dung)"),
    "group": re.compile(r"^nhom"),
    "code": re.compile(r"^ma(?: so| tieu chi)?$"),
    "max": re.compile(r"^diem (?:toi da|chuan|quy dinh)|^thang diem|^toi da"),
    Scorer.SELF: SCORERS[Scorer.SELF],
    Scorer.COUNCIL: SCORERS[Scorer.COUNCIL],
    Scorer.BLOCK: SCORERS[Scorer.BLOCK],
    "points": re.compile(r"^(?:so )?diem(?: dat(?: duoc)?| cham| thi dua)?$|^ket qua$"),
    "reason": re.compile(r"^(?:ly do|ghi chu|nguyen nhan|giai trinh)"),
    "year": re.compile(r"^nam$|^nam (?:thi dua|cham)"),
    "period": re.compile(r"^ky(?: cham)?$|^giai doan"),
}
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
_MAX_ROW = re.compile(r"diem (?:toi da|chuan)|thang diem|toi da$")
_RANK_WORDS = {"nhat": 1, "nhi": 2, "ba": 3, "tu": 4, "nam": 5}
_BLOCK = re.compile(r"\b(?:khối|cụm)\s+(?:thi đua|các|số)\b.*?(?=\s+năm\s+\d{4}|\s*[(;]|$)", re.I)
_PERIODS = (
    (re.compile(r"\b6 thang dau nam\b|\b6 thang\b(?! cuoi)"), "6 tháng đầu năm"),
    (re.compile(r"\b6 thang cuoi nam\b"), "6 tháng cuối năm"),
    (re.compile(r"\b9 thang\b"), "9 tháng đầu năm"),
    (re.compile(r"\bquy (iv|i{1,3}|[1-4])\b"), "quý {}"),
)


def read_scores(path: Path, file: str) -> Tables:
    """Return the scores, wide readings, stated totals and ranks of a score workbook.

    ``file`` is the path inside the documents folder, with "/". Points are exact; penalties are
    negative. Raises ``FileError`` when the workbook can't be read.
    """
    reader = Reader(file)
    for sheet in reader.sheets(path):
        _read_score_sheet(reader, sheet)
    return reader.tables()


class _About(NamedTuple):
    """What the title rows, the sheet's name and the file's name say of a table."""

    year: int | None
    period: str
    block: str
    scorer: Scorer | None


def _read_score_sheet(reader: Reader, sheet: Sheet) -> None:
    header = header_of(sheet, _LONG_COLUMNS, {"unit", "criterion"}, {*Scorer, "points"})
    if header:
        _read_long(reader, sheet, header)
        return
    header = header_of(sheet, {"unit": UNIT_HEADING}, {"unit"}, {"unit"})
    if header is None or not _read_wide(reader, sheet, header):
        reader.unknown(sheet, "điểm", "Đơn vị, Tiêu chí, Điểm tối đa, Điểm Hội đồng thẩm định")


def _about(reader: Reader, sheet: Sheet, start: int) -> _About:
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
    text = plain(" ; ".join([sheet.name, *titles, stem]))
    scorer = scorer_in(text)
    blocks = [m[0].strip() for t in titles for line in t.split("\n") if (m := _BLOCK.search(line))]
    return _About(
        next(iter(years), None), _period(text) or "cả năm", max(blocks, key=len, default=""), scorer
    )


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
    words = f"{plain(group)} ; {plain(criterion)}"
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
            maximum = number_in(match[2] or match[4])
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
    reader: Reader, about: _About, unit: str, criterion: _Criterion, scorer: Scorer,
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


def _read_long(reader: Reader, sheet: Sheet, header: Header) -> None:
    about = _about(reader, sheet, header.start)
    columns = header.columns
    if about.year is None and "year" not in columns:
        _no_year(reader, sheet)
        return
    scorers = {str(scorer): scorer for scorer in Scorer if scorer in columns}
    if not scorers:
        scorers = {"points": _knownscorer_in(reader, sheet, about)}
    found: list[tuple[Score, bool]] = []
    unit = group = ""
    for cells in sheet.rows[header.end :]:
        row = Row(cells, columns)
        text = row.text("criterion")
        # A unit or group that heads several rows is often written only once, without a merge.
        new_unit = row.text("unit")
        if new_unit and new_unit != unit:
            unit, group = new_unit, ""
        group = row.text("group") or group
        if not unit or not text or SUMMARY.match(plain(unit)):
            continue
        here = _row_about(reader, about, row)
        if here is None:
            continue
        if _TOTAL.match(plain(text)):
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


def _row_about(reader: Reader, about: _About, row: Row) -> _About | None:
    year_cell = row.cell("year")
    year = about.year
    if year_cell and not is_blank(year_cell.value):
        number = reader.number(year_cell, "Năm")
        if number is None:
            return None
        year = int(number)
    if year is None:
        return None
    period = _period(plain(row.text("period"))) or about.period
    return about._replace(year=year, period=period)


def _knownscorer_in(reader: Reader, sheet: Sheet, about: _About) -> Scorer:
    if about.scorer is None:
        reader.problem(
            sheet.name, "Bảng không ghi ai chấm điểm; tạm hiểu là khối chấm.",
            "Ghi rõ ở tiêu đề, chẳng hạn: Điểm Hội đồng thẩm định.", Severity.WARNING,
        )  # fmt: skip
    return about.scorer or Scorer.BLOCK


def _no_year(reader: Reader, sheet: Sheet) -> None:
    reader.problem(
        sheet.name, "Không rõ bảng điểm này của năm nào nên bỏ qua.",
        "Ghi năm vào tên trang, chẳng hạn: Năm 2024.",
    )  # fmt: skip


def _total(
    reader: Reader, about: _About, unit: str, scorer: Scorer, points: tuple[Cell, Decimal] | None,
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
            file=reader.file, place=place, quote="; ".join(show(cell.value) for cell in cells)
        ),
    )  # fmt: skip


class _Column(NamedTuple):
    at: int
    kind: str  # "score", "total", "rank"
    scorer: Scorer | None
    heading: str
    group: str


def _read_wide(reader: Reader, sheet: Sheet, header: Header) -> bool:
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
        scorer = _knownscorer_in(reader, sheet, about)
    else:
        scorer = Scorer.COUNCIL if Scorer.COUNCIL in named else named[-1]
    rows = sheet.rows[end:]
    maxima: dict[int, Decimal] = {}
    found: list[tuple[Score, bool]] = []
    for row in rows:
        names = [plain(cell.value) for cell in row[: unit_at + 1]]
        if any(_MAX_ROW.match(name) for name in names):
            maxima = {c.at: n for c in columns if (n := number_in(row[c.at].value)) is not None}
            continue
        unit = row[unit_at].value
        if not isinstance(unit, str) or number_in(unit) is not None or SUMMARY.match(plain(unit)):
            continue
        numbered = any(number_in(cell.value) is not None for cell in row[:unit_at])
        if not numbered and all(number_in(row[c.at].value) is None for c in columns):
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
            found = scorer_in(plain(name))
            if found and not _CODE.match(name) and not _IN_HEADING.search(name):
                scorer = found
            else:
                names.append(name)
        last = names[-1] if names else ""
        if any(_RANK.match(plain(name)) for name in path):
            columns.append(_Column(at, "rank", scorer, last, ""))
        elif (scorer and not names) or any(_TOTAL.match(plain(name)) for name in names):
            columns.append(_Column(at, "total", scorer, last, ""))
        elif last and (_CODE.match(last) or _IN_HEADING.search(last)):
            columns.append(_Column(at, "score", scorer, last, " ".join(names[:-1])))
    return columns


def _wide_row(
    reader: Reader, about: _About, unit: str, row: Sequence[Cell], columns: Sequence[_Column],
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


def _rank(reader: Reader, unit: str, cell: Cell) -> int | None:
    if is_blank(cell.value):
        return None
    text = plain(cell.value)
    if match := re.search(r"\d+", text):
        return int(match[0])
    rank = _RANK_WORDS.get(text.split(" ")[-1])
    if rank is None:
        reader.problem(
            cell.place, f"{unit}: không đọc được hạng “{show(cell.value)}” nên bỏ qua.",
            "Ghi hạng bằng số, chẳng hạn 1.",
        )  # fmt: skip
    return rank
