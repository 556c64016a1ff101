"""What a regulation does to others, and to itself: which clause ends, changes or postpones which.

"Bãi bỏ khoản 2 Điều 16 của Nghị định số …" ends one khoản and leaves the rest in force, so validity is
kept for each Điều, khoản and điểm. Each relation names the clause that says it. What an amending
clause quotes ("… như sau: “Điều 4. …”") is another text's wording and is never read as a command.
"""

import datetime
import re
from collections.abc import Iterator, Sequence

from corpus.records import Document, Effect, Passage, Place, Record, Relation, Source
from corpus.regulation import NUMBER, POINTS
from corpus.text import fold

_NUMBERED = re.compile(rf"(?<![\w/-])({NUMBER})")
_FORM = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Thông tư|Quyết định|Quy chế|Quy định"
    r"|Hướng dẫn|Văn bản)"
)
_OWN = re.compile(rf"{_FORM}\s+này", re.I)
_DAY = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s*(?:tháng|[/.-])\s*(\d{1,2})\s*[./-]?\s*(?:năm\s*)?(\d{4})"
)
_QUOTED = re.compile(r"“[^”]*”?|(?<!\w)\"[^\"]*\"?")
_REPEALS = re.compile(r"bãi bỏ|hủy bỏ|huỷ bỏ|hết hiệu lực", re.I)
_AMENDS = re.compile(r"sửa đổi|bổ sung|thay thế (?:cụm từ|từ|các từ|một số)|đính chính", re.I)
_INSTEAD = re.compile(r"thay thế(?! (?:cụm từ|từ|các từ|một số))", re.I)
_BEGINS = re.compile(
    r"(?:có|bắt đầu) hiệu lực(?: thi hành)?\s+(?:kể\s+)?từ\s+(ngày.{0,40}|\d.{0,40})", re.I
)
_SINCE = re.compile(r"\btừ\s+(ngày\s+\d.{0,40}|\d{1,2}/\d.{0,20})", re.I)
_UNTIL = re.compile(r"(?:đến|tới)\s+(?:hết\s+)?(?:ngày\s+)?(\d{1,2}\s*(?:tháng|/).{0,30})", re.I)
_GOES_ON = re.compile(
    r"tiếp tục (?:được )?(?:áp dụng|thực hiện|có hiệu lực)|vẫn (?:được )?(?:áp dụng|thực hiện|theo)"
    r"|(?:thì|được|sẽ|tạm)[^.;]{0,90}?\b(?:thực hiện |áp dụng )?theo (?:quy định (?:của|tại) )?"
    rf"(?:các )?{_FORM}",
    re.I,
)
_BEFORE = re.compile(rf"trước (?:ngày|khi)\s+(?:{_FORM}\s+(?:này )?|\d)", re.I)
_TRANSITIONAL = re.compile(r"chuyển tiếp", re.I)
_LIST = r"(?:\s*(?:,|;|và|hoặc|đến)\s*(?:các\s+)?"
_ITEM = {
    "điểm": rf"[{POINTS}]\d?(?![\w)])",
    "khoản": r"\d{1,3}[a-zđ]?(?![\w/])",
    "điều": r"\d{1,3}[a-zđ]?(?![\w/])",
}
_PARTS = re.compile(
    "|".join(rf"(?P<{fold(k)}>\b{k}\s+{item}{_LIST}(?:{k}\s+)?{item})*)" for k, item in _ITEM.items()),
    re.I,
)  # fmt: skip
_NUMERAL = re.compile(r"\d+[a-zđ]?|[a-zđ]\d?")
_MOST = 300  # Điều in one range: more is a slip of the text
_GROUND = re.compile(
    rf"^Căn cứ\s+(?P<name>{_FORM}.*?)(?:\s+số\s+(?P<number>{NUMBER}))?"
    r"(?:\s+(?:ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})|năm\s+(?P<year>\d{4})).*)?"
    r"\s*[;.,]?$"
)


class Ground(Record):
    """A text on which another rests, as its "Căn cứ" names it."""

    name: str  # folded
    number: str = ""
    issued: datetime.date | None = None
    year: int = 0


def read_changes(document: Document, passages: Sequence[Passage]) -> tuple[Relation, ...]:
    """The relations that one regulation's clauses state, in the order of its text."""
    if not document.number:
        return ()
    default = _subject(document, passages)
    found: list[Relation] = []
    for passage in passages:
        if not passage.place.article or passage.place.part:
            continue
        said = Source(file=passage.document, place=str(passage.place), quote=passage.text)
        base = Relation(
            effect=Effect.KEEPS, number=document.number, target="", place=passage.place, source=said
        )
        found += _of_clause(document, passage, default, base)
    kept: dict[tuple[object, ...], Relation] = {}
    for one in found:
        kept.setdefault((one.effect, one.target, one.places, one.since, one.place), one)
    return tuple(kept.values())


