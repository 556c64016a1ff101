"""Telegram by long polling: the only file that imports telegram.

An update's way: Telegram → journal → queue → its turn in its chat → `Desk` → answered. Telegram is
told that an update was taken only after the journal has it on disk, and an update leaves the
journal's waiting list only after its answer went out. A crash between those two repeats an answer;
nothing loses one. python-telegram-bot's own Updater confirms first, and stops polling for good on
a 401 or 404, so the few lines of polling are ours.
"""

import asyncio
import contextlib
import datetime
import json
import logging
import re
import signal
import time
import unicodedata
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
    User,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseRateLimiter,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import reply
from bot.bot import Assistant
from bot.chart import draw
from bot.gaps import gap_of
from bot.journal import Gap, Journal, JournalError, Vote
from bot.settings import Settings

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
QUESTION_LIMIT = 2000  # characters
CONCURRENCY = 8  # questions being answered at a time, in all chats
POLL = 30  # seconds that Telegram holds a request for updates
STOP = 30.0  # seconds given to the answers under way when the process is told to stop
TYPING = 4.5  # seconds; Telegram shows "typing" for five
FOLLOW_UP = datetime.timedelta(minutes=30)  # how long a question counts as the one before
FOLLOW_UPS = 3  # questions before this one that the assistant is told
KEPT = datetime.timedelta(days=90)  # how long answered updates and conversations are kept
POSTPONED = 30.0  # seconds until an answer that could not be sent is tried again

_log = logging.getLogger(__name__)


class TelegramSetupError(Exception):
    """Telegram does not take this bot's token. The message is Vietnamese: what to do."""


_TOKEN_REFUSED = (
    "Telegram không nhận mã bot (token). Hãy lấy lại mã ở @BotFather (lệnh /token) rồi đặt vào"
    " THIDUA_TOKEN; nếu dùng máy chủ Bot API riêng, hãy kiểm tra cả THIDUA_API_URL."
)


def run(assistant: Assistant, settings: Settings, journal: Journal) -> None:
    """Answer people on Telegram until SIGINT or SIGTERM, finishing the answers under way.

    While Telegram is out of reach it keeps trying, with a line in the log. Raises
    TelegramSetupError when Telegram refuses the token.
    """
    for name in ("httpx", "httpcore"):  # their lines hold URLs, and those hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.run(_serve(assistant, settings, journal))


async def _serve(assistant: Assistant, settings: Settings, journal: Journal) -> None:
    loop = asyncio.get_running_loop()
    # The default pool has six threads on two cores; a question must not wait for a thread.
    loop.set_default_executor(ThreadPoolExecutor(2 * CONCURRENCY))
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)

    desk = Desk(assistant, settings, journal)
    application = _application(desk, settings)
    working = asyncio.create_task(_work(application, desk))
    stopping = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)

    desk.stopping = True
    stopping.cancel()
    working.cancel()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await working
    finally:
        _log.info("Stopping: the answers under way are finished first")
        try:
            if application.running:
                async with asyncio.timeout(STOP):
                    await application.stop()
        except TimeoutError:
            _log.warning("Some answers took longer than %s s; they wait for the next start", STOP)
        await application.shutdown()


def _application(desk: "Desk", settings: Settings) -> Application:
    builder = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .updater(None)
        .job_queue(None)
        .update_queue(desk.queue)
        .rate_limiter(Pace())
        .concurrent_updates(Turns(desk))
        .connect_timeout(10)
        .read_timeout(20)
        .write_timeout(20)
        .pool_timeout(20)
        .get_updates_connect_timeout(10)
        .get_updates_read_timeout(10)  # added to POLL
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    application = builder.build()
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGES & ~filters.StatusUpdate.ALL, desk.message)
    )
    application.add_handler(CallbackQueryHandler(desk.pressed))
    application.add_error_handler(desk.failed)
    return application


