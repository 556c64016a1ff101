"""What the library lacks: which answers leave a gap, and which gaps are one and the same.

A question that got no answer, or only an unsure one, tells an administrator which document to add.
Asked by many in many ways it is still one gap, so gaps with the same content words are put together.
"""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from bot.answer import Answer, AnswerKind
from bot.finding import Lack
from bot.journal import Gap
from bot.question import content_words
from bot.refusals import missing
from corpus import Record, fold

OUTSIDE = "outside"  # the kind of a gap that no document of this field would fill
_NO_GAP = (
    Lack.EMPTY, Lack.GREETING, Lack.CLOSED_POINTS, Lack.CLOSED_AWARDS, Lack.CLOSED_DOCUMENT,
    Lack.CLOSED_CHECKS,
)  # fmt: skip


class Lacking(Record):
    """One gap: the question as last asked, what is missing, and how often it was asked."""

    question: str
    missing: str
    times: int
    last: datetime.datetime


def gap_of(answer: Answer, at: datetime.datetime) -> Gap | None:
    """The gap that an answer leaves; None when it answered, asked back, or nothing was asked."""
    if answer.kind in (AnswerKind.ANSWER, AnswerKind.CHOICE):
        return None
    kind = answer.kind.value
    if answer.absence:
        if answer.absence.lack in _NO_GAP:
            return None
        if answer.absence.lack is Lack.OUTSIDE:
            kind = OUTSIDE
    return Gap(answer.question.accented, kind, at, missing(answer))


def most_asked(gaps: Sequence[Gap]) -> tuple[Lacking, ...]:
    """Gaps put together, those asked most often first, then the newest.

    ``gaps`` come oldest first, as the journal keeps them.
    """
    alike: dict[frozenset[str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        words = frozenset(content_words(fold(gap.question)))
        alike[words or frozenset([gap.question])].append(gap)
    found = [
        Lacking(
            question=same[-1].question,
            missing=next((gap.missing for gap in reversed(same) if gap.missing), ""),
            times=len(same),
            last=same[-1].at,
        )
        for same in alike.values()
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.times, -gap.last.timestamp())))
