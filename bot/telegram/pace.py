"""How fast Telegram lets a bot write, and to whom."""

import asyncio
import contextlib
import datetime
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextvars import ContextVar
from typing import Any

from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.moves import Moves
from bot.telegram.outbox import Gate, sending

_YIELD = 0.05  # seconds after which a broadcast looks again whether answers wait

_broadcast: ContextVar[bool] = ContextVar("broadcast", default=False)


@contextlib.contextmanager
def broadcasting() -> Iterator[None]:
    """What is sent in the block nobody has just asked for, and many may get it: answers go first."""
    before = _broadcast.set(True)
    try:
        yield
    finally:
        _broadcast.reset(before)


class Window:
    """At most ``limit`` events in any ``seconds``."""

    def __init__(self, limit: int, seconds: float):
        self._limit, self._seconds = limit, seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return self._times[0] + self._seconds - now if len(self._times) >= self._limit else 0.0

    def add(self, now: float) -> None:
        """One more happened."""
        self._times.append(now)


class Pace(BaseRateLimiter[None]):
    """Keeps to Telegram's limits for messages: about one a second to a person (a burst of five
    passes), 20 a minute to a group, 30 a second in all (the Bot FAQ), of which broadcasts take ten and
    none that an answer waits for. A chat that Telegram wants left alone is left alone, the others go
    on; what is for a group that moved goes after it. Network errors and 5xx are tried again.
    """

    TRIES = 5
    LONGEST = 60.0  # seconds to wait here; who must wait longer gives the place up and comes back

    def __init__(self, moves: Moves | None = None) -> None:
        self._moves = moves
        self._under_way: set[asyncio.Task[Any]] = set()  # the loop alone would not keep them
        self._gate = Gate()
        self._all, self._broadcasts = Window(30, 1.0), Window(10, 1.0)
        self._hurried = 0  # answers that wait for nothing but their second
        self._chats: dict[int, Window] = {}
        self._alone: dict[int, float] = {}  # chat → when it may be written to again

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Make the request when its turn comes; not at all when it went out before. Raises what Telegram answers; network errors and
        floods only after ``TRIES`` tries or when the wait would be over ``LONGEST``."""

        async def call() -> Any:
            return await self._following(lambda: self._whole(callback(*args, **kwargs)), data)

        chat = data.get("chat_id")
        if chat is None or not endpoint.startswith(("send", "edit")):
            return await call()
        if endpoint == "sendChatAction":
            # "Typing" is neither counted nor worth a flood.
            return True if self._left(chat) else await call()
        parts = sending.get() if endpoint.startswith("send") else None
        part = parts.part(endpoint, data) if parts else ""
        if parts and (said := parts.gone(part)) is not None:
            return said
        for left in reversed(range(self.TRIES)):
            await self._turn(chat)
            try:
                async with self._gate.passing():
                    said = await call()
                    if parts:
                        await parts.sent(part, said)
                return said
            except RetryAfter as error:
                self._alone[chat] = time.monotonic() + seconds_left_alone(error) + 0.1
                if not left:
                    raise
            except BadRequest:  # a NetworkError to python-telegram-bot, but no try will help
                raise
            except NetworkError:
                if not left:
                    raise
                await asyncio.sleep(2.0 ** (self.TRIES - 2 - left))
        raise AssertionError("unreachable")

    async def _whole(self, request: Coroutine[Any, Any, Any]) -> Any:
        """Let a request come to its end though who waits for it is cancelled, as "typing" is by the
        answer: httpx keeps the connection of one that is broken off for ever, until none is left."""
        task = asyncio.create_task(request)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # told to who waits; perhaps nobody does any more

    async def _following(
        self, call: Callable[[], Coroutine[Any, Any, Any]], data: dict[str, Any]
    ) -> Any:
        """Make a request, to where its group is now."""
        chat, moves = data.get("chat_id"), self._moves
        if moves is None or not isinstance(chat, int):
            return await call()
        _readdress(data, moves.now(chat))
        try:
            return await call()
        except ChatMigrated as error:
            await asyncio.to_thread(moves.move, chat, error.new_chat_id)
            _readdress(data, error.new_chat_id)
            return await call()

    def _left(self, chat: int) -> float:
        """Seconds for which the chat is to be left alone."""
        return max(self._alone.get(chat, 0.0) - time.monotonic(), 0.0)

    async def _turn(self, chat: int) -> None:
        """Wait until the chat may be written to, and count the message."""
        if len(self._chats) > 10_000:  # forgetting idle chats now and then costs a burst at most
            self._chats.clear()
        broadcast = _broadcast.get()
        window = self._chats.setdefault(chat, Window(20, 60.0) if chat < 0 else Window(5, 5.0))
        while True:
            now = time.monotonic()
            alone = self._left(chat)
            if alone > self.LONGEST:
                raise RetryAfter(datetime.timedelta(seconds=alone))
            own, second = max(alone, window.wait(now)), self._all.wait(now)
            if broadcast:
                own = max(own, self._broadcasts.wait(now), _YIELD if self._hurried else 0.0)
            wait = max(own, second)
            if not wait:
                break
            hurried = not broadcast and second >= own
            self._hurried += hurried
            try:
                await asyncio.sleep(wait)
            finally:
                self._hurried -= hurried
        self._alone.pop(chat, None)
        for counted in (window, self._all, *([self._broadcasts] if broadcast else [])):
            counted.add(now)


def _readdress(data: dict[str, Any], chat: int) -> None:
    """Have a request go to a group's new number, where messages are counted anew."""
    if data["chat_id"] != chat:
        data["chat_id"] = chat
        data.pop("reply_parameters", None)


def seconds_left_alone(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else float(wait)
