"""``Answer`` → messages: every Vietnamese word that a user reads.

A message is built from parts; a part never breaks inside a tag, so a long answer can be cut anywhere
between parts. Everything that comes from a document or a user is escaped.
"""

import datetime
import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation
from bot.finding import (
    Absence,
    Agreement,
    Audited,
    Awards,
    Bound,
    Change,
    Changes,
    Choice,
    Comparison,
    Criteria,
    CriterionPoints,
    Deductions,
    Finality,
    Finding,
    Gap,
    Gaps,
    Known,
    Lack,
    Mean,
    MeetingFacts,
    MeetingList,
    Members,
    Names,
    Offices,
    Points,
    Ranking,
    Reward,
    Series,
)
from corpus import Award, Document, Kind, Meeting, Record, Score, Scorer, Status, fold
from index import Standing

LIMIT = 4096  # UTF-16 units in one Telegram message, counted after the markup is parsed
_SHORT_QUOTE = 320
_SHOWN_CITATIONS = 2
_CLOSE = 0.9  # a second clause is quoted too when it is this near to the first
_SHOWN_ROWS = 30
_CITED = 5


class Button(Record):
    """One inline button. ``data`` has at most 64 bytes."""

    label: str
    data: str


class Message(Record):
    """One message in Telegram's HTML, the same without markup, and its rows of buttons."""

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class _Style(StrEnum):
    TEXT = "text"
    QUOTE = "quote"


class _Part(Record):
    """A piece of a message: ``text`` is HTML for TEXT and raw words for QUOTE."""

    text: str
    style: _Style = _Style.TEXT


# --- whole answers --------------------------------------------------------------------------------


def messages(answer: Answer) -> tuple[Message, ...]:
    """The answer as Telegram messages, each within the limit; the buttons under the last."""
    packed = _packed(_parts(answer))
    rows = _buttons(answer)
    return tuple(
        Message(html=text, plain=plain_of(text), buttons=rows if i == len(packed) - 1 else ())
        for i, text in enumerate(packed)
    )


def plain(answer: Answer) -> str:
    """The answer as the user reads it, without markup."""
    return "\n\n".join(plain_of(_html(part)) for part in _parts(answer))


