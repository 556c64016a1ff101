"""What is asked: units, years and periods, titles, documents and Điều named, and the day that counts.

Nothing is guessed: a unit is taken only where its name ends as a name ends, and what looks like an
organisation but is not known is kept as ``strangers``, so that the answer can say so.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from bot.moment import Moment, moment_in, without
from bot.periods import number_word, period_in, years_in
from bot.units import Doubt, units_in
from bot.vocabulary import (
    ABBREVIATIONS,
    BESIDE_ABBREVIATIONS,
    FAMILIES,
    LEVELS,
    OTHER_LAW,
    OTHER_MONEY,
    PROVINCES,
    SYNONYMS,
    TYPED_ABBREVIATIONS,
    Title,
)
from corpus import Document, Passage, Place, Record, Scorer, Status, Unit, fold, respell, tidy
from index import ASKING, terms


class Topic(StrEnum):
    """What kind of thing a question is about. A question may have several."""

    POINTS = "points"
    RANKING = "ranking"
    CHANGE = "change"
    DEDUCTION = "deduction"
    AWARD = "award"
    DECISION = "decision"
    MEETING = "meeting"
    AUDIT = "audit"
    NAME = "name"
    MONEY = "money"


class Question(Record):
    """One question, understood as far as its words go."""

    text: str  # tidy, as typed; slips of the keyboard are repaired
    accented: str  # with accents where the question had none
    read_as: str = ""  # the same, when letters were changed to understand it
    folded: str  # accented, abbreviations in full, folded: what patterns are matched against
    whole: str = ""  # the same with its accents, lower case
    latest: str = (
        ""  # the folded words of the last message alone, where earlier ones were leaned on
    )
    besides: str = ""  # the folded question without the names of units
    full_names: tuple[str, ...] = ()  # what abbreviations and synonyms stand for
    covered: frozenset[str] = frozenset()  # folded words that the synonyms stand in for
    spent: frozenset[str] = frozenset()  # folded words understood as a year or a document
    topics: frozenset[Topic] = frozenset()
    units: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()  # organisations named that no record knows
    taken: tuple[tuple[str, str], ...] = ()  # mistyped names and the units they were taken for
    doubts: tuple[Doubt, ...] = ()  # words that may mean several units
    names: tuple[str, ...] = ()  # proper names that stand in some report
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    years_said: tuple[int, ...] = ()  # those of them that stand in the question as such
    period: str = ""
    titles: tuple[Title, ...] = ()
    statuses: tuple[Status, ...] = ()
    scorers: tuple[Scorer, ...] = ()
    criterion: str = ""
    decision: str = ""
    day: datetime.date | None = None
    top: int = 0  # how many units a ranking question wants; negative from the bottom
    person: bool = False
    documents: tuple[str, ...] = ()  # numbers of held documents that are named
    unheld: tuple[str, ...] = ()  # numbers that are named and not held
    place: Place = Place()
    today: datetime.date = datetime.date.min
    moment: Moment | None = None  # the time that the question, or the one it leans on, is about
    as_of: datetime.date
    dated: bool = False  # the question, or its asker, set the day that counts
    fixed: bool = False  # its asker set it, apart from the question


_NUMBERED = re.compile(r"(?<![\w/])\d+/(?:\d{4}/)?[a-zđ]+[a-zđ0-9]*(?:-[a-zđ0-9]+)*", re.I)
_TELLING = re.compile(r"\b(?:ke ten|neu ten|liet ke|cho biet|cho hoi)\b")
_DECISION = re.compile(r"(?<![\w/])\d+\s*/\s*qd-[a-z]+")
_BARE_DECISION = re.compile(
    r"\b(?:quyet dinh|qd) (?:so )?(\d{1,5})(?=\s*(?:khen|tang|cua|ky|cho|thuong)\b|\W*$)"
)
_ARTICLE = re.compile(r"\b(?:dieu|d)\.?\s*(\d+[a-z]??)(?=k\d|\b)")
_CLAUSE = re.compile(r"(?:\bkhoan|\bk|(?<=\d)k(?=\d))\.?\s*(\d+[a-z]?)\b")
_POINT = re.compile(r"\b(?:diem)\s+([a-z]|đ)\b(?!\s*\d)")
_TYPED_POINT = re.compile(r"\bđiểm\s+([a-zđ])\b", re.I)
_SHORT = re.compile(
    r"\b(luat|nghi dinh|nd|thong tu|tt)\s*(?:so\s*)?(?:sua doi,?\s*(?:bo sung\s*)?)?(?:thi dua,? khen thuong\s*|tdkt\s*)?(?:nam\s*)?(\d{1,4})\b(?!\s*/)"
)
_FORMS = {"nd": "nghi dinh", "tt": "thong tu"}
_HALF_NUMBERED = re.compile(
    r"\b(luat|nghi dinh|nd|thong tu|tt)\s*(?:sua doi\s*)?(?:thi dua,? khen thuong\s*|tdkt\s*)?(?:so\s*)?(\d+)/((?:19|20)\d{2})\b(?!/)"
)
_CODE = r"(?>[ivx]+(?:\.\d+)*|[a-h]\.?\d+|\d{1,2}\.\d{1,2}(?:\.\d+)*)"
_PLAIN_CODE = r"\d{1,2}(?!\s*(?:nam|diem|don vi|thang)\b)"
_CRITERION = re.compile(rf"\b(?:tieu chi|muc|noi dung|tc)\s+(?:so\s+)?({_CODE}|{_PLAIN_CODE})\b")
_GROUP = re.compile(rf"\b(?:nhom|phan)\s+(?:so\s+)?([ivx]+|{_PLAIN_CODE}|[a-h])\b")
_TOPICS = (
    (Topic.AUDIT, r"vuot (?:diem )?toi da|cong sai|sai tong|cong khong dung|tinh sai|bang .* sai|o nao sai"),
    (Topic.DEDUCTION, r"bi tru\b|(?:chua|khong) (?:dat|duoc) (?:diem )?toi da|duoi (?:diem |muc )?toi da|tru diem\b|diem tru\b|mat diem|bi mat|tru may|tru bao nhieu"),
    (Topic.CHANGE, r"tang (?:hay|hoac) giam|so voi nam|thay doi|tang (?:diem )?nhieu nhat|giam (?:diem )?nhieu nhat|tang may|giam may|tang bao nhieu|co tang|co giam|tang khong|giam khong|giam bao nhieu|tang diem|giam diem"),
    (Topic.RANKING, r"xep thu|xep hang|hang may|thu may|dung dau|dan dau|dung thu|cao nhat|thap nhat|(?:cao|thap) diem nhat|top \d|bottom \d|\bhang \d|bang xep|hang bao nhieu|vi tri|thu bao nhieu|nhat khoi|nao nhat\b|ai nhat|thi dua nhat\b|cuoi bang|(?:ba|hai|bon|nam|\d+) don vi (?:cao|dung|dan|thap|diem)|dung cuoi|xep cuoi|(?<!pho chu tich )thu nhat|thu hang"),
    (Topic.POINTS, r"bao nhieu diem|may diem|diem thi dua|duoc diem|tong diem|cham bao nhieu|cham may|bao nhieu la diem|diem so|diem cua|\bdiem\b.{0,60}\b(?:bao nhieu|may)\b|tu cham|khoi cham|tham dinh may|\bdiem\b"),
    (Topic.AWARD, r"truong hop.*(?:thong qua|de nghi|bi huy)|bang khen thuong|luot khen|duoc khen|khen thuong (?:gi|nao|cua)|nhung khen thuong|thanh tich khen|khen may|khen gi|(?:tang|trao|nhan) (?:nhung |cac )?gi\b|tung (?:duoc (?:khen|tang)|nhan)|khen thuong (?:moi|gan)|\bkhen nhung ai|khen ai"),
    (Topic.DECISION, r"quyet dinh so|so quyet dinh|quyet dinh nao|so may|ngay ky"),
    (Topic.MONEY, r"(?:may|bao nhieu) (?:tien|dong)\b|(?:may|bao nhieu) lan (?:muc )?luong|tien thuong|muc thuong|thuong (?:duoc )?may|duoc thuong|thuong bao nhieu"),
    (Topic.MEETING, r"so ket|tong ket|ky giao uoc|ki giao u|giao uoc|hoi nghi|cuoc hop|binh (?:xet|chon|bau)|le ky|chu tri|truong khoi|truong cum|cum truong|khoi truong|khoi pho|pho khoi|pho truong khoi|suy ton|bo phieu|so phieu|\bbau\b"),
    (Topic.NAME, r"ten cu\b|ten truoc|ten la gi|ten gi|truoc (?:day|nam \d+) (?:la|ten)|doi ten"),
)  # fmt: skip
# What only rules speak of: there "nông dân" are people and no unit.
_RULES = re.compile(
    r"tieu chuan|dieu kien|ho so|quy dinh|muc thuong|tien|luat|nghi dinh|thong tu|danh hieu|khen"
)
# "Co" typed without accents is no flag where one of these follows.
_NO_FLAG = re.compile(r"bao nhieu|may\b|duoc|nhung|ai\b|don vi|cuoc|hop")
_MET = re.compile(r"\bhọp\b")  # folded it would be "hợp" as well
# Typed without accents, it is told by what stands before.
_MET_BARE = re.compile(
    r"\b(?:cuoc|lan|buoi|phien|khoi|cum|dong|da|se|\d{4}|ket|nao|gio) hop\b(?! tac| dong\b| le\b| phap| nhat)"
)
_STATUSES = (
    (Status.CANCELLED, r"\b(?:hủy|huỷ)\b|thu hồi|bị rút"),
    (Status.PROPOSED, r"đề nghị|đề xuất|suy tôn"),
    (Status.APPROVED, r"thông qua"),
    (Status.DECIDED, r"đã quyết định|có quyết định|đã được tặng|quyết định tặng|được tặng"),
)
_SCORERS = (
    (Scorer.SELF, r"tu cham"),
    (Scorer.BLOCK, r"khoi cham|cum cham|truong khoi cham"),
    (Scorer.COUNCIL, r"hoi dong|tham dinh"),
)
_NEGATED = re.compile(r"(?:khong phai|chu khong|khong tinh)[^,;.?)]*")
_FOLLOW_UP = re.compile(
    r"^(?:con|the con|vay con|the(?! nao)|vay|roi|va|nhung|o do|khi do|nam do|don vi do|cai do)\b"
)
_DAY = re.compile(r"(?:ngay\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d{2})")


def understand(
    text: str,
    *,
    accented: str,
    read_as: str = "",
    units: Sequence[Unit],
    documents: Mapping[str, Document],
    names: Collection[str] = (),
    today: datetime.date,
    known: Callable[[str], bool] = lambda word: True,
    as_of: datetime.date | None = None,
    previous: "Question | None" = None,
) -> Question:
    """Read ``text``. ``accented`` is the text with its accents given back, ``read_as`` the same when
    it is worth telling the asker; ``units``, ``documents`` (by number) and ``names`` (proper names
    in reports, folded) are what the index knows; ``known`` tells a word from a slip; ``previous`` is
    the question before in the same conversation, which a follow-up ("còn năm 2022?") leans on."""
    text = tidy(text).replace("\n", " ").strip()
    if previous and (put := _put_in(previous.accented, accented)):
        accented, previous = put, None
    if fold(text) == text.lower():
        accented = re.sub(
            r"\b([Cc])ờ (?=(.*))",
            lambda m: f"{m[1]}ó " if _NO_FLAG.match(fold(m[2])) else m[0],
            accented,
        )
    whole, full_names = _in_full(accented)
    # Folding keeps every letter's position, so that a folded match can be read with its accents.
    whole = " ".join(tidy(whole).split())
    folded, low = fold(whole), whole.lower()
    named, unheld, numbers_at = _documents(folded, text, documents)
    if not named and (other := OTHER_LAW.search(low)):
        unheld = (*unheld, other[0])
    span = years_in(_blanked(folded, numbers_at), today, previous.years if previous else ())
    years = span.years
    topics = _topics(folded, low, bare=fold(text) == text.lower())
    loosely = bool(topics & _OF_A_UNIT) and not _RULES.search(folded)
    found = units_in(folded, whole, units, _name_in_full, known, loosely)
    question = Question(
        text=text,
        accented=accented,
        read_as=read_as,
        folded=folded,
        whole=low,
        latest=folded,
        besides=fold(found.rest),
        full_names=tuple(
            dict.fromkeys(
                _both_ways(
                    [*full_names, *_synonyms(folded), *_effect_days(folded, documents)], folded
                )
            )
        ),
        covered=_synonym_words(folded),
        spent=frozenset(
            [*map(str, years), *(["nam"] if years else [])]
            + [word for start, end in numbers_at for word in folded[start:end].split()]
            + [word for match in _TELLING.finditer(folded) for word in match[0].split()]
        ),
        topics=topics,
        units=found.units,
        strangers=found.strangers,
        taken=found.taken,
        doubts=found.doubts,
        names=tuple(
            n for n in names if n in folded and re.search(rf"(?<!\w){re.escape(n)}(?!\w)", folded)
        ),
        provinces=_provinces(whole, bare=fold(text) == text.lower()),
        years=years,
        years_said=span.said,
        period=period_in(folded),
        titles=titles_in(found.rest),
        statuses=tuple(s for s, pattern in _STATUSES if re.search(pattern, low)),
        scorers=tuple(s for s, pattern in _SCORERS if re.search(pattern, _NEGATED.sub("", folded))),
        criterion=_criterion(folded),
        decision=_decision(text),
        day=_day(folded, years),
        top=_top(folded),
        person=bool(re.search(r"\bca nhan\b|\bnguoi nao\b|\bdong chi\b", folded)),
        documents=named,
        unheld=unheld,
        place=_place(folded, text),
        today=today,
        moment=moment_in(folded, today),
        as_of=as_of or today,
        dated=as_of is not None,
        fixed=as_of is not None,
    )
    wanted = set(question.topics)
    if question.titles:
        wanted.add(Topic.AWARD)
    if question.decision:
        wanted.add(Topic.DECISION)
    if question.criterion:
        wanted.add(Topic.POINTS)
    question = question.model_copy(update={"topics": frozenset(wanted)})
    return _timed(_leaning(question, previous) if previous else question)


def _timed(question: Question) -> Question:
    """The day that counts, where the question names a time and its asker set none."""
    moment = question.moment
    if question.fixed or moment is None or moment.now or moment.older:
        return question
    return question.model_copy(update={"as_of": moment.day(question.today), "dated": True})


def timeless(question: Question) -> Question:
    """The question without the words that name its time: what it asks of that time."""
    moment = question.moment
    if moment is None:
        return question
    cut = {name: without(getattr(question, name), question.today) for name in ("accented", "whole")}
    return question.model_copy(update={**cut, "folded": fold(cut["whole"])})


def _topics(folded: str, low: str, bare: bool) -> frozenset[Topic]:
    topics = {t for t, pattern in _TOPICS if re.search(pattern, folded)}
    if _MET.search(low) or (bare and _MET_BARE.search(folded)):
        topics.add(Topic.MEETING)
    if "tặng" in low and not re.search(r"tăng|giảm|so với|thay đổi", low):
        topics.discard(Topic.CHANGE)  # "được tặng mấy" folds to what "tăng mấy" does
    if re.search(OTHER_MONEY, folded):
        topics.discard(Topic.MONEY)
    return frozenset(topics)


def _in_full(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with the field's abbreviations written out, and the full names used."""
    used: list[str] = []

    def full(match: re.Match[str]) -> str:
        word = match[0]
        name = _ABBREVIATION_KEYS.get(fold(word))
        # A few small letters are more often a plain word than an abbreviation.
        if name is None or (len(word) <= 3 and not word.isupper() and _may_be_word(fold(word))):
            return word
        used.append(name)
        return name

    text = _JOINED.sub(_unjoined, text)
    for pattern, name in _BESIDE_ONES:
        text, count = pattern.subn(name, text)
        used += [name] * bool(count)
    return _ABBREVIATION.sub(full, text), tuple(dict.fromkeys(used))


