"""In and out of the journal: taking updates, serving each until it is done, setting poison aside."""

import asyncio
import datetime
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ContextTypes

from bot import notices, reply
from bot.journal import Also, Journal, JournalError, State
from bot.telegram.backlog import Pick, asked_at
from bot.telegram.outbox import Parts, sending
from bot.telegram.pace import broadcasting, seconds_left_alone
from bot.telegram.post import send, spot_of
from bot.telegram.turns import CONCURRENCY, DROPPED_AFTER, Turns, chat_of
from bot.vitals import Vitals

POSTPONED = 30.0  # seconds until an answer that could not be sent is tried again

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Serving:
    """The update that is being served. Handlers read ``before`` and ``at`` (None: now), and say with
    ``also`` what is to be written in the transaction that ends it."""

    before: tuple[str, ...] = ()
    at: datetime.datetime | None = None
    also: list[Also] = field(default_factory=list)
    again: float | None = None  # seconds until it is to be served anew
    error: str = ""  # why it is set aside


served: ContextVar[Serving | None] = ContextVar("served", default=None)


class Inbox:
    """Takes updates, has ``process`` serve each in its turn, and keeps their state in the journal.

    ``process`` runs the handlers; what they raise comes to ``failed``. Past ``busy`` updates in line,
    who ``wants`` an answer is told that it takes a while.
    """

    def __init__(
        self,
        journal: Journal,
        process: Callable[[Update], Awaitable[None]],
        *,
        pause: float = POSTPONED,
        dropped_after: datetime.timedelta = DROPPED_AFTER,
        busy: int = 200,
        wants: Callable[[Update], Awaitable[bool]] | None = None,
        vitals: Vitals | None = None,
    ):
        self._journal, self._process, self._pause = journal, process, pause
        self._busy, self._wants, self._vitals = busy, wants, vitals
        self._told: set[int] = set()  # chats that know that they must wait
        self._telling: set[asyncio.Task[None]] = set()
        self._parts: dict[int, Parts] = {}  # of updates that were begun and are not done
        self._suspects: set[int] = set()  # begun by a process that died
        self._one_suspect = asyncio.Lock()
        self._passing: set[asyncio.Future[None]] = set()
        self._announced: dict[int, int] = {}  # chat → the update whose answer told of the backlog
        self.turns = Turns(self._serve, places=CONCURRENCY, dropped_after=dropped_after)

    # --- in

    async def take(self, raw: Sequence[Any], bot: Bot) -> None:
        """Put updates, as Telegram sent them, on disk, then in their lines. Raises JournalError, and
        takes none then."""
        # Telegram may send them out of order; their numbers tell the order.
        numbered = sorted(
            {u["update_id"]: u for u in raw if number_of(u) is not None}.values(),
            key=lambda u: u["update_id"],
        )
        passing = [u for u in numbered if "inline_query" in u]
        numbered = [u for u in numbered if "inline_query" not in u]
        for one in passing:  # nobody waits for these after a restart: they are not kept
            self._pass_by(Update.de_json(one, bot))
        if not numbered:
            return
        texts = [(u["update_id"], json.dumps(u)) for u in numbered]
        new = await asyncio.to_thread(self._journal.take, texts, _now())
        if self._vitals:
            self._vitals.took(len(new))
        for number, text in texts:
            if number in new:
                await self._line_up(number, text, bot)

    def _pass_by(self, update: Update) -> None:
        task = asyncio.ensure_future(self._process(update))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def replay(self, bot: Bot) -> None:
        """Line up what an earlier process took and did not answer, in the order it came."""
        waiting = await asyncio.to_thread(self._journal.waiting)
        if waiting:
            _log.info("%d updates were left waiting; answering them first", len(waiting))
        for taken in waiting:
            if taken.attempts:
                self._suspects.add(taken.number)
            await self._line_up(taken.number, taken.raw, bot)

    async def _line_up(self, number: int, text: str, bot: Bot) -> None:
        try:
            update = Update.de_json(json.loads(text), bot)
            if update.update_id != number:
                raise ValueError("the number is not the update's")
            check(update)
            self.turns.add(update)
            await self._admit(update)
        except (
            Exception
        ) as error:  # whatever Telegram, an older program or a forger may have written
            _log.error("Update %d cannot be read and was set aside: %r", number, error)
            await self._set_aside(number, repr(error))

    async def _admit(self, update: Update) -> None:
        """Past a full line, tell a chat once that its question is kept and takes a while."""
        waiting = self.turns.waiting
        if waiting <= self._busy:
            self._told.clear()
            return
        chat = chat_of(update)
        if chat not in self._told and self._wants and await self._wants(update):
            self._told.add(chat)
            with broadcasting():  # to many at once, just when many wait for answers
                task = asyncio.create_task(self._tell(update, notices.busy(waiting)))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, update: Update, message: reply.Message) -> None:
        try:
            await self._say(update, message)
        except TelegramError as error:
            _log.warning("Update %d: a notice did not go out: %s", update.update_id, error)

    # --- serving

    async def _serve(self, pick: Pick) -> float | None:
        """Serve one update; the seconds after which it is to be served again, None when it is done."""
        number = pick.update.update_id
        try:
            if number in self._suspects:
                # One of those that were under way may be what killed the process: one at a time, so
                # that only the guilty one comes to its last attempt.
                async with self._one_suspect:
                    return await self._serve_once(pick)
            return await self._serve_once(pick)
        except JournalError as error:
            _log.error("Update %d waits until the journal can be written: %s", number, error)
            return self._pause
        except Exception:
            _log.exception("Update %d could not be served", number)
            return self._pause

    async def _serve_once(self, pick: Pick) -> float | None:
        update, number = pick.update, pick.update.update_id
        if not await asyncio.to_thread(self._journal.begin, number):
            if await asyncio.to_thread(self._journal.state, number) is State.FAILED:
                _log.error("Update %d was set aside: see the journal's failed updates", number)
                await self._apologise(update)
            return None
        if number not in self._parts:
            seen = number in self._suspects
            known = await asyncio.to_thread(self._journal.parts, number) if seen else {}
            self._parts[number] = Parts(self._journal, number, known)
        parts = self._parts[number]
        parts.begin()
        serving = Serving(pick.before, asked_at(update) if pick.waited else None)
        contexts = served.set(serving), sending.set(parts)
        try:
            if pick.dropped:
                await self._say(update, notices.dropped(len(pick.dropped)))
            else:
                if pick.waited:
                    await self._announce(pick)
                await self._process(update)
        except Exception as error:  # of a notice; what handlers raise was given to ``failed``
            self._judge(update, error, serving)
        finally:
            served.reset(contexts[0])
            sending.reset(contexts[1])
        return await self._end(pick, serving)

    async def _end(self, pick: Pick, serving: Serving) -> float | None:
        update, number = pick.update, pick.update.update_id
        if serving.again is not None:
            await asyncio.to_thread(self._journal.spare, number)
            return serving.again
        if serving.error:
            await self._set_aside(number, serving.error)
        else:
            others = [u.update_id for u in pick.dropped if u is not update]
            await asyncio.to_thread(self._journal.answered, number, *others, also=serving.also)
        self._parts.pop(number, None)
        self._suspects.discard(number)
        return None

    async def _announce(self, pick: Pick) -> None:
        """Tell a chat, before the first answer of a backlog, that its questions waited."""
        number, chat = pick.update.update_id, chat_of(pick.update)
        if self._announced.setdefault(chat, number) == number:
            await self._say(pick.update, notices.late(pick.waited))
        if pick.waited == 1:
            self._announced.pop(chat)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The one error handler: says what becomes of the update."""
        error, serving = context.error, served.get()
        if not isinstance(update, Update) or error is None or serving is None:
            _log.error("An error outside of any update", exc_info=error)
            return
        if self._judge(update, error, serving):
            await self._apologise(update)

    def _judge(self, update: Update, error: Exception, serving: Serving) -> bool:
        """Decide what becomes of an update whose handler failed; True where sorry is to be said."""
        number = update.update_id
        if isinstance(error, RetryAfter):
            serving.again = max(seconds_left_alone(error), 1.0)
        elif isinstance(error, JournalError) or (
            isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        ):
            serving.again = self._pause
        if serving.again is not None:
            _log.warning("Update %d could not be answered yet: %s", number, error)
            return False
        if isinstance(error, Forbidden):  # blocked, or put out of the group: nobody to answer
            _log.info("Update %d: %s", number, error)
            serving.error = str(error)
            return False
        _log.error("Update %d failed", number, exc_info=error)
        serving.error = repr(error)
        return True

    async def _set_aside(self, number: int, error: str) -> None:
        await asyncio.to_thread(self._journal.set_aside, number, error)
        if self._vitals:
            self._vitals.set_aside()

    async def _apologise(self, update: Update) -> None:
        await self._tell(update, notices.fault())

    async def _say(self, update: Update, message: reply.Message) -> None:
        if spot := spot_of(update):
            await send(update.get_bot(), spot, message)


def check(update: Update) -> None:
    """Raise ValueError where an update holds something else than what Telegram says it holds: the
    library does not look, and whatever reads it later would fail in a place of its own."""
    message, chat, user = update.effective_message, update.effective_chat, update.effective_user
    query = update.callback_query
    numbers = [chat.id if chat else 0, user.id if user else 0]
    words = [chat.type if chat else "", user.first_name if user else ""]
    if isinstance(message, Message):
        numbers += [message.message_id, message.message_thread_id or 0]
        words += [message.text or "", message.caption or ""]
    if query:
        words += [query.id, query.data or ""]
    for number in numbers:
        # Telegram's numbers have at most 52 bits.
        if not isinstance(number, int) or isinstance(number, bool) or abs(number) >= 2**52:
            raise ValueError("what should be a number is none of Telegram's")
    if not all(isinstance(word, str) for word in words):
        raise ValueError("what should be words is something else")


def number_of(update: object) -> int | None:
    """The update_id of what Telegram sent; None for what has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < 2**63 else None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
