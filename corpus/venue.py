"""Where people met, in whose house, and who chaired."""

import re
from collections.abc import Sequence

from corpus.naming import (
    A_UNIT,
    AREA,
    LEVEL,
    OFFICE,
    PART,
    PERSON,
    POST,
    PROPER,
    UNIT,
    WORD,
)
from corpus.occasion import (
    DAY,
    LATER,
    MEETING_NOUN,
    Dated,
)
from corpus.sentences import (
    Named,
    Sentence,
    whole,
)

_FACILITY = (
    r"(?:(?:[Hh]ội trường|[Tt]rụ sở|[Pp]hòng họp|[Cc]ơ quan|[Nn]hà [Vv]ăn [Hh]óa|[Nn]hà khách"
    r"|[Kk]hách sạn"
    r"|[Tt]rung tâm [Hh]ội nghị|[Tt]rung tâm|[Nn]hà [Hh]ội nghị|[Tt]rường|[Hh]ội quán"
    r"|[Tt]ruyền thống)"
    r"(?: (?:lớn|số \d+|tầng \d+|[A-D]\d?|làm việc))?)"
)
_SOMEWHERE = (
    rf"(?:(?:{_FACILITY},? )*(?:của )?(?:{UNIT}|{AREA} {PROPER})"
    rf"|{_FACILITY}(?: Khối| Cụm)?(?: - {WORD}| {PART}){{1,8}}{LEVEL}?|{PROPER})"
    rf"(?:, (?:{AREA} {PROPER}|{PROPER}(?=[.;]|$)))*"
)
_PLACE_LABEL = re.compile(
    r"\b(?i:địa điểm|nơi họp|nơi tổ chức)[^:]{0,20}:\s*(?P<place>[^;]*?)(?:[.;]?$|\. |;)"
)
_PLACE = re.compile(
    rf"\b(?:[Tt]ại|[Ởở]|trong(?= [Hh]ội trường)) (?!(?:Hội nghị|Quyết định|Nghị|Luật|Kế hoạch"
    rf"|Công văn|Báo cáo|Thông|Điều"
    rf"|Đại hội|Lễ|Quy|Hướng|Khối|Cụm|Chỉ thị)\b)(?P<place>{_SOMEWHERE})"
)
_PLACE_IS = re.compile(rf"^(?P<place>{_SOMEWHERE}) là (?:nơi|địa điểm|điểm)\b")
_ELSEWHERE = re.compile(
    r"\b(?:thăm|dâng hương|về nguồn|tập huấn|giải bóng|hội thao|hội thi|mô hình|trồng cây|tặng quà"
    r"|công tác tại"
    r"|làm việc tại|điển hình)\b",
    re.I,
)
_MEETS_AT = re.compile(
    r"\b(?:họp|tổ chức|diễn ra|được làm|gặp nhau|gặp mặt|ký|khai mạc)\b[^.;]{0,40}$", re.I
)
# Houses that anybody may meet in: their owner is not the host.
_NEUTRAL = re.compile(
    r"^(?:Trung tâm|UBND|Ủy ban nhân dân|HĐND|(?:Tỉnh|Thành|Huyện|Quận|Thị) ủy|Văn phòng UBND)"
)
_NEUTRAL_HALL = re.compile(r"nhà khách|khách sạn|trung tâm|nhà văn hóa|bảo tàng", re.I)
_HOST = re.compile(
    rf"(?P<a>{UNIT})(?:, [^,.;]{{1,40}},)?(?:,? (?:là|đơn vị|được chọn|cơ quan|nơi|giao|nhận))* "
    rf"(?:đăng cai|chủ nhà)\b"
    rf"|(?:[Đđ]ăng cai|[Cc]hủ nhà)(?: tổ chức| của hội nghị)?(?: (?:là|bởi|do)|:)? (?P<b>{UNIT})"
)
_ORGANISER = re.compile(
    rf"(?i:đứng ra tổ chức|đơn vị tổ chức|chủ trì tổ chức)(?: là|:)? (?P<a>{UNIT})"
    rf"|do (?P<b>{UNIT})(?:(?:,| -) [^,.;]{{1,40}}(?:,| -))? (?:chủ trì )?tổ chức"
)
_CHAIR = r"(?:[Cc]hủ trì|[Đđ]iều hành|[Cc]hủ tọa)"
_TOGETHER = r"(?:cùng |(?<!Hội )đồng )?"
_CHAIRED = re.compile(
    rf"\bdo\b(?P<by>[^.;]{{3,220}}?){_TOGETHER}\b{_CHAIR}\b"
    rf"|[Dd]ưới sự {_CHAIR} của(?P<under>[^.;]{{3,220}})"
    rf"|^(?:[\dIVX]+[.)] ?|[-+•*] ?)*(?:Người |Đồng )?{_CHAIR}(?: [^:.;]{{0,30}}?)?"
    rf"(?::|\b(?:có|là|gồm)\b)(?P<label>(?:(?![Tt]hư ký|; Hội)[^.]){{3,260}})"
    rf"|\b{_CHAIR}(?: [^:.;,]{{1,30}}?)?(?:\s*:| là\b)(?P<seat>[^.;]{{3,260}})"
    rf"|^(?P<both>[^.]{{3,300}}?)\b(?:cùng|(?<!Hội )đồng) {_CHAIR}\b(?! là|\s*:)"
    rf"|^(?P<they>[^.;]{{3,220}}?)(?<!sự )\b{_CHAIR}\b(?! (?:tổ chức|xây|soạn|là)|\s*:)"
)
_ROW_CHAIR = re.compile(r"\b(?:chủ trì|chủ tọa|điều hành)\b", re.I)
_CONCLUDES = re.compile(
    r"^Kết luận (?:buổi|cuộc|hội nghị|phiên|tại)[^,]{0,30}, (?P<w>[^.;]{3,120})"
)


