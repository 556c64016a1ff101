"""What is answered to a question, as records without wording: what kind of answer, what it rests on,
what to be careful about."""

import datetime
from enum import StrEnum

from bot.finding import (
    Absence,
    Choice,
    Finding,
    Halves,
    InForce,
    Known,
    Lifespan,
    Reward,
    Salary,
    SideBySide,
    Together,
)
from bot.question import Question
from bot.sureness import Signs
from corpus import Document, Place, Record


class AnswerKind(StrEnum):
    """What an answer is worth: the whole, a part or with caution, or an honest no."""

    ANSWER = "answer"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    CHOICE = "choice"  # the question may mean several things: the reader is asked which


class Caution(StrEnum):
    """What a reader must know beside the answer."""

    DIGEST = "digest"  # the document is a digest, not the official wording
    AMENDED = "amended"  # a newer text amends it and is not held: number, first day
    ENDED = "ended"  # it no longer applies: number, last day, what replaced it
    FUTURE = "future"  # it does not apply yet: number, first day
    PART_ENDED = "part_ended"  # parts of the quote were repealed: number, parts, by, day
    PART_FUTURE = "part_future"  # parts of the quote do not apply yet: number, parts, day
    CHANGED = "changed"  # a held text amends what is quoted: number, parts, by, its clause, day
    ABOVE = "above"  # the law that it details was amended: number, law, by, day
    THEN = "then"  # another text applied on that day and is not held: number, day
    NO_BASE = "no_base"  # no base salary of that day is known: the day
    UNCHECKED = "unchecked"  # the register's row is not fully checked: number
    UNSURE = "unsure"  # these words of the question are not in what is quoted
    AUDIT = "audit"  # the workbook contradicts itself: the message
    INFERRED = "inferred"  # the year of a date stands elsewhere in the report
    PROPOSED = "proposed"  # a proposal is not a decision
    YEARS = "years"  # no points are held of these years
    OCR = "ocr"  # the quote was read from a picture: the document, how sure of 100
    READ = "read"  # mistyped words, and the unit they were taken for
    WITHHELD = "withheld"  # awards that are not decided are left out for who may not see them
    RENAMED = "renamed"  # an old name in the question: it, the present one, its first day
    MERGED = "merged"  # a unit that is no more: it, what it became a part of, its last day


class Caveat(Record):
    """A caution with its particulars."""

    caution: Caution
    about: tuple[str, ...] = ()


class Citation(Record):
    """A quote with its place. ``quote`` stands word for word in the stored passages of ``place``."""

    document: Document
    place: Place
    quote: str
    around: tuple[str, ...] = ()  # heading of the Điều and what opens the clause, for reading it
    relevance: float = 0.0
    span: tuple[datetime.date, datetime.date] | None = None  # the days for which it is given


class Answer(Record):
    """What is known in answer to one question. ``findings`` speak before ``citations``."""

    kind: AnswerKind
    question: Question
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    absence: Absence | None = None
    choice: Choice | None = None
    nearest: tuple[Citation, ...] = ()  # what is held and came near, when nothing answers
    warnings: tuple[Caveat, ...] = ()
    signs: Signs | None = None  # why a clause of a regulation was given, or was not
    around: tuple[Place | None, Place | None] = (None, None)  # before and after the first citation

    @property
    def as_of(self) -> datetime.date:
        """The day whose rules were applied."""
        return self.question.as_of


# Findings that speak of regulations, beside their clauses.
OF_REGULATIONS = (Known, Reward, Salary, Together, Halves, Lifespan, InForce, SideBySide)


def yes(
    question: Question,
    findings: list[Finding],
    citations: tuple[Citation, ...] = (),
    warnings: tuple[Caveat, ...] = (),
    kind: AnswerKind = AnswerKind.ANSWER,
) -> Answer:
    """An answer, of whatever worth."""
    return Answer(
        kind=kind,
        question=question,
        findings=tuple(findings),
        citations=citations,
        warnings=warnings,
    )


def no(
    question: Question, absence: Absence, nearest: tuple[Citation, ...] | list[Citation] = ()
) -> Answer:
    """An honest no: what is lacking, and what comes nearest to it."""
    return Answer(
        kind=AnswerKind.NOT_FOUND, question=question, absence=absence, nearest=tuple(nearest)
    )
