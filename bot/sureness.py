"""How sure it is that a clause answers a question, from signs that can be explained.

A cosine alone does not tell an answer from a near miss. What does: which words of the question the
clause and its Điều hold, whether they stand together there, whether the clause has the number that
is asked for and the name that is asked about, and how near it is in meaning.
"""

import functools
import itertools
import math
import re
from collections.abc import Callable, Collection, Sequence

from bot.question import Question, in_full, titles_in
from bot.vocabulary import EVERYDAY, kind_of
from corpus import Document, Passage, Place, Record, fold, respell, syllables
from index import ASKING, Hit, Index, proper_names, slipped, terms

_SORTS = re.compile(r"(?:nhung|may|cac|bao nhieu) loai|loai nao|loai gi|ten goi")
_QUANTITY = re.compile(
    r"\b(?:bao nhieu|may)\s+(%|(?:phan tram|diem|nam|ngay|thang|lan|tien|dong|phieu|bo|don vi|bang khen|co)\b)|\b(bao lau)\b"
    r"|\b(han (?:cuoi|chot|nop)|cham nhat|(?:bao gio|khi nao|luc nao|ngay nao) (?:thi |phai |can ){0,2}(?:nop|gui|trinh))\b"
)
# "Thưởng bao nhiêu", where no other unit is named: "khen thưởng trong bao nhiêu ngày".
_PRICED = re.compile(r"\b(thuong|phu cap|tro cap|boi duong|cong tac phi|le phi)\b.*\bbao nhieu\b")
_SUM = r"lan muc luong|(?:\d|nghin|trieu|ty) dong"
_UNITS = {
    "phan tram": r"\d\s*%|\d phan tram", "%": r"\d\s*%", "diem": r"\d+ diem", "nam": r"\d+ nam",
    "ngay": r"\d+ ngay|ngay \d+", "thang": r"\d+ thang", "lan": r"\d lan",
    "phieu": r"\d\s*%", "bo": r"\d+ bo", "don vi": r"\d+ don vi",
    "bang khen": r"\d+ bang khen", "co": r"\d+ co", "bao lau": r"\d+ (?:ngay|thang|nam|gio)",
    **dict.fromkeys(
        ("tien", "dong", "thuong", "phu cap", "tro cap", "boi duong", "cong tac phi", "le phi"), _SUM
    ),
}  # fmt: skip
# "Cần bao nhiêu sáng kiến": the thing that is counted stands after its number in the text.
_COUNTED = re.compile(
    r"(?:can|phai|du|dat|duoc|toi da|toi thieu|khong qua|it nhat|co it nhat)\b.{0,20}\b(?:bao nhieu|may) (\w{2,}(?: \w{2,})?)"
)
_OF_WHAT = re.compile(
    r"(?:bao nhieu|may) (?:nam|thang|ngay) (cong tac|giang day|kinh nghiem|phuc vu|cong hien|hoat dong)\b"
)
# "Cho em xin mẫu báo cáo thành tích": only what names a form tells of it.
_FORM_WANTED = re.compile(r"\b(?:xin|cho|gui|tai|lay)\b.{0,20}\bmau\b(?! so)")
_DEADLINE = r"ngay \d|truoc ngay|(?:cham|muon) nhat|\b\d{1,2}/\d{1,2}\b"
_FIELD = re.compile(
    r"thi dua|khen|danh hieu|bang khen|giay khen|huan chuong|huy chuong|ky niem chuong|chien si|lao dong"
    r"|tien tien|co thi dua|gia dinh van hoa|anh hung|giai thuong|truy tang|duoc tang|xet tang|trao tang|tieu bieu"
    r"|(?:nha giao|thay thuoc|nghe si|nghe nhan) (?:nhan dan|uu tu)|sang kien|khoi|cum|so ket|tong ket|diem|xep hang|hoi dong|luat|nghi dinh|thong tu"
    r"|dieu \d|ho so|tien thuong|luong co so|quy che|quyet dinh|xet tang|binh xet|phong trao|thanh tich|tap the|van ban|ban hanh"
)
# The sector that somebody asks about.
_SECTOR = re.compile(r"\bngành ((?!này|nào|mình|em|tôi|ta\b)[^\W\d_]+)", re.I)
# The name of a title that is asked about, up to a word that no name has.
_NO_NAME = (
    r"(?:thi đua|vinh dự|nhà nước|nào|gì|là|cho|của|các|những|này|đó|gồm|cần|phải|được|bị|có|kèm|thì|do|ở|tại|trong|khi|theo|với"
    r"|mà|không|chưa|mấy|bao|năm|tiêu chuẩn|riêng|xét|và|hay|hoặc|từ|đã|ấy|trên|mức|tiền|hồ sơ|cấp|hạng|lần|cao|nhất|quý|trước|sau"
    r"|về|như|đến|đề nghị|trao|tặng|dành|để|rồi|thế|vừa)\b"
)
_TITLED = re.compile(
    rf"\b(?:danh hiệu|huy hiệu|kỷ niệm chương|giải thưởng)\s+[“\"]?((?:(?!{_NO_NAME})[^\W\d_]+\b\s*){{2,7}})",
    re.I,
)
# A clause on all medals names none of them, so the name of one need only stand somewhere.
_MEDAL = re.compile(
    rf"\b((?:huân|huy) chương)\s+[“\"]?((?!{_NO_NAME})[^\W\d_]+(?: (?!{_NO_NAME})[^\W\d_]+){{1,3}})",
    re.I,
)
# What a question is asked with, folded; a particle only where there is no other. Most of what decides
# stands no further from it than so many words.
_QUESTION_WORDS = frozenset("nhieu may ai gi nao dau sao lau".split())
_PARTICLES = frozenset("khong chua chu nhi ha".split())
_AROUND = 8
_NO_FOCUS = 0.6  # where no word of weight stands there
# Weights of the signs below: a logistic regression over the questions that benchmarks/adapter.py names.
_WEIGHTS = {
    "coverage": 2.37, "focus": 1.83, "pairs": 0.71, "nearness": 10.93, "field": 1.08,
    "unmeasured": -1.77, "unnamed": -0.85, "apart": -0.04, "length": 0.08, "ahead": 2.14,
    "titled": -0.04, "agreement": 1.00,
}  # fmt: skip
_BIAS = -7.13

