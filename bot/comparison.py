"""Two texts on one subject, side by side: the same matter in each, and the words that differ.

"So sánh Luật 2003 và 2022 về …", "điểm mới của Nghị định … so với …": the subject is what remains of
the question; in each text the Điều that speaks of it is looked for, and the two are compared word by
word.
"""

import datetime
import itertools
import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from bot.finding import Side, SideBySide
from bot.force import Text, ends, is_held, of_that_day, text_of
from bot.history import called
from bot.question import Question
from corpus import Document, Place, fold
from index import Index

_ASKED = re.compile(
    r"so sanh|doi chieu|khac (?:gi|nhau|biet|the nao|voi|o)|(?:diem|noi dung)(?: gi)? moi\b|\bgi moi\b|thay doi (?:gi|nhu the nao|the nao|nhung gi|ra sao)|so voi|giong (?:va|nhau|hay)|(?:truoc|cu) (?:va|voi) (?:nay|moi)"
)
_TEXT = r"(?:bo luat|luat|nghi dinh|nd|thong tu|tt|quyet dinh|quy che|quy dinh|van ban)"
_FORMS = {"nd": "nghi dinh", "tt": "thong tu"}
_NAMED = re.compile(
    rf"\b(?P<form>{_TEXT})\s*(?:so\s*)?(?:thi dua,? khen thuong\s*|tdkt\s*)?(?:nam\s*)?(?P<number>\d[\w/-]*)?\s*(?:nam\s*(?P<year>(?:19|20)\d{{2}}))?"
)
_NUMBERED = re.compile(r"(?<![\w/])\d+/(?:(?:19|20)\d{2}/)?[a-z]+[a-z0-9]*(?:-[a-z0-9]+)*")
_BESIDE = re.compile(
    r"(?:va|voi|so voi|,|hay|hoac)\s*(?:nam\s*)?(?P<number>(?:19|20)\d{2})(?![/\d])"
)
_OLD = re.compile(
    rf"\b(?P<form>{_TEXT})\s*(?:thi dua,? khen thuong\s*|tdkt\s*)?(?:cu|truoc day|truoc do|truoc)\b"
)
_NEW = re.compile(
    rf"\b(?P<form>{_TEXT})\s*(?:thi dua,? khen thuong\s*|tdkt\s*)?(?:moi|hien hanh|hien nay|dang co hieu luc)\b"
)
_NOISE = re.compile(
    r"so sanh|doi chieu|(?:co )?(?:nhung |cac )?(?:diem|noi dung|quy dinh) (?:gi )?(?:moi|khac)(?: nhau)?|co gi (?:moi|khac)(?: nhau)?|khac (?:gi|nhau|biet|the nao)(?: nhau)?(?: gi| the nao| khong)?"
    r"|(?:da |co )?thay doi (?:gi|nhu the nao|the nao|nhung gi|ra sao)|so voi|giong (?:va|nhau|hay)(?: khac(?: nhau)?)?|giua|truoc day va (?:hien )?nay|cu va moi|\bnhu the nao\b|\bra sao\b|\bthe nao\b"
    r"|trong(?= luat| nghi dinh|\s*$)|cua(?= luat| nghi dinh|\s*$)|\btai sao\b|\bve\b|\btheo\b"
)
_EDGES = re.compile(
    r"^(?:[\s,.;:?]|(?:va|voi|giua|cua|trong|ve|o|thi|la|nay|gi|co|cho|toi|biet|hay|nhung)\b)+|(?:[\s,.;:?!]|\b(?:va|voi|cua|trong|thi|la|gi|co|khong|nay|a)\b)+$"
)


def compared(question: Question, index: Index) -> tuple[list[str], str] | None:
    """The numbers of the two texts to compare, the older first, and the subject as the question says
    it; None where it asks for no comparison of texts. A number may be one that is not held."""
    if not _ASKED.search(question.folded) or question.units or question.strangers:
        return None
    numbers = _texts(question, index)
    if not numbers:
        return None
    return numbers, subject_of(question)


