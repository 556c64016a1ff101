"""A time inside which the rule changed is answered for each part of it, with the day of the change.

"Năm 2025" is no day: until 30/6 one decree applied and from 01/7 another. The parts are cut at the days
on which a text that answers began, ended or was amended, and for money where the base salary changed.
"""

import datetime
import re
from collections.abc import Callable, Sequence

from bot.finding import Half, Reward
from bot.force import Text, amended, in_force, is_held, of_that_day
from bot.question import Question
from corpus import Document, Effect, Place, in_doubt
from index import Index

Span = tuple[datetime.date, datetime.date]
_MOST = 4  # parts that are told of one time


def cuts(
    question: Question, cited: Sequence[tuple[Document, Place]], index: Index, money: bool
) -> list[Span]:
    """The parts of the time that a question is about, oldest first; one where nothing changed."""
    moment = question.moment
    if not moment or not moment.since or not moment.until or moment.since >= moment.until:
        return []
    days: set[datetime.date] = set()
    for document, place in cited:
        days |= {d for d in (document.effective, document.expires) if d}
        days |= {
            r.since for r in index.lookup.relations()
            if r.target == document.number and r.since and r.touches(place)
            and r.effect in (Effect.AMENDS, Effect.REPEALS, Effect.BEGINS)
        }  # fmt: skip
    if money:
        days |= _days_of_base(index)
    inside = sorted(d for d in days if moment.since < d <= moment.until)[: _MOST - 1]
    starts = [moment.since, *inside]
    ends = [*(d - datetime.timedelta(days=1) for d in inside), moment.until]
    return list(zip(starts, ends, strict=True))


def _days_of_base(index: Index) -> set[datetime.date]:
    held = [d for d in index.documents.values() if re.search(r"lương cơ sở", d.title, re.I)]
    rows = [v for v in index.lookup.validities() if "lương cơ sở" in f"{v.title} {v.note}".lower()]
    texts: list[Text] = [*held, *rows]
    return {day for text in texts for day in (text.effective, text.expires) if day}


def half(
    span: Span,
    cited: tuple[Document, Place] | None,
    beside: tuple[Document, Place] | None,
    index: Index,
) -> Half:
    """The text of one part of the time: the one cited then, or, where what is cited ``beside`` in
    another part had not begun or was over, the text of that day, held or not."""
    since, until = span
    text: Text | None = cited[0] if cited else None
    place = cited[1] if cited else Place()
    if beside and not in_force(beside[0], until):
        then = of_that_day(beside[0].number, until, index)
        if then and not is_held(then.number, index):
            text, place = then, Place()
        elif then is None and cited and cited[0].form != beside[0].form:
            text = None  # what is left of the law says nothing of what the decree said
        elif cited is None:
            text = then
    if text is None:
        return Half(since=since, until=until, number="", held=False)
    changes = _amendments(text, place, until, index)
    return Half(
        since=since, until=until, number=text.number, title=text.title,
        held=isinstance(text, Document), amended=changes, unchecked=in_doubt(text.checked),
    )  # fmt: skip


def _amendments(
    text: Text, place: Place, day: datetime.date, index: Index
) -> tuple[tuple[str, datetime.date, bool], ...]:
    if not isinstance(text, Document):
        return ()
    found = {
        r.number: (r.number, r.since, is_held(r.number, index))
        for r in amended(text, place, day, index)
        if r.since
    }
    return tuple(found.values())


def differ(halves: Sequence[Half], sums: Callable[[int], Sequence[Reward]]) -> bool:
    """True when the parts of a time do not all have the same rule, or not the same sums."""
    seen = {
        (h.number, tuple(a[0] for a in h.amended), tuple(r.paid for r in sums(i)))
        for i, h in enumerate(halves)
    }
    return len(seen) > 1
