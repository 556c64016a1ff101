"""Vectors kept on disk, so that a text is encoded once for all rankings and all runs."""

import hashlib
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import Encodes

_AT_ONCE = 256  # texts encoded before they are written down


class CachedEncoder:
    """An encoder that looks a text up before it encodes it; vectors and seconds are kept in a file.

    While ``live``, questions are encoded afresh, so that the time of an answer is the true one.
    """

    def __init__(self, folder: Path, encoder: Encodes):
        """Vectors are kept in ``folder``, those of each encoder apart."""
        self._encoder = encoder
        self._file = sqlite3.connect(folder / "vectors.db", isolation_level=None)
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, seconds REAL)"
        )
        self.live = False
        self.encoded = 0  # texts that this object had to encode and write down

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def passages(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        """The vectors of ``texts``, in order."""
        keys = [self._key("passage", text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if not self._held(key)}
        todo = sorted(new.items(), key=lambda item: len(item[1]))
        for start in range(0, len(todo), _AT_ONCE):
            some = dict(todo[start : start + _AT_ONCE])
            end = "" if start + len(some) < len(todo) else "\n"
            began = time.process_time()
            vectors = self._encoder.passages(list(some.values()))
            self._keep(some, vectors, time.process_time() - began)
            print(f"\r{start + len(some)} of {len(todo)}", end=end, file=sys.stderr, flush=True)
        return np.stack([self._vector(key) for key in keys])

    def question(self, text: str) -> np.ndarray:
        """The vector of a question."""
        if self.live:
            return self._encoder.question(text)
        key = self._key("question", text)
        if not self._held(key):
            began = time.process_time()
            vector = self._encoder.question(text)
            self._keep({key: text}, vector[None], time.process_time() - began)
        return self._vector(key)

    def seconds(self, texts: Sequence[str]) -> float:
        """How long it took to encode these passages, whenever that was."""
        return sum(
            self._row("seconds", self._key("passage", text))[0] for text in dict.fromkeys(texts)
        )

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256("\0".join([self.name, kind, text]).encode()).digest()[:16]

    def _row(self, column: str, key: bytes) -> tuple:
        found = self._file.execute(f"SELECT {column} FROM vectors WHERE key = ?", (key,))
        return found.fetchone() or ()

    def _held(self, key: bytes) -> bool:
        return bool(self._row("1", key))

    def _vector(self, key: bytes) -> np.ndarray:
        return np.frombuffer(self._row("vector", key)[0], dtype=np.float32)

    def _keep(self, texts: dict[bytes, str], vectors: np.ndarray, seconds: float) -> None:
        each = seconds / len(texts)
        rows = [
            (key, v.astype(np.float32).tobytes(), each)
            for key, v in zip(texts, vectors, strict=True)
        ]
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        self._file.execute("COMMIT")
        self.encoded += len(rows)
