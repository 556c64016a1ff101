"""What of a question no record explains: the words that are left when all that was understood is
taken away.

A record answers what it has a column for. "Ai ký Quyết định 268?" names a decision that is held, but
who signed it is not: the word that is left over tells so, and a figure that was not asked for is
not given instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.finding import Awards, Finding, MeetingFacts, MeetingList, Points, Ranking
from bot.question import Question, in_full
from bot.sureness import phrases
from bot.vocabulary import MEETING_WORDS, RECORD_WORDS
from corpus import fold, respell, syllables
from index import ASKING, Lookup, slipped

_REASON = re.compile(r"\b(?:vi sao|tai sao|ly do|nguyen nhan)\b")
_PLACE = re.compile(r"\bo dau\b|\bnoi nao\b|\bdia diem\b")


def unexplained(
    question: Question, findings: Sequence[Finding], quotes: Iterable[str], lookup: Lookup
) -> tuple[str, ...]:
    """The phrases of a question that neither its understanding nor the answer found explains.

    Empty when the findings (with the ``quotes`` shown beside them) speak of all that was asked.
    """
    held = set(RECORD_WORDS)
    if any(isinstance(finding, MeetingFacts | MeetingList) for finding in findings):
        held |= MEETING_WORDS
    for text in [*_said(findings), *quotes, *_understood(question, lookup)]:
        held |= _words(text) | _words(in_full(text))
    if fold(question.text) == question.text.lower():
        held |= set(map(fold, held))  # accents that were given back may be the wrong ones
    spent = ASKING | question.spent
    last = set(syllables(question.latest))  # what earlier messages said was answered there
    words = {
        word
        for word in _words(question.whole) - held
        if fold(word) in last and fold(word) not in spent | held and not re.search(r"\d", word)
    }
    if words:
        said = frozenset(map(fold, held))
        words = {word for word in words if not slipped(fold(word), said)}
    return (*phrases(question, words), *_unfielded(question, findings))


def _words(text: str) -> set[str]:
    """The words of a text with their accents: who signed ("ký") is not which term ("kỳ")."""
    return set(syllables(respell(text).lower()))


def _unfielded(question: Question, findings: Sequence[Finding]) -> tuple[str, ...]:
    """A reason or a place that is asked of records that have no such column."""
    if not findings or not all(isinstance(f, Awards | Points | Ranking) for f in findings):
        return ()
    asked = []
    if _REASON.search(question.folded):
        asked.append("lý do")
    if _PLACE.search(question.folded):
        asked.append("địa điểm")
    return tuple(asked)


def _understood(question: Question, lookup: Lookup) -> Iterator[str]:
    """The names that the question was understood to say, in every form that they have."""
    units = {name for unit in question.units for name in lookup.names_of(unit)} | {*question.units}
    for unit in lookup.units():
        if unit.name in units:
            yield " ".join((unit.name, unit.block, *unit.aliases))
    yield from lookup.score_blocks()
    yield from (title.name for title in question.titles)
    yield from (status.value for status in question.statuses)
    yield from (scorer.value for scorer in question.scorers)
    yield from (question.period, question.criterion, *question.provinces, *question.names)


def _said(findings: Sequence[Finding]) -> Iterator[str]:
    """Every text in some findings, however deep."""
    for finding in findings:
        yield from _texts(finding.model_dump(mode="json"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