def plain_of(text: str) -> str:
    """Telegram HTML without its markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _parts(answer: Answer) -> list[_Part]:
    if answer.choice:
        return [_Part(text=text) for text in _choice(answer.choice)]
    if answer.absence:
        told = (c for c in answer.warnings if c.caution in (Caution.MERGED, Caution.RENAMED))
        history = [_Part(text=f"⚠️ {_e(text)}") for text in _caveats(told)]
        return [*_absence(answer.absence, answer), *history]
    parts = [_Part(text=text) for finding in answer.findings for text in _finding(finding)]
    if read := _readings(answer.warnings):
        parts.insert(0, _Part(text=read))
    if answer.question.read_as:
        parts.insert(0, _Part(text=f"Hiểu câu hỏi là: “{_e(answer.question.read_as)}”"))
    if answer.kind is AnswerKind.PARTIAL and (unsure := _unsure(answer.warnings)):
        parts.insert(0, _Part(text=unsure))
    # What a record rests on is quoted whole; of clauses, the first and what is as near.
    of_records = any(not isinstance(f, Known | Reward) for f in answer.findings)
    shown = [
        c
        for i, c in enumerate(answer.citations)
        if i == 0
        or of_records
        or (i < _SHOWN_CITATIONS and c.relevance >= _CLOSE * answer.citations[0].relevance)
        or question_names_place(answer)
    ]
    for citation in shown[:_CITED]:
        parts += _citation(citation, answer, first=citation is answer.citations[0])
    more = answer.citations[len(shown[:_CITED]) :]
    if more:
        names = "; ".join(_e(f"{_short(c)}") for c in more)
        parts.append(_Part(text=f"Xem thêm: {names}."))
    parts += [_Part(text=f"⚠️ {_e(text)}") for text in _caveats(answer.warnings)]
    if answer.question.dated and any(c.document.kind is Kind.REGULATION for c in answer.citations):
        parts.append(_Part(text=f"Áp dụng quy định tại ngày {_day(answer.as_of)}."))
    return parts


def _choice(choice: Choice) -> list[str]:
    """What is not clear, and the ways to understand it, numbered for those who have no buttons."""
    options = choice.options
    if len(options) == 1:
        lead = f"Kho không có đơn vị “{_e(choice.typed)}”. Có phải anh/chị muốn hỏi đơn vị này?"
    else:
        lead = f"“{_e(choice.typed)}” có thể là nhiều đơn vị. Anh/chị muốn hỏi đơn vị nào?"
    return ["\n".join([lead, *(f"{n}. {_e(name)}" for n, name in enumerate(options, start=1))])]


def _readings(caveats: Iterable[Caveat]) -> str:
    read = [c.about for c in caveats if c.caution is Caution.READ]
    return "\n".join(f"Hiểu “{_e(typed)}” là <b>{_e(unit)}</b>." for typed, unit in read)


class Picture(Record):
    """What to draw: bars, or a line over the years. ``alt`` says it in words."""

    title: str
    labels: tuple[str, ...]
    values: tuple[Decimal, ...]
    limits: tuple[Decimal, ...] = ()  # the most there was to have, beside each value
    mean: Decimal | None = None
    mean_label: str = ""
    over_time: bool = False
    alt: str


_DRAWN = re.compile(r"\bbieu do\b|\bdo thi\b|\bve\b.*\bdiem\b")
_FEW = 3  # a picture of less says no more than the words
_ALT = 900  # Telegram shows 1024 characters below a picture


def picture(answer: Answer) -> Picture | None:
    """The picture that an answer can be drawn as; None where there is nothing to look at."""
    for finding in answer.findings:
        match finding:
            case Ranking() if len(finding.standings) >= 2:
                return _picture_of_ranking(finding)
            case Series() if len(finding.rows) >= 2:
                return _picture_of_series(finding)
            case Changes() if len(finding.changes) >= 2:
                return _picture_of_changes(finding)
            case Comparison():
                return _picture_of_comparison(finding)
            case Points() if finding.groups:
                return _picture_of_groups(finding)
            case _:
                pass
    return None


def illustrated(answer: Answer) -> Picture | None:
    """The picture to send unasked: where there is much to compare, or one was asked for."""
    wanted = bool(_DRAWN.search(answer.question.folded))
    many = any(
        (isinstance(f, Ranking) and len(f.standings) > _FEW and f.mean is not None)
        or (isinstance(f, Series) and len(f.rows) >= _FEW)
        for f in answer.findings
    )
    return picture(answer) if wanted or many else None


def _alt(title: str, labels: Sequence[str], values: Sequence[Decimal]) -> str:
    told = "; ".join(f"{label} {number(v)}" for label, v in zip(labels, values, strict=True))
    text = f"Biểu đồ: {title}. {told}."
    return text if len(text) <= _ALT else f"{text[: text.rfind(';', 0, _ALT)]}…"


def _picture_of_ranking(f: Ranking) -> Picture:
    what = f", {f.criterion}" if f.criterion else ""
    title = f"{f.block} {_period(f.period, f.year)}{what}: {f.scorer.value}"
    labels = tuple(f"{s.rank}. {s.unit}" for s in f.standings)
    values = tuple(s.points for s in f.standings)
    mean = f"Nét đứt: trung bình {number(f.mean)}" if f.mean is not None else ""
    return Picture(title=title, labels=labels, values=values, mean=f.mean, mean_label=mean,
                   alt=_alt(title, labels, values))  # fmt: skip


def _picture_of_series(f: Series) -> Picture:
    title = f"Điểm {f.rows[0].scorer.value} của {f.unit} qua các năm"
    labels = tuple(
        str(r.year) if r.period in ("", "cả năm") else _period(r.period, r.year) for r in f.rows
    )
    values = tuple(r.points for r in f.rows)
    return Picture(title=title, labels=labels, values=values, over_time=True,
                   alt=_alt(title, labels, values))  # fmt: skip


def _picture_of_changes(f: Changes) -> Picture:
    first = f.changes[0]
    title = f"Thay đổi điểm từ {first.before_year} đến {first.after_year}: {first.scorer.value}"
    labels = tuple(c.unit for c in f.changes)
    values = tuple(c.difference for c in f.changes)
    return Picture(title=title, labels=labels, values=values, alt=_alt(title, labels, values))


def _picture_of_comparison(f: Comparison) -> Picture:
    title = f"So sánh điểm {_period(f.period, f.year)}: {f.scorer.value}"
    labels = tuple(f"{s.rank}. {s.unit}" for s in f.standings)
    values = tuple(s.points for s in f.standings)
    return Picture(title=title, labels=labels, values=values, alt=_alt(title, labels, values))


def _picture_of_groups(f: Points) -> Picture:
    most = dict(f.maxima)
    title = f"{f.unit}, {_period(f.period, f.year)}: điểm từng nhóm ({f.final.value})"
    labels = tuple(name or code for code, name, _, _ in f.groups)
    values = tuple(points for *_, points in f.groups)
    limits = tuple(most.get(code, Decimal(0)) for code, *_ in f.groups) if most else ()
    return Picture(title=title, labels=labels, values=values, limits=limits,
                   alt=_alt(title, labels, values))  # fmt: skip


_HEADINGS = {
    "unit": "Đơn vị", "recipient": "Đơn vị/cá nhân", "person": "Cá nhân", "recorded_as": "Tên ghi trong bảng",
    "block": "Khối", "year": "Năm", "period": "Kỳ", "rank": "Hạng", "criterion": "Tiêu chí",
    "criterion_name": "Tên tiêu chí", "group": "Mã nhóm", "group_name": "Nhóm", "scorer": "Người chấm",
    "points": "Điểm", "max_points": "Điểm tối đa", "reason": "Lý do", "members": "Số đơn vị",
    "before_year": "Từ năm", "after_year": "Đến năm", "before": "Điểm trước", "after": "Điểm sau",
    "mean": "Điểm trung bình", "said": "Điểm báo cáo ghi", "title": "Hình thức, tên gọi", "level": "Cấp",
    "status": "Trạng thái", "count": "Số lượng", "decision": "Số quyết định", "decided_on": "Ngày quyết định",
    "kind": "Loại", "date": "Ngày họp", "document": "Tệp", "name": "Nội dung", "value": "Ghi là",
    "file": "Tệp", "place": "Vị trí", "message": "Vấn đề", "remedy": "Cách xử lý", "number": "Số hiệu",
    "effective": "Hiệu lực từ", "expires": "Hết hiệu lực từ", "coefficient": "Hệ số", "base": "Lương cơ sở",
    "exact": "Tiền thưởng", "paid": "Tiền thưởng làm tròn", "since": "Từ ngày", "until": "Đến ngày",
    "successor": "Tên mới", "source": "Nguồn",
}  # fmt: skip


def table(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
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
    return _FACTS.get(value, value) if key == "name" and isinstance(value, str) else value


def question_names_place(answer: Answer) -> bool:
    """True when the question named the Điều itself: then all that was fetched is shown."""
    return bool(answer.question.place.article)


def _citation(citation: Citation, answer: Answer, first: bool) -> list[_Part]:
    document = citation.document
    quote = citation.quote
    if not first and len(quote) > _SHORT_QUOTE and answer.citations[0] is not citation:
        # Beside the first, a long clause is shown by its opening, cut at a line or a sentence.
        cut = max(
            quote.rfind("\n", 0, _SHORT_QUOTE),
            quote.rfind("; ", 0, _SHORT_QUOTE),
            quote.rfind(". ", 0, _SHORT_QUOTE),
        )
        quote = quote[: cut + 1 if cut > 80 else _SHORT_QUOTE].rstrip() + " […]"
    if document.kind is Kind.REGULATION:
        lead = f"Theo <b>{_e(str(citation.place))}, {_e(_named(document))}</b>"
        if not first:
            lead = f"Liên quan: <b>{_e(str(citation.place))}, {_e(_named(document))}</b>"
        force = _in_force(document)
        # A điểm is read with what opens its khoản: "… đạt một trong các tiêu chuẩn sau đây:".
        opening = [text for text in citation.around[1:] if citation.place.point]
        return [
            _Part(text=f"{lead}{f' ({force})' if force else ''}:"),
            _Part(
                text="\n".join([*opening, *(["[…]"] if opening else []), quote]), style=_Style.QUOTE
            ),
        ]
    date = f", ngày {_day(document.issued)}" if document.issued else ""
    lead = f"Trích báo cáo <b>“{_e(document.title)}”</b>{date}, {_e(str(citation.place))}:"
    return [_Part(text=lead), _Part(text=quote, style=_Style.QUOTE)]


def _named(document: Document) -> str:
    if not document.number:
        return document.title
    if len(document.title) > 90 and document.form:
        return f"{document.form} số {document.number}"
    return f"{document.title} (số {document.number})"


def _short(citation: Citation) -> str:
    return f"{citation.place}, {citation.document.name}"


def _in_force(document: Document) -> str:
    words = []
    if document.effective:
        words.append(f"hiệu lực từ {_day(document.effective)}")
    if document.expires:
        words.append(f"hết hiệu lực từ {_day(document.expires)}")
    return ", ".join(words)


# --- findings -------------------------------------------------------------------------------------


def _finding(finding: Finding) -> list[str]:
    return _WORDING[type(finding)](finding)  # type: ignore[operator]


def _points(f: Points) -> list[str]:
    sums = dict(f.sums)
    who = f"<b>{_e(f.unit)}</b>{_once_called(f.recorded_as, f.unit, f.year)}"
    when = _period(f.period, f.year)
    asked = [s for s in f.asked if s in sums]
    tie = " (đồng hạng)" if f.shared else ""
    # One unit's own form says nothing of its rank.
    rank = f", xếp thứ {f.rank}/{f.members} trong khối{tie}" if f.rank and f.members > 1 else ""
    if asked and f.final not in asked:
        lead = "; ".join(f"{s.value} {number(sums[s])} điểm" for s in asked)
        text = f"{who}, {when}: <b>{lead}</b>."
        text += f" Điểm cuối cùng là điểm {f.final.value}: {number(sums[f.final])}{rank}."
    else:
        text = f"{who}, {when}: <b>{number(sums[f.final])} điểm</b> ({f.final.value}){rank}."
    others = [f"{s.value} {number(p)}" for s, p in f.sums if s is not f.final and s not in asked]
    if asked and f.final in asked:
        others = [f"{s.value} {number(p)}" for s, p in f.sums if s is not f.final]
    lines = [text, *_not_final(f.final, f.final)]
    if others:
        lines.append(f"Các lần chấm khác: {', '.join(others)}.")
    if f.groups:
        lines.append(
            "\n".join(
                f"• {_e(name or code or 'Tiêu chí khác')}: {number(points)}"
                for code, name, _, points in f.groups
            )
        )
    for total in f.stated:
        if total.points is not None and total.points != sums[f.final]:
            lines.append(
                f"⚠️ {'Bảng tổng hợp' if '!' in total.source.place else 'Báo cáo'} ghi "
                f"{number(total.points)} điểm ({_e(str(total.source))}), "
                f"khác tổng các tiêu chí là {number(sums[f.final])}."
            )
    shown = {f.final, *asked}
    lines.append(_source(str(source) for scorer, source in f.sources if scorer in shown))
    return ["\n".join(lines)]


def _once_called(recorded: str, unit: str, year: int) -> str:
    """The name of the workbook's day, where it is not the present one."""
    return f" (bảng năm {year} ghi tên “{_e(recorded)}”)" if recorded not in ("", unit) else ""


