"""Whose turn it is: chats do not wait for each other, updates of one chat do."""

import asyncio
import contextlib
import datetime
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.telegram.backlog import Pick, pick, remove

_log = logging.getLogger(__name__)

CONCURRENCY = 8  # updates being served at a time, in all chats
DROPPED_AFTER = datetime.timedelta(hours=24)


class Turns:
    """A line per chat. ``serve`` is called for one update of a chat at a time; the seconds that it
    returns are waited before the same update is served again, None is done with it."""

    def __init__(
        self,
        serve: Callable[[Pick], Awaitable[float | None]],
        *,
        places: int = CONCURRENCY,
        dropped_after: datetime.timedelta = DROPPED_AFTER,
    ):
        self._serve, self._dropped_after = serve, dropped_after
        self._places = asyncio.Semaphore(places)
        self._lines: dict[int, deque[Update]] = {}
        self._walks: dict[int, asyncio.Task[None]] = {}
        self._serving: set[int] = set()  # chats
        self._stopping = False

    @property
    def waiting(self) -> int:
        """How many updates have not been dealt with."""
        return sum(map(len, self._lines.values()))

    def waits(self, chat: int) -> bool:
        """Whether a chat has anything in its line."""
        return chat in self._lines

    def add(self, update: Update) -> None:
        """Put an update at the end of its chat's line."""
        chat = chat_of(update)
        self._lines.setdefault(chat, deque()).append(update)
        if chat not in self._walks and not self._stopping:
            self._walks[chat] = asyncio.create_task(self._walk(chat))

    async def _walk(self, chat: int) -> None:
        line = self._lines[chat]
        try:
            while line:
                async with self._places:
                    # What has not begun by now is in the journal and begins at the next start.
                    if self._stopping:
                        return
                    self._serving.add(chat)
                    picked = self._pick(line)
                    again = await self._serve(picked)
                    self._serving.discard(chat)
                if again is None:
                    remove(line, picked)
                else:
                    await asyncio.sleep(again)
        finally:
            self._serving.discard(chat)
            self._walks.pop(chat, None)
            if not line:
                self._lines.pop(chat, None)

    def _pick(self, line: deque[Update]) -> Pick:
        try:
            return pick(line, datetime.datetime.now(datetime.UTC), self._dropped_after)
        except (
            Exception
        ):  # one odd update must not stop its chat: it is served, and fails, by itself
            _log.exception("Update %d could not be placed in its line", line[0].update_id)
            return Pick(line[0])

    async def finish(self, seconds: float) -> bool:
        """Begin nothing more and wait for what is being served; False when that took too long."""
        self._stopping = True
        for chat, walk in tuple(self._walks.items()):
            if chat not in self._serving:
                walk.cancel()
        walks = tuple(self._walks.values())
        if walks:
            _, late = await asyncio.wait(walks, timeout=seconds)
            for walk in late:
                walk.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*late, return_exceptions=True)
            return not late
        return True


def chat_of(update: Update) -> int:
    """The chat of an update; 0 for what belongs to none."""
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else 0
