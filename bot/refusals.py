"""What is said where there is no answer: which is meant, what is not held, and what would fill the gap."""

from collections.abc import Callable, Sequence

from bot.annals import FACTS
from bot.answer import Answer, Caution
from bot.finding import Absence, Choice, Lack
from bot.markup import SHORT, SHOWN_ROWS, Part, Style, listed
from bot.markup import escaped as _e
from bot.quotation import short


def asked_back(choice: Choice) -> str:
    """What is not clear, and the ways to understand it, numbered for those who have no buttons: HTML."""
    options = choice.options
    if len(options) == 1:
        lead = f"Kho không có đơn vị “{_e(choice.typed)}”. Có phải anh/chị muốn hỏi đơn vị này?"
    else:
        lead = f"“{_e(choice.typed)}” có thể là nhiều đơn vị. Anh/chị muốn hỏi đơn vị nào?"
    return "\n".join([lead, *(f"{n}. {_e(name)}" for n, name in enumerate(options, start=1))])


def refusal(absence: Absence, answer: Answer) -> list[Part]:
    """An honest no, what would have to be added, and what comes nearest."""
    parts = [Part(text=_ABSENCES[absence.lack](absence))]
    if absence.lack is Lack.WEAK and (lacking := missing(answer)):
        parts[0] = Part(text=f"{parts[0].text} Cần bổ sung {_e(lacking)}.")
    # To a question of another field nothing held is near.
    near = answer.nearest[:1] if absence.lack is not Lack.OUTSIDE else ()
    if near:
        parts.append(Part(text=f"Gần nhất trong kho là <b>{_e(short(near[0]))}</b>:"))
        parts.append(Part(text=_opening(near[0].quote), style=Style.QUOTE))
    return parts


def _opening(text: str) -> str:
    if len(text) <= SHORT:
        return text
    return text[: text.rfind(" ", 0, SHORT)] + " […]"


def _no_unit(a: Absence) -> str:
    about = f" “{_e(a.about[0])}”" if a.about else ""
    known = f" Các đơn vị có trong dữ liệu: {listed(a.exists)}." if a.exists else ""
    return f"Không có dữ liệu về đơn vị{about}.{known}"


def _no_year(a: Absence) -> str:
    if not a.exists:
        return "Kho chưa có bảng điểm nào."
    return f"Không có dữ liệu điểm cho {listed(a.about)}. Bảng điểm hiện có các năm: {listed(a.exists)}."


def _no_criterion(a: Absence) -> str:
    *named, year = a.about
    known = "\n".join(f"• {_e(name)}" for name in a.exists[:SHOWN_ROWS])
    return f"Năm {_e(year)} không có tiêu chí {_e(named[0])}. Các tiêu chí của năm ấy:\n{known}"


def _no_period(a: Absence) -> str:
    period, *years = a.about
    return f"Không có điểm {_e(period.removesuffix(' năm'))} năm {', '.join(years)}. Bảng điểm hiện có: {listed(a.exists)}."


def _no_member(a: Absence) -> str:
    unit, *_ = a.about
    return f"{_e(unit)} không có trong bảng điểm nào. Các đơn vị có điểm: {listed(a.exists)}."


def _no_award(a: Absence) -> str:
    about = f" về {listed(a.about)}" if a.about else ""
    years = f" Năm có dữ liệu: {listed(a.exists)}." if a.exists else ""
    return f"Chưa có dữ liệu khen thưởng{about}.{years}"


def _no_meeting(a: Absence) -> str:
    about = f" về {listed(a.about)}" if a.about else ""
    return f"Kho chưa có báo cáo cuộc họp nào{about} khớp với câu hỏi."


def _not_said(a: Absence) -> str:
    title, *lacking = a.about
    what = (
        f" không ghi: {', '.join(FACTS.get(n, n).lower() for n in lacking)}"
        if lacking
        else " không nói điều được hỏi"
    )
    return f"Báo cáo “{_e(title)}” có trong kho nhưng{what}."


def _no_record(a: Absence) -> str:
    what = f"“{listed(a.about, 4)}”" if a.about else "điều được hỏi"
    of = f" về {listed(a.exists, 4)}" if a.exists else ""
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
    if not held:
        return f"{_e(title)} (số {_e(number)}): bản trong kho không kèm {_e(place)}."
    span = f"{held[0]} đến {held[-1]}" if len(held) > 1 else held[0]
    return f"{_e(title)} (số {_e(number)}) không có {_e(place)}. Bản trong kho có {_e(form)} {_e(span)}."


def _no_document(a: Absence) -> str:
    return f"Kho chưa có văn bản {listed([n.split(':')[-1] for n in a.about])}. Văn bản hiện có: {listed(a.exists)}."


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
        f"Không có dữ liệu của {listed(a.about)}. Dữ liệu hiện có thuộc: {listed(a.exists)}."
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
        f"Anh/chị muốn so sánh {listed(a.about)} về nội dung nào? Ví dụ: “So sánh Luật 2003 và 2022 về Lao động tiên tiến”."
    ),
    Lack.WEAK: _weak,
    Lack.CLOSED_POINTS: _closed_points,
    Lack.CLOSED_AWARDS: lambda a: (
        "Kho chưa có quyết định khen thưởng nào như vậy. Hồ sơ chưa có quyết định chỉ lãnh đạo đơn vị,"
        " phụ trách khối và quản trị viên được xem."
    ),
    Lack.CLOSED_DOCUMENT: lambda a: f"Tài liệu trả lời câu này chỉ dành cho {listed(a.about)}.",
    Lack.CLOSED_CHECKS: lambda a: "Kết quả kiểm tra số liệu chỉ dành cho quản trị viên.",
}


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
