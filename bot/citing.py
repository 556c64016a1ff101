"""Quotes and their places: taken from the index, checked against it, and what is to be said of the text."""

from collections.abc import Iterable, Sequence

from bot.answer import Caution, Caveat, Citation
from bot.evidence import Evidence
from bot.figures import day_of
from bot.force import amended, done_to, guided, in_force, is_held, text_of
from bot.question import Question
from corpus import Document, Effect, Passage, Place, Relation, in_doubt
from index import Index

CITED = 5  # clauses that an answer shows or names at most


def quoted(document: Document, place: Place, index: Index) -> list[Citation]:
    """A place of a document whole, as the one citation of it; [] where there is no such place."""
    passages = index.within(document.path, place)
    quote = "\n".join(p.text for p in passages)
    return (
        [Citation(document=document, place=place, quote=quote, relevance=1.0)] if passages else []
    )


def distinct(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each place once, in the order in which they come."""
    kept: dict[tuple[str, Place], Citation] = {}
    for citation in citations:
        kept.setdefault((citation.document.path, citation.place), citation)
    return tuple(kept.values())


def clause_of(document: Document, passage: Passage, index: Index) -> list[Citation]:
    """One clause of a rate, with the words that open the list it is a part of."""
    around = (*passage.headings[-1:], *passage.lead.split("\n")) if passage.lead else ()
    return [
        c.model_copy(update={"around": tuple(text for text in around if text)})
        for c in quoted(document, passage.place, index)
    ]


def citation_of(evidence: Evidence) -> Citation:
    """What is quoted of a clause that evidence was found in."""
    return Citation(
        document=evidence.document,
        place=evidence.place,
        quote=evidence.quote,
        around=evidence.around,
        relevance=evidence.relevance,
    )


def verified(citations, index: Index) -> tuple[Citation, ...]:  # type: ignore[no-untyped-def]
    """Only quotes that stand, word for word, in the stored passages of the place they cite."""
    return tuple(c for c in citations if stands(c, index))


def stands(citation: Citation, index: Index) -> bool:
    """True when the quote is in the stored text of its place."""
    stored = "\n".join(p.text for p in index.within(citation.document.path, citation.place))
    return bool(citation.quote.strip()) and citation.quote in stored


def cautions_of(
    citations: Sequence[Citation], question: Question, index: Index
) -> tuple[Caveat, ...]:
    """What a reader must know of what is quoted, on the day that counts: all of the first document,
    and of those beside it whether they applied and were changed."""
    warnings: list[Caveat] = []
    first = citations[0].document if citations else None
    for citation in citations:
        document = citation.document
        warnings += _standing_of(document, question)
        warnings += _changes_of(citation, question, index)
        if document == first:
            if in_doubt(document.checked):
                warnings.append(Caveat(caution=Caution.UNCHECKED, about=(document.number,)))
            if document.digest:
                warnings.append(Caveat(caution=Caution.DIGEST, about=(document.number,)))
    return tuple(dict.fromkeys(warnings))


def _standing_of(document: Document, question: Question) -> list[Caveat]:
    """Whether a document was over, or had not begun; what is over today is marked for any day."""
    day = max(question.as_of, question.today)
    if document.expires and document.expires <= day:
        about = (document.number, day_of(document.expires), ", ".join(document.replaced_by))
        return [Caveat(caution=Caution.ENDED, about=about)]
    if document.effective and document.effective > question.as_of:
        begun = (document.number, day_of(document.effective))
        return [Caveat(caution=Caution.FUTURE, about=begun)]
    return []


def _changes_of(citation: Citation, question: Question, index: Index) -> list[Caveat]:
    """What repealed, postponed or amended what is quoted, or the law that it details."""
    document, place, day = citation.document, citation.place, question.as_of
    warnings = []
    for effect, caution in (
        (Effect.REPEALS, Caution.PART_ENDED),
        (Effect.BEGINS, Caution.PART_FUTURE),
    ):
        for r in done_to(document, place, effect, index):
            begun = r.since is not None and r.since <= day
            if r.since and begun == (effect is Effect.REPEALS):
                by = (r.number,) if effect is Effect.REPEALS else ()
                about = (document.number, _parts(r, place), *by, day_of(r.since))
                warnings.append(Caveat(caution=caution, about=about))
    for r in amended(document, place, day, index):
        if is_held(r.number, index):
            by_clause = (r.number, str(r.place), day_of(r.since))
            about = (document.number, _parts(r, place), *by_clause)
            warnings.append(Caveat(caution=Caution.CHANGED, about=about))
        else:
            told = (document.number, r.number, day_of(r.since))
            warnings.append(Caveat(caution=Caution.AMENDED, about=told))
            warnings += doubt_of(r.number, index)
    for law in guided(document.number, index):
        text = text_of(law, index)
        if not isinstance(text, Document) or not in_force(text, day):
            continue
        for r in amended(text, Place(), day, index):
            if (
                not is_held(r.number, index)
                and document.issued
                and r.since
                and r.since > document.issued
            ):
                above = (document.number, law, r.number, day_of(r.since))
                warnings.append(Caveat(caution=Caution.ABOVE, about=above))
                warnings += doubt_of(r.number, index)
    return warnings


def doubt_of(number: str, index: Index) -> list[Caveat]:
    """That the validity of a document was not checked to the end, where the register says so."""
    text = text_of(number, index)
    return (
        [Caveat(caution=Caution.UNCHECKED, about=(number,))]
        if text and in_doubt(text.checked)
        else []
    )


def _parts(relation: Relation, place: Place) -> str:
    """The parts of a quoted place that a relation is about."""
    touched = [p for p in relation.places if p.holds(place) or place.holds(p)]
    return ", ".join(map(str, touched))