def _not_final(scorer: Scorer, final: Scorer) -> list[str]:
    """What a reader must know of points that are not the council's."""
    if scorer is not final:
        return [f"Đây là điểm {scorer.value}; điểm cuối cùng là điểm {final.value}."]
    if final is Scorer.COUNCIL:
        return []
    return [
        f"Chưa có điểm Hội đồng thẩm định; đây là điểm {final.value}, chưa phải điểm cuối cùng."
    ]


def _criterion(f: CriterionPoints) -> list[str]:
    by_code: dict[str, list[Score]] = {}
    for score in f.scores:
        by_code.setdefault(score.criterion, []).append(score)
    lines = [f"<b>{_e(f.unit)}</b>, {_period(f.period, f.year)}:"]
    if f.group:
        sums = dict(f.sums)
        others = ", ".join(f"{s.value} {number(p)}" for s, p in f.sums if s is not f.final)
        lines = [
            f"<b>{_e(f.unit)}</b>, {_period(f.period, f.year)}, {_e(f.group)}: "
            f"<b>{number(sums[f.final])} điểm</b> ({f.final.value}{f'; {others}' if others else ''})."
        ]
    for scores in by_code.values():
        top = scores[0].max_points
        most = f" (tối đa {number(top)})" if top is not None and top > 0 else ""
        given = ", ".join(f"{s.scorer.value} <b>{number(s.points)}</b>" for s in scores)
        if f.group:
            given = "; ".join(f"<b>{number(s.points)}</b>" for s in scores if s.scorer is f.final)
        lines.append(f"• {_coded(scores[0])}{most}: {given}.")
        reasons = dict.fromkeys(s.reason for s in scores if s.reason)
        lines += [f"  Lý do: {_e(reason)}." for reason in reasons]
    lines += _not_final(f.final, f.final)
    cells = [s.source for s in f.scores if s.scorer is f.final] if f.group else None
    sources = cells or [s.source for s in f.scores]
    lines.append(_source(map(str, sources[:6])))
    return ["\n".join(lines)]


def _coded(score: Score) -> str:
    """A criterion's code and name, once where both are the same."""
    same = score.criterion == score.criterion_name
    return _e(score.criterion if same else f"{score.criterion} {score.criterion_name}".strip())


def _series(f: Series) -> list[str]:
    lines = []
    rows = f.rows
    if f.best:
        order = sorted(rows, key=lambda r: r.points, reverse=f.best > 0)
        best = [r for r in order if r.points == order[0].points]
        years = ", ".join(f"{_period(r.period, r.year)}" for r in best)
        word = "cao nhất" if f.best > 0 else "thấp nhất"
        lines.append(
            f"<b>{_e(f.unit)}</b> {word} {years}: <b>{number(best[0].points)} điểm</b>, trong các năm có dữ liệu:"
        )
    else:
        lines.append(f"Điểm của <b>{_e(f.unit)}</b> qua các năm:")
    scorers = {r.scorer for r in rows}
    for row in rows:
        by = f" ({row.scorer.value})" if len(scorers) > 1 else ""
        when = str(row.year) if row.period in ("", "cả năm") else _period(row.period, row.year)
        lines.append(
            f"• {when}: <b>{number(row.points)}</b>{by}"
            f"{f', thứ {row.rank}/{row.members}' if row.members > 1 else ''}"
            f"{_once_called(row.recorded_as, f.unit, row.year)}"
        )
    if len(scorers) == 1:
        lines.append(f"Điểm {rows[0].scorer.value}.")
        lines += _not_final(rows[0].scorer, rows[0].final)
    lines.append(_source(str(row.source) for row in rows))
    return ["\n".join(lines)]


def _ranking(f: Ranking) -> list[str]:
    lines = [_ranking_head(f)]
    single = len(f.standings) == 1 and (f.wanted in (1, -1) or f.place)
    if not single:
        lines += [_standing(s) for s in f.standings]
    elif f.standings[0].recorded_as not in ("", f.standings[0].unit):
        s = f.standings[0]
        lines[0] += _once_called(s.recorded_as, s.unit, f.year) + "."
    if any(s.shared for s in f.standings) and not f.criterion:
        lines.append("Các đơn vị bằng điểm xếp cùng hạng.")
    if any(s.by_table for s in f.standings):
        lines.append("Đơn vị bằng điểm được xếp theo cột xếp hạng ghi trong bảng.")
    if f.mean is not None:
        lines.append(f"Điểm trung bình: {number(f.mean)}")
    if f.unscored:
        lines.append(f"Chưa có điểm {f.scorer.value}: {_list(f.unscored)}.")
    lines += _not_final(f.scorer, f.final)
    lines.append(_source([str(f.source)]))
    return ["\n".join(lines)]


def _ranking_head(f: Ranking) -> str:
    when = _period(f.period, f.year)
    most = f" (tối đa {number(f.max_points)})" if f.max_points and f.max_points > 0 else ""
    what = f" về {_e(f.criterion)}{most}" if f.criterion else ""
    if f.bound:
        said = f"<b>{len(f.standings)} đơn vị</b>" if f.standings else "<b>không có đơn vị nào</b>"
        end = ":" if f.standings else "."
        return f"{_upper(when)}, {said} {_bound(f.bound)} ({f.scorer.value}, khối có {f.members} đơn vị){end}"
    if f.place and not f.standings:
        return f"{_upper(when)}, {_e(f.block)} chỉ có {f.members} đơn vị, không có hạng {f.place}."
    if f.place and len(f.standings) == 1:
        s = f.standings[0]
        return (
            f"{_upper(when)}, xếp thứ {s.rank} {_e(f.block)} là <b>{_e(s.unit)}</b>: "
            f"<b>{number(s.points)} điểm</b> ({f.scorer.value})."
        )
    if f.wanted in (1, -1) and len(f.standings) == 1:
        s = f.standings[0]
        word = "dẫn đầu" if f.wanted > 0 else "thấp nhất"
        return (
            f"{_upper(when)}, {word} {_e(f.block)}{what} là <b>{_e(s.unit)}</b>: "
            f"<b>{number(s.points)} điểm</b> ({f.scorer.value})."
        )
    if f.wanted in (1, -1) and f.standings:
        word = "cao nhất" if f.wanted > 0 else "thấp nhất"
        return (
            f"{_upper(when)}, {len(f.standings)} đơn vị cùng {word} {_e(f.block)}{what} "
            f"({f.scorer.value}):"
        )
    head = f"Xếp hạng {_e(f.block)} {when}{what} ({f.scorer.value}"
    if f.wanted:
        some = f"{len(f.standings)} đơn vị {'đầu' if f.wanted > 0 else 'cuối'}"
        return f"{head}, {some}):"
    return f"{head}, {f.members} đơn vị):"


def _bound(bound: Bound) -> str:
    words = {
        (True, True): "từ {} điểm trở lên", (True, False): "trên {} điểm",
        (False, True): "từ {} điểm trở xuống", (False, False): "dưới {} điểm",
    }  # fmt: skip
    return words[bound.above, bound.including].format(number(bound.points))


def _standing(s: Standing) -> str:
    old = f" (khi đó: {_e(s.recorded_as)})" if s.recorded_as not in ("", s.unit) else ""
    return f"{s.rank}. {_e(s.unit)}{old}: <b>{number(s.points)}</b>"


