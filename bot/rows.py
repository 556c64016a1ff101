"""The records that an answer speaks of, each with its source: what ``--json`` and ``--xlsx`` give."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.annals import FACTS
from bot.answer import Answer
from bot.finding import (
    Agreement,
    Audited,
    Awards,
    Change,
    Changes,
    Comparison,
    Criteria,
    CriterionPoints,
    Deductions,
    Finality,
    Finding,
    Gap,
    Gaps,
    Halves,
    InForce,
    Known,
    Lifespan,
    Mean,
    MeetingFacts,
    MeetingList,
    Members,
    Names,
    Offices,
    Points,
    Ranking,
    Reward,
    Salary,
    Series,
    Side,
    SideBySide,
    Together,
)
from corpus import Award, Fact, Record, Source

REGISTER = "register.csv"  # the source of what is known of a text that is not held
_HIDDEN = {"source", "sources", "base_document", "base_passage", "rounding"}
_OF_CLAUSES = (Reward, Salary, Together, Side)  # their texts are cited, not told as rows
_TEXTS = {"document", "passage", "personal", "base_row", "row"}
_HEADINGS = {
    "unit": "Đơn vị", "recipient": "Đơn vị/cá nhân", "person": "Cá nhân", "recorded_as": "Tên ghi trong bảng",
    "block": "Khối", "year": "Năm", "period": "Kỳ", "rank": "Hạng", "criterion": "Tiêu chí",
    "criterion_name": "Tên tiêu chí", "group": "Mã nhóm", "group_name": "Nhóm", "scorer": "Người chấm",
    "points": "Điểm", "max_points": "Điểm tối đa", "verdict": "Đạt hay không", "reason": "Lý do", "members": "Số đơn vị",
    "before_year": "Từ năm", "after_year": "Đến năm", "before": "Điểm trước", "after": "Điểm sau",
    "mean": "Điểm trung bình", "said": "Điểm báo cáo ghi", "title": "Hình thức, tên gọi", "level": "Cấp",
    "status": "Trạng thái", "count": "Số lượng", "decision": "Số quyết định", "decided_on": "Ngày quyết định",
    "kind": "Loại", "date": "Ngày họp", "document": "Tệp", "name": "Nội dung", "value": "Ghi là",
    "file": "Tệp", "place": "Vị trí", "message": "Vấn đề", "remedy": "Cách xử lý", "number": "Số hiệu",
    "effective": "Hiệu lực từ", "expires": "Hết hiệu lực từ", "coefficient": "Hệ số", "base": "Lương cơ sở",
    "exact": "Tiền thưởng", "paid": "Tiền thưởng làm tròn", "since": "Từ ngày", "until": "Đến ngày",
    "successor": "Tên mới", "source": "Nguồn",
}  # fmt: skip


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """Every record of an answer as JSON takes it: decimals are exact, as strings."""
    return [
        {
            "record": type(record).__name__.lower(),
            **_values(record, "json"),
            **more,
            "source": named,
        }
        for finding in answer.findings
        for record, more, named in _sourced(finding)
    ]


def sources_of(answer: Answer) -> tuple[Source, ...]:
    """Where the records of an answer stand, each place once, in the order in which they are told."""
    found = (
        source
        for finding in answer.findings
        for _, sources, _ in _records(finding)
        for source in sources
    )
    return tuple({(source.file, source.place): source for source in found}.values())


def cells_of(answer: Answer) -> list[dict[str, Any]]:
    """The same as rows of a table: decimals and dates as they are, what is nested drawn apart."""
    rows: list[dict[str, Any]] = []
    for finding in answer.findings:
        if isinstance(finding, Points):
            rows += _cells_of_points(finding)
            continue
        for record, more, named in _sourced(finding):
            values = {**_values(record, "python"), **more, "source": named}
            rows.append({k: v for k, v in values.items() if not isinstance(v, tuple | list | dict)})
    return rows


def _cells_of_points(finding: Points) -> list[dict[str, Any]]:
    sources = {scorer: str(source) for scorer, source in finding.sources}
    head = {"unit": finding.unit, "year": finding.year, "period": finding.period}
    totals = [
        {**head, "group_name": "", "scorer": scorer, "points": points, "source": sources[scorer]}
        for scorer, points in finding.sums
    ]
    groups = [
        {**head, "group_name": name or code, "scorer": finding.final, "points": points,
         "source": sources[finding.final]}
        for code, name, _, points in finding.groups
    ]  # fmt: skip
    return [*totals, *groups]


def worksheet(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """Rows for a worksheet, Vietnamese headings first; a column that is empty throughout is left out."""
    kept = [
        key for key in _HEADINGS
        if any(row.get(key) not in (None, "") for row in rows)
    ]  # fmt: skip
    if not kept:
        return []
    body = [[_cell(key, row.get(key)) for key in kept] for row in rows]
    return [[_HEADINGS[key] for key in kept], *body]


def _cell(key: str, value: Any) -> Any:
    return FACTS.get(value, value) if key == "name" and isinstance(value, str) else value


def _values(record: Record, mode: str) -> dict[str, Any]:
    hidden = _HIDDEN | _TEXTS if isinstance(record, _OF_CLAUSES) else _HIDDEN
    return record.model_dump(mode=mode, exclude=hidden)


def _sourced(finding: Finding) -> Iterator[tuple[Record, dict[str, Any], str]]:
    """The records of a finding, what else belongs to each, and its source in words."""
    for record, sources, more in _records(finding):
        yield record, more, "; ".join(map(str, sources))


def _records(finding: Finding) -> Iterator[tuple[Record, tuple[Source, ...], dict[str, Any]]]:
    match finding:
        case CriterionPoints():
            for score in finding.scores:
                # A condition has a verdict and no points.
                yield score, (score.source,), {"points": None} if score.verdict else {}
        case Deductions() if finding.penalties or finding.losses:
            for score in (*finding.penalties, *finding.losses):
                yield score, (score.source,), {}
        case Deductions() | Finality() | Agreement() | Members() | Mean():
            yield finding, (finding.source,), {}
        case Points():
            yield finding, tuple(source for _, source in finding.sources), {}
        case Series():
            for row in finding.rows:
                yield row, (row.source,), {"unit": finding.unit}
        case Ranking() | Comparison():
            for standing in finding.standings:
                yield standing, (finding.source,), {}
        case Change() | Gap() | Offices():
            yield finding, finding.sources, {}
        case Gaps():
            for gap in finding.gaps:
                yield gap, gap.sources, {}
        case Criteria():
            for criterion in finding.criteria:
                yield criterion, (finding.source,), {}
        case Changes():
            for change in finding.changes:
                yield change, change.sources, {}
        case Awards():
            for award in (*finding.awards, *finding.of_people):
                yield award, (award.source,), {}
        case MeetingFacts():
            facts = [
                f for f in finding.meeting.facts if not finding.asked or f.name in finding.asked
            ]
            said: list[Fact | Award] = [*facts, *finding.awards]
            for one in said:
                yield one, (one.source,), {}
        case MeetingList():
            for meeting in finding.meetings:
                yield meeting, (Source(file=meeting.document),), {}
        case Audited():
            for problem in finding.problems:
                yield problem, (Source(file=problem.file, place=problem.place),), {}
        case Names():
            for unit in finding.units:
                yield unit, (unit.source,), {}
        case Known():
            yield finding.validity, (Source(file=REGISTER),), {}
        case Reward():
            held = (finding.passage, finding.personal, finding.base_passage, finding.rounding)
            sources = [Source(file=p.document, place=str(p.place)) for p in held if p]
            if finding.base_row:
                sources.append(Source(file=REGISTER, place=finding.base_row.number))
            yield finding, tuple(sources), {}
        case Salary():
            place = str(finding.passage.place) if finding.passage else ""
            file = finding.passage.document if finding.passage else REGISTER
            yield (
                finding,
                (Source(file=file, place=place or (finding.row.number if finding.row else "")),),
                {},
            )
        case Together():
            place = str(finding.passage.place)
            yield finding, (Source(file=finding.passage.document, place=place),), {}
        case Lifespan():
            clauses = [r.source for r in (*finding.replaced, *finding.amended, *finding.repealed)]
            yield finding.validity, (Source(file=REGISTER), *clauses), {}
        case InForce():
            for validity, _ in finding.texts:
                yield validity, (Source(file=REGISTER),), {}
        case Halves():
            for half in finding.halves:
                yield half, (Source(file=REGISTER, place=half.number),), {}
        case SideBySide():
            for side in (finding.older, finding.newer):
                if side:
                    yield side, (Source(file=side.document.path, place=str(side.place)),), {}
