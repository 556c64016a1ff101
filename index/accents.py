"""Gives a question typed without accents its accents back, learned from the indexed texts.

A syllable-pair model with Viterbi: for every bare syllable the written forms seen in the texts, for
every pair how often the two forms stood together. The words leg does not need it (it is folded);
the encoder does, because it was trained on text with accents.
"""

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from corpus import fold, respell

_WORD = re.compile(r"[^\W\d_]+|\d+")
_DIGITS = "#"  # any number: "năm" before one is not "nam"
_TYPED_SHARE = 0.3  # above this share of accented syllables the question was typed with accents
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
tăng điểm nhiều nhất; để có; có xét; vừa có; cần mấy; thay những; quá bao lâu; cùng năm; ô nào; khi đó;
còn tên cũ; thứ mấy; lần nào; với ai; cho ai; của ai; ra sao; bị trừ vì; còn năm; thế còn; vậy còn;
bao nhiêu tiền; mức thưởng; có cần; bao lâu; lúc nào; họp ở đâu; họp khi nào; tổ chức ở đâu; chủ trì;
"""


def _written(text: str) -> list[str]:
    return [_DIGITS if w.isdigit() else w.lower() for w in _WORD.findall(respell(text))]


class Accents:
    """The learned model. ``counts`` are pairs of written syllables; a first element "" is a start."""

    def __init__(self, pairs: Mapping[tuple[str, str], int]):
        self._pairs = dict(pairs)
        self._single: Counter[str] = Counter()
        forms: dict[str, set[str]] = defaultdict(set)
        for (_, second), count in self._pairs.items():
            self._single[second] += count
            forms[fold(second)].add(second)
        self._forms = {bare: tuple(sorted(found)) for bare, found in forms.items()}
        self._total = max(1, sum(self._single.values()))

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

    def restore(self, question: str) -> str:
        """``question`` with accents where it had none; as typed when it was typed with accents.

        A syllable that carries an accent is never changed, nor is one that the texts do not know.
        """
        question = unicodedata.normalize("NFC", question)
        places = list(_WORD.finditer(question))
        words = [m[0].lower() for m in places if not m[0].isdigit()]
        if not words or sum(fold(w) != w for w in words) / len(words) > _TYPED_SHARE:
            return question
        best = self._best([m[0] for m in places])
        pieces, end = [], 0
        for match, form in zip(places, best, strict=True):
            pieces += [question[end : match.start()], _cased(match[0], form)]
            end = match.end()
        return "".join([*pieces, question[end:]])

    def _best(self, words: list[str]) -> list[str]:
        paths: dict[str, tuple[float, list[str]]] = {_START: (0.0, [])}
        for word in words:
            low = _DIGITS if word.isdigit() else word.lower()
            bare = fold(low) == low
            forms = self._forms.get(low, (low,)) if bare else (low,)
            step: dict[str, tuple[float, list[str]]] = {}
            for form in forms:
                score, before = max(
                    (cost + self._cost(last, form), last) for last, (cost, _) in paths.items()
                )
                step[form] = (score, [*paths[before][1], form])
            paths = step
        return max(paths.values())[1]

    def _cost(self, last: str, form: str) -> float:
        """Log probability of ``form`` after ``last``: the pair, backed off to the single syllable."""
        single = (self._single[form] + 0.1) / self._total
        seen = self._single[last] if last else self._total
        pair = self._pairs.get((last, form), 0)
        return math.log((pair + 2.0 * single) / (seen + 2.0))


def _cased(typed: str, form: str) -> str:
    if form == _DIGITS:
        return typed
    if len(typed) > 1 and typed.isupper():
        return form.upper()
    return form[:1].upper() + form[1:] if typed[:1].isupper() else form
