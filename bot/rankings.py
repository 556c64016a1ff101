"""What is said of the points of a block: its ranking, its mean, its criteria, two units side by side."""

from bot.figures import number, period_of, signed, upper
from bot.finding import (
    Audited,
    Bound,
    Changes,
    Comparison,
    Criteria,
    Finality,
    Gaps,
    Mean,
    Members,
    Ranking,
)
from bot.markup import SHOWN_ROWS, listed, source_line
from bot.markup import escaped as _e
from bot.points import not_final, once_called
from corpus import Scorer
from index import Standing


def ranking(f: Ranking) -> list[str]:
    lines = [_ranking_head(f)]
    single = len(f.standings) == 1 and (f.wanted in (1, -1) or f.place)
    if not single:
        lines += [_standing(s) for s in f.standings]
    elif f.standings[0].recorded_as not in ("", f.standings[0].unit):
        s = f.standings[0]
        lines[0] += once_called(s.recorded_as, s.unit, f.year) + "."
    if any(s.shared for s in f.standings) and not f.criterion:
        lines.append("Các đơn vị bằng điểm xếp cùng hạng.")
    if any(s.by_table for s in f.standings):
        lines.append("Đơn vị bằng điểm được xếp theo cột xếp hạng ghi trong bảng.")
    if f.mean is not None:
        lines.append(f"Điểm trung bình: {number(f.mean)}")
    if f.unscored:
        lines.append(f"Chưa có điểm {f.scorer.value}: {listed(f.unscored)}.")
    lines += not_final(f.scorer, f.final)
    lines.append(source_line([str(f.source)]))
    return ["\n".join(lines)]


def _ranking_head(f: Ranking) -> str:
    when = period_of(f.period, f.year)
    most = f" (tối đa {number(f.max_points)})" if f.max_points and f.max_points > 0 else ""
    what = f" về {_e(f.criterion)}{most}" if f.criterion else ""
    if f.bound:
        said = f"<b>{len(f.standings)} đơn vị</b>" if f.standings else "<b>không có đơn vị nào</b>"
        end = ":" if f.standings else "."
        return f"{upper(when)}, {said} {_bound(f.bound)} ({f.scorer.value}, khối có {f.members} đơn vị){end}"
    if f.place and not f.standings:
        return f"{upper(when)}, {_e(f.block)} chỉ có {f.members} đơn vị, không có hạng {f.place}."
    if f.place and len(f.standings) == 1:
        s = f.standings[0]
        return (
            f"{upper(when)}, xếp thứ {s.rank} {_e(f.block)} là <b>{_e(s.unit)}</b>: "
            f"<b>{number(s.points)} điểm</b> ({f.scorer.value})."
        )
    if f.wanted in (1, -1) and len(f.standings) == 1:
        s = f.standings[0]
        word = "dẫn đầu" if f.wanted > 0 else "thấp nhất"
        return (
            f"{upper(when)}, {word} {_e(f.block)}{what} là <b>{_e(s.unit)}</b>: "
            f"<b>{number(s.points)} điểm</b> ({f.scorer.value})."
        )
    if f.wanted in (1, -1) and f.standings:
        word = "cao nhất" if f.wanted > 0 else "thấp nhất"
        return (
            f"{upper(when)}, {len(f.standings)} đơn vị cùng {word} {_e(f.block)}{what} "
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


def comparison(f: Comparison) -> list[str]:
    first, *others = f.standings
    lines = []
    for other in others:
        apart = first.points - other.points
        if apart:
            lines.append(
                f"{upper(period_of(f.period, f.year))}, <b>{_e(first.unit)}</b> cao hơn "
                f"<b>{_e(other.unit)}</b> <b>{number(apart)} điểm</b> ({f.scorer.value})."
            )
        else:
            lines.append(
                f"{upper(period_of(f.period, f.year))}, <b>{_e(first.unit)}</b> và "
                f"<b>{_e(other.unit)}</b> <b>bằng điểm</b> ({f.scorer.value})."
            )
    lines += [f"• {_e(s.unit)}: {number(s.points)}, thứ {s.rank}/{f.members}" for s in f.standings]
    if f.groups:
        lines.append("Từng nhóm, theo thứ tự trên:")
        lines += [f"• {_e(name)}: {' – '.join(map(number, points))}" for name, points in f.groups]
    lines += not_final(f.scorer, f.final)
    return ["\n".join([*lines, source_line([str(f.source)])])]


def mean(f: Mean) -> list[str]:
    lines = [
        f"Điểm trung bình {_e(f.block)} {period_of(f.period, f.year)}: <b>{number(f.mean)} điểm</b> "
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
            f"<b>{_e(s.unit)}</b>, {period_of(f.period, f.year)}: {number(s.points)} điểm, <b>{how}</b> "
            f"({number(f.mean)}; {f.scorer.value}), xếp thứ {s.rank}/{f.members}."
        )
    lines.append(
        f"Cao nhất: {_e(f.highest.unit)} {number(f.highest.points)}; "
        f"thấp nhất: {_e(f.lowest.unit)} {number(f.lowest.points)}."
    )
    if f.rounded:
        lines.append("Số trung bình làm tròn đến hai chữ số.")
    lines += not_final(f.scorer, f.final)
    return ["\n".join([*lines, source_line([str(f.source)])])]


def gaps(f: Gaps) -> list[str]:
    first = f.gaps[0]
    word = "ít nhất" if f.least else "nhiều nhất"
    apart = abs(first.given[0] - first.given[1])
    names = [g.unit for g in f.gaps if abs(g.given[0] - g.given[1]) == apart]
    lead = (
        f"{upper(period_of(first.period, first.year))}, {first.first.value} và {first.second.value} "
        f"chênh nhau {word}: {', '.join(f'<b>{_e(name)}</b>' for name in names)}, "
        f"<b>{number(apart)} điểm</b>."
    )
    rows = [
        f"• {_e(g.unit)}: {number(abs(g.given[0] - g.given[1]))} ({number(g.given[0])} → {number(g.given[1])})"
        for g in f.gaps
    ]
    return ["\n".join([lead, *rows, source_line(map(str, first.sources))])]


def criteria(f: Criteria) -> list[str]:
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
    return ["\n".join([*lines, source_line([str(f.source)])])]


def finality(f: Finality) -> list[str]:
    when = period_of(f.period, f.year)
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
    return ["\n".join([lead, f"Đã chấm: {said}.", source_line([str(f.source)])])]


def changes(f: Changes) -> list[str]:
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
    return ["\n".join([head, "Tất cả đơn vị:", *rows, source_line(map(str, first.sources))])]


def members(f: Members) -> list[str]:
    lead = f"Bảng điểm năm {f.year} của {_e(f.block)} có <b>{len(f.units)} đơn vị</b>:"
    return ["\n".join([lead, *(f"• {_e(unit)}" for unit in f.units), source_line([str(f.source)])])]


def audited(f: Audited) -> list[str]:
    if not f.problems:
        return ["Đối chiếu các bảng điểm: <b>không thấy sai lệch</b> nào."]
    lines = [f"Đối chiếu các bảng điểm, có <b>{len(f.problems)} điểm cần kiểm tra</b>:"]
    lines += [f"• {_e(p.message)} ({_e(p.file)}, {_e(p.place)})" for p in f.problems[:SHOWN_ROWS]]
    return ["\n".join(lines)]