def _name_in_full(name: str) -> str:
    """A unit's name with its abbreviations written out; its own "CTĐ" is no "cờ thi đua"."""
    return name if fold(name) in _TYPED else _in_full(name)[0]


def _unjoined(match: re.Match[str]) -> str:
    """ "L.Đ.T.T" and "BK-TTg" without their marks, where that is an abbreviation."""
    letters = match[0].replace(".", "").replace("-", "")
    return letters if fold(letters) in _ABBREVIATION_KEYS else match[0]


def _may_be_word(folded: str) -> bool:
    """True for small letters that are a syllable, or stand for other things too."""
    return bool(set(folded) & set("aeiouy")) or folded in {"sk", "hd"}


_TYPED = frozenset(map(fold, TYPED_ABBREVIATIONS))
_ABBREVIATION_KEYS = {
    fold(key): name for key, name in (ABBREVIATIONS | TYPED_ABBREVIATIONS).items()
}
_ABBREVIATION = re.compile(
    # Not inside a số hiệu: "268/QĐ-UBND".
    r"(?<![\w&-])(?<!\d/)(?:"
    + "|".join(
        sorted(
            {
                re.escape(form)
                for key in ABBREVIATIONS | TYPED_ABBREVIATIONS
                for form in (key, fold(key))
            },
            key=len,
            reverse=True,
        )
    )
    + r")(?![\w&]|-\w|/\d)",
    re.I,
)
_JOINED = re.compile(
    r"(?<![\w/&.-])(?:(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W\d_]{1,6}(?:-[^\W\d_]{1,6})+)(?![\w/&-])"
)
_BESIDE_ONES = tuple(
    (re.compile(rf"(?<![\w/&-])(?:{pattern})(?![^\W\d_]|[/&]|-\w)", re.I), name)
    for pattern, name in BESIDE_ABBREVIATIONS
)