# The same for an encoder that index/adapter.py has nothing for, learned with the bundled one as it comes.
_BARE_WEIGHTS = {
    "coverage": 2.65, "focus": 2.0, "pairs": 0.65, "nearness": 4.2, "field": 1.5, "unmeasured": -2.0,
    "unnamed": -2.0, "apart": -0.3, "length": 0.15, "ahead": 4.0, "titled": 0.45,
}  # fmt: skip
_BARE_BIAS = -5.6


class Signs(Record):
    """What speaks for and against one clause as the answer to one question."""

    coverage: float  # 0–1: share of the question's content, by rarity, that the Điều holds
    focus: float = (
        _NO_FOCUS  # 0–1: share of the words around the question word that the clause holds
    )
    missing: tuple[str, ...] = ()  # what of the question the Điều does not speak of, in its order
    pairs: float = 0.0  # 0–1: the same share, of neighbouring words, that the clause holds
    apart: int = 0  # how many neighbouring words of the question the clause does not hold as such
    nearness: float = 0.0  # in meaning; index.Hit says how it is measured
    agreement: float | None = (
        None  # how well question and clause go together, as learned, in log odds
    )
    field: bool = False  # the question speaks of this field
    unmeasured: bool = False  # a number is asked for, and the clause has none of that sort
    unnamed: bool = False  # a name is asked about, and the clause does not say it
    length: int = 0  # words of the question
    ahead: float = 0.0  # relevance above that of the best other Điều; below 0 for one behind it
    titled: bool = False  # the question names a title or form of award of this field
    plain: bool = (
        False  # it defines what is asked, lists it, or is about the very day that is named
    )

    @property
    def sureness(self) -> float:
        """0–1: how likely it is that the clause answers the question."""
        if self.plain:
            return 1.0
        learned = self.agreement is not None
        weights, bias = (_WEIGHTS, _BIAS) if learned else (_BARE_WEIGHTS, _BARE_BIAS)
        evidence = bias + sum(w * float(getattr(self, name)) for name, w in weights.items())
        return 1 / (1 + math.exp(-evidence))


def signs(
    question: Question,
    best: Passage,
    quoted: Sequence[Passage],
    nearest: Hit,
    plain: bool,
    index: Index,
) -> Signs:
    """The signs of the clause ``quoted``, of whose Điều ``best`` is the passage that was found and
    ``nearest`` the one that is nearest in meaning."""
    document = index.documents[best.document]
    coverage, missing = _coverage(question, best, document, index)
    text = "\n".join([*best.headings[-1:], best.lead, *(p.text for p in quoted)])
    pairs, apart = _pairs(question, text, index)
    pattern = measure(question)
    anothers = bool(pattern) and _of_another_title(question, text)
    return Signs(
        coverage=coverage,
        missing=missing,
        focus=_focus(question, best, text),
        pairs=pairs,
        apart=apart,
        nearness=nearest.nearness,
        agreement=nearest.agreement,
        field=of_field(question),
        unmeasured=anothers or (bool(pattern) and not re.search(pattern, fold(text))),
        unnamed=anothers
        or _unnamed(question, "\n".join([text, *best.headings, document.title]))
        or _unheard(question, index),
        length=len(question.folded.split()),
        titled=bool(question.titles),
        plain=plain,
    )


