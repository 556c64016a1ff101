"""What the headings of score tables say: year, block, who scored; a criterion, its maximum, its kind."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpus.files import Cell, Sheet
from corpus.records import CriterionKind, Score, Scorer, Severity, Source, Total
from corpus.schemes import Scheme, is_condition, verdict_in
from corpus.tables import (
    Reader,
)
from corpus.values import (
    is_blank,
    number_in,
    plain,
    scorer_in,
    show,
)

CODE = re.compile(
    r"^((?:[IVXLC]+|[A-Z]|\d+)(?:\.\d+)+|(?:[IVXLC]+|[A-Za-zđ]|\d+)(?=[.)]))[.)]?\s*(?=\S)(.+)$",
    re.S,
)
IN_HEADING = re.compile(
    r"\s*\(?\s*((?:điểm\s+)?trừ\s+)?tối đa:?\s*([-−–]?\d+(?:[.,]\d+)?)\s*(?:điểm|đ)?\s*\)?|"
    r"\s*\(\s*(trừ\s+)?([-−–]?\d+(?:[.,]\d+)?)\s*(?:điểm|đ)\s*\)",
    re.I,
)
TOTAL = re.compile(
    r"(?:tong|cong)(?: cong)?(?: so)?(?: diem)?(?: thi dua)?(?: dat(?: duoc)?)?(?: ?\(.*)?$"
)
MAX_ROW = re.compile(r"diem (?:toi da|chuan)|thang diem|toi da$")
_RANK_WORDS = {"nhat": 1, "nhi": 2, "ba": 3, "tu": 4, "nam": 5}
_BLOCK = re.compile(
    r"\b(?:khối|cụm)\s+(?:thi đua|các|số)\b.*?"
    r"(?=\s+năm\s+\d{4}|\s*[(;]|\s+[-–]\s+(?:bảng|kết quả|tổng hợp|năm|điểm)\b|$)",
    re.I,
)
_PERIODS = (
    (re.compile(r"\b6 thang dau nam\b|\b6 thang\b(?! cuoi)"), "6 tháng đầu năm"),
    (re.compile(r"\b6 thang cuoi nam\b"), "6 tháng cuối năm"),
    (re.compile(r"\b9 thang\b"), "9 tháng đầu năm"),
    (re.compile(r"\bquy (iv|i{1,3}|[1-4])\b"), "quý {}"),
)


OUT_OF_TABLE = re.compile(
    r"^(?:nguoi lap|thu truong|truong khoi|truong cum|cum truong|khoi truong|noi nhan|ghi chu|ngay\b"
    r"|chu tich|giam doc|t/?m\b|kt\b)|, ngay \d"
)


class About(NamedTuple):
    """What the title rows, the sheet's name and the file's name say of a table."""

    year: int | None
    period: str
    block: str
    scorer: Scorer | None


def about_of(reader: Reader, sheet: Sheet, start: int) -> About:
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
    return About(
        next(iter(years), None),
        period_in(text) or "cả năm",
        max(blocks, key=len, default=""),
        scorer,
    )


def _years(text: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)}


def period_in(folded: str) -> str:
    for pattern, name in _PERIODS:
        if match := pattern.search(folded):
            return name.format(match[1].upper()) if "{}" in name else name
    return ""


def coded(text: str) -> tuple[str, str]:
    """ "I.1 Hoàn thành" → ("I.1", "Hoàn thành"); without a code the name stands for both."""
    text = re.sub(r"\s+", " ", text).strip()
    match = CODE.match(text)
    return (match[1], match[2].strip()) if match else (text, text)


def _kind(group: str, criterion: str, maximum: Decimal | None, deducted: bool) -> CriterionKind:
    words = f"{plain(group)} ; {plain(criterion)}"
    if deducted or (maximum is not None and maximum < 0) or re.search(r"\bdiem tru\b", words):
        return CriterionKind.PENALTY
    # "Khen thưởng" is no bonus: only points that are said to be one.
    if re.search(r"\bdiem (?:thuong|cong)\b", words):
        return CriterionKind.BONUS
    return CriterionKind.BASE


class Criterion(NamedTuple):
    code: str
    name: str
    group: str
    group_name: str
    kind: CriterionKind
    maximum: Decimal | None
    negative: bool  # the maximum itself is written as a negative number
    levels: tuple[Decimal, ...] = ()
    inverse: bool = False


def criterion_of(
    text: str, group: str, maximum: Decimal | None = None, code: str = ""
) -> Criterion:
    deducted = False
    negative = maximum is not None and maximum < 0
    if match := IN_HEADING.search(text):
        text = (text[: match.start()] + " " + text[match.end() :]).strip(" -:")
        deducted = bool(match[1] or match[3])
        if maximum is None:
            maximum = number_in(match[2] or match[4])
            negative = maximum is not None and maximum < 0
    own, name = coded(text)
    group_code, group_name = coded(group) if group else ("", "")
    if not group and re.match(r"^(?:[IVXLC]+|[A-Z])\.\d", own):
        group_code = own.split(".")[0]
    elif not group and re.match(r"^(?:[IVXLC]+|[A-Z])$|\D{3}", code or own):
        group_code, group_name = code or own, name  # "II", or no number at all: a group of its own
    kind = _kind(group, name, maximum, deducted)
    if kind is CriterionKind.PENALTY and maximum is not None:
        maximum = -abs(maximum)
    return Criterion(code or own, name, group_code, group_name, kind, maximum, negative)


def score_of(
    reader: Reader, about: About, unit: str, criterion: Criterion, scorer: Scorer,
    points: Decimal, cell: Cell, reason: str = "",
) -> Score:  # fmt: skip
    assert about.year is not None
    return Score(
        unit=unit, block=about.block, year=about.year, period=about.period,
        criterion=criterion.code, criterion_name=criterion.name, group=criterion.group,
        group_name=criterion.group_name, kind=criterion.kind, scorer=scorer, points=points,
        max_points=criterion.maximum, levels=criterion.levels, inverse=criterion.inverse,
        reason=reason, source=reader.source(cell),
    )  # fmt: skip


def with_scheme(criterion: Criterion, scheme: Scheme) -> Criterion:
    """The criterion with its levels and its sense; a penalty's levels are negative."""
    penalty = criterion.kind is CriterionKind.PENALTY
    levels = tuple(-abs(level) if penalty else level for level in scheme.levels)
    return criterion._replace(levels=levels, inverse=scheme.inverse)


