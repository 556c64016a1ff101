"""Which words of a clause decide a question: they stand out in bold. Nothing is added to a quote."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from bot.markup import Span
from bot.question import Question, content_words
from bot.sureness import measure
from corpus import fold
from index import ASKING

_MOST = 8  # words or phrases in bold; more would not stand out
_RUNS = 2  # of them such as only repeat the question
_WHO = re.compile(r"\bai\b|co quan nao|cap nao|tham quyen")
_OFFICE = re.compile(
    r"(?:chu tich (?:nuoc|uy ban nhan dan|hoi dong)|thu tuong chinh phu|chinh phu|quoc hoi|bo truong|thu truong|nguoi dung dau"
    r"|uy ban nhan dan|hoi dong thi dua|bo noi vu|bo quoc phong|bo cong an)(?: (?!va\b|hoac\b|la\b|quyet|quy|xem|tang|theo|co\b|trong|doi|cho|phai|de\b|gui|trinh|ban hanh)\w+){0,6}"
)
_QUANTITY = re.compile(
    r"(?:(?:cham nhat|truoc|den|tu) )?(?:vao )?ngay \d{1,2}(?:/\d{1,2}(?:/\d{4})?| thang \d{1,2}(?: nam \d{4})?)(?: hang nam)?"
    r"|(?:(?:it nhat|toi thieu|toi da|khong qua|tu|du|tren|duoi|cham nhat|truoc) )?\d+(?:[.,/]\d+)*"
    r"(?: ?%| (?:nam|lan|thang|ngay|dong|diem|nguoi|bo|ban|gio|tuoi|phieu|sang kien|de tai)\b)+(?: muc luong(?: co so)?)?"
    r"(?: tro len| lien tuc| lien tiep| lam viec)*(?: hang nam)?"
)
_LISTS = re.compile(r"tieu chuan|dieu kien|\bgom\b|ho so|\bnhung\b|\bcac\b|nhu the nao")
_SENTENCE = re.compile(r"(?<=[.;?!])\s+(?=[A-ZĐÀ-Ỹ“\"])|\n")
_ITEM = re.compile(r"^(?:(?:Điều )?\d+[a-zđ]?[.)]|[a-zđ][.)]|[-–•+])\s+")


def deciding(question: Question, quote: str, told: Collection[str] = ()) -> tuple[Span, ...]:
    """Where the words stand that a reader of this question looks for, in order, none in another.
    ``told`` are words that the answer has given already, and takes from this quote."""
    folded = fold(quote)
    if len(folded) != len(quote):
        return ()  # no telling which letter is which
    if given := [span for text in told for span in _found(re.escape(fold(text)), folded)]:
        return _apart(given)
    scope = (0, len(quote))
    if not _LISTS.search(question.folded):
        scope = best_sentence(question, quote) or scope
    found: list[Span] = []
    if pattern := measure(question):
        found = [_whole_quantity(span, folded) for span in _found(pattern, folded, scope)]
    elif _WHO.search(question.folded):
        found = _found(_OFFICE.pattern, folded, scope)
    if not found:
        found = [*_found(_QUANTITY.pattern, folded, scope), *_shared(question, quote, scope)]
    return _apart(found)


def _found(pattern: str, folded: str, scope: Span | None = None) -> list[Span]:
    first, end = scope or (0, len(folded))
    return [m.span() for m in re.compile(pattern).finditer(folded, first, end)]


def best_sentence(question: Question, quote: str) -> Span | None:
    """The sentence that says most of what is asked; None when none says two words of it."""
    wanted = content_words(question.folded)
    number = measure(question)
    best: tuple[float, Span] = (0.0, (0, 0))
    for first, end in sentences(quote):
        folded = fold(quote[first:end])
        held = wanted & content_words(folded)
        worth = len(held) + (2.5 if number and re.search(number, folded) else 0.0)
        if len(held) >= min(2, len(wanted)) and worth > best[0]:
            best = (worth, (first, end))
    return best[1] if best[0] else None


def sentences(quote: str) -> Iterator[Span]:
    """First and end of every sentence and line."""
    at = 0
    for mark in _SENTENCE.finditer(quote):
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(quote):
        yield at, len(quote)


def item(line: str) -> str:
    """The mark that a line of a list begins with ("2. ", "a) "), "" where it has none."""
    match = _ITEM.match(line)
    return match[0] if match else ""


def _whole_quantity(span: Span, folded: str) -> Span:
    """ "70%" grown to "từ 70% trở lên" where the text says so."""
    whole = (s for s in _found(_QUANTITY.pattern, folded) if s[0] < span[1] and span[0] < s[1])
    return next(((min(a, span[0]), max(b, span[1])) for a, b in whole), span)


def _shared(question: Question, quote: str, scope: Span) -> list[Span]:
    """The longest runs of words that question and clause share."""
    asked = re.findall(r"\w+", question.whole)
    pairs = {pair for pair in pairwise(asked) if not set(map(fold, pair)) <= ASKING}
    words = [(m[0].lower(), *m.span()) for m in re.compile(r"\w+").finditer(quote, *scope)]
    runs: list[tuple[int, Span]] = []
    for (one, first, middle), (two, _, end) in pairwise(words):
        if (one, two) not in pairs:
            continue
        if runs and runs[-1][1][1] == middle:
            runs[-1] = (runs[-1][0] + 1, (runs[-1][1][0], end))
        else:
            runs.append((2, (first, end)))
    most = max((length for length, _ in runs), default=0)
    return [span for length, span in runs if length > most / 2 and length > 2][:_RUNS]


def _apart(spans: list[Span]) -> tuple[Span, ...]:
    """The first of the spans that do not touch another, in the order of the text."""
    kept: list[Span] = []
    for first, end in spans:
        if len(kept) < _MOST and all(end <= a or b <= first for a, b in kept):
            kept.append((first, end))
    return tuple(sorted(kept))
