"""Gives a question typed without accents, or without some of them, its accents back.

A syllable-pair model with Viterbi: for every bare syllable the written forms seen in the texts, for
every pair how often the two forms stood together, learned from the indexed texts. The words leg does not need it (it is folded);
the encoder does, because it was trained on text with accents.
"""

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus import Record, could_be, fold, is_syllable, respell, tone_apart

_WORD = re.compile(r"[^\W\d_]+|\d+")
_DIGITS = "#"  # any number: "năm" before one is not "nam"
_TYPED_SHARE = 0.3  # above this share of accented syllables the question was typed with accents
_MANY = 0.25  # from this share of syllables without their accents any may lack them
_SURE = 6.0  # what it costs to doubt a syllable that the texts know as it is typed
_SELDOM = 0.03  # of a syllable's forms: who writes this one has left out its marks
_BEAM = 12  # forms that are kept at each place
_START = ""
# Statutes do not ask questions, so the words that cadres ask with are taught here.
_ASKING = """
bao nhiêu điểm; được bao nhiêu; là bao nhiêu; mấy điểm; mấy năm; mấy lần; được mấy; thế nào; như thế nào;
khi nào; ngày nào; hôm nào; năm nào; ở đâu; ai được; do ai; ai quyết định; là ai; vì sao; tại sao;
lý do gì; vì lý do gì; đơn vị nào; đứng đầu; dẫn đầu; xếp thứ mấy; hạng mấy; có được không; được không;
phải không; đúng không; gồm những gì; là gì; cần gì; cần những gì; cho tôi hỏi; cho biết; xin hỏi;
tiêu chuẩn gì; hồ sơ gồm; số mấy; quyết định số mấy; bị trừ điểm; trừ mấy điểm; so với năm; thay đổi;
tăng hay giảm; cao nhất; thấp nhất; năm nay; năm ngoái; năm trước; hiện nay; tính sao; làm sao; mấy tiền;
năm 2021; năm 2022 là; sang 2022; trong năm 2023; từ năm 2021 đến năm 2024; thì sao; thì không; thì có;
thì nhận; thì tính; thì tạm; phần trăm; bao nhiêu phần trăm; hôm nay; ngày mai; tính đến; tăng mấy điểm;
tăng điểm nhiều nhất; 2021 sang 2022; đúng hay sai; từ đâu; để có; có xét; vừa có; cần mấy; thay những; quá bao lâu; cùng năm; ô nào; khi đó;
còn tên cũ; thứ mấy; lần nào; với ai; cho ai; của ai; ra sao; bị trừ vì; còn năm; thế còn; vậy còn;
bao nhiêu tiền; mức thưởng; có cần; bao lâu; lúc nào; họp ở đâu; họp khi nào; tổ chức ở đâu; chủ trì;
"""


def _written(text: str) -> list[str]:
    return [_DIGITS if w.isdigit() else w.lower() for w in _WORD.findall(respell(text))]


# The forms that one syllable may stand for, each with what it costs to take it (in nats).
Readings = Sequence[tuple[str, float]]


class Way(Record):
    """One way to read a place of a question: syllables after each other, and what the way costs."""

    syllables: tuple[tuple[tuple[str, float], ...], ...]
    cost: float = 0.0


class Taken(Record):
    """What the best path takes at one place: the number of the way, and the forms it writes."""

    way: int
    forms: tuple[str, ...]


class _Trail(NamedTuple):
    score: float
    before: "_Trail | None"
    place: int
    way: int
    form: str