def scores_of(
    reader: Reader, about: About, criterion: Criterion, scheme: Scheme,
    given: Sequence[tuple[str, Scorer, Cell]], reason: str,
) -> Iterator[tuple[Score, bool]]:  # fmt: skip
    """What the cells of one row give (unit, scorer, cell): points, or verdicts on a condition."""
    condition = is_condition(scheme, [cell for *_, cell in given])
    criterion = with_scheme(criterion, scheme)
    for unit, scorer, cell in given:
        if condition:
            points, verdict = Decimal(0), verdict_in(cell)
            if not verdict and not is_blank(cell.value):
                reader.problem(
                    cell.place,
                    f"{unit}, điều kiện {criterion.code}, {scorer}: “{show(cell.value)}” không cho biết "
                    "đạt hay không nên bỏ qua.",
                    "Ghi Đạt hoặc Không đạt; nếu là tiêu chí chấm điểm thì ghi điểm tối đa.",
                )  # fmt: skip
            if not verdict:
                continue
            criterion = criterion._replace(kind=CriterionKind.VETO, maximum=None, levels=())
        else:
            number = reader.number(cell, f"{unit}, {criterion.code}, {scorer}")
            if number is None:
                continue
            points, verdict = number, ""
        score = score_of(reader, about, unit, criterion, scorer, points, cell, reason)
        yield score.model_copy(update={"verdict": verdict}), criterion.negative and not condition


def with_signs(scores: list[tuple[Score, bool]]) -> list[Score]:
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


def without_subtotals(scores: list[Score]) -> list[Score]:
    """The scores without the rows that sum others: "I" where "I.1" and "I.2" stand too."""
    parents = {
        (s.unit, s.year, s.period, s.criterion.rsplit(".", 1)[0])
        for s in scores
        if "." in s.criterion and s.kind is not CriterionKind.VETO
    }
    return [
        s
        for s in scores
        if s.kind is CriterionKind.VETO or (s.unit, s.year, s.period, s.criterion) not in parents
    ]


def known_scorer(reader: Reader, sheet: Sheet, about: About) -> Scorer:
    if about.scorer is None:
        reader.problem(
            sheet.name, "Bảng không ghi ai chấm điểm; tạm hiểu là khối chấm.",
            "Ghi rõ ở tiêu đề, chẳng hạn: Điểm Hội đồng thẩm định.", Severity.WARNING,
        )  # fmt: skip
    return about.scorer or Scorer.BLOCK


def no_year(reader: Reader, sheet: Sheet) -> None:
    reader.problem(
        sheet.name, "Không rõ bảng điểm này của năm nào nên bỏ qua.",
        "Ghi năm vào tên trang, chẳng hạn: Năm 2024.",
    )  # fmt: skip


def total_of(
    reader: Reader, about: About, unit: str, scorer: Scorer, points: tuple[Cell, Decimal] | None,
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


def rank_in(reader: Reader, unit: str, cell: Cell) -> int | None:
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
