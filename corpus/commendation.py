"""The awards that a report names: who, what, how far it has come.

A person is never a unit, and a proposal is never a decision.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.naming import (
    A_UNIT,
    A_UNIT_OR_TOWN,
    AREA,
    BARE_NAME,
    LIST_LINK,
    MEMBER_NOUN,
    NUMBER,
    PERSON,
    POST,
    UNIT,
    WHO,
    names_in,
    number_of,
)
from corpus.occasion import (
    ANY_YEAR,
    date_of,
    one_year,
)
from corpus.records import Award, Status
from corpus.sentences import (
    BULLET,
    Sentence,
    hanging_name,
    source_of,
)
from corpus.text import fold

_ISSUER = (
    rf"(?:Chính phủ|Thủ tướng(?: Chính phủ)?|Chủ tịch nước|Nhà nước|(?:{POST} |Bộ trưởng )?{UNIT}"
    rf"|{AREA}(?!\w)|cấp trên)"
)
_TITLE = (
    r"(?:[Cc]ờ (?:đơn vị )?[Tt]hi đua(?: (?:xuất sắc|dẫn đầu))?|Cờ(?= của (?:Chính phủ|Thủ tướng"
    r"|UBND|Bộ))"
    r"|[Bb]ằng khen|[Gg]iấy khen|Huân chương(?: [A-ZĐ]\w+ \w+)(?: hạng \w+)?|Kỷ niệm chương"
    r"|[Tt]ập thể [Ll]ao động (?:xuất sắc|tiên tiến)|[Cc]hiến sĩ thi đua(?: cơ sở| toàn quốc)?"
    r"|[Ll]ao động tiên tiến|Đơn vị (?:thi đua )?xuất sắc|danh hiệu [“\"]?(?:[Đđ]ơn vị )?"
    r"(?:thi đua )?xuất sắc"
    r"|Anh hùng Lao động)"
    rf"(?: [Cc]ấp {AREA}(?!\w))?(?: (?:của|do) {_ISSUER})?"
    rf"|(?P<praise>(?<=đề nghị ){_ISSUER} khen\b(?! thưởng))"
)
TITLES = re.compile(rf"(?<!\w)(?:{_TITLE})")
_PROPOSES = re.compile(r"\b(?:đề nghị|suy tôn|đề xuất|trình|giới thiệu|kiến nghị|đề cử)\b", re.I)
_APPROVES = re.compile(
    r"\b(?:thông qua|nhất trí|biểu quyết|đồng ý|bỏ phiếu|tán thành|thống nhất)\b", re.I
)
_DECIDES = re.compile(
    r"\b(?:đã (?:được|có quyết định|quyết định|tặng|trao)|được [^,;:]{0,60}?(?:tặng|trao|khen"
    r"|công nhận)"
    r"|trao|đón nhận|vinh dự nhận|[Qq]uyết định (?:số \S+ )?(?:.{0,40})tặng|công nhận|đạt|tặng)\b",
    re.I,
)
_SURELY = re.compile(
    r"\b(?:đã (?:được (?!đề nghị|suy tôn|giới thiệu)|có quyết định|quyết định)|trao|đón nhận"
    r"|công bố quyết định|vinh dự)\b",
    re.I,
)
_CANCELS = re.compile(r"\b(?:hủy bỏ|hủy|huỷ|thu hồi)\b", re.I)
# What was put forward and not agreed to: the refusal stands behind it.
_REFUSES = re.compile(
    r"\b(?:không|chưa)(?: được| có)? (?:(?:hội nghị|Khối|Cụm|Hội đồng) )?"
    r"(?:nhất trí|đồng ý|tán thành|chấp thuận|chấp nhận|đủ (?:số )?phiếu|đạt (?:đủ )?(?:số )?phiếu)"
    r"|\b(?:bị|đã) (?:bác|loại)\b|\brút (?:khỏi|hồ sơ)",
    re.I,
)
_WISHES = re.compile(
    r"\b(?:đăng ký|phấn đấu|mục tiêu|dự kiến|tiêu chuẩn|tiêu chí|mỗi|không quá|tối đa|tổng số|xin tặng"
    r"|nếu)\b",
    re.I,
)
_SUBMITS = re.compile(
    r"\b(?:bản trình|tờ trình|hồ sơ|đơn vị|cụm|khối)\b[^.;]*\b(?:gồm|trình)\b", re.I
)
_AND = re.compile(r"\s*(?:,|và|cùng|, và)?\s*")
_RECIPIENT_GAP = re.compile(r"(?:[\s,;)]|\([^()]*\)|\b(?:và|tập thể|đơn vị|các)\b)*")
_SOMEBODY = re.compile(rf"{PERSON}(?:\s*[,(–-]\s*(?:{POST} )?(?P<unit>{UNIT})\)?)?")
_AND_GIVES = re.compile(rf"[\s,]*(?:và |đồng thời |cùng )?(?:trao )?(?:tặng|trao)(?: {NUMBER})?\s*")
_GIVER = re.compile(
    rf"(?P<giver>{_ISSUER}) (?:ký |quyết định |ký quyết định )?(?:tặng(?: thưởng)?|trao(?: tặng)?"
    rf"|thưởng)(?: {NUMBER})?\s*$"
)
_TO = re.compile(
    r"(?:,? năm \d{4})?,?\s*(?:\b(?:cho|là|gồm(?: có)?|thuộc về|đối với|dành cho"
    r"|được trao cho)\b\s*:?|[:(])\s*"
)
_TO_COUNTED = re.compile(rf"(?:các |{NUMBER} ){MEMBER_NOUN}\b[^;:]*?(?::|\blà\b|\bgồm\b)\s*", re.I)
_COUNT_TO = re.compile(
    rf"(?:,? năm \d{{4}})?,?\s*(?:\b(?:cho|đối với|là|giữ nguyên)\b|:)\s*"
    rf"(?P<n>{NUMBER}) {MEMBER_NOUN}\b",
    re.I,
)
_COUNT_NEXT = re.compile(rf"\s*(?P<n>{NUMBER}) {MEMBER_NOUN}\b", re.I)
_COUNT_MORE = re.compile(rf"\s*(?:,|và)\s*(?P<n>{NUMBER}) {MEMBER_NOUN}\b", re.I)
_COUNT_BEFORE = re.compile(
    rf"\b(?P<n>{NUMBER}) {MEMBER_NOUN}\b(?:(?:,| và) (?P<more>{NUMBER}) {MEMBER_NOUN}\b)?"
    r"[^,;:]*?\b(?:đề nghị|được|suy tôn|đạt|nhận|tặng)\b[^,;:]*$",
    re.I,
)
_COUNT_AT = re.compile(rf"\b(?P<n>{NUMBER}) $", re.I)
_RECEIVES = re.compile(
    r"[^;:]*?\b(?:được|nhận|đạt|đón nhận|giành)\b|\s*[:–-]\s*$|\s*\((?:đạt|được)?\s*$"
)
_OPENS = re.compile(r"[\s•●▪+*–-]*(?:\d+[.)]\s*|[a-zđ]\)\s*)?")
_PROPOSED_PLAIN = re.compile(r"\s*,?\s*đề nghị (?:tặng|khen|nhận)\s*$")
_SELECTS = re.compile(
    r"\b(?:suy tôn|bình chọn|bầu chọn|lựa chọn|chọn|bình bầu|tặng|đề nghị|giới thiệu|tôn vinh)"
    r"(?: \w+){0,2}[\s:]*$"
)
_GOES_ON = re.compile(
    r"\s*(?:$|[,(]|\b(?:là|dẫn|đứng|để|đề nghị|được|nhận|xếp|đạt|vì|có thành tích|xứng đáng)\b)"
)
_DECISION = re.compile(
    r"[Qq]uyết định số\s*:?\s*(?P<number>\d+[\w/-]*/[\w/-]+)(?:[ ,]*ngày (?P<day>\d{1,2})"
    r"(?:[/.-](?P<month>\d{1,2})[/.-]|\s+tháng (?P<month2>\d{1,2})\s+năm )(?P<year>\d{4}))?"
)
_STATUS_WORDS = (
    (re.compile(r"hủy|huỷ|thu hồi", re.I), Status.CANCELLED),
    (re.compile(r"đã quyết định|đã có quyết định|được tặng|đã tặng|đã trao", re.I), Status.DECIDED),
    (re.compile(r"thông qua|nhất trí", re.I), Status.APPROVED),
    (re.compile(r"đề nghị|suy tôn|đề xuất|trình", re.I), Status.PROPOSED),
)
_LEVELS = (
    (
        "Nhà nước",
        re.compile(r"Chính phủ|Thủ tướng|Chủ tịch nước|Nhà nước|Huân chương|Anh hùng|toàn quốc"),
    ),
    ("Tỉnh", re.compile(r"\btỉnh|thành phố")),
    ("Bộ", re.compile(r"\bBộ\b|Trung ương|Tổng Liên đoàn")),
    ("Huyện", re.compile(r"\bhuyện|quận|thị xã")),
    ("Xã", re.compile(r"\bxã|phường|thị trấn|đặc khu")),
)


@dataclass(frozen=True)
class _Recipient:
    name: str
    unit: str = ""
    person: str = ""


class Commendations:
    """Collects the awards of one report, sentence by sentence."""

    def __init__(self, path: str, kind: str, year: int | None):
        self._path, self._kind, self._year = path, kind, year
        self._found: dict[tuple, Award] = {}
        self._status: Status | None = None  # of the last sentence, for "Bằng khen giữ nguyên 05 …"
        self._paragraph = 0

    def read(self, sentences: Sequence[Sentence]) -> tuple[Award, ...]:
        intros = {s.intro for s in sentences}
        for s in sentences:
            if s.paragraph != self._paragraph:
                self._paragraph, self._status = s.paragraph, None
            if s.cells:
                self._row(s)
            elif TITLES.search(s.said):
                self._prose(s, opens_list=s.text in intros)
            else:
                self._under_title(s)
        return tuple(self._found.values())

    def _add(
        self, s: Sentence, title: str, status: Status | None, recipients: Sequence[_Recipient],
        counts: Sequence[int], clause: str,
    ) -> None:  # fmt: skip
        if status is None:
            return
        year = self._merit(title, clause, s, status)
        title = _title(title)
        decision = _DECISION.search(s.said) if status is Status.DECIDED else None
        for recipient in recipients or [_Recipient("")] * len(counts):
            count = 1 if recipient.name else counts[0]
            if not recipient.name:
                counts = counts[1:]
            key = (fold(recipient.name), fold(title), status, 0 if recipient.name else count)
            if key in self._found:
                continue
            self._found[key] = Award(
                recipient=recipient.name, unit=recipient.unit, person=recipient.person, title=title,
                level=next((name for name, pattern in _LEVELS if pattern.search(title)), ""),
                year=year, status=status, count=count,
                decision=decision["number"] if decision else "",
                decided_on=_decided_on(decision),
                source=source_of(self._path, s),
            )  # fmt: skip

    def _merit(self, title: str, clause: str, s: Sentence, status: Status) -> int | None:
        """Return the year of merit: the clause's or the meeting's; a past award may have none."""
        clause = _DECISION.sub("", clause)
        own = ANY_YEAR.search(title) or ANY_YEAR.search(clause[clause.find(title) :])
        year = int(own["year"]) if own else one_year(clause)
        if year or status in (Status.PROPOSED, Status.APPROVED):
            return year or self._year
        context = f"{s.intro} {s.heading}"
        if re.search(r"\b(?:đạt|công nhận)\b", f"{clause} {context}"):
            return one_year(context) or self._year  # what a year's judging itself found
        if self._year and re.search(r"\bnăm (?:trước|ngoái)\b", s.said + context):
            return self._year - 1
        return one_year(context)

    def _row(self, s: Sentence) -> None:
        if not s.header:
            return
        columns = [h.lower() for h in s.header] + [""] * len(s.cells)
        title = next((m for c in s.cells if (m := TITLES.match(c))), None)
        if title is None:
            return
        named = (c for c in s.cells if A_UNIT_OR_TOWN.match(c) and c != title.string)
        recipient = next(named, "")
        person = ""
        for column, cell in zip(columns, s.cells, strict=False):
            if re.search(r"họ|cá nhân", column) and BARE_NAME.fullmatch(cell):
                person = recipient = cell
            elif (
                not recipient
                and BARE_NAME.fullmatch(cell)
                and not cell.isdigit()
                and cell != title.string
            ):
                head = s.header[columns.index(column)]
                # Under "Ủy ban MTTQ huyện", "Cẩm Mỹ" is "Ủy ban MTTQ huyện Cẩm Mỹ".
                recipient = f"{head} {cell}" if A_UNIT.match(head) else cell
        if not recipient:
            return
        name, giver = title[0], re.search(rf"cấp tặng: ({_ISSUER})", " ".join(s.header))
        if giver and " của " not in name:
            name += f" của {giver[1]}"
        own = " ".join(c for c in s.cells if c not in (recipient, title.string))
        status = _said_status(own) or _said_status(" ".join(s.header)) or self._context_status(s)
        unit = next((c for c in s.cells if A_UNIT.match(c)), "" if person else recipient)
        self._add(s, name, status, [_Recipient(recipient, unit, person)], [], title.string)

    def _context_status(self, s: Sentence) -> Status | None:
        return self._status_of(s.intro, s) or self._status_of(s.heading, s)

    def _status_of(self, text: str, s: Sentence) -> Status | None:
        """Return how far the words before a title say that it has come."""
        if _CANCELS.search(text):
            return Status.CANCELLED
        proposals = list(_PROPOSES.finditer(text))
        if proposals and not any(m.start() > proposals[-1].start() for m in _SURELY.finditer(text)):
            council = self._kind == "họp Hội đồng" and _APPROVES.search(text) and not _submits(s)
            return Status.APPROVED if council else Status.PROPOSED
        if _SURELY.search(text):
            return Status.DECIDED
        if _APPROVES.search(text):
            return Status.APPROVED
        return Status.DECIDED if _DECIDES.search(text) else None

    def _prose(self, s: Sentence, opens_list: bool) -> None:
        if _REFUSES.search(s.text):
            return
        last: Status | None = None
        given = ""
        earlier = False  # whether a clause before this one named an award
        for clause in _clauses(s.said):
            titles = list(TITLES.finditer(clause))
            start = 0
            before: list[_Recipient] = []
            for i, title in enumerate(titles):
                stop = titles[i + 1].start() if i + 1 < len(titles) else len(clause)
                region = clause[start : title.start()]
                recipients, used = _after(clause[title.end() : stop])
                counts: list[int] = []
                giver = _GIVER.search(region)
                joined = bool(i and _AND.fullmatch(region))
                goes_on = bool(last and _AND_GIVES.fullmatch(region))
                if not recipients:
                    alike = before or (earlier and not _TO.match(clause, title.end()))
                    recipients = before if joined else _before(region, giver, bool(alike))
                if not recipients and not opens_list:
                    counts = _counts(region, clause[title.end() : stop])
                status = None if goes_on else self._status_of(region, s)
                status = status or last or self._context_status(s)
                status = status or (self._status if recipients or counts else None)
                if region.strip(" -+•") and status:
                    last = status
                name = title[0]
                given = giver["giver"] if giver else given if joined or goes_on else ""
                if given and not title["praise"] and not re.search(r" (?:của|do|[Cc]ấp) ", name):
                    name += f" của {given}"
                after = clause[title.end() + used : stop]
                start, before = title.end() + used, recipients
                if _WISHES.search(clause[: title.start()]) or (
                    _WISHES.search(s.intro) and not region.strip(" -+•")
                ):
                    continue
                # "A và B được tặng Cờ thi đua, Bằng khen" does not say who gets which.
                several = len(recipients) > 1 and not used
                if several and (joined or (i + 1 < len(titles) and _AND.fullmatch(after))):
                    continue
                self._add(s, name, status, recipients, counts, clause)
            earlier = earlier or bool(titles)
        self._status = last or self._status

    def _under_title(self, s: Sentence) -> None:
        """Read a bare list under a heading or after an introduction that names the award."""
        if s.intro:
            name = hanging_name(s)
            above, names = s.intro, [name] if name else names_in(BULLET.sub("", s.said))
        else:
            link = list(LIST_LINK.finditer(s.said))
            above, names = s.heading, names_in(s.said[link[-1].end() :]) if link else []
        title = TITLES.search(above)
        if title and names and not _WISHES.search(above):
            people = [_Recipient(n, n) for n in names]
            self._add(s, title[0], self._status_of(above, s), people, [], above)


def _decided_on(decision: re.Match[str] | None) -> datetime.date | None:
    if decision is None or not decision["year"]:
        return None
    month = decision["month"] or decision["month2"]
    return date_of(int(decision["year"]), int(month), int(decision["day"]))


def _submits(s: Sentence) -> bool:
    """True when a sentence tells what a council was given, not what it made of it."""
    return bool(_SUBMITS.search(s.said))


def _said_status(text: str) -> Status | None:
    return next((status for pattern, status in _STATUS_WORDS if pattern.search(text)), None)


def _title(text: str) -> str:
    """Return a name: "danh hiệu thi đua xuất sắc" → "Đơn vị thi đua xuất sắc"."""
    text = re.sub(r"^danh hiệu [“\"]?", "", text)
    if re.match(r"(?:thi đua )?xuất sắc", text):
        text = f"Đơn vị {text}"
    return text[0].upper() + text[1:]


def _clauses(said: str) -> list[str]:
    """Split at ";", but keep a list that is itself set off with ";" whole."""
    clauses: list[str] = []
    pending = ""
    for piece in said.split(";"):
        names = names_in(re.sub(r"^\s*và ", "", piece)) if not TITLES.search(piece) else []
        if names and clauses and TITLES.search(clauses[-1]):
            clauses[-1] += f",{piece}"
        elif names:
            pending += f"{piece},"
        else:
            clauses.append(pending + piece)
            pending = ""
    return clauses


def _after(text: str) -> tuple[list[_Recipient], int]:
    """Return who is named after a title ("… cho A, B và C"), and how many letters that takes."""
    link = _TO.match(text)
    if not link:
        return [], 0
    start = link.end()
    if counted := _TO_COUNTED.match(text, start):
        start = counted.end()
    recipients, end = _recipients(text, start)
    if not recipients and (names := names_in(text[start:])):
        return [_Recipient(n, n) for n in names], len(text)
    return recipients, end


def _recipients(text: str, start: int) -> tuple[list[_Recipient], int]:
    """Return the persons and units listed from ``start`` on, and where the list ends."""
    found = []
    while True:
        gap = _RECIPIENT_GAP.match(text, start)
        at = gap.end() if gap else start
        if m := _SOMEBODY.match(text, at):
            found.append(_Recipient(m["person"], m["unit"] or "", m["person"]))
        elif m := A_UNIT_OR_TOWN.match(text, at):
            found.append(_Recipient(m[0], m[0]))
        else:
            return found, start
        start = m.end()


def _before(region: str, giver: re.Match[str] | None, parallel: bool) -> list[_Recipient]:
    """Return who is named before a title: "A và B được tặng …", "suy tôn A …, đề nghị tặng …".

    ``parallel`` where another award of the clause was read: "…, B đề nghị UBND tỉnh tặng …".
    """
    said = region[: giver.start()] if giver else region
    starts = [m.start() for m in re.finditer(rf"{PERSON}|{WHO}", said)]
    runs, end = [], 0
    for start in starts:
        if start >= end:
            recipients, end = _recipients(said, start)
            runs.append((start, recipients, end))
    if not runs:
        return []
    start, recipients, end = runs[-1]
    gap = said[end:]
    opens = _OPENS.fullmatch(said[:start]) and gap.lstrip().startswith((":", "-", "–", "("))
    passive = opens or _RECEIVES.match(gap) or (not giver and _PROPOSED_PLAIN.fullmatch(gap))
    chosen = _SELECTS.search(said[:start]) and _GOES_ON.match(gap)
    alike = parallel and not said[:start].strip(" ,") and "đề nghị" in gap
    return recipients if passive or chosen or alike else []


def _counts(before: str, after: str) -> list[int]:
    """Return the number of awards; two where collectives and persons are counted apart."""
    for m in (
        _COUNT_TO.match(after), _COUNT_BEFORE.search(before), _COUNT_NEXT.match(after),
        _COUNT_AT.search(before),
    ):  # fmt: skip
        if m:
            counts = [number_of(m["n"])]
            if (more := m.groupdict().get("more")) is not None:
                counts.append(number_of(more))
            while m.string is after and (m := _COUNT_MORE.match(after, m.end())):
                counts.append(number_of(m["n"]))
            return counts
    return []