def _synonyms(folded: str) -> list[str]:
    return [name for _, names in _said_otherwise(folded) for name in names]


def _said_otherwise(folded: str) -> list[tuple[str, tuple[str, ...]]]:
    """The rows of SYNONYMS that a question calls for."""
    return [
        (pattern, names)
        for pattern, names, *unless in SYNONYMS
        if re.search(pattern, folded) and not any(re.search(u, folded) for u in unless)
    ]


def _both_ways(names: Sequence[str], folded: str) -> list[str]:
    """Names in full and abbreviated: one office writes "Ủy ban nhân dân", the next "UBND"."""
    short = [key for key, name in ABBREVIATIONS.items() if len(key) > 2 and fold(name) in folded]
    return [
        *names,
        *(n.replace("Ủy ban nhân dân", "UBND") for n in names if "Ủy ban nhân" in n),
        *short,
    ]


def content_words(text: str) -> set[str]:
    """The folded words of a text that carry its content: no pairs, no words of asking."""
    return {term for term in terms(text) if "_" not in term and term not in ASKING}


def in_full(text: str) -> str:
    """``text`` with the field's abbreviations written out."""
    return _in_full(text)[0]


def _synonym_words(folded: str) -> frozenset[str]:
    return frozenset(
        word
        for pattern, _ in _said_otherwise(folded)
        for match in re.finditer(pattern, folded)
        for word in re.findall(r"\w+", match[0])
    )


