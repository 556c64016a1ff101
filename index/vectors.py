"""Nearest vectors: the sole owner of faiss."""

from typing import Any, NamedTuple, Protocol

import faiss
import numpy as np

_faiss: Any = faiss  # its stubs know only the constructors of C++
_BLOCK = 8192  # rows read at once
_MORE = 16
_PER_CELL = 40  # rows that teach where one cell lies


class Sizes(NamedTuple):
    """Up to how many numbers (rows × dimension) each kind of FAISS index serves; see docs/retrieval.md."""

    flat: int = 50_000 * 384
    bytes: int = 250_000 * 384
    cells: int = 1024  # that a larger matrix is divided into
    probed: int = 8  # one of so many cells is searched


class Rows(Protocol):
    """Unit vectors by number, float32: a matrix in memory, or the rows of an index file."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many, and of which dimension."""
        ...

    def __getitem__(self, numbers: np.ndarray, /) -> np.ndarray:
        """The rows of these numbers, in their order."""
        ...


class Vectors:
    """Unit vectors searched by inner product, by the kind of FAISS index that their size asks for.

    Few are searched exactly ("Flat"). More are kept as one byte a number ("SQ8"), and beyond that
    only the cells nearest to the question are searched ("IVF,SQ8"). These two give half as many
    again as are wanted and ``_MORE``; the exact vectors, read from ``rows``, choose among them.
    """

    def __init__(self, rows: Rows, packed: np.ndarray | None = None, sizes: Sizes = Sizes()):  # noqa: B008
        """``packed`` is what ``pack`` gave for the same rows; without it the index is made anew."""
        self._rows, self._sizes = rows, sizes
        if packed is not None and len(packed):
            self._index = faiss.deserialize_index(packed)
        else:
            self._index = _made(rows, sizes)
        self.exact = isinstance(self._index, faiss.IndexFlat)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def pack(self) -> np.ndarray:
        """The index as bytes, to be kept; none when making it is as fast as reading it."""
        return np.zeros(0, np.uint8) if self.exact else faiss.serialize_index(self._index)

    def nearest(
        self, vector: np.ndarray, count: int, allowed: np.ndarray | None = None
    ) -> np.ndarray:
        """The numbers of the ``count`` rows nearest to ``vector``, best first.

        ``allowed``, bool, one a row: only rows where it is true are found.
        """
        count = min(count, len(self) if allowed is None else int(allowed.sum()))
        if not count:
            return np.zeros(0, dtype=np.int64)
        wanted = count if self.exact else count + count // 2 + _MORE
        question = vector.reshape(1, -1).astype(np.float32)
        _, found = self._index.search(question, wanted, params=self._parameters(allowed))
        numbers = found[0][found[0] >= 0]
        if self.exact:
            return numbers
        return numbers[np.argsort(-self.cosine(vector, numbers), kind="stable")[:count]]

    def cosine(self, vector: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """Cosine of ``vector`` with the rows ``numbers``: shape (len(numbers),), float32, exact."""
        return self.rows(numbers) @ vector.astype(np.float32)

    def rows(self, numbers: np.ndarray) -> np.ndarray:
        """The vectors of these numbers: (len(numbers), dimension) float32, exact."""
        if not len(numbers):
            return np.zeros((0, self._rows.shape[1]), dtype=np.float32)
        numbers = np.ascontiguousarray(numbers, dtype=np.int64)
        return self._index.reconstruct_batch(numbers) if self.exact else self._rows[numbers]

    def _parameters(self, allowed: np.ndarray | None) -> Any:
        chosen = None
        if allowed is not None:
            chosen = _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if not isinstance(self._index, faiss.IndexIVF):
            return _faiss.SearchParameters(sel=chosen)
        # Where few rows are allowed, as many of them are met only in more cells.
        share = 1.0 if allowed is None else float(allowed.mean())
        cells = self._index.nlist
        probed = min(cells, int(np.ceil(cells / self._sizes.probed / share)))
        return _faiss.SearchParametersIVF(sel=chosen, nprobe=probed)


def _made(rows: Rows, sizes: Sizes) -> faiss.Index:
    count, dimension = rows.shape
    index = faiss.index_factory(
        dimension, _kind(count * dimension, sizes), faiss.METRIC_INNER_PRODUCT
    )
    if not index.is_trained:
        drawn = np.random.default_rng(0).permutation(count)[: _PER_CELL * sizes.cells]
        sample = rows[np.sort(drawn)]
        index.train(sample[sample.any(axis=1)])  # rows of zeros are of passages without words
    for start in range(0, count, _BLOCK):
        index.add(rows[np.arange(start, min(start + _BLOCK, count))])
    return index


def _kind(numbers: int, sizes: Sizes) -> str:
    if numbers <= sizes.flat:
        return "Flat"
    return "SQ8" if numbers <= sizes.bytes else f"IVF{sizes.cells},SQ8"
