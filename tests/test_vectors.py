"""Nearest vectors, exactly."""

import numpy as np
import pytest

from index.vectors import Vectors


@pytest.fixture
def matrix() -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(50, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_nearest_are_those_of_a_plain_search(matrix):
    vectors = Vectors(matrix)
    for question in matrix[:5]:
        best = np.argsort(-(matrix @ question), kind="stable")[:7]
        assert vectors.nearest(question, 7).tolist() == best.tolist()
        assert vectors.nearest(question, 1).tolist() == best[:1].tolist()


def test_no_more_are_given_than_there_are(matrix):
    vectors = Vectors(matrix[:3])
    assert len(vectors) == 3
    assert sorted(vectors.nearest(matrix[0], 10).tolist()) == [0, 1, 2]
    assert vectors.nearest(matrix[0], 0).shape == (0,)


def test_cosine_is_given_in_the_order_asked_for(matrix):
    vectors = Vectors(matrix)
    numbers = np.array([9, 2, 30])
    cosine = vectors.cosine(matrix[2], numbers)
    assert cosine.dtype == np.float32
    assert np.allclose(cosine, matrix[numbers] @ matrix[2], atol=1e-6)
    assert vectors.cosine(matrix[2], np.zeros(0, dtype=np.int64)).shape == (0,)


def test_an_empty_matrix_finds_nothing():
    vectors = Vectors(np.zeros((0, 8), dtype=np.float32))
    assert vectors.nearest(np.ones(8, dtype=np.float32), 5).shape == (0,)