class Accents:
    """The learned model. ``pairs`` are pairs of written syllables; a first element "" is a start."""

    def __init__(self, pairs: Mapping[tuple[str, str], int]):
        self._pairs = dict(pairs)
        self._single: Counter[str] = Counter()
        forms: dict[str, set[str]] = defaultdict(set)
        for (_, second), count in self._pairs.items():
            self._single[second] += count
        for second in self._single:
            forms[fold(second)].add(second)
        self._forms = {bare: tuple(sorted(found)) for bare, found in forms.items()}
        self._total = max(1, sum(self._single.values()))
        self._followers = Counter(first for first, _ in self._pairs)

    @staticmethod
    def learn(texts: Iterable[str]) -> dict[tuple[str, str], int]:
        """Count the pairs of neighbouring syllables in ``texts``."""
        pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            for line in text.split("\n"):
                words = _written(line)
                pairs.update(zip([_START, *words], words, strict=False))
        for phrase in _ASKING.split(";"):
            words = _written(phrase)
            for pair in itertools.pairwise(words):
                pairs[pair] += 5
            if words:
                pairs[(_START, words[0])] += 5
        return dict(pairs)

    def knows(self, word: str) -> bool:
        """True when the texts write ``word`` (lower case), or hold it and it was typed bare."""
        return word in self._single or word in self._forms

    def count(self, form: str) -> int:
        """How often the texts write ``form`` (lower case, the tone as ``respell`` puts it)."""
        return self._single[form]

    def together(self, first: str, second: str) -> int:
        """How often ``second`` follows ``first`` in the texts; "#" is any number."""
        return self._pairs.get((first, second), 0)

    def forms(self, bare: str) -> tuple[str, ...]:
        """The written forms of a folded syllable."""
        return self._forms.get(bare, ())

    def restore(self, question: str) -> str:
        """``question`` with accents where it had none or lacks some; otherwise as typed.

        An accent that was typed is never changed, nor is a syllable that the texts do not know. A
        form that they know is doubted only as far as accents are missing around it.
        """
        question = unicodedata.normalize("NFC", question)
        places = list(_WORD.finditer(question))
        words = [plain(m[0]) for m in places]
        missing = self.missing(words)
        readings = [self.readings(word, missing) for word in words]
        if all(((word, 0.0),) == found for word, found in zip(words, readings, strict=True)):
            return question
        best = [t.forms[0] for t in self.path([(Way(syllables=(r,)),) for r in readings])]
        pieces, end = [], 0
        for at, match in enumerate(places):
            changed = best[at] != words[at] and self._backed(best, at, words[at], missing)
            pieces += [question[end : match.start()]]
            pieces += [cased(match[0], best[at]) if changed else match[0]]
            end = match.end()
        return "".join([*pieces, question[end:]])

    def missing(self, words: Sequence[str]) -> float:
        """The share of ``words`` that lack accents, 0–1; 1 when they were typed without any."""
        spoken = [word for word in words if could_be(fold(word))]
        accented = sum(fold(word) != word for word in spoken)
        if accented <= _TYPED_SHARE * len(spoken):
            return 1.0
        lost = sum(map(self._lost, spoken))
        return lost / (lost + accented) if lost > 1 else 0.0

    def _lost(self, word: str) -> bool:
        """True when a word as it stands is seldom, and with more marks often."""
        if self._single[word] and fold(word) != word:
            return False
        fuller = [form for form in self._forms.get(fold(word), ()) if more_marks(word, form)]
        return self._single[word] < _SELDOM * sum(self._single[form] for form in fuller)

    def readings(self, word: str, missing: float) -> tuple[tuple[str, float], ...]:
        """The forms that ``word`` (as ``plain`` gives it) may stand for, with their costs."""
        known = bool(self._single[word])
        if fold(word) != word:
            fuller = () if known else self._forms.get(fold(word), ())
            doubt = _SURE if is_syllable(word) else 0.0
            found = tuple((form, doubt) for form in fuller if more_marks(word, form))
            return ((word, 0.0), *found)
        forms = self._forms.get(word, ())
        if not forms or missing == 1.0:
            return tuple((form, 0.0) for form in forms) or ((word, 0.0),)
        if known and not missing:
            return ((word, 0.0),)
        doubt = math.log((1 - missing) / missing) if known and missing < 0.5 else 0.0
        return ((word, 0.0), *((form, doubt) for form in forms if form != word))

    def path(self, places: Sequence[Sequence[Way]]) -> list[Taken]:
        """The likeliest way at every place, with the forms that it writes."""
        ends = [_Trail(0.0, None, -1, 0, _START)]
        for place, ways in enumerate(places):
            found: dict[str, _Trail] = {}
            for number, way in enumerate(ways):
                inner = ends
                for readings in way.syllables:
                    inner = self._next(inner, readings, place, number)
                for trail in inner:
                    trail = trail._replace(score=trail.score - way.cost)
                    if trail.form not in found or found[trail.form].score < trail.score:
                        found[trail.form] = trail
            ends = sorted(found.values(), key=lambda t: (-t.score, t.form))[:_BEAM]
        forms: dict[int, list[str]] = defaultdict(list)
        chosen: dict[int, int] = {}
        last: _Trail | None = ends[0]
        while last and last.place >= 0:
            forms[last.place].insert(0, last.form)
            chosen[last.place] = last.way
            last = last.before
        return [Taken(way=chosen[at], forms=tuple(forms[at])) for at in range(len(places))]

    def _next(
        self, ends: Sequence[_Trail], readings: Readings, place: int, way: int
    ) -> list[_Trail]:
        found = []
        for form, cost in readings:
            score, before = max(
                ((end.score + self._cost(end.form, form), end) for end in ends),
                key=lambda pair: (pair[0], pair[1].form),
            )
            found.append(_Trail(score - cost, before, place, way, form))
        return found

    def _cost(self, last: str, form: str) -> float:
        """Log probability of ``form`` after ``last``: the pair, backed off to the single syllable the
        more, the more different syllables follow ``last`` (Witten and Bell)."""
        single = (self._single[form] + 0.1) / self._total
        seen = self._single[last] if last else self._total
        pair = self._pairs.get((last, form), 0)
        new = max(1, self._followers[last])
        return math.log((pair + new * single) / (seen + new))

    def _backed(self, best: Sequence[str], at: int, typed: str, missing: float) -> bool:
        """True when a change stands on the syllables beside it. Where accents are missing all around
        nothing is needed; what is a sound syllable as it was typed must be backed by both."""
        if missing >= _MANY:
            return True
        sides = [
            *([self.together(best[at - 1], best[at])] if at else []),
            *([self.together(best[at], best[at + 1])] if at + 1 < len(best) else []),
        ]
        return bool(sides) and (all(sides) if is_syllable(typed) else any(sides))


def plain(word: str) -> str:
    """A word of a question as the model knows it: lower case, its tone in place, "#" for a number."""
    return _DIGITS if word.isdigit() else respell(word.lower())


def cased(typed: str, form: str) -> str:
    """``form`` in the case that ``typed`` has."""
    if form == _DIGITS:
        return typed
    if len(typed) > 1 and typed.isupper():
        return form.upper()
    return form[:1].upper() + form[1:] if typed[:1].isupper() else form


def more_marks(typed: str, form: str) -> bool:
    """True when ``form`` is ``typed`` with marks added and none changed: "chuân" → "chuẩn"."""
    if fold(typed) != fold(form) or typed == form:
        return False
    (base, tone), (full, tones) = tone_apart(typed), tone_apart(form)
    kept = all(a in (b, fold(b)) for a, b in zip(base, full, strict=False))
    return kept and len(base) == len(full) and tone in ("", tones)
