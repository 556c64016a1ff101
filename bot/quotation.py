"""A quotation: the clause word for word, and where it stands."""

from bot.answer import Answer, Citation
from bot.figures import day_of as _day
from bot.markup import SHORT as _SHORT_QUOTE
from bot.markup import Part, Style
from bot.markup import escaped as _e
from corpus import Document, Kind


def citation(citation: Citation, answer: Answer, first: bool) -> list[Part]:
    document = citation.document
    quote = citation.quote
    if not first and len(quote) > _SHORT_QUOTE and answer.citations[0] is not citation:
        # Beside the first, a long clause is shown by its opening, cut at a line or a sentence.
        cut = max(
            quote.rfind("\n", 0, _SHORT_QUOTE),
            quote.rfind("; ", 0, _SHORT_QUOTE),
            quote.rfind(". ", 0, _SHORT_QUOTE),
        )
        quote = quote[: cut + 1 if cut > 80 else _SHORT_QUOTE].rstrip() + " […]"
    if document.kind is Kind.REGULATION:
        lead = f"Theo <b>{_e(str(citation.place))}, {_e(named(document))}</b>"
        if not first:
            lead = f"Liên quan: <b>{_e(str(citation.place))}, {_e(named(document))}</b>"
        force = in_force(document)
        # A điểm is read with what opens its khoản: "… đạt một trong các tiêu chuẩn sau đây:".
        opening = [text for text in citation.around[1:] if citation.place.point]
        return [
            Part(text=f"{lead}{f' ({force})' if force else ''}:"),
            Part(
                text="\n".join([*opening, *(["[…]"] if opening else []), quote]), style=Style.QUOTE
            ),
        ]
    date = f", ngày {_day(document.issued)}" if document.issued else ""
    lead = f"Trích báo cáo <b>“{_e(document.title)}”</b>{date}, {_e(str(citation.place))}:"
    return [Part(text=lead), Part(text=quote, style=Style.QUOTE)]


def named(document: Document) -> str:
    if not document.number:
        return document.title
    if len(document.title) > 90 and document.form:
        return f"{document.form} số {document.number}"
    return f"{document.title} (số {document.number})"


def short(citation: Citation) -> str:
    return f"{citation.place}, {citation.document.name}"


def in_force(document: Document) -> str:
    words = []
    if document.effective:
        words.append(f"hiệu lực từ {_day(document.effective)}")
    if document.expires:
        words.append(f"hết hiệu lực từ {_day(document.expires)}")
    return ", ".join(words)
