"""Wide score tables: one row per unit, one column per criterion, totals and ranks at the right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from corpus.criteria import (
    CODE,
    IN_HEADING,
    MAX_ROW,
    TOTAL,
    About,
    about_of,
    criterion_of,
    known_scorer,
    no_year,
    rank_in,
    score_of,
    total_of,
    with_signs,
)
from corpus.files import Cell, Sheet
from corpus.records import Score, Scorer, Severity
from corpus.tables import (
    SUMMARY,
    Header,
    Reader,
)
from corpus.values import (
    number_in,
    plain,
    scorer_in,
)

_RANK = re.compile(r"(?:xep )?(?:thu )?hang$|xep thu$|thu tu xep hang$|vi thu$|xep hang")


_BONUS = re.compile(r"\bdiem (?:thuong|cong|tru)\b|^(?:thuong|cong|tru)(?: diem)?$")
_PENALTY = re.compile(r"\bdiem tru\b|^tru(?: diem)?$")
_YEAR = re.compile(r"^(?:diem )?(?:nam )?((?:19|20)\d\d)$")
_NO_CRITERION = re.compile(
    r"^(?:tt|stt|ghi chu|ty le|so phieu|xep loai|phan loai|danh hieu|hinh thuc|de nghi|ket qua"
    r"|bien che|dia chi|khoi|cum|loai|nhan xet|ly do|chu ky|ho (?:va )?ten|chuc vu|so luong|don vi)"
)


class _Column(NamedTuple):
    at: int
    kind: str  # "score", "total", "rank"; "plain" where the heading does not say that it is points
    scorer: Scorer | None
    heading: str
    group: str


def read_wide(reader: Reader, sheet: Sheet, header: Header) -> bool:
    """Read a wide sheet; False when its columns are not those of a score table."""
    unit_at = header.columns["unit"]
    end = header.end
    while end < len(sheet.rows) and sheet.rows[end][unit_at].value is None:
        if not any(isinstance(cell.value, str) for cell in sheet.rows[end]):
            break
        end += 1  # a second row of headings below an unmerged one
    columns = _wide_columns(sheet.rows[header.start : end], unit_at)
    rows = sheet.rows[end:]
    if years := _years(columns):
        _read_years(reader, sheet, header, rows, years)
        return True
    maxima = next(
        (
            {c.at: n for c in columns if (n := number_in(row[c.at].value)) is not None}
            for row in rows
            if any(MAX_ROW.match(plain(cell.value)) for cell in row[: unit_at + 1])
        ),
        {},
    )
    every, columns = columns, _settled(columns, rows, maxima)
    if not columns:
        return False
    _tell_unread(reader, sheet, every, columns, rows)
    about = about_of(reader, sheet, header.start)
    if about.year is None:
        no_year(reader, sheet)
        return True
    named = [c.scorer for c in columns if c.scorer]
    if not named or any(c.scorer is None and c.kind != "rank" for c in columns):
        scorer = known_scorer(reader, sheet, about)
    else:
        scorer = Scorer.COUNCIL if Scorer.COUNCIL in named else named[-1]
    found: list[tuple[Score, bool]] = []
    for row in rows:
        if any(MAX_ROW.match(plain(cell.value)) for cell in row[: unit_at + 1]):
            continue
        unit = _unit_in(row, unit_at, [c.at for c in columns])
        if unit:
            found += _wide_row(reader, about, unit, row, columns, scorer, maxima)
    reader.wide += with_signs(found)
    return True


def _tell_unread(
    reader: Reader, sheet: Sheet, every: Sequence[_Column], read: Sequence[_Column],
    rows: Sequence[Sequence[Cell]],
) -> None:  # fmt: skip
    """Columns of numbers that were not taken for criteria are a loss that is said."""
    known = {column.at for column in read}
    names = [
        f"“{column.heading}”"
        for column in every
        if column.at not in known
        and any(number_in(row[column.at].value) is not None for row in rows)
    ]
    if names:
        reader.problem(
            sheet.name, f"Không đọc cột {', '.join(names)}: không rõ là điểm của tiêu chí nào.",
            "Nếu là tiêu chí, ghi điểm tối đa vào tên cột, chẳng hạn: Kinh tế (40 điểm).",
            Severity.WARNING,
        )  # fmt: skip


def _unit_in(row: Sequence[Cell], unit_at: int, columns: Sequence[int]) -> str:
    """The unit of a row; "" for sums, dates and signatures."""
    unit = row[unit_at].value
    if not isinstance(unit, str) or number_in(unit) is not None or SUMMARY.match(plain(unit)):
        return ""
    numbered = any(number_in(cell.value) is not None for cell in row[:unit_at])
    return unit if numbered or any(number_in(row[at].value) is not None for at in columns) else ""


def _years(columns: Sequence[_Column]) -> dict[int, int]:
    """Column → year, where a table has one column for each of several years and no criteria."""
    found = {c.at: int(m[1]) for c in columns if (m := _YEAR.match(plain(c.heading)))}
    others = [c for c in columns if c.kind in ("score", "total") and c.at not in found]
    return found if len(found) > 1 and not others else {}


def _read_years(
    reader: Reader, sheet: Sheet, header: Header, rows: Sequence[Sequence[Cell]],
    years: Mapping[int, int],
) -> None:  # fmt: skip
    about = about_of(reader, sheet, header.start)
    scorer = known_scorer(reader, sheet, about)
    for row in rows:
        unit = _unit_in(row, header.columns["unit"], [*years])
        for at, year in years.items():
            points = reader.number(row[at], f"{unit}, năm {year}") if unit else None
            if points is not None:
                of_year = about._replace(year=year)
                reader.totals.append(total_of(reader, of_year, unit, scorer, (row[at], points)))


def _wide_columns(heads: Sequence[Sequence[Cell]], unit_at: int) -> list[_Column]:
    columns = []
    for at in range(unit_at + 1, len(heads[0])):
        path = list(dict.fromkeys(str(row[at].value) for row in heads if row[at].value is not None))
        scorer, names = None, []
        for name in path:
            found = scorer_in(plain(name))
            if found and not CODE.match(name) and not IN_HEADING.search(name):
                scorer = found
            else:
                names.append(name)
        last = names[-1] if names else ""
        if any(_RANK.match(plain(name)) for name in path):
            columns.append(_Column(at, "rank", scorer, last, ""))
        elif (scorer and not names) or any(TOTAL.match(plain(name)) for name in names):
            columns.append(_Column(at, "total", scorer, last, ""))
        elif last and (CODE.match(last) or IN_HEADING.search(last)):
            columns.append(_Column(at, "score", scorer, last, " ".join(names[:-1])))
        elif last and not _NO_CRITERION.match(plain(last)):
            columns.append(_Column(at, "plain", scorer, last, " ".join(names[:-1])))
    return columns


def _settled(
    columns: Sequence[_Column], rows: Sequence[Sequence[Cell]], maxima: Mapping[int, Decimal]
) -> list[_Column]:
    """The columns, those with plain headings ("Kinh tế") taken for criteria or left out.

    Bonuses and penalties are criteria, and what has a maximum. The others are, where with them most
    rows add up to their total, and without them they do not.
    """
    plain_ones = [c for c in columns if c.kind == "plain"]
    sure = [c for c in plain_ones if c.at in maxima or _BONUS.search(plain(c.heading))]
    rest = [c for c in plain_ones if c not in sure]
    scored = [c for c in columns if c.kind == "score"] + sure
    totals = [c for c in columns if c.kind == "total"]
    if len(totals) == 1:
        rest = [c for c in rest if c.at < totals[0].at]
        stated = [(row, n) for row in rows if (n := number_in(row[totals[0].at].value)) is not None]
        alone = sum(_sum(row, scored) == total for row, total in stated)
        together = sum(_sum(row, [*scored, *rest]) == total for row, total in stated)
        if rest and together > alone and 2 * together >= len(stated):
            scored += rest
    kept = [c._replace(kind="score") if c in scored else c for c in columns]
    return [c for c in kept if c.kind != "plain"]


def _sum(row: Sequence[Cell], columns: Sequence[_Column]) -> Decimal:
    added = Decimal(0)
    for column in columns:
        points = number_in(row[column.at].value) or Decimal(0)
        added += -abs(points) if _PENALTY.search(plain(column.heading)) else points
    return added


def _wide_row(
    reader: Reader, about: About, unit: str, row: Sequence[Cell], columns: Sequence[_Column],
    scorer: Scorer, maxima: dict[int, Decimal],
) -> Iterator[tuple[Score, bool]]:  # fmt: skip
    points_of: dict[Scorer, tuple[Cell, Decimal]] = {}
    rank_of: dict[Scorer, tuple[Cell, int]] = {}
    for column in columns:
        cell = row[column.at]
        by = column.scorer or scorer
        if column.kind == "rank":
            if (rank := rank_in(reader, unit, cell)) is not None:
                rank_of[by] = (cell, rank)
            continue
        criterion = criterion_of(column.heading, column.group, maxima.get(column.at))
        name = "tổng điểm" if column.kind == "total" else criterion.code
        points = reader.number(cell, f"{unit}, {name}")
        if points is None:
            continue
        if column.kind == "total":
            points_of[by] = (cell, points)
        else:
            yield score_of(reader, about, unit, criterion, by, points, cell), criterion.negative
    for by in Scorer:
        if by in points_of or by in rank_of:
            total = total_of(reader, about, unit, by, points_of.get(by), rank_of.get(by))
            reader.totals.append(total)
