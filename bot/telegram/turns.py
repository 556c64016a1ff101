"""Whose turn it is: chats do not wait for each other, updates of one chat do."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.desk import Desk

CONCURRENCY = 8  # questions being answered at a time, in all chats


class Turns(BaseUpdateProcessor):
    """One update of a chat at a time, in the order they came; chats do not wait for each other."""

    def __init__(self, desk: Desk):
        # The base class would count waiting updates too: one busy chat would fill every place.
        super().__init__(max_concurrent_updates=1_000_000)
        self._desk = desk
        self._places = asyncio.Semaphore(CONCURRENCY)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run the handlers for an update in its turn, and keep its state in the journal."""
        assert isinstance(update, Update) and isinstance(coroutine, Coroutine)
        # What is typed in some other chat is between us and who types.
        place = update.effective_chat or update.effective_user
        chat = place.id if place else 0
        lock = self._locks.setdefault(chat, asyncio.Lock())
        try:
            async with lock, self._places:
                # What has not begun by now is in the journal and begins at the next start.
                if not self._desk.stopping:
                    await self._desk.serve(update, coroutine)
        finally:
            coroutine.close()  # no warning for the handlers that were not run

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""