def _comparison(f: Comparison) -> list[str]:
    first, *others = f.standings
    lines = []
    for other in others:
        apart = first.points - other.points
        if apart:
            lines.append(
                f"{_upper(_period(f.period, f.year))}, <b>{_e(first.unit)}</b> cao hơn "
                f"<b>{_e(other.unit)}</b> <b>{number(apart)} điểm</b> ({f.scorer.value})."
            )
        else:
            lines.append(
                f"{_upper(_period(f.period, f.year))}, <b>{_e(first.unit)}</b> và "
                f"<b>{_e(other.unit)}</b> <b>bằng điểm</b> ({f.scorer.value})."
            )
    lines += [f"• {_e(s.unit)}: {number(s.points)}, thứ {s.rank}/{f.members}" for s in f.standings]
    if f.groups:
        lines.append("Từng nhóm, theo thứ tự trên:")
        lines += [f"• {_e(name)}: {' – '.join(map(number, points))}" for name, points in f.groups]
    lines += _not_final(f.scorer, f.final)
    return ["\n".join([*lines, _source([str(f.source)])])]


def _mean(f: Mean) -> list[str]:
    lines = [
        f"Điểm trung bình {_e(f.block)} {_period(f.period, f.year)}: <b>{number(f.mean)} điểm</b> "
        f"({f.scorer.value}, {f.members} đơn vị)."
    ]
    if f.units:
        lines = []
    for s in f.units:
        apart = s.points - f.mean
        word = "cao hơn" if apart > 0 else "thấp hơn"
        how = (
            f"{word} trung bình khối {number(abs(apart))} điểm" if apart else "bằng trung bình khối"
        )
        lines.append(
            f"<b>{_e(s.unit)}</b>, {_period(f.period, f.year)}: {number(s.points)} điểm, <b>{how}</b> "
            f"({number(f.mean)}; {f.scorer.value}), xếp thứ {s.rank}/{f.members}."
        )
    lines.append(
        f"Cao nhất: {_e(f.highest.unit)} {number(f.highest.points)}; "
        f"thấp nhất: {_e(f.lowest.unit)} {number(f.lowest.points)}."
    )
    if f.rounded:
        lines.append("Số trung bình làm tròn đến hai chữ số.")
    lines += _not_final(f.scorer, f.final)
    return ["\n".join([*lines, _source([str(f.source)])])]


def _gap(f: Gap) -> list[str]:
    first, second = f.given
    apart = first - second
    how = f"<b>chênh {number(abs(apart))} điểm</b>" if apart else "<b>bằng nhau</b>"
    if apart:
        higher = f.first if apart > 0 else f.second
        how += f" ({higher.value} cao hơn)"
    lines = [
        f"<b>{_e(f.unit)}</b>, {_period(f.period, f.year)}: {f.first.value} {number(first)}, "
        f"{f.second.value} {number(second)}; {how}."
    ]
    if f.differing:
        lines.append("Các tiêu chí khác nhau:")
    for one, two in f.differing:
        reason = one.reason or two.reason
        why = f". Lý do: {_e(reason)}" if reason else ""
        lines.append(f"• {_coded(one)}: {number(one.points)} → {number(two.points)}{why}.")
    return ["\n".join([*lines, _source(map(str, f.sources))])]


def _gaps(f: Gaps) -> list[str]:
    first = f.gaps[0]
    word = "ít nhất" if f.least else "nhiều nhất"
    apart = abs(first.given[0] - first.given[1])
    names = [g.unit for g in f.gaps if abs(g.given[0] - g.given[1]) == apart]
    lead = (
        f"{_upper(_period(first.period, first.year))}, {first.first.value} và {first.second.value} "
        f"chênh nhau {word}: {', '.join(f'<b>{_e(name)}</b>' for name in names)}, "
        f"<b>{number(apart)} điểm</b>."
    )
    rows = [
        f"• {_e(g.unit)}: {number(abs(g.given[0] - g.given[1]))} ({number(g.given[0])} → {number(g.given[1])})"
        for g in f.gaps
    ]
    return ["\n".join([lead, *rows, _source(map(str, first.sources))])]


def _criteria(f: Criteria) -> list[str]:
    lines = [f"Bảng điểm năm {f.year} của {_e(f.block)} có <b>{len(f.criteria)} tiêu chí</b>:"]
    group = ""
    for c in f.criteria:
        if c.group_name and c.group != group:
            lines.append(f"<b>{_e(c.group)}. {_e(c.group_name)}</b>")
            group = c.group
        most = f" ({number(c.max_points)})" if c.max_points is not None else ""
        same = c.code == c.name
        lines.append(f"• {_e(c.name if same else f'{c.code} {c.name}')}{most}")
    lines.append("Trong ngoặc là điểm tối đa; số âm là mức trừ tối đa.")
    return ["\n".join([*lines, _source([str(f.source)])])]


def _finality(f: Finality) -> list[str]:
    when = _period(f.period, f.year)
    said = ", ".join(f"{scorer.value} {count}/{f.members} đơn vị" for scorer, count in f.scored)
    counts = dict(f.scored)
    if f.final is not Scorer.COUNCIL:
        lead = (
            f"Điểm {when} mới có điểm {f.final.value}, <b>chưa phải điểm cuối cùng</b>: "
            "chưa có điểm Hội đồng thẩm định."
        )
    elif counts[f.final] < f.members:
        lead = (
            f"Điểm {when} mới có điểm Hội đồng thẩm định của {counts[f.final]}/{f.members} đơn vị, "
            "<b>chưa đủ</b>."
        )
    else:
        lead = (
            f"Điểm {when} đã có điểm Hội đồng thẩm định của cả {f.members} đơn vị: "
            "<b>đây là điểm cuối cùng</b> trong bảng điểm."
        )
    return ["\n".join([lead, f"Đã chấm: {said}.", _source([str(f.source)])])]


def _change(f: Change) -> list[str]:
    lines = [_change_line(f)]
    if f.groups:
        lines.append("Thay đổi theo nhóm:")
    lines += [
        f"• {_e(name)}: {signed(after - before)} ({number(before)} → {number(after)})"
        for name, before, after in f.groups
    ]
    return ["\n".join([*lines, _source(map(str, f.sources))])]


def _change_line(f: Change) -> str:
    moved = f.difference
    word = "tăng" if moved > 0 else "giảm"
    how = f"<b>{word} {number(abs(moved))} điểm</b>" if moved else "<b>không thay đổi</b>"
    return (
        f"<b>{_e(f.unit)}</b>: từ {f.before_year} đến {f.after_year} {how} "
        f"({number(f.before)} → {number(f.after)}, {f.scorer.value})."
    )


def _changes(f: Changes) -> list[str]:
    first = f.changes[0]
    word = "tăng" if f.rising else "giảm"
    ties = [c for c in f.changes if c.difference == first.difference]
    if (first.difference > 0) is not f.rising:
        head = f"Từ {first.before_year} đến {first.after_year} không có đơn vị nào {word} điểm."
    else:
        names = ", ".join(f"<b>{_e(c.unit)}</b>" for c in ties)
        head = (
            f"Từ {first.before_year} đến {first.after_year}, {word} điểm nhiều nhất: {names}, "
            f"<b>{word} {number(abs(first.difference))} điểm</b> ({number(first.before)} → {number(first.after)})."
        )
    rows = [
        f"• {_e(c.unit)}: {signed(c.difference)} ({number(c.before)} → {number(c.after)})"
        for c in f.changes
    ]
    return ["\n".join([head, "Tất cả đơn vị:", *rows, _source(map(str, first.sources))])]


