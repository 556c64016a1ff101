"""Hits → evidence: which Điều, khoản or điểm answers the question, and how sure that is.

Search ranks the smallest passages. A cadre wants the clause that decides, whole: here hits of one
Điều are put together, the shape of the question (a list, a definition, a quantity) is weighed, and
the quote is chosen as large as it must be and no larger. What is sure is measured by things that can
be explained: which words of the question the clause holds, and whether the legs agree.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from bot.question import Question, in_full, recipient_of, recipients_in, titles_in
from bot.vocabulary import Title
from corpus import Document, Passage, Place, Record, fold, respell, syllables
from index import ASKING, Hit, Index, terms

_WHOLE_ARTICLE = 1800  # characters up to which an Điều is quoted whole
_WHOLE_CLAUSE = 2400
_OPENING = 200  # characters that hold what a definition defines
_NEAR = 0.90  # a passage this near to the best of its Điều is an answer of its own
_LIST = re.compile(
    r"gom nhung gi|gom gi|gom co|bao gom|co nhung .* nao|nhung .* nao$|nhung .* gi$|co may|cac .* la gi|"
    r"chi can|co phai|dung khong|tieu chuan|dieu kien|ho so (?:gom|can|co|xin|the nao)|liet ke|ke ten|nhu the nao|ra sao"
)
_NAMES = re.compile(r"gom nhung gi|gom gi|gom co|co nhung .* nao|co may|bao gom")
_OPENS_LIST = re.compile(r"\b(?:gom|gom co|bao gom|sau day|nhu sau)\s*:\s*$")
_DEFINITION = re.compile(
    r"^(?:the nao la|hieu the nao la|khai niem)\s+(?P<a>.+?)$|^(?P<b>.+?)\s+(?:la gi|duoc hieu|nghia la gi|la the nao|hieu nhu the nao)"
)
_SORTS = re.compile(r"(?:nhung|may|cac|bao nhieu) loai|loai nao|loai gi|ten goi")
_WHO = re.compile(r"\bai\b|\bco quan nao\b|\bcap nao\b")
_CHAIRMAN = re.compile(
    r"chu tich (?:uy ban nhan dan )?(?:cap )?(tinh|huyen|xa|phuong|dac khu|thanh pho)\b"
)
_COMMUNE = {"phuong": "xa", "dac khu": "xa", "thanh pho": "tinh"}
_ANNEX = re.compile(r"phu luc|\bmau\b|bieu|bang cham")
_STANDARDS = re.compile(r"tieu chuan|dieu kien|can gi|can nhung gi|phai dat")
# "… do UBND cấp tỉnh quy định": leaves the standards to another text instead of saying them.
_DELEGATES = re.compile(
    r"(?:quy dinh|huong dan)\b.{0,80}tieu chuan|tieu chuan.{0,120}\bdo .{3,80}quy dinh"
)
_DECIDES = re.compile(
    r"\bdo .{3,80}(?:quy dinh|quyet dinh|thanh lap)|(?:chu tich|thu tuong|bo truong|thu truong|nguoi dung dau).{0,80}(?:quyet dinh|quy dinh|xem xet)"
)
_QUANTITY = re.compile(
    r"\b(?:bao nhieu|may)\s+(phan tram|%|diem|nam|ngay|thang|lan|tien|phieu|bo|don vi|bang khen|co)\b|\b(bao lau)\b"
)
_UNITS = {
    "phan tram": r"\d\s*%|\d phan tram", "%": r"\d\s*%", "diem": r"\d+ diem", "nam": r"\d+ nam",
    "ngay": r"\d+ ngay|ngay \d+", "thang": r"\d+ thang", "lan": r"\d lan",
    "tien": r"lan muc luong|\d dong", "phieu": r"\d\s*%", "bo": r"\d+ bo", "don vi": r"\d+ don vi",
    "bang khen": r"\d+ bang khen", "co": r"\d+ co", "bao lau": r"\d+ (?:ngay|thang|nam|gio)",
}  # fmt: skip


class Evidence(Record):
    """One clause that may answer. ``place`` is what to quote; ``passages`` put together are it."""

    document: Document
    place: Place
    passages: tuple[Passage, ...]
    relevance: float  # comparable within one question
    coverage: float  # 0–1: share of the question's content, by rarity, that the Điều holds
    missing: tuple[str, ...] = ()  # what of the question the Điều does not speak of, in its order
    pairs: float = 0.0  # 0–1: the same share, of neighbouring words, that the clause holds
    nearness: float = 0.0  # of the nearest passage in meaning
    plain: bool = False  # the clause defines what is asked, or is about the very day that is named

    @property
    def sureness(self) -> float:
        """0–1: how likely it is that this clause answers the question.

        From what can be explained: the words covered, the pairs of words kept together, and the
        nearness in meaning. The weights are a logistic regression over some hundred answerable and
        unanswerable questions; benchmarks/refusals.py shows what they do.
        """
        if self.plain:
            return 1.0
        evidence = 5.4 * self.coverage + 3.9 * self.pairs + 6.5 * self.nearness - 4.1
        return 1 / (1 + math.exp(-evidence))

    @property
    def quote(self) -> str:
        """The clause word for word, as stored."""
        return "\n".join(passage.text for passage in self.passages)


def weigh(question: Question, hits: Sequence[Hit], index: Index, limit: int = 5) -> list[Evidence]:
    """The clauses that answer best, best first, at most ``limit``, one for each Điều."""
    scored = [(_shaped(hit, question), hit) for hit in hits]
    groups: dict[tuple[str, str, str, int], list[tuple[float, Hit]]] = defaultdict(list)
    for score, hit in scored:
        place = hit.passage.place
        groups[
            (
                hit.passage.document,
                place.part,
                place.article,
                place.paragraph if not place.article else 0,
            )
        ].append((score, hit))
    ranked = sorted(groups.values(), key=lambda group: -max(score for score, _ in group))
    return [_evidence(question, group, index) for group in ranked[:limit]]


def _shaped(hit: Hit, question: Question) -> float:
    """Relevance, raised where the passage has the shape that the question asks for."""
    score = hit.relevance
    text = fold(hit.passage.text)
    if _defines(question, hit):
        score += 0.5
    if match := _QUANTITY.search(question.folded):
        unit = match[1] or match[2]
        if re.search(_UNITS[unit], text):
            score += 0.08
    if _WHO.search(question.folded) and _DECIDES.search(text):
        score += 0.15
    if _of_that_day(question, hit):
        score += 0.25
    if hit.passage.place.part.startswith("Phụ lục") and not _ANNEX.search(question.folded):
        score -= 0.10  # forms repeat the words of the rules and decide nothing
    if _STANDARDS.search(question.folded) and not _WHO.search(question.folded):
        score -= 0.12 if _DELEGATES.search(text) else 0.0
    if offices := _offices(question.folded):
        held = _offices(fold(in_full(hit.passage.text)))
        score += 0.10 if offices & held else -0.15 if held else 0.0
    if question.titles:
        score += _title_agreement(question, hit)
    if asked := recipients_in(question.whole):
        held = recipient_of(hit.passage)
        score += 0.10 if asked & held else -0.20 if held else 0.0
    if _NAMES.search(question.folded) and _OPENS_LIST.search(text):
        score += 0.10
    heading = re.sub(r"^Điều \w+\.?", "", hit.passage.headings[-1] if hit.passage.headings else "")
    if _NAMES.search(question.folded) and _content(heading) == _content(question.whole):
        score += 0.4
    return score


def definitions(question: Question, index: Index, weight: Callable[[Document], float]) -> list[Hit]:
    """The clauses that open by saying what the thing asked for is, as hits.

    A definition is short and shares few words with the question, so search alone may miss it.
    """
    focuses = _defined(question)
    if not focuses:
        return []
    return [
        Hit(passage=passage, relevance=0.5, words=0.0, nearness=0.0)
        for passage in index.passages
        if passage.place.article
        and weight(index.documents[passage.document]) > 0
        and any(_opens_with(focus, fold(passage.text[:_OPENING])) for focus in focuses)
    ]


def _defined(question: Question) -> set[str]:
    """What a question wants defined, folded; empty when it asks for no definition."""
    match = _DEFINITION.search(question.folded)
    said = (match["a"] or match["b"] or "").strip(" ?") if match else ""
    return {said, _focus(said)} - {""}


def _defines(question: Question, hit: Hit) -> bool:
    """True when a passage opens by saying what the thing asked for is."""
    opening = fold(hit.passage.text[:_OPENING])
    return any(_opens_with(focus, opening) for focus in _defined(question))


def _opens_with(focus: str, text: str) -> bool:
    opening = rf"(?:\d+\w?\. |[a-z]\) )?[“\"]?{re.escape(focus)}[”\"]?(?: (?:la|gom|bao gom)\b|:)"
    return re.match(opening, text) is not None


def _of_that_day(question: Question, hit: Hit) -> bool:
    """True when a passage speaks of what came before the day that the question names."""
    return any(
        name.startswith("trước ngày") and fold(name) in fold(hit.passage.text)
        for name in question.full_names
    )


def _pairs(question: Question, passages: Sequence[Passage], index: Index) -> float:
    """How much of the question's neighbouring content words stand together in the clause too."""
    empty = ASKING | question.spent
    wanted = {t for t in terms(question.folded) if "_" in t and not set(t.split("_")) & empty}
    total = sum(map(index.words.rarity, wanted))
    if not total or not passages:
        return 0.0
    around = [*passages[0].headings, passages[0].lead, *(p.text for p in passages)]
    held = set(terms("\n".join(around)))
    return sum(index.words.rarity(term) for term in wanted & held) / total