def _texts(question: Question, index: Index) -> list[str]:
    found = [*question.documents]
    for name in question.unheld:
        found += [v.number for v in called(name, index)][:1]
    folded = question.folded
    for match in _BESIDE.finditer(folded):
        named = [m for m in _NAMED.finditer(folded[: match.start()]) if m["number"]]
        if named:
            form = _FORMS.get(named[-1]["form"], named[-1]["form"])
            found += [t.number for t in _of_year(form, int(match["number"]), index)]
    found = list(dict.fromkeys(found))
    newer, older = _NEW.search(folded), _OLD.search(folded)
    if not found and (newer or older or _both_times(folded)):
        return []  # the subject tells which text; see pair_of
    if len(found) == 1 and (text := text_of(found[0], index)):
        found = _with_neighbour(text, bool(newer and not older), question.today, index)
    dated = sorted(found[:2], key=lambda n: _began(n, index))
    return dated if len(dated) == 2 else []


def asks_old_and_new(question: Question) -> str | None:
    """The form of text, folded, of which the old and the new are compared without naming either; ""
    where any is meant; None where this is not asked."""
    folded = question.folded
    if question.documents or question.unheld or question.units or not _ASKED.search(folded):
        return None
    old, new = _OLD.search(folded), _NEW.search(folded)
    if not (old or new or _both_times(folded)):
        return None
    form = (new or old)["form"] if (new or old) else ""  # type: ignore[index]
    form = _FORMS.get(form, form)
    return "" if form in ("quy dinh", "van ban", "quy che") else form


def _both_times(folded: str) -> bool:
    return bool(
        re.search(
            r"truoc (?:day|kia) (?:va|voi|so voi) (?:hien )?(?:nay|gio)|(?:hien )?nay (?:va|so voi|voi|khac) (?:gi )?(?:so voi )?truoc|so voi truoc|khac truoc",
            folded,
        )
    )


def pair_of(document: Document, index: Index) -> list[str]:
    """A text and the one before it, the older first; [] where none is known."""
    before = _before(document, index)
    return [before, document.number] if before else []


def _with_neighbour(text: Text, forward: bool, today: datetime.date, index: Index) -> list[str]:
    """A text with the one that it replaced; with what replaced it, where it replaced none or the newer
    one is asked for."""
    before = _before(text, index)
    after = _after(text, index)
    over = text.expires is not None and text.expires <= today
    other = (after or before) if forward or not before or over else before
    return [text.number, other] if other else [text.number]


def _before(text: Text, index: Index) -> str:
    if text.effective:
        day = text.effective - datetime.timedelta(days=1)
        if then := of_that_day(text.number, day, index):
            return then.number
    replaced = [r.target for r in ends(text.number, index)]
    return replaced[0] if replaced else ""


def _after(text: Text, index: Index) -> str:
    if text.expires and (then := of_that_day(text.number, text.expires, index)):
        return then.number
    return text.replaced_by[0] if text.replaced_by else ""


def _of_year(form: str, year: int, index: Index) -> list[Text]:
    """The texts of a form that were issued in a year, those that only amend others last."""
    known: dict[str, Text] = {v.number: v for v in index.lookup.validities()}
    known |= dict(index.by_number())
    found = [
        t for t in known.values() if fold(t.form) == form and t.issued and t.issued.year == year
    ]
    return sorted(found, key=lambda t: "sửa đổi" in t.title.lower())[:1]


def _began(number: str, index: Index) -> datetime.date:
    text = text_of(number, index)
    return (text and (text.effective or text.issued)) or datetime.date.max


def subject_of(question: Question) -> str:
    """What of a question says what is compared, with its accents."""
    folded = question.folded
    for pattern in (_BESIDE, _OLD, _NEW, _NAMED, _NUMBERED, _NOISE):
        folded = pattern.sub(lambda m: " " * len(m[0]), folded)
    kept = "".join(c if folded[i] != " " or c == " " else " " for i, c in enumerate(question.whole))
    kept = re.sub(r"\s+", " ", kept).strip()
    for _ in range(3):
        low = fold(kept)
        if match := _EDGES.match(low):
            kept = kept[match.end() :]
        elif (match := _EDGES.search(low)) and match.end() == len(low) and match.start():
            kept = kept[: match.start()]
    return kept.strip(" ,.;:?")


