"""A quick encoder for tests: no model, no torch, the interface of ``index.encoder.Encodes``."""

import hashlib
import itertools
from collections.abc import Sequence

import numpy as np

from corpus.text import fold, syllables


class HashEncoder:
    """Vectors from hashed folded syllables and syllable pairs: texts that share words are close.

    The same text gives the same vector in every process and on every machine. A text without any
    word gets the first axis, so that every vector has length 1.
    """

    name = "hash-64"
    dimension = 64

    def passages(self, texts: Sequence[str], progress=None) -> np.ndarray:
        """Return (len(texts), 64) float32; ``progress(done, total)`` is called after every text."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for at, text in enumerate(texts):
            vectors[at] = self.question(text)
            if progress:
                progress(at + 1, len(texts))
        return vectors

    def question(self, text: str) -> np.ndarray:
        """Return (64,) float32."""
        words = syllables(fold(text))
        vector = np.zeros(self.dimension, np.float32)
        for gram in [*words, *map(" ".join, itertools.pairwise(words))]:
            digest = hashlib.blake2b(gram.encode(), digest_size=8).digest()
            vector[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        length = np.linalg.norm(vector)
        if length == 0:
            vector[0] = length = 1
        return vector / length
