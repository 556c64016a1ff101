"""A long clause in short, in its own words: what is read before the quote is unfolded.

Nothing is put into other words: a list is shown by the openings of its items, prose by the sentence
that says most of what is asked; what is left out is marked.
"""

import re

from bot.emphasis import best_sentence, item
from bot.question import Question
from bot.sureness import measure

_ITEMS = 8  # items shown; of a longer list the first ones, and how many more there are
_OPENING = 110  # characters of an item
_SENTENCE = 300
_LEFT_OUT = " […]"
_WHO = re.compile(r"\bai\b|co quan nao|cap nao|tham quyen|\bkhong$|co phai")


def gist(question: Question, quote: str) -> tuple[str, ...]:
    """The lines to read first, raw; () when nothing in the quote can stand for it."""
    if measure(question) or _WHO.search(question.folded):
        lines = _prose(question, quote) or _list(quote)
    else:
        lines = _list(quote) or _prose(question, quote)
    return lines if sum(map(len, lines)) < 0.8 * len(quote) else ()


def _prose(question: Question, quote: str) -> tuple[str, ...]:
    best = best_sentence(question, quote)
    if best is None:
        return ()
    sentence = quote[best[0] : best[1]]
    return (cut(sentence[len(item(sentence)) :].rstrip(";"), _SENTENCE),)


def _list(quote: str) -> tuple[str, ...]:
    """The items of the widest list in a clause; a heading and what stands before it are left out."""
    lines = [line for line in quote.split("\n") if not line.startswith("Điều ")]
    numbered = [i for i, line in enumerate(lines) if re.match(r"\d", item(line))]
    lettered = [i for i, line in enumerate(lines) if re.match(r"[^\W\d]", item(line))]
    items = numbered if len(numbered) > 1 else lettered
    if len(items) < 2:
        return ()
    before = lines[items[0] - 1] if items[0] else ""
    lead = [cut(before[len(item(before)) :], 160)] if before.endswith(":") else []
    shown = [f"• {cut(lines[i][len(item(lines[i])) :], _OPENING)}" for i in items]
    more = len(shown) - _ITEMS
    if more > 1:
        shown = [*shown[:_ITEMS], f"… và {more} mục nữa"]
    return (*lead, *shown)


def cut(text: str, most: int) -> str:
    """``text``, or its opening up to a whole word, with a mark where the rest is left out."""
    if len(text) <= most:
        return text
    return text[: text.rfind(" ", 0, most)].rstrip(" ,;:") + _LEFT_OUT