Find = Callable[[str, str, Sequence[str]], list[tuple[Document, Place, str, float]]]


def side_by_side(
    numbers: Sequence[str], subject: str, find: Find, index: Index
) -> SideBySide | None:
    """The two texts on one subject. ``find(subject, number, also)`` gives the Điều of the text that may
    be on it, with wording and fitness, best first; ``also`` are further words to look for."""
    missing = tuple(n for n in numbers if not is_held(n, index))
    held = [n for n in numbers if n not in missing]
    options = {n: find(subject, n, ()) for n in held}
    if not any(options.values()):
        return None
    if len(held) == 2 and all(options.values()):
        older, newer = _aligned(options[held[0]], options[held[1]])
        runs = _differences(older[2], newer[2])
        sides = [
            Side(document=one[0], place=one[1], runs=run)
            for one, run in zip((older, newer), runs, strict=True)
        ]
        return SideBySide(older=sides[0], newer=sides[1], subject=subject)
    alone = {
        n: Side(document=o[0][0], place=o[0][1], runs=((o[0][2], False),))
        for n, o in options.items() if o
    }  # fmt: skip
    if not missing:
        missing = tuple(n for n in held if n not in alone)
    return SideBySide(
        older=alone.get(numbers[0]), newer=alone.get(numbers[-1]), subject=subject, missing=missing
    )


Option = tuple[Document, Place, str, float]


def _aligned(older: Sequence[Option], newer: Sequence[Option]) -> tuple[Option, Option]:
    """The pair that fits the question and each other best."""
    top = max(o[3] for o in older), max(o[3] for o in newer)
    pairs = [
        (a[3] / (top[0] or 1) + b[3] / (top[1] or 1) + 1.2 * _likeness(a[2], b[2]), a, b)
        for a in older
        for b in newer
    ]
    _, a, b = max(pairs, key=lambda pair: pair[0])
    return a, b


def _likeness(one: str, other: str) -> float:
    """0–1: how many of the words of the shorter text, in pairs, the other has too."""
    a, b = (set(itertools.pairwise(w)) for w in (fold(one).split(), fold(other).split()))
    return len(a & b) / (min(len(a), len(b)) or 1)


_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def _differences(
    one: str, other: str
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Both texts in runs, each with whether the other lacks it. Marks and capitals do not count."""
    tokens = [_TOKEN.findall(text) for text in (one, other)]
    words = [[(i, t.lower()) for i, t in enumerate(ts) if re.match(r"\w", t)] for ts in tokens]
    matcher = SequenceMatcher(
        None, [w for _, w in words[0]], [w for _, w in words[1]], autojunk=False
    )
    same: list[set[int]] = [set(), set()]
    for a, b, size in matcher.get_matching_blocks():
        # One small word in common between two that differ is no agreement.
        if size > 1 or (size == 1 and len(words[0][a][1]) > 3):
            same[0] |= {words[0][i][0] for i in range(a, a + size)}
            same[1] |= {words[1][i][0] for i in range(b, b + size)}
    return _runs(tokens[0], same[0]), _runs(tokens[1], same[1])


def _runs(tokens: Sequence[str], same: set[int]) -> tuple[tuple[str, bool], ...]:
    runs: list[tuple[str, bool]] = []
    for i, token in enumerate(tokens):
        word = bool(re.match(r"\w", token))
        differs = i not in same if word else False
        if not word and runs and runs[-1][1] and "\n" not in token:
            # What stands between two differing words differs with them.
            following = next(
                (j for j in range(i + 1, len(tokens)) if re.match(r"\w", tokens[j])), -1
            )
            differs = following >= 0 and following not in same
        if runs and runs[-1][1] == differs:
            runs[-1] = (runs[-1][0] + token, differs)
        else:
            runs.append((token, differs))
    return tuple(runs)