def _deductions(f: Deductions) -> list[str]:
    if not f.unit:
        if f.spared:
            count = (
                f"<b>{len(f.spared)}/{f.members} đơn vị</b> không bị trừ điểm ({f.scorer.value})"
            )
            return [f"Năm {f.year}, {count}: {_list(f.spared, 40)}.\n{_source([str(f.source)])}"]
        text = f"Năm {f.year}, <b>không có đơn vị nào bị trừ điểm</b> ({f.scorer.value})."
        return [f"{text}\n{_source([str(f.source)])}"]
    who = f"<b>{_e(f.unit)}</b>, năm {f.year}"
    lines = []
    if f.penalties:
        total = -sum((s.points for s in f.penalties), Decimal(0))
        lines.append(f"{who}: bị trừ <b>{number(total)} điểm</b> ({f.scorer.value}).")
        lines += [_lost(s, f"trừ {number(-s.points)}") for s in f.penalties]
    else:
        lines.append(f"{who}: không có điểm trừ ({f.scorer.value}).")
    if f.losses:
        lines.append("Các tiêu chí chưa đạt điểm tối đa:")
        lines += [_lost(s, f"{number(s.points)}/{number(s.max_points or 0)}") for s in f.losses]
    cells = [s.source for s in (*f.penalties, *f.losses)] or [f.source]
    lines.append(_source(str(cell) for cell in cells[:6]))
    return ["\n".join(lines)]


def _lost(score: Score, how: str) -> str:
    reason = f". Lý do: {_e(score.reason)}" if score.reason else ""
    return f"• {_coded(score)}: {how}{reason}."


def _members(f: Members) -> list[str]:
    lead = f"Bảng điểm năm {f.year} của {_e(f.block)} có <b>{len(f.units)} đơn vị</b>:"
    return ["\n".join([lead, *(f"• {_e(unit)}" for unit in f.units), _source([str(f.source)])])]


def _awards(f: Awards) -> list[str]:
    decided = [a for a in f.awards if a.status is Status.DECIDED]
    lines = []
    whom = f"<b>{_e(f.unit)}</b>" if f.unit else ""
    what = whom or ", ".join(f"“{_e(title)}”" for title in f.titles)
    if f.decision:
        lines.append(
            f"Quyết định <b>{_e(f.decision)}</b>{_decided_on(f.awards[0])} gồm {len(f.awards)} trường hợp:"
        )
    elif f.leaders:
        most = f.leaders[0][1]
        names = ", ".join(f"<b>{_e(unit)}</b>" for unit, count in f.leaders if count == most)
        span = f" ({_years(f.years)})" if f.years else ""
        lines.append(f"Nhiều nhất{span}: {names}, <b>{most} lần</b> đã có quyết định.")
        lines += [f"• {_e(unit)}: {count} lần" for unit, count in f.leaders]
    elif f.runs:
        titles = ", ".join(f"“{_e(t)}”" for t in f.titles)
        if not f.unit and f.wanted > f.runs[0].length:
            lines.append(f"Không có ai được {titles} <b>{f.wanted} năm liên tiếp</b>. Dài nhất:")
        longest = f.runs[:1] if f.unit else [r for r in f.runs if r.length == f.runs[0].length]
        for run in longest[:_SHOWN_ROWS]:
            years = f"năm {run.first}" if run.length == 1 else f"từ {run.first} đến {run.last}"
            lines.append(
                f"<b>{_e(run.whom)}</b> được {titles} <b>{run.length} năm liên tiếp</b>, {years} (đã có quyết định)."
            )
    elif f.asked_if and not decided:
        lines.append(f"{what}: <b>chưa có quyết định</b>.")
    elif f.asked_if and what:
        when = sorted({a.year for a in decided if a.year})
        lines.append(f"{what}: <b>đã có quyết định</b>{f', {_years(when)}' if when else ''}.")
    elif f.counted:
        span = f" ({_years(f.years)})" if f.years else ""
        # Only the cancelled are here when they were asked for; otherwise a decision is what counts.
        cancelled = all(a.status is Status.CANCELLED for a in f.awards) and not f.unit
        counted, fate = (f.awards, "bị hủy") if cancelled else (decided, "đã có quyết định")
        by_title = Counter[str]()
        for award in counted:
            by_title[award.title] += award.count
        total = sum(by_title.values())
        only = f" “{_e(next(iter(by_title)))}”" if len(by_title) == 1 else ""
        times = f"{whom}: <b>{total} lần</b>" if whom else f"Có <b>{total} trường hợp</b>"
        lines.append(f"{times}{only} {fate}{span}.")
        if len(by_title) > 1:
            lines += [f"{n} lần “{_e(title)}”;" for title, n in by_title.most_common()]
    elif f.unit:
        lines.append(f"Khen thưởng của {whom}{f', {_years(f.years)}' if f.years else ''}:")
    else:
        lines.append(f"Khen thưởng ghi nhận được{f', {_years(f.years)}' if f.years else ''}:")
    shown = f.awards[-_SHOWN_ROWS:]
    if not f.leaders:
        lines += [
            f"• {_award(a, with_recipient=not f.unit, with_paper=not f.decision)}" for a in shown
        ]
    if len(f.awards) > len(shown) and not f.leaders:
        lines.append(f"(và {len(f.awards) - len(shown)} trường hợp cũ hơn)")
    if f.of_people:
        lines.append(
            f"Ngoài ra có {len(f.of_people)} trường hợp là cá nhân thuộc đơn vị, không tính ở trên."
        )
    files = dict.fromkeys(a.source.file for a in f.awards)
    cells = ", ".join(a.source.place.split("!")[-1] for a in shown[:8])
    lines.append(_source([f"{', '.join(files)} ({cells}{'…' if len(shown) > 8 else ''})"]))
    return ["\n".join(lines)]


def _award(award: Award, with_recipient: bool, with_paper: bool = True) -> str:
    who = f"{_e(award.recipient or 'không nêu tên')}: " if with_recipient else ""
    merit = f"năm {award.year}: " if award.year else ""
    several = f" ({award.count} trường hợp)" if award.count > 1 else ""
    paper = f", Quyết định số {_e(award.decision)}{_decided_on(award)}" if award.decision else ""
    if not with_paper:
        paper = ""
    # A cancelled award keeps the number of the decision that once gave it.
    return f"{merit}{who}{_e(award.title)}{several} – <i>{award.status.value}</i>{paper}"


def _decided_on(award: Award) -> str:
    return f" ngày {_day(award.decided_on)}" if award.decided_on else ""


_FACTS = {
    "date": "Ngày họp",
    "place": "Địa điểm",
    "block": "Khối, cụm",
    "host": "Nơi họp, đơn vị đăng cai",
    "chair": "Chủ trì",
    "lead_unit": "Đơn vị trưởng khối (cụm)",
    "deputy_unit": "Đơn vị phó trưởng khối (cụm)",
    "next_lead_unit": "Trưởng khối (cụm) năm sau",
    "next_deputy_unit": "Phó trưởng khối (cụm) năm sau",
    "members": "Thành viên",
}


def _meeting(f: MeetingFacts) -> list[str]:
    meeting = f.meeting
    overview = () if f.awards else ("date", "place", "host", "lead_unit")
    names = f.asked or overview
    lines = [f"<b>{_e(meeting.title)}</b>"]
    for name in dict.fromkeys(("date", *names) if f.asked and "date" in names else names):
        fact = meeting.fact(name)
        if fact is None:
            continue
        value = _day(meeting.date) if name == "date" and meeting.date else fact.value
        lines.append(f"• {_FACTS.get(name, name)}: <b>{_e(value)}</b>")
    for award in f.awards:
        lines.append(f"• {_award(award, with_recipient=True)}")
    lines += [f"• {_FACTS.get(name, name)}: báo cáo không ghi." for name in f.lacking]
    return ["\n".join(lines)] if len(lines) > 1 else []


