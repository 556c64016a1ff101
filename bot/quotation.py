"""A quotation: what it is about, the clause word for word, and where it stands."""

import datetime

from bot.answer import Answer, AnswerKind, Caution, Citation
from bot.emphasis import deciding
from bot.figures import day_of as _day
from bot.finding import MeetingFacts
from bot.gist import cut, gist
from bot.markup import FOLDED, SHORT, Part, Style
from bot.markup import escaped as _e
from corpus import Document, Kind, Place

_LEFT_OUT = "[…]"
_UNFOLDED = 1000  # characters of a quote that is shown whole where nothing can stand for it


def citation(
    citation: Citation,
    answer: Answer,
    first: bool,
    folding: bool = True,
    short: bool = False,
    reading: bool = False,
) -> list[Part]:
    """The parts of one quotation. ``folding``: the reader sees a long quote folded, so that its gist
    goes before it; ``short``: the gist stands for a long quote; ``reading``: all of it is wanted."""
    quote = citation.quote if first else opening_of(citation.quote)
    text = "\n".join([*_around(citation), quote])
    heading = _heading(citation)
    asked = answer.question
    first_read = folding and first and len(text) > FOLDED and _unspoken(answer)
    lines = gist(asked, quote) if first_read else ()
    lead = f"<b>{_e(heading)}</b>" if heading and (lines or heading not in text) else ""
    if citation.span:
        since, until = map(_day, citation.span)
        lead = f"Từ {since} đến {until}: {lead}".rstrip()
    elif not first:
        lead = f"Liên quan: {lead}" if lead else "Liên quan:"
    parts = [Part(text="\n".join([*([lead] if lead else []), *map(_e, lines)]))]
    if not (short and lines):
        shown = cut(text, SHORT) if short else text
        bold = deciding(asked, shown, _told(answer))
        unfolded = reading or (not lines and len(shown) <= _UNFOLDED)
        parts.append(Part(text=shown, style=Style.QUOTE, bold=bold, unfolded=unfolded))
    return [*(p for p in parts if p.text), Part(text=line_of(citation, answer))]


def _told(answer: Answer) -> list[str]:
    """What records of meetings say in answer: the words of the quotes that say it."""
    told = []
    for finding in answer.findings:
        if isinstance(finding, MeetingFacts):
            facts = [finding.meeting.fact(name) for name in finding.asked]
            told += [fact.value for fact in facts if fact]
            if finding.meeting.date and "date" in finding.asked:
                day = finding.meeting.date
                told += [
                    f"{day:%d/%m/%Y}",
                    f"{day.day}/{day.month}/{day.year}",
                    f"{day.day}/{day.month}",
                ]
    return told


def _unspoken(answer: Answer) -> bool:
    """True when a clause is the answer: no record speaks, it is sure, and not the Điều that was named."""
    told = [f for f in answer.findings if not isinstance(f, MeetingFacts) or f.asked or f.awards]
    return answer.kind is AnswerKind.ANSWER and not told and not answer.question.place.article


def opening_of(quote: str) -> str:
    """A long clause by its opening, cut at a line or a sentence."""
    if len(quote) <= SHORT:
        return quote
    at = max(quote.rfind(mark, 0, SHORT) for mark in ("\n", "; ", ". "))
    return f"{quote[: at + 1 if at > 80 else quote.rfind(' ', 0, SHORT)].rstrip()} {_LEFT_OUT}"


def line_of(citation: Citation, answer: Answer) -> str:
    """Where a quote stands, and whether that applies: HTML."""
    document, place = citation.document, _e(str(citation.place))
    if document.kind is Kind.REGULATION:
        force = in_force(document, answer, citation.span)
        line = f"📖 <b>{place}</b>, {_e(named(document))}"
        return f"{line}\n<i>{force}.</i>" if force else line
    told = any(isinstance(f, MeetingFacts) and f.document == document for f in answer.findings)
    name = "báo cáo nêu trên" if told else f"báo cáo “{_e(document.title)}”"
    date = f", ngày {_day(document.issued)}" if document.issued else ""
    return f"📄 Trích {name}{date}, <b>{place}</b>"


def named(document: Document) -> str:
    """A document as a citation calls it."""
    if not document.number:
        return document.title
    if len(document.title) > 90 and document.form:
        return f"{document.form} số {document.number}"
    return f"{document.title} (số {document.number})"


def short(citation: Citation) -> str:
    """A citation in a few words."""
    return f"{citation.place}, {citation.document.name}"


def copied(document: Document, place: Place) -> str:
    """A citation as an office writes it, to be put into a letter."""
    return (
        f"{place} {named(document)}"
        if document.kind is Kind.REGULATION
        else f"{place}, {named(document)}"
    )


def in_force(
    document: Document, answer: Answer, of: tuple[datetime.date, datetime.date] | None = None
) -> str:
    """How a text stands on the day that counts, or on the last of the days it is given for, and from
    when to when it applies."""
    day = min(max(of[0], answer.as_of), of[1]) if of else answer.as_of
    since = f"từ {_day(document.effective)}" if document.effective else ""
    if document.expires and document.expires <= day:
        before = f" (có hiệu lực {since})" if since else ""
        return f"Đã hết hiệu lực từ {_day(document.expires)}{before}"
    if document.effective and document.effective > day:
        return f"Chưa có hiệu lực; có hiệu lực {since}"
    until = f"hết hiệu lực từ {_day(document.expires)}" if document.expires else ""
    span = ", ".join(filter(None, (since, until)))
    if not span:
        return ""
    amended = any(
        c.caution is Caution.AMENDED and c.about[:1] == (document.number,) for c in answer.warnings
    )
    word = "Có hiệu lực tại ngày " + _day(day) if answer.question.dated else "Đang có hiệu lực"
    return f"{word} ({span}){', đã có văn bản sửa đổi' if amended else ''}"


def _heading(citation: Citation) -> str:
    """What the Điều that holds a clause is about, as its heading says it."""
    if citation.document.kind is not Kind.REGULATION:
        return ""
    opening = f"Điều {citation.place.article}."
    lines = (*citation.around[:1], citation.quote.split("\n")[0])
    return next((x[len(opening) :].strip() for x in lines if x.startswith(opening)), "")


def _around(citation: Citation) -> list[str]:
    """A điểm is read with what opens its khoản: "… đạt một trong các tiêu chuẩn sau đây:"."""
    opening = [text for text in citation.around[1:] if citation.place.point]
    return [*opening, _LEFT_OUT] if opening else []