async def _work(application: Application, desk: "Desk") -> None:
    """Reach Telegram, answer what was left waiting, then poll for ever."""
    bot = application.bot
    await _insisting(application.initialize)
    await _insisting(bot.delete_webhook)  # one that somebody set would make each poll a conflict
    try:
        await bot.set_my_commands(reply.commands())
    except TelegramError as error:
        _log.warning("The list of commands was not set: %s", error)
    await application.start()
    await desk.replay(bot)
    _log.info("Answering as @%s", bot.username)

    offset: int | None = None

    async def poll() -> None:
        nonlocal offset
        updates = await bot.get_updates(
            offset=offset, timeout=POLL, allowed_updates=ALLOWED_UPDATES
        )
        await desk.take(updates)
        if updates:
            offset = updates[-1].update_id + 1  # the next request tells Telegram that we have them

    while True:
        await _insisting(poll)


async def _insisting(action: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Do it until it succeeds: Telegram or the disk may be away for hours."""
    pause = 0.0
    while True:
        try:
            await action()
        except InvalidToken:
            raise TelegramSetupError(_TOKEN_REFUSED) from None  # the cause's text holds the token
        except (TelegramError, JournalError) as error:
            if not pause:
                _log.warning("%s; trying again until it works", _cause(error))
            pause = _seconds(error) if isinstance(error, RetryAfter) else min(2 * pause + 1, 30)
            await asyncio.sleep(pause)
        else:
            if pause:
                _log.warning("It works again")
            return


def _cause(error: Exception) -> str:
    if isinstance(error, Conflict):
        return f"Another process polls with the same token ({error})"
    if isinstance(error, JournalError):
        return f"The journal cannot be written, so nothing is taken from Telegram ({error})"
    return f"Telegram is out of reach ({type(error).__name__}: {error})"


def _seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else float(wait)


# --- turns ----------------------------------------------------------------------------------------


class Turns(BaseUpdateProcessor):
    """One update of a chat at a time, in the order they came; chats do not wait for each other."""

    def __init__(self, desk: "Desk"):
        # The base class would count waiting updates too: one busy chat would fill every place.
        super().__init__(max_concurrent_updates=1_000_000)
        self._desk = desk
        self._places = asyncio.Semaphore(CONCURRENCY)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run the handlers for an update in its turn, and keep its state in the journal."""
        assert isinstance(update, Update) and isinstance(coroutine, Coroutine)
        chat = update.effective_chat.id if update.effective_chat else 0
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


# --- pace -----------------------------------------------------------------------------------------


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
    passes), 20 a minute to a group, 30 a second in all (the Bot FAQ). A chat that Telegram wants
    left alone is left alone, the others go on. Network errors and 5xx are tried again.
    """

    TRIES = 5
    LONGEST = 60.0  # seconds to wait here; who must wait longer gives the place up and comes back

    def __init__(self) -> None:
        self._all = Window(30, 1.0)
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
        """Make the request when its turn comes. Raises what Telegram answers; network errors and
        floods only after ``TRIES`` tries or when the wait would be over ``LONGEST``."""
        chat = data.get("chat_id")
        if chat is None or not endpoint.startswith(("send", "edit")):
            return await callback(*args, **kwargs)
        if endpoint == "sendChatAction":
            # "Typing" is neither counted nor worth a flood.
            return True if self._left(chat) else await callback(*args, **kwargs)
        for left in reversed(range(self.TRIES)):
            await self._turn(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._alone[chat] = time.monotonic() + _seconds(error) + 0.1
                if not left:
                    raise
            except BadRequest:  # a NetworkError to python-telegram-bot, but no try will help
                raise
            except NetworkError:
                if not left:
                    raise
                await asyncio.sleep(2.0 ** (self.TRIES - 2 - left))
        raise AssertionError("unreachable")

    def _left(self, chat: int) -> float:
        """Seconds for which the chat is to be left alone."""
        return max(self._alone.get(chat, 0.0) - time.monotonic(), 0.0)

    async def _turn(self, chat: int) -> None:
        """Wait until the chat may be written to, and count the message."""
        if len(self._chats) > 10_000:  # forgetting idle chats now and then costs a burst at most
            self._chats.clear()
        window = self._chats.setdefault(chat, Window(20, 60.0) if chat < 0 else Window(5, 5.0))
        while True:
            now = time.monotonic()
            alone = self._left(chat)
            if alone > self.LONGEST:
                raise RetryAfter(datetime.timedelta(seconds=alone))
            wait = max(alone, window.wait(now), self._all.wait(now))
            if not wait:
                break
            await asyncio.sleep(wait)
        self._alone.pop(chat, None)
        window.add(now)
        self._all.add(now)


# --- the desk -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants: a command ("" for a plain question) and the words after it."""

    command: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer goes: the chat, its topic, the message it replies to."""

    chat: int
    topic: int | None
    reply_to: int | None


class Desk:
    """Takes updates, answers them, and keeps the journal."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        journal: Journal,
        *,
        pause: float = POSTPONED,
    ):
        self._assistant, self._settings, self._journal = assistant, settings, journal
        self._pause = pause
        self._postponed: set[int] = set()
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        self.stopping = False

    # --- in and out of the journal

    async def take(self, updates: Sequence[Update]) -> None:
        """Put updates on disk, then in the queue. Raises JournalError, and takes none then."""
        if not updates:
            return
        raw = [(update.update_id, update.to_json()) for update in updates]
        new = await asyncio.to_thread(self._journal.take, raw, _now())
        for update in updates:
            if update.update_id in new:
                self.queue.put_nowait(update)

    async def replay(self, bot: Bot) -> None:
        """Queue what an earlier process took and did not answer, in the order it came."""
        await asyncio.to_thread(self._journal.prune, _now() - KEPT)
        waiting = await asyncio.to_thread(self._journal.waiting)
        if waiting:
            _log.info("%d updates were left waiting; answering them first", len(waiting))
        for taken in waiting:
            try:
                update = Update.de_json(json.loads(taken.raw), bot)
            except Exception as error:  # an older program's JSON may lack anything
                await asyncio.to_thread(self._journal.set_aside, taken.number, repr(error))
            else:
                self.queue.put_nowait(update)

    async def serve(self, update: Update, handlers: Awaitable[Any]) -> None:
        """Run the handlers once and write down how it ended."""
        number = update.update_id
        if not await asyncio.to_thread(self._journal.begin, number):
            _log.error("Update %d was set aside: see the journal's failed updates", number)
            await self._apologise(update)
            return
        await handlers
        if number in self._postponed:
            self._postponed.discard(number)
            asyncio.get_running_loop().call_later(self._pause, self.queue.put_nowait, update)
        else:
            await asyncio.to_thread(self._journal.answered, number)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The one error handler: logs, and says sorry where somebody waits for an answer."""
        error = context.error
        if not isinstance(update, Update) or error is None:
            _log.error("An error outside of any update", exc_info=error)
            return
        number = update.update_id
        if isinstance(error, RetryAfter) or (
            isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        ):
            _log.warning("Update %d could not be answered yet: %s", number, error)
            self._postponed.add(number)
            return
        if isinstance(error, Forbidden):  # blocked, or put out of the group: nobody to answer
            _log.info("Update %d: %s", number, error)
            await asyncio.to_thread(self._journal.set_aside, number, str(error))
            return
        _log.error("Update %d failed", number, exc_info=error)
        await asyncio.to_thread(self._journal.set_aside, number, repr(error))
        await self._apologise(update)

    async def _apologise(self, update: Update) -> None:
        spot = _spot(update)
        if spot is None:
            return
        try:
            await self._send(update.get_bot(), spot, reply.fault())
        except TelegramError as error:
            _log.warning("Update %d: not even the apology went out: %s", update.update_id, error)

    # --- handlers

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or an edited one: a command, a question, or nothing for us."""
        message, spot, bot = update.effective_message, _spot(update), context.bot
        assert message is not None and spot is not None
        asked = addressed(message, bot)
        if asked is None:
            return
        user = update.effective_user
        if not self._may_ask(user):
            await self._send(bot, spot, reply.not_member(user.id if user else 0))
            return
        if asked.command == "start":
            name = user.first_name if user else ""
            examples = await asyncio.to_thread(self._assistant.examples)
            await self._send(bot, spot, reply.start(name, examples))
        elif asked.command == "help":
            await self._send(bot, spot, reply.help())
        elif asked.command == "quen":
            await asyncio.to_thread(self._journal.forget, spot.chat)
            await self._send(bot, spot, reply.forgotten())
        elif not any(map(str.isalnum, asked.text)):
            await self._send(bot, spot, reply.empty_question())
        elif len(asked.text) > QUESTION_LIMIT:
            await self._send(bot, spot, reply.too_long(QUESTION_LIMIT))
        else:
            await self._answer(bot, spot, asked.text)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button: a question to ask by its label, or a vote."""
        query, spot, bot = update.callback_query, _spot(update), context.bot
        assert query is not None
        data = query.data or ""
        is_vote = data in ("vote:up", "vote:down")
        welcome = self._may_ask(query.from_user)
        # First of all, or the button spins; after a restart it may be too late, which is no harm.
        with contextlib.suppress(TelegramError):
            await query.answer(reply.thanks().plain if is_vote and welcome else None)
        if spot is None:
            return
        if not welcome:
            await self._send(bot, spot, reply.not_member(query.from_user.id))
            return
        if is_vote:
            await self._vote(query, up=data == "vote:up")
        elif data.startswith("q:"):
            question = _label(query)
            if question:
                await self._answer(bot, spot, question)
            else:  # so old that Telegram no longer shows us the message
                await self._send(bot, spot, reply.help())

    def _may_ask(self, user: User | None) -> bool:
        members = self._settings.members
        if members is None:
            return True
        return user is not None and user.id in members | self._settings.administrators

    async def _answer(self, bot: Bot, spot: Spot, question: str) -> None:
        """Ask the assistant and send what it says."""
        async with _typing(bot, spot):
            previous = await asyncio.to_thread(
                self._journal.recent, spot.chat, FOLLOW_UPS, _now() - FOLLOW_UP
            )
            messages, drawn, gap = await asyncio.to_thread(self._think, question, previous)
        for message in messages:
            await self._send(bot, spot, message)
        if drawn:
            await self._show(bot, spot, *drawn)
        await asyncio.to_thread(self._journal.remember, spot.chat, question, _now())
        if gap:
            await asyncio.to_thread(self._journal.miss, gap)

    def _think(
        self, question: str, previous: Sequence[str]
    ) -> tuple[tuple[reply.Message, ...], tuple[bytes, str] | None, Gap | None]:
        """Everything that blocks, in a thread of its own."""
        try:
            self._assistant.refresh()
        except Exception:
            # A new index that cannot be read is the administrator's to see; the old one serves on.
            _log.exception("The new index was not opened")
        answer = self._assistant.ask(question, previous=previous)
        picture = reply.illustrated(answer)
        drawn = (draw(picture), picture.alt) if picture else None
        return reply.messages(answer), drawn, gap_of(answer, _now())

    async def _vote(self, query: CallbackQuery, *, up: bool) -> None:
        """Keep a vote with the text it is about."""
        message = query.message
        if message is None:
            return
        text = (message.text or "") if isinstance(message, Message) else ""
        vote = Vote(message.chat.id, message.message_id, query.from_user.id, up, text, _now())
        await asyncio.to_thread(self._journal.vote, vote)

    async def _show(self, bot: Bot, spot: Spot, drawn: bytes, alt: str) -> None:
        """Send a picture after its words. These are the answer; without the picture it is whole."""
        try:
            await bot.send_photo(spot.chat, drawn, caption=alt, message_thread_id=spot.topic)
        except TelegramError as error:
            _log.warning("A picture did not go out: %s", error)

    async def _send(self, bot: Bot, spot: Spot, message: reply.Message) -> None:
        """Send one message; without its markup when Telegram cannot read that."""
        about: dict[str, Any] = {
            "chat_id": spot.chat,
            "message_thread_id": spot.topic,
            "reply_markup": _keyboard(message),
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        if spot.reply_to is not None:
            about["reply_parameters"] = ReplyParameters(
                spot.reply_to, allow_sending_without_reply=True
            )
        try:
            await bot.send_message(text=message.html, parse_mode=ParseMode.HTML, **about)
        except BadRequest as error:
            if "can't parse entities" not in str(error).lower():
                raise
            _log.error("Telegram refused our markup, the plain text goes out: %s", error)
            await bot.send_message(text=message.plain, **about)


def addressed(message: Message, bot: Bot) -> Asked | None:
    """What a message asks of us; None when it is not for us.

    In private everything is. In a group: our commands, a message that names us, an answer to one
    of ours; other people's talk and other bots' commands are not.
    """
    text = cleaned(message.text or message.caption or "")
    private = message.chat.type == ChatType.PRIVATE
    if not text and (message.edit_date or not private):
        return None  # such as a live location that moves
    if match := re.match(r"/(\w{1,64})(?:@(\w+))?(?:\s+|$)", text, re.ASCII):
        command, whose = match[1].lower(), match[2]
        ours = {name for name, _ in reply.commands()}
        if whose and whose.lower() != bot.username.lower():
            return None
        if command not in ours:
            return Asked("help", "") if private or whose else None
        return Asked("" if command == "hoi" else command, text[match.end() :])
    if private:
        return Asked("", text)
    named, words = _without_our_name(message, bot, text)
    answers_us = (
        message.reply_to_message is not None
        and message.reply_to_message.from_user is not None
        and message.reply_to_message.from_user.id == bot.id
        and message.reply_to_message.forum_topic_created is None
    )
    return Asked("", words) if named or answers_us else None


def _without_our_name(message: Message, bot: Bot, text: str) -> tuple[bool, str]:
    """Whether the message names the bot, and its words without that name."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    parse = message.parse_entities if message.text else message.parse_caption_entities
    named = False
    for entity, words in parse(kinds).items():
        if entity.user.id == bot.id if entity.user else words.lower() == f"@{bot.username}".lower():
            named, text = True, text.replace(words, " ", 1)
    if named:  # "Này @bot, Điều 24?" is asked as "Này, Điều 24?"
        text = re.sub(r"\s+([,.:;?!])", r"\1", " ".join(text.split())).lstrip(",.:;- ")
    return named, text


