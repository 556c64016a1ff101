"""Questions about meetings → findings: which report is meant, and what it says of what was asked."""

import re
from collections.abc import Sequence

from bot.awards import matches
from bot.finding import Absence, Finding, Lack, MeetingFacts, MeetingList
from bot.question import Question, Topic, content_words
from corpus import Award, Meeting, Record, fold
from index import ASKING, Index

_SLOTS = (
    ("date", r"ngay nao|hom nao|khi nao|bao gio|luc nao|ngay may|ngay bao nhieu|thoi gian nao|thoi diem nao"),
    ("place", r"o dau|tai dau|dia diem|noi nao|hoi truong (?:cua )?(?:co quan|don vi) nao|cho nao|dau\?*$"),
    ("host", r"don vi nao (?:dang cai|to chuc|chu nha)|ai dang cai|dang cai"),
    ("chair", r"ai chu tri|chu tri|ai dieu hanh|dieu hanh"),
    ("deputy_unit", r"pho (?:truong )?(?:khoi|cum)|khoi pho|cum pho"),
    ("lead_unit", r"(?<!pho )truong (?:khoi|cum)|(?:khoi|cum) truong|don vi nao (?:phu trach|lam truong)"),
    ("members", r"gom nhung (?:don vi|ai|co quan)|(?:may|bao nhieu) (?:don vi|thanh vien)|thanh vien nao|nhung thanh vien|nhung don vi nao"),
)  # fmt: skip
_NEXT = re.compile(r"nam sau|nam toi|nam tiep theo|\bbau\b|nhiem ky moi|luan phien|tiep theo")
_LEADING = re.compile(r"truong (?:khoi|cum)|(?:khoi|cum) (?:truong|pho)|pho (?:khoi|cum)|\bbau\b")
_COUNT = re.compile(r"may (?:lan|cuoc|hoi nghi)|bao nhieu (?:lan|cuoc|hoi nghi)")
_LATEST = re.compile(r"gan nhat|gan day nhat|moi nhat|vua qua|lan cuoi|lan truoc")
_LISTED = re.compile(
    r"nhung (?:lan|cuoc|hoi nghi|ngay)|cac (?:cuoc|hoi nghi|lan)|liet ke|danh sach"
)
_KINDS = (
    ("so ket", "sơ kết"), ("tong ket", "tổng kết"), ("giao uoc", "giao ước"),
    ("binh xet", "bình xét"), ("cham diem", "chấm điểm"), ("hop hoi dong", "Hội đồng"),
)  # fmt: skip
_NUMBERED = re.compile(r"\b(?:khoi|cum)(?: thi dua)?(?: so)? (\d{1,2}|[ivx]+)\b(?![/.-]\d)")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
# Names of what every report is about: they tell no report from another.
_COMMON = frozenset(
    """
    khoi cum thi dua khen thuong hoi nghi tinh nam so ket tong ket giao uoc ky cac don vi
    thang dau cuoi hop to chuc cong tac binh xet ngay dien le don huyen
    """.split()
)


class Identified(Record):
    """A report, and how well the question's words fit it."""

    meeting: Meeting
    fit: float


def identify(question: Question, index: Index) -> list[Identified]:
    """The reports that a question may mean, best first. What it names must be in the report:
    a province, a block's number, the kind of meeting and the year are never overlooked."""
    wanted = {w for w in content_words(question.folded) if not w.isdigit()}
    found = []
    for meeting in index.lookup.meetings():
        if not _agrees(question, meeting, index):
            continue
        title = fold(f"{meeting.title} {_value(meeting, 'block')} {meeting.document}")
        named = content_words(title) - _COMMON
        told = wanted - _COMMON
        rarity = index.words.rarity
        shared = sum(rarity(w) for w in told & named)
        share = shared / (sum(rarity(w) for w in named) or 1.0)
        found.append(Identified(meeting=meeting, fit=shared + share))
    return sorted(found, key=lambda i: (-i.fit, _newest_first(i.meeting)))


def _newest_first(meeting: Meeting) -> int:
    return -(meeting.date.toordinal() if meeting.date else (meeting.year or 0) * 366)


def _value(meeting: Meeting, name: str) -> str:
    fact = meeting.fact(name)
    return fact.value if fact else ""


def _agrees(question: Question, meeting: Meeting, index: Index) -> bool:
    head = fold(f"{meeting.title} {_value(meeting, 'block')}")
    if wanted := (*question.provinces, *question.names):
        text = fold("\n".join(p.text for p in index.within_document(meeting.document)))
        if any(fold(name) not in text for name in wanted):
            return False
    for match in _NUMBERED.finditer(question.folded):
        number = _ROMAN.get(match[1], match[1])
        held = {_ROMAN.get(m[1], m[1].lstrip("0")) for m in _NUMBERED.finditer(head)}
        if number.lstrip("0") not in held:
            return False
    kinds = [name for pattern, name in _KINDS if pattern in question.folded]
    if kinds and not any(name in meeting.kind or fold(name) in head for name in kinds):
        return False
    if question.years:
        about = {meeting.year, meeting.date.year if meeting.date else None} - {None}
        led = bool(_LEADING.search(question.folded))
        years = set(question.years)
        if led:
            # Who leads in a year is said by that year's reports, or elected by the year before's.
            return bool({meeting.year, (meeting.year or 0) + 1} & years) and _said_of(
                question, meeting
            )
        if kinds and meeting.year:
            # "Tổng kết năm 2025" is of that year of merit, whenever it was held.
            about = {meeting.year}
        if about and not about & years:
            return False
    halves = {question.period, meeting.period} - {"", "cả năm"}
    return len(halves) < 2 and not (question.period and meeting.kind == "tổng kết")