def _offices(folded: str) -> frozenset[str]:
    """The levels whose chairman a text speaks of: the one of a commune is not the one of a province."""
    return frozenset(_COMMUNE.get(m[1], m[1]) for m in _CHAIRMAN.finditer(folded))


def _title_agreement(question: Question, hit: Hit) -> float:
    """ "Lao động tiên tiến" is not "Tập thể lao động tiên tiến", and a province's "Bằng khen" is not
    the Prime Minister's: kin are told apart by their names and levels."""
    asked = _by_family(question.titles)
    own = _by_family(titles_in(hit.passage.text))
    around = _by_family(titles_in("\n".join([*hit.passage.headings[-1:], hit.passage.lead])))
    for family, ranks in asked.items():
        # "Huân chương" speaks of the Huân chương Lao động too.
        for wider in [f for f in (*own, *around) if family.startswith(f"{f} ")]:
            for named in (own, around):
                if wider in named:
                    named.setdefault(family, named[wider])
        held = around.get(family) or own.get(family)
        if ranks and held and not ranks & held:
            return -0.15
    score = 0.05 if asked.keys() & around.keys() else 0.0
    if asked.keys() & own.keys():
        return score + 0.05
    if own and not score:
        return -0.10
    return -0.05 if len(own) == 1 and score else score