def grounds(passages: Sequence[Passage]) -> tuple[Ground, ...]:
    """What the head of a regulation names as its grounds, line by line."""
    found = []
    for passage in passages:
        if passage.place.article:
            break
        for line in passage.text.split("\n"):
            if match := _GROUND.match(line):
                issued = _date(match["d"], match["m"], match["y"]) if match["d"] else None
                year = int(match["year"] or match["y"] or 0)
                name = fold(match["name"]).strip(" ,")
                found.append(
                    Ground(name=name, number=match["number"] or "", issued=issued, year=year)
                )
    return tuple(found)


def _subject(document: Document, passages: Sequence[Passage]) -> str:
    """The one text that an amending text amends, where its title or first Điều names it."""
    if not _AMENDS.search(document.title):
        return ""
    opening = [p for p in passages if p.place.article][:1]
    for text in (document.title, *(line for p in opening for line in (*p.headings[-1:], p.text))):
        numbers = [n for n in _NUMBERED.findall(_QUOTED.sub("", text)) if n != document.number]
        if numbers:
            return _tight(numbers[0])
    return ""


def _of_clause(
    document: Document, passage: Passage, default: str, base: Relation
) -> Iterator[Relation]:
    heading = passage.headings[-1] if passage.headings else ""
    # A điểm of a list is read with what opens the list: "Bãi bỏ các quy định sau: a) Điều 4; …"
    lead = _QUOTED.sub("", passage.lead.replace("\n", " "))
    text = _QUOTED.sub("", passage.text.replace("\n", " "))
    for sentence in _sentences(text):
        yield from _transition(document, heading, sentence, base)
        if _TRANSITIONAL.search(heading):
            continue
        yield from _beginnings(document, sentence, base)
        yield from _ends_and_changes(document, heading, lead, sentence, default, base)


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.])\s+(?=[A-ZĐÀ-Ỹ])", text) if s.strip()]


def _transition(
    document: Document, heading: str, sentence: str, base: Relation
) -> Iterator[Relation]:
    before, goes_on = _BEFORE.search(sentence), _GOES_ON.search(sentence)
    if not goes_on or not (before or _TRANSITIONAL.search(heading)):
        return
    until = _UNTIL.search(sentence)
    targets = [t for t in map(_tight, _NUMBERED.findall(sentence)) if t != document.number]
    for target in dict.fromkeys(targets or [""]):
        last = _day(until[1]) if until else None
        yield base.model_copy(update={"target": target, "since": document.effective, "until": last})


def _beginnings(document: Document, sentence: str, base: Relation) -> Iterator[Relation]:
    """ "… có hiệu lực từ ngày 01/7/2025, trừ Điều 5 có hiệu lực từ ngày 01/01/2026"."""
    start = 0
    for match in _BEGINS.finditer(sentence):
        words = sentence[start : match.start()]
        start = match.end()
        exception = re.search(r"\btrừ\b.*", words)
        whole = _OWN.search(words) and not exception
        words = exception[0] if exception else words
        if whole and not re.match(
            r"\W*(?:\w\)|\d+\.)?\s*(?:Quy định tại |Các )?(?:điểm|khoản|điều) ", words, re.I
        ):
            continue  # fmt: skip
        others = [n for n in map(_tight, _NUMBERED.findall(words)) if n != document.number]
        places, since = tuple(_places(words)), _day(match[1])
        if places and since and not others and since != document.effective:
            yield base.model_copy(
                update={"effect": Effect.BEGINS, "target": document.number,
                        "places": places, "since": since}
            )  # fmt: skip


def _ends_and_changes(
    document: Document,
    heading: str,
    lead: str,
    sentence: str,
    default: str,
    base: Relation,
) -> Iterator[Relation]:
    own = re.sub(r"^(?:Điều \d+\w?\.|\d+[a-zđ]?[.)]|[a-zđ]\d?\))\s*", "", sentence)
    effect = _command(own) or _command(lead) or _command(re.sub(r"^Điều \w+\.?\s*", "", heading))
    if effect is None:
        return
    since = _SINCE.search(own) if effect is Effect.REPEALS else None
    day = (_day(since[1]) if since else None) or document.effective
    if own.rstrip().endswith(":") and not _PARTS.search(own):
        return  # it opens a list, whose points say which
    if re.match("bổ sung", own, re.I):
        own = re.sub(
            r"(?:vào\s+)?(?:liền\s+)?(?:sau|trước)\s+(?:điểm|khoản|điều)\s.*?(?=\s(?:của|như)\b|$)",
            "",
            own,
            flags=re.I,
        )
    for words, number in _by_target(own):
        places = tuple(_places(words))
        target = _tight(number) if number else _target_before(lead, heading, default)
        if not number and _OWN.search(words):
            target = document.number
        if target == document.number and effect is not Effect.REPEALS:
            continue
        if not target or (not number and not places):
            continue
        if not places and effect is Effect.AMENDS:
            # "Sửa đổi, bổ sung một số điều của Nghị định số …": which, the clauses below say.
            continue
        if not places and target == document.number:
            continue
        kind = Effect.REPLACES if not places else effect
        if kind is Effect.REPLACES and not _as_a_whole(words, own):
            continue
        yield base.model_copy(
            update={"effect": kind, "target": target, "places": places, "since": day}
        )


