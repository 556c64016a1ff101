"""What has gone out of an answer: a message that Telegram took is not sent again.

While an update is served, each message that the bot sends is a part of its answer, known by its
words. What Telegram said to it is written down before the next one goes. When the update is served
anew, after a kill or a fault on the way, the parts that went out are passed over. Only a message that
Telegram took just before the kill, not yet written down, is repeated; the gate lets one message go at
a time, so that there is at most one such.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from typing import Any

from bot.journal import Journal, JournalError

PATIENCE = 1.0  # seconds that a message waits for the one before it; a slow one must not stop all

_WORDS = ("chat_id", "text", "caption")  # what tells one part from another
_log = logging.getLogger(__name__)


class Parts:
    """The parts of the answer to one update. ``known`` are those that Telegram has."""

    def __init__(self, journal: Journal, number: int, known: Mapping[str, str]):
        self._journal, self._number = journal, number
        self._known = dict(known)
        self._seen: Counter[str] = Counter()

    def begin(self) -> None:
        """The update is served, perhaps anew."""
        self._seen.clear()

    def part(self, endpoint: str, data: Mapping[str, Any]) -> str:
        """The name of the part that is to be sent now; the same words twice are two parts."""
        words = "\0".join([endpoint, *(str(data.get(name, "")) for name in _WORDS)])
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._seen[digest] += 1
        return f"{digest}-{self._seen[digest]}"

    def gone(self, part: str) -> Any:
        """What Telegram said to a part that it has; None when it has not."""
        said = self._known.get(part)
        return None if said is None else json.loads(said)

    async def sent(self, part: str, result: Any) -> None:
        """Write down that Telegram has the part. While the disk cannot take it, it is known here."""
        self._known[part] = json.dumps(result)
        try:
            await asyncio.to_thread(self._journal.sent, self._number, part, self._known[part])
        except JournalError as error:
            _log.error("A message went out and could not be written down: %s", error)


sending: ContextVar[Parts | None] = ContextVar("sending", default=None)


class Gate:
    """Lets one through at a time; who has waited for ``patience`` seconds goes all the same."""

    def __init__(self, patience: float = PATIENCE):
        self._patience = patience
        self._lock = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Hold the gate for the block."""
        try:
            async with asyncio.timeout(self._patience):
                await self._lock.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._lock.release()