_STATE = frozenset({"chính phủ", "thủ tướng", "trung ương", "toàn quốc"})
_PROVINCE = frozenset({"tỉnh", "ubnd", "chủ tịch ubnd", "ủy ban nhân dân"})


def _by_family(titles: Sequence[Title]) -> dict[str, frozenset[str]]:
    """The ranks under which each family is named: one clause may name several."""
    found: dict[str, frozenset[str]] = {}
    for title in titles:
        found[title.family] = found.get(title.family, frozenset()) | _ranks(title)
    return found


def _ranks(title: Title) -> frozenset[str]:
    """The rank of office that a title names: of the state, of a province or ministry, or other."""
    ranks = {"state" if n in _STATE else "province" if n in _PROVINCE else n for n in title.levels}
    return frozenset(ranks)


def _families(texts: Sequence[str]) -> set[str]:
    return {title.family for text in texts for title in titles_in(text)}


def _focus(words: str) -> str:
    return re.sub(r"^(?:cac|nhung|danh hieu|theo luat|trong luat)\s+", "", words).strip(' ,:“”"')


def _content(text: str) -> frozenset[str]:
    """The words of a text that carry its content, with their accents: "sổ đỏ" is not "số do"."""
    words = (w.lstrip("0") or "0" for w in syllables(respell(text).lower()))
    return frozenset(w for w in words if fold(w) not in ASKING)


def _evidence(question: Question, group: list[tuple[float, Hit]], index: Index) -> Evidence:
    group = sorted(group, key=lambda scored: -scored[0])
    best_score, best = group[0]
    document = index.documents[best.passage.document]
    place = _quoted_place(question, group, index)
    passages = tuple(index.within(document.path, place))
    coverage, missing = _coverage(question, best.passage, document, index)
    return Evidence(
        document=document,
        place=place,
        passages=passages,
        relevance=best_score,
        coverage=coverage,
        missing=missing,
        pairs=_pairs(question, passages, index),
        nearness=max(hit.nearness for _, hit in group),
        plain=_defines(question, best) or _of_that_day(question, best),
    )