def _meeting_list(f: MeetingList) -> list[str]:
    head = (
        f"Có <b>{len(f.meetings)} báo cáo</b> phù hợp trong kho:"
        if f.counted
        else "Các cuộc họp có trong kho:"
    )
    rows = [f"• {_meeting_line(m)}" for m in f.meetings[-_SHOWN_ROWS:]]
    files = [m.document for m in f.meetings[-_SHOWN_ROWS:]]
    return ["\n".join([head, *rows, _source(files)])]


def _offices(f: Offices) -> list[str]:
    office = "Phó Trưởng khối (cụm)" if f.deputy else "Trưởng khối (cụm)"
    times = f", <b>{len(f.years)} năm</b>" if len(f.years) > 1 else ""
    lead = f"<b>{_e(f.unit)}</b> là {office} <b>{_years(f.years)}</b>{times}, theo các báo cáo trong kho."
    rows = [f"• {year}: “{_e(s.quote)}”" for year, s in zip(f.years, f.sources, strict=True)]
    return ["\n".join([lead, *rows, _source(map(str, f.sources))])]


def _agreement(f: Agreement) -> list[str]:
    held = ", ".join(f"{scorer.value} {number(points)}" for scorer, points in f.held)
    who = f"Báo cáo ghi <b>{_e(f.unit)}</b> năm {f.year} được <b>{number(f.said)} điểm</b>"
    if f.scorer is None:
        text = f"⚠️ {who}, <b>không khớp</b> bảng điểm ({held}); cần đối chiếu bản gốc."
    elif f.scorer is f.held[-1][0]:
        text = f"{who}, <b>khớp</b> điểm {f.scorer.value} trong bảng điểm."
    else:
        last, points = f.held[-1]
        text = (
            f"{who}: đó là điểm {f.scorer.value}, <b>khác</b> điểm {last.value} "
            f"({number(points)}) trong bảng điểm."
        )
    return [f"{text}\n{_source([str(f.source)])}"]


def _meeting_line(meeting: Meeting) -> str:
    date = (
        _day(meeting.date)
        if meeting.date
        else f"năm {meeting.year}"
        if meeting.year
        else "không ghi ngày"
    )
    place = meeting.fact("place") or meeting.fact("host")
    where = f", tại {_e(place.value)}" if place else ""
    return f"{date}{where}: {_e(meeting.title)}"


def _audited(f: Audited) -> list[str]:
    if not f.problems:
        return ["Đối chiếu các bảng điểm: <b>không thấy sai lệch</b> nào."]
    lines = [f"Đối chiếu các bảng điểm, có <b>{len(f.problems)} điểm cần kiểm tra</b>:"]
    lines += [f"• {_e(p.message)} ({_e(p.file)}, {_e(p.place)})" for p in f.problems[:_SHOWN_ROWS]]
    return ["\n".join(lines)]


def _names(f: Names) -> list[str]:
    lines = []
    for unit in f.units:
        start = f"từ {_day(unit.since)}" if unit.since else ""
        end = f"đến {_day(unit.until)}" if unit.until else "đến nay"
        lines.append(f"• <b>{_e(unit.name)}</b>: {' '.join(w for w in (start, end) if w)}")
    head = (
        "Tên của đơn vị qua các thời kỳ:"
        if len(f.units) > 1
        else "Đơn vị chỉ có một tên trong dữ liệu:"
    )
    return ["\n".join([head, *lines, _source([f.units[0].source.file])])] if f.units else []


def _known(f: Known) -> list[str]:
    v = f.validity
    lines = [f"<b>{_e(v.title)} (số {_e(v.number)})</b>: kho chưa có toàn văn."]
    if v.effective:
        lines.append(f"Hiệu lực từ {_day(v.effective)}.")
    if v.expires:
        by = f", thay bằng {_e(', '.join(v.replaced_by))}" if v.replaced_by else ""
        lines.append(f"Hết hiệu lực từ {_day(v.expires)}{by}.")
    if v.note:
        lines.append(f"{_e(v.note)}.")
    if v.checked:
        lines.append(f"Theo sổ hiệu lực văn bản: {_e(v.checked)}.")
    return ["\n".join(lines)]


def _reward(f: Reward) -> list[str]:
    whom = f" đối với {f.recipient}" if f.recipient else ""
    text = f"Mức thưởng{whom}: <b>{number(f.coefficient)} × {number(f.base)} đồng = {number(f.exact)} đồng</b>"
    if f.paid != f.exact:
        text += f", làm tròn lên <b>{number(f.paid)} đồng</b>"
    base = f"{f.base_passage.place}, {f.base_document.name}"
    return [f"{text}.\nTính theo lương cơ sở áp dụng tại ngày {_day(f.as_of)} ({_e(base)})."]


_WORDING = {
    Reward: _reward,
    Points: _points, CriterionPoints: _criterion, Series: _series, Ranking: _ranking,
    Comparison: _comparison, Mean: _mean, Gap: _gap, Gaps: _gaps, Criteria: _criteria, Finality: _finality, Change: _change, Changes: _changes,
    Deductions: _deductions, Members: _members, Awards: _awards, MeetingFacts: _meeting, MeetingList: _meeting_list,
    Offices: _offices, Agreement: _agreement, Audited: _audited, Names: _names, Known: _known,
}  # fmt: skip


# --- what is not known ----------------------------------------------------------------------------


def _absence(absence: Absence, answer: Answer) -> list[_Part]:
    parts = [_Part(text=_ABSENCES[absence.lack](absence))]
    if absence.lack is Lack.WEAK and (lacking := missing(answer)):
        parts[0] = _Part(text=f"{parts[0].text} Cần bổ sung {_e(lacking)}.")
    # To a question of another field nothing held is near.
    near = answer.nearest[:1] if absence.lack is not Lack.OUTSIDE else ()
    if near:
        parts.append(_Part(text=f"Gần nhất trong kho là <b>{_e(_short(near[0]))}</b>:"))
        parts.append(_Part(text=_opening(near[0].quote), style=_Style.QUOTE))
    return parts


def _opening(text: str) -> str:
    if len(text) <= _SHORT_QUOTE:
        return text
    return text[: text.rfind(" ", 0, _SHORT_QUOTE)] + " […]"


