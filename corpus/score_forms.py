"""Score tables with a row per criterion whose units stand elsewhere: in the title, or as columns.

"Đơn vị: Sở Y tế" above a list of criteria is the form that a unit fills in for itself; a column for
each unit is how a block compares its members. The number of a row is its criterion's: "2" under "I"
is "I.2", and "I" itself, where such rows follow, is their group and no criterion.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.criteria import (
    OUT_OF_TABLE,
    TOTAL,
    About,
    about_of,
    coded,
    criterion_of,
    known_scorer,
    no_year,
    rank_in,
    scores_of,
    total_of,
    with_signs,
    without_subtotals,
)
from corpus.files import Cell, Sheet
from corpus.records import Score, Scorer
from corpus.schemes import scheme_of
from corpus.tables import ORGANISATION, Header, Reader, Row
from corpus.values import is_blank, plain, scorer_in

_UNIT_LINE = re.compile(
    r"^(?:tên )?(?:đơn vị|cơ quan|tập thể)(?: (?:tự chấm|được chấm|báo cáo))?\s*:\s*(.+)$", re.I
)
_SECTION = re.compile(r"^(?:[IVX]+|[A-Z])$")
_ITEM = re.compile(r"^\d+(?:\.\d+)*$")
_DETAIL = re.compile(r"^[-+•*–]")
_RANK_ROW = re.compile(r"^(?:xep (?:hang|thu)|thu hang|hang|vi thu)$")


class _Line(NamedTuple):
    """One row of such a table that is no heading of others."""

    row: Row
    cells: Sequence[Cell]
    code: str
    group: str
    text: str


def read_form(reader: Reader, sheet: Sheet, header: Header) -> bool:
    """Read what one unit fills in; False where no unit is named above the table, or by the sheet."""
    unit = _unit_above(sheet, header)
    if not unit:
        return False
    scorers = {str(s): s for s in Scorer if s in header.columns}
    columns = [(unit, header.columns[name], scorer) for name, scorer in scorers.items()]
    about = about_of(reader, sheet, header.start)
    if not columns:
        columns = [(unit, header.columns["points"], known_scorer(reader, sheet, about))]
    return _read(reader, sheet, header, about, columns)


def read_compared(reader: Reader, sheet: Sheet, header: Header) -> bool:
    """Read a table with a column for each unit; False where fewer than two columns are units."""
    heads = sheet.rows[header.start]
    # A second row of headings says who scored, under each unit.
    below = sheet.rows[header.end] if header.end < len(sheet.rows) else ()
    two = bool(below) and sum(scorer_in(plain(c.value)) is not None for c in below) > 1
    about = about_of(reader, sheet, header.start)
    columns: list[tuple[str, int, Scorer | None]] = []
    unit = ""
    for at, cell in enumerate(heads):
        name = cell.value if isinstance(cell.value, str) else ""
        if name and (at in header.columns.values() or not _is_unit(name)):
            unit = ""
            continue
        unit = name.strip() or (unit if two else "")
        if unit:
            columns.append((unit, at, scorer_in(plain(below[at].value)) if two else None))
    if len({unit for unit, _, _ in columns}) < 2:
        return False
    if two:
        header = header._replace(end=header.end + 1)
        columns = [column for column in columns if column[2]]
    usual = about.scorer if two else known_scorer(reader, sheet, about)
    return _read(
        reader, sheet, header, about, [(u, at, s or usual or Scorer.BLOCK) for u, at, s in columns]
    )


def _is_unit(name: str) -> bool:
    return bool(ORGANISATION.match(name)) and scorer_in(plain(name)) is None


def _unit_above(sheet: Sheet, header: Header) -> str:
    for row in sheet.rows[: header.start]:
        for at, cell in enumerate(row):
            if not isinstance(cell.value, str):
                continue
            following = row[at + 1].value if at + 1 < len(row) else None
            text = cell.value.strip()
            if text.endswith(":") and isinstance(following, str):
                text = f"{text} {following}"
            if match := _UNIT_LINE.match(text):
                return match[1].strip(" .")
    return sheet.name if _is_unit(sheet.name) else ""


def _read(
    reader: Reader, sheet: Sheet, header: Header, about: About,
    columns: Sequence[tuple[str, int, Scorer]],
) -> bool:  # fmt: skip
    if about.year is None:
        no_year(reader, sheet)
        return True
    found: list[tuple[Score, bool]] = []
    for line in _lines(sheet.rows[header.end :], header.columns):
        name = plain(line.text)
        given = [(unit, scorer, line.cells[at]) for unit, at, scorer in columns]
        if _RANK_ROW.match(name):
            for unit, scorer, cell in given:
                if (rank := rank_in(reader, unit, cell)) is not None:
                    reader.totals.append(total_of(reader, about, unit, scorer, None, (cell, rank)))
        elif TOTAL.match(name):
            for unit, scorer, cell in given:
                if (points := reader.number(cell, f"{unit}, tổng điểm")) is not None:
                    reader.totals.append(total_of(reader, about, unit, scorer, (cell, points)))
        elif not all(is_blank(cell.value) for *_, cell in given):
            scheme = scheme_of(reader, line.row, line.text)
            criterion = criterion_of(line.text, line.group, scheme.maximum, line.code)
            found += scores_of(reader, about, criterion, scheme, given, line.row.text("reason"))
    reader.scores += without_subtotals(with_signs(found))
    return True


def _lines(rows: Sequence[Sequence[Cell]], columns: dict[str, int]) -> Iterator[_Line]:
    """The rows that are criteria, totals or ranks, up to the signatures."""
    held = [(Row(cells, columns), cells) for cells in rows]
    held = [(row, cells) for row, cells in held if row.text("criterion")]
    marks = [row.text("number").strip(" .)") for row, _ in held]
    section = title = ""
    for at, (row, cells) in enumerate(held):
        text, mark = row.text("criterion"), marks[at]
        if OUT_OF_TABLE.search(plain(text)):
            return
        if TOTAL.match(plain(text)) or _RANK_ROW.match(plain(text)):
            yield _Line(row, cells, "", "", text)
        elif _SECTION.match(mark):
            section, title = mark, text
            following = next((m for m in marks[at + 1 :] if m), "")
            if not _ITEM.match(following):
                yield _Line(row, cells, mark, "", text)
        elif coded(text)[0] != text:
            yield _Line(row, cells, "", "", text)  # it says its own number
        elif _ITEM.match(mark) and section:
            yield _Line(row, cells, f"{section}.{mark}", f"{section}. {title}", text)
        elif not mark and _DETAIL.match(text):
            continue  # what the numbered row above is made of
        else:
            yield _Line(row, cells, mark, "", text)
