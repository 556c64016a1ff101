"""What several threads want encoded at once is encoded together: one batch costs less than its texts."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOST = 16  # texts in a batch


@dataclass(slots=True, eq=False)
class _Wanted:
    """A text that somebody waits for, and what came of it."""

    text: str
    vector: np.ndarray | None = None
    error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.vector is not None or self.error is not None


class Batching:
    """Has ``encode`` make vectors of texts (a row each), one batch at a time.

    Nothing is waited for on an idle machine: who comes while no batch is under way encodes at once, and
    whatever came while one was under way is the next. There is no thread behind it that could die:
    each who waits has the turn some time, and encodes then for all who wait.
    """

    def __init__(self, encode: Callable[[list[str]], np.ndarray], most: int = MOST):
        self._encode, self._most = encode, most
        self._line: deque[_Wanted] = deque()  # added to by anybody, taken from by whose turn it is
        self._turn = threading.Lock()

    def vector(self, text: str) -> np.ndarray:
        """The vector of one text. Raises what ``encode`` raises about this text alone."""
        wanted = _Wanted(text)
        self._line.append(wanted)
        while not wanted.done:
            with self._turn:
                if not wanted.done:
                    self._next()
        if wanted.error is not None:
            raise wanted.error
        assert wanted.vector is not None
        return wanted.vector

    def _next(self) -> None:
        """Encode the oldest in line."""
        some = [self._line.popleft() for _ in range(min(self._most, len(self._line)))]
        try:
            if not self._made(some):
                for one in some:  # one of them spoils it for all: each by itself
                    self._made([one])
        finally:
            # Where this thread is made to end, the others still wait and are next.
            self._line.extendleft(one for one in reversed(some) if not one.done)

    def _made(self, some: list[_Wanted]) -> bool:
        """Whether a batch was encoded; why not is kept where it is about one text."""
        try:
            vectors = self._encode([one.text for one in some])
        except Exception as error:
            if len(some) == 1:
                some[0].error = error
            return False
        for one, vector in zip(some, vectors, strict=True):
            one.vector = vector
        return True