def _list(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(_e(n) for n in names[:most])
    return shown + (f" và {len(names) - most} mục khác" if len(names) > most else "")


def _no_unit(a: Absence) -> str:
    about = f" “{_e(a.about[0])}”" if a.about else ""
    known = f" Các đơn vị có trong dữ liệu: {_list(a.exists)}." if a.exists else ""
    return f"Không có dữ liệu về đơn vị{about}.{known}"


def _no_year(a: Absence) -> str:
    if not a.exists:
        return "Kho chưa có bảng điểm nào."
    return (
        f"Không có dữ liệu điểm cho {_list(a.about)}. Bảng điểm hiện có các năm: {_list(a.exists)}."
    )


def _no_criterion(a: Absence) -> str:
    *named, year = a.about
    known = "\n".join(f"• {_e(name)}" for name in a.exists[:_SHOWN_ROWS])
    return f"Năm {_e(year)} không có tiêu chí {_e(named[0])}. Các tiêu chí của năm ấy:\n{known}"


def _no_period(a: Absence) -> str:
    period, *years = a.about
    return f"Không có điểm {_e(period.removesuffix(' năm'))} năm {', '.join(years)}. Bảng điểm hiện có: {_list(a.exists)}."


def _no_member(a: Absence) -> str:
    unit, *_ = a.about
    return f"{_e(unit)} không có trong bảng điểm nào. Các đơn vị có điểm: {_list(a.exists)}."


def _no_award(a: Absence) -> str:
    about = f" về {_list(a.about)}" if a.about else ""
    years = f" Năm có dữ liệu: {_list(a.exists)}." if a.exists else ""
    return f"Chưa có dữ liệu khen thưởng{about}.{years}"


def _no_meeting(a: Absence) -> str:
    about = f" về {_list(a.about)}" if a.about else ""
    return f"Kho chưa có báo cáo cuộc họp nào{about} khớp với câu hỏi."


def _not_said(a: Absence) -> str:
    title, *lacking = a.about
    what = (
        f" không ghi: {', '.join(_FACTS.get(n, n).lower() for n in lacking)}"
        if lacking
        else " không nói điều được hỏi"
    )
    return f"Báo cáo “{_e(title)}” có trong kho nhưng{what}."


def _no_record(a: Absence) -> str:
    what = f"“{_list(a.about, 4)}”" if a.about else "điều được hỏi"
    of = f" về {_list(a.exists, 4)}" if a.exists else ""
    return f"Chưa có trong kho: dữ liệu hiện có{of} không ghi {what}."


def _no_article(a: Absence) -> str:
    number, title, place = a.about
    if not a.exists:
        return f"{_e(title)} (số {_e(number)}) không có {_e(place)}."
    first, last, count, kind = a.exists
    held = f"Bản {kind} trong kho" if kind else "Bản trong kho"
    return (
        f"{_e(title)} (số {_e(number)}) không có {_e(place)}. "
        f"{held} có {count} điều, từ Điều {first} đến Điều {last}."
    )


def _no_part(a: Absence) -> str:
    number, title, place = a.about
    form, *held = a.exists
    span = f"{held[0]} đến {held[-1]}" if len(held) > 1 else held[0]
    return f"{_e(title)} (số {_e(number)}) không có {_e(place)}. Bản trong kho có {_e(form)} {_e(span)}."


def _no_document(a: Absence) -> str:
    return f"Kho chưa có văn bản {_list([n.split(':')[-1] for n in a.about])}. Văn bản hiện có: {_list(a.exists)}."


def _weak(a: Absence) -> str:
    return "Chưa có trong kho: không tìm được quy định trả lời đúng câu hỏi này."


def missing(answer: Answer) -> str:
    """What would have to be added for the question to be answered; "" when nothing can be named."""
    if answer.absence:
        about = answer.absence.about
        wording = _MISSING.get(answer.absence.lack)
        return wording(about) if wording and about else ""
    said = [_MISSING_BESIDE[c.caution](c.about) for c in answer.warnings if c.caution in _MISSING_BESIDE and c.about]  # fmt: skip
    return "; ".join(said)


def _texts_on(about: Sequence[str]) -> str:
    return "văn bản quy định về " + ", ".join(f"“{phrase}”" for phrase in about[:3])


def _numbers(about: Sequence[str]) -> str:
    return "văn bản " + ", ".join(number.split(":")[-1] for number in about)


_MISSING: dict[Lack, Callable[[Sequence[str]], str]] = {
    Lack.UNIT: lambda about: f"dữ liệu của đơn vị “{about[0]}”",
    Lack.PROVINCE: lambda about: f"dữ liệu của {', '.join(about)}",
    Lack.YEAR: lambda about: f"bảng điểm: {', '.join(about)}",
    Lack.RECORD: lambda about: f"bảng hoặc báo cáo có ghi “{'”, “'.join(about)}”",
    Lack.AWARD: lambda about: f"bảng khen thưởng về {', '.join(about)}",
    Lack.MEETING: lambda about: f"báo cáo cuộc họp về {', '.join(about)}",
    Lack.DOCUMENT: _numbers,
    Lack.WEAK: _texts_on,
}
_MISSING_BESIDE: dict[Caution, Callable[[Sequence[str]], str]] = {
    Caution.UNSURE: _texts_on,
    Caution.YEARS: lambda about: f"bảng điểm năm {', '.join(about)}",
}


_ABSENCES = {
    Lack.EMPTY: lambda a: (
        "Anh/chị vui lòng gõ câu hỏi bằng chữ, ví dụ: “Tiêu chuẩn Chiến sĩ thi đua cơ sở?”"
    ),
    Lack.GREETING: lambda a: "Chào anh/chị! Mời anh/chị gõ câu hỏi về thi đua, khen thưởng.",
    Lack.OUTSIDE: lambda a: (
        "Xin lỗi, tôi chỉ trả lời về thi đua, khen thưởng, các cuộc họp khối và điểm thi đua."
    ),
    Lack.UNIT: _no_unit,
    Lack.PROVINCE: lambda a: (
        f"Không có dữ liệu của {_list(a.about)}. Dữ liệu hiện có thuộc: {_list(a.exists)}."
    ),
    Lack.YEAR: _no_year,
    Lack.PERIOD: _no_period,
    Lack.MEMBER: _no_member,
    Lack.CRITERION: _no_criterion,
    Lack.AWARD: _no_award,
    Lack.MEETING: _no_meeting,
    Lack.NOT_SAID: _not_said,
    Lack.RECORD: _no_record,
    Lack.ARTICLE: _no_article,
    Lack.PART: _no_part,
    Lack.DOCUMENT: _no_document,
    Lack.WEAK: _weak,
}


def _unsure(caveats: Iterable[Caveat]) -> str:
    for caveat in caveats:
        if caveat.caution is Caution.UNSURE:
            unseen = f" Đoạn trích không nói đến: {_list(caveat.about, 6)}." if caveat.about else ""
            return f"Chưa chắc chắn đây là điều anh/chị hỏi.{unseen}"
    return ""


def _caveats(caveats: Iterable[Caveat]) -> list[str]:
    said = []
    for caveat in caveats:
        match caveat.caution, caveat.about:
            case Caution.DIGEST, (number,):
                said.append(
                    f"Trích từ bản tóm lược {number} trong kho mẫu, không phải nguyên văn; cần đối chiếu bản chính thức."
                )
            case Caution.AMENDED, (number, newer, day):
                said.append(
                    f"{number} đã được sửa đổi bởi {newer} từ {day}; kho chưa có toàn văn văn bản sửa đổi, cần đối chiếu."
                )
            case Caution.ENDED, (number, day, by):
                said.append(
                    f"{number} đã hết hiệu lực từ {day}{f', thay bằng {by}' if by else ''}."
                )
            case Caution.FUTURE, (number, day):
                said.append(f"{number} chỉ có hiệu lực từ {day}.")
            case Caution.OCR, (name, sure):
                said.append(
                    f"“{name}” được đọc từ ảnh (độ chắc {sure}/100); cần đối chiếu từng chữ với bản gốc."
                )
            case Caution.UNCHECKED, (number,):
                said.append(f"Hiệu lực của {number} chưa kiểm chứng đầy đủ.")
            case Caution.YEARS, years:
                said.append(f"Không có dữ liệu điểm năm {', '.join(years)}.")
            case Caution.AUDIT, (message,):
                said.append(f"Lưu ý khi dùng bảng điểm: {message}")
            case Caution.INFERRED, _:
                said.append("Năm của ngày họp được suy ra từ tiêu đề hoặc tên tệp.")
            case Caution.MERGED, (old, heir, day):
                until = f", có đến {day}" if day else ""
                said.append(f"{old} đã sáp nhập vào {heir}{until}; điểm, khen thưởng tính riêng.")
            case Caution.RENAMED, (old, now, day):
                since = f" (từ {day})" if day else ""
                said.append(f"{old} nay là {now}{since}.")
            case Caution.PROPOSED, _:
                said.append("Đây là đề nghị tại cuộc họp, chưa phải quyết định khen thưởng.")
            case _:
                pass
    return said


def cautions(answer: Answer) -> tuple[str, ...]:
    """The warnings of an answer as the user reads them."""
    unsure = _unsure(answer.warnings)
    read = plain_of(_readings(answer.warnings))
    return (*(text for text in (unsure, read) if text), *_caveats(answer.warnings))


# --- small words ----------------------------------------------------------------------------------


def number(value: Decimal | int) -> str:
    """A number the Vietnamese way: decimal comma, no idle zeros, dots between thousands."""
    text = format(Decimal(value).normalize(), "f")
    whole, _, part = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ".", whole)
    return f"{sign}{grouped},{part}" if part else f"{sign}{grouped}"


