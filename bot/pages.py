"""Reading on: a place of a document as an ``Answer``, and what stands before and after it."""

import datetime
from collections.abc import Iterator

from bot.answer import Answer, AnswerKind, Citation
from bot.citing import cautions_of
from bot.question import Question
from bot.reference import referred
from corpus import Document, Place
from index import Index

Around = tuple[Place | None, Place | None]


def page(code: str, index: Index, today: datetime.date) -> Answer | None:
    """The place that a button or a link stands for; None when the library no longer has it."""
    documents = index.documents.values()
    parts = (p for d in documents for p in _parts(d, index))
    reference = referred(code, documents, parts)
    if reference is None:
        return None
    document, place = reference.document, reference.place
    passages = index.within(document.path, place)
    if not passages or place == Place():
        return None
    citation = Citation(
        document=document, place=place, quote="\n".join(p.text for p in passages),
        around=passages[0].headings[-1:], relevance=1.0,
    )  # fmt: skip
    named = f"{place} {document.name}"
    asked = Question(
        text=named, accented=named, folded="", as_of=today, place=Place(article=place.article)
    )
    return Answer(
        kind=AnswerKind.ANSWER, question=asked, citations=(citation,),
        warnings=cautions_of((citation,), asked, index),
    )  # fmt: skip


def around(document: Document, place: Place, index: Index) -> Around:
    """What a reader turns to before and after a place: khoản beside khoản, Điều beside Điều,
    paragraph beside paragraph; None at an end. The next khoản of another Điều is that Điều."""
    here = _step(place)
    steps = list(dict.fromkeys(_steps(document, place, index)))
    if here not in steps:
        return None, None
    at = steps.index(here)
    before = steps[at - 1] if at else None
    after = steps[at + 1] if at + 1 < len(steps) else None
    return _neighbour(before, here), _neighbour(after, here)


def _neighbour(other: Place | None, here: Place) -> Place | None:
    if (
        other is None
        or not other.article
        or (other.part, other.article) == (here.part, here.article)
    ):
        return other
    return Place(part=other.part, article=other.article)


def _step(place: Place) -> Place:
    """What of a place counts where one turns from one to the next."""
    if place.article:
        return Place(part=place.part, article=place.article, clause=place.clause)
    return Place(part=place.part, paragraph=place.paragraph)


def _steps(document: Document, place: Place, index: Index) -> Iterator[Place]:
    """The places of a document that are of the height of ``place``, in order."""
    held = [passage.place for passage in index.within_document(document.path)]
    divided = {(p.part, p.article) for p in held if p.clause}
    for one in held:
        if not place.article:
            if one.paragraph and not one.article:
                yield _step(one)
        elif one.article and not place.clause:
            yield Place(part=one.part, article=one.article)
        elif one.article and (one.clause or (one.part, one.article) not in divided):
            yield _step(one)


def _parts(document: Document, index: Index) -> Iterator[str]:
    yield from {p.place.part for p in index.within_document(document.path) if p.place.part}
