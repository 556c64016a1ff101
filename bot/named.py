"""What is asked for by its number: a document, an Điều, a Phụ lục or a form."""

import re

from bot.answer import Answer, AnswerKind, Citation, no, yes
from bot.citing import CITED, cautions_of, quoted
from bot.day import from_regulations
from bot.finding import Absence, Known, Lack
from bot.force import in_force
from bot.history import called
from bot.question import Question
from corpus import Document, Kind, Place, fold
from index import Index


def not_held(question: Question, index: Index) -> Answer:
    """A regulation asked for by a number that is not held: what the register knows of it."""
    known = [v for name in question.unheld for v in called(name, index)]
    if known:
        findings = [Known(validity=v, held=False) for v in known]
        newer = {n for v in known for n in v.replaced_by}
        instead = question.model_copy(
            update={"documents": tuple(n for n in newer if n in index.by_number()), "unheld": ()}
        )
        quotes = from_regulations(instead, index).citations if instead.documents else ()
        return Answer(
            kind=AnswerKind.PARTIAL, question=question, findings=tuple(findings), citations=quotes,
            warnings=cautions_of(quotes, question, index),
        )  # fmt: skip
    return no(
        question,
        Absence(lack=Lack.DOCUMENT, about=question.unheld, exists=tuple(index.by_number())),
    )


def named_article(question: Question, index: Index) -> Answer | None:
    """An Điều asked for by its number goes straight there; one that does not exist is said so."""
    documents = [index.by_number()[n] for n in question.documents]
    if not documents:
        if question.unheld:
            return None
        documents = _by_name(question, index)
    if not documents:
        return None
    wanted = question.place
    article = Place(article=wanted.article)
    held = [(d, part) for d in documents for part in _parts_with(wanted.article, d, index)]
    if not held:
        document = documents[0]
        about = (document.number, document.title, str(article))
        known = [p.place.article for p in index.within_document(document.path)]
        distinct = list(dict.fromkeys(number for number in known if number))
        digest = "tóm lược" if document.digest else ""
        exists = (distinct[0], distinct[-1], str(len(distinct)), digest) if distinct else ()
        return no(question, Absence(lack=Lack.ARTICLE, about=about, exists=exists))
    found = [
        citation
        for document, part in held
        for citation in quoted(document, wanted.model_copy(update={"part": part}), index)
    ]
    if not found:
        document, part = held[0]
        about = (document.number, document.title, str(wanted))
        whole = article.model_copy(update={"part": part})
        nearest = quoted(document, whole, index)
        return no(question, Absence(lack=Lack.ARTICLE, about=about), nearest)
    citations = tuple(found[:CITED])
    return yes(question, [], citations, cautions_of(citations, question, index))


_PART_NAMED = re.compile(
    r"\b(phu luc|chuong|(?:bieu )?mau|bieu)\s+(?:so\s+)?(\d{1,3}[a-z]?|[ivxl]+)\b"
)
_WHAT_IS = re.compile(
    r"(?:la|noi|ghi|quy dinh|ve|mau) (?:gi|ve gi|nhu the nao|ra sao)|noi dung|cho xem|trinh bay|(?:gom|co) nhung (?:muc|phan|gi)|may (?:muc|phan|trang)"
)
# "Mẫu văn bản xác nhận sáng kiến số 13".
_FORM_APART = re.compile(r"\bmau((?: [a-z]+){1,6}?) so (\d{1,2})\b")
_PARTS = {"phu luc": "Phụ lục", "chuong": "Chương"}
_FORM = "Mẫu số"


def named_part(question: Question, index: Index) -> Answer | None:
    """An annex or a form asked for by its number goes straight there; a chapter, an annex or a form
    that the document named does not have is said so, with those it has."""
    said = _FORM_APART.sub(r"mau so \2\1", question.folded)
    asked = sorted(_PART_NAMED.findall(said), key=lambda found: found[0] in _PARTS)
    if not asked or not question.documents:
        return None
    (form, number), *around = [(_PARTS.get(word, _FORM), number) for word, number in asked]
    document = index.by_number()[question.documents[0]]
    parts = [document, *index.annexes(document.path)]
    if form == _FORM and around:
        inside = rf", {around[0][0]} 0*{re.escape(around[0][1].lstrip('0'))}$"
        parts = [d for d in parts if re.search(inside, d.path, re.I)] or parts
    word = r"(?:Mẫu|Biểu|Biểu mẫu) số" if form == _FORM else form
    named = re.compile(rf"^{word} (\w+)")
    passages = [(d, p) for d in parts for p in index.within_document(d.path)]
    heads = (head for _, p in passages for head in (p.place.part, *p.headings))
    held = list(dict.fromkeys(m[1] for head in heads if (m := named.match(head))))
    about = (document.number, document.title, f"{form} {number.upper()}")
    if not held:
        # What a form holds is not told by the clause that names it.
        absent = form == _FORM and _WHAT_IS.search(said)
        return (
            no(question, Absence(lack=Lack.PART, about=about, exists=(form,))) if absent else None
        )
    wanted = number.lstrip("0")
    if wanted in (name.lower().lstrip("0") for name in held):
        citations = tuple(
            Citation(document=d, place=p.place, quote=p.text, relevance=1.0)
            for d, p in passages
            if (m := named.match(p.place.part)) and m[1].lower().lstrip("0") == wanted
        )[:2]
        if not citations or not _WHAT_IS.search(question.folded):
            return None
        return yes(question, [], citations, cautions_of(citations, question, index))
    return no(question, Absence(lack=Lack.PART, about=about, exists=(form, *held)))


def _parts_with(article: str, document: Document, index: Index) -> list[str]:
    """The parts of a document that have an Điều of that number: itself (""), and what it issues."""
    places = (p.place for p in index.within_document(document.path))
    return list(dict.fromkeys(place.part for place in places if place.article == article))


def _by_name(question: Question, index: Index) -> list[Document]:
    """The regulations that an Điều without a document may be of: those in force, the law first."""
    order = {"Bộ luật": 0, "Luật": 0, "Nghị định": 1, "Thông tư": 2}
    asked = [
        form
        for form in ("luat", "nghi dinh", "thong tu")
        if re.search(rf"\b{form}\b", question.folded)
    ]
    held = [
        d for d in index.by_number().values()
        if d.kind is Kind.REGULATION and in_force(d, question.as_of) and (not asked or fold(d.form) in asked)
    ]  # fmt: skip
    return sorted(held, key=lambda d: (order.get(d.form, 3), d.number))