def place_of(title: Sentence, body: Sequence[Sentence], dated: Dated | None) -> Named | None:
    """Return where they met, from a label or from a sentence about the meeting itself."""
    for s in body:
        if label := _PLACE_LABEL.search(s.said):
            place = label["place"]
            if DAY.search(place):
                place = next((m["place"] for m in _PLACE.finditer(place)), "")
            if place.strip():
                return Named(_venue(re.sub(r"^(?:[Tt]ại|[Ởở]) ", "", place)), s)
    opening = [s for s in body if s.paragraph <= 4 and not s.cells]
    if dated and dated.sentence not in opening:
        opening.insert(0, dated.sentence)
    for s in opening:
        if not MEETING_NOUN.search(s.said) or LATER.search(s.said):
            continue
        if here := _PLACE_IS.match(s.said):
            return Named(_venue(here["place"]), s)
        for m in _PLACE.finditer(s.said):
            before = s.said[: m.start()]
            dates = dated is not None and dated.sentence == s
            if not _ELSEWHERE.search(before) and (dates or _MEETS_AT.search(before)):
                return Named(_venue(m["place"]), s)
    there = _PLACE.search(title.said)
    return Named(_venue(there["place"]), title) if there else None


def _venue(place: str) -> str:
    return re.sub(r"^[Tt]rụ sở (?:của )?(?:làm việc )?", "", place).strip(" ,")


def host_of(
    body: Sequence[Sentence], place: Named | None, block: Named | None, met: bool
) -> Named | None:
    """Return the unit in whose house they met: the one that is said to, else the venue's owner.

    Where a single association gathers its own people, it is its own host.
    """
    for s in body:
        if (m := _HOST.search(s.said)) and not LATER.search(s.said):
            return Named(m["a"] or m["b"], s)
    if place and not _NEUTRAL_HALL.search(place.value):
        unit = A_UNIT.search(place.value)
        if unit and not _NEUTRAL.match(unit[0]):
            return Named(unit[0], place.sentence)
    for s in body:
        if m := _ORGANISER.search(s.said):
            return Named(m["a"] or m["b"], s)
    if met and block and A_UNIT.match(block.value):
        return block
    return None


def chair_of(body: Sequence[Sentence], kind: str) -> Named | None:
    """Return the offices that chaired, joined by "; ", or the person where no office is named."""
    rows = [
        (s, c)
        for s in body
        if s.cells and any(_ROW_CHAIR.search(c) for c in s.cells)
        for c in s.cells
        if A_UNIT.match(c)
    ]
    if rows:
        return Named("; ".join(c for _, c in rows), whole(rows[0][0]))
    for s in body:
        if s.cells:
            continue
        for m in _CHAIRED.finditer(s.said):
            if named := _officers(m[m.lastgroup or 0]):
                return Named(named, s)
    if kind == "họp Hội đồng":
        for s in body:
            closing = _CONCLUDES.match(s.said)
            if closing and (named := _officers(closing["w"])):
                return Named(named, s)
    return None


def _officers(span: str) -> str:
    offices = [
        m[0]
        for m in re.finditer(rf"{OFFICE}|{POST} Hội đồng(?: {PART}| - {WORD}){{0,6}}{LEVEL}?", span)
    ]
    if not offices:
        offices = [m[0] for m in A_UNIT.finditer(span)] or [m[0] for m in re.finditer(PERSON, span)]
    return "; ".join(dict.fromkeys(offices))
