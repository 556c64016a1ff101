"""Which text applied on a day: whole regulations, and their Điều, khoản and điểm.

A text is known by its file or only by its row in the register; what it does to others is known by the
relations that were read from its clauses or from the register.
"""

import datetime

from corpus import Document, Effect, Place, Relation, Validity
from index import Index

Text = Document | Validity


def in_force(text: Text, day: datetime.date) -> bool:
    """True when a regulation applied on ``day``; one without dates is taken to apply."""
    return (text.effective is None or text.effective <= day) and (
        text.expires is None or day < text.expires
    )


def text_of(number: str, index: Index) -> Text | None:
    """A regulation by its number: as held, else as the register knows it."""
    held = index.by_number().get(number)
    if held:
        return held
    return next((v for v in index.lookup.validities() if v.number == number), None)


def is_held(number: str, index: Index) -> bool:
    """True when the library has the text itself."""
    return number in index.by_number()


def done_to(document: Document, place: Place, effect: Effect, index: Index) -> tuple[Relation, ...]:
    """What other texts do, or it does itself, to a place of a document; oldest first."""
    found = [
        r for r in index.lookup.relations()
        if r.effect is effect and r.target == document.number and document.number
        and (not r.places or not (place.part or document.parent)) and r.touches(place)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: r.since or datetime.date.min))


def gone(document: Document, place: Place, day: datetime.date, index: Index) -> Relation | None:
    """What ended all of a place, or has not let it begin, on ``day``; None where it applies."""
    for relation in done_to(document, place, Effect.REPEALS, index):
        if relation.covers(place) and relation.since and relation.since <= day:
            return relation
    for relation in done_to(document, place, Effect.BEGINS, index):
        if relation.covers(place) and relation.since and relation.since > day:
            return relation
    return None


def amended(
    document: Document, place: Place, day: datetime.date, index: Index
) -> tuple[Relation, ...]:
    """The amendments of a place, or of parts of the text that nobody has told, by ``day``."""
    return tuple(
        r for r in done_to(document, place, Effect.AMENDS, index)
        if r.since is not None and r.since <= day and _still(r.number, day, index)
    )  # fmt: skip


def _still(number: str, day: datetime.date, index: Index) -> bool:
    text = text_of(number, index)
    return text is None or text.expires is None or day < text.expires


def ended_by(number: str, index: Index) -> tuple[Relation, ...]:
    """What replaced a text."""
    return tuple(
        r for r in index.lookup.relations() if r.effect is Effect.REPLACES and r.target == number
    )


def ends(number: str, index: Index) -> tuple[Relation, ...]:
    """What a text replaced."""
    return tuple(
        r for r in index.lookup.relations() if r.effect is Effect.REPLACES and r.number == number
    )


def kin(number: str, index: Index) -> tuple[str, ...]:
    """The texts that came before and after one, itself among them, through what replaced what.

    Texts that only amend others are left out: they applied beside these.
    """
    amending = {
        r.number
        for r in index.lookup.relations()
        if r.effect is Effect.AMENDS and r.number != number
    }
    found = [number]
    for one in found:
        near = [r.target for r in ends(one, index)] + [r.number for r in ended_by(one, index)]
        found += [n for n in near if n not in found and n not in amending]
    return tuple(found)


def of_that_day(number: str, day: datetime.date, index: Index) -> Text | None:
    """Of a text and those before and after it, the one that applied on ``day``; None if not known."""
    for one in kin(number, index):
        text = text_of(one, index)
        if text and text.effective and in_force(text, day):
            return text
    return None


def guided(number: str, index: Index) -> tuple[str, ...]:
    """The texts that a text details."""
    return tuple(
        r.target
        for r in index.lookup.relations()
        if r.effect is Effect.GUIDES and r.number == number
    )


def keeps(index: Index) -> tuple[Relation, ...]:
    """The transitional clauses."""
    return tuple(r for r in index.lookup.relations() if r.effect is Effect.KEEPS)
