"""What is said of regulations beside their clauses: the money, what applied when, two texts compared."""

from collections.abc import Sequence

from bot.answer import Answer, Citation
from bot.figures import day_of, number
from bot.finding import (
    Half,
    Halves,
    InForce,
    Known,
    Lifespan,
    Reward,
    Salary,
    Side,
    SideBySide,
    Together,
)
from bot.markup import SHOWN_ROWS, Part, Style
from bot.markup import escaped as _e
from bot.quotation import line_of
from corpus import Place, Relation, Validity


def known(f: Known) -> list[str]:
    v = f.validity
    named = f"{v.title} (số {v.number})" if v.title else v.number
    lines = [f"<b>{_e(named)}</b>: kho chưa có toàn văn."]
    if v.effective:
        lines.append(f"Hiệu lực từ {day_of(v.effective)}.")
    if v.expires:
        by = f", thay bằng {_e(', '.join(v.replaced_by))}" if v.replaced_by else ""
        lines.append(f"Hết hiệu lực từ {day_of(v.expires)}{by}.")
    if v.note:
        lines.append(f"{_e(v.note)}.")
    if v.checked:
        lines.append(f"Theo sổ hiệu lực văn bản: {_e(v.checked)}.")
    return ["\n".join(lines)]


def reward(f: Reward) -> list[str]:
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
    lines.append(f"Tính theo lương cơ sở áp dụng tại ngày {day_of(f.as_of)} ({_e(base)}).")
    return ["\n".join(lines)]


def salary(f: Salary) -> list[str]:
    if f.passage and f.document:
        ground = f"{f.passage.place}, {f.document.name}"
    else:
        ground = f"theo sổ hiệu lực văn bản, {f.row.number}, chưa kiểm chứng" if f.row else ""
    day = day_of(f.as_of)
    return [
        f"Mức lương cơ sở áp dụng tại ngày {day}: <b>{number(f.amount)} đồng/tháng</b> ({_e(ground)})."
    ]


def together(f: Together) -> list[str]:
    place = f"{f.passage.place}, {f.document.name}"
    if f.sums:
        total = " + ".join(number(s) for s in f.sums)
        return [
            f"Được nhận cả hai khoản: {total} = <b>{number(sum(f.sums))} đồng</b> ({_e(place)})."
        ]
    return [
        f"Các mức trên không mặc nhiên được cộng với nhau; áp dụng {_e(place)} (trích dưới đây)."
    ]


def halves(f: Halves) -> list[str]:
    days = [day_of(half.since) for half in f.halves[1:]]
    if len({(half.number, half.amended) for half in f.halves}) == 1:
        text = _of_half(f.halves[0]).rstrip(".")
        return [
            f"Trong thời gian được hỏi, văn bản áp dụng là {text}; mức lương cơ sở thay đổi từ ngày"
            f" <b>{' và '.join(days)}</b>."
        ]
    lines = [f"Trong thời gian được hỏi, quy định thay đổi từ ngày <b>{' và '.join(days)}</b>:"]
    for half in f.halves:
        lines.append(f"• Từ {day_of(half.since)} đến {day_of(half.until)}: {_of_half(half)}")
    return ["\n".join(lines)]


def _of_half(half: Half) -> str:
    if not half.number:
        return "kho không có văn bản áp dụng."
    words = [f"<b>{_e(half.number)}</b>"]
    if not half.held:
        words.append("(kho chưa có toàn văn)")
    for by, since, held in half.amended:
        lacking = "" if held else ", kho chưa có toàn văn văn bản sửa đổi"
        words.append(f"(đã được sửa đổi bởi {_e(by)} từ {day_of(since)}{lacking})")
    return " ".join(words) + ("; hiệu lực chưa kiểm chứng đầy đủ." if half.unchecked else ".")