def _command(words: str) -> Effect | None:
    """What a clause orders: by its first verb, or by a passive at its end."""
    low = words[:400]
    opening = re.match(r"(?:Nay |Đồng thời |Từ ngày[^,]{0,40},\s*)?(bãi bỏ|hủy bỏ|huỷ bỏ|sửa đổi|bổ sung|thay thế|đính chính)", low, re.I)  # fmt: skip
    if opening:
        if _REPEALS.match(opening[1]):
            return Effect.REPEALS
        return Effect.REPLACES if _INSTEAD.match(low[opening.start(1) :]) else Effect.AMENDS
    if re.search(r"này (?:thay thế|bãi bỏ)|thay thế .*hết hiệu lực", words, re.I):
        return Effect.REPEALS
    if re.search(r"(?:hết hiệu lực|(?:được|bị) bãi bỏ)(?!\s+sớm)", words, re.I):
        return Effect.REPEALS
    return Effect.AMENDS if re.search(r"được sửa đổi, bổ sung như sau", words, re.I) else None


def _as_a_whole(before: str, sentence: str) -> bool:
    """True when the text whose number follows ``before`` lapses whole: no exception is made, and it is
    not only named as what another one details."""
    if re.search(r"\btrừ\b|một phần", sentence) or re.match(
        r"\W*một số (?:điều|quy định|nội dung)", before
    ):
        return False
    detailed = re.search(r"(?:quy định chi tiết|hướng dẫn|thi hành|căn cứ)(.*)$", before, re.I)
    joined = rf"(?:;|,|(?<!\w)và)\s*(?:bãi bỏ\s+)?(?:các\s+)?{_FORM}(?:\s+[^;]*?)?\s*số\s*$"
    return not detailed or bool(re.search(joined, detailed[1], re.I))


def _by_target(words: str) -> Iterator[tuple[str, str]]:
    """The words that name parts, each with the number of the text that they are of ("" for none)."""
    start = 0
    for match in _NUMBERED.finditer(words):
        yield words[start : match.start()], match[1]
        start = match.end()
    if start == 0:
        yield words, ""


def _target_before(lead: str, heading: str, default: str) -> str:
    for text in (lead, heading):
        if numbers := _NUMBERED.findall(text):
            return _tight(numbers[-1])
    return default


def _places(words: str) -> Iterator[Place]:
    """The parts that words name, smallest first: "khoản 2, 3 Điều 21; Điều 22"."""
    points: list[str] = []
    pending: list[tuple[str, str]] = []  # (clause, point) that wait for their Điều
    for match in _PARTS.finditer(words):
        kind = match.lastgroup
        items = _items(match[0])
        if kind == "diem":
            points += items
        elif kind == "khoan":
            if points:
                pending += [(items[0], point) for point in points]
                pending += [(clause, "") for clause in items[1:]]
                points = []
            else:
                pending += [(clause, "") for clause in items]
        else:
            if points:  # an Điều that has no khoản
                pending += [("", point) for point in points]
                points = []
            for clause, point in pending:
                yield Place(article=items[0], clause=clause, point=point)
            for article in items[1:] if pending else items:
                yield Place(article=article)
            pending = []


def _items(words: str) -> list[str]:
    """ "Điều 4, 12 và 15" → 4, 12, 15; "Điều 5 đến Điều 8" → 5, 6, 7, 8."""
    found: list[str] = []
    rest = re.sub(r"(?<!\w)(?:điểm|khoản|điều|các|và|hoặc)(?!\w)", " ", words, flags=re.I)
    span = False
    for token in re.findall(r"đến|[\wđ]+", rest):
        if token == "đến":
            span = True
        elif _NUMERAL.fullmatch(token):
            if span and found and found[-1].isdigit() and token.isdigit():
                last = min(int(token), int(found[-1]) + _MOST)
                found += map(str, range(int(found[-1]) + 1, last + 1))
            elif span and found and token in POINTS and found[-1] in POINTS:
                found += POINTS[POINTS.index(found[-1]) + 1 : POINTS.index(token) + 1]
            else:
                found.append(token)
            span = False
    return found


def _day(words: str) -> datetime.date | None:
    match = _DAY.search(words)
    return _date(*match.groups()) if match else None


def _date(day: str, month: str, year: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _tight(number: str) -> str:
    return re.sub(r"\s", "", number)
