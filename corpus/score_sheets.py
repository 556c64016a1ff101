"""Score workbooks → scores, totals and ranks.

Offices draw several shapes of score table. *Long*: one row per unit and criterion, one column per
scorer. *Wide*: one row per unit, one column per criterion, with totals and ranks at the right. The
first is the record; the second is a reading of it, to be checked against it. So ``read_scores``
keeps the two apart (what a unit's own form says, and a table with a column per unit, is as a long
one), and ``audit``, which sees every file, decides and says what does not agree.
"""

import re
from pathlib import Path

from corpus.criteria import (
    TOTAL,
    About,
    about_of,
    criterion_of,
    known_scorer,
    no_year,
    period_in,
    scores_of,
    total_of,
    with_signs,
    without_subtotals,
)
from corpus.files import Sheet
from corpus.records import Score, Scorer
from corpus.schemes import SCHEME_COLUMNS, scheme_of
from corpus.score_forms import read_compared, read_form
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
    plain,
)
from corpus.wide_scores import (
    read_wide,
)

_LONG_COLUMNS = {
    "unit": UNIT_HEADING,
    "criterion": re.compile(r"^(?:ten |noi dung |cac )?(?:tieu chi|tieu chuan|noi dung)"),
    "group": re.compile(r"^nhom"),
    "code": re.compile(r"^ma(?: so| tieu chi)?$"),
    **SCHEME_COLUMNS,
    Scorer.SELF: SCORERS[Scorer.SELF],
    Scorer.COUNCIL: SCORERS[Scorer.COUNCIL],
    Scorer.BLOCK: SCORERS[Scorer.BLOCK],
    "points": re.compile(r"^(?:so )?diem(?: dat(?: duoc)?| cham| thi dua)?$|^ket qua$"),
    "reason": re.compile(r"^(?:ly do|ghi chu|nguyen nhan|giai trinh)"),
    "year": re.compile(r"^nam$|^nam (?:thi dua|cham)"),
    "period": re.compile(r"^ky(?: cham)?$|^giai doan"),
}
_FORM_COLUMNS = {
    "number": re.compile(r"^(?:so )?(?:tt|stt)$"),
    **{name: pattern for name, pattern in _LONG_COLUMNS.items() if name not in ("unit", "year")},
}


def read_scores(path: Path, file: str) -> Tables:
    """Return the scores, wide readings, stated totals and ranks of a score workbook.

    ``file`` is the path inside the documents folder, with "/". Points are exact; penalties are
    negative. Raises ``FileError`` when the workbook can't be read.
    """
    reader = Reader(file)
    for sheet in reader.sheets(path):
        _read_score_sheet(reader, sheet)
    return reader.tables()


def _read_score_sheet(reader: Reader, sheet: Sheet) -> None:
    header = header_of(sheet, _LONG_COLUMNS, {"unit", "criterion"}, {*Scorer, "points"})
    if header:
        _read_long(reader, sheet, header)
        return
    header = header_of(sheet, {"unit": UNIT_HEADING}, {"unit"}, {"unit"})
    if header and read_wide(reader, sheet, header):
        return
    header = header_of(sheet, _FORM_COLUMNS, {"criterion"}, {*Scorer, "points"})
    if header and read_form(reader, sheet, header):
        return
    header = header_of(sheet, _FORM_COLUMNS, {"criterion"}, {"criterion"})
    if header is None or not read_compared(reader, sheet, header):
        reader.unknown(sheet, "điểm", "Đơn vị, Tiêu chí, Điểm tối đa, Điểm Hội đồng thẩm định")


def _read_long(reader: Reader, sheet: Sheet, header: Header) -> None:
    about = about_of(reader, sheet, header.start)
    columns = header.columns
    if about.year is None and "year" not in columns:
        no_year(reader, sheet)
        return
    scorers = {str(scorer): scorer for scorer in Scorer if scorer in columns}
    if not scorers:
        scorers = {"points": known_scorer(reader, sheet, about)}
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
        if TOTAL.match(plain(text)):
            for name, scorer in scorers.items():
                cell = cells[columns[name]]
                points = reader.number(cell, f"{unit}, tổng điểm")
                if points is not None:
                    reader.totals.append(total_of(reader, here, unit, scorer, (cell, points)))
            continue
        scheme = scheme_of(reader, row, text)
        criterion = criterion_of(text, group, scheme.maximum, row.text("code"))
        given = [(unit, scorer, cells[columns[name]]) for name, scorer in scorers.items()]
        found += scores_of(reader, here, criterion, scheme, given, row.text("reason"))
    reader.scores += without_subtotals(with_signs(found))


def _row_about(reader: Reader, about: About, row: Row) -> About | None:
    year_cell = row.cell("year")
    year = about.year
    if year_cell and not is_blank(year_cell.value):
        number = reader.number(year_cell, "Năm")
        if number is None:
            return None
        year = int(number)
    if year is None:
        return None
    period = period_in(plain(row.text("period"))) or about.period
    return about._replace(year=year, period=period)
