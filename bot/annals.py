"""What is said of awards, of meetings, of who led a block, and of the names that a unit had."""

from collections import Counter

from bot.figures import day_of, number, years_of
from bot.finding import Agreement, Awards, MeetingFacts, MeetingList, Names, Offices
from bot.markup import SHOWN_ROWS, source_line
from bot.markup import escaped as _e
from corpus import Award, Meeting, Status

FACTS = {  # what a report says: its name → as a reader calls it
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


def awards(f: Awards) -> list[str]:
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
        span = f" ({years_of(f.years)})" if f.years else ""
        lines.append(f"Nhiều nhất{span}: {names}, <b>{most} lần</b> đã có quyết định.")
        lines += [f"• {_e(unit)}: {count} lần" for unit, count in f.leaders]
    elif f.runs:
        titles = ", ".join(f"“{_e(t)}”" for t in f.titles)
        if not f.unit and f.wanted > f.runs[0].length:
            lines.append(f"Không có ai được {titles} <b>{f.wanted} năm liên tiếp</b>. Dài nhất:")
        longest = f.runs[:1] if f.unit else [r for r in f.runs if r.length == f.runs[0].length]
        for run in longest[:SHOWN_ROWS]:
            years = f"năm {run.first}" if run.length == 1 else f"từ {run.first} đến {run.last}"
            lines.append(
                f"<b>{_e(run.whom)}</b> được {titles} <b>{run.length} năm liên tiếp</b>, {years} (đã có quyết định)."
            )
    elif f.asked_if and not decided:
        lines.append(f"{what}: <b>chưa có quyết định</b>.")
    elif f.asked_if and what:
        when = sorted({a.year for a in decided if a.year})
        lines.append(f"{what}: <b>đã có quyết định</b>{f', {years_of(when)}' if when else ''}.")
    elif f.counted:
        span = f" ({years_of(f.years)})" if f.years else ""
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
        lines.append(f"Khen thưởng của {whom}{f', {years_of(f.years)}' if f.years else ''}:")
    else:
        lines.append(f"Khen thưởng ghi nhận được{f', {years_of(f.years)}' if f.years else ''}:")
    shown = f.awards[-SHOWN_ROWS:]
    if not f.leaders:
        lines += [
            f"• {_award_line(a, with_recipient=not f.unit, with_paper=not f.decision)}"
            for a in shown
        ]
    if len(f.awards) > len(shown) and not f.leaders:
        lines.append(f"(và {len(f.awards) - len(shown)} trường hợp cũ hơn)")
    if f.of_people:
        lines.append(
            f"Ngoài ra có {len(f.of_people)} trường hợp là cá nhân thuộc đơn vị, không tính ở trên."
        )
    files = dict.fromkeys(a.source.file for a in f.awards)
    cells = ", ".join(a.source.place.split("!")[-1] for a in shown[:8])
    lines.append(source_line([f"{', '.join(files)} ({cells}{'…' if len(shown) > 8 else ''})"]))
    return ["\n".join(lines)]


def _award_line(award: Award, with_recipient: bool, with_paper: bool = True) -> str:
    who = f"{_e(award.recipient or 'không nêu tên')}: " if with_recipient else ""
    merit = f"năm {award.year}: " if award.year else ""
    several = f" ({award.count} trường hợp)" if award.count > 1 else ""
    paper = f", Quyết định số {_e(award.decision)}{_decided_on(award)}" if award.decision else ""
    if not with_paper:
        paper = ""
    # A cancelled award keeps the number of the decision that once gave it.
    return f"{merit}{who}{_e(award.title)}{several} – <i>{award.status.value}</i>{paper}"


def _decided_on(award: Award) -> str:
    return f" ngày {day_of(award.decided_on)}" if award.decided_on else ""


def meeting_facts(f: MeetingFacts) -> list[str]:
    meeting = f.meeting
    overview = () if f.awards else ("date", "place", "host", "lead_unit")
    names = f.asked or overview
    lines = [f"<b>{_e(meeting.title)}</b>"]
    for name in dict.fromkeys(("date", *names) if f.asked and "date" in names else names):
        fact = meeting.fact(name)
        if fact is None:
            continue
        value = day_of(meeting.date) if name == "date" and meeting.date else fact.value
        lines.append(f"• {FACTS.get(name, name)}: <b>{_e(value)}</b>")
    for award in f.awards:
        lines.append(f"• {_award_line(award, with_recipient=True)}")
    lines += [f"• {FACTS.get(name, name)}: báo cáo không ghi." for name in f.lacking]
    return ["\n".join(lines)] if len(lines) > 1 else []


def meeting_list(f: MeetingList) -> list[str]:
    head = (
        f"Có <b>{len(f.meetings)} báo cáo</b> phù hợp trong kho:"
        if f.counted
        else "Các cuộc họp có trong kho:"
    )
    rows = [f"• {_meeting_line(m)}" for m in f.meetings[-SHOWN_ROWS:]]
    files = [m.document for m in f.meetings[-SHOWN_ROWS:]]
    return ["\n".join([head, *rows, source_line(files)])]


def _meeting_line(meeting: Meeting) -> str:
    date = (
        day_of(meeting.date)
        if meeting.date
        else f"năm {meeting.year}"
        if meeting.year
        else "không ghi ngày"
    )
    place = meeting.fact("place") or meeting.fact("host")
    where = f", tại {_e(place.value)}" if place else ""
    return f"{date}{where}: {_e(meeting.title)}"


def offices(f: Offices) -> list[str]:
    office = "Phó Trưởng khối (cụm)" if f.deputy else "Trưởng khối (cụm)"
    times = f", <b>{len(f.years)} năm</b>" if len(f.years) > 1 else ""
    lead = f"<b>{_e(f.unit)}</b> là {office} <b>{years_of(f.years)}</b>{times}, theo các báo cáo trong kho."
    rows = [f"• {year}: “{_e(s.quote)}”" for year, s in zip(f.years, f.sources, strict=True)]
    return ["\n".join([lead, *rows, source_line(map(str, f.sources))])]


def agreement(f: Agreement) -> list[str]:
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
    return [f"{text}\n{source_line([str(f.source)])}"]


def names(f: Names) -> list[str]:
    lines = []
    for unit in f.units:
        start = f"từ {day_of(unit.since)}" if unit.since else ""
        end = f"đến {day_of(unit.until)}" if unit.until else "đến nay"
        lines.append(f"• <b>{_e(unit.name)}</b>: {' '.join(w for w in (start, end) if w)}")
    head = (
        "Tên của đơn vị qua các thời kỳ:"
        if len(f.units) > 1
        else "Đơn vị chỉ có một tên trong dữ liệu:"
    )
    return ["\n".join([head, *lines, source_line([f.units[0].source.file])])] if f.units else []
