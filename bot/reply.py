"""``Answer`` → messages: what is said in which order; the rest of the chat is in ``bot/notices.py``.

The words of findings stand in ``bot/points.py``, ``bot/rankings.py``, ``bot/annals.py`` and ``bot/law.py``,
those of an honest no in ``bot/refusals.py``, of warnings in ``bot/cautions.py``, of buttons in
``bot/buttons.py``, of pictures in ``bot/picture.py``. How a message is put together stands in
``bot/markup.py``, quotations in ``bot/quotation.py``, numbers and days in ``bot/figures.py``.
"""

from collections.abc import Callable, Iterable
from typing import Any

from bot import annals, law, points, rankings
from bot.answer import OF_REGULATIONS, Answer, AnswerKind, Caution, Caveat, Citation
from bot.buttons import buttons, opener, reading_on
from bot.cautions import readings, sentences, unsure
from bot.figures import day_of
from bot.finding import (
    Agreement,
    Audited,
    Awards,
    Change,
    Changes,
    Comparison,
    Criteria,
    CriterionPoints,
    Deductions,
    Finality,
    Finding,
    Gap,
    Gaps,
    Halves,
    InForce,
    Known,
    Lifespan,
    Mean,
    MeetingFacts,
    MeetingList,
    Members,
    Names,
    Offices,
    Points,
    Ranking,
    Reward,
    Salary,
    Series,
    SideBySide,
    Together,
)
from bot.gist import cut
from bot.markup import Button, Message, Part, html_of, message_of, plain_of
from bot.markup import escaped as _e
from bot.quotation import citation as _citation
from bot.quotation import short as _short
from bot.reference import code
from bot.refusals import asked_back, refusal
from corpus import Kind, Record

_SHOWN_CITATIONS = 2
_CLOSE = 0.9  # a second clause is quoted too when it is this near to the first
_CITED = 5
_GLIMPSE = 140  # characters of a clause that is offered to be opened

_WORDING: dict[type[Any], Callable[[Any], list[str]]] = {
    Points: points.points,
    CriterionPoints: points.criterion,
    Series: points.series,
    Gap: points.gap,
    Change: points.change,
    Deductions: points.deductions,
    Ranking: rankings.ranking,
    Comparison: rankings.comparison,
    Mean: rankings.mean,
    Gaps: rankings.gaps,
    Criteria: rankings.criteria,
    Finality: rankings.finality,
    Changes: rankings.changes,
    Members: rankings.members,
    Audited: rankings.audited,
    Awards: annals.awards,
    MeetingFacts: annals.meeting_facts,
    MeetingList: annals.meeting_list,
    Offices: annals.offices,
    Agreement: annals.agreement,
    Names: annals.names,
    Known: law.known,
    Reward: law.reward,
    Salary: law.salary,
    Together: law.together,
    Halves: law.halves,
    Lifespan: law.lifespan,
    InForce: law.in_force,
}  # SideBySide is not a part of an answer but all of it: law.side_by_side


def page(answer: Answer) -> tuple[Message, ...]:
    """A place of a document to read, with buttons to turn the page. Where it fits into one message,
    its buttons ask for that message to be changed instead of another one."""
    parts = _parts(answer, folding=True, reading=True)
    rows = reading_on(answer, turning=len(message_of(parts)) == 1)
    return message_of(parts, rows)


def others(answer: Answer) -> tuple[Message, ...]:
    """The openings of what else came near to a question, with buttons to open each."""
    lines, rows = [], []
    for citation in answer.citations[1:_CITED]:
        # The first line that is no bare heading tells most in few words.
        told = [x for x in citation.quote.split("\n") if not x.startswith("Điều ")]
        opening = cut((told or [citation.quote])[0], _GLIMPSE)
        lines.append(f"<b>{_e(_short(citation))}</b>\n{_e(opening)}")
        label = f"📖 {_short(citation)}"
        data = f"w:{code(citation.document, citation.place)}"
        rows.append([Button(label=label, data=data)])
    return message_of([Part(text=line) for line in lines], rows)


class Offer(Record):
    """A clause to put into another chat: how it is listed, and the message."""

    code: str
    title: str
    description: str
    message: Message


def offers(answer: Answer, away: str) -> tuple[Offer, ...]:
    """The clauses of regulations that an answer quotes, each for itself; ``away`` begins the link
    to read on."""
    if answer.absence or answer.choice:
        return ()
    found = []
    for citation in answer.citations:
        if citation.document.kind is not Kind.REGULATION:
            continue
        alone = answer.model_copy(update={"findings": (), "citations": (citation,)})
        parts = _citation(citation, alone, True)
        if len(message_of(parts)) > 1:
            parts = _citation(citation, alone, True, short=True)
        first = citation.quote.split("\n")
        described = next((line for line in first if not line.startswith("Điều ")), first[0])
        found.append(
            Offer(
                code=code(citation.document, citation.place),
                title=_short(citation),
                description=cut(described, 120),
                message=message_of(parts, [[opener(citation, away)]])[0],
            )
        )
    return tuple(found)


