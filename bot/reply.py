"""``Answer`` → messages: every Vietnamese word of an answer; the rest of the chat is in ``bot/notices.py``.

How a message is put together stands in ``bot/markup.py``, quotations in ``bot/quotation.py``, numbers
and days in ``bot/figures.py``, the words of pictures in ``bot/picture.py``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from bot.answer import OF_REGULATIONS, Answer, AnswerKind, Caution, Caveat, Citation
from bot.figures import day_of as _day
from bot.figures import number, signed
from bot.figures import period_of as _period
from bot.figures import upper as _upper
from bot.figures import years_of as _years
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
    Half,
    Halves,
    InForce,
    Known,
    Lack,
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
from bot.gist import cut
from bot.markup import SHORT as _SHORT_QUOTE
from bot.markup import Button, Message, copying, message_of, plain_of
from bot.markup import Part as _Part
from bot.markup import Style as _Style
from bot.markup import escaped as _e
from bot.markup import html_of as _html
from bot.quotation import citation as _citation
from bot.quotation import copied, line_of
from bot.quotation import short as _short
from bot.reference import code
from corpus import (
    Award,
    Document,
    Kind,
    Meeting,
    Place,
    Record,
    Relation,
    Score,
    Scorer,
    Status,
    Validity,
    fold,
)
from index import Standing

_SHOWN_CITATIONS = 2
_CLOSE = 0.9  # a second clause is quoted too when it is this near to the first
_SHOWN_ROWS = 30
_CITED = 5
_GLIMPSE = 140  # characters of a clause that is offered to be opened


# --- whole answers --------------------------------------------------------------------------------


def page(answer: Answer) -> tuple[Message, ...]:
    """A place of a document to read, with buttons to turn the page. Where it fits into one message,
    its buttons ask for that message to be changed instead of another one."""
    parts = _parts(answer, folding=True, reading=True)
    rows = _reading_on(answer, turning=len(message_of(parts)) == 1)
    return message_of(parts, rows)


def others(answer: Answer) -> tuple[Message, ...]:
    """The openings of what else came near to a question, with buttons to open each."""
    lines, rows = [], []
    for citation in answer.citations[1:_CITED]:
        # The first line that is no bare heading tells most in few words.
        told = [x for x in citation.quote.split("\n") if not x.startswith("Điều ")]
        opening = cut((told or [citation.quote])[0], _GLIMPSE)
        lines.append(f"<b>{_e(_short(citation))}</b>\n{_e(opening)}")
        label = f"📖 {_short(citation)}"
        data = f"w:{code(citation.document, citation.place)}"
        rows.append([Button(label=label, data=data)])
    return message_of([_Part(text=line) for line in lines], rows)


class Offer(Record):
    """A clause to put into another chat: how it is listed, and the message."""

    code: str
    title: str
    description: str
    message: Message


def offers(answer: Answer, away: str) -> tuple[Offer, ...]:
    """The clauses of regulations that an answer quotes, each for itself; ``away`` begins the link
    to read on."""
    if answer.absence or answer.choice:
        return ()
    found = []
    for citation in answer.citations:
        if citation.document.kind is not Kind.REGULATION:
            continue
        alone = answer.model_copy(update={"findings": (), "citations": (citation,)})
        parts = _citation(citation, alone, True)
        if len(message_of(parts)) > 1:
            parts = _citation(citation, alone, True, short=True)
        first = citation.quote.split("\n")
        described = next((line for line in first if not line.startswith("Điều ")), first[0])
        found.append(
            Offer(
                code=code(citation.document, citation.place),
                title=_short(citation),
                description=cut(described, 120),
                message=message_of(parts, [[opener(citation, away)]])[0],
            )
        )
    return tuple(found)


def messages(answer: Answer, *, short: bool = False, away: str = "") -> tuple[Message, ...]:
    """The answer as Telegram messages, each within the limit; the buttons under the last. ``short``
    leaves out the quote where its gist says enough, and what else is near. With ``away``, the
    beginning of a link, there is one button to read on, and elsewhere: a group stays quiet."""
    return message_of(_parts(answer, folding=True, brief=short), buttons(answer, away))


def plain(answer: Answer) -> str:
    """The answer as the user reads it where nothing is folded and there are no buttons."""
    return "\n\n".join(plain_of(_html(part)) for part in _parts(answer, folding=False))


def _parts(
    answer: Answer, *, folding: bool, brief: bool = False, reading: bool = False
) -> list[_Part]:
    if answer.choice:
        return [_Part(text=text) for text in _choice(answer.choice)]
    if answer.absence:
        told = (c for c in answer.warnings if c.caution in (Caution.MERGED, Caution.RENAMED))
        history = [_Part(text=f"⚠️ {_e(text)}") for text in _caveats(told)]
        return [*_absence(answer.absence, answer), *history]
    if pair := next((f for f in answer.findings if isinstance(f, SideBySide)), None):
        return _side_by_side(pair, answer)
    parts = [_Part(text=text) for finding in answer.findings for text in _finding(finding)]
    if read := _readings(answer.warnings):
        parts.insert(0, _Part(text=read))
    if answer.question.read_as:
        parts.insert(0, _Part(text=f"Hiểu câu hỏi là: “{_e(answer.question.read_as)}”"))
    if answer.kind is AnswerKind.PARTIAL and (unsure := _unsure(answer.warnings)):
        parts.insert(0, _Part(text=unsure))
    shown = _shown(answer, 1 if brief else _CITED)
    for citation in shown:
        first = citation is answer.citations[0]
        parts += _citation(citation, answer, first, folding, brief, reading)
    more = answer.citations[len(shown) :]
    if more and not folding:  # a chat has a button for them
        names = "; ".join(_e(f"{_short(c)}{_over(c, answer)}") for c in more)
        parts.append(_Part(text=f"Xem thêm: {names}."))
    if caveats := _caveats(answer.warnings):
        parts.append(_Part(text="\n".join(f"⚠️ {_e(text)}" for text in caveats)))
    if _names_its_day(answer):
        parts.append(_Part(text=f"Áp dụng quy định tại ngày {_day(answer.as_of)}."))
    return parts


def _over(citation: Citation, answer: Answer) -> str:
    """The mark of what no longer applies, where a citation is only named."""
    expires = citation.document.expires
    over = expires and expires <= max(answer.question.today, answer.as_of)
    return " (đã hết hiệu lực)" if over else ""


def _shown(answer: Answer, most: int) -> tuple[Citation, ...]:
    """What a record rests on is quoted whole; of clauses, the first and what is as near."""
    of_records = any(not isinstance(f, OF_REGULATIONS) for f in answer.findings)
    shown = [
        c
        for i, c in enumerate(answer.citations)
        if i == 0
        or of_records
        or (i < _SHOWN_CITATIONS and c.relevance >= _CLOSE * answer.citations[0].relevance)
        or question_names_place(answer)
        or c.span
        or any(_rests_on(f, c, i) for f in answer.findings)
    ]
    return tuple(shown[:most])


def _rests_on(finding: Finding, citation: Citation, at: int) -> bool:
    """True when what a finding says cannot be checked without the citation, the ``at``-th."""
    match finding:
        case Reward():
            return at < _SHOWN_CITATIONS or citation.place == finding.passage.place
        case Together():
            return citation.place == finding.passage.place
        case Lifespan():
            return at <= _SHOWN_CITATIONS
        case _:
            return False


def _names_its_day(answer: Answer) -> bool:
    """The day is named where the question set one, or where it decides between texts."""
    of_rules = [c.document for c in answer.citations if c.document.kind is Kind.REGULATION]
    if not of_rules or any(isinstance(f, Halves | Lifespan | InForce) for f in answer.findings):
        return False
    changed = {Caution.AMENDED, Caution.CHANGED, Caution.PART_ENDED, Caution.ABOVE}
    return answer.question.dated or any(c.caution in changed for c in answer.warnings)


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
    ranked = f.rank and f.members > 1
    rank = f", xếp thứ <b>{f.rank}/{f.members}</b> trong khối{tie}" if ranked else ""
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
    lines += _conditions(f.conditions)
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
        given = ", ".join(f"{s.scorer.value} <b>{_given(s)}</b>" for s in scores)
        if f.group and not scores[0].verdict:
            given = "; ".join(f"<b>{_given(s)}</b>" for s in scores if s.scorer is f.final)
        lines.append(f"• {_coded(scores[0])}{_scheme(scores[0])}: {given}.")
        reasons = dict.fromkeys(s.reason for s in scores if s.reason)
        lines += [f"  Lý do: {_e(reason)}." for reason in reasons]
    lines += _not_final(f.final, f.final)
    cells = [s.source for s in f.scores if s.scorer is f.final] if f.group else None
    sources = cells or [s.source for s in f.scores]
    lines.append(_source(map(str, sources[:6])))
    return ["\n".join(lines)]


def _given(score: Score) -> str:
    """The points; of a condition, what the cell says, which is no number."""
    return _e(score.verdict) if score.verdict else number(score.points)


def _scheme(score: Score) -> str:
    """How a criterion is scored, in brackets."""
    top = score.max_points
    said = (
        "điều kiện, không tính điểm" if score.verdict else "",
        f"tối đa {number(top)}" if top is not None and top > 0 else "",
        f"các mức {'; '.join(map(number, score.levels))}" if score.levels else "",
        "chỉ tiêu nghịch, càng ít càng tốt" if score.inverse else "",
    )
    told = ", ".join(filter(None, said))
    return f" ({told})" if told else ""


def _conditions(conditions: Sequence[Score]) -> list[str]:
    """What the workbook says of each condition, its note word for word; nothing is concluded."""
    by_code: dict[str, list[Score]] = {}
    for score in conditions:
        by_code.setdefault(score.criterion, []).append(score)
    lines = ["Điều kiện (không tính điểm):"] if by_code else []
    for scores in by_code.values():
        given = ", ".join(f"{s.scorer.value} <b>{_given(s)}</b>" for s in scores)
        lines.append(f"• {_coded(scores[0])}: {given} ({_e(scores[-1].source.place)}).")
        reasons = dict.fromkeys(s.reason for s in scores if s.reason)
        lines += [f"  Ghi chú: {_e(reason)}." for reason in reasons]
    return lines


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
            f"{f', thứ {row.rank}/{row.members}' if row.rank and row.members > 1 else ''}"
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
    "recipient": "Tên đơn vị, cá nhân được khen",
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
    named = f"{v.title} (số {v.number})" if v.title else v.number
    lines = [f"<b>{_e(named)}</b>: kho chưa có toàn văn."]
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
    what = f" {_e(f.title)}" if f.title else ""
    times = f" × {number(f.multiple)}" if f.multiple != 1 else ""
    most = "không quá " if f.at_most else ""
    text = (
        f"Mức thưởng{what}{whom}: <b>{most}{number(f.coefficient)}{times} × {number(f.base)} đồng"
        f" = {number(f.exact)} đồng</b>"
    )
    if f.paid != f.exact:
        text += f", làm tròn {'lên' if f.paid > f.exact else 'xuống'} <b>{number(f.paid)} đồng</b>"
    where = [f"{f.passage.place}, {f.document.name}"]
    if f.personal:
        where.insert(0, f"{f.personal.place}")
    lines = [f"{text} ({_e('; '.join(where))})."]
    if f.other is not None:
        lines.append(
            f"Nếu làm tròn mức của cá nhân trước rồi mới nhân {number(f.multiple)} thì ra {number(f.other)} đồng;"
            f" {_e(f.document.name)} không nói rõ thứ tự."
        )
    if f.base_passage and f.base_document:
        base = f"{f.base_passage.place}, {f.base_document.name}"
    else:
        base = (
            f"theo sổ hiệu lực văn bản, {f.base_row.number}, chưa kiểm chứng" if f.base_row else ""
        )
    lines.append(f"Tính theo lương cơ sở áp dụng tại ngày {_day(f.as_of)} ({_e(base)}).")
    return ["\n".join(lines)]


def _salary(f: Salary) -> list[str]:
    if f.passage and f.document:
        ground = f"{f.passage.place}, {f.document.name}"
    else:
        ground = f"theo sổ hiệu lực văn bản, {f.row.number}, chưa kiểm chứng" if f.row else ""
    day = _day(f.as_of)
    return [
        f"Mức lương cơ sở áp dụng tại ngày {day}: <b>{number(f.amount)} đồng/tháng</b> ({_e(ground)})."
    ]


def _together(f: Together) -> list[str]:
    place = f"{f.passage.place}, {f.document.name}"
    if f.sums:
        total = " + ".join(number(s) for s in f.sums)
        return [
            f"Được nhận cả hai khoản: {total} = <b>{number(sum(f.sums))} đồng</b> ({_e(place)})."
        ]
    return [
        f"Các mức trên không mặc nhiên được cộng với nhau; áp dụng {_e(place)} (trích dưới đây)."
    ]


def _halves(f: Halves) -> list[str]:
    days = [_day(half.since) for half in f.halves[1:]]
    if len({(half.number, half.amended) for half in f.halves}) == 1:
        text = _of_half(f.halves[0]).rstrip(".")
        return [
            f"Trong thời gian được hỏi, văn bản áp dụng là {text}; mức lương cơ sở thay đổi từ ngày"
            f" <b>{' và '.join(days)}</b>."
        ]
    lines = [f"Trong thời gian được hỏi, quy định thay đổi từ ngày <b>{' và '.join(days)}</b>:"]
    for half in f.halves:
        lines.append(f"• Từ {_day(half.since)} đến {_day(half.until)}: {_of_half(half)}")
    return ["\n".join(lines)]


def _of_half(half: Half) -> str:
    if not half.number:
        return "kho không có văn bản áp dụng."
    words = [f"<b>{_e(half.number)}</b>"]
    if not half.held:
        words.append("(kho chưa có toàn văn)")
    for by, since, held in half.amended:
        lacking = "" if held else ", kho chưa có toàn văn văn bản sửa đổi"
        words.append(f"(đã được sửa đổi bởi {_e(by)} từ {_day(since)}{lacking})")
    return " ".join(words) + ("; hiệu lực chưa kiểm chứng đầy đủ." if half.unchecked else ".")


def _lifespan(f: Lifespan) -> list[str]:
    v = f.validity
    named = f"{v.title} (số {v.number})" if v.title else v.number
    lines = [f"<b>{_e(named)}</b>: {_state(f)}"]
    if v.issued:
        lines.append(f"• Ban hành ngày {_day(v.issued)}.")
    if v.effective:
        lines.append(f"• Hiệu lực từ {_day(v.effective)}.")
    if v.expires:
        by = _by(f.replaced) or ", ".join(v.replaced_by)
        lines.append(f"• Hết hiệu lực từ {_day(v.expires)}{f', thay bằng {_e(by)}' if by else ''}.")
    elif f.replaced:
        lines.append(f"• Được thay bằng {_e(_by(f.replaced))}.")
    if f.replaces:
        lines.append(f"• Thay thế {_e(', '.join(dict.fromkeys(r.target for r in f.replaces)))}.")
    for r in f.amended:
        since = f" từ {_day(r.since)}" if r.since else ""
        parts = f" ({', '.join(map(str, r.places))})" if r.places else ""
        lines.append(f"• Được sửa đổi, bổ sung{_e(parts)} bởi {_e(r.number)}{since}.")
    lines += [_repealed(r, f.place) for r in f.repealed]
    if f.guides:
        lines.append(f"• Quy định chi tiết, hướng dẫn {_e(', '.join(f.guides))}.")
    if v.note:
        lines.append(f"• {_e(v.note)}.")
    if not f.held:
        lines.append("• Kho chưa có toàn văn.")
    if v.checked:
        lines.append(f"• Theo sổ hiệu lực văn bản: {_e(v.checked)}.")
    return ["\n".join(lines)]


def _state(f: Lifespan) -> str:
    """Whether a text, or the part of it that is asked about, applied on the day."""
    v, day = f.validity, _day(f.as_of)
    of_part = [
        r
        for r in f.repealed
        if f.place.article and r.covers(f.place) and r.since and r.since <= f.as_of
    ]
    if of_part:
        r = of_part[0]
        return f"{f.place} đã bị bãi bỏ từ {_day(r.since)} theo {_e(str(r.place))}, {_e(r.number)}."
    if v.expires and v.expires <= f.as_of:
        return f"đã hết hiệu lực từ {_day(v.expires)}."
    if v.effective and v.effective > f.as_of:
        return f"chưa có hiệu lực tại ngày {day}."
    if v.effective or v.expires:
        return f"đang có hiệu lực tại ngày {day}."
    return "kho không có thông tin đầy đủ về hiệu lực."


def _by(relations: Sequence[Relation]) -> str:
    return ", ".join(dict.fromkeys(r.number for r in relations))


def _repealed(r: Relation, asked: Place) -> str:
    since = f" từ {_day(r.since)}" if r.since else ""
    touched = [p for p in r.places if not asked.article or p.holds(asked) or asked.holds(p)]
    parts = ", ".join(map(str, touched[:_SHOWN_ROWS]))
    return f"• {_e(parts)} bị bãi bỏ{since} theo {_e(str(r.place))}, {_e(r.number)}."


def _texts_in_force(f: InForce) -> list[str]:
    lines = [f"Văn bản có hiệu lực tại ngày {_day(f.as_of)} theo sổ hiệu lực:"]
    for v, held in f.texts[:_SHOWN_ROWS]:
        since = f", hiệu lực từ {_day(v.effective)}" if v.effective else ""
        end = f", đến trước {_day(v.expires)}" if v.expires else ""
        lacking = "" if held else "; kho chưa có toàn văn"
        doubt = "; chưa kiểm chứng đầy đủ" if v.unchecked else ""
        lines.append(f"• <b>{_e(v.number)}</b> – {_e(_titled(v))}{since}{end}{lacking}{doubt}")
    return ["\n".join(lines)]


def _titled(v: Validity) -> str:
    return v.title if len(v.title) <= 90 else f"{v.title[: v.title.rfind(' ', 0, 90)]}…"


def _side_by_side(f: SideBySide, answer: Answer) -> list[_Part]:
    parts = []
    if f.missing:
        names = _e(", ".join(f.missing))
        parts.append(
            _Part(text=f"Kho chưa có nội dung này của {names} nên chưa so sánh được hai bên.")
        )
    elif f.older and f.newer:
        head = f"So sánh về <b>{_e(f.subject)}</b>; chữ giữa « » là chỗ hai văn bản khác nhau."
        parts.append(_Part(text=head))
    for side in (f.older, f.newer):
        if side:
            text, bold = _marked(side)
            parts.append(_Part(text=text, style=_Style.QUOTE, bold=bold, unfolded=True))
            cited = Citation(document=side.document, place=side.place, quote="")
            parts.append(_Part(text=line_of(cited, answer)))
    return [*parts, *(_Part(text=f"⚠️ {_e(text)}") for text in _caveats(answer.warnings))]


def _marked(side: Side) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words of one side, those that differ between marks, which never span a line, and where
    these stand."""
    text, bold = "", []
    for words, differs in side.runs:
        for i, line in enumerate(words.split("\n")):
            text += "\n" if i else ""
            inner = line.strip()
            if not differs or not inner:
                text += line
                continue
            start = line.index(inner)
            text += f"{line[:start]}«"
            bold.append((len(text), len(text) + len(inner)))
            text += f"{inner}»{line[start + len(inner) :]}"
    return text, tuple(bold)