def signed(value: Decimal) -> str:
    """A difference with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def _day(day: datetime.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _period(period: str, year: int) -> str:
    return (
        f"năm {year}" if period in ("", "cả năm") else f"{period.removesuffix(' năm')} năm {year}"
    )


def _years(years: Sequence[int]) -> str:
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"giai đoạn {years[0]}–{years[-1]}"
    return f"năm {', '.join(map(str, years))}"


def _source(places: Iterable[str]) -> str:
    """The line of sources; a file is named once for places of it that follow one another."""
    told: list[str] = []
    last = ""
    for source in dict.fromkeys(places):
        file, _, place = source.partition(", ")
        told.append(place if place and file == last else source)
        last = file
    return f"<i>Nguồn: {_e('; '.join(told))}</i>"


def _e(text: str) -> str:
    return html.escape(text, quote=False)


# --- cutting into messages ------------------------------------------------------------------------


def _html(part: _Part) -> str:
    if part.style is _Style.TEXT:
        return part.text
    tag = "blockquote expandable" if len(part.text) > _SHORT_QUOTE else "blockquote"
    return f"<{tag}>{_e(part.text)}</blockquote>"


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(plain_of(text).encode("utf-16-le")) // 2


def _packed(parts: Iterable[_Part]) -> list[str]:
    packed: list[str] = []
    for piece in (piece for part in parts for piece in _cut(part)):
        text = _html(piece)
        if packed and _units(packed[-1]) + 2 + _units(text) <= LIMIT:
            packed[-1] += f"\n\n{text}"
        else:
            packed.append(text)
    return packed or [_e("Không có nội dung.")]


def _cut(part: _Part) -> list[_Part]:
    """A part that is too long for one message, cut at lines, then at sentences, then at words."""
    if _units(_html(part)) <= LIMIT:
        return [part]
    if part.style is _Style.TEXT:
        lines = part.text.split("\n")
        if len(lines) == 1:
            return _cut(_Part(text=plain_of(part.text), style=_Style.QUOTE))
        middle = len(lines) // 2
        halves = ["\n".join(lines[:middle]), "\n".join(lines[middle:])]
        return [piece for half in halves for piece in _cut(_Part(text=half))]
    text = part.text
    middle = len(text) // 2
    at = next(
        (i for mark in ("\n", ". ", " ") if (i := text.rfind(mark, 1, middle + middle // 2)) > 0),
        middle,
    )
    return [
        p
        for half in (text[: at + 1], text[at + 1 :])
        if half.strip()
        for p in _cut(_Part(text=half.strip(), style=part.style))
    ]


# --- buttons and fixed messages -------------------------------------------------------------------


def _buttons(answer: Answer) -> tuple[tuple[Button, ...], ...]:
    rows = [(Button(label=label, data=f"q:{i}"),) for i, label in enumerate(follow_ups(answer))]
    votes = (Button(label="👍", data="vote:up"), Button(label="👎", data="vote:down"))
    return (*rows, votes)


def follow_ups(answer: Answer) -> tuple[str, ...]:
    """Questions that lead on from an answer; each is asked by its own words."""
    labels = list(answer.choice.options) if answer.choice else []
    for citation in answer.citations[:2]:
        place, document = citation.place, citation.document
        if (
            document.kind is Kind.REGULATION
            and place.article
            and (place.clause or place.point)
            and not place.part
        ):
            labels.append(f"Điều {place.article} {document.number}")
    return tuple(dict.fromkeys(labels))


def _fixed(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(html=text, plain=plain_of(text), buttons=rows)


def start(name: str, examples: Sequence[str] = ()) -> Message:
    """The first message: what the bot does, with example questions as buttons."""
    rows = tuple((Button(label=text, data=f"q:{i}"),) for i, text in enumerate(examples))
    return _fixed(
        f"Chào {_e(name) or 'anh/chị'}!\n\n"
        "Tôi trả lời câu hỏi về <b>thi đua, khen thưởng</b>: tiêu chuẩn, hồ sơ, thời hạn theo quy định; "
        "các cuộc họp của khối; điểm và khen thưởng của đơn vị.\n"
        "Mỗi câu trả lời đều trích nguyên văn và ghi rõ nguồn. Điều không có trong kho, tôi sẽ nói là không có.\n\n"
        "Anh/chị cứ gõ câu hỏi, có dấu hay không dấu đều được.",
        rows,
    )


def help() -> Message:
    """How to ask."""
    return _fixed(
        "<b>Cách hỏi</b>\n"
        "• Quy định: “tiêu chuẩn chiến sĩ thi đua cơ sở”, “Điều 24 luật 2022”\n"
        "• Cuộc họp: “sơ kết 6 tháng đầu năm 2023 họp ngày nào, ở đâu”\n"
        "• Điểm: “Hội Nông dân tỉnh năm 2023 được bao nhiêu điểm”, “top 3 năm 2023”\n"
        "• Khen thưởng: “Tỉnh đoàn được mấy lần bằng khen”\n\n"
        "Hỏi tiếp được ngay: “còn năm 2022?”. /quen để bắt đầu lại."
    )


def not_member(user_id: int) -> Message:
    """One polite line for somebody who may not ask."""
    return _fixed(
        f"Xin lỗi, bot này chỉ phục vụ cán bộ đã đăng ký. Mã của anh/chị là {user_id}; vui lòng gửi mã này cho quản trị viên."
    )


def empty_question() -> Message:
    """For a message without words."""
    return _fixed(
        "Anh/chị vui lòng gõ câu hỏi bằng chữ, ví dụ: “Tiêu chuẩn Chiến sĩ thi đua cơ sở?”"
    )


def too_long(limit: int) -> Message:
    """For a question that is longer than is read."""
    return _fixed(
        f"Câu hỏi dài quá {number(limit)} ký tự. Anh/chị vui lòng hỏi ngắn gọn hơn, mỗi lần một việc."
    )


def fault() -> Message:
    """After an error of ours."""
    return _fixed("Xin lỗi, có lỗi khi xử lý câu hỏi này. Anh/chị vui lòng thử lại sau ít phút.")


def forgotten() -> Message:
    """After /quen."""
    return _fixed("Đã quên các câu hỏi trước. Mời anh/chị hỏi câu mới.")


def thanks() -> Message:
    """After a vote."""
    return _fixed("Cảm ơn anh/chị đã góp ý.")


def commands() -> tuple[tuple[str, str], ...]:
    """The bot's commands with their descriptions."""
    return (
        ("start", "Giới thiệu và câu hỏi mẫu"),
        ("help", "Cách hỏi"),
        ("hoi", "Hỏi trong nhóm: /hoi câu hỏi"),
        ("quen", "Quên các câu hỏi trước"),
    )


def matches(text: str, wanted: str) -> bool:
    """True when ``wanted`` stands in ``text``, accents, case and spacing aside."""
    squeeze = re.compile(r"\s+")
    return squeeze.sub(" ", fold(wanted)) in squeeze.sub(" ", fold(text))
