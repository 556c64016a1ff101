"""Questions about meetings → findings: which report is meant, and what it says of what was asked."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.awards import matches
from bot.finding import Absence, Finding, Lack, MeetingFacts, MeetingList, Offices
from bot.question import Question, Topic, content_words, in_full
from corpus import Award, Meeting, Record, Source, fold
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
_COUNT = re.compile(r"(?:may|bao nhieu) (?:lan|cuoc|hoi nghi|buoi|ky hop|bao cao|bien ban)")
_LATEST = re.compile(r"gan nhat|gan day nhat|moi nhat|vua qua|lan cuoi|lan truoc|cuoi cung")
_EARLIEST = re.compile(r"(?:dau tien|som nhat|lan dau)\b(?! nam)")
_LISTED = re.compile(
    r"nhung (?:lan|cuoc|hoi nghi|ngay)|cac (?:cuoc|hoi nghi|lan)|liet ke|danh sach"
    r"|(?:cuoc hop|hoi nghi|lan hop|buoi hop) nao"
)
# "Sau hội nghị …, cuộc họp tiếp theo": the one that stands beside another by date.
_AFTER = re.compile(
    r"\b(?:sau|tiep sau|ke sau)\b(?! thang| nam).*(?:tiep theo|ke tiep|nao|gi\b|khi nao|ngay nao)|(?:cuoc hop|hoi nghi) (?:tiep theo|ke tiep|sau do)"
)
_BEFORE = re.compile(
    r"(?:ngay |lien )?truoc (?:hoi nghi|cuoc hop|buoi|dip|so ket|tong ket|le ky)|(?:cuoc hop|hoi nghi) (?:lien |ngay )?truoc (?:do|hoi|cuoc)"
)
# Beside a unit, which is blanked out: "ở hội trường ···", "··· đăng cai".
_AT = re.compile(
    r"\b(?:o|tai)(?: (?!dau)\w+){0,3} ·|· (?:\w+ ){0,2}(?:dang cai|chu nha)|dang cai[^·]{0,15}·"
)
_WHICH = re.compile(r"(?:dang cai|to chuc|chu nha) (?:\w+ ){0,2}nao\b")
_SCORED = re.compile(r"(?:(?!tru\b|cong\b|thuong\b)[^\d.;]){0,60}?(\d{1,3}(?:,\d{1,2})?) diem")
_OFFICE_YEARS = re.compile(
    r"(pho )?(?:truong )?(?:khoi|cum)(?: truong| pho)?.{0,25}(?:nam nao|nhung nam|khi nao|may lan|bao nhieu lan|lan nao|may nam)"
)
_ABOUT_WHAT = re.compile(
    r"hop gi|ban (?:viec )?gi|noi dung gi|hop ve|hop de lam gi|hoi nghi gi|su kien"
)
_KINDS = (
    ("so ket", "sơ kết"), ("tong ket", "tổng kết"), ("giao uoc", "giao ước"),
    ("binh xet", "bình xét"), ("binh chon", "bình xét"), ("binh bau", "bình xét"), ("cham diem", "chấm điểm"), ("hop hoi dong", "Hội đồng"),
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
    if not _on_the_day(question, meeting):
        return False
    kinds = kinds_of(question)
    if kinds and not any(name in _like(meeting.kind) or fold(name) in head for name in kinds):
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
    if not question.period or meeting.period == question.period:
        return True
    if question.period.startswith(("tháng", "quý")):
        return meeting.date is not None and meeting.date.month in _months(question.period)
    return meeting.period in ("", "cả năm") and meeting.kind != "tổng kết"


def kinds_of(question: Question) -> list[str]:
    """The kinds of meeting that a question names."""
    return [name for pattern, name in _KINDS if pattern in question.folded]


def _like(kind: str) -> str:
    """What a meeting of a kind is called: to judge is to give points."""
    return "bình xét, chấm điểm" if kind in ("bình xét", "chấm điểm") else kind


def _on_the_day(question: Question, meeting: Meeting) -> bool:
    if question.day is None or _AFTER.search(question.folded) or _BEFORE.search(question.folded):
        return True
    return meeting.date == question.day


def _months(period: str) -> range:
    """The months of "tháng 7" or "quý III"."""
    name, _, part = period.partition(" ")
    if name == "tháng":
        return range(int(part), int(part) + 1)
    first = 3 * int(_ROMAN[part.lower()]) - 2
    return range(first, first + 3)


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
    if offices := _offices(question, index):
        return [offices]
    candidates = identify(question, index)
    if _AT.search(question.besides):
        candidates = [c for c in candidates if _was_at(question, c.meeting, index)]
    if not candidates:
        return Absence(lack=Lack.MEETING, about=_told(question))
    if _AFTER.search(question.folded) or _BEFORE.search(question.folded):
        return _beside(question, candidates, index)
    same = [c for c in candidates if c.fit >= 0.6 * candidates[0].fit]
    if _wants_list(question):
        listed = sorted((c.meeting for c in same), key=lambda m: str(m.date or m.year))
        return [MeetingList(meetings=tuple(listed), counted=bool(_COUNT.search(question.folded)))]
    best = candidates[0]
    if _LATEST.search(question.folded):
        best = min(same, key=lambda c: _newest_first(c.meeting))
    elif _EARLIEST.search(question.folded):
        best = max(same, key=lambda c: _newest_first(c.meeting))
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
        several = sorted((c.meeting for c in (best, *rivals)[:8]), key=lambda m: str(m.date))
        return [MeetingList(meetings=tuple(several))]
    chosen = _facts(question, best.meeting, index)
    by_date = _LATEST.search(question.folded) or _EARLIEST.search(question.folded)
    if chosen.lacking and not by_date and not question.day:
        # Another report of the same year and block may say what this one does not.
        near = [c.meeting for c in candidates[1:] if c.fit >= 0.6 * candidates[0].fit]
        others = (_facts(question, meeting, index) for meeting in near[:8])
        chosen = next((other for other in others if not other.lacking), chosen)
    return [chosen]


def _wants_list(question: Question) -> bool:
    """True when meetings are counted or listed, not one of them asked about."""
    if _COUNT.search(question.folded):
        return True
    if _LATEST.search(question.folded) or _EARLIEST.search(question.folded) or question.day:
        return False
    if _LISTED.search(question.folded):
        return Topic.MEETING in question.topics
    return bool(_WHICH.search(question.folded)) and not question.titles


def _was_at(question: Question, meeting: Meeting, index: Index) -> bool:
    """True when a meeting was held at, or by, a unit of the question."""
    told = fold(f"{_value(meeting, 'place')} | {_value(meeting, 'host')}")
    names = [n for unit in question.units for n in index.lookup.names_of(unit)]
    return any(fold(name) in told for name in names)


def _offices(question: Question, index: Index) -> Offices | None:
    """The years in which a unit led its block, or was its deputy."""
    match = _OFFICE_YEARS.search(question.folded)
    if not match or len(question.units) != 1 or question.years:
        return None
    deputy = "pho" in match[0].split()
    names = {fold(name) for name in index.lookup.names_of(question.units[0])}
    here, next_year = (
        ("deputy_unit", "next_deputy_unit") if deputy else ("lead_unit", "next_lead_unit")
    )
    found: dict[int, Source] = {}
    for meeting in index.lookup.meetings():
        for name, later in ((here, 0), (next_year, 1)):
            fact = meeting.fact(name)
            if fact and meeting.year and fold(fact.value) in names:
                found.setdefault(meeting.year + later, fact.source)
    if not found:
        return None
    years = tuple(sorted(found))
    return Offices(unit=question.units[0], deputy=deputy, years=years,
                   sources=tuple(found[year] for year in years))  # fmt: skip


def _beside(
    question: Question, candidates: Sequence[Identified], index: Index
) -> list[Finding] | Absence:
    """The meeting of the same block that came next after another, or last before it."""
    base = candidates[0].meeting
    day = question.day or base.date
    block = fold(_value(base, "block"))
    dated = [
        m for m in index.lookup.meetings()
        if m.date and block in fold(f"{m.title} {_value(m, 'block')}") and m.document != base.document
    ]  # fmt: skip
    after = bool(_AFTER.search(question.folded))
    if day:
        dated = [m for m in dated if m.date and (m.date > day if after else m.date < day)]
    if not day or not dated:
        told = f"{'sau' if after else 'trước'} ngày {day:%d/%m/%Y}" if day else base.title
        return Absence(lack=Lack.MEETING, about=(told,))
    return [_facts(question, dated[0] if after else dated[-1], index)]


class Said(Record):
    """Points that a report gives a unit, with the sentence."""

    points: Decimal
    source: Source


def points_said(names: Sequence[str], meeting: Meeting, index: Index) -> tuple[Said, ...]:
    """What a report says that a unit (by any of its names) scored; what it lost is not meant."""
    found: list[Said] = []
    for passage in index.within_document(meeting.document):
        for sentence in re.split(r"(?<=[.;])\s+|\n", passage.text):
            for name in map(fold, names):
                start = fold(sentence).find(name)
                match = start >= 0 and _SCORED.match(fold(sentence)[start + len(name) :])
                if match:
                    place = str(passage.place)
                    source = Source(file=meeting.document, place=place, quote=sentence.strip())
                    found.append(Said(points=Decimal(match[1].replace(",", ".")), source=source))
                    break
    return tuple(found)


def _told(question: Question) -> tuple[str, ...]:
    blocks = (question.whole[m.start() : m.end()] for m in _NUMBERED.finditer(question.folded))
    day = (f"ngày {question.day:%d/%m/%Y}",) if question.day else ()
    years = () if question.day else tuple(f"năm {year}" for year in question.years)
    period = (question.period,) if question.period else ()
    return (*question.provinces, *blocks, *kinds_of(question), *period, *day, *years)


def _unfit(question: Question, meeting: Meeting, index: Index) -> tuple[str, ...]:
    """Names in the question that the whole report never says."""
    text = "\n".join(p.text for p in index.within_document(meeting.document))
    # The question is written out in full; a report may say "MTTQ".
    words = content_words(text) | content_words(in_full(f"{meeting.title}\n{text}"))
    missing = []
    for match in re.finditer(r"\b(?:khoi|cum) thi dua ((?:[^\W\d_]+ ?){1,6})", question.folded):
        name = [w for w in match[1].split() if w not in _COMMON and w not in ASKING]
        if name and not words & set(name):
            missing.append(" ".join(name))
    return tuple(missing)


def _facts(question: Question, meeting: Meeting, index: Index) -> MeetingFacts:
    # A follow-up that asks something of its own does not ask the old thing again.
    asked = [name for name, pattern in _SLOTS if re.search(pattern, question.latest)] or [
        name for name, pattern in _SLOTS if re.search(pattern, question.folded)
    ]
    later = meeting.year is not None and meeting.year + 1 in question.years
    ahead = later or bool(_NEXT.search(question.folded))
    if ahead:
        asked = [
            {"lead_unit": "next_lead_unit", "deputy_unit": "next_deputy_unit"}.get(n, n)
            for n in asked
        ]
    if (question.titles or question.statuses) and "thanh vien" not in question.folded:
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


def asks_of_records(question: Question) -> bool:
    """True when reports alone can tell: how many, the latest, which were held somewhere."""
    found = (_COUNT, _LATEST, _EARLIEST, _AT, _OFFICE_YEARS)
    return about_meetings(question) and any(p.search(question.besides) for p in found)


def asks_overview(question: Question) -> bool:
    """True when a question asks what a meeting was."""
    return bool(_ABOUT_WHAT.search(question.folded))