def _effect_days(folded: str, documents: Mapping[str, Document]) -> list[str]:
    """A text never names its own first day again: it says "ngày Nghị định này có hiệu lực"."""
    days = {(int(m[3]), int(m[2]), int(m[1])) for m in _DAY.finditer(folded)}
    before = "trước " if re.search(r"truoc (?:ngay )?\d", folded) else ""
    return [
        f"{before}ngày {d.form} này có hiệu lực"
        for d in documents.values()
        if d.effective and (d.effective.year, d.effective.month, d.effective.day) in days
    ]


def _provinces(whole: str, bare: bool) -> tuple[str, ...]:
    """The provinces that are named: with their accents, where the question has any ("diễn biến" is not
    Điện Biên), and as a name, where their words have a meaning too."""
    found = []
    for province in PROVINCES:
        said = re.search(rf"\b{re.escape(fold(province))}\b", fold(whole))
        if not said:
            continue
        typed = respell(whole[said.start() : said.end()])
        meant = typed.lower() in (respell(province).lower(), fold(province))
        if bare or (meant and (province not in _ALSO_WORDS or typed != typed.lower())):
            found.append(province)
    return tuple(found)


_ALSO_WORDS = frozenset({"Hòa Bình"})


def _blanked(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _decision(text: str) -> str:
    """The number of a decision as it is written: "466/QĐ-UBND", or "466" where no more is said."""
    match = _DECISION.search(fold(text))
    if not match:
        bare = _BARE_DECISION.search(fold(text))
        return bare[1] if bare else ""
    number, sign = re.sub(r"\s", "", text[match.start() : match.end()]).split("/", 1)
    return f"{number}/QĐ-{sign[3:] if sign[3:] != sign[3:].lower() else sign[3:].upper()}"


def _day(folded: str, years: tuple[int, ...]) -> datetime.date | None:
    """The one day that a question names, in full or beside its year."""
    found = {(int(m[3]), int(m[2]), int(m[1])) for m in _DAY.finditer(folded)}
    if not found and len(years) == 1:
        short = re.findall(r"\bngay (\d{1,2})\s*(?:/|thang)\s*(\d{1,2})\b(?!\s*[/.-]\s*\d)", folded)
        found = {(years[0], int(month), int(day)) for day, month in short}
    try:
        return datetime.date(*found.pop()) if len(found) == 1 else None
    except ValueError:
        return None


def _documents(
    folded: str, text: str, documents: Mapping[str, Document]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, int]]]:
    held = {fold(number): number for number in documents}
    named: list[str] = []
    unheld: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(fold(text)):
        number = held.get(match[0])
        if number:
            named.append(number)
        elif not _DECISION.match(match[0]) or "/20" in match[0]:
            number = text[match.start() : match.end()].upper()
            unheld.append(number.replace("/ND-", "/NĐ-").replace("/QD-", "/QĐ-"))
    for match in _NUMBERED.finditer(folded):
        spans.append(match.span())
    for match in _HALF_NUMBERED.finditer(folded):
        form = _FORMS.get(match[1], match[1])
        start = f"{match[2].lstrip('0')}/{match[3]}/"
        found = [
            d.number
            for d in documents.values()
            if fold(d.form) == form and d.number.lstrip("0").startswith(start)
        ]
        spans.append(match.span())
        named += found
        if not found:
            unheld.append(f"{form}:{match[2]}/{match[3]}")
    for match in _SHORT.finditer(folded):
        form = _FORMS.get(match[1], match[1])
        found = [
            d.number
            for d in documents.values()
            if fold(d.form) == form
            and (
                d.number.split("/")[0].lstrip("0") == match[2].lstrip("0")
                if len(match[2]) < 4
                else bool(d.issued and d.issued.year == int(match[2]))
            )
        ]
        spans.append(match.span())
        if found:
            named += found
        elif len(match[2]) == 4 or form != "luat":
            unheld.append(f"{form}:{match[2]}")
    return tuple(dict.fromkeys(named)), tuple(dict.fromkeys(unheld)), spans