def messages(answer: Answer, *, short: bool = False, away: str = "") -> tuple[Message, ...]:
    """The answer as Telegram messages, each within the limit; the buttons under the last. ``short``
    leaves out the quote where its gist says enough, and what else is near. With ``away``, the
    beginning of a link, there is one button to read on, and elsewhere: a group stays quiet."""
    return message_of(_parts(answer, folding=True, brief=short), buttons(answer, away))


def plain(answer: Answer) -> str:
    """The answer as the user reads it where nothing is folded and there are no buttons."""
    return "\n\n".join(plain_of(html_of(part)) for part in _parts(answer, folding=False))


def cautions(answer: Answer) -> tuple[str, ...]:
    """The warnings of an answer as the user reads them."""
    doubt = unsure(answer.warnings)
    read = plain_of(readings(answer.warnings))
    return (*(text for text in (doubt, read) if text), *sentences(answer.warnings))


def _parts(
    answer: Answer, *, folding: bool, brief: bool = False, reading: bool = False
) -> list[Part]:
    if answer.choice:
        return [Part(text=asked_back(answer.choice))]
    if answer.absence:
        told = (c for c in answer.warnings if c.caution in (Caution.MERGED, Caution.RENAMED))
        return [*refusal(answer.absence, answer), *_warned(told)]
    if pair := next((f for f in answer.findings if isinstance(f, SideBySide)), None):
        return [*law.side_by_side(pair, answer), *_warned(answer.warnings)]
    parts = [
        Part(text=text) for finding in answer.findings for text in _WORDING[type(finding)](finding)
    ]
    if read := readings(answer.warnings):
        parts.insert(0, Part(text=read))
    if answer.question.read_as:
        parts.insert(0, Part(text=f"Hiểu câu hỏi là: “{_e(answer.question.read_as)}”"))
    if answer.kind is AnswerKind.PARTIAL and (doubt := unsure(answer.warnings)):
        parts.insert(0, Part(text=doubt))
    shown = _shown(answer, 1 if brief else _CITED)
    for citation in shown:
        first = citation is answer.citations[0]
        parts += _citation(citation, answer, first, folding, brief, reading)
    more = answer.citations[len(shown) :]
    if more and not folding:  # a chat has a button for them
        names = "; ".join(_e(f"{_short(c)}{_over(c, answer)}") for c in more)
        parts.append(Part(text=f"Xem thêm: {names}."))
    if caveats := sentences(answer.warnings):
        parts.append(Part(text="\n".join(f"⚠️ {_e(text)}" for text in caveats)))
    if _names_its_day(answer):
        parts.append(Part(text=f"Áp dụng quy định tại ngày {day_of(answer.as_of)}."))
    return parts


def _warned(caveats: Iterable[Caveat]) -> list[Part]:
    return [Part(text=f"⚠️ {_e(text)}") for text in sentences(caveats)]


def _over(citation: Citation, answer: Answer) -> str:
    """The mark of what no longer applies, where a citation is only named."""
    expires = citation.document.expires
    over = expires and expires <= max(answer.question.today, answer.as_of)
    return " (đã hết hiệu lực)" if over else ""


def _shown(answer: Answer, most: int) -> tuple[Citation, ...]:
    """What a record rests on is quoted whole; of clauses, the first and what is as near."""
    of_records = any(not isinstance(f, OF_REGULATIONS) for f in answer.findings)
    shown = [
        c
        for i, c in enumerate(answer.citations)
        if i == 0
        or of_records
        or (i < _SHOWN_CITATIONS and c.relevance >= _CLOSE * answer.citations[0].relevance)
        or answer.question.place.article  # it was named: all that was fetched is shown
        or c.span
        or any(_rests_on(f, c, i) for f in answer.findings)
    ]
    return tuple(shown[:most])


def _rests_on(finding: Finding, citation: Citation, at: int) -> bool:
    """True when what a finding says cannot be checked without the citation, the ``at``-th."""
    match finding:
        case Reward():
            return at < _SHOWN_CITATIONS or citation.place == finding.passage.place
        case Together():
            return citation.place == finding.passage.place
        case Lifespan():
            return at <= _SHOWN_CITATIONS
        case _:
            return False


def _names_its_day(answer: Answer) -> bool:
    """The day is named where the question set one, or where it decides between texts."""
    of_rules = [c.document for c in answer.citations if c.document.kind is Kind.REGULATION]
    if not of_rules or any(isinstance(f, Halves | Lifespan | InForce) for f in answer.findings):
        return False
    changed = {Caution.AMENDED, Caution.CHANGED, Caution.PART_ENDED, Caution.ABOVE}
    return answer.question.dated or any(c.caution in changed for c in answer.warnings)
