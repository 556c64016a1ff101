"""Headings of Điều: how far one speaks of what a question asks."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from index.postings import Gathering, Postings
from index.words import asked

_ARTICLE_NUMBER = re.compile(r"^Điều \d+\w*\.?\s*")


def gather(headings: Sequence[str], rarity: Callable[[str], float]) -> dict[str, np.ndarray]:
    """What ``Headings`` is opened from; ``headings`` has one of each passage, "" where none."""
    numbers = {heading: number for number, heading in enumerate(dict.fromkeys(headings))}
    held = Gathering()
    squares = np.zeros(len(numbers), dtype=np.float32)
    for heading, number in numbers.items():
        content = asked(_ARTICLE_NUMBER.sub("", heading)).items()
        found = {term: 1.0 for term, weight in content if weight == 1.0}
        held.add(number, found)
        squares[number] = sum(rarity(term) ** 2 for term in found)
    return {
        **held.arrays(len(numbers)),
        "lengths": np.sqrt(np.maximum(squares, 1e-9)),
        "of": np.array([numbers[heading] for heading in headings], dtype=np.int32),
    }


class Headings:
    """The headings that passages stand under."""

    def __init__(self, arrays: Mapping[str, np.ndarray], rarity: Callable[[str], float]):
        self._postings = Postings(arrays)
        self._lengths, self._of = arrays["lengths"], arrays["of"]
        self._rarity = rarity

    def match(self, weights: Counter[str]) -> np.ndarray:
        """How far each passage's heading and the question speak of the same thing: 0–1.

        The cosine of their terms, each weighted by its rarity: a short heading whose every word is
        asked for ("Hình thức khen thưởng") beats a long one that holds the same words.
        """
        asked_for = {term: self._rarity(term) for term, w in weights.items() if w == 1.0}
        length = math.sqrt(sum(v * v for v in asked_for.values())) or 1.0
        match = np.zeros(len(self._lengths), dtype=np.float32)
        for term, rarity in asked_for.items():
            match[self._postings.find(term)[0]] += rarity * rarity
        return (match / length / self._lengths)[self._of]
