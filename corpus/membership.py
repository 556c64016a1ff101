"""Which units are members of a block, or how many."""

import re
from collections.abc import Sequence

from corpus.commendation import (
    TITLES,
)
from corpus.naming import (
    LIST_LINK,
    MEMBER_NOUN,
    NUMBER,
    UNIT,
    names_in,
    number_of,
)
from corpus.sentences import (
    Named,
    Sentence,
    hanging_name,
    whole,
)

_ABOUT_MEMBERS = re.compile(
    r"\b(?:Khối|Cụm|thành viên|[Kk]hối thi đua|[Cc]ụm thi đua)\b|^(?:Có mặt|Thành viên)\b", re.I
)
_OTHERS = re.compile(r"^Thành viên|\b(?:thành viên|đơn vị) (?:khác|còn lại)\b")
_ATTENDANCE = re.compile(r"^(?:Có mặt|(?:Tham |Tới |Đến )?[Dd]ự)\b", re.I)
_BESIDES = re.compile(rf"\bNgoài ({UNIT}),")
_COUNTED = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?P<n>{NUMBER}) {MEMBER_NOUN}(?: thành viên)? (?:của|thuộc|trong)(?: [Cc]ác)? "
        rf"(?:Khối|Cụm)\b",
        rf"\b(?P<n>{NUMBER})(?: {MEMBER_NOUN})? thành viên\b",
        rf"\b(?P<n>{NUMBER}) {MEMBER_NOUN} (?:Khối|Cụm) ",
        rf"\b(?:Khối|Cụm)\b[^.;:]{{0,80}}? (?:có|gồm(?: có)?)(?: tổng (?:cộng|số))?(?: đủ)? "
        rf"(?P<n>{NUMBER}) {MEMBER_NOUN}\b",
        rf"\b(?P<n>\d{{1,3}})/(?P<all>\d{{1,3}})(?: chủ tịch| đại diện"
        rf"| lãnh đạo)? {MEMBER_NOUN}\b(?! viên)",
    )
)


def members_of(body: Sequence[Sentence], held: dict[str, Named]) -> Named | None:
    """Return the members joined by "; ", or their number where the report gives only that."""
    counted = _counted(body)
    declared = int(counted.value) if counted else None
    listed = _listed(body, held, declared)
    if listed and not (declared and declared > listed.value.count(";") + 1):
        return listed
    return counted


def _counted(body: Sequence[Sentence]) -> Named | None:
    for s in body:
        if s.cells or re.search(r"\b(?:còn lại|đề nghị tặng|được tặng)\b", s.said):
            continue
        for pattern in _COUNTED:
            if m := pattern.search(s.said):
                number = number_of(m["n"])
                if "all" in m.groupdict() and number != int(m["all"]):
                    number = int(m["all"])
                if number >= 2:
                    return Named(str(number), s)
    return None


def _listed(body: Sequence[Sentence], held: dict[str, Named], declared: int | None) -> Named | None:
    for s in body:
        if s.cells or TITLES.search(s.said) or not _ABOUT_MEMBERS.search(s.said):
            continue
        for link in LIST_LINK.finditer(s.said):
            names = names_in(s.said[link.end() :])
            if not names:
                continue
            if _OTHERS.search(s.said[: link.end()]):
                names = _with_leaders(names, held)
            elif len(names) < 3 or (_ATTENDANCE.match(s.said) and len(names) != declared):
                continue
            if besides := _BESIDES.search(s.said):
                names = [besides[1], *names]
            return Named("; ".join(dict.fromkeys(names)), s)
    return _hanging_members(body)


def _with_leaders(names: list[str], held: dict[str, Named]) -> list[str]:
    """Put the leaders first, where a list is of the others ("Cụm trưởng: A. Thành viên: B, C.")."""
    leaders = [held[role].value for role in ("lead_unit", "deputy_unit") if role in held]
    return [*(n for n in leaders if n not in names), *names]


def _hanging_members(body: Sequence[Sentence]) -> Named | None:
    """Members in bullets or in the rows of a table that is about the members."""
    groups: dict[tuple[int, str], list[Sentence]] = {}
    for s in body:
        if (s.intro or s.cells) and not TITLES.search(s.said):
            groups.setdefault((s.paragraph, "row" if s.cells else s.intro), []).append(s)
    for (_, _), group in groups.items():
        about = f"{group[0].intro} {group[0].heading} {' '.join(group[-1].header)}"
        roles = any("thành viên" in c.lower() for s in group for c in s.cells)
        if not roles and not re.search(
            r"(?:đơn vị|thành viên|cơ quan|hội)\b.{0,30}\b(?:Khối|Cụm)\b|(?:Khối|Cụm).{0,40}gồm",
            about,
            re.I,
        ):
            continue
        if not roles and re.search(r"\b(?:dự|khách mời|đề nghị|suy tôn|điểm)\b", about, re.I):
            continue
        names = [name for s in group if (name := hanging_name(s))]
        if len(names) >= 3:
            return Named("; ".join(dict.fromkeys(names)), whole(group[0]))
    return None
