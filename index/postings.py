"""The inverted file: which numbers hold a term, and with what weight."""

from array import array
from collections.abc import Mapping
from itertools import repeat

import numpy as np


class Gathering:
    """An inverted file in the making."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._terms, self._numbers, self._weights = array("i"), array("i"), array("f")

    def add(self, number: int, weights: Mapping[str, float]) -> None:
        """``number`` holds these terms; a term that it was given before weighs the sum of both."""
        known = self._known
        self._terms.extend(known.setdefault(term, len(known)) for term in weights)
        self._numbers.extend(repeat(number, len(weights)))
        self._weights.extend(weights.values())

    def arrays(self, size: int) -> dict[str, np.ndarray]:
        """What ``Postings`` is opened from; the numbers go from 0 to ``size`` - 1.

        ``lengths`` is the sum of each number's weights; ``terms`` is UTF-8, one term a line.
        """
        numbers = np.asarray(self._numbers)
        weights = np.asarray(self._weights)
        keys = np.asarray(self._terms, dtype=np.int64) * max(size, 1) + numbers
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))  # of each pair of term and number
        terms, held = np.divmod(keys[first], max(size, 1))
        return {
            "terms": np.frombuffer("\n".join(self._known).encode(), dtype=np.uint8),
            "starts": np.searchsorted(terms, np.arange(len(self._known) + 1)),
            "numbers": held.astype(np.int32),
            "weights": np.add.reduceat(weights[order], first) if len(first) else weights,
            "lengths": np.bincount(numbers, weights, minlength=size).astype(np.float32),
        }


class Postings:
    """An inverted file in memory: the rows of all terms in one array, a term's between two starts."""

    def __init__(self, arrays: Mapping[str, np.ndarray]):
        terms = arrays["terms"].tobytes().decode()
        self._places = {term: n for n, term in enumerate(terms.split("\n") if terms else ())}
        self._starts = arrays["starts"]
        self._numbers, self._weights = arrays["numbers"], arrays["weights"]

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def count(self, term: str) -> int:
        """How many numbers hold the term."""
        place = self._places.get(term)
        return 0 if place is None else int(self._starts[place + 1] - self._starts[place])

    def find(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """The numbers that hold the term, ascending, int64, and the weights, float32."""
        place = self._places.get(term)
        start, end = (0, 0) if place is None else self._starts[place : place + 2]
        # numpy indexes by int64 alone and would convert anew at every use.
        return self._numbers[start:end].astype(np.int64), self._weights[start:end]
