"""What was read of a documents folder, as one page for the administrator: ``--report FILE.html``.

Whoever knows a law sees at a glance, from its table of contents, whether it was read right.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from corpus import Corpus, Document, Kind, Meeting, Passage, Problem, Severity, Total

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:64em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.2em .5em;
text-align:left;vertical-align:top}summary{cursor:pointer}.lỗi{color:#a00}.cảnh{color:#960}
.đối{color:#06c}h2{margin-top:2em}small{color:#666}
"""
_KINDS = {
    Kind.REGULATION: "Văn bản quy định", Kind.MEETING: "Báo cáo cuộc họp",
    Kind.SCORES: "Bảng điểm", Kind.AWARDS: "Bảng khen thưởng", Kind.UNITS: "Danh sách đơn vị",
}  # fmt: skip
_FACTS = {
    "date": "ngày họp", "place": "địa điểm", "block": "khối", "host": "đơn vị đăng cai",
    "chair": "chủ trì", "lead_unit": "khối trưởng", "deputy_unit": "khối phó",
    "next_lead_unit": "khối trưởng khóa sau", "next_deputy_unit": "khối phó khóa sau",
    "members": "thành viên",
}  # fmt: skip


class ReportError(Exception):
    """The report cannot be written. The message is Vietnamese and says the remedy."""


def write(path: Path, corpus: Corpus, folder: str, today: datetime.date) -> None:
    """Write the page of ``page`` to ``path``. Raises ReportError."""
    try:
        path.write_text(page(corpus, folder, today), encoding="utf-8")
    except OSError as error:
        raise ReportError(
            f"Không ghi được báo cáo {path} ({error.strerror}). Hãy chọn tệp khác."
        ) from error


def page(corpus: Corpus, folder: str, today: datetime.date) -> str:
    """The whole page. Every text of a document is escaped; the page loads nothing from elsewhere."""
    problems: dict[str, list[Problem]] = defaultdict(list)
    for problem in corpus.problems:
        problems[problem.file].append(problem)
    counts = Counter(problem.severity for problem in corpus.problems)
    said = ", ".join(f"{counts[s]} {s.value}" for s in Severity if counts[s]) or "không có"
    parts = [
        "<!doctype html><html lang=vi><meta charset=utf-8><title>Báo cáo đọc tài liệu</title>",
        f"<style>{_STYLE}</style><h1>Báo cáo đọc tài liệu</h1>",
        f"<p>Thư mục {escape(folder)}, ngày {today:%d/%m/%Y}: đọc được {len(corpus.documents)} tệp, "
        f"{len(corpus.passages)} đoạn trích. Vấn đề: {said}.</p>",
        "<h2>Vấn đề</h2>", _problems(_by_severity(corpus.problems), with_file=True),
    ]  # fmt: skip
    for kind, name in _KINDS.items():
        documents = [d for d in corpus.documents if d.kind is kind and not d.parent]
        if documents:
            parts.append(f"<h2>{name} ({len(documents)})</h2>")
            parts += [_document(corpus, document, problems) for document in documents]
    return "\n".join(parts) + "\n"


def _by_severity(problems: Iterable[Problem]) -> list[Problem]:
    order = list(Severity)
    return sorted(problems, key=lambda p: (order.index(p.severity), p.file, p.place))


def _problems(problems: Sequence[Problem], with_file: bool = False) -> str:
    if not problems:
        return "<p>Không có vấn đề nào.</p>" if with_file else ""
    rows = []
    for p in problems:
        where = escape(", ".join(filter(None, (p.file if with_file else "", p.place))))
        mark = p.severity.value.split()[0]
        rows.append(
            f"<tr><td class={mark}>{p.severity.value}<td>{where}<td>{escape(p.message)}"
            f"<td>{escape(p.remedy)}"
        )
    return "<table><tr><th>Mức<th>Nơi<th>Vấn đề<th>Cách xử lý" + "".join(rows) + "</table>"