def _place(folded: str, typed: str) -> Place:
    article = _ARTICLE.search(folded)
    if not article:
        return Place()
    clause = _CLAUSE.search(folded)
    point = _TYPED_POINT.search(typed) or _POINT.search(folded)
    return Place(
        article=article[1],
        clause=clause[1] if clause else "",
        point=point[1].lower() if point else "",
    )


def titles_in(text: str) -> tuple[Title, ...]:
    """The titles and forms of award that a text names, in order. Accents count: "cờ" is not "cơ"."""
    rest = text.lower()
    found: list[tuple[int, Title]] = []
    spans: list[tuple[int, str]] = []
    for family in FAMILIES:
        for match in re.finditer(rf"(?<!\w){family}(?!\w)", rest):
            spans.append((match.start(), family))
            rest = rest[: match.start()] + "·" * len(family) + rest[match.end() :]
    for start, family in spans:
        after = rest[start + len(family) : start + len(family) + 45]
        after = re.split(
            r"[?.;·]|\b(?:năm|và|cho|hay|hoặc|trong|vào|mấy|bao nhiêu|không|vừa)\b", after
        )[0]
        levels = tuple(level for level in LEVELS if re.search(rf"(?<!\w){level}(?!\w)", after))
        found.append((start, Title(family=family, levels=levels)))
    if both := _ELLIPSIS.search(text.lower()):
        found.append((both.start() + 1, Title(family="tập thể lao động tiên tiến")))
    return tuple(dict.fromkeys(title for _, title in sorted(found, key=lambda f: f[0])))