def _quoted_place(question: Question, group: list[tuple[float, Hit]], index: Index) -> Place:
    """How much of the Điều to quote: the point, the clause, or the whole."""
    best_score, best = group[0]
    place = best.passage.place
    if not place.article:
        return place
    article = Place(part=place.part, article=place.article)
    near = [hit.passage.place for score, hit in group if score >= _NEAR * best_score]
    clause = article.model_copy(update={"clause": place.clause})
    lists = bool(_LIST.search(question.folded))
    whole = _length(index, best.passage.document, article)
    if not place.clause and not place.point:
        return article if whole <= _WHOLE_ARTICLE else place
    if len({p.clause for p in near if p.clause}) > 1 and whole <= _WHOLE_ARTICLE and lists:
        return article
    opens_article = best.passage.lead.split("\n")[0].endswith(":") and (
        not place.point or index.within(best.passage.document, article)[0].text.endswith(":")
    )
    if lists and place.clause and opens_article and whole <= _WHOLE_ARTICLE:
        # "… khi đạt các tiêu chuẩn sau đây:" opens the whole Điều; one khoản of it decides nothing.
        return article
    if not place.clause:
        return article if len(near) > 1 and whole <= _WHOLE_ARTICLE else place
    if not place.point and not place.paragraph:
        return clause
    asked = {title.family for title in question.titles}
    if len(asked) > 1 and not asked <= _families([best.passage.text]):
        together = [p.text for p in index.within(best.passage.document, clause)]
        if asked <= _families(together) and sum(map(len, together)) <= _WHOLE_CLAUSE:
            return clause
    if (lists or len({p.point for p in near if p.clause == place.clause}) > 1) and _length(
        index, best.passage.document, clause
    ) <= _WHOLE_CLAUSE:
        return clause
    return place


def _length(index: Index, document: str, place: Place) -> int:
    return sum(len(passage.text) for passage in index.within(document, place))


def _said(question: Question, held: frozenset[str]) -> bool:
    """True when the text says in its own words what the question says in a cadre's."""
    return any(_content(name) <= held for name in question.full_names)


def _coverage(
    question: Question, passage: Passage, document: Document, index: Index
) -> tuple[float, tuple[str, ...]]:
    place = passage.place
    around = Place(
        part=place.part, article=place.article, paragraph=0 if place.article else place.paragraph
    )
    text = [p.text for p in index.within(document.path, around)]
    whole = "\n".join([document.title, document.number, *passage.headings, *text])
    held = _content(whole) | _content(in_full(whole))
    wanted = frozenset(w for w in _content(question.whole) if fold(w) not in question.spent)
    if (asked := _QUANTITY.search(question.folded)) and re.search(
        _UNITS[asked[1] or asked[2]], fold(whole)
    ):
        # "Bao nhiêu phần trăm" is answered by "70%": the number stands for the words that ask for it.
        wanted = frozenset(w for w in wanted if fold(w) not in asked[0].split())
    sorts = " ".join(_SORTS.findall(question.folded)).split()
    wanted = frozenset(w for w in wanted if fold(w) not in sorts)
    rarity = {word: index.words.rarity(fold(word)) for word in wanted}
    total = sum(rarity.values())
    if not total:
        return 0.0, ()
    wanted_by_synonym = question.covered if _said(question, held) else frozenset()
    lacking = {w for w in wanted - held if fold(w) not in wanted_by_synonym}
    return 1 - sum(rarity[word] for word in lacking) / total, phrases(question, lacking)


def phrases(question: Question, words: Collection[str]) -> tuple[str, ...]:
    """Some words of the question as a cadre would say them: "đảng viên", where only "viên" is lacking."""
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
    phrases = []
    for run in runs:
        first, last = run[0], run[-1]
        if first == last:
            # One syllable is half a Vietnamese word: its neighbour, mostly the one before, is the rest.
            if first and fold(said[first - 1]) not in empty:
                first -= 1
            elif last + 1 < len(said) and fold(said[last + 1]) not in empty:
                last += 1
        phrases.append(" ".join(said[first : last + 1]))
    return tuple(dict.fromkeys(phrases))