def of_field(question: Question) -> bool:
    """True when a question has a word of thi đua, khen thưởng, or names what is held."""
    named = question.documents or question.units or "thưởng" in question.whole
    return bool(named or _FIELD.search(question.folded))


def _quantity(question: Question) -> re.Match[str] | None:
    """The words that ask for a number of some sort."""
    return _QUANTITY.search(question.folded) or _PRICED.search(question.folded)


def measure(question: Question) -> str:
    """What the number that a question asks for looks like in a text, as a pattern; "" for none."""
    match = _quantity(question)
    if match is None and _FORM_WANTED.search(question.folded):
        return r"\bmau so \d"
    if match is None:
        counted = _COUNTED.search(question.folded)
        word = counted[1].split()[0] if counted else ""
        return rf"\d+ {word}\b" if word and word not in ASKING else ""
    number = _UNITS.get(next(part for part in match.groups() if part), _DEADLINE)
    # "Bao nhiêu năm công tác" is not answered by "03 năm một lần".
    of = _OF_WHAT.match(question.folded, match.start())
    return rf"(?s)^(?=.*\b{of[1]}\b).*?(?:{number})" if of else number


def content(text: str) -> frozenset[str]:
    """The words of a text that carry its content, with their accents: "sổ đỏ" is not "số do"."""
    words = (w.lstrip("0") or "0" for w in syllables(respell(text).lower()))
    return frozenset(w for w in words if fold(w) not in ASKING)


def _words(text: str) -> frozenset[str]:
    """The content of a text whose abbreviations may be asked about as written or in full."""
    return content(text) | content(in_full(text))


def content_asked(question: Question) -> frozenset[str]:
    """The words that carry what a question asks, less those understood as a year or a document."""
    return frozenset(w for w in content(question.whole) if fold(w) not in question.spent)


def phrases(
    question: Question,
    words: Collection[str],
    known: Callable[[str], bool] = lambda pair: False,
) -> tuple[str, ...]:
    """Some words of the question as a cadre would say them: "đảng viên", where only "viên" is lacking.

    ``known`` tells whether two folded neighbours ("doanh_nhan") stand together anywhere.
    """
    said = syllables(respell(question.whole).lower())
    empty = ASKING | question.spent
    runs: list[list[int]] = []
    for place, word in enumerate(said):
        if word not in words:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    found = []
    for run in runs:
        first, last = run[0], run[-1]
        if first == last:
            # One syllable is half a Vietnamese word: its neighbour, mostly the one before, is the rest.
            before = first > 0 and fold(said[first - 1]) not in empty
            after = last + 1 < len(said) and fold(said[last + 1]) not in empty
            if before and after:
                pairs = [
                    f"{fold(a)}_{fold(b)}"
                    for a, b in itertools.pairwise(said[first - 1 : last + 2])
                ]
                before = known(pairs[0]) or not known(pairs[1])
            if before:
                first -= 1
            elif after:
                last += 1
        found.append(" ".join(said[first : last + 1]))
    return tuple(dict.fromkeys(found))


def _unnamed(question: Question, text: str) -> bool:
    names = [*proper_names(question.text)]
    asked = in_full(question.accented)
    names += [m[1] for m in _SECTOR.finditer(asked)]
    names += [m[1].strip() for m in _TITLED.finditer(asked)]
    held = fold(f"{text}\n{in_full(text)}")
    return any(fold(in_full(name)) not in held and fold(name) not in held for name in names)


def _of_another_title(question: Question, text: str) -> bool:
    """True when a clause names titles, and none that is asked about nor the kind of one: the last day
    for a Cờ thi đua is not that for a Huân chương."""
    held = {title.family for title in titles_in(text)}
    asked = {title.family for title in question.titles}
    if not held or not asked or any(kind_of(t) in text.lower() for t in question.titles):
        return False
    return not any(
        a == h or a.startswith(f"{h} ") or h.startswith(f"{a} ") for a in asked for h in held
    )


def _unheard(question: Question, index: Index) -> bool:
    """True when a medal is asked about that no text of the library names."""
    named = ([sort, *name.split()[:2]] for sort, name in _medals(question.accented))
    return any(not index.holding(" ".join(words)) for words in named)