RECIPIENTS = ("cá nhân", "tập thể", "hộ gia đình")


def recipients_in(text: str) -> frozenset[str]:
    """Who a text speaks of as receiving: the three that reward money tells apart.

    "Tập thể lao động xuất sắc" is a title, not a recipient.
    """
    rest = text.lower()
    for family in FAMILIES:
        rest = rest.replace(family, "·")
    return frozenset(name for name in RECIPIENTS if re.search(rf"(?<!\w){name}(?!\w)", rest))


def recipient_of(passage: Passage) -> frozenset[str]:
    """Whom a clause is about: said by what opens it ("Đối với tập thể:"), or by its first words.

    The rest may compare with others ("gấp hai lần mức … đối với cá nhân").
    """
    opening = recipients_in(passage.lead.split("\n")[-1])
    return opening if len(opening) == 1 else recipients_in(passage.text[:80])


# "Tập thể lao động xuất sắc, tiên tiến" names two titles.
_ELLIPSIS = re.compile(r"tập thể lao động xuất sắc\s*(?:,|/|và|hay|hoặc)\s*tiên tiến")


def _criterion(folded: str) -> str:
    match = (
        _CRITERION.search(folded)
        or _GROUP.search(folded)
        or re.search(r"\b([ivx]+\.\d+)\b", folded)
    )
    return match[1].upper() if match else ""


