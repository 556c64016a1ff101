"""A question's vector is moved to where its answers lie, for the model it was learned for alone."""

import numpy as np
import pytest

from hashing import HashEncoder
from index import Index
from index.adapter import Adapter, Unmoved, adapter
from index.weights import HIDDEN, NAME


def unit(*numbers: float) -> np.ndarray:
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


NONE = np.zeros((0, HIDDEN), dtype=np.float32)


def test_what_was_learned_fits_the_bundled_model():
    learned = adapter(NAME, NONE)
    question = unit(*np.random.default_rng(1).normal(size=HIDDEN))
    moved = learned.moved(question)
    assert moved.shape == (HIDDEN,) and moved.dtype == np.float32
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
    # Moved, and not thrown about: most of the question stays.
    assert 0.5 < float(moved @ question) < 0.999
    near, far = learned.agreement(moved, np.array([moved, -moved]))
    assert near is not None and far is not None and near != far


def test_quicker_arithmetic_has_the_same_adapter():
    assert adapter(f"{NAME}+int8", NONE) is adapter(NAME, NONE)


def test_another_model_is_left_alone():
    other = adapter("BAAI/bge-m3", np.eye(4, dtype=np.float32))
    question = unit(1, 2, 3, 4)
    assert isinstance(other, Unmoved)
    assert (other.moved(question) == question).all()
    assert other.agreement(question, np.eye(4)) == [None] * 4


QUESTION, ELSEWHERE = "Hai vòng quanh hồ mất bao lâu?", "Cờ thi đua tặng cho đơn vị dẫn đầu"


def test_the_search_goes_by_the_moved_question(sample_index):
    index, encoder = Index(sample_index, HashEncoder()), HashEncoder()
    there = encoder.question(ELSEWHERE)
    index.adapter = Adapter(
        np.outer(encoder.question(QUESTION), there), np.full(encoder.dimension, 2.0), -0.5
    )
    drawn = float((index._drawn @ there).mean())
    hits = index.search(QUESTION, limit=50)
    cosines = [hit.nearness * (1 - drawn) + drawn for hit in hits]
    # It is as near to them as the other question is, and every dimension counts 2.
    assert max(cosines) > 0.5 > max(index._drawn @ encoder.question(QUESTION))
    assert [hit.agreement for hit in hits] == pytest.approx(
        [2 * c - 0.5 for c in cosines], abs=1e-4
    )
    index.close()


def test_nothing_is_judged_where_nothing_was_learned(sample_index):
    index = Index(sample_index, HashEncoder())
    assert {hit.agreement for hit in index.search(ELSEWHERE)} == {None}
    index.close()
