"""What became of a regulation: when it began and ended, what replaced, amended or repealed it.

Asked by its number or its year ("Luật 2003 còn hiệu lực không?"), a text is told from the register and
from the clauses that say so, whether or not the library holds it.
"""

import re

from bot.finding import InForce, Lifespan
from bot.force import ended_by, ends, guided, in_force, is_held, keeps, text_of
from bot.question import Question, content_words, timeless
from corpus import Document, Effect, Kind, Place, Relation, Validity, fold
from index import Index

_ASKED = re.compile(
    r"con (?:duoc )?(?:hieu luc|gia tri|ap dung|dung)\b|het hieu luc|(?:bat dau|thi hanh|co) hieu luc|hieu luc (?:tu|khi|den|thi hanh|ngay|khong|the nao|ra sao|chua)"
    r"|(?:duoc|bi|da|nao|cho|gi) thay(?: the| bang)?\b|thay (?:the|cho|bang) (?:van ban|nghi dinh|luat|thong tu|nhung|cac|boi)|thay nhung|thay the\b.*\b(?:nao|gi)\b|bai bo|(?:da|duoc|bi) sua doi|sua doi (?:chua|boi|khi nao)|ap dung (?:tu|den) (?:ngay|khi|bao gio)"
)
_PARTS_ASKED = re.compile(r"bai bo|het hieu luc|con hieu luc|con (?:duoc )?ap dung|sua doi")
_WHICH = re.compile(
    r"(?:ap dung|theo|dung|la|thuc hien|can cu|chiu su dieu chinh cua|bi chi phoi boi)?\s*(?:cac |nhung )?(?P<form>luat|nghi dinh|thong tu|van ban|quy dinh(?! gi)) (?:nao|gi)\b(?:\s+(?:duoc |dang )?(?:ap dung|co hieu luc|dieu chinh|hieu luc|quy dinh))?"
    r"|(?:danh sach|danh muc|liet ke|ke ten|nhung|cac) (?:cac |nhung )?van ban (?:quy pham phap luat )?(?:dang |con )(?:co )?(?:hieu luc|ap dung)"
)
_IDLE = frozenset(
    "ap dung thi la hien nay dang co hieu luc van ban thi dua khen thuong ve cong tac theo duoc cua trong linh vuc quy dinh can cu xet nay".split()
)


def lifespans(question: Question, index: Index) -> list[Lifespan]:
    """The lives of the regulations that a question asks after; [] where it asks something else."""
    if not _ASKED.search(question.folded):
        return []
    known = [v for number in question.documents if (v := _known(number, index))]
    for name in question.unheld:
        known += called(name, index)
    return [_life(v, question, index) for v in {v.number: v for v in known}.values()]


def life_of(number: str, question: Question, index: Index) -> Lifespan | None:
    """The life of one text; None where nothing is known of it."""
    known = _known(number, index)
    return _life(known, question, index) if known else None


def called(name: str, index: Index) -> list[Validity]:
    """The texts that the register, or a clause of another text, knows by that name."""
    found = [v for v in index.lookup.validities() if _is(v, name)]
    if found or ":" in name:
        return found
    numbers = {r.target for r in index.lookup.relations() if fold(r.target) == fold(name)}
    return [Validity(number=number) for number in numbers]


def _is(validity: Validity, name: str) -> bool:
    if ":" in name:
        form, number = name.split(":")
        held = validity.number.lstrip("0")
        if len(number) == 4 and "/" not in number:
            year = validity.issued.year if validity.issued else 0
            return fold(validity.form) == form and year == int(number)
        return fold(validity.form) == form and held.startswith(f"{number.lstrip('0')}/")
    return fold(validity.number) == fold(name)


def _known(number: str, index: Index) -> Validity | None:
    text = text_of(number, index)
    return as_row(text) if isinstance(text, Document) else text


