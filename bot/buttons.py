"""The buttons under an answer: which is meant, where to read on, what was thought of it."""

from bot.answer import Answer, Citation
from bot.finding import Lack
from bot.markup import Button, copying
from bot.quotation import copied
from bot.reference import code
from corpus import Document, Kind, Place

_VOTES = (Button(label="👍", data="vote:up"), Button(label="👎", data="vote:down"))


def buttons(answer: Answer, away: str = "") -> list[list[Button]]:
    """The rows of buttons under an answer: which is meant, where to read on, what was thought."""
    meant = answer.choice.options if answer.choice else ()
    rows = [[Button(label=label, data=f"q:{i}")] for i, label in enumerate(meant)]
    lack = answer.absence.lack if answer.absence else None
    no_answer = answer.choice or lack in (Lack.EMPTY, Lack.GREETING, Lack.OUTSIDE)
    votes = [] if no_answer else [*_VOTES]
    onward = _reading_away(answer, away) if away else reading_on(answer)
    return [*rows, *onward, votes]


def reading_on(answer: Answer, turning: bool = False) -> list[list[Button]]:
    """The whole Điều, what else is near, the clauses before and after, the citation to copy."""
    if not answer.citations:
        return []
    ask = "p" if turning else "w"
    first = answer.citations[0]
    document, place = first.document, first.place
    above: list[Button] = []
    if document.kind is Kind.REGULATION and place.article:
        if place.clause or place.point:
            above.append(_whole(document, place, ask))
        others = len(answer.citations) - 1
        if others:
            above.append(Button(label=f"📚 Nguồn khác ({others})", data="more"))
    around = _neighbours(document, place, answer.around, ask)
    copy = copying("📋 Chép", copied(document, place))
    return [above, [*around, copy]]


def _reading_away(answer: Answer, away: str) -> list[list[Button]]:
    return [[opener(c, away)] for c in answer.citations[:1] if c.document.kind is Kind.REGULATION]


def opener(citation: Citation, away: str) -> Button:
    """Opens the Điều of a citation where the link ``away`` leads: in the private chat."""
    place = Place(part=citation.place.part, article=citation.place.article)
    reference = code(citation.document, place if place.article else citation.place)
    return Button(
        label=f"📖 Đọc {place if place.article else citation.place}", link=f"{away}src_{reference}"
    )


def _whole(document: Document, place: Place, ask: str = "w") -> Button:
    """Opens the whole Điều that holds a place."""
    article = Place(part=place.part, article=place.article)
    return Button(label=f"📖 Cả Điều {place.article}", data=f"{ask}:{code(document, article)}")


def _neighbours(
    document: Document, place: Place, around: tuple[Place | None, Place | None], ask: str
) -> list[Button]:
    """Buttons for what stands before and after a place in its document."""
    before, after = around
    found = []
    if before:
        found.append(
            Button(label=f"‹ {_near(before, place)}", data=f"{ask}:{code(document, before)}")
        )
    if after:
        found.append(
            Button(label=f"{_near(after, place)} ›", data=f"{ask}:{code(document, after)}")
        )
    return found


def _near(other: Place, place: Place) -> str:
    """A neighbour by the least that tells it: its khoản, its Điều, its paragraph."""
    if other.paragraph and not other.article:
        return f"đoạn {other.paragraph}"
    if other.clause and (other.part, other.article) == (place.part, place.article):
        return f"khoản {other.clause}"
    return f"Điều {other.article}"
