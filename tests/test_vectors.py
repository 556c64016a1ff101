"""Nearest vectors, by every kind of FAISS index."""

import numpy as np
import pytest

from index.vectors import Sizes, Vectors, _kind

FLAT, BYTES, CELLS = Sizes(), Sizes(flat=0), Sizes(flat=0, bytes=0, cells=8, probed=2)


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(600, 16)).astype(np.float32)
    rows[::50] = 0  # as of passages without words
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture(params=[FLAT, BYTES, CELLS], ids=["flat", "bytes", "cells"])
def vectors(request, matrix) -> Vectors:
    return Vectors(matrix, sizes=request.param)


def plain(matrix: np.ndarray, question: np.ndarray, allowed: np.ndarray, count: int) -> list[int]:
    """The nearest rows by comparing with every one."""
    held = np.flatnonzero(allowed)
    return held[np.argsort(-(matrix[held] @ question), kind="stable")[:count]].tolist()


@pytest.mark.parametrize("sizes", [FLAT, BYTES])
def test_the_nearest_are_those_of_a_plain_search(matrix, sizes):
    vectors, every = Vectors(matrix, sizes=sizes), np.ones(len(matrix), dtype=bool)
    for question in matrix[1:40]:
        assert vectors.nearest(question, 20).tolist() == plain(matrix, question, every, 20)
        assert vectors.nearest(question, 1).tolist() == plain(matrix, question, every, 1)


def test_most_of_the_nearest_are_in_the_cells_searched(matrix):
    vectors, every = Vectors(matrix, sizes=CELLS), np.ones(len(matrix), dtype=bool)
    found = [np.isin(plain(matrix, q, every, 10), vectors.nearest(q, 10)) for q in matrix[1:40]]
    assert 0.7 < np.mean(found) < 1
    assert [int(vectors.nearest(q, 10)[0]) for q in matrix[1:40]] == list(range(1, 40))


def test_only_what_is_allowed_is_found_and_all_of_that(vectors, matrix):
    """In no kind does a small share of allowed rows cost any of them."""
    for step in (7, 90):
        allowed = np.arange(len(matrix)) % step == 3
        for question in matrix[1:20]:
            count = min(5, int(allowed.sum()))
            found = vectors.nearest(question, 5, allowed).tolist()
            assert found == plain(matrix, question, allowed, count)
    assert vectors.nearest(matrix[1], 5, np.zeros(len(matrix), dtype=bool)).shape == (0,)


def test_no_more_are_given_than_there_are(matrix):
    vectors = Vectors(matrix[1:4])
    assert len(vectors) == 3
    assert sorted(vectors.nearest(matrix[1], 10).tolist()) == [0, 1, 2]
    assert vectors.nearest(matrix[1], 0).shape == (0,)


def test_cosine_is_exact_and_in_the_order_asked_for(vectors, matrix):
    numbers = np.array([9, 2, 30])
    cosine = vectors.cosine(matrix[2], numbers)
    assert cosine.dtype == np.float32
    assert np.allclose(cosine, matrix[numbers] @ matrix[2], atol=1e-6)
    assert vectors.cosine(matrix[2], np.zeros(0, dtype=np.int64)).shape == (0,)


def test_a_packed_index_finds_the_same(vectors, matrix):
    packed = vectors.pack()
    assert (len(packed) == 0) == vectors.exact
    again = Vectors(matrix, packed, sizes=CELLS if not vectors.exact else FLAT)
    assert len(again) == len(matrix) and again.exact == vectors.exact
    for question in matrix[1:20]:
        assert again.nearest(question, 9).tolist() == vectors.nearest(question, 9).tolist()


def test_the_kind_goes_by_the_size():
    assert _kind(50_000 * 384, Sizes()) == "Flat"
    assert _kind(50_001 * 384, Sizes()) == _kind(250_000 * 384, Sizes()) == "SQ8"
    assert _kind(250_001 * 384, Sizes()) == "IVF1024,SQ8"


def test_an_empty_matrix_finds_nothing():
    vectors = Vectors(np.zeros((0, 8), dtype=np.float32))
    assert vectors.nearest(np.ones(8, dtype=np.float32), 5).shape == (0,)
