"""What became of a text: since when, until when, replaced and amended by what."""

from collections.abc import Sequence

from bot.answer import Answer, AnswerKind, Caution, Caveat, Citation, yes
from bot.citing import CITED, cautions_of, distinct, doubt_of, quoted
from bot.finding import Lifespan
from bot.history import clauses, lifespans, own_clauses
from bot.provision import by_the_rules
from bot.question import Question
from bot.sureness import Signs
from index import Index


def history(question: Question, index: Index) -> Answer | None:
    """Whether a text named still applies, what replaced it, and since when."""
    lives = lifespans(question, index)
    return told_lives(lives, question, index) if lives else None


def told_lives(lives: Sequence[Lifespan], question: Question, index: Index) -> Answer:
    """The lives of texts or clauses, with the clauses that say when they begin and end."""
    said = [c for life in lives for d, r in clauses(life, index) for c in quoted(d, r.place, index)]
    found: tuple[Citation, ...] = ()
    signs: Signs | None = None
    if question.documents:
        at = by_the_rules(question.model_copy(update={"dated": True}), index)
        found = at.citations if at.kind is not AnswerKind.NOT_FOUND else ()
        signs = at.signs
    own = [
        c
        for life in lives
        for document, place in own_clauses(life, question, index)
        for c in quoted(document, place, index)
    ]
    over = any(v.expires and v.expires <= question.as_of for v in (x.validity for x in lives))
    repealed = any(life.repealed and life.place.article for life in lives)
    ordered = [*said, *own, *found[:1]] if (over or repealed) and said else [*own, *found, *said]
    citations = distinct(ordered)[:CITED]
    doubts = [
        Caveat(caution=Caution.UNCHECKED, about=(life.validity.number,))
        for life in lives if life.validity.unchecked
    ] + [c for life in lives for r in life.amended for c in doubt_of(r.number, index)]  # fmt: skip
    warnings = (*cautions_of(citations[:1], question, index), *doubts)
    told = yes(question, list(lives), citations, tuple(dict.fromkeys(warnings)))
    return told.model_copy(update={"signs": signs})
