"""Reward money: the clause's coefficient × the base salary in force, rounded as the decree says.

It is arithmetic on two quoted clauses, never a lookup in our own table: where the clause names no
single coefficient, or no base salary in force on that day is held, nothing is computed.
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Decimal

from bot.finding import Reward
from bot.question import Question, Topic, recipient_of, recipients_in
from corpus import Document, Kind, Passage
from index import Index

_COEFFICIENT = re.compile(r"(\d+(?:,\d+)?)\s+lần\s+mức\s+(?:tiền\s+)?lương\s+cơ\s+sở", re.I)
_BASE = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)\s*đồng\s*(?:/|một|mỗi)\s*tháng", re.I)
_ROUNDED_UP = re.compile(r"làm\s+tròn\s+(?:số\s+)?lên\s+(?:đến\s+)?(?:hàng\s+)?chục\s+nghìn", re.I)
# A ceiling and a multiple of another sum are no sum.
_AT_MOST = re.compile(
    r"(?:không\s+(?:vượt\s+)?quá|nhiều\s+nhất|tối\s+đa)\s+\d|gấp\s+(?:đôi|\w+\s+lần)", re.I
)
_TEN_THOUSAND = Decimal(10_000)


def reward(
    question: Question,
    document: Document,
    passages: Sequence[Passage],
    index: Index,
    applies: Callable[[Document], bool],
) -> Reward | None:
    """The money that a clause of ``document``, its ``passages``, gives; None when it cannot be told.

    ``applies`` tells whether a document is in force on the day that counts. Amounts are in đồng.
    """
    quote = "\n".join(passage.text for passage in passages)
    coefficients = set(_COEFFICIENT.findall(quote))
    if Topic.MONEY not in question.topics or len(coefficients) != 1 or _AT_MOST.search(quote):
        return None
    receives = recipient_of(passages[0])
    asked = recipients_in(question.whole)
    if len(receives) > 1 or (asked and receives and not asked & receives):
        # A person's sum is never given for a collective's, which the decree doubles.
        return None
    bases = [
        (held, passage, match[1])
        for held in index.documents.values()
        if held.kind is Kind.REGULATION and applies(held)
        for passage in index.within_document(held.path)
        if _of_base_salary(passage) and (match := _BASE.search(passage.text))
    ]
    if len({amount for _, _, amount in bases}) != 1:
        return None
    base_document, base_passage, amount = bases[0]
    coefficient = Decimal(coefficients.pop().replace(",", "."))
    base = Decimal(amount.replace(".", ""))
    exact = coefficient * base
    rounding = next((p for p in index.within_document(document.path) if _rounds(p)), None)
    rounded = (exact / _TEN_THOUSAND).to_integral_value(ROUND_CEILING) * _TEN_THOUSAND
    return Reward(
        recipient=next(iter(receives), ""),
        coefficient=coefficient,
        base=base,
        exact=exact,
        paid=rounded if rounding else exact,
        base_document=base_document,
        base_passage=base_passage,
        rounding=rounding,
        as_of=question.as_of,
    )


def _of_base_salary(passage: Passage) -> bool:
    words = "\n".join([*passage.headings[-1:], passage.text]).lower()
    return bool(passage.place.article) and "lương cơ sở" in words


def _rounds(passage: Passage) -> bool:
    return bool(passage.place.article and _ROUNDED_UP.search(passage.text))
