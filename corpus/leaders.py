"""Which units lead a block, and which will in the next year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.naming import (
    A_UNIT,
    A_UNIT_OR_TOWN,
    BODY,
    HEAD,
    LEVEL,
    NAME,
    PART,
    PERSON,
    POST,
    ROLE,
    YEAR,
)
from corpus.occasion import (
    ELECTION,
    one_year,
)
from corpus.sentences import (
    Named,
    Sentence,
)

_BLOCK_TAIL = rf"(?: (?:thi|khi) đua(?:(?: -)? (?!{HEAD}(?!\w)){PART}|{LEVEL}){{0,12}}| số \w+)?"
_ROLES = re.compile(
    rf"(?<!\w)(?:{ROLE})(?!\w){_BLOCK_TAIL}"
    rf"(?:,?(?: trong)? \(?(?:{YEAR}|(?P<next>năm (?:sau|tới|tiếp theo|kế tiếp))|(?P<now>năm nay"
    rf"|năm này))\)?)?"
)
_HOLDS = re.compile(
    r"\b(?:là|làm|giữ|nhận|đảm nhận|đảm nhiệm|đảm đương|phụ trách|với tư cách|trong vai|bầu|cử"
    r"|giao|đóng vai)\b"
)
# What may stand between a unit and its role: "được bầu làm", ", đơn vị giữ cương vị", " - ".
_BEFORE_ROLE = re.compile(
    r"(?:[\s,(–\"“”-]|\b(?:đơn vị|cơ quan|hiện|đang|đã|được|tiếp tục|sẽ|trúng cử|tín nhiệm"
    r"|tin tưởng"
    r"|nhất trí|thống nhất|bầu|cử|chọn|giao|phân công|đề cử|suy cử|giới thiệu|là|làm|giữ|nhận"
    r"|đảm nhận"
    r"|đảm nhiệm|đảm đương|phụ trách|đóng|chức vụ|chức danh|chức|vai trò|vai|nhiệm vụ|cương vị"
    r"|trách nhiệm|vị trí|cùng|đồng|với|tư cách|trong|hội nghị|khối|cụm|Khối|Cụm|các thành viên"
    r"|năm \d{4})\b"
    rf"|{NAME}(?!\w))*"
)
_AFTER_ROLE = re.compile(
    r"(?:[\s,:(–-]|\b(?:thuộc|về|được|giao|trao|chuyển|bàn giao|lại|sang|từ nay|cho|là|do|đơn vị"
    r"|hiện nay|mới"
    r"|cơ quan)\b)*"
    rf"(?:{PERSON}\s*[,(–-]?\s*)?(?:{POST}\s+|{BODY}\s+)*"
)
_ATTENDS = re.compile(
    r"^(?:(?:Tham|Tới|Đến|Về|Cùng) )?[Dd]ự\b(?! (?:thảo|kiến|án))|\btham dự\b|^(?:Có mặt"
    r"|Thành phần)\b",
    re.I,
)
_NEVER_LEADS = re.compile(
    r"^(?:Ban Thi đua|UBND tỉnh|Ủy ban nhân dân tỉnh|HĐND|Tỉnh ủy|Thành ủy|Hội đồng)"
)
# "Tại hội nghị tổng kết năm 2022, Khối bầu …": the year judged, not the year of the role.
_JUDGED_YEAR = re.compile(
    r"\b(?:kết|thi đua|công tác|phong trào|khen thưởng|hội nghị|nhiệm vụ|hoạt động) năm \d{4}", re.I
)


@dataclass(frozen=True)
class _Held:
    """A unit in a role, as one sentence says it. ``firm`` where a verb or a colon says so."""

    unit: str
    deputy: bool
    year: int | None
    firm: bool
    elected: bool
    sentence: Sentence


def leaders_of(sentences: Sequence[Sentence], year: int | None, kind: str) -> dict[str, Named]:
    """Return lead_unit, deputy_unit and both of next year, as far as the report names them."""
    found: dict[str, tuple[bool, Named]] = {}
    for held in (h for s in sentences for h in _held(s, year)):
        if year is None or held.year is None:
            # Who is elected when a year is closed leads the next one.
            coming = held.elected and kind in ("tổng kết", "bình xét", "chấm điểm")
        elif held.year in (year, year + 1):
            coming = held.year > year
        else:
            continue
        name = ("next_" if coming else "") + ("deputy_unit" if held.deputy else "lead_unit")
        if name not in found or (held.firm and not found[name][0]):
            found[name] = (held.firm, Named(held.unit, held.sentence))
    return {name: named for name, (_, named) in found.items()}


def _held(s: Sentence, merit: int | None) -> Iterator[_Held]:
    if s.cells:
        yield from _held_in_row(s)
        return
    units = [m for m in A_UNIT_OR_TOWN.finditer(s.said) if not _NEVER_LEADS.match(m[0])]
    roles = list(_ROLES.finditer(s.said))
    sentence_year = one_year(_JUDGED_YEAR.sub("", s.said)) or one_year(s.heading)
    for i, role in enumerate(roles):
        linked = _linked_unit(s, role, units)
        if linked is None:
            continue
        unit, firm, handed = linked
        if role["next"]:
            year = merit + 1 if merit else None
        elif role["now"]:
            year = merit
        elif role["year"]:
            year = int(role["year"])
        else:
            later = next((int(r["year"]) for r in roles[i + 1 :] if r["year"]), None)
            year = (later or sentence_year) if firm else None
        elected = handed or (firm and bool(ELECTION.search(s.said))) or bool(role["next"])
        yield _Held(unit, bool(role["deputy"]), year, firm, elected, s)


def _linked_unit(
    s: Sentence, role: re.Match[str], units: Sequence[re.Match[str]]
) -> tuple[str, bool, bool] | None:
    """Return who holds ``role``, whether a verb or colon says so, and whether it is handed over."""
    right = next((u for u in units if u.start() >= role.end()), None)
    if right:
        gap = s.said[role.end() : right.start()]
        if _AFTER_ROLE.fullmatch(gap) and re.search(r":|\b(?:là|cho|sang|về|do)\b", gap):
            return right[0], True, bool(re.search(r"\b(?:cho|sang|về)\b", gap))
    lefts = [u for u in units if u.end() <= role.start()]
    if lefts:
        gap = s.said[lefts[-1].end() : role.start()]
        if _BEFORE_ROLE.fullmatch(gap):
            firm = bool(_HOLDS.search(gap))
            if not firm and _ATTENDS.search(s.said) and not role["year"]:
                return None
            return _joint(lefts, s.said) if firm else lefts[-1][0], firm, False
    if right and re.fullmatch(
        rf"\s*[(–-]\s*(?:đơn vị |{POST} )?|\s+", gap := s.said[role.end() : right.start()]
    ):
        return right[0], bool(gap.strip()), False
    return None


def _joint(lefts: Sequence[re.Match[str]], said: str) -> str:
    """Return the last unit, with those joined to it ("Hội A và Hội B làm Phó khối")."""
    names = [lefts[-1][0]]
    for left, after in zip(lefts[-2::-1], lefts[:0:-1], strict=False):
        if said[left.end() : after.start()].strip() not in (",", "và", ", và"):
            break
        names.insert(0, left[0])
    return "; ".join(names)


def _held_in_row(s: Sentence) -> Iterator[_Held]:
    unit = next((c for c in s.cells if A_UNIT.match(c)), None)
    if unit is None:
        return
    for cell in s.cells:
        role = _ROLES.search(cell)
        if role and cell != unit:
            year = int(role["year"]) if role["year"] else one_year(" ".join(s.header))
            yield _Held(unit, bool(role["deputy"]), year, True, False, s)