_WORDING = {
    Reward: _reward, Salary: _salary, Together: _together, Halves: _halves, Lifespan: _lifespan, InForce: _texts_in_force,
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


def _no_longer(a: Absence) -> str:
    number, place, by, clause, day = (*a.about, "", "", "", "")[:5]
    return (
        f"Quy định về việc này tại {_e(place)}, {_e(number)} đã bị bãi bỏ từ {day} theo {_e(clause)}, "
        f"{_e(by)}; kho không có quy định thay thế."
    )


def _no_version(a: Absence) -> str:
    number, since, until = (*a.about, "", "")[:3]
    end = f", hết hiệu lực từ {until}" if until else ""
    began = f"có hiệu lực từ {since}" if since else "không rõ ngày có hiệu lực"
    return f"Kho chưa có văn bản áp dụng vào thời gian được hỏi. Quy định trong kho về việc này là {_e(number)}, {began}{end}."


def _weak(a: Absence) -> str:
    return "Chưa có trong kho: không tìm được quy định trả lời đúng câu hỏi này."


def _closed_points(a: Absence) -> str:
    of, year = a.about
    return (
        f"Điểm năm {year}{f' của {_e(of)}' if of else ''} chưa công bố, nên chỉ đơn vị được chấm, "
        "phụ trách khối và quản trị viên được xem."
    )


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
    Lack.REPEALED: _no_longer,
    Lack.VERSION: _no_version,
    Lack.SUBJECT: lambda a: (
        f"Anh/chị muốn so sánh {_list(a.about)} về nội dung nào? Ví dụ: “So sánh Luật 2003 và 2022 về Lao động tiên tiến”."
    ),
    Lack.WEAK: _weak,
    Lack.CLOSED_POINTS: _closed_points,
    Lack.CLOSED_AWARDS: lambda a: (
        "Kho chưa có quyết định khen thưởng nào như vậy. Hồ sơ chưa có quyết định chỉ lãnh đạo đơn vị,"
        " phụ trách khối và quản trị viên được xem."
    ),
    Lack.CLOSED_DOCUMENT: lambda a: f"Tài liệu trả lời câu này chỉ dành cho {_list(a.about)}.",
    Lack.CLOSED_CHECKS: lambda a: "Kết quả kiểm tra số liệu chỉ dành cho quản trị viên.",
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
            case Caution.PART_ENDED, (number, parts, by, day):
                said.append(f"{parts}, {number} đã bị {by} bãi bỏ từ {day}.")
            case Caution.PART_FUTURE, (number, parts, day):
                said.append(f"{parts}, {number} chỉ có hiệu lực từ {day}.")
            case Caution.CHANGED, (number, parts, by, clause, day):
                of = f"{parts}, {number}" if parts else number
                said.append(f"{of} đã được sửa đổi bởi {clause}, {by} từ {day}.")
            case Caution.ABOVE, (number, law, by, day):
                said.append(
                    f"{number} hướng dẫn {law}; luật này đã được sửa đổi bởi {by} từ {day}, kho chưa có toàn văn, cần đối chiếu."
                )
            case Caution.THEN, (number, day):
                said.append(
                    f"Tại ngày {day} còn áp dụng {number}, kho chưa có toàn văn; câu trả lời chưa xét văn bản đó."
                )
            case Caution.NO_BASE, (day,):
                said.append(
                    f"Kho chưa có mức lương cơ sở áp dụng tại ngày {day} nên chưa tính ra số tiền."
                )
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
            case Caution.WITHHELD, _:
                said.append(
                    "Hồ sơ chưa có quyết định chỉ lãnh đạo đơn vị, phụ trách khối và quản trị viên được xem."
                )
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


def _source(places: Iterable[str]) -> str:
    """The line of sources; a file is named once for places of it that follow one another."""
    told: list[str] = []
    last = ""
    for source in dict.fromkeys(places):
        file, _, place = source.partition(", ")
        told.append(place if place and file == last else source)
        last = file
    return f"<i>Nguồn: {_e('; '.join(told))}</i>"


# --- buttons --------------------------------------------------------------------------------------


def buttons(answer: Answer, away: str = "") -> list[list[Button]]:
    """The rows of buttons under an answer: which is meant, where to read on, what was thought."""
    rows = [[Button(label=label, data=f"q:{i}")] for i, label in enumerate(follow_ups(answer))]
    lack = answer.absence.lack if answer.absence else None
    no_answer = answer.choice or lack in (Lack.EMPTY, Lack.GREETING, Lack.OUTSIDE)
    votes = [] if no_answer else [*VOTES]
    reading_on = _reading_away(answer, away) if away else _reading_on(answer)
    return [*rows, *reading_on, votes]


VOTES = (Button(label="👍", data="vote:up"), Button(label="👎", data="vote:down"))


def follow_ups(answer: Answer) -> tuple[str, ...]:
    """What an unclear question may have meant; each is asked by its own words."""
    return answer.choice.options if answer.choice else ()


def _reading_on(answer: Answer, turning: bool = False) -> list[list[Button]]:
    """The whole Điều, what else is near, the clauses before and after, the citation to copy."""
    if not answer.citations:
        return []
    ask = "p" if turning else "w"
    first = answer.citations[0]
    document, place = first.document, first.place
    above: list[Button] = []
    if document.kind is Kind.REGULATION and place.article:
        if place.clause or place.point:
            above.append(whole_button(document, place, ask))
        others = len(answer.citations) - 1
        if others:
            above.append(Button(label=f"📚 Nguồn khác ({others})", data="more"))
    around = neighbours(document, place, answer.around, ask)
    copy = copying("📋 Chép", copied(document, place))
    return [above, [*around, copy]]


def _reading_away(answer: Answer, away: str) -> list[list[Button]]:
    return [[opener(c, away)] for c in answer.citations[:1] if c.document.kind is Kind.REGULATION]


def opener(citation: Citation, away: str) -> Button:
    """Opens the Điều of a citation where the link ``away`` leads: in the private chat."""
    place = Place(part=citation.place.part, article=citation.place.article)
    reference = code(citation.document, place if place.article else citation.place)
    return Button(
        label=f"📖 Đọc {place if place.article else citation.place}", link=f"{away}src_{reference}"
    )


def whole_button(document: Document, place: Place, ask: str = "w") -> Button:
    """Opens the whole Điều that holds a place."""
    article = Place(part=place.part, article=place.article)
    return Button(label=f"📖 Cả Điều {place.article}", data=f"{ask}:{code(document, article)}")


def neighbours(
    document: Document, place: Place, around: tuple[Place | None, Place | None], ask: str
) -> list[Button]:
    """Buttons for what stands before and after a place in its document."""
    before, after = around
    found = []
    if before:
        found.append(
            Button(label=f"‹ {_near(before, place)}", data=f"{ask}:{code(document, before)}")
        )
    if after:
        found.append(
            Button(label=f"{_near(after, place)} ›", data=f"{ask}:{code(document, after)}")
        )
    return found


def _near(other: Place, place: Place) -> str:
    """A neighbour by the least that tells it: its khoản, its Điều, its paragraph."""
    if other.paragraph and not other.article:
        return f"đoạn {other.paragraph}"
    if other.clause and (other.part, other.article) == (place.part, place.article):
        return f"khoản {other.clause}"
    return f"Điều {other.article}"


def matches(text: str, wanted: str) -> bool:
    """True when ``wanted`` stands in ``text``, accents, case and spacing aside."""
    squeeze = re.compile(r"\s+")
    return squeeze.sub(" ", fold(wanted)) in squeeze.sub(" ", fold(text))