_LOWEST = re.compile(
    r"thap nhat|it nhat|cuoi bang|dung cuoi|xep cuoi|cuoi khoi|chot bang|\bbottom\b"
)
_HIGHEST = re.compile(
    r"xep thu nhat|(?<!pho chu tich )thu nhat|dung dau|dan dau|cao nhat|nhieu nhat|nhat khoi|hang nhat(?! huan)|ai nhat|nao nhat\b|thi dua nhat\b"
)


def _top(folded: str) -> int:
    folded = re.sub(r"\b(cao|thap|nhieu|it) diem nhat", r"\1 nhat", folded)
    sign = -1 if _LOWEST.search(folded) else 1
    match = re.search(
        r"\b(?:top|bottom) (\d{1,2})\b"
        r"|(?<!nam )\b(\d{1,2}|hai|ba|bon|nam|sau|bay|tam|chin|muoi) (?:don vi|hoi(?! nghi| truong)|doan the|co quan)",
        folded,
    )
    if match:
        return sign * number_word(match[1] or match[2])
    return sign if sign < 0 or _HIGHEST.search(folded) else 0


# Of each row one is meant: "còn xuất sắc?" after a question on "tiên tiến" asks the same of the other.
_ALTERNATIVES = (
    ("xuất sắc", "tiên tiến"),
    ("toàn quốc", "cấp tỉnh", "cơ sở"),
    ("hạng nhất", "hạng nhì", "hạng ba"),
    ("cá nhân", "tập thể", "hộ gia đình"),
    ("bằng khen", "giấy khen", "cờ thi đua"),
)


def _put_in(before: str, now: str) -> str:
    """The question before with what a short follow-up changes in it; "" when it changes nothing so."""
    low = now.lower().strip(" ?.!")
    if len(low.split()) > 6 or not re.match(r"(?:còn|thế còn|thế|vậy còn|vậy)\b", low):
        return ""
    was, wanted = titles_in(before), titles_in(now)
    if len(was) == len(wanted) == 1 and was[0].name in before.lower():
        return re.sub(re.escape(was[0].name), wanted[0].name, before, flags=re.I)
    for row in _ALTERNATIVES:
        new = next((word for word in row if word in low), "")
        old = next((word for word in row if word != new and word in before.lower()), "")
        if new and old and new not in before.lower():
            return re.sub(re.escape(old), new, before, flags=re.I)
    return ""