def lifespan(f: Lifespan) -> list[str]:
    v = f.validity
    named = f"{v.title} (số {v.number})" if v.title else v.number
    lines = [f"<b>{_e(named)}</b>: {_state(f)}"]
    if v.issued:
        lines.append(f"• Ban hành ngày {day_of(v.issued)}.")
    if v.effective:
        lines.append(f"• Hiệu lực từ {day_of(v.effective)}.")
    if v.expires:
        by = _by(f.replaced) or ", ".join(v.replaced_by)
        lines.append(
            f"• Hết hiệu lực từ {day_of(v.expires)}{f', thay bằng {_e(by)}' if by else ''}."
        )
    elif f.replaced:
        lines.append(f"• Được thay bằng {_e(_by(f.replaced))}.")
    if f.replaces:
        lines.append(f"• Thay thế {_e(', '.join(dict.fromkeys(r.target for r in f.replaces)))}.")
    for r in f.amended:
        since = f" từ {day_of(r.since)}" if r.since else ""
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
    v, day = f.validity, day_of(f.as_of)
    of_part = [
        r
        for r in f.repealed
        if f.place.article and r.covers(f.place) and r.since and r.since <= f.as_of
    ]
    if of_part:
        r = of_part[0]
        return (
            f"{f.place} đã bị bãi bỏ từ {day_of(r.since)} theo {_e(str(r.place))}, {_e(r.number)}."
        )
    if v.expires and v.expires <= f.as_of:
        return f"đã hết hiệu lực từ {day_of(v.expires)}."
    if v.effective and v.effective > f.as_of:
        return f"chưa có hiệu lực tại ngày {day}."
    if v.effective or v.expires:
        return f"đang có hiệu lực tại ngày {day}."
    return "kho không có thông tin đầy đủ về hiệu lực."


def _by(relations: Sequence[Relation]) -> str:
    return ", ".join(dict.fromkeys(r.number for r in relations))


def _repealed(r: Relation, asked: Place) -> str:
    since = f" từ {day_of(r.since)}" if r.since else ""
    touched = [p for p in r.places if not asked.article or p.holds(asked) or asked.holds(p)]
    parts = ", ".join(map(str, touched[:SHOWN_ROWS]))
    return f"• {_e(parts)} bị bãi bỏ{since} theo {_e(str(r.place))}, {_e(r.number)}."


def in_force(f: InForce) -> list[str]:
    lines = [f"Văn bản có hiệu lực tại ngày {day_of(f.as_of)} theo sổ hiệu lực:"]
    for v, held in f.texts[:SHOWN_ROWS]:
        since = f", hiệu lực từ {day_of(v.effective)}" if v.effective else ""
        end = f", đến trước {day_of(v.expires)}" if v.expires else ""
        lacking = "" if held else "; kho chưa có toàn văn"
        doubt = "; chưa kiểm chứng đầy đủ" if v.unchecked else ""
        lines.append(f"• <b>{_e(v.number)}</b> – {_e(_titled(v))}{since}{end}{lacking}{doubt}")
    return ["\n".join(lines)]


def _titled(v: Validity) -> str:
    return v.title if len(v.title) <= 90 else f"{v.title[: v.title.rfind(' ', 0, 90)]}…"


def side_by_side(f: SideBySide, answer: Answer) -> list[Part]:
    """The whole of an answer that compares: both texts quoted, with where they stand."""
    parts = []
    if f.missing:
        names = _e(", ".join(f.missing))
        parts.append(
            Part(text=f"Kho chưa có nội dung này của {names} nên chưa so sánh được hai bên.")
        )
    elif f.older and f.newer:
        head = f"So sánh về <b>{_e(f.subject)}</b>; chữ giữa « » là chỗ hai văn bản khác nhau."
        parts.append(Part(text=head))
    for side in (f.older, f.newer):
        if side:
            text, bold = _marked(side)
            parts.append(Part(text=text, style=Style.QUOTE, bold=bold, unfolded=True))
            cited = Citation(document=side.document, place=side.place, quote="")
            parts.append(Part(text=line_of(cited, answer)))
    return parts


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