def as_row(document: Document) -> Validity:
    """A held text as a row of the register."""
    return Validity(
        number=document.number, title=document.title, form=document.form, issuer=document.issuer,
        issued=document.issued, effective=document.effective, expires=document.expires,
        replaced_by=document.replaced_by, amended_by=document.amended_by, checked=document.checked,
    )  # fmt: skip


def _life(validity: Validity, question: Question, index: Index) -> Lifespan:
    relations = index.lookup.relations()
    row = next((v for v in index.lookup.validities() if v.number == validity.number), None)
    place = question.place
    replaced = ended_by(validity.number, index)
    expires = validity.expires or next((r.since for r in replaced if r.since), None)
    update = {"expires": expires, "note": validity.note or (row.note if row else "")}

    def on_it(effect: Effect) -> tuple[Relation, ...]:
        return tuple(
            r for r in relations
            if r.effect is effect and r.target == validity.number and (not place.article or r.touches(place))
        )  # fmt: skip

    return Lifespan(
        validity=validity.model_copy(update=update), held=is_held(validity.number, index),
        replaced=replaced, replaces=ends(validity.number, index), amended=on_it(Effect.AMENDS),
        repealed=on_it(Effect.REPEALS) if place.article or _PARTS_ASKED.search(question.folded) else (),
        keeps=tuple(r for r in keeps(index) if r.target == validity.number),
        guides=guided(validity.number, index), place=place, as_of=question.as_of,
    )  # fmt: skip


def in_force_then(question: Question, index: Index) -> InForce | None:
    """For a question that wants to know which texts applied, and of nothing in particular."""
    asked = _WHICH.search(timeless(question).folded)
    if not asked or question.documents or question.unheld or question.titles or question.units:
        return None
    rest = _WHICH.sub(" ", timeless(question).folded)
    if content_words(rest) - _IDLE:
        return None
    form = asked["form"] or ""
    held = [as_row(d) for d in index.documents.values() if d.kind is Kind.REGULATION and d.number]
    numbers = {v.number for v in held}
    rows = [*held, *(v for v in index.lookup.validities() if v.number not in numbers)]
    texts = tuple(
        (v, v.number in numbers)
        for v in sorted(rows, key=lambda v: (_RANK.get(v.form, 3), v.effective or v.issued or question.today))
        if (v.effective or v.number in numbers) and in_force(v, question.as_of)
        and (form in ("", "van ban", "quy dinh") or fold(v.form) == form)
    )  # fmt: skip
    return InForce(as_of=question.as_of, texts=texts) if texts else None


_RANK = {"Luật": 0, "Nghị định": 1, "Thông tư": 2}


def clauses(life: Lifespan, index: Index) -> list[tuple[Document, Relation]]:
    """The held clauses that say what a life says, the one that ended it first."""
    found = [*life.repealed, *life.replaced, *life.keeps]
    by_number = index.by_number()
    kept = {
        (r.number, str(r.place)): r
        for r in reversed(found)
        if r.number in by_number and r.place.article
    }
    return [(by_number[r.number], r) for r in reversed(kept.values())]


_ENDING = re.compile(r"này hết hiệu lực", re.I)
_BEGINNING = re.compile(r"này (?:bắt đầu )?có hiệu lực", re.I)


def own_clauses(life: Lifespan, question: Question, index: Index) -> list[tuple[Document, Place]]:
    """The clauses of a held text that say itself when it ends, or else begins, where that is asked."""
    document = index.by_number().get(life.validity.number)
    if document is None or life.place.article:
        return []
    ends_asked = re.search(r"het hieu luc|con (?:hieu luc|ap dung)", question.folded)
    begins_asked = re.search(r"hieu luc (?:tu|khi|ngay)|co hieu luc|ap dung tu", question.folded)
    for asked, pattern in ((ends_asked, _ENDING), (begins_asked, _BEGINNING)):
        if asked and (pattern is _BEGINNING or life.validity.expires):
            for passage in index.within_document(document.path):
                if passage.place.article and pattern.search(passage.text):
                    whole = passage.place.model_copy(update={"point": "", "paragraph": 0})
                    return [(document, whole)]
    return []