def cleaned(text: str) -> str:
    """A text without control and invisible characters: they break searching and logs."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character == "\n" or not category.startswith("C"):
            kept.append(character)
        elif category == "Cc":
            kept.append(" ")
    return "".join(kept).strip()


def _spot(update: Update) -> Spot | None:
    """Where the answer to an update goes: groups and edited questions see what is answered."""
    message = update.effective_message
    if update.effective_chat is None:
        return None
    if not isinstance(message, Message):  # a button under a message too old to be shown to us
        return Spot(update.effective_chat.id, None, None)
    topic = message.message_thread_id if message.is_topic_message else None
    shown = message.chat.type != ChatType.PRIVATE or update.edited_message is not None
    return Spot(message.chat.id, topic, message.message_id if shown else None)


def _label(query: CallbackQuery) -> str:
    """The words on the button that was pressed, "" if its message is gone."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return ""
    buttons = (button for row in message.reply_markup.inline_keyboard for button in row)
    return next((b.text for b in buttons if b.callback_data == query.data), "")


def _keyboard(message: reply.Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(b.label, callback_data=b.data) for b in row]
            for row in message.buttons
        ]
    )


@contextlib.asynccontextmanager
async def _typing(bot: Bot, spot: Spot) -> AsyncIterator[None]:
    """Show "typing" at once and until the block ends."""

    async def repeat() -> None:
        while True:
            with contextlib.suppress(TelegramError):  # the answer itself will tell what is wrong
                await bot.send_chat_action(
                    spot.chat, ChatAction.TYPING, message_thread_id=spot.topic
                )
            await asyncio.sleep(TYPING)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
