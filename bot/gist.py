"""A long clause in short, in its own words: what is read before the quote is unfolded.

Nothing is put into other words: a list is shown by the openings of its items, prose by the sentence
that says most of what is asked; what is left out is marked.
"""

import re

from bot.emphasis import best_sentence, item
from bot.question import Question, content_words
from bot.sureness import measure

_ITEMS = 8  # items shown; of a longer list the first ones, and how many more there are
_OPENING = 110  # characters of an item
_NEAR = 0.6  # of what the best khoản says of a question, for one that opens a list
_LEAD = 260  # of what opens a list: it says whether all of it is wanted, or one of it
_SENTENCE = 300
_LEFT_OUT = " […]"
_WHO = re.compile(r"\bai\b|co quan nao|cap nao|tham quyen|\bkhong$|co phai")


def gist(question: Question, quote: str) -> tuple[str, ...]:
    """The lines to read first, raw; () when nothing in the quote can stand for it."""
    if measure(question) or _WHO.search(question.folded):
        lines = _prose(question, quote) or _list(question, quote)
    else:
        lines = _list(question, quote) or _prose(question, quote)
    return lines if sum(map(len, lines)) < 0.8 * len(quote) else ()


def _prose(question: Question, quote: str) -> tuple[str, ...]:
    best = best_sentence(question, quote)
    if best is None:
        return ()
    sentence = quote[best[0] : best[1]]
    return (cut(sentence[len(item(sentence)) :].rstrip(";"), _SENTENCE),)


def _list(question: Question, quote: str) -> tuple[str, ...]:
    """The items of the widest list in a clause, without its heading; where one of them opens a list
    of its own and speaks most of what is asked, the items of that."""
    lines = [line for line in quote.split("\n") if not line.startswith("Điều ")]
    numbered = [i for i, line in enumerate(lines) if re.match(r"\d", item(line))]
    lettered = [i for i, line in enumerate(lines) if re.match(r"[^\W\d]", item(line))]
    if len(numbered) < 2:
        return _shown(lines, lettered, "mục")
    wanted = content_words(question.folded)
    said = {i: len(wanted & content_words(lines[i])) for i in numbered}
    for i in numbered:
        inside = [j for j in lettered if i < j and not any(i < n < j for n in numbered)]
        if lines[i].endswith(":") and len(inside) > 1 and said[i] >= _NEAR * max(said.values()):
            return (*_shown(lines, inside, "mục"), f"… và {len(numbered) - 1} khoản nữa")
    return _shown(lines, numbered, "khoản")


def _shown(lines: list[str], items: list[int], name: str) -> tuple[str, ...]:
    if len(items) < 2:
        return ()
    before = lines[items[0] - 1] if items[0] else ""
    lead = [cut(before[len(item(before)) :], _LEAD)] if before.endswith(":") else []
    shown = [f"• {cut(lines[i][len(item(lines[i])) :].rstrip(';'), _OPENING)}" for i in items]
    more = len(shown) - _ITEMS
    if more > 1:
        shown = [*shown[:_ITEMS], f"… và {more} {name} nữa"]
    return (*lead, *shown)


def cut(text: str, most: int) -> str:
    """``text``, or its opening up to a whole word, with a mark where the rest is left out."""
    if len(text) <= most:
        return text
    return text[: text.rfind(" ", 0, most)].rstrip(" ,;:") + _LEFT_OUT
