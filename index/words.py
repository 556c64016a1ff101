"""BM25 over folded syllables and pairs of neighbouring syllables.

Folding makes a question typed without accents equal to one typed with them; the pairs win back the
meaning that folding loses, and beat word segmentation on every set tried (see docs/retrieval.md).
A passage has two fields: its own text, and its context (headings and opening words), which counts
for less.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import numpy as np

from corpus import fold, syllables
from index.postings import Postings

_K1 = 1.2
_B = 0.6
_CONTEXT = 0.5  # what a word in the context is worth beside one in the text
_ASKED = 0.25  # what a word of asking is worth beside a word of content
_PAIR = "_"
# Words that ask and link. Statutes hardly use them, so their rarity would make them count most.
ASKING = frozenset(
    fold(word)
    for word in """
    đối ai bao nhiêu mấy gì nào đâu sao thế là có được không thì mà và hay hoặc của cho với
    các những một này kia đó ấy khi lúc trong trên về để do bởi vì tại ở ra vào lại cũng
    còn nữa rồi đã đang sẽ phải cần xin hỏi tôi em anh chị ạ à nhỉ nhé vậy như hiện nay
    giờ cùng biết muốn xem giúp làm ơn gồm ta mình mới thôi chỉ đúng nói tính nếu quy định
    """.split()
)
_PARTS = re.compile(r"[.,/-]")


def terms(text: str) -> list[str]:
    """The searchable terms of ``text``: folded syllables, then pairs of neighbours.

    "02" and "2" are one term. A compound number ("06/2022/QH15", "10/8/2023") gives itself and its
    parts, so that it is found by either.
    """
    singles: list[str] = []
    wholes: list[str] = []
    for syllable in syllables(fold(text)):
        parts = [part.lstrip("0") or "0" for part in _PARTS.split(syllable) if part]
        singles += parts
        if len(parts) > 1:
            wholes.append(syllable)
    pairs = [f"{a}{_PAIR}{b}" for a, b in itertools.pairwise(singles)]
    return singles + pairs + wholes


def asked(question: str, extra: Iterable[str] = ()) -> Counter[str]:
    """The terms of a question with their weights: words of asking count for little, ``extra``
    phrases (full names of abbreviations, synonyms) for half."""
    weights: Counter[str] = Counter()
    for term in terms(question):
        content = all(part not in ASKING for part in term.split(_PAIR))
        weights[term] = 1.0 if content else _ASKED  # type: ignore[assignment]
    for phrase in extra:
        for term in terms(phrase):
            weights.setdefault(term, 0.5)  # type: ignore[arg-type]
    return weights


def weighed(text: Sequence[str], context: Sequence[str] = ()) -> dict[str, float]:
    """The weight of each term of a passage: how often its text holds it, and its context for less."""
    weights: dict[str, float] = dict(Counter(text))
    for term, count in Counter(context).items():
        weights[term] = weights.get(term, 0.0) + _CONTEXT * count
    return weights


class Words:
    """BM25 over an inverted file."""

    def __init__(self, arrays: Mapping[str, np.ndarray]):
        """``arrays`` are those of a ``Gathering`` of what ``weighed`` gives."""
        self._postings = Postings(arrays)
        lengths = arrays["lengths"]
        self.size = len(lengths)
        mean = float(lengths.mean()) if self.size else 1.0
        self._norm = _K1 * (1 - _B + _B * lengths / max(mean, 1e-9))

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term, > 0; highest for one that no passage holds."""
        count = self._postings.count(term)
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))

    def knows(self, term: str) -> bool:
        """True when some passage holds the term."""
        return term in self._postings

    def holding(self, wanted: Iterable[str]) -> np.ndarray:
        """The numbers of the passages that hold all these terms, ascending."""
        found = [self._postings.find(term)[0] for term in sorted(wanted, key=self._postings.count)]
        return reduce(np.intersect1d, found) if found else np.arange(self.size)

    def relevance(self, question: Sequence[str] | Counter[str]) -> np.ndarray:
        """BM25 of every passage for the question's terms: shape (size,), float32, 0 where none."""
        scores = np.zeros(self.size, dtype=np.float32)
        weights = question if isinstance(question, Counter) else Counter(dict.fromkeys(question, 1))
        for term, weight in weights.items():
            numbers, counts = self._postings.find(term)
            saturated = counts * (_K1 + 1) / (counts + self._norm[numbers])
            np.add.at(scores, numbers, float(weight) * self.rarity(term) * saturated)
        return scores
