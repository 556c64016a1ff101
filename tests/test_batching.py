"""index/batching.py: who asks at once is encoded together, and nobody pays for another's fault."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait

import numpy as np
import pytest

from index.batching import Batching


class Held:
    """Makes vectors of lengths, the first batch not before it is let go; notes every batch. The
    thread that makes batch number ``dies`` is made to end."""

    def __init__(self, dies: int = 0) -> None:
        self.dies = dies
        self.batches: list[list[str]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.batches.append(texts)
        self.begun.set()
        assert self.go.wait(30)
        if "hỏng" in texts:
            raise ValueError("hỏng")
        if len(self.batches) == self.dies:
            raise SystemExit
        return np.array([[len(text)] for text in texts], dtype=np.float32)


def ask_behind(
    held: Held, batching: Batching, first: str, others: list[str]
) -> list[Future[np.ndarray]]:
    """Ask for one text and, while it is under way, for others in their order; then let all go."""
    asked = [in_thread(batching, first)]
    assert held.begun.wait(30)
    for number, text in enumerate(others, 1):
        asked.append(in_thread(batching, text))
        wait_for(lambda number=number: len(batching._line) == number)
    held.go.set()
    assert not wait(asked, 30).not_done
    return asked


def in_thread(batching: Batching, text: str) -> Future[np.ndarray]:
    future: Future[np.ndarray] = Future()

    def ask() -> None:
        try:
            future.set_result(batching.vector(text))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return future


def wait_for(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_came_meanwhile_is_the_next_batch_and_no_batch_is_too_large() -> None:
    held = Held()
    texts = ["a" * n for n in range(2, 9)]
    asked = ask_behind(held, Batching(held, most=4), "a", texts)
    assert [float(one.result()[0]) for one in asked] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert held.batches == [["a"], texts[:4], texts[4:]]


def test_who_comes_alone_is_encoded_at_once() -> None:
    held = Held()
    held.go.set()
    batching = Batching(held)
    assert [float(batching.vector(text)[0]) for text in ("a", "bb")] == [1, 2]
    assert held.batches == [["a"], ["bb"]]


def test_an_error_reaches_who_caused_it_and_nobody_else() -> None:
    held = Held()
    batching = Batching(held)
    first, good, bad, last = ask_behind(held, batching, "a", ["bb", "hỏng", "cccc"])
    assert [float(one.result()[0]) for one in (first, good, last)] == [1, 2, 4]
    with pytest.raises(ValueError, match="hỏng"):
        bad.result()
    assert float(batching.vector("later")[0]) == 5


def test_a_thread_that_dies_takes_nobody_along() -> None:
    held = Held(dies=2)
    first, *others = ask_behind(held, Batching(held), "a", ["a", "a", "a"])
    assert float(first.result()[0]) == 1
    died = [one for one in others if isinstance(one.exception(30), SystemExit)]
    assert len(died) == 1 and [len(batch) for batch in held.batches[:2]] == [1, 3]
    assert [float(one.result()[0]) for one in others if one not in died] == [1, 1]
