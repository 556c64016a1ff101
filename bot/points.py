"""What is said of one unit's points: a year, a criterion, the years one after another, what was lost."""

from collections.abc import Sequence
from decimal import Decimal

from bot.figures import number, period_of, signed
from bot.finding import Change, CriterionPoints, Deductions, Gap, Points, Series
from bot.markup import escaped as _e
from bot.markup import listed, source_line
from corpus import Score, Scorer


def points(f: Points) -> list[str]:
    sums = dict(f.sums)
    who = f"<b>{_e(f.unit)}</b>{once_called(f.recorded_as, f.unit, f.year)}"
    when = period_of(f.period, f.year)
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
    lines = [text, *not_final(f.final, f.final)]
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
    lines.append(source_line(str(source) for scorer, source in f.sources if scorer in shown))
    return ["\n".join(lines)]


def once_called(recorded: str, unit: str, year: int) -> str:
    """The name of the workbook's day, where it is not the present one."""
    return f" (bảng năm {year} ghi tên “{_e(recorded)}”)" if recorded not in ("", unit) else ""


def not_final(scorer: Scorer, final: Scorer) -> list[str]:
    """What a reader must know of points that are not the council's."""
    if scorer is not final:
        return [f"Đây là điểm {scorer.value}; điểm cuối cùng là điểm {final.value}."]
    if final is Scorer.COUNCIL:
        return []
    return [
        f"Chưa có điểm Hội đồng thẩm định; đây là điểm {final.value}, chưa phải điểm cuối cùng."
    ]


def criterion(f: CriterionPoints) -> list[str]:
    by_code: dict[str, list[Score]] = {}
    for score in f.scores:
        by_code.setdefault(score.criterion, []).append(score)
    lines = [f"<b>{_e(f.unit)}</b>, {period_of(f.period, f.year)}:"]
    if f.group:
        sums = dict(f.sums)
        others = ", ".join(f"{s.value} {number(p)}" for s, p in f.sums if s is not f.final)
        lines = [
            f"<b>{_e(f.unit)}</b>, {period_of(f.period, f.year)}, {_e(f.group)}: "
            f"<b>{number(sums[f.final])} điểm</b> ({f.final.value}{f'; {others}' if others else ''})."
        ]
    for scores in by_code.values():
        given = ", ".join(f"{s.scorer.value} <b>{_given(s)}</b>" for s in scores)
        if f.group and not scores[0].verdict:
            given = "; ".join(f"<b>{_given(s)}</b>" for s in scores if s.scorer is f.final)
        lines.append(f"• {_coded(scores[0])}{_scheme(scores[0])}: {given}.")
        reasons = dict.fromkeys(s.reason for s in scores if s.reason)
        lines += [f"  Lý do: {_e(reason)}." for reason in reasons]
    lines += not_final(f.final, f.final)
    cells = [s.source for s in f.scores if s.scorer is f.final] if f.group else None
    sources = cells or [s.source for s in f.scores]
    lines.append(source_line(map(str, sources[:6])))
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


def series(f: Series) -> list[str]:
    lines = []
    rows = f.rows
    if f.best:
        order = sorted(rows, key=lambda r: r.points, reverse=f.best > 0)
        best = [r for r in order if r.points == order[0].points]
        years = ", ".join(f"{period_of(r.period, r.year)}" for r in best)
        word = "cao nhất" if f.best > 0 else "thấp nhất"
        lines.append(
            f"<b>{_e(f.unit)}</b> {word} {years}: <b>{number(best[0].points)} điểm</b>, trong các năm có dữ liệu:"
        )
    else:
        lines.append(f"Điểm của <b>{_e(f.unit)}</b> qua các năm:")
    scorers = {r.scorer for r in rows}
    for row in rows:
        by = f" ({row.scorer.value})" if len(scorers) > 1 else ""
        when = str(row.year) if row.period in ("", "cả năm") else period_of(row.period, row.year)
        lines.append(
            f"• {when}: <b>{number(row.points)}</b>{by}"
            f"{f', thứ {row.rank}/{row.members}' if row.rank and row.members > 1 else ''}"
            f"{once_called(row.recorded_as, f.unit, row.year)}"
        )
    if len(scorers) == 1:
        lines.append(f"Điểm {rows[0].scorer.value}.")
        lines += not_final(rows[0].scorer, rows[0].final)
    lines.append(source_line(str(row.source) for row in rows))
    return ["\n".join(lines)]


def gap(f: Gap) -> list[str]:
    first, second = f.given
    apart = first - second
    how = f"<b>chênh {number(abs(apart))} điểm</b>" if apart else "<b>bằng nhau</b>"
    if apart:
        higher = f.first if apart > 0 else f.second
        how += f" ({higher.value} cao hơn)"
    lines = [
        f"<b>{_e(f.unit)}</b>, {period_of(f.period, f.year)}: {f.first.value} {number(first)}, "
        f"{f.second.value} {number(second)}; {how}."
    ]
    if f.differing:
        lines.append("Các tiêu chí khác nhau:")
    for one, two in f.differing:
        reason = one.reason or two.reason
        why = f". Lý do: {_e(reason)}" if reason else ""
        lines.append(f"• {_coded(one)}: {number(one.points)} → {number(two.points)}{why}.")
    return ["\n".join([*lines, source_line(map(str, f.sources))])]


def change(f: Change) -> list[str]:
    lines = [_change_line(f)]
    if f.groups:
        lines.append("Thay đổi theo nhóm:")
    lines += [
        f"• {_e(name)}: {signed(after - before)} ({number(before)} → {number(after)})"
        for name, before, after in f.groups
    ]
    return ["\n".join([*lines, source_line(map(str, f.sources))])]


def _change_line(f: Change) -> str:
    moved = f.difference
    word = "tăng" if moved > 0 else "giảm"
    how = f"<b>{word} {number(abs(moved))} điểm</b>" if moved else "<b>không thay đổi</b>"
    return (
        f"<b>{_e(f.unit)}</b>: từ {f.before_year} đến {f.after_year} {how} "
        f"({number(f.before)} → {number(f.after)}, {f.scorer.value})."
    )


def deductions(f: Deductions) -> list[str]:
    if not f.unit:
        if f.spared:
            count = (
                f"<b>{len(f.spared)}/{f.members} đơn vị</b> không bị trừ điểm ({f.scorer.value})"
            )
            return [
                f"Năm {f.year}, {count}: {listed(f.spared, 40)}.\n{source_line([str(f.source)])}"
            ]
        text = f"Năm {f.year}, <b>không có đơn vị nào bị trừ điểm</b> ({f.scorer.value})."
        return [f"{text}\n{source_line([str(f.source)])}"]
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
    lines.append(source_line(str(cell) for cell in cells[:6]))
    return ["\n".join(lines)]


def _lost(score: Score, how: str) -> str:
    reason = f". Lý do: {_e(score.reason)}" if score.reason else ""
    return f"• {_coded(score)}: {how}{reason}."
