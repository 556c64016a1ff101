"""Is the loop late? A thread that asks it again and again, and logs where it stands when it is."""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable

EVERY = 0.1  # seconds between two questions to the loop
LATE = 0.25  # seconds without an answer after which the stack is logged
KEPT = 60.0  # seconds for which the worst answer counts

_log = logging.getLogger(__name__)


class Watchdog:
    """Measures how late a loop is. ``seen`` is given each lag, in seconds."""

    def __init__(self, *, late: float = LATE, seen: Callable[[float], object] = lambda lag: None):
        self._late, self._seen = late, seen
        self._end = threading.Event()
        self._lags: deque[tuple[float, float]] = deque()  # when, how late
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch the running loop, which is this thread's, until ``stop``."""
        loop, number = asyncio.get_running_loop(), threading.get_ident()
        self._thread = threading.Thread(
            target=self._watch, args=(loop, number), name="watchdog", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._end.set()

    @property
    def worst(self) -> float:
        """The greatest lag of the last minute, in seconds."""
        newest = time.monotonic() - KEPT
        return max((lag for at, lag in tuple(self._lags) if at > newest), default=0.0)

    def _watch(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        while not self._end.wait(EVERY):
            answered, moments = threading.Event(), [0.0]

            def answer(
                answered: threading.Event = answered, moments: list[float] = moments
            ) -> None:
                moments[0] = time.monotonic()  # here: this thread may be late itself
                answered.set()

            asked = time.monotonic()
            try:
                loop.call_soon_threadsafe(answer)
            except RuntimeError:  # the loop was closed
                return
            if not answered.wait(self._late):
                _log.warning(
                    "The loop is late by more than %s s; it stands at: %s",
                    self._late, stack_of(number),
                )  # fmt: skip
                while not answered.wait(1.0):
                    if self._end.is_set():
                        return
            (now,) = moments
            self._lags.append((now, now - asked))
            while self._lags[0][0] < now - KEPT:
                self._lags.popleft()
            self._seen(now - asked)


def stack_of(thread: int) -> str:
    """Where a thread stands, as Python prints it."""
    frame = sys._current_frames().get(thread)
    return "".join(traceback.format_stack(frame)) if frame else "unknown"
