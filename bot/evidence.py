"""Hits → evidence: which Điều, khoản or điểm answers the question, and how sure that is.

Search ranks the smallest passages. A cadre wants the clause that decides, whole: here hits of one
Điều are put together, the shape of the question (a list, a definition, a quantity) is weighed, and
the quote is chosen as large as it must be and no larger.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.question import Question, Topic, in_full, recipient_of, recipients_in, titles_in
from bot.sureness import Signs, content, content_asked, measure, signs
from bot.vocabulary import EVERYDAY, Title
from corpus import Document, Passage, Place, Record, fold
from index import Hit, Index

_WHOLE_ARTICLE = 1800  # characters up to which an Điều is quoted whole
_WHOLE_CLAUSE = 2400
_OPENING = 200  # characters that hold what a definition defines
_SURE = 0.15  # what sureness is worth beside relevance, both 0–1
_TITLE_SAYS = 0.06  # what an Điều gains whose heading says all that is asked, and nothing else
_SORT = frozenset({"loại", "những", "các"})  # what "có mấy loại huân chương" adds to "Huân chương"
_MORE = 3  # Điều that are looked at beyond those that are given
_MOST = 0.8  # share of what a khoản says of the question that one điểm of it must say to be enough
_SPEAKS = 0.6  # a passage of the same Điều this near to its best speaks of the same matter
_NEAR = 0.90  # a passage this near to the best of its Điều is an answer of its own
_LIST = re.compile(
    r"gom nhung gi|gom gi|gom co|bao gom|co nhung .* nao|nhung .* nao$|nhung .* gi$|co may|cac .* la gi|"
    r"chi can|co phai|dung khong|(?:thi|can|phai) (?:gi|nhung gi|lam gi|dat gi|lam sao|the nao)|can phai|muon (?:duoc|dat)|de (?:duoc|dat)|tieu chuan|dieu kien|ho so (?:gom|can|co|xin|the nao)|liet ke|ke ten|nhu the nao|ra sao"
)
_NAMES = re.compile(
    r"gom nhung gi|gom gi|gom co|gom$|gom nhung|co nhung .* nao|co may|bao gom|liet ke|ke ten|(?:bao nhieu|may) (?:loai|hinh thuc|danh hieu|hang)"
)
# A yes or no is decided by the narrowest clause that speaks of what is asked.
_YES_NO = re.compile(
    r"chi can|co phai|(?:dung|phai|duoc) khong|co duoc .*khong|co can .*khong|nhat thiet"
)
_OPENS_LIST = re.compile(r"\b(?:gom|gom co|bao gom|sau day|nhu sau)\s*:\s*$")
_AMOUNT_OF = re.compile(r"\b(?:la|bang|o muc|muc) (?:bao nhieu|may)\b")
_AMOUNT = re.compile(r"((?:\S+ ){3,9})(?:la|bang) \d")
_DEFINITION = re.compile(
    r"^(?:the nao la|hieu the nao la|khai niem)\s+(?P<a>.+?)$|\bdinh nghia (?:ve )?(?P<d>.+?)(?: (?:the nao|la gi|nhu the nao|ra sao))?\W*$|^(?P<b>.+?)\s+(?:la gi|duoc hieu|nghia la gi|la the nao|hieu nhu the nao)"
    r"|^(?:(?:cum )?tu |thuat ngu )?[“\"](?P<c>[^”\"]+)[”\"].*\b(?:la|gom|nghia|hieu|chi)\b"
)
# Who decides; "cho ai" and "ai được tặng" ask who receives.
_WHO = re.compile(r"(?<!cho )(?<!nhung )\bai\b(?! (?:duoc|du) )|\bco quan nao\b|\bcap nao\b")
_OFFICE = re.compile(
    r"(?:chu tich|hoi dong) (?:uy ban nhan dan |thi dua,? ?-? ?khen thuong )?((?:(?:cap )?(?:trung uong|bo|tinh|huyen|xa|phuong|dac khu|thanh pho|co so)\b(?:, | va )?)+)"
)
_LEVEL = re.compile(r"trung uong|bo|tinh|huyen|xa|phuong|dac khu|thanh pho|co so")
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
# What an Điều can be about besides a title itself: as a heading says it, as a question does.
_ASPECTS = tuple(
    (re.compile(heading), re.compile(asked))
    for heading, asked in (
        (r"\bho so\b", r"ho so|giay to|to trinh|thu tuc|\bnop\b|\bgui\b"),
        (r"huy bo|thu hoi|tuoc", r"huy|thu hoi|tuoc|rut|tra lai|phuc hoi|doi lai"),
        (
            r"^dieu \w+\.? tham quyen",
            r"\bai\b|tham quyen|co quan nao|cap nao|quyet dinh|\bky\b|(?:duoc|co) quyen",
        ),
    )
)
_DOSSIER = re.compile(r"ho so.*(?:gom|gi\b|nao|may bo|bao nhieu bo|the nao|ra sao)")
_MONEY = re.compile(r"tien thuong|duoc thuong|muc thuong|tang pham")


# Who lays down a rule is one thing, who grants a title another.
_RULES = re.compile(r"quy dinh|ban hanh|huong dan|\bdinh\b|thanh lap|\blap\b|chi dao")
_GRANTS = re.compile(
    r"quyet dinh|tham quyen(?! quan ly)|(?:chu tich|thu tuong|bo truong|thu truong|nguoi dung dau).{0,80}(?:trao|ky|xem xet|chi)"
)


class Evidence(Record):
    """One clause that may answer. ``place`` is what to quote; ``passages`` put together are it."""

    document: Document
    place: Place
    passages: tuple[Passage, ...]
    relevance: float  # comparable within one question
    signs: Signs

    @property
    def around(self) -> tuple[str, ...]:
        """What a reader needs to understand the clause: the heading of its Điều, and the words that
        open the list that it is a part of; () where the quote has them itself."""
        if not self.place.article:
            return ()
        first = self.passages[0]
        texts = (*first.headings[-1:], *first.lead.split("\n"))
        return tuple(dict.fromkeys(text for text in texts if text and text not in self.quote))

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
    found = [_evidence(question, group, index) for group in ranked[: limit + _MORE]]
    # What speaks of all of the question may stand below what only repeats its commonest words.
    found.sort(key=lambda e: -(e.relevance + _SURE * e.signs.sureness))
    return [_ahead(evidence, found) for evidence in found[:limit]]


def _ahead(evidence: Evidence, found: Sequence[Evidence]) -> Evidence:
    """``evidence`` with how far it is ahead of the others."""
    others = [other.relevance for other in found if other is not evidence]
    ahead = evidence.relevance - max(others, default=0.0)
    return evidence.model_copy(update={"signs": evidence.signs.model_copy(update={"ahead": ahead})})


def _shaped(hit: Hit, question: Question) -> float:
    """Relevance, raised where the passage has the shape that the question asks for."""
    score = hit.relevance
    text = fold(hit.passage.text)
    if _defines(question, hit):
        score += 0.5
    if (number := measure(question)) and re.search(number, text):
        score += 0.14
    if _WHO.search(question.folded):
        deciding = _DECIDES if _RULES.search(question.folded) else _GRANTS
        score += 0.15 if deciding.search(text) else -0.05
    if _of_that_day(question, hit):
        score += 0.25
    if _AMOUNT_OF.search(question.folded) and _gives_amount(question, text):
        score += 0.4
    if hit.passage.place.part.startswith(("Phụ lục", "Mẫu", "Biểu")) and not _ANNEX.search(
        question.folded
    ):
        score -= 0.10  # forms repeat the words of the rules and decide nothing
    if _asks_standards(question):
        score -= 0.12 if _DELEGATES.search(text) else 0.0
    # Of a title's standards, "của Chủ tịch UBND tỉnh" is a part of its name.
    if (offices := _offices(question.folded)) and not _asks_standards(question):
        held = _offices(fold(in_full(hit.passage.text)))
        score += 0.10 if offices & held else -0.15 if held else 0.0
    if question.titles:
        score += _title_agreement(question, hit)
    if asked := recipients_in(question.whole):
        held = recipient_of(hit.passage)
        score += 0.10 if asked & held else -0.20 if held else 0.0
    listing = _lists(question, hit)
    if listing and (text.endswith(":") or hit.passage.lead.endswith(":")):
        score += 0.3
    elif _NAMES.search(question.folded) and _OPENS_LIST.search(text):
        score += 0.1
    score += _aspect_agreement(question, hit, text)
    if listing:
        return score + 0.4
    about, asked_about = _about(question, hit)
    if about:
        score += _TITLE_SAYS * len(about & asked_about) / len(about | asked_about)
    return score


def _about(question: Question, hit: Hit) -> tuple[frozenset[str], frozenset[str]]:
    """What the heading of a passage is about, and what the question is: words of weight."""
    heading = hit.passage.headings[-1] if hit.passage.headings else ""
    about = content(re.sub(r"^Điều \w+\.?", "", heading)) - _SORT
    return about, content_asked(question) - _SORT - EVERYDAY


def _lists(question: Question, hit: Hit) -> bool:
    """True when a list is asked for and a passage stands under a heading that says just that."""
    if not _NAMES.search(question.folded):
        return False
    about, asked_about = _about(question, hit)
    return bool(about) and about == asked_about


def _aspect_agreement(question: Question, hit: Hit, text: str) -> float:
    """A title has its standards, its dossier, its money and who decides on it, each in an Điều of
    its own: what a heading is about must be what is asked."""
    heading = fold(hit.passage.headings[-1]) if hit.passage.headings else ""
    score = 0.0
    for said, asked in _ASPECTS:
        if said.search(heading):
            score += 0.05 if asked.search(question.folded) else -0.10
    if _DOSSIER.search(question.folded) and "ho so" not in f"{heading} {text}":
        score -= 0.15
    if Topic.MONEY in question.topics and not _MONEY.search(f"{heading} {text}"):
        score -= 0.20
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
        for passage in {
            (p.document, p.order): p for f in focuses for p in index.holding(f)
        }.values()
        if passage.place.article
        and weight(index.documents[passage.document]) > 0
        and any(_opens_with(focus, fold(passage.text[:_OPENING])) for focus in focuses)
    ]


def _defined(question: Question) -> set[str]:
    """What a question wants defined, folded; empty when it asks for no definition."""
    match = _DEFINITION.search(question.folded)
    said = (match["a"] or match["b"] or match["c"] or match["d"] or "").strip(" ?") if match else ""
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


def _asks_standards(question: Question) -> bool:
    return bool(_STANDARDS.search(question.folded)) and not _WHO.search(question.folded)


def _gives_amount(question: Question, text: str) -> bool:
    """True when a text says "… là 5" of what the question asks "… là bao nhiêu?" of."""
    asked = f" {question.folded} "
    said = (match[1].split() for match in _AMOUNT.finditer(text))
    return any(f" {' '.join(w[i : i + 3])} " in asked for w in said for i in range(len(w) - 2))


def _offices(folded: str) -> frozenset[str]:
    """The levels whose chairman or council a text speaks of: a commune's is not a province's."""
    levels = (level for m in _OFFICE.finditer(folded) for level in _LEVEL.findall(m[1]))
    return frozenset(_COMMUNE.get(level, level) for level in levels)


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
        # Named in passing, where the Điều is about another title.
        return score + 0.05 if score or not around else -0.05
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


def _evidence(question: Question, group: list[tuple[float, Hit]], index: Index) -> Evidence:
    group = _with_number_first(question, sorted(group, key=lambda scored: -scored[0]))
    best_score, best = group[0]
    document = index.documents[best.passage.document]
    place = _quoted_place(question, group, index)
    passages = tuple(index.within(document.path, place))
    plain = any(is_so(question, best) for is_so in (_defines, _of_that_day, _lists))
    nearest = max((hit for _, hit in group), key=lambda hit: hit.nearness)
    return Evidence(
        document=document,
        place=place,
        passages=passages,
        relevance=best_score,
        signs=signs(question, best.passage, passages, nearest, plain, index),
    )


def _with_number_first(
    question: Question, group: list[tuple[float, Hit]]
) -> list[tuple[float, Hit]]:
    """The passages of one Điều, best first: one that has the number asked for before one that only
    speaks of the matter."""
    number = measure(question)
    if not number or re.search(number, fold(group[0][1].passage.text)):
        return group
    for scored in group:
        if scored[0] >= _SPEAKS * group[0][0] and re.search(number, fold(scored[1].passage.text)):
            return [(group[0][0], scored[1]), *(other for other in group if other is not scored)]
    return group


def _quoted_place(question: Question, group: list[tuple[float, Hit]], index: Index) -> Place:
    """How much of the Điều to quote: the point, the clause, or the whole."""
    best_score, best = group[0]
    place = best.passage.place
    if not place.article:
        return place
    article = Place(part=place.part, article=place.article)
    near = [hit.passage.place for score, hit in group if score >= _NEAR * best_score]
    clause = article.model_copy(update={"clause": place.clause})
    lists = bool(_LIST.search(question.folded)) and not (
        _WHO.search(question.folded) or measure(question)
    )
    whole = _length(index, best.passage.document, article)
    if not place.clause and not place.point:
        return article if whole <= _WHOLE_ARTICLE else place
    if place.clause and _NAMES.search(question.folded):
        opening = index.within(best.passage.document, clause)[0].text
        if _OPENS_LIST.search(fold(opening)):
            return clause
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
    if place.point and _decides_alone(question, best, group, index):
        return place
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


def _decides_alone(
    question: Question, best: Hit, group: Sequence[tuple[float, Hit]], index: Index
) -> bool:
    """True when one điểm answers by itself: it has the number asked for, and no other near it has,
    or it speaks of all of a yes-or-no question that its khoản speaks of."""
    number = measure(question)
    if number:
        top = group[0][0]
        near = [h for score, h in group if score >= 0.97 * top and h is not best]
        rivals = [h for h in near if re.search(number, fold(h.passage.text))]
        return bool(re.search(number, fold(best.passage.text))) and not rivals
    if _YES_NO.search(question.folded):
        wanted = content(question.whole)
        point = content(best.passage.text) | content(best.passage.lead)
        clause = Place.model_validate(
            {**best.passage.place.model_dump(), "point": "", "paragraph": 0}
        )
        whole = "\n".join(p.text for p in index.within(best.passage.document, clause))
        asked = {word: index.words.rarity(fold(word)) for word in content(whole) & wanted}
        held = sum(rarity for word, rarity in asked.items() if word in point)
        return held >= _MOST * sum(asked.values())
    return False


def _length(index: Index, document: str, place: Place) -> int:
    return sum(len(passage.text) for passage in index.within(document, place))