@functools.lru_cache(maxsize=64)  # the same for every clause that is weighed for a question
def _medals(asked: str) -> tuple[tuple[str, str], ...]:
    """The medals that a question names: "huân chương", "độc lập"."""
    named = _MEDAL.findall(in_full(asked).lower())
    return tuple((sort, name) for sort, name in named if not EVERYDAY & set(name.split()[:2]))


def _pairs(question: Question, text: str, index: Index) -> tuple[float, int]:
    """How much of the question's neighbouring content words stand together in a text too, and how
    many of them do not."""
    empty = ASKING | question.spent
    wanted = {t for t in terms(question.folded) if "_" in t and not set(t.split("_")) & empty}
    total = sum(map(index.words.rarity, wanted))
    if not total:
        return 0.0, 0
    held = set(terms(text))
    return sum(index.words.rarity(t) for t in wanted & held) / total, len(wanted - held)


def _said(question: Question, held: frozenset[str]) -> bool:
    """True when the text says in its own words what the question says in a cadre's."""
    return any(content(name) <= held for name in question.full_names)


def _of_kinds_in(question: Question, text: str) -> frozenset[str]:
    """The words, folded, of the titles asked about whose kind a clause speaks of as a whole: what is
    said of every "danh hiệu thi đua" is said of "lao động tiên tiến", and of "huân chương" of each."""
    low = text.lower()
    kinds = [t.name for t in question.titles if t.family not in low and kind_of(t) in low]
    # "Được tặng huân chương, huy chương": of that sort all, and none by its name.
    kinds += [
        name
        for sort, name in _medals(question.accented)
        if name not in low and re.search(rf"\b(?i:{sort})(?! [“A-ZĐ])", text)
    ]
    return frozenset(fold(word) for name in kinds for word in name.split())


def _coverage(
    question: Question, passage: Passage, document: Document, index: Index
) -> tuple[float, tuple[str, ...]]:
    place = passage.place
    around = Place(
        part=place.part, article=place.article, paragraph=0 if place.article else place.paragraph
    )
    text = [p.text for p in index.within(document.path, around)]
    whole = "\n".join([document.title, document.number, document.issuer, *passage.headings, *text])
    held = _words(whole)
    wanted = content_asked(question) - _measured(question, whole)
    sorts = " ".join(_SORTS.findall(question.folded)).split()
    wanted = frozenset(w for w in wanted if fold(w) not in sorts)
    rarity = {word: index.words.rarity(fold(word)) for word in wanted}
    total = sum(rarity.values())
    if not total:
        return 0.0, ()
    lacking = _lacking(question, wanted, held, passage)
    share = 1 - sum(rarity[word] for word in lacking) / total
    # What people only tell with is not what a text must be added for, where there is more.
    return share, phrases(question, (lacking - EVERYDAY) or lacking, index.words.knows)


def _focus(question: Question, passage: Passage, text: str) -> float:
    """The share of the words of weight around the word that asks which a clause, ``text``, holds.

    "Bằng khen tỉnh có bị tính thuế không?" has all but its focus in a clause on that Bằng khen.
    """
    said = [word.lstrip("0") or "0" for word in syllables(respell(question.whole).lower())]
    folded = [fold(word) for word in said]
    asking = [i for i, word in enumerate(folded) if word in _QUESTION_WORDS]
    asking = asking or [i for i, word in enumerate(folded) if word in _PARTICLES] or [len(said)]
    around = said[max(asking[-1] - _AROUND, 0) : asking[-1] + _AROUND + 1]
    wanted = (frozenset(around) & content_asked(question)) - EVERYDAY - _measured(question, text)
    if not wanted:
        return _NO_FOCUS
    held = _words(text)
    return 1 - len(_lacking(question, wanted, held, passage)) / len(wanted)


def _measured(question: Question, text: str) -> frozenset[str]:
    """The words of "bao nhiêu phần trăm" where a text has such a number: "70%" stands for them."""
    asked = _quantity(question)
    if not asked or not re.search(measure(question), fold(text)):
        return frozenset()
    words = set(asked[0].split())
    return frozenset(w for w in content(question.whole) if fold(w) in words)


def _lacking(
    question: Question, wanted: frozenset[str], held: frozenset[str], passage: Passage
) -> set[str]:
    """Of the words ``wanted`` those for which a text with the words ``held`` has none of its own."""
    otherwise = question.covered if _said(question, held) else frozenset()
    otherwise |= _of_kinds_in(question, passage.text)
    lacking = {w for w in wanted - held if fold(w) not in otherwise}
    if lacking:
        folded = frozenset(map(fold, held))
        lacking = {w for w in lacking if not slipped(fold(w), folded)}
    return lacking
