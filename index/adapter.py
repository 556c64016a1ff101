"""What was learned of how cadres ask: their words and those of a regulation are not the same.

A question's vector is moved to where the clauses lie that answered such questions, by one matrix; and
one number for each dimension says how much it counts when question and clause are held against each
other. Both were learned by benchmarks/adapter.py, for the bundled model alone.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.weights import NAME

FILE = Path(__file__).with_name("adapter.npz")
_LEAST = 1e-6


class Adapter:
    """``matrix``: (dimension, dimension); ``counts``: (dimension,), what each dimension counts in an
    agreement; ``bias`` is added to it."""

    def __init__(self, matrix: np.ndarray, counts: np.ndarray, bias: float):
        self._matrix = matrix.astype(np.float32)
        self._counts = counts.astype(np.float32)
        self._bias = float(bias)

    def moved(self, question: np.ndarray) -> np.ndarray:
        """The vector to search with: (dimension,) float32, length 1."""
        vector = question @ self._matrix
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def nearness(self, cosines: np.ndarray, vector: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Cosines set against that of the question with passages drawn at random: 0 is no nearer, 1 the
        same text."""
        return _above(cosines, float((drawn @ vector).mean()))

    def agreement(self, vector: np.ndarray, passages: np.ndarray) -> Sequence[float | None]:
        """How well a moved question and each passage go together, in log odds: one for each row."""
        return (passages @ (vector * self._counts) + self._bias).tolist()


class Unmoved(Adapter):
    """For a model that nothing was learned for: a question stays where it is, and nothing is judged."""

    def __init__(self, drawn: np.ndarray):
        """``drawn`` are vectors of passages drawn at random."""
        super().__init__(np.eye(drawn.shape[1]), np.zeros(drawn.shape[1]), 0.0)
        pairs = (drawn @ drawn.T)[np.triu_indices(len(drawn), 1)]
        self._usual = float(pairs.mean()) if len(pairs) else 0.0

    def moved(self, question: np.ndarray) -> np.ndarray:
        return question

    def nearness(self, cosines: np.ndarray, vector: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Set against the cosine of two passages drawn at random."""
        return _above(cosines, self._usual)

    def agreement(self, vector: np.ndarray, passages: np.ndarray) -> Sequence[float | None]:
        return [None] * len(passages)


def _above(cosines: np.ndarray, usual: float) -> np.ndarray:
    return (cosines - usual) / max(1 - usual, _LEAST)


def adapter(encoder: str, drawn: np.ndarray) -> Adapter:
    """The adapter of the encoder of that name; ``drawn`` are vectors of passages drawn at random."""
    return _learned() if encoder.split("+")[0] == NAME else Unmoved(drawn)


@functools.cache
def _learned() -> Adapter:
    with np.load(FILE) as held:
        return Adapter(held["matrix"], held["counts"], held["bias"])
