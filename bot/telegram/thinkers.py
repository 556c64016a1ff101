"""The threads that answers are thought out in: a bounded number, and a limit of time for each thought."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from bot.vitals import Vitals
from bot.watchdog import stack_of

_P = ParamSpec("_P")
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class TookTooLong(Exception):
    """A thought was given up."""


class Thinkers:
    """``places`` thoughts at a time, each of at most ``seconds`` from its beginning on.

    A thread that does not come to an end cannot be stopped. It is left alone, and up to ``places``
    times another takes its place; from then on the bot says that it is not well. When no thread is
    left that could think, ``exhausted`` is set. They never keep the process from ending.
    """

    def __init__(self, places: int, seconds: float, vitals: Vitals):
        self._seconds, self._vitals = seconds, vitals
        self._places, self._spare = asyncio.Semaphore(places), places
        self._most = 2 * places
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads = self._under_way = self._stuck = 0
        self.exhausted = asyncio.Event()

    async def think(
        self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs
    ) -> _T:
        """What a function returns, called in a thread. Raises TookTooLong when it takes too long."""
        await self._places.acquire()
        where: list[int] = []  # the thread
        thought = self._begin(lambda: function(*arguments, **named), where)
        try:
            await asyncio.wait([thought], timeout=self._seconds)
        finally:  # also where who waits was cancelled
            if thought.done():
                self._places.release()
            else:
                self._leave(thought)
        if not thought.done():
            _log.error(
                "A question took longer than %g s and was given up, %d of %d threads are stuck; it stands at: %s",
                self._seconds, self._stuck, self._most, stack_of(where[0]) if where else "unknown",
            )  # fmt: skip
            self._vitals.gave_up()
            raise TookTooLong
        return thought.result()

    def _begin(self, call: Callable[[], _T], where: list[int]) -> "asyncio.Future[_T]":
        future: Future[_T] = Future()

        def run() -> None:
            where.append(threading.get_ident())
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

        self._under_way += 1
        self._tasks.put(run)
        if self._under_way > self._threads:  # not an executor's: those are waited for at the end
            self._threads += 1
            threading.Thread(
                target=self._work, name=f"thinking-{self._threads}", daemon=True
            ).start()
        thought = asyncio.wrap_future(future)
        thought.add_done_callback(self._ended)
        return thought

    def _work(self) -> None:
        while True:
            self._tasks.get()()

    def _ended(self, thought: "asyncio.Future[Any]") -> None:
        self._under_way -= 1
        if not thought.cancelled():
            thought.exception()  # one that was given up is nobody's any more

    def _leave(self, thought: "asyncio.Future[Any]") -> None:
        """Leave a thought alone, and let another thread take its place while there is one."""
        self._stuck += 1
        replaced = self._stuck <= self._spare
        if replaced:
            self._places.release()
        thought.add_done_callback(lambda _: self._back(replaced))
        self._tell()

    def _back(self, replaced: bool) -> None:
        self._stuck -= 1
        if not replaced:
            self._places.release()
        self._tell()

    def _tell(self) -> None:
        self._vitals.stuck = self._stuck
        self._vitals.all_stuck = self._stuck >= self._spare
        if self._stuck >= self._most:
            self.exhausted.set()