def _document(corpus: Corpus, document: Document, problems: Mapping[str, list[Problem]]) -> str:
    passages = [p for p in corpus.passages if p.document == document.path]
    annexes = [d for d in corpus.documents if d.parent == document.path]
    body = {
        Kind.REGULATION: lambda: _regulation(document, passages) + _annexes(corpus, annexes),
        Kind.MEETING: lambda: _meeting(
            next((m for m in corpus.meetings if m.document == document.path), None),
            [t for t in corpus.totals if t.source.file == document.path],
        ),
    }.get(document.kind, lambda: _tables(corpus, document))()
    own = _by_severity(problems.get(document.path, ()))
    mark = f" – {len(own)} vấn đề" if own else ""
    return (
        f"<details><summary><b>{escape(document.title)}</b> "
        f"<small>{escape(document.path)}{mark}</small></summary>{_problems(own)}{body}</details>"
    )


def _table(rows: Iterable[tuple[str, str]]) -> str:
    made = "".join(f"<tr><th>{name}<td>{escape(value)}" for name, value in rows if value)
    return f"<table>{made}</table>" if made else ""


def _regulation(document: Document, passages: Sequence[Passage]) -> str:
    def day(date: datetime.date | None) -> str:
        return f"{date:%d/%m/%Y}" if date else ""

    facts = _table(
        [
            ("Số hiệu", document.number), ("Loại", document.form), ("Cơ quan", document.issuer),
            ("Ngày ký", day(document.issued)), ("Hiệu lực từ", day(document.effective)),
            ("Hết hiệu lực từ", day(document.expires)),
            ("Thay thế bởi", ", ".join(document.replaced_by)),
            ("Sửa đổi bởi", ", ".join(document.amended_by)), ("Kiểm tra", document.checked),
        ]
    )  # fmt: skip
    lines: list[str] = []
    seen: set[tuple[str, ...]] = set()
    articles = 0
    for passage in passages:
        for i in range(len(passage.headings)):
            key = passage.headings[: i + 1]
            if key not in seen:
                seen.add(key)
                articles += key[-1].startswith("Điều ")
                lines.append(f"{'&emsp;' * i}{escape(key[-1])}")
    recognised = [p.sure for p in passages if p.sure is not None]
    ocr = (
        f" Nhận dạng ảnh: {len(recognised)} đoạn, thấp nhất {min(recognised)}%."
        if recognised
        else ""
    )
    return (
        f"{facts}<p>Mục lục: {articles} Điều, {len(passages)} đoạn trích.{ocr}</p>"
        + "<br>".join(lines)
    )


def _annexes(corpus: Corpus, annexes: Sequence[Document]) -> str:
    if not annexes:
        return ""
    sizes = Counter(passage.document for passage in corpus.passages)
    rows = [(escape(a.annex), f"{sizes[a.path]} đoạn trích") for a in annexes]
    return f"<p>Phụ lục, biểu mẫu ({len(annexes)}):</p>{_table(rows)}"


def _meeting(meeting: Meeting | None, totals: Sequence[Total]) -> str:
    if meeting is None:
        return ""
    rows = [("loại", meeting.kind, ""), ("năm", str(meeting.year or ""), "")]
    rows += [
        (_FACTS.get(f.name, f.name), f.value + (" (suy ra)" if f.inferred else ""), f.source.quote)
        for f in meeting.facts
    ]
    rows += [(f"điểm, hạng: {t.unit}", _mark(t), t.source.quote) for t in totals]
    return (
        "<table><tr><th>Điều đọc được<th>Giá trị<th>Câu trong báo cáo"
        + "".join(
            f"<tr><td>{name}<td>{escape(value)}<td>{escape(quote)}"
            for name, value, quote in rows
            if value
        )
        + "</table>"
    )


def _mark(total: Total) -> str:
    points = f"{total.points.normalize():f}".replace(".", ",") if total.points is not None else ""
    said = (points, f"hạng {total.rank}" if total.rank else "", total.scorer or "")
    return ", ".join(filter(None, said))


def _tables(corpus: Corpus, document: Document) -> str:
    mine = [s for s in corpus.scores if s.source.file == document.path]
    years = Counter(str(score.year) for score in mine)
    return _table(
        [
            ("Ô điểm", ", ".join(f"năm {year}: {n}" for year, n in sorted(years.items()))),
            ("Đơn vị được chấm", ", ".join(sorted({score.unit for score in mine}))),
            ("Tổng, hạng ghi sẵn", _count(t.source.file == document.path for t in corpus.totals)),
            ("Khen thưởng", _count(a.source.file == document.path for a in corpus.awards)),
            ("Tên đơn vị", _count(u.source.file == document.path for u in corpus.units)),
        ]
    )


def _count(found: Iterable[bool]) -> str:
    return str(sum(found) or "")