_OF_A_UNIT = frozenset({Topic.POINTS, Topic.RANKING, Topic.CHANGE, Topic.DEDUCTION})
_OF_ALL = re.compile(r"don vi|khoi|cum|top|ai\b|trung binh")
_OWN_MEETING = re.compile(
    r"so ket|tong ket|giao uoc|binh xet|hoi dong|khoi (?!truong|pho)|cum (?!truong|pho)|gan nhat|moi nhat|dau tien|may lan|bao nhieu"
)
_OF_A_MEETING = re.compile(
    r"^(?:the |vay |con )?(?:hop )?(?:o dau|tai dau|khi nao|bao gio|ngay nao|hom nao|luc nao|ai (?:chu tri|dieu hanh|dang cai)|don vi nao dang cai)\W*$"
)
_ITS_AWARDS = re.compile(r"(?:duoc|co) khen|khen (?:gi|nhung gi|thuong)\b")
_BESIDE = re.compile(r"(?:the |con |vay )?(?:so (?:voi|sanh)|hon|kem|chenh)")
_WHY = re.compile(r"^(?:the )?(?:vi|tai|do dau|ly do) ?(?:sao|gi)?(?: vay| the| nhi| lai the)?\W*$")


def _leaning(question: Question, previous: Question) -> Question:
    """A follow-up takes from the question before what it leaves out."""
    named = bool(question.units or question.years_said or question.period or question.criterion)
    words = question.folded
    for unit in question.units:
        words = words.replace(fold(unit), "·")
    length = len(words.split())
    only_names = length <= 8 and not question.topics and named
    about_all = bool(_OF_ALL.search(question.folded))
    # "Xếp thứ mấy?" and "vì sao bị trừ?" are of the unit before.
    only_topic = (
        length <= 6
        and bool(question.topics & _OF_A_UNIT and previous.units)
        and not (named or question.strangers or about_all)
    )
    if why := bool(_WHY.match(question.folded) and previous.topics & _OF_A_UNIT):
        kept = previous.topics & {Topic.CHANGE} or {Topic.DEDUCTION}
        question = question.model_copy(update={"topics": frozenset(kept)})
    both = question.topics & _OF_A_UNIT and previous.topics & _OF_A_UNIT and previous.years
    if length <= 8 and about_all and both and not named and not _FOLLOW_UP.match(question.folded):
        # "Đơn vị nào cao nhất?" is of the year before, and of no unit.
        period = question.period or previous.period
        return question.model_copy(update={"years": previous.years, "period": period})
    # "Ai chủ trì?" is of the meeting before, "được khen gì không?" of the unit before.
    same_meeting = (
        length <= 7
        and Topic.MEETING in previous.topics
        and (Topic.MEETING in question.topics or _OF_A_MEETING.match(question.folded))
        and not (named or _OWN_MEETING.search(question.folded))
    )
    its_awards = length <= 7 and bool(previous.units and _ITS_AWARDS.search(question.folded))
    beside = length <= 7 and bool(previous.units and _BESIDE.match(question.folded))
    leans = only_names or only_topic or why or same_meeting or its_awards or beside
    if not (_FOLLOW_UP.match(question.folded) or leans):
        return question
    taken: dict[str, object] = {"topics": question.topics or previous.topics}
    for name in (
        "units",
        "years",
        "years_said",
        "titles",
        "scorers",
        "provinces",
        "names",
        "documents",
        "statuses",
    ):
        if not getattr(question, name):
            taken[name] = getattr(previous, name)
    for name in ("period", "criterion", "moment"):
        if not getattr(question, name):
            taken[name] = getattr(previous, name)
    if not question.units and (
        question.strangers or (about_all and Topic.RANKING in question.topics)
    ):
        taken["units"] = ()
    if beside and question.units:
        taken["units"] = tuple(dict.fromkeys((*previous.units, *question.units)))
    # A follow-up with words of its own ("còn hồ sơ thì sao?") keeps only the subject of the one
    # before; one without keeps it whole.
    own = [w for w in question.folded.split() if w not in ASKING and not w.isdigit()]
    subject = ". ".join(t.name for t in previous.titles)
    if subject and own and not question.titles and not only_names:
        taken["accented"] = f"{question.accented} {subject}"
        taken["folded"] = f"{question.folded} {fold(subject)}"
        taken["whole"] = f"{question.whole} {subject}"
    else:
        taken["accented"] = f"{previous.accented} {question.accented}"
        taken["folded"] = f"{previous.folded} {question.folded}"
        taken["whole"] = f"{previous.whole} {question.whole}"
        taken["besides"] = f"{previous.besides} {question.besides}"
    taken["full_names"] = tuple(dict.fromkeys((*previous.full_names, *question.full_names)))
    taken["top"] = question.top or previous.top
    return question.model_copy(update=taken)