def _said_of(question: Question, meeting: Meeting) -> bool:
    """True when a report can tell who leads in the years asked for: its own, or those after it when
    it says who was elected, or that an election was due."""
    if meeting.year in question.years:
        return True
    return meeting.kind in ("tổng kết", "bình xét", "họp Hội đồng", "")


def answer_meetings(question: Question, index: Index, sure: bool) -> list[Finding] | Absence:
    """Findings for a question about a meeting, or why there are none.

    ``sure`` tells that the question can be about nothing else; otherwise a report is taken only when
    the question names its block or place.
    """
    candidates = identify(question, index)
    if not candidates:
        return Absence(lack=Lack.MEETING, about=_told(question))
    if _COUNT.search(question.folded) or (
        _LISTED.search(question.folded) and Topic.MEETING in question.topics
    ):
        fit = candidates[0].fit
        listed = [c.meeting for c in candidates if c.fit >= 0.6 * fit]
        listed.sort(key=lambda m: str(m.date or m.year))
        return [MeetingList(meetings=tuple(listed), counted=bool(_COUNT.search(question.folded)))]
    best = candidates[0]
    if _LATEST.search(question.folded):
        same = [c for c in candidates if c.fit >= 0.6 * best.fit]
        best = min(same, key=lambda c: _newest_first(c.meeting))
    rivals = [c for c in candidates[1:] if c.fit >= 0.85 * candidates[0].fit]
    strangers = _unfit(question, best.meeting, index)
    if strangers:
        return Absence(lack=Lack.MEETING, about=strangers)
    if not sure and best.fit < 6:
        return Absence(lack=Lack.MEETING, about=_told(question))
    # A council meets about every block, so its own name makes it no other block.
    named = (fold(_value(c.meeting, "block")) for c in (best, *rivals))
    blocks = {name for name in named if name.startswith(("khoi", "cum"))}
    if len(blocks) > 1 and best.fit < 6 and not (question.provinces or question.names):
        # Reports of several blocks fit equally: which is meant is the reader's to say.
        return [MeetingList(meetings=tuple(c.meeting for c in (best, *rivals)[:8]))]
    chosen = _facts(question, best.meeting, index)
    if chosen.lacking and not _LATEST.search(question.folded):
        # Another report of the same year and block may say what this one does not.
        near = [c.meeting for c in candidates[1:] if c.fit >= 0.6 * candidates[0].fit]
        others = (_facts(question, meeting, index) for meeting in near[:8])
        chosen = next((other for other in others if not other.lacking), chosen)
    return [chosen]


def _told(question: Question) -> tuple[str, ...]:
    return (*question.provinces, *map(str, question.years))


def _unfit(question: Question, meeting: Meeting, index: Index) -> tuple[str, ...]:
    """Names in the question that the whole report never says."""
    words = content_words("\n".join(p.text for p in index.within_document(meeting.document)))
    words |= content_words(meeting.title)
    missing = []
    for match in re.finditer(r"\b(?:khoi|cum) thi dua ((?:[^\W\d_]+ ?){1,6})", question.folded):
        name = [w for w in match[1].split() if w not in _COMMON and w not in ASKING]
        if name and not words & set(name):
            missing.append(" ".join(name))
    return tuple(missing)


def _facts(question: Question, meeting: Meeting, index: Index) -> MeetingFacts:
    asked = [name for name, pattern in _SLOTS if re.search(pattern, question.folded)]
    later = meeting.year is not None and meeting.year + 1 in question.years
    ahead = later or bool(_NEXT.search(question.folded))
    if ahead:
        asked = [
            {"lead_unit": "next_lead_unit", "deputy_unit": "next_deputy_unit"}.get(n, n)
            for n in asked
        ]
    if question.titles and "thanh vien" not in question.folded:
        asked = [name for name in asked if name != "members"]  # "đề nghị … cho những đơn vị nào?"
    if "host" in asked and "place" in asked:
        asked.remove("host")
    if "place" in asked and not meeting.fact("place") and meeting.fact("host"):
        asked[asked.index("place")] = "host"
    awards = _awards(question, meeting, index)
    lacking = [name for name in asked if not meeting.fact(name)]
    return MeetingFacts(
        meeting=meeting,
        document=index.documents[meeting.document],
        asked=tuple(asked),
        awards=tuple(awards),
        lacking=tuple(lacking),
    )


def _awards(question: Question, meeting: Meeting, index: Index) -> Sequence[Award]:
    if not question.titles and not re.search(
        r"khen thuong|suy ton|de nghi khen|duoc khen", question.folded
    ):
        return ()
    held = [a for a in index.lookup.awards() if a.source.file == meeting.document]
    if question.titles:
        held = [a for a in held if any(matches(t, a.title) for t in question.titles)]
    return [a for a in held if a.status in question.statuses] or held


def about_meetings(question: Question) -> bool:
    """True when the words of a question point at a meeting."""
    return Topic.MEETING in question.topics


def asks_fact(question: Question) -> bool:
    """True when a question asks what a meeting's record holds: a day, a place, an office."""
    return any(re.search(pattern, question.folded) for _, pattern in _SLOTS)
